"""Values for the parameters of a library scene, drawn by seed, as people would choose them. Pure.

Runs in a command's process.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

from shaperotator_magic.pipeline.exploring.ranges import choose_step
from shaperotator_magic.writing.assigning.accepting import Accepts
from shaperotator_magic.writing.assigning.slots import Slot

_WIDE = 20  # a range this wide is filled with whole numbers
_NARROW = 2  # in a range this narrow there are too few whole numbers
_MANY, _TENS = 100, 10  # of so many whole numbers people name round ones
_MOST_ENTRIES = 6


def make_random(seed: int, *names: object) -> random.Random:
    """Return a generator for what has these names: nothing else changes what it draws."""
    return random.Random(" ".join(map(str, (seed, *names))))  # noqa: S311 - to be repeated


def draw_value(slot: Slot, listed: Sequence[Any], rng: random.Random) -> Any:
    """Return a value of a parameter; None where nothing can be drawn.

    Parameters
    ----------
    listed
        Values to choose from, where the range alone gives poor ones.
    """
    if listed:
        return rng.choice(listed)
    accepts = slot.accepts
    if accepts.form == "one of":
        return rng.choice(accepts.choices)
    if accepts.form in {"text", "expression"} or slot.name == "SEED":
        return None
    return _draw_numbers(accepts, rng)


def _draw_numbers(accepts: Accepts, rng: random.Random) -> Any:
    if accepts.form in {"number", "integer"}:
        return _draw_number(accepts, rng)
    count = rng.randint(accepts.fewest, min(accepts.most, max(accepts.fewest, _MOST_ENTRIES)))
    if accepts.form == "matrix":
        rows, columns = range(accepts.fewest), range(accepts.most)
        return [[_draw_whole(accepts, rng) for _ in columns] for _ in rows]
    if accepts.form == "points":
        return [[_draw_whole(accepts, rng, 9), _draw_whole(accepts, rng, 9)] for _ in range(count)]
    return [_draw_whole(accepts, rng) for _ in range(count)]


def _draw_whole(accepts: Accepts, rng: random.Random, most: int = 99) -> float:
    low, high = accepts.low, accepts.high
    if high - low < _NARROW:
        return round(rng.uniform(low, high), 1)
    return rng.randint(max(math.ceil(low), -min(most, 9)), min(math.floor(high), most))


def _draw_number(accepts: Accepts, rng: random.Random) -> float:
    low, high = accepts.low, accepts.high
    if accepts.form == "integer":
        number = rng.randint(round(low), round(high))
        return min(round(high), -(-number // _TENS) * _TENS) if high - low > _MANY else number
    step = choose_step(low, high, is_whole=high - low >= _WIDE, is_single=False)
    steps = rng.randint(1, max(1, int((high - low) / step) - 1))
    value = round((low // step) * step + steps * step, 6)
    value = min(max(value, low), high)
    return int(value) if value == int(value) else value
