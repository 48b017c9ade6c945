"""BM25 over rows of terms, after Robertson and Zaragoza (2009), as bm25s computes it. Pure.

"The Probabilistic Relevance Framework: BM25 and Beyond".

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence


class Ranking:
    """Rows of terms, and how well each fits a question.

    ``rarity`` is the inverse document frequency of every term, above 0.

    Parameters
    ----------
    rows
        At least one; a term that counts more stands there more often.
    """

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        import bm25s  # a few commands alone need it

        found = Counter(term for row in rows for term in set(row))
        self.rarity = {term: math.log(1 + len(rows) / count) for term, count in found.items()}
        self._ranker = bm25s.BM25(k1=1.2, b=0.6)
        self._ranker.index([list(row) for row in rows], show_progress=False)
        self._count = len(rows)

    def score(self, asked: Sequence[str]) -> list[float]:
        """Return a score for each row, 0 where it has none of the terms that are asked for."""
        known = [term for term in asked if term in self.rarity]
        if not known:
            return [0.0] * self._count
        return [float(score) for score in self._ranker.get_scores(known)]
