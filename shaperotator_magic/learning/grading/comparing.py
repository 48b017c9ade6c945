"""Two runs over the same prompts, compared pair by pair: a model before and after its training.

The share of prompts that came out well is compared with the loop off (the first reply, as it was
written) and with it on (corrections, repairs, further attempts). Which differences are more than
chance is decided by a paired bootstrap and McNemar's exact test, so a training that makes a model
worse is reported as that.

Runs in a command's process.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Generation
from shaperotator_magic.learning.grading.figures import (
    Rate,
    has_clean_first,
    list_flaws,
    ran_untouched,
)

__all__ = ["Paired", "compare_runs", "conclude", "find_interval", "find_p_value"]

_RESAMPLES = 10_000
_SEED = 1
_LEVEL = 0.05
MEASURES: tuple[tuple[str, Callable[[Generation], bool]], ...] = (
    ("loop off: the first reply runs as it is", ran_untouched),
    ("loop off: and shows no major flaw", has_clean_first),
    ("loop on: shown at the end", lambda g: g.status == "completed"),
    (
        "loop on: shown without a major flaw",
        lambda g: g.status == "completed" and not list_flaws(g),
    ),
)


@dataclass(frozen=True)
class Paired:
    """One measure of two runs; ``gained`` are prompts that only the second run got right."""

    name: str
    before: Rate
    after: Rate
    gained: int
    lost: int
    interval: tuple[float, float]
    p_value: float

    @property
    def difference(self) -> float:
        """How much the second run's share is larger."""
        return (self.gained - self.lost) / self.before.total if self.before.total else 0.0

    @property
    def verdict(self) -> str:
        """``better``, ``worse``, or that this many prompts do not show a difference."""
        low, high = self.interval
        if self.p_value < _LEVEL and low > 0:
            return "better"
        if self.p_value < _LEVEL and high < 0:
            return "worse"
        return "no difference shown"

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{self.difference:+.0%} (95 % {low:+.0%} to {high:+.0%}), {self.gained} gained, "
            f"{self.lost} lost, p {self.p_value:.2g}: {self.verdict}"
        )


def compare_runs(before: Mapping[str, Generation], after: Mapping[str, Generation]) -> list[Paired]:
    """Return the measures of two runs over the prompts that both have, by identifier.

    Raises
    ------
    ConfigurationError
        They have no prompt in common, or one identifier names two prompts.
    """
    shared = [name for name in before if name in after]
    if not shared:
        raise ConfigurationError(
            "The two runs have no prompt in common.", hint="Run both on the same file of prompts."
        )
    other = next((n for n in shared if before[n].prompt.text != after[n].prompt.text), None)
    if other is not None:
        raise ConfigurationError(
            f"Prompt {other} is not the same in both runs.",
            hint="Run both on the same file of prompts.",
        )
    pairs = [(before[name], after[name]) for name in shared]
    return [_pair(name, [(is_good(a), is_good(b)) for a, b in pairs]) for name, is_good in MEASURES]


def _pair(name: str, hits: Sequence[tuple[bool, bool]]) -> Paired:
    gained, lost = hits.count((False, True)), hits.count((True, False))
    return Paired(
        name=name,
        before=Rate(sum(a for a, _ in hits), len(hits)),
        after=Rate(sum(b for _, b in hits), len(hits)),
        gained=gained,
        lost=lost,
        interval=find_interval([int(b) - int(a) for a, b in hits]),
        p_value=find_p_value(gained, lost),
    )


def find_interval(differences: Sequence[int]) -> tuple[float, float]:
    """Return the 95 % interval of a mean of differences, by resampling the pairs."""
    drawn = np.random.default_rng(_SEED).choice(
        np.asarray(differences, dtype=float), size=(_RESAMPLES, len(differences))
    )
    low, high = np.percentile(drawn.mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def find_p_value(gained: int, lost: int) -> float:
    """Return how likely so uneven a count is where both runs are equally good (McNemar, exact)."""
    total, fewer = gained + lost, min(gained, lost)
    tail: float = sum(math.comb(total, k) for k in range(fewer + 1)) / 2**total
    return min(1.0, 2 * tail)


def conclude(pairs: Sequence[Paired], before: str, after: str) -> str:
    """Return the sentence that the whole comparison comes to."""
    worse = "; ".join(pair.name for pair in pairs if pair.verdict == "worse")
    better = "; ".join(pair.name for pair in pairs if pair.verdict == "better")
    if worse and better:
        return f"{after} wins in one and loses in another. Better: {better}. Worse: {worse}."
    if worse:
        return f"{after} loses to {before}. Worse: {worse}."
    if better:
        return f"{after} wins over {before}. Better: {better}."
    count = pairs[0].before.total
    return f"{count} prompts show no difference between {before} and {after}."
