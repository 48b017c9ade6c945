"""Which built-in scene a prompt asks for: text retrieval with a measured threshold.

BM25 (Robertson and Zaragoza, 2009) over title, examples, keywords and summary of each scene, with
light stemming and a table of synonyms. A BM25 sum has no scale of its own, so the score shown is
the share of the prompt's information that the scene accounts for: each word of the prompt weighs
its inverse document frequency, words that no scene knows weigh as much as the rarest. A prompt
about something else then scores low however many common words it shares.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shaperotator_magic.writing.scene_files import LibraryScene

# Measured on tests/data/prompts: see tests/test_library.py, which fails when it stops separating.
THRESHOLD = 0.40

_WORD = re.compile(r"[a-zα-ωλ][a-z0-9'α-ω]*|\d+d\b")
_STOP_WORDS = frozenset(
    # Names of functions too: they stand in prompts for any of the scenes about functions.
    "a about again all also am an and animate animation any are as at be because been below "
    "between but by can compute cos could demonstrate did display do does doing draw each "
    "effect every everything exactly example examples exp explain for from geometric "
    "geometrically get gets give go going good has have help her high his how i if "
    "illustrate in interactive into intuition intuitive intuitively is it its just kind let "
    "like ln log look looks low make makes many may me mean meaning means more most movie "
    "much my need nice nontrivial not now of on one only or other our out over picture "
    "please plot really s same say see should show shows simple sin small so some something "
    "sort sqrt step steps such t tan tell than that the their them then there these they "
    "thing things this through to too treated try two understand up us use using very video "
    "visual visualise visualize visually want was watch way we what when where which while "
    "who why will with without work works would write x y you your".split()
)
# What people call it: what the scene files call it.
_SYNONYMS = {
    "arrows": "vector", "arrow": "vector", "slope": "derivative", "tangent": "derivative",
    "steepness": "derivative", "rectangles": "rectangle", "strips": "rectangle", "lasso": "l1",
    "ridge": "l2", "regulariser": "regularisation", "regularizer": "regularisation",
    "regularization": "regularisation", "hypercube": "tesseract", "4d": "tesseract",
    "optimiser": "descent", "optimizer": "descent", "multidimensional": "tensor",
    "ndarray": "tensor", "epicycles": "fourier", "harmonics": "fourier",
    "polynomial": "polynomials",
    "shadow": "projection", "perpendicular": "orthogonal", "eigen": "eigenvector",
    "eigenvectors": "eigenvector", "eigenvalues": "eigenvalue", "maclaurin": "taylor",
}  # fmt: skip
_ENDINGS = ("isation", "ization", "ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "ed",
            "es", "s", "e", "y")  # fmt: skip
_SHORTEST_STEM = 4
_K1, _B = 1.2, 0.4
_WEIGHT_OF = {"keywords": 3, "title": 3, "examples": 2, "summary": 1}


@dataclass(frozen=True)
class Match:
    """A scene and how well it fits, 0 to 1."""

    scene: LibraryScene
    score: float


def split_words(text: str) -> list[str]:
    """Return the stems of a text's words, without those that say nothing of a subject."""
    words = _WORD.findall(text.lower())
    return [_stem(_SYNONYMS.get(word, word)) for word in words if word not in _STOP_WORDS]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


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
        self._unknown_idf = math.log(1 + (total + 0.5) / 0.5)

    def match(self, text: str) -> list[Match]:
        """Return every scene with its score, the best first."""
        words = Counter(split_words(text))
        weights = {word: self._idf.get(word, self._unknown_idf) for word in words}
        whole = sum(weights.values())
        if not whole:
            return [Match(scene, 0.0) for scene in self._scenes]
        matches = [
            Match(scene, sum(w * self._fit(word, at) for word, w in weights.items()) / whole)
            for at, scene in enumerate(self._scenes)
        ]
        return sorted(matches, key=lambda match: -match.score)

    def _fit(self, word: str, at: int) -> float:
        """Return BM25's saturating term frequency, scaled to 0..1."""
        count = self._counts[at][word]
        return count / (count + self._norms[at])


def _count_words(scene: LibraryScene) -> Counter[str]:
    fields = {
        "keywords": " ".join(scene.keywords),
        "title": f"{scene.title} {scene.name.replace('_', ' ')}",
        "examples": " ".join(scene.examples),
        "summary": scene.summary,
    }
    counts: Counter[str] = Counter()
    for name, text in fields.items():
        for word in split_words(text):
            counts[word] += _WEIGHT_OF[name]
    return counts
