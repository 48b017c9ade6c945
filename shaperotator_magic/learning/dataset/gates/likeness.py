"""How alike two texts are: the exact Jaccard similarity of their words and pairs of words.

Only texts that share one of their rarest pieces can be alike (prefix filtering: Chaudhuri, Ganti
and Kaushik, 2006), so that nothing has to be estimated: no pair is missed, the result has no seed,
and ten thousand prompts take seconds. That is why there is no MinHash here. Pure.

Runs in a command's process.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

__all__ = ["LEAK", "NEAR_DUPLICATE", "Index", "measure_likeness", "split_lines", "split_pieces"]

NEAR_DUPLICATE = 0.8
"""Two prompts of one answer that are so much alike are one."""
LEAK = 0.5
"""A training prompt that is so much like a held-out one, whatever its numbers, is left out."""

Pieces = frozenset[str]
_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[^\s\w]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def split_pieces(text: str, *, masks_numbers: bool = False) -> Pieces:
    """Return the words of a text and its pairs of neighbours.

    Parameters
    ----------
    masks_numbers
        All numbers are the same: other values do not make another prompt.
    """
    lowered = text.lower()
    words = _WORD.findall(_NUMBER.sub("0", lowered) if masks_numbers else lowered)
    words = [word for word in words if word.isalnum()]
    return frozenset([*words, *map(" ".join, pairwise(words))])


def split_lines(source: str) -> Pieces:
    """Return the lines of a source without their indentation."""
    return frozenset(line.strip() for line in source.splitlines() if line.strip())


def measure_likeness(one: Pieces, other: Pieces) -> float:
    """Return the share of all pieces that two texts have in common, 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 1.0


class Index:
    """Finds those of many texts that are like another one.

    Parameters
    ----------
    texts
        The pieces of each text.
    bound
        How alike they have to be.
    """

    def __init__(self, texts: Sequence[Pieces], bound: float) -> None:
        self._texts = texts
        self._bound = bound
        self._frequency = Counter(piece for text in texts for piece in text)
        self._with: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            for piece in self._list_rarest(text):
                self._with[piece].append(number)

    def find(self, text: Pieces) -> Iterator[int]:
        """Yield the numbers of the texts that are so much like this one, in their order."""
        candidates = {n for piece in self._list_rarest(text) for n in self._with.get(piece, ())}
        for number in sorted(candidates):
            if measure_likeness(text, self._texts[number]) >= self._bound:
                yield number

    def _list_rarest(self, text: Pieces) -> list[str]:
        """Return the pieces of which two texts that are alike share at least one."""
        by_rarity = sorted(text, key=lambda piece: (self._frequency[piece], piece))
        return by_rarity[: len(text) - math.ceil(self._bound * len(text) - 1e-9) + 1]
