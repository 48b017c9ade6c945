"""Composes a short scene of the mobjects that a sentence names, or returns None. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from shaperotator_magic.writing.composing.codegen.extents import list_clipped
from shaperotator_magic.writing.composing.codegen.scene import write_scene
from shaperotator_magic.writing.composing.describing import describe_plan
from shaperotator_magic.writing.composing.functions.sampling import build_function, spread
from shaperotator_magic.writing.composing.parsing.clauses import read_sentence
from shaperotator_magic.writing.composing.parsing.state import Reading
from shaperotator_magic.writing.composing.plan import Plan
from shaperotator_magic.writing.composing.scanning.tokens import Token, tokenise
from shaperotator_magic.writing.composing.tables.things import THINGS
from shaperotator_magic.writing.reading.values import Value

_LONGEST = 600
_BESIDE = 0.6  # of a thing whose neighbour is unknown: 'Pascal's triangle' is no triangle
_MOST_NAMED = 2
# The subject of a chart does not decide how it looks.
_OF_ANYTHING = frozenset({"bar_chart", "pie_chart", "table"})
_NAMED = frozenset({"thing", "collection", "equation"})


@dataclass(frozen=True)
class Composition:
    """A scene made of what a sentence names.

    ``share`` is the part of the sentence that was understood, weighted by its words; ``understood``
    describes it in short phrases, ``unknown`` has the words that were not understood.
    """

    source: str
    scene_name: str
    share: float
    unknown: tuple[str, ...]
    understood: tuple[str, ...]
    title: str


def compose(text: str, values: tuple[Value, ...] = ()) -> Composition | None:
    """Return a scene of the things that a sentence names; None where it names none.

    Parameters
    ----------
    text
        One or more sentences in English.
    values
        Values that the sentence does not spell out, such as variables of the kernel: a list of
        numbers becomes the bars of a chart or the cells of a table.
    """
    if len(text) > _LONGEST:
        return None
    tokens = tokenise(text)
    reading = read_sentence(tokens, text)
    _take_values(reading, values)
    if not reading.list_shown() or _mixes_axes(reading.plan) or _has_no_values(reading.plan):
        return None
    understood = describe_plan(reading.plan)
    name = name_scene(reading.plan)
    is_plotted = any(THINGS[thing.kind].is_plotted for thing in reading.plan.things)
    clipped = [
        note
        for thing in reading.plan.things
        for note in ([] if is_plotted else list_clipped(thing))
    ]
    return Composition(
        source=write_scene(reading.plan, name),
        scene_name=name,
        share=measure_share(reading),
        unknown=(*(token.text for token in reading.unknown), *clipped),
        understood=tuple(understood),
        title=_write_title(understood),
    )


def _mixes_axes(plan: Plan) -> bool:
    """Whether graphs in the plane and things in space are wanted at once: no camera shows both."""
    rows = [THINGS[thing.kind] for thing in plan.things]
    is_in_space = any(row.is_in_space or row.family == "axes in space" for row in rows)
    return is_in_space and any(row.family in {"curve", "axes", "chart"} for row in rows)


def _has_no_values(plan: Plan) -> bool:
    """Whether a graph is wanted of what has no value anywhere, such as the root of -1 - x^2."""
    functions = [
        build_function(thing.equation.codes[0])
        for thing in plan.things
        if thing.equation is not None and thing.equation.kind == "graph"
    ]
    return any(all(math.isnan(f(x)) for x in spread(-20, 20, 161)) for f in functions)


def _take_values(reading: Reading, values: tuple[Value, ...]) -> None:
    """Give lists that stand outside the sentence to a chart that has none of its own."""
    lists = [value.value for value in values if value.kind == "list" and value.start == value.end]
    for thing in reading.plan.things:
        if lists and thing.kind in _OF_ANYTHING and not thing.numbers and not thing.rows:
            thing.numbers = tuple(float(number) for number in lists.pop(0))


def measure_share(reading: Reading) -> float:
    """Return how much of a sentence was understood, in 0..1."""
    unknown = [token for token in reading.unknown if token.text.strip()]
    known = [t for t in reading.tokens if t.is_content or t.kind in {"equation", "quote", "list"}]
    good = [token for token in known if token not in unknown]
    total = len(good) + sum(map(_weigh, unknown))
    share = len(good) / total if total else 0.0
    if _is_other_thing(reading.tokens, unknown):
        share *= _BESIDE
    return round(share, 3)


def _weigh(token: Token) -> float:
    return {
        "unknown": 1.0,
        "number": 0.7,
        "list": 0.7,
        "mark": 1.0,
        "thing": 1.0,
        "graph of": 1.0,
        "joins": 1.0,
    }.get(token.kind, 0.5)


def _is_other_thing(tokens: list[Token], unknown: list[Token]) -> bool:
    """Whether a word beside a thing makes it another one: 'Pascal's triangle', 'square wave'."""
    if [token.kind for token in tokens] in (["thing", "side"], ["thing", "particle"]):
        return True  # 'square up', 'cross out'
    for first, second in pairwise(tokens):
        kinds = {first.kind, second.kind}
        if first in unknown and first.kind == "unknown" and second.kind in {"of", *_NAMED}:
            return True
        if second in unknown and second.kind == "unknown" and first.kind in _NAMED:
            return True
        if kinds == {"thing"} and not _is_graph_of(first, second):
            return True
    return any(
        first.kind in _NAMED
        and first.value not in _OF_ANYTHING
        and second.kind == "of"
        and third in unknown
        for first, second, third in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )


def _is_graph_of(first: Token, second: Token) -> bool:
    """'parabola graph', 'graph cosine' are one thing."""
    values = [str(first.value), str(second.value)]
    is_curve = all(THINGS[v].equation is not None or v == "graph" for v in values)
    return is_curve and bool({"graph", "surface"} & set(values))


def name_scene(plan: Plan) -> str:
    """Return a class name from what a scene shows: ``SquareAndCircleScene``, ``CubeTurnScene``."""
    kinds = list(dict.fromkeys(thing.kind for thing in plan.things))[:_MOST_NAMED]
    acts = [step.act for step in plan.steps if step.act not in {"introduce", "draw", "wait"}][:1]
    parts = ["And".join(map(_join_words, kinds)), *map(_join_words, acts)]
    return "".join(parts) + "Scene"


def _join_words(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _write_title(understood: list[str]) -> str:
    title = ", ".join(understood)
    return title[:1].upper() + title[1:]
