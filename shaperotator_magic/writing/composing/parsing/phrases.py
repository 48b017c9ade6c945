"""Parses noun phrases ('three small red circles', 'the second one', 'it') into things. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shaperotator_magic.writing.composing.parsing.references import Words, resolve
from shaperotator_magic.writing.composing.parsing.state import Reading
from shaperotator_magic.writing.composing.parsing.texts import (
    read_signs,
    read_unquoted,
    read_words_of_text,
)
from shaperotator_magic.writing.composing.plan import Equation, Ref, Thing
from shaperotator_magic.writing.composing.scanning.tokens import Token
from shaperotator_magic.writing.composing.tables.things import THINGS

_HEADS = frozenset(
    {"thing", "collection", "one", "pronoun", "quote", "formula", "equation", "graph of"}
)
_BEFORE = frozenset(
    {
        "article",
        "number",
        "colour",
        "look",
        "ordinal",
        "size",
        "arrange",
        "filler",
        "rainbow",
        "and",
        "side",
        "one",
    }
)
# From a direction to an index in a row or a column: leftmost and topmost are first.
_ORDINALS: dict[object, object] = {(-1, 0): 0, (1, 0): -1, (0, 1): 0, (0, -1): -1}
_OF_FORMULAS = frozenset({"graph", "surface", "space_curve"})
_ONE = frozenset({"axes", "points", "text", "formula"})
_LETTERS = frozenset({"letters", "the letters", "the numbers", "the digits"})
_GIVEN_BY = frozenset({"circle", "ellipse", "line", "parabola", "hyperbola"})
# 'write me a poem' asks for a text that is not there.
_ASKED = frozenset("me us my our please some down out up in one code".split())
_LONGEST_ALONE, _LONGEST_TEXT = 2, 6
_SHAPED = {"circle": "circle", "ring": "circle", "line": "row"}
_PLURAL_COUNT = 3
_CROSSED = (((-2.5, -1.5), (2.5, 1.5)), ((-2.5, 1.5), (2.5, -1.5)))
_MOST = 60
_EQUATION_KINDS = {
    "graph": "graph", "polar": "graph", "implicit": "graph", "parametric": "graph",
    "surface": "surface", "space curve": "space_curve",
}  # fmt: skip


def starts_phrase(reading: Reading) -> bool:
    """Return whether a noun phrase begins at the next token."""
    start = reading.at
    _read_words(reading)
    is_phrase = reading.peek().kind in _HEADS or (
        reading.at > start and reading.tokens[reading.at - 1].kind == "ordinal"
    )
    reading.at = start
    return is_phrase


def read_phrase(reading: Reading, *, is_target: bool = False) -> tuple[Ref, ...]:
    """Read a noun phrase; return what it names, None where none begins here."""
    if not starts_phrase(reading):
        return ()
    words = _read_words(reading)
    if reading.peek().kind not in _HEADS:
        return _read_ordinal(reading, words)
    head = reading.take()
    return _READERS[head.kind](reading, head, words, is_target)


def _read_ordinal(reading: Reading, words: Words) -> tuple[Ref, ...]:
    """'the second', 'the second of three squares'."""
    if reading.peek().kind != "of":
        return resolve(reading, "", words)
    reading.take()
    whole = read_phrase(reading)
    return resolve(reading, reading.thing(whole[0]).kind, words) if whole else ()


def _read_one(reading: Reading, _: Token, words: Words, is_target: bool) -> tuple[Ref, ...]:
    if words.article == "a" and words.looks and reading.named is not None:  # 'and a small one'
        return _add(reading, _last_kind(reading), words, is_target)
    return resolve(reading, "", words) or _add(reading, _last_kind(reading), words, is_target)


def _read_quote(reading: Reading, head: Token, words: Words, is_target: bool) -> tuple[Ref, ...]:
    kind = "formula" if head.kind == "formula" else "text"
    return _add(reading, kind, words, is_target, text=str(head.value))


def _read_equation(reading: Reading, head: Token, words: Words, is_target: bool) -> tuple[Ref, ...]:
    assert isinstance(head.value, Equation)  # noqa: S101 - the tokens ensure it
    return add_equation(reading, head.value, words, is_target)


def _read_words(reading: Reading) -> Words:
    words = Words()
    while reading.peek().kind in _BEFORE and not _ends_words(reading, words):
        token = reading.take()
        if token.kind == "and" and reading.take_kind("article"):  # 'a red and a blue circle'
            words.count = (words.count or 1) + 1
        elif token.kind == "one":
            words.count, words.article = 1, words.article or "a"
        else:
            _take_word(reading, words, token.kind, token.value)
    return words


def _counts(words: Words, following: str) -> bool:
    """Whether 'one' is a number: 'one red circle', and not 'the third one red'."""
    is_first = not words.article and words.ordinal is None and not words.colours
    return is_first and following in {"thing", "colour", "look"}


def _continues_colours(reading: Reading) -> bool:
    """'red and blue', 'a red and a blue circle'; 'a red circle and a blue square' are two."""
    kinds = [reading.peek(ahead).kind for ahead in (1, 2, 3)]
    return kinds[0] == "colour" or kinds == ["article", "colour", "thing"]


def _ends_words(reading: Reading, words: Words) -> bool:
    """Whether the next word belongs to no noun: 'and', '2 seconds', 'one' by itself, 'left'."""
    kind, following = reading.peek().kind, reading.peek(1).kind
    return (
        (kind == "and" and not (words.colours and _continues_colours(reading)))
        or (kind == "number" and following == "unit")
        or (kind == "one" and not _counts(words, following))
        or (kind == "side" and following not in {"one", "thing"})
    )


def _take_word(reading: Reading, words: Words, kind: str, value: Any) -> None:
    if kind == "article":
        words.article = words.article or str(value)
    elif kind == "number":
        _take_count(reading, words, float(value))
    elif kind == "colour":
        words.colours.append(str(value))
    elif kind == "look":
        words.looks[value[0]] = value[1]
    elif kind in {"ordinal", "side"}:
        words.ordinal = value if kind == "ordinal" else _ORDINALS.get(value, "middle")
    elif kind == "arrange":
        words.arrangement = str(value)
    elif kind == "size":
        words.measures.update(rows=float(value[0]), columns=float(value[1]))
        words.arrangement = words.arrangement or "grid"
    elif kind == "rainbow":
        words.looks["rainbow"] = True


def _take_count(reading: Reading, words: Words, number: float) -> None:
    is_gon = reading.peek().value == "polygon" and reading.peek().text.lower() == "gon"
    if is_gon or reading.take_kind("measure"):  # '12-gon', '7-sided'
        words.measures["corners"] = number
    elif number >= 1:
        words.count = min(_MOST, round(number))


# --- references -----------------------------------------------------------------------


def _resolve_pronoun(reading: Reading, head: Token, _: Words, __: bool) -> tuple[Ref, ...]:
    word = head.text.lower()
    if word.startswith(("all", "every", "the objects", "the shapes")):
        return tuple(reading.list_shown()[::-1])
    if word.startswith(("them", "they", "both", "each")):
        together = reading.noun or reading.subject
        groups = [ref for ref in together if reading.thing(ref).count > 1]
        if not groups and len(together) < 2:  # noqa: PLR2004 - 'them' are several
            return tuple(reading.list_shown()[::-1])
        return together
    shown = [ref for ref in reading.noun if not reading.thing(ref).is_target]
    return tuple(shown[-1:]) or reading.subject or tuple(reading.list_shown()[:1])


def _last_kind(reading: Reading) -> str:
    return reading.named.kind if reading.named else "circle"


# --- new things -----------------------------------------------------------------------


def _read_graph(reading: Reading, _: Token, words: Words, is_target: bool) -> tuple[Ref, ...]:
    """'the graph of sin(x)', 'the function', 'the curve'."""
    reading.skip("of", "graph of", "with")
    token = reading.peek()
    if token.kind == "equation":
        named = reading.named
        if named is not None and named.kind in _GIVEN_BY and not is_target:
            named.kind, named.equation = "graph", reading.take().value  # type: ignore[assignment]
            return reading.noun
        return _read_equation(reading, reading.take(), words, is_target)
    if token.kind == "thing" and THINGS[str(token.value)].equation:
        return _read_thing(reading, reading.take(), words, is_target)
    plotted = [ref for ref in reading.list_shown() if reading.row(ref).family == "curve"]
    return tuple(plotted[:1])


def _read_thing(reading: Reading, head: Token, words: Words, is_target: bool) -> tuple[Ref, ...]:
    kind = str(head.value)
    is_plural = _is_plural(kind, head.text.lower())
    defined = _read_special(reading, kind, words, is_target, is_plural=is_plural)
    if defined:
        return defined
    is_new = words.article == "a" or (words.count and not words.article) or is_target
    known = () if is_new else resolve(reading, kind, words)
    if known:
        return known
    if isinstance(words.ordinal, int) and not words.article and not words.looks:
        return ()  # 'second wave'
    return _add_named(reading, head, words, is_target)


def _is_plural(kind: str, name: str) -> bool:
    return name not in THINGS[kind].words and name.endswith(("s", "ae", "ra", "i"))


def _add_named(reading: Reading, head: Token, words: Words, is_target: bool) -> tuple[Ref, ...]:
    """Add what a noun names for the first time."""
    kind, name = str(head.value), head.text.lower()
    is_plural = _is_plural(kind, name)
    if kind == "text" and name in _LETTERS:
        words.count = None
        return tuple(
            ref
            for sign in read_signs(reading)
            for ref in _add(reading, "text", words, is_target, text=sign)
        )
    if kind in {"dot", "graph"} and _has_points(reading):
        kind = "points" if is_plural or kind == "graph" else kind
    elif kind == "graph":
        return ()  # of no formula
    is_text = THINGS[kind].family == "text"
    text = read_words_of_text(reading, kind, name, words) if is_text else ""
    if is_text and not text:
        return ()
    if is_plural and words.count is None and not words.article and kind not in _ONE:
        words.count = _PLURAL_COUNT
    return _add(reading, kind, words, is_target, text=text)


def _read_collection(
    reading: Reading, head: Token, words: Words, is_target: bool
) -> tuple[Ref, ...]:
    """'the five Platonic solids': each of them."""
    kinds = head.value
    assert isinstance(kinds, tuple)  # noqa: S101 - the lexicon ensures it
    if words.count not in {None, len(kinds)}:
        return ()
    words.count = None
    return tuple(ref for kind in kinds for ref in _add(reading, kind, words, is_target))


def _read_special(
    reading: Reading, kind: str, words: Words, is_target: bool, *, is_plural: bool
) -> tuple[Ref, ...]:
    """'a circle of dots', 'the vectors (2, 1) and (1, 3)', 'the parabola y = x^2'."""
    if kind in _SHAPED and _names_members(reading):
        return _read_members(reading, _SHAPED[kind], is_target)
    if kind == "arrow" and is_plural and _has_points(reading):
        return _read_vectors(reading, words)
    return _read_defined(reading, kind, words, is_target)


def _read_defined(reading: Reading, kind: str, words: Words, is_target: bool) -> tuple[Ref, ...]:
    """Read a formula or a name that identifies a curve or surface."""
    if kind in _OF_FORMULAS:
        reading.skip("of", "graph of")
    if reading.peek().kind == "comma" and reading.peek(1).kind == "equation":
        reading.take()
    following = reading.peek()
    if following.kind == "equation" and kind != "formula":
        return _read_equation(reading, reading.take(), words, is_target)
    is_named = following.kind == "thing" and THINGS[str(following.value)].equation is not None
    if kind in _OF_FORMULAS and is_named:
        return _read_thing(reading, reading.take(), words, is_target)
    return ()


def _names_members(reading: Reading) -> bool:
    """Whether 'circle of' goes on with what stands in it: 'a circle of 8 dots'."""
    following = reading.peek(1)
    is_many = following.kind == "number" and reading.peek(2).kind in {"thing", "colour", "look"}
    return reading.peek().kind == "of" and (is_many or following.kind == "thing")


def _read_members(reading: Reading, arrangement: str, is_target: bool) -> tuple[Ref, ...]:
    reading.take()
    words = _read_words(reading)
    words.arrangement = arrangement
    return _read_thing(reading, reading.take(), words, is_target)


def _read_vectors(reading: Reading, words: Words) -> tuple[Ref, ...]:
    """'the vectors (2, 1) and (-1, 3)', each from the origin."""
    refs: tuple[Ref, ...] = ()
    words.count = 1
    while reading.peek_past("filler", "comma", "and").kind == "point":
        reading.skip("comma", "and")
        added = _add(reading, "arrow", words, is_target=False)
        reading.thing(added[0]).points = ((0.0, 0.0), reading.take().value)  # type: ignore[assignment]
        refs = (*refs, *added)
    return refs


def _has_points(reading: Reading) -> bool:
    return reading.peek_past("filler", "at", "comma").kind == "point"


def read_words_to_write(reading: Reading) -> tuple[Ref, ...]:
    """Read what is to be written where it stands in no quotation marks."""
    first = reading.peek()
    is_asked = first.kind == "article" or (first.kind == "filler" and first.text in _ASKED)
    if is_asked and not first.text[:1].isupper():
        return ()
    start = reading.at
    text = read_unquoted(reading, "text")
    most = _LONGEST_ALONE if reading.peek().kind in {"end", "stop"} else _LONGEST_TEXT
    is_long = len(text.split()) > most or reading.peek().kind == "for"  # a task
    if not text[:1].isupper() and is_long:
        reading.at, text = start, ""
    return _add(reading, "text", Words(), is_target=False, text=text) if text else ()


def add_equation(
    reading: Reading, equation: Equation, words: Words | None = None, is_target: bool = False
) -> tuple[Ref, ...]:
    """Add what a formula draws."""
    refs = _add(reading, _EQUATION_KINDS[equation.kind], words or Words(), is_target)
    thing = reading.thing(refs[0])
    thing.equation = equation
    thing.marks, reading.marks = (*thing.marks, *reading.marks), []
    return refs


def _add(
    reading: Reading, kind: str, words: Words, is_target: bool, *, text: str = ""
) -> tuple[Ref, ...]:
    thing = Thing(kind, looks=dict(words.looks), measures=dict(words.measures), text=text)
    thing.equation = None
    row = THINGS[kind]
    if row.equation is not None:
        thing.equation = Equation(*row.equation)
    rows, columns = words.measures.get("rows"), words.measures.get("columns")
    if kind not in {"table", "plane", "axes"} and row.family in {"flat", "line", "text", "solid"}:
        thing.count = words.count or 1
        if rows and columns:
            thing.count = min(_MOST, int(rows * columns))
        elif words.arrangement and words.count is None:
            thing.count = 9 if words.arrangement == "grid" else 5
    thing.arrangement = words.arrangement
    if len(words.colours) == 1:
        thing.looks["colour"] = words.colours[0]
    elif words.colours:
        thing.colours = words.colours
    thing.is_target = is_target
    ref = reading.add_thing(thing)
    if not is_target:
        reading.introduce(ref)
    if kind == "line" and thing.arrangement == "overlapping" and thing.count == len(_CROSSED):
        return (ref, *_cross(reading, thing))
    return (ref,)


def _cross(reading: Reading, line: Thing) -> tuple[Ref, ...]:
    """'two intersecting lines' cross in the middle."""
    line.count, line.arrangement = 1, ""
    other = replace(line, looks=dict(line.looks), points=_CROSSED[1])
    line.points = _CROSSED[0]
    ref = reading.add_thing(other)
    reading.introduce(ref)
    return (ref,)


_READERS: dict[str, Callable[[Reading, Token, Words, bool], tuple[Ref, ...]]] = {
    "pronoun": _resolve_pronoun, "one": _read_one, "graph of": _read_graph, "quote": _read_quote,
    "formula": _read_quote, "equation": _read_equation, "thing": _read_thing,
    "collection": _read_collection,
}  # fmt: skip
