"""How far two people who graded the same results agree: Cohen's kappa. Pure.

Runs in a command's process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Agreement", "measure_agreement"]


@dataclass(frozen=True)
class Agreement:
    """Of two graders: how many results both graded, how often alike, and kappa.

    ``kappa`` is 1 where they always agree and 0 where they agree as often as chance would have it;
    None where chance alone explains all: one grade was all that both gave.
    """

    count: int
    alike: int
    kappa: float | None

    def __str__(self) -> str:
        if not self.count:
            return "no result that both graded"
        kappa = "not defined: one grade alone" if self.kappa is None else f"{self.kappa:.2f}"
        return f"{self.alike}/{self.count} alike, Cohen's kappa {kappa}"


def measure_agreement(ours: Mapping[str, str], theirs: Mapping[str, str]) -> Agreement:
    """Return the agreement of two graders, of grades by identifier."""
    shared = sorted(set(ours) & set(theirs))
    count = len(shared)
    if not count:
        return Agreement(0, 0, None)
    alike = sum(ours[name] == theirs[name] for name in shared)
    first, second = (Counter(grades[name] for name in shared) for grades in (ours, theirs))
    chance = sum(first[grade] * second[grade] for grade in first) / count**2
    kappa = None if chance == 1 else (alike / count - chance) / (1 - chance)
    return Agreement(count, alike, kappa)
