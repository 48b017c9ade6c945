"""Computes what is marked on graphs: roots, extrema, intersections, asymptotes. Pure.

A function is evaluated from its parsed formula, by arithmetic alone; no Python source is executed.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from itertools import combinations

from shaperotator_magic.writing.composing.functions.ranges import Pair, Point, find_periodic_reach
from shaperotator_magic.writing.composing.functions.sampling import (
    build_function,
    find_extrema,
    find_limits,
    find_poles,
    find_roots,
)
from shaperotator_magic.writing.composing.plan import Equation, Thing

_REACH = 20.0
_MOST_MARKS = 8


def find_features(things: list[Thing]) -> dict[int, list[Point]]:
    """Return by thing the points that are to be marked; intersections are those of the first."""
    found: dict[int, list[Point]] = {}
    graphs = [
        (n, thing)
        for n, thing in enumerate(things)
        if thing.equation is not None and thing.equation.kind == "graph"
    ]
    for n, thing in graphs:
        assert thing.equation is not None  # noqa: S101 - chosen above
        f = build_function(thing.equation.codes[0])
        low, high = thing.range or _find_reach(thing.equation)
        points: list[Point] = []
        if "roots" in thing.marks:
            points += [(x, 0.0) for x in find_roots(f, low, high)]
        if "extrema" in thing.marks:
            points += [(x, f(x)) for x in find_extrema(f, low, high)]
        found[n] = points[:_MOST_MARKS]
    for (n, first), (_, second) in combinations(graphs, 2):
        if "intersections" in first.marks:
            found[n] += _intersect(first, second)
    return {n: [(round(x, 4) + 0.0, round(y, 4) + 0.0) for x, y in ps] for n, ps in found.items()}


def _find_reach(equation: Equation) -> Pair:
    reach = find_periodic_reach([equation]) or _REACH
    return -reach, reach


def _intersect(first: Thing, second: Thing) -> list[Point]:
    assert first.equation is not None and second.equation is not None  # noqa: S101
    f, g = (build_function(t.equation.codes[0]) for t in (first, second) if t.equation)
    low, high = first.range or _find_reach(first.equation)
    assert second.equation is not None  # noqa: S101 - chosen by the caller
    reach = _find_reach(second.equation)
    low, high = max(low, reach[0]), min(high, reach[1])
    return [(x, f(x)) for x in find_roots(lambda x: f(x) - g(x), low, high)][:_MOST_MARKS]


def find_asymptotes(things: list[Thing]) -> list[tuple[float | None, float | None]]:
    """Return the asymptotes that are to be marked: (x, None) or (None, y)."""
    found: list[tuple[float | None, float | None]] = []
    for thing in things:
        equation = thing.equation
        if equation is None or equation.kind != "graph" or "asymptotes" not in thing.marks:
            continue
        f = build_function(equation.codes[0])
        found += [(x, None) for x in find_poles(f, *(thing.range or _find_reach(equation)))]
        found += [(None, y) for y in find_limits(f)]
    return found[:_MOST_MARKS]
