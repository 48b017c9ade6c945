"""An index over the reference of the installed manim; built once for a version of it and cached.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
import json
import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from shaperotator_magic.core.atomic_files import replacing
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.installed_manim import find_manim
from shaperotator_magic.writing.retrieval.manual import Entry, read_manual
from shaperotator_magic.writing.retrieval.ranking import Ranking
from shaperotator_magic.writing.retrieval.terms import split_question, split_terms

_NAME, _SUMMARY = 6, 3  # how often what stands there counts; the rest of a docstring counts once
# Weights: of a use in examples, of a class that derives, of a name whose words are asked for.
_USE, _HEIRS, _COVER = 0.12, 0.08, 3.0
_LONGEST_TEXT = 1500
_ALSO_CALLED = Path(__file__).with_name("also_called.toml")


@dataclass(frozen=True)
class Hit:
    """An entry that fits a question, with its score."""

    entry: Entry
    score: float


class Index:
    """Entries, and which of them fit a question.

    Parameters
    ----------
    entries
        At least one.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = list(entries)
        self._weights = _weigh(self.entries)
        also_called = _read_also_called()
        self._ranking = Ranking(
            [
                _list_terms(entry) + split_terms(also_called.get(entry.name, "")) * _NAME
                for entry in self.entries
            ]
        )

    def search(self, question: str, most: int = 5) -> list[Hit]:
        """Return the entries that fit a question best, the best first; none where no word fits.

        A name that stands in the question comes before all else.
        """
        words = set(question.split())
        named = [Hit(entry, math.inf) for entry in self.entries if entry.name in words]
        others = (hit for hit in self._rank(question) if hit.entry.name not in words)
        return [*named, *others][:most]

    def _rank(self, question: str) -> list[Hit]:
        asked = [term for term in split_question(question) if term in self._ranking.rarity]
        hits = (
            Hit(entry, score * self._weights[entry.name] * self._favour(entry, {*asked}))
            for entry, score in zip(self.entries, self._ranking.score(asked), strict=True)
            if score > 0
        )
        return _drop_repeated(sorted(hits, key=lambda hit: -hit.score))

    def find_example(self, entry: Entry) -> str:
        """Return the code of an entry's example, else the shortest that uses its name, else ''."""
        if entry.example:
            return entry.example
        own = entry.name.rpartition(".")[2]
        using = (other.example for other in self.entries if own in _split_names(other.example))
        return min(using, key=len, default="")

    def find_entries(self, name: str) -> list[Entry]:
        """Return the entries of a name; of a method's own name the most used class comes first."""
        return self._by_name.get(name, [])

    def find_use(self, entry: Entry, most: int) -> str:
        """Return the shortest line of manim's examples that calls an entry, else ''.

        Parameters
        ----------
        most
            Longer lines are not returned, in characters.
        """
        call = entry.name.rpartition(".")[2] + "("
        call = f".{call}" if entry.is_method else call
        lines = (line.strip() for other in self.entries for line in other.example.splitlines())
        fitting = (
            line
            for line in lines
            if len(line) <= most
            and line.endswith(")")
            and re.search(rf"(?<!\w){re.escape(call)}", line)
        )
        return min(fitting, key=len, default="")

    @functools.cached_property
    def _by_name(self) -> dict[str, list[Entry]]:
        """All entries by their name, and methods by their own name, too."""
        found: dict[str, list[Entry]] = {}
        for entry in sorted(self.entries, key=lambda entry: -self._weights[entry.name]):
            for name in {entry.name, entry.name.rpartition(".")[2]}:
                found.setdefault(name, []).append(entry)
        return found

    def _favour(self, entry: Entry, asked: set[str]) -> float:
        """Return a factor: a name is likely meant whose words, and rare ones, are asked for."""
        own = set(split_terms(entry.name.rpartition(".")[2]))
        shared = own & asked
        if not shared:
            return 1.0
        weigh = self._ranking.rarity.__getitem__
        of_question = sum(map(weigh, shared)) / sum(map(weigh, asked))
        return 1 + _COVER * len(shared) / len(own) * of_question


def _drop_repeated(hits: list[Hit]) -> list[Hit]:
    """Leave one of several methods of a name: that of the class that most others derive from."""
    first: dict[str, Hit] = {}
    for hit in hits:
        own = hit.entry.name.rpartition(".")[2] if hit.entry.is_method else hit.entry.name
        first.setdefault(own, hit)
    return list(first.values())


def _read_also_called() -> dict[str, str]:
    """Return learners' words for entries, by name."""
    tables = tomllib.loads(_ALSO_CALLED.read_text(encoding="utf-8"))
    return {name: words for table in tables.values() for name, words in table.items()}


def _list_terms(entry: Entry) -> list[str]:
    owner, _, own = entry.name.rpartition(".")
    return [
        *(split_terms(own) * _NAME),
        *split_terms(owner),
        *(split_terms(entry.summary) * _SUMMARY),
        *split_terms(entry.text[:_LONGEST_TEXT]),
    ]


def _weigh(entries: Sequence[Entry]) -> dict[str, float]:
    """Return a factor for every name: more for what is used more often, and by more classes."""
    uses = Counter(word for entry in entries for word in set(_split_names(entry.example)))
    heirs = _count_heirs(entries)
    return {
        entry.name: (1 + _USE * math.log1p(uses[entry.name.rpartition(".")[2]]))
        * (1 + _HEIRS * math.log1p(heirs[entry.name.partition(".")[0]]))
        for entry in entries
    }


def _count_heirs(entries: Sequence[Entry]) -> Counter[str]:
    """Return how many classes derive from each class."""
    bases = {entry.name: entry.bases for entry in entries if not entry.is_method}
    return Counter(base for name in bases for base in _walk_up(name, bases))


def _walk_up(name: str, bases: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return the bases of a class, and theirs."""
    above = set(bases.get(name, ())) - {name}
    return above.union(*(_walk_up(base, bases) for base in above)) if above else above


def _split_names(code: str) -> list[str]:
    return "".join(sign if sign.isalnum() or sign == "_" else " " for sign in code).split()


@functools.cache
def load_index(cache: Path) -> Index:
    """Return the index of the installed manim; its entries are cached in a folder.

    Raises
    ------
    ConfigurationError
        manim is not installed.
    """
    folder = find_manim()
    if folder is None:
        raise ConfigurationError(
            "manim is not installed here.", hint="Install it: pip install manim", setting="manim"
        )
    return Index(_read_cached(cache / f"manual-{version('manim')}.json", folder))


def _read_cached(file: Path, folder: Path) -> list[Entry]:
    try:
        return [Entry(**row) for row in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        entries = read_manual(folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as written:
        written.write_text(json.dumps([asdict(entry) for entry in entries]), encoding="utf-8")
    return entries
