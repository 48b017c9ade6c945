"""Packs out of settings of manim (``manim.cfg``) and of manimgl (``custom_config.yml``).

Manim Community's file has no font and no palette: a section ``[style]`` in it, which manim ignores,
takes the keys of a pack.

Runs in every process.
"""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.styles.colors import MANIM_COLORS

MANIM_CFG = "manim.cfg"
MANIMGL_NAMES = ("custom_config.yml", "custom_config.yaml", "default_config.yml")
_QUALITY = "_quality"
_PLACES = ("camera", "style")  # where manimgl's versions have the background's colour
_FONT_PLACES = ("text", "style")
_STANDARD_WIDTH = 4.0


def is_manimgl(said: Mapping[str, Any]) -> bool:
    """Return whether a mapping is manimgl's configuration, whatever its file is called."""
    sections = ("camera", "directories", "tex", "window", "universal_import_line", "vmobject")
    return any(name in said for name in sections) and "background" not in said.get("colors", {})


def translate_manimgl(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return manimgl's settings under the keys of a pack."""
    made: dict[str, Any] = {"colors": {}, "palette": {}, "fonts": {}}
    background = _find(said, _PLACES, "background_color")
    if background is not None:
        made["colors"]["background"] = background
    font = _find(said, _FONT_PLACES, "font")
    if font is not None:
        made["fonts"]["text"] = font
    text = _find(said, ("mobject",), "default_mobject_color")
    colors = said.get("colors")
    for name, color in colors.items() if isinstance(colors, Mapping) else ():
        key = str(name).upper().replace("GREY", "GRAY")
        if key == "WHITE":
            text = text or color
        elif key in MANIM_COLORS and key != "BLACK":
            made["palette"][key] = color
            if key.endswith("_C"):  # manimgl's BLUE is its BLUE_C
                made["palette"][key[:-2]] = color
    if text is not None:
        made["colors"]["text"] = text
    width = _find(said, ("vmobject",), "default_stroke_width")
    if isinstance(width, int | float):
        made["line_width"] = width / _STANDARD_WIDTH
    return {key: value for key, value in made.items() if value}


def _find(said: Mapping[str, Any], sections: tuple[str, ...], key: str) -> Any:
    for section in sections:
        entries = said.get(section)
        if isinstance(entries, Mapping) and entries.get(key) is not None:
            return entries[key]
    return None


def read_cfg(path: Path) -> dict[str, Any]:
    """Return what a ``manim.cfg`` says of the look, under the keys of a pack.

    ``[style]`` holds ``background``, ``text`` and the accents, ``font`` and
    the other single values of a pack; colours by manim's names are in ``[colors]``.

    Raises
    ------
    ConfigurationError
        It is no configuration file.
    """
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with path.open(encoding="utf-8-sig") as lines:
            parser.read_file(lines)
    except (configparser.Error, OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(
            f"{path.name} cannot be read: {str(exc).splitlines()[0]}",
            hint="Write [CLI] and lines of name = value.",
            setting="style",
        ) from exc
    made: dict[str, Any] = {"colors": {}, "fonts": {}, "sizes": {}}
    if parser.has_option("CLI", "background_color"):
        made["colors"]["background"] = parser["CLI"]["background_color"]
    quality = parser.get("CLI", "quality", fallback="")
    if quality.endswith(_QUALITY):
        made["quality"] = quality.removesuffix(_QUALITY)
    if parser.has_section("colors"):
        made["palette"] = dict(parser["colors"])
    if parser.has_section("style"):
        for key, value in parser["style"].items():
            _place(made, key, value)
    return {key: value for key, value in made.items() if value}


_CFG_KEYS = {
    "font": ("fonts", "text"),
    "font_size": ("sizes", "text"),
    "formula_size": ("sizes", "formulas"),
}
_WHOLE = ("name", "about", "base", "title", "caption", "quality")


def _place(made: dict[str, Any], key: str, text: str) -> None:
    value = _read_number(text) if key.endswith(("_size", "_width")) else text
    if key in _CFG_KEYS:
        section, name = _CFG_KEYS[key]
        made[section][name] = value
    elif key == "line_width" or key in _WHOLE:
        made[key] = value
    else:
        made["colors"][key] = text


def _read_number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
