"""Writing systems by the names of their characters, and the Debian packages of their fonts.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from dataclasses import dataclass

_CJK = {
    "CJK",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "BOPOMOFO",
    "IDEOGRAPHIC",
    "FULLWIDTH",
    "HALFWIDTH",
}
_NAMES = {
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "REGIONAL": "flags",
}
_SIGNS = {"So", "Sk", "Sm", "Co", "Cn"}
_PICTURES_FROM = 0x1F000


def name_script(character: str) -> str:
    """Return what people call the writing system of a character, 'symbols' for any sign."""
    first = unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
    if first in _NAMES:
        return _NAMES[first]
    if ord(character) >= _PICTURES_FROM or unicodedata.category(character) in _SIGNS:
        return "symbols"
    return first.capitalize() or "symbols"


def is_chinese(text: str) -> bool:
    """Whether a text has Han characters and nothing by which it is Japanese or Korean."""
    scripts = set() if text.isascii() else {name_script(letter) for letter in set(text)}
    return "Chinese" in scripts and scripts.isdisjoint({"Japanese", "Korean"})


def name_package(character: str) -> str:
    """Return the Debian package of a font that is likely to have a character."""
    first = unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
    if first in _CJK:
        return "fonts-noto-cjk"
    if name_script(character) in {"symbols", "flags"}:
        return "fonts-symbola"
    return "fonts-noto-core"


@dataclass(frozen=True)
class Example:
    """A writing system that the package's faces lack, and a letter of it."""

    name: str
    letter: str


_EXAMPLES = (
    Example("Chinese", "世"),
    Example("Japanese", "あ"),
    Example("Korean", "한"),
    Example("Arabic", "ع"),
    Example("Hebrew", "ש"),
    Example("Devanagari", "न"),
    Example("Thai", "ส"),
)
ALL_SCRIPTS = ("Latin", "Greek", "Cyrillic", *(example.name for example in _EXAMPLES))
_PROBE_TIMEOUT_S = 20


def find_lacking_scripts() -> tuple[Example, ...] | None:
    """Return the writing systems for which fontconfig knows no font; None without fontconfig."""
    listing = shutil.which("fc-list")
    if listing is None:
        return None
    return tuple(example for example in _EXAMPLES if not _ask(listing, example.letter))


def _ask(listing: str, letter: str) -> bool:
    command = [listing, f":charset={ord(letter):x}", "file"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PROBE_TIMEOUT_S, check=False)  # noqa: S603 - a fixed command
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(done.stdout.strip())
