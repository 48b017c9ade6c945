"""Random values of a scene's parameters, within the ranges that its docstring allows."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

from shaperotator_magic.writing.library.scene_files import load_scenes


def draw_parameters(path: Path, seed: int) -> dict[str, Any]:
    """Return a value for every parameter of the scene at ``path`` but texts and expressions."""
    (scene,) = (s for s in load_scenes() if s.name == path.stem)
    generator = random.Random(f"{path.stem} {seed}")
    values = {p.name: _draw(p.kind, generator) for p in scene.parameters}
    return {name: value for name, value in values.items() if value is not None}


def _list_choices(kind: str) -> list[str]:
    return [word.strip() for word in kind[7:].split(",")]


def _read_bounds(kind: str) -> tuple[float, float] | None:
    found = re.search(r"\[(.+), (.+)\]", kind)
    return (float(found[1]), float(found[2])) if found else None


def _read_counts(kind: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", kind.partition("[")[0])]


def _draw(kind: str, generator: random.Random) -> Any:
    if kind.startswith("one of:"):
        return generator.choice(_list_choices(kind))
    bounds = _read_bounds(kind)
    return _draw_between(kind, bounds, generator) if bounds else None


def _draw_between(kind: str, bounds: tuple[float, float], generator: random.Random) -> Any:
    low, high = bounds
    count = _read_counts(kind)
    if kind.startswith("2x2"):
        return [_draw_numbers(2, low, high, generator) for _ in range(2)]
    if kind.startswith("points"):
        size = generator.randint(count[0], count[-1])
        return [_draw_numbers(2, low, high, generator) for _ in range(size)]
    if kind.startswith(("list", "vector")):
        return _draw_numbers(generator.randint(count[0], count[-1]), low, high, generator)
    if kind.startswith("integer"):
        return generator.randint(round(low), round(high))
    return _draw_numbers(1, low, high, generator)[0]


def _draw_numbers(
    count: int, low: float, high: float, generator: random.Random
) -> list[int | float]:
    """Whole numbers, numbers with two decimals and the ends of the range, mixed."""
    numbers: list[int | float] = []
    for _ in range(count):
        uniform = generator.uniform(low, high)
        whole = round(uniform) if low <= round(uniform) <= high else round(uniform, 1)
        numbers.append(generator.choice([whole, whole, round(uniform, 2), low, high]))
    return numbers
