"""The words of a sentence around its values, in English, each with its place. Pure.

A sentence in another language is put into English word by word, by the words that its file has;
what the file does not have stays as it is, as names do.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from shaperotator_magic.writing.languages import Language
from shaperotator_magic.writing.reading.values import Value

_TOKEN = re.compile(
    r"[^\W\d_]+(?:['’][^\W\d_]+)*[0-9₀-₉]?|=|°|%|[.,;:!?()]|\d+d\b|\d+x\d+\b", re.IGNORECASE
)
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_BREAKS = frozenset(".,;:!?()")


@dataclass(frozen=True)
class Word:
    """One English word in lower case, or a sign, and where what it stands for is."""

    text: str
    start: int
    end: int

    @property
    def is_break(self) -> bool:
        """Whether it parts clauses."""
        return self.text in _BREAKS


def list_words(text: str, language: Language, values: Sequence[Value] = ()) -> list[Word]:
    """Return the words of a sentence that are no part of a value."""
    taken = [(value.start, value.end) for value in values if not value.is_weak]
    words = _translate(text, language) if language.words else _split(text)
    return [w for w in words if all(w.end <= start or end <= w.start for start, end in taken)]


def write_english(words: Sequence[Word]) -> str:
    """Return words as a sentence."""
    return " ".join(word.text for word in words)


def split_text(text: str) -> list[str]:
    """Return the words and signs of a text in lower case."""
    return [found.lower().replace("’", "'") for found in _TOKEN.findall(text)]


def _split(text: str, offset: int = 0) -> list[Word]:
    return [
        Word(m[0].lower().replace("’", "'"), m.start() + offset, m.end() + offset)
        for m in _TOKEN.finditer(text)
    ]


def _translate(text: str, language: Language) -> list[Word]:
    lowered = text.lower()
    words: list[Word] = []
    at = 0
    for match in _compile_phrases(language).finditer(lowered):
        words += _split(text[at : match.start()], at)
        english = language.words[" ".join(match[0].split())]
        words += [Word(part, match.start(), match.end()) for part in english.lower().split()]
        at = match.end()
    return words + _split(text[at:], at)


@functools.lru_cache(maxsize=16)
def _compile_phrases(language: Language) -> re.Pattern[str]:
    names = sorted(language.words, key=len, reverse=True)
    plain = "|".join(re.escape(n).replace(r"\ ", r"\s+") for n in names if not _CJK.search(n))
    signs = "|".join(re.escape(n) for n in names if _CJK.search(n))
    parts = [rf"(?<![^\W\d_])(?:{plain})(?![^\W\d_])"] if plain else []
    return re.compile("|".join([*([signs] if signs else []), *parts]))
