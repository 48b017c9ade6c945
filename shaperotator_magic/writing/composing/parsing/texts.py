"""The content of texts: in quotation marks, behind 'saying', up to the end of a clause. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re

from shaperotator_magic.writing.composing.parsing.references import Words
from shaperotator_magic.writing.composing.parsing.state import Reading
from shaperotator_magic.writing.composing.scanning.tokens import Token

_AFTER_TEXT = frozenset(
    {"then", "stop", "comma", "and", "end", "while", "in", "for", "at", "relation"}
)
_UNQUOTED = frozenset({"text", "word", "words", "formula", "equation"})
_SIGNS = frozenset({"the letter", "the number", "the digit", "letter"})


def read_words_of_text(reading: Reading, kind: str, name: str, words: Words) -> str:
    """Return the content of a text, in quotation marks or without them."""
    text = _read_text(reading)
    if not text and reading.peek().kind == "says":
        return read_said(reading)
    is_named = bool(words.article) or kind == "formula" or reading.peek().text[:1].isupper()
    if not text and name in _UNQUOTED and is_named:
        text = read_unquoted(reading, kind)
    elif not text and name in _SIGNS:
        text = _read_sign(reading)
    return text


def _read_text(reading: Reading) -> str:
    ahead = 0
    while reading.peek(ahead).kind in {"filler", "says", "label", "of", "in", "comma", "article"}:
        ahead += 1
    if reading.peek(ahead).kind not in {"quote", "formula"}:
        return ""
    reading.at += ahead
    return str(reading.take().value)


def read_unquoted(reading: Reading, kind: str) -> str:
    """Read 'the formula a^2 + b^2 = c^2', 'write hello world': the rest of the clause."""
    while reading.peek().kind in {"says", "comma", "of"}:
        reading.take()
    start = reading.at
    while reading.peek().kind not in _AFTER_TEXT:
        reading.take()
    if reading.at == start:
        return ""
    first, last = reading.tokens[start], reading.tokens[reading.at - 1]
    is_command = first.start > 0 and reading.text[first.start - 1] == "\\"
    text = reading.text[first.start - is_command : last.end].strip()
    if kind == "formula" and not re.search(r"[=+^\\/*]", text):
        reading.at = start
        return ""
    return text


def read_said(reading: Reading) -> str:
    """Read 'saying well done': the words up to where a place or the next clause begins."""
    reading.take_kind("says")
    start = reading.at
    while reading.peek().kind not in _AFTER_TEXT:
        reading.take()
    if reading.at == start:
        return ""
    first, last = reading.tokens[start], reading.tokens[reading.at - 1]
    return reading.text[first.start : last.end].strip()


def read_signs(reading: Reading) -> list[str]:
    """Read 'the letters A, B and C', 'the numbers 1 2 3', 'the letters A to E'."""
    signs: list[str] = []
    following = reading.peek_past("comma", "and")
    while following.kind == "list" or _is_sign(following):
        while reading.take_kind("comma", "and"):
            pass
        token = reading.take()
        values = token.value if isinstance(token.value, tuple) else ()
        signs += [f"{number:g}" for number in values] or [token.text]
        if reading.peek().kind == "to" and _is_letter(reading.peek(1)) and _is_letter(token):
            reading.take()
            last = reading.take().text
            signs += [chr(code) for code in range(ord(token.text) + 1, ord(last) + 1)]
        following = reading.peek_past("comma", "and")
    return signs


def _is_sign(token: Token) -> bool:
    """Whether it is a letter of its own, or a number."""
    return _is_letter(token) or token.kind == "number"


def _is_letter(token: Token) -> bool:
    return len(token.text) == 1 and token.text.isalpha() and token.text.isascii()


def _read_sign(reading: Reading) -> str:
    """'the letter A', 'the number 7': one sign."""
    return reading.take().text if _is_sign(reading.peek()) else ""
