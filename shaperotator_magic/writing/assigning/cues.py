"""Cues: words near a value that assign it to a parameter. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shaperotator_magic.writing.reading.values import Value
from shaperotator_magic.writing.reading.words import Word

_FILE = Path(__file__).with_name("cues.toml")
_SHORTEST_PREFIX = 4  # letters from which on a cue stands for words that begin with it
_BEFORE, _BEFORE_STEP, _LEAST_BEFORE = 3.0, 0.3, 0.4
_BEHIND, _BEHIND_STEP, _FARTHEST_BEHIND = 2.9, 0.45, 6
_BREAK_COST = 1.2
_ACROSS_COST = 0.9  # over a value that a conjunction joins to this one
_MOST_WORDS = 9
_ONLY_BEFORE = frozenset((("by",), ("with",), ("onto",)))
_JOINS = frozenset(("and", "or", "by", "vs", "versus", ","))
_SPLIT = re.compile(r"[^\W\d_]+[0-9₀-₉]?|=|°|%")


@functools.cache
def _load_table() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@functools.cache
def list_complements(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the cues of what a share leaves of the whole."""
    cues = _load_table()["complements"].get(name.lower(), ())
    return tuple(tuple(_SPLIT.findall(cue)) for cue in cues)


@functools.cache
def is_measured(name: str) -> bool:
    """Return whether a parameter is in whatever unit the sentence measures in."""
    return name.lower() in _load_table()["measured"]["names"]


@functools.cache
def list_square_cues(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the cues of a parameter's square: a variance is that of a standard deviation."""
    cues = _load_table()["squares"].get(name.lower(), ())
    return tuple(tuple(_SPLIT.findall(cue)) for cue in cues)


@functools.lru_cache(maxsize=2048)
def list_cues(name: str, own: tuple[str, ...] = ()) -> tuple[tuple[str, ...], ...]:
    """Return the cues of a parameter, each as its words.

    Parameters
    ----------
    own
        What the scene's docstring gives; it comes before the table.
    """
    lowered = name.lower()
    table = _load_table()
    found = [*own, lowered.replace("_", " "), *table.get(lowered, ())]
    if lowered not in table:
        for word in lowered.split("_"):
            found += [word, *table.get(word, ())]
    cues = (tuple(_SPLIT.findall(cue.lower())) for cue in found)
    return tuple(dict.fromkeys(cue for cue in cues if cue))


class Surroundings:
    """The words before and behind each value of a sentence."""

    def __init__(self, words: Sequence[Word], values: Sequence[Value]) -> None:
        self._words = words
        self._values = [value for value in values if not value.is_weak]

    def measure(self, cues: Sequence[tuple[str, ...]], span: tuple[int, int]) -> float:
        """Return how clearly the words around a part of the sentence are among some cues."""
        before, across = self._list_before(span[0])
        behind = self._list_behind(span[1])
        scores = [0.0]
        for cue in cues:
            scores.append(_measure_before(before, cue))
            scores.append(_measure_before(across, cue) - _ACROSS_COST)
            scores.append(_measure_behind(behind, cue))
        return max(scores)

    def has_noun_behind(self, end: int, stop_words: frozenset[str]) -> bool:
        """Return whether a word that counts something follows: 'pegs' in '3 pegs'."""
        behind = self._list_behind(end)
        first = behind[0] if behind else None
        return first is not None and first.text.isalpha() and first.text not in stop_words

    def _list_before(self, start: int) -> tuple[list[Word], list[Word]]:
        """Return the words since the value before; and before that one, if the two are joined."""
        # A variable of the kernel has no place of its own, and no width.
        earlier = [v for v in self._values if v.end <= start and v.start < start]
        edge = max((value.end for value in earlier), default=0)
        near = [word for word in self._words if edge <= word.start and word.end <= start]
        if not earlier or any(word.text not in _JOINS for word in near):
            return near[-_MOST_WORDS:], []
        last = max(earlier, key=lambda value: value.end)
        return near, self._list_before(last.start)[0]

    def _list_behind(self, end: int) -> list[Word]:
        edge = min((value.start for value in self._values if value.start >= end), default=10**9)
        return [w for w in self._words if end <= w.start and w.end <= edge][:_MOST_WORDS]


def _measure_before(words: Sequence[Word], cue: tuple[str, ...]) -> float:
    at = _find_last(words, cue)
    if at is None:
        return 0.0
    between = words[at + len(cue) :]
    breaks = sum(word.is_break for word in between)
    worth = _BEFORE + 0.2 * len(cue) - _BEFORE_STEP * len(between) - _BREAK_COST * breaks
    return max(_LEAST_BEFORE if not breaks else 0.0, worth)


def _measure_behind(words: Sequence[Word], cue: tuple[str, ...]) -> float:
    if cue[-1] == "=" or cue in _ONLY_BEFORE:
        return 0.0
    for at in range(min(len(words), _FARTHEST_BEHIND)):
        if words[at].is_break:
            return 0.0
        if _matches(words[at : at + len(cue)], cue):
            return max(0.0, _BEHIND + 0.2 * len(cue) - _BEHIND_STEP * at)
    return 0.0


def _find_last(words: Sequence[Word], cue: tuple[str, ...]) -> int | None:
    for at in range(len(words) - len(cue), -1, -1):
        if _matches(words[at : at + len(cue)], cue):
            return at
    return None


def _matches(words: Sequence[Word], cue: tuple[str, ...]) -> bool:
    return len(words) == len(cue) and all(
        word.text == part or (len(part) >= _SHORTEST_PREFIX and word.text.startswith(part))
        for word, part in zip(words, cue, strict=True)
    )


def read_own_cues(text: str) -> Mapping[str, tuple[str, ...]]:
    """Return the cues that a docstring's section gives: a line 'SPEED: thrown at, launched'."""
    lines = re.findall(r"^(\w+)\s*:\s*(.+)$", text, re.MULTILINE)
    return {name: tuple(c.strip() for c in cues.split(",")) for name, cues in lines}
