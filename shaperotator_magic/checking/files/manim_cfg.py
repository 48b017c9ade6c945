"""Settings of a ``manim.cfg`` that change a picture; the others are listed, not applied.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import configparser
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from shaperotator_magic.core.errors import ConfigurationError

NAME = "manim.cfg"
_SECTION = "CLI"
_TEXTS = ("background_color",)
_NUMBERS = ("background_opacity", "frame_width", "frame_height")
_SIZES = ("pixel_width", "pixel_height", "frame_rate")
_QUALITY = "_quality"
_LOOK_SECTIONS = ("style", "colors")
# Settings for the folders of manim, its output and its processes.
_WITHOUT_EFFECT = frozenset(
    "media_dir log_dir video_dir sections_dir images_dir tex_dir text_dir partial_movie_dir "
    "verbosity progress_bar preview show_in_file_browser notify_outdated_version log_to_file "
    "disable_caching max_files_cached flush_cache max_inflight_encoders encoder_queue_size "
    "output_file module_name scene_names".split()
)


@dataclass(frozen=True)
class ManimSettings:
    """Settings of one or more files, the later ones first.

    ``config`` are settings for manim; ``quality``, ``resolution`` and ``fps`` are ours; ``ignored``
    names what is not followed. ``has_look`` says that one is a style pack, too.
    """

    config: tuple[tuple[str, str | float], ...] = ()
    quality: str | None = None
    resolution: str | None = None
    fps: int | None = None
    ignored: tuple[str, ...] = ()
    has_look: bool = False


def find_user_cfg(home: Path) -> Path:
    """Return where manim looks for the user's own settings."""
    return home / ".config" / "manim" / NAME


def read_manim_cfg(paths: Sequence[Path]) -> ManimSettings:
    """Read the files that exist; a later one overrides an earlier one.

    Raises
    ------
    ConfigurationError
        A file is no configuration file, or a number in it is none.
    """
    said: dict[str, str] = {}
    ignored: list[str] = []
    for path in paths:
        parser = configparser.ConfigParser(interpolation=None)
        try:
            parser.read(path, encoding="utf-8-sig")
        except (configparser.Error, UnicodeDecodeError) as exc:
            first = str(exc).splitlines()[0]
            raise ConfigurationError(
                f"{path} cannot be read: {first}", hint="Write [CLI] and lines of name = value."
            ) from exc
        if parser.has_section(_SECTION):
            said |= dict(parser[_SECTION])
        ignored += [name for name in parser.sections() if name != _SECTION]
    others = [name for name in ignored if name not in _LOOK_SECTIONS]
    return replace(_choose(said, others), has_look=len(others) < len(ignored))


def _choose(said: dict[str, str], ignored: list[str]) -> ManimSettings:
    config: dict[str, str | float] = {name: said.pop(name) for name in _TEXTS if name in said}
    config |= {name: _read_number(name, said.pop(name)) for name in _NUMBERS if name in said}
    width, height, rate = (
        int(_read_number(name, said.pop(name))) if name in said else None for name in _SIZES
    )
    quality = said.pop("quality", "")
    if quality and not quality.endswith(_QUALITY):
        ignored.append(f"quality = {quality}")
    is_whole = width is not None and height is not None
    return ManimSettings(
        config=tuple(config.items()),
        quality=quality.removesuffix(_QUALITY) if quality.endswith(_QUALITY) else None,
        resolution=f"{width}x{height}" if is_whole else f"{height}p" if height else None,
        fps=rate,
        ignored=(*ignored, *(name for name in said if name not in _WITHOUT_EFFECT)),
    )


def _read_number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as exc:
        raise ConfigurationError(
            f"{name} = {text} in {NAME} is no number.", hint=f"Write {name} = 8.0, say."
        ) from exc
