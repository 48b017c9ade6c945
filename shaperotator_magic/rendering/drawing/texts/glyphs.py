"""Which font draws each letter of a text, asked of the Pango that manim draws with.

By ``ctypes``, for manimpango hands out files of outlines alone. Where the library is not found (on
macOS and Windows it has other fonts and other names), nothing is known of glyphs.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ctypes
import re
from ctypes import POINTER, Structure, c_char_p, c_int, c_uint8, c_uint32, c_void_p
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_MAPS = Path("/proc/self/maps")
_LIBRARIES = {
    "pango": re.compile(r"/libpango-1[^/]*\.so[^/]*$"),
    "cairo": re.compile(r"/libpangocairo-1[^/]*\.so[^/]*$"),
    "object": re.compile(r"/libgobject-2[^/]*\.so[^/]*$"),
}
_UNKNOWN = 0x10000000  # PANGO_GLYPH_UNKNOWN_FLAG
_SPACES = dict.fromkeys(map(ord, " \u00a0\u3000"))  # of a run that its font lacks
_ONE_POINT = 1024  # PANGO_SCALE


@dataclass
class Shaped:
    """A text as Pango sets it: what each font draws, and the characters that none has."""

    drawn: dict[str, str] = field(default_factory=dict)
    """Characters by the family that draws them, in the order of the line."""
    missing: str = ""


class _Analysis(Structure):
    _fields_ = (
        ("shape_engine", c_void_p), ("lang_engine", c_void_p), ("font", c_void_p),
        ("level", c_uint8), ("gravity", c_uint8), ("flags", c_uint8), ("script", c_uint8),
        ("language", c_void_p), ("extra", c_void_p),
    )  # fmt: skip


class _Item(Structure):
    _fields_ = (
        ("offset", c_int), ("length", c_int), ("num_chars", c_int), ("analysis", _Analysis),
    )  # fmt: skip


class _Glyph(Structure):
    _fields_ = (
        ("glyph", c_uint32), ("width", c_int), ("x_offset", c_int), ("y_offset", c_int),
        ("attributes", c_uint32),
    )  # fmt: skip


class _GlyphString(Structure):
    _fields_ = (("count", c_int), ("glyphs", POINTER(_Glyph)), ("clusters", POINTER(c_int)))


class _Run(Structure):
    _fields_ = (("item", POINTER(_Item)), ("glyphs", POINTER(_GlyphString)))


_SIGNATURES: dict[str, dict[str, tuple[Any, list[Any]]]] = {
    "pango": {
        "pango_font_map_create_context": (c_void_p, [c_void_p]),
        "pango_layout_new": (c_void_p, [c_void_p]),
        "pango_font_description_new": (c_void_p, []),
        "pango_font_description_free": (None, [c_void_p]),
        "pango_font_description_set_family": (None, [c_void_p, c_char_p]),
        "pango_font_description_set_size": (None, [c_void_p, c_int]),
        "pango_font_description_get_family": (c_char_p, [c_void_p]),
        "pango_layout_set_font_description": (None, [c_void_p, c_void_p]),
        "pango_layout_set_text": (None, [c_void_p, c_char_p, c_int]),
        "pango_layout_set_markup": (None, [c_void_p, c_char_p, c_int]),
        "pango_layout_get_text": (c_char_p, [c_void_p]),
        "pango_layout_get_iter": (c_void_p, [c_void_p]),
        "pango_layout_iter_get_run_readonly": (POINTER(_Run), [c_void_p]),
        "pango_layout_iter_next_run": (c_int, [c_void_p]),
        "pango_layout_iter_free": (None, [c_void_p]),
        "pango_font_describe": (c_void_p, [c_void_p]),
    },
    "cairo": {
        "pango_cairo_font_map_get_default": (c_void_p, []),
        "pango_cairo_font_map_set_default": (None, [c_void_p]),
    },
    "object": {"g_object_unref": (None, [c_void_p])},
}


@cache
def load_pango() -> Any | None:
    """Return the functions of the loaded Pango by name, None where it is not found."""
    import manimpango  # type: ignore[import-untyped]  # noqa: F401 - it loads the libraries

    paths = _find_libraries()
    if len(paths) < len(_LIBRARIES):
        return None
    functions = type("Pango", (), {})()
    for library, signatures in _SIGNATURES.items():
        loaded = ctypes.CDLL(paths[library])
        for name, (result, arguments) in signatures.items():
            function = getattr(loaded, name)
            function.restype, function.argtypes = result, arguments
            setattr(functions, name, function)
    return functions


def forget_fonts() -> None:
    """Let Pango look for fonts again: what it has listed before lacks those registered since."""
    pango = load_pango()
    if pango is not None:
        pango.pango_cairo_font_map_set_default(None)


def _find_libraries() -> dict[str, str]:
    try:
        mapped = {line.split(maxsplit=5)[-1] for line in _MAPS.read_text().splitlines()}
    except OSError:
        return {}
    return {
        name: path
        for name, pattern in _LIBRARIES.items()
        for path in mapped
        if pattern.search(path)
    }


def shape(text: str, family: str, *, is_markup: bool = False) -> Shaped | None:
    """Return which fonts draw a text, None where that cannot be known.

    Parameters
    ----------
    text
        What is to be drawn; with ``is_markup``, in Pango's markup.
    family
        Of the font that is asked for; an empty one is Pango's default.
    """
    pango = load_pango()
    if pango is None:
        return None
    context = pango.pango_font_map_create_context(pango.pango_cairo_font_map_get_default())
    layout = pango.pango_layout_new(context)
    try:
        _set_font(pango, layout, family)
        fill = pango.pango_layout_set_markup if is_markup else pango.pango_layout_set_text
        fill(layout, text.encode(), -1)
        return _read_runs(pango, layout)
    finally:
        pango.g_object_unref(layout)
        pango.g_object_unref(context)


def _set_font(pango: Any, layout: int, family: str) -> None:
    description = pango.pango_font_description_new()
    if family:
        pango.pango_font_description_set_family(description, family.encode())
    pango.pango_font_description_set_size(description, 10 * _ONE_POINT)
    pango.pango_layout_set_font_description(layout, description)
    pango.pango_font_description_free(description)


def _read_runs(pango: Any, layout: int) -> Shaped:
    found = Shaped()
    written = pango.pango_layout_get_text(layout)
    runs = pango.pango_layout_get_iter(layout)
    try:
        while True:
            run = pango.pango_layout_iter_get_run_readonly(runs)
            if run:
                _read_run(pango, run.contents, written, found)
            if not pango.pango_layout_iter_next_run(runs):
                return found
    finally:
        pango.pango_layout_iter_free(runs)


def _read_run(pango: Any, run: _Run, written: bytes, found: Shaped) -> None:
    item, glyphs = run.item.contents, run.glyphs.contents
    unknown = [
        chr(glyphs.glyphs[n].glyph & ~_UNKNOWN)
        for n in range(glyphs.count)
        if glyphs.glyphs[n].glyph & _UNKNOWN
    ]
    found.missing += "".join(unknown).translate(_SPACES)
    text = written[item.offset : item.offset + item.length].decode(errors="replace")
    drawn = "".join(character for character in text if character not in unknown)
    if drawn.strip():
        description = pango.pango_font_describe(item.analysis.font)
        family = (pango.pango_font_description_get_family(description) or b"").decode()
        pango.pango_font_description_free(description)
        found.drawn[family] = found.drawn.get(family, "") + drawn
