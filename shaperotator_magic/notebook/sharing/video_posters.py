"""A poster beside the videos that manim's own ``%manim`` displays, for forms without video.

manim hands IPython a ``Video``, which is HTML and nothing else: in a PDF a line of Python. Where
the extension is loaded, IPython calls this formatter for a PNG as well. What shows HTML shows the
video, as before. Loaded by ``%load_ext``, so it imports nothing heavy: PyAV and numpy come with the
first poster.

Runs in the user's kernel, or in ``shaperotator share``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

_VIDEO = ("IPython.core.display", "Video")
_MANIM_FOLDER = "jupyter"  # in the media folder; no other video is read


def install_posters(shell: InteractiveShell) -> None:
    """Register the picture of a video; twice is as once."""
    _find_formatter(shell).for_type_by_name(*_VIDEO, build_poster)


def uninstall_posters(shell: InteractiveShell) -> None:
    """Take it away again."""
    _find_formatter(shell).pop(".".join(_VIDEO), None)


def build_poster(video: Any) -> bytes | None:
    """Return the poster frame of a video of manim's as a PNG, None of any other video."""
    path = Path(str(video.filename or ""))
    if path.suffix != ".mp4" or path.parent.name != _MANIM_FOLDER or not path.is_file():
        return None
    from av.error import FFmpegError

    from shaperotator_magic.rendering.video.video import write_telling_poster

    with tempfile.TemporaryDirectory() as made:
        try:
            return write_telling_poster(path, Path(made)).read_bytes()
        except (FFmpegError, ValueError):
            return None  # it cannot be read: then it is shown as without us


def _find_formatter(shell: InteractiveShell) -> Any:
    display: Any = shell.display_formatter
    return display.formatters["image/png"]
