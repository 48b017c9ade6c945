"""Which built-in scene a prompt asks for: text retrieval with a measured threshold.

BM25 (Robertson and Zaragoza, 2009) over title, examples, keywords and summary of each scene, with
light stemming, synonyms and a distance of spelling. A BM25 sum has no scale of its own, so the
score shown is the share of the prompt's information that the scene accounts for: each word of the
prompt weighs its inverse document frequency, words that no scene knows weigh more than the
rarest. A prompt about something else then scores low however many common words it shares. A
keyword of a scene that stands in the prompt as a whole ('power series', or 'tesseract') is evidence
of its own, the more so the more of the prompt the scene knows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shaperotator_magic.writing.scene_files import LibraryScene
from shaperotator_magic.writing.wording import (
    OTHER_WORK,
    count_edits,
    split_stems,
    split_words,
    stem,
)

# Measured on tests/data/prompts: see tests/test_library.py, which fails when it stops separating.
THRESHOLD = 0.40

_K1, _B = 1.2, 0.4
_WEIGHT_OF = {"keywords": 3, "title": 3, "examples": 2, "summary": 1}
_GAP = 1  # words that may stand between those of a keyword, in all
_SHORTEST_MISSPELT, _LONG_WORD = 5, 8  # letters; long words may have two slips
_UNKNOWN = 1.1  # what a word weighs that no scene knows, beside one that none has yet
# What a whole keyword is worth: by the number of its words, times how rare they are.
_PHRASE_WORTH = {1: 0.3, 2: 0.5}
_LONG_PHRASE_WORTH = 0.5


@dataclass(frozen=True)
class Match:
    """A scene and how well it fits, 0 to 1."""

    scene: LibraryScene
    score: float


class SceneIndex:
    """The words of all scenes, weighed."""

    def __init__(self, scenes: Sequence[LibraryScene]) -> None:
        self._scenes = scenes
        self._counts = [_count_words(scene) for scene in scenes]
        lengths = [sum(count.values()) for count in self._counts]
        mean = sum(lengths) / len(lengths)
        self._norms = [_K1 * (1 - _B + _B * length / mean) for length in lengths]
        document_counts = Counter(word for count in self._counts for word in count)
        total = len(scenes)
        self._idf = {
            word: math.log(1 + (total - n + 0.5) / (n + 0.5)) for word, n in document_counts.items()
        }
        self._unknown_idf = _UNKNOWN * math.log(1 + (total + 0.5) / 0.5)
        self._rarest_idf = math.log(1 + (total - 0.5) / 1.5)
        self._phrases = [set(_list_phrases(scene)) for scene in scenes]
        # Only what names a subject is worth a guess at what was meant: 'of' and 'off' are not.
        self._names = sorted(
            {word for s in scenes for word in split_words(f"{s.title} {' '.join(s.keywords)}")}
        )

    def match(self, text: str) -> list[Match]:
        """Return every scene with its score, the best first."""
        words = self._read_words(text)
        weights = {word: self._weigh(word) for word in words}
        whole = sum(weights.values())
        if not whole:
            return [Match(scene, 0.0) for scene in self._scenes]
        matches = []
        for at, scene in enumerate(self._scenes):
            share = sum(w * self._fit(word, at) for word, w in weights.items()) / whole
            known = sum(w for word, w in weights.items() if word in self._counts[at]) / whole
            worth = known * self._find_phrase(words, at)
            matches.append(Match(scene, share + (1 - share) * worth))
        return sorted(matches, key=lambda match: -match.score)

    def _weigh(self, word: str) -> float:
        """Return how much a word says; what asks for another kind of work says most."""
        known = self._idf.get(word, self._unknown_idf)
        return 2 * self._unknown_idf if word in OTHER_WORK else known

    def _fit(self, word: str, at: int) -> float:
        """Return BM25's saturating term frequency, scaled to 0..1."""
        count = self._counts[at][word]
        return count / (count + self._norms[at])

    def _read_words(self, text: str) -> list[str]:
        """Return the prompt's stems: slips of spelling mended, words torn apart joined."""
        words = split_words(text)
        stems: list[str] = []
        at = 0
        while at < len(words):
            joined = stem("".join(words[at : at + 2]))
            if at + 1 < len(words) and joined in self._idf:
                stems.append(joined)
                at += 2
                continue
            stems.append(self._mend(words[at]))
            at += 1
        return stems

    def _mend(self, word: str) -> str:
        """Return the stem of a word, or of the scenes' word that it seems to be a slip of."""
        plain = stem(word)
        if plain in self._idf or len(word) < _SHORTEST_MISSPELT:
            return plain
        limit = 2 if len(word) >= _LONG_WORD else 1
        near = [
            (count_edits(word, name, limit), name) for name in self._names if name[0] == word[0]
        ]
        edits, name = min(near, default=(limit + 1, ""))
        return stem(name) if edits <= limit else plain

    def _find_phrase(self, words: Sequence[str], at: int) -> float:
        """Return what the best keyword of a scene that stands in the prompt is worth."""
        best = 0.0
        for phrase in self._phrases[at]:
            if _holds_phrase(words, phrase):
                worth = _PHRASE_WORTH.get(len(phrase), _LONG_PHRASE_WORTH)
                rarity = sum(self._idf[word] for word in phrase) / len(phrase) / self._rarest_idf
                best = max(best, worth * rarity)
        return best


def _holds_phrase(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Tell whether a phrase stands in a text: its words together, or in order with one between."""
    size = len(phrase)
    for start, word in enumerate(words):
        if word not in phrase:
            continue
        window = words[start : start + size]
        if sorted(window) == sorted(phrase):
            return True
        rest = iter(words[start : start + size + _GAP])
        if size > 1 and all(part in rest for part in phrase):
            return True
    return False


def _list_phrases(scene: LibraryScene) -> Iterator[tuple[str, ...]]:
    for text in (*scene.keywords, scene.name.replace("_", " ")):
        if stems := tuple(split_stems(text)):
            yield stems


def _count_words(scene: LibraryScene) -> Counter[str]:
    fields = {
        "keywords": " ".join(scene.keywords),
        "title": f"{scene.title} {scene.name.replace('_', ' ')}",
        "examples": " ".join(scene.examples),
        "summary": scene.summary,
    }
    counts: Counter[str] = Counter()
    for name, text in fields.items():
        for word in split_stems(text):
            counts[word] += _WEIGHT_OF[name]
    return counts
