"""Fontconfig for the supervisor: the package's faces first, the machine's fonts as a fallback.

Of the machine's own configuration only the folders are taken. Its rules (which family "Sans" is,
hinting, antialiasing) differ from machine to machine, and with them the outlines and the widths.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

FACES = Path(__file__).parent / "faces"
CONFIGURATION = "fonts.conf"
"""Its name in the working folder of a supervisor."""
SANS = "Shaperotator Sans"
MONO = "Shaperotator Mono"
FAMILIES = (SANS, "Shaperotator Math", "Shaperotator Symbols", "Shaperotator Emoji")
"""In the order in which a letter is looked for."""

_STANDS_FOR = {
    SANS: ("sans", "sans-serif", "system-ui"),
    MONO: ("monospace", "mono"),
    FAMILIES[-1]: ("emoji",),
}
# The package has no face with serifs: the first of these that the machine has.
_SERIF = ("DejaVu Serif", "Noto Serif", "Liberation Serif", "Times New Roman", "Times")
_USUAL = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_USUAL_FILE = Path("/etc/fonts/fonts.conf")
_LARGEST_FILE_BYTES = 1_000_000
_DEEPEST_INCLUDE = 4
_HEAD = '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
# Fonts of coloured pictures have no outlines, so manim would draw nothing.
_NO_COLORS = (
    '<selectfont><rejectfont><pattern><patelt name="color"><bool>true</bool></patelt></pattern>'
    "</rejectfont></selectfont>"
)
_SAME_EVERYWHERE = {
    "antialias": "<bool>true</bool>",
    "hinting": "<bool>false</bool>",
    "autohint": "<bool>false</bool>",
    "hintstyle": "<const>hintnone</const>",
    "rgba": "<const>none</const>",
    "embeddedbitmap": "<bool>false</bool>",
}


@cache
def list_faces() -> tuple[Path, ...]:
    """Return the font files of the package."""
    return tuple(sorted(FACES.glob("*.ttf")))


@cache
def hash_faces() -> str:
    """Return a digest of the package's faces, for the keys of caches."""
    digest = hashlib.sha256()
    for path in list_faces():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def list_machine_folders() -> tuple[Path, ...]:
    """Return the existing folders in which the machine's fontconfig looks for fonts."""
    named = [path for path in _read_elements("dir") if path.is_dir()]
    if not named:
        named = [path for path in map(_expand, _USUAL) if path.is_dir()]
    return tuple(dict.fromkeys(named))


def is_fontconfig_used() -> bool:
    """Whether Pango finds fonts by fontconfig; macOS and Windows have ways of their own."""
    return sys.platform not in {"darwin", "win32"}


def write_configuration(path: Path) -> None:
    """Write the configuration of a process that draws."""
    folders = [FACES, *list_machine_folders()]
    lines = [
        *(f"<dir>{html.escape(str(folder))}</dir>" for folder in folders),
        *(f"<cachedir>{html.escape(str(folder))}</cachedir>" for folder in _list_caches()),
        _NO_COLORS,
        *_build_aliases(),
        _build_fallback(),
        '<match target="font">',
        *(_build_edit(name, "assign", value) for name, value in _SAME_EVERYWHERE.items()),
        "</match>",
    ]
    text = _HEAD + "<fontconfig>\n" + "\n".join(lines) + "\n</fontconfig>\n"
    path.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def configured(folder: Path) -> Iterator[None]:
    """Let fontconfig start from the configuration in a folder, where there is one.

    What reads it later, as LaTeX's programs do, has the machine's own again.
    """
    path = folder / CONFIGURATION
    before = os.environ.get("FONTCONFIG_FILE")
    if path.is_file():
        os.environ["FONTCONFIG_FILE"] = str(path)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("FONTCONFIG_FILE", None)
        else:
            os.environ["FONTCONFIG_FILE"] = before


def _build_aliases() -> Iterator[str]:
    aliases = [
        (name, "prepend", (family,)) for family, names in _STANDS_FOR.items() for name in names
    ]
    for name, mode, families in (*aliases, ("serif", "append", _SERIF)):
        yield (
            f'<match target="pattern"><test qual="any" name="family"><string>{name}</string>'
            f"</test>{_build_edit('family', mode, _build_strings(families))}</match>"
        )


def _build_fallback() -> str:
    """After whatever a text names, the package's faces, and only then the machine's."""
    edit = _build_edit("family", "append", _build_strings(FAMILIES))
    return f'<match target="pattern">{edit}</match>'


def _build_edit(name: str, mode: str, value: str) -> str:
    return f'<edit name="{name}" mode="{mode}" binding="strong">{value}</edit>'


def _build_strings(names: tuple[str, ...]) -> str:
    return "".join(f"<string>{html.escape(name)}</string>" for name in names)


def _list_caches() -> Iterator[Path]:
    """Yield where the machine's fonts are indexed already; reading all of them takes seconds."""
    yield from dict.fromkeys(_read_elements("cachedir"))
    yield Path("/var/cache/fontconfig")
    yield _expand("~/.cache/fontconfig")


def _read_elements(tag: str) -> Iterator[Path]:
    """Yield the paths of all elements of a tag in the machine's configuration."""
    yield from _read_file(_find_file(), tag, depth=0)


def _find_file() -> Path:
    named = os.environ.get("FONTCONFIG_FILE")
    folders = os.environ.get("FONTCONFIG_PATH", "").split(os.pathsep)
    candidates = [Path(named)] if named else []
    candidates += [Path(folder) / "fonts.conf" for folder in folders if folder]
    return next((path for path in candidates if path.is_file()), _USUAL_FILE)


def _read_file(path: Path, tag: str, *, depth: int) -> Iterator[Path]:
    try:
        if path.stat().st_size > _LARGEST_FILE_BYTES:
            return
        root = ElementTree.fromstring(path.read_bytes())  # noqa: S314 - the machine's own file
    except (OSError, ElementTree.ParseError):
        return
    for element in root.iter():
        place = _locate(element, path.parent)
        if element.tag == tag and place is not None:
            yield place
        elif element.tag == "include" and place is not None and depth < _DEEPEST_INCLUDE:
            inner = sorted(place.glob("*.conf")) if place.is_dir() else [place]
            for file in inner:
                yield from _read_file(file, tag, depth=depth + 1)


def _locate(element: ElementTree.Element, beside: Path) -> Path | None:
    text = (element.text or "").strip()
    if not text:
        return None
    prefix = element.get("prefix", "")
    if prefix == "xdg":
        is_cache = element.tag == "cachedir"
        name, usual = ("CACHE", "~/.cache") if is_cache else ("DATA", "~/.local/share")
        return Path(os.environ.get(f"XDG_{name}_HOME") or _expand(usual)) / text
    if prefix in {"relative", "cwd"} or element.tag == "include":
        return beside / _expand(text)
    return _expand(text)


def _expand(text: str) -> Path:
    return Path(os.path.expanduser(text))  # noqa: PTH111 - Path.expanduser() raises without a home
