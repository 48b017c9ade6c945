"""The words of a language for values and subjects, one file each. Pure.

A file gives number words, the words around ranges, names of functions and, for every language but
English, the English words that the library's own files use. Runs in the caller's process. Imports
nothing else of the package.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_FOLDER = Path(__file__).parent
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ENGLISH = "en"
_LEAST_LETTERS = 4  # of a word that names a subject
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, eq=False)
class Language:
    """One language's words, all in lower case.

    ``words`` maps a word or phrase to the English that stands for it; ``counted`` are what an
    ordinal makes a number of: 'degree' in 'third degree'.
    """

    code: str
    name: str
    marks: tuple[str, ...]
    ranges: tuple[tuple[str, str], ...]
    decimal_comma: bool = False
    conjunctions: tuple[str, ...] = ()
    one_in: tuple[str, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    counted: tuple[str, ...] = ()
    functions: Mapping[str, str] = field(default_factory=dict)
    spoken: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@functools.cache
def _read_file(code: str) -> str:
    return (_FOLDER / f"{code}.toml").read_text("utf-8")


@functools.cache
def load_language(code: str) -> Language:
    """Read the file of one language, such as ``de``."""
    data = tomllib.loads(_read_file(code))
    ordinals = dict(data.get("ordinals", {}))
    counted = tuple(ordinals.pop("counted", ()))
    return Language(
        code=code,
        name=data["name"],
        marks=tuple(data["marks"]),
        ranges=tuple((first, second) for first, second in data["ranges"]),
        decimal_comma=data.get("decimal_comma", False),
        conjunctions=tuple(data.get("conjunctions", ())),
        one_in=tuple(data.get("one_in", ())),
        numbers=_join_tens(data.get("numbers", {}), data.get("number_joiners", ())),
        ordinals=ordinals,
        counted=counted,
        functions=data.get("functions", {}),
        spoken=data.get("spoken", {}),
        words=data.get("words", {}),
    )


def _join_tens(numbers: Mapping[str, float], joiners: Sequence[str]) -> dict[str, float]:
    """Add 'forty-five' and the like to a language's number words."""
    tens = {word: n for word, n in numbers.items() if n in range(20, 100, 10)}
    ones = {word: n for word, n in numbers.items() if n in range(1, 10)}
    joined = {
        f"{ten}{joiner}{one}": tens[ten] + ones[one]
        for joiner in joiners
        for ten in tens
        for one in ones
    }
    return {**numbers, **joined}


@functools.cache
def list_languages() -> tuple[str, ...]:
    """Return the codes of all languages, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@functools.lru_cache(maxsize=64)
def detect_language(text: str) -> Language:
    """Return the language whose small words a text has most of; English where none stands out."""
    available = set(list_languages())
    if _KANA.search(text) and "ja" in available:
        return load_language("ja")
    if _HAN.search(text) and "zh" in available:
        return load_language("zh")
    words = [word.lower() for word in _WORD.findall(text)]
    english = load_language(_ENGLISH)
    best, most = english, _count_marks(english, words)
    if text.isascii() and 2 * most >= len(words):
        return english
    for code in sorted(available - {_ENGLISH, "ja", "zh"}):
        if not _may_hold(code, words):
            continue
        language = load_language(code)
        count = _count_marks(language, words)
        if count > most:
            best, most = language, count
    return best


def _may_hold(code: str, words: list[str]) -> bool:
    """Return whether the unparsed file of a language contains any of the words."""
    text = _read_file(code)
    marks = text.partition("marks = [")[2].partition("]")[0]
    return any(
        f'"{word}"' in marks or (len(word) >= _LEAST_LETTERS and f'\n"{word}' in text)
        for word in words
    )


def _count_marks(language: Language, words: list[str]) -> float:
    """Count the words that mark a language; words for its subjects count, too, but less."""
    marks = {*language.marks, *language.numbers}
    others = _list_subject_words(language)
    return sum(1.0 if word in marks else 0.7 * (word in others) for word in words)


@functools.cache
def _list_subject_words(language: Language) -> frozenset[str]:
    english = {word for phrase in language.words.values() for word in phrase.lower().split()}
    own = {word for phrase in language.words for word in phrase.split()}
    return frozenset(own - english)
