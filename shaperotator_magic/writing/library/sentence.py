"""A sentence as the library reads it: its language, its values, and its words in English. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shaperotator_magic.writing.languages import Language, detect_language, load_language
from shaperotator_magic.writing.reading import Value, read_values
from shaperotator_magic.writing.reading.words import Word, list_words, split_text
from shaperotator_magic.writing.wording import find_notation, is_content, stem

# Words that kinds of values stand for: 'multiply 2+i by 3' is about complex numbers.
_WORDS_OF_KINDS = {
    "matrix": "matrix", "complex": "complex number", "vector": "vector", "expression": "function",
}  # fmt: skip
_BARE = frozenset("0123456789-−.")
_ARTICLES = frozenset(("a", "an", "the", "s", "any", "some", "this", "my"))


@dataclass(frozen=True)
class Token:
    """One word of a sentence, by its stem; ``is_content`` if it may describe a subject."""

    stem: str
    word: str
    start: int
    end: int
    is_content: bool = False
    is_break: bool = False

    def join(self, other: Token, stem_: str) -> Token:
        """Return this and the next word as one."""
        return replace(
            self, stem=stem_, word=self.word + other.word, end=other.end, is_content=True
        )

    def rename(self, stem_: str) -> Token:
        """Return the word with another stem."""
        return replace(self, stem=stem_)


@dataclass(frozen=True)
class Sentence:
    """What was typed, with everything that can be read of it before a scene is known."""

    text: str
    language: Language
    values: tuple[Value, ...]
    words: tuple[Word, ...]
    tokens: tuple[Token, ...]

    @classmethod
    def read(cls, text: str, named: Sequence[Value] = ()) -> Sentence:
        """Read a sentence.

        Parameters
        ----------
        named
            Values of variables that the sentence may use.
        """
        return _read(text, tuple(named)) if named else _read_cached(text)

    @property
    def has_values(self) -> bool:
        """Whether there is a value that is more than a word."""
        return any(not value.is_weak for value in self.values)


@functools.lru_cache(maxsize=4096)
def _read_cached(text: str) -> Sentence:
    return _read(text, ())


def _read(text: str, named: tuple[Value, ...]) -> Sentence:
    language = detect_language(text)
    found = read_values(text, language)
    taken = [(value.start, value.end) for value in found]
    free = [
        v for v in named if all(v.end <= s or e <= v.start for s, e in taken) or v.start == v.end
    ]
    values = tuple(sorted((*found, *free), key=lambda value: value.start))
    words = tuple(list_words(text, language, values))
    # Numbers in words may be part of a subject: 'four dimensions'.
    spelt = [value for value in values if not value.text.isalpha()]
    spoken = list_words(text, language, spelt)
    tokens = sorted(_list_tokens(text, spoken, values), key=lambda token: token.start)
    return Sentence(text, language, values, words, tuple(tokens))


def _list_tokens(text: str, words: Sequence[Word], values: Sequence[Value]) -> Iterator[Token]:
    notation = find_notation(text)
    for start, end, named in notation:
        for word in named.split():
            yield Token(stem(word), word, start, end, is_content=True)
    spans = [(start, end) for start, end, _ in notation]
    for value in values:
        if not any(start < value.end and value.start < end for start, end in spans):
            yield from _list_tokens_of(value)
    for word_ in words:
        if any(start <= word_.start and word_.end <= end for start, end in spans):
            continue
        plain = _strip(word_.text)
        if word_.is_break:
            yield Token(plain, plain, word_.start, word_.end, is_break=True)
        elif _is_word(plain):
            yield Token(stem(plain), plain, word_.start, word_.end, is_content=is_content(plain))


def _list_tokens_of(value: Value) -> Iterator[Token]:
    """Yield the words that a value stands for."""
    if value.kind == "shape" and not value.is_weak:
        size = "x".join(map(str, value.value))
        yield Token(size, size, value.start, value.end)
    if value.kind == "matrix" and value.text[:1] in _BARE:
        return  # '1, 2; 3, 4' may be points
    for word in _WORDS_OF_KINDS.get(value.kind, "").split():
        says_what = value.kind != "expression"
        yield Token(stem(word), word, value.start, value.end, is_content=says_what)


def read_stems(text: str) -> tuple[str, ...]:
    """Return the stems of an English phrase's words; none is read as a value."""
    if find_notation(text):
        words = list_words(text, load_language("en"))
        tokens = sorted(_list_tokens(text, words, ()), key=lambda token: token.start)
        return tuple(token.stem for token in tokens if not token.is_break)
    return tuple(found for word in split_text(text) if (found := _read_stem(word)))


@functools.lru_cache(maxsize=8192)
def _read_stem(word: str) -> str:
    """Return the stem of what stands between spaces; empty for what is no word."""
    plain = _strip(word)
    return stem(plain) if _is_word(plain) else ""


def _strip(word: str) -> str:
    return word.removesuffix("'s").strip("'")


def _is_word(word: str) -> bool:
    return bool(word) and word not in _ARTICLES and word[0].isalnum()
