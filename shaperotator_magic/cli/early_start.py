"""Start the render process of a command before the command's own modules are imported.

It needs a second to import manim; meanwhile the command reads its arguments and the scene.

Runs in the command's process. Imports nothing that takes long itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shaperotator_magic.core.errors import ShapeRotatorError
from shaperotator_magic.rendering.isolation.confining import Layers
from shaperotator_magic.rendering.isolation.isolation import require_any_isolation
from shaperotator_magic.rendering.worker.pipe import WorkerPipe

if TYPE_CHECKING:
    from shaperotator_magic.core.records import FontChoice


def start_renderer(words: Sequence[str]) -> WorkerPipe | None:
    """Start a render process where a command line will need one; otherwise return None.

    A guess: the command checks what it gets (``Worker``), and reports what is wrong with its line.
    """
    if not words or words[0] != "render" or sys.platform != "linux":
        return None  # elsewhere a process draws one scene, and the command starts it
    if not any(Path(word).is_file() for word in words[1:]) or {"-h", "--help"} & {*words}:
        return None
    try:
        require_any_isolation()
        return WorkerPipe(is_single_use=False, layers=Layers(), fonts=_guess_fonts(words))
    except (ShapeRotatorError, OSError):
        return None  # the command finds the same, and says it


def _guess_fonts(words: Sequence[str]) -> FontChoice:
    """Return whose fonts ``render`` will choose: a style pack draws with the package's."""
    has_style = any(word.partition("=")[0] == "--style" for word in words)
    return "bundled" if has_style or os.environ.get("SHAPEROTATOR_STYLE") else "machine"
