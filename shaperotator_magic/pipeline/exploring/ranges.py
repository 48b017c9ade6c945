"""The range of a constant: as the comment beside it says it, else as its value suggests. Pure.

Runs wherever results are shown: in a kernel, a service or ``share``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_NUMBER = r"[-+−]?(?:\d+(?:\.\d*)?(?:[eE][-+]?\d+)?\s*\*?\s*(?:π|pi\b)?|\.\d+|π|pi\b)"
_BETWEEN = r"\s*(?:\bto\b|\.{2,3}|…|–|—|,|;|\band\b|(?<=[\d\s])-(?=[\d\s]))\s*"
_RANGE = re.compile(rf"(?<![\w.])({_NUMBER}){_BETWEEN}({_NUMBER})(?![\w.]*\d)", re.IGNORECASE)
_STEP = re.compile(rf"\bsteps?\b(?:\s+of)?\s*:?\s*({_NUMBER})", re.IGNORECASE)
_CHOICES = re.compile(r"\s*(?:,|;|\||/|\bor\b)\s*")
_STEPS = 100
_COARSE_STEPS = 20  # of each entry of a vector or matrix
_LARGEST_STEPS = (5, 2, 1)


@dataclass(frozen=True)
class Range:
    """What a number may be, and how far the next value is; ``is_given`` by the writer."""

    low: float
    high: float
    step: float
    is_given: bool


def read_range(comment: str, value: Any) -> Range:
    """Return the range of a number or of the numbers in a list, from the comment if it has one."""
    numbers = list(flatten(value))
    is_whole = all(isinstance(number, int) for number in numbers)
    is_single = not isinstance(value, list)
    given = _RANGE.search(comment)
    bounds = (_read_number(given[1]), _read_number(given[2])) if given else (0.0, 0.0)
    is_given = bounds[0] < bounds[1] and all(bounds[0] <= n <= bounds[1] for n in numbers)
    low, high = bounds if is_given else _suggest_bounds(numbers, is_single=is_single)
    step = _STEP.search(comment)
    if step and _read_number(step[1]) > 0:
        return Range(low, high, _read_number(step[1]), is_given)
    return Range(
        low, high, choose_step(low, high, is_whole=is_whole, is_single=is_single), is_given
    )


def read_choices(comment: str, value: str) -> tuple[str, ...]:
    """Return the words that a comment offers instead of a text; none where it is not among them."""
    words = comment.partition(":")[2] if ":" in comment else comment
    choices = tuple(part.strip(" '\"`.") for part in _CHOICES.split(words))
    return choices if value in choices and len(choices) > 1 else ()


def choose_step(low: float, high: float, *, is_whole: bool, is_single: bool) -> float:
    """Return a round step of which about a hundred lead from one end of a range to the other.

    In a vector or matrix about twenty do. Whole numbers stay whole where the range is wide.
    """
    wide = high - low
    if is_whole and is_single and wide >= 1:
        return 1
    exact = wide / (_STEPS if is_single else _COARSE_STEPS)
    if exact <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(exact))
    factor = next(f for f in _LARGEST_STEPS if f * power <= exact * (1 + 1e-9))
    return float(f"{factor * power:.6g}")


def flatten(value: Any) -> Iterator[float]:
    """Yield the numbers of a number, list or list of lists."""
    if isinstance(value, list | tuple):
        for part in value:
            yield from flatten(part)
    else:
        yield value


def _suggest_bounds(numbers: list[float], *, is_single: bool) -> tuple[float, float]:
    largest = max(map(abs, numbers), default=1) or 1
    top = _round_up(2 * largest)
    if not is_single or min(numbers, default=0) <= 0:
        return -top, top
    if all(isinstance(number, int) for number in numbers):
        return 1, max(top, 5)
    return float(f"{_round_up(largest / 10) / 2:.6g}"), top


def _round_up(number: float) -> float:
    """Return the next of 1, 2, 5, 10, 20 … that is not smaller."""
    power = 10.0 ** math.floor(math.log10(number))
    return float(
        f"{next(f for f in (1, 2, 5, 10) if f * power >= number * (1 - 1e-9)) * power:.6g}"
    )


def _read_number(text: str) -> float:
    plain = text.replace("−", "-").replace(" ", "").replace("*", "").lower()
    for name in ("π", "pi"):
        if plain.endswith(name):
            factor = plain.removesuffix(name)
            return math.pi * float(f"{factor}1" if factor in {"", "+", "-"} else factor)
    return float(plain)
