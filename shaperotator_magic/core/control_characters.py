"""Control characters of foreign text as visible signs, wherever it is printed or drawn.

A terminal obeys escape sequences, and both terminals and pages obey bidirectional controls: with
them the text of a scene, a model, a server or a file could recolour a line, set a link or the
clipboard, or make code read otherwise than it runs. Imports nothing of ours.

Runs in every process.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

# Code points from, to: control characters C0 and C1, bidirectional controls, invisible characters
# and separators of lines, and half surrogates. Letters of right-to-left scripts are none of them.
RANGES = (
    (0x0000, 0x001F), (0x007F, 0x009F), (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C),
    (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180E, 0x180E), (0x200B, 0x200F), (0x2028, 0x202E),
    (0x2060, 0x206F), (0x3164, 0x3164), (0xD800, 0xDFFF), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE007F),
)  # fmt: skip
FIRST_JOINING = 0x0590
"""From here on scripts and emoji need joiners (U+200C, U+200D) between two of their characters."""

_HIDDEN = re.compile(f"[{''.join(f'{chr(a)}-{chr(b)}' for a, b in RANGES)}]")
_ENTITY = re.compile(r"&(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z]{2,30});?")
_LINE_KEEPERS = "\n\t"
_JOINERS = "\u200c\u200d"
_PICTURES = 0x2400  # ␀ ␁ ␂ …, signs of the first 32 control characters
_DELETE = 0x7F


def show_controls(text: str, *, is_multiline: bool = False) -> str:
    """Return a text in which control characters stand as signs, such as ␛ and ⟨U+202E⟩.

    Parameters
    ----------
    text
        Anything; a text without such characters comes back as it is.
    is_multiline
        Line feeds and tabs stay, and so do the line ends of Windows, as line feeds.
    """
    if is_multiline:
        text = text.replace("\r\n", "\n")
    kept = _LINE_KEEPERS if is_multiline else ""
    return _HIDDEN.sub(lambda found: _show(found, kept), text)


def _show(found: re.Match[str], kept: str) -> str:
    char = found[0]
    if char in kept or (char in _JOINERS and _joins(found)):
        return char
    code = ord(char)
    if code < ord(" "):
        return chr(_PICTURES + code)
    return "␡" if code == _DELETE else f"⟨U+{code:04X}⟩"


def _joins(found: re.Match[str]) -> bool:
    """Whether a joiner stands between two characters of which it makes one, or which it parts."""
    text, at = found.string, found.start()
    beside = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    return all(
        char and ord(char) >= FIRST_JOINING and not _HIDDEN.fullmatch(char) for char in beside
    )


def show_controls_within(value: Any) -> Any:
    """Return JSON-able data in which every text is shown as in a place of several lines."""
    if isinstance(value, str):
        return show_controls(value, is_multiline=True)
    if isinstance(value, dict):
        return {show_controls(str(k)): show_controls_within(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [show_controls_within(item) for item in value]
    return value


def escape_shown(text: str) -> str:
    """Return the HTML of a text: nothing in it is markup, and control characters are signs."""
    return escape(show_controls(text, is_multiline=True))


def show_controls_of_page(html: str) -> str:
    """Return a page of HTML in which control characters are signs, also where it spells them."""

    def show_entity(found: re.Match[str]) -> str:
        char = unescape(found[0])
        shown = show_controls_within(char)
        return found[0] if shown == char else str(shown)

    return _ENTITY.sub(show_entity, show_controls(html, is_multiline=True))
