"""How things look: colours, fills, labels, marks on graphs, directions. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.writing.composing.parsing.curves import open_parabola
from shaperotator_magic.writing.composing.parsing.phrases import starts_phrase
from shaperotator_magic.writing.composing.parsing.state import Reading
from shaperotator_magic.writing.composing.parsing.texts import read_said
from shaperotator_magic.writing.composing.plan import Step, Thing
from shaperotator_magic.writing.composing.scanning.tokens import Token
from shaperotator_magic.writing.composing.tables.looks import PALETTE


def read_colour(reading: Reading) -> bool:
    """A colour behind a thing: its own, or what it becomes."""
    colours = [str(reading.take().value)]
    while reading.peek_past("comma", "and").kind == "colour" and reading.peek().kind in {
        "comma", "and",
    }:  # fmt: skip
        reading.take_kind("comma")
        reading.take_kind("and")
        colours.append(str(reading.take().value))
    if reading.peek().kind == "background":
        reading.take()
        reading.plan.background = colours[0]
        return True
    return apply_colours(reading, colours)


def apply_colours(reading: Reading, colours: list[str]) -> bool:
    """Colour what was named, or let a step do so."""
    step = reading.step
    if step is not None and step.act in {"turn", "transform", "recolour", "fill", "move"}:
        if step.act != "fill":
            step.act = "recolour"
        step.colour = colours[0]
        return True
    thing = reading.named
    if thing is None:
        return False
    part = reading.take_kind("part")
    if part:
        thing.looks["outline"] = colours[0]
    elif reading.is_reference:
        reading.add_step(Step("recolour", reading.noun, colour=colours[0]))
    elif len(colours) > 1 and len(reading.noun) == 1:
        thing.colours = colours
    else:  # 'the letters A and B in red' are several things
        for number, ref in enumerate(reading.noun):
            reading.thing(ref).looks["colour"] = colours[number % len(colours)]
    return True


def read_letters(reading: Reading) -> bool:
    """'points A, B and C', 'triangle T': letters behind a thing name it."""
    before = reading.tokens[reading.at - 1] if reading.at else None
    token = reading.peek()
    is_letter = len(token.text) == 1 and token.text.isupper()
    if not is_letter or before is None or before.kind != "thing" or reading.named is None:
        return False
    return _take_labels(reading, reading.named)


def read_look(reading: Reading) -> bool:
    """'dashed' behind a thing."""
    look = reading.take().value
    assert isinstance(look, tuple)  # noqa: S101 - the table of looks ensures it
    if reading.named is None:
        return False
    if look[0] == "rounded":
        reading.named.kind = "rounded_rectangle"
        return True
    reading.named.looks[look[0]] = look[1]
    return True


def read_compared(reading: Reading) -> bool:
    """'bigger', 'twice as big'."""
    factor = float(str(reading.take().value))
    step = reading.step
    if step is not None and step.act in {"grow", "shrink"}:
        step.amount = factor
        return True
    targets = reading.noun or reading.subject
    if not targets:
        return False
    act = "grow" if factor > 1 else "shrink"
    if step is not None and step.act in {"turn", "transform", "move"}:
        step.act, step.amount = act, factor
        return True
    reading.add_step(Step(act, targets, amount=factor))
    return True


def read_label(reading: Reading) -> bool:
    """'labelled A', 'with the label "start"', 'named P and Q', 'with labels'."""
    reading.take()
    while (
        reading.peek().kind in {"label", "with", "in", "filler", "pronoun"}
        or reading.peek().text == "the"
    ):
        reading.take()
    if reading.named is None:
        return False
    return _take_labels(reading, reading.named)


def _take_labels(reading: Reading, thing: Thing) -> bool:
    labels: list[str] = []
    while _is_label(reading.peek()):
        labels.append(str(reading.take().text).strip("\"'“”$"))
        while reading.peek().kind in {"and", "comma"} and _is_label(reading.peek(1)):
            reading.take()
    if not labels and thing.count > 1:
        labels = [chr(ord("A") + k) for k in range(thing.count)]
    if len(labels) > 1 or thing.count > 1:
        thing.labels = tuple(labels)
    elif labels:
        thing.label = labels[0]
    return bool(labels)


def _is_label(token: Token) -> bool:
    """A text, a number, or a letter of its own such as A."""
    is_letter = len(token.text) == 1 and token.text.isalpha() and token.text != "a"
    return is_letter or token.kind in {"quote", "formula", "unknown", "number"}


def read_says(reading: Reading) -> bool:
    """'that says "Hi"'."""
    reading.take()
    if reading.named is None:
        return False
    token = reading.take_kind("quote")
    reading.named.label = str(token.value) if token else read_said(reading)
    return bool(reading.named.label)


def read_rainbow(reading: Reading) -> bool:
    """'in different colours', 'in three colours', 'in the colours red and blue'."""
    reading.take_kind("number")
    reading.take()
    if reading.peek().kind == "colour":
        return True
    for number, ref in enumerate(reading.noun or reading.list_shown()):
        thing = reading.thing(ref)
        thing.looks["rainbow"] = True
        if thing.count == 1:
            thing.looks["colour"] = PALETTE[number % len(PALETTE)]
    return True


def read_mark(reading: Reading) -> bool:
    """'roots', 'extrema', 'intersections' of graphs."""
    mark = str(reading.take().value)
    plotted = [ref for ref in reading.list_shown() if reading.row(ref).is_plotted]
    if not plotted:
        reading.marks.append(mark)
    for ref in plotted:
        thing = reading.thing(ref)
        thing.marks = (*thing.marks, mark)
    return bool(plotted) or any(t.kind == "equation" for t in reading.tokens)


def read_coloured(reading: Reading) -> bool:
    reading.take()
    reading.skip("in")
    token = reading.take_kind("colour")
    return token is not None and apply_colours(reading, [str(token.value)])


def read_pointing(reading: Reading) -> bool:
    reading.take()
    reading.skip("to", "in")
    token = reading.take_kind("side")
    if token is None:
        return starts_phrase(reading) or reading.peek().kind == "from"
    if open_parabola(reading.named, token.value):
        return True
    if reading.named is None:
        return False
    reading.named.looks["pointing"] = token.value
    return True


def read_orient(reading: Reading) -> bool:
    value = reading.take().value
    if reading.named is not None:
        reading.named.looks["pointing"] = value
    return True
