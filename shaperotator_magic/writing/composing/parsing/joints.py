"""Small words: order, time, repetition, axes. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.writing.composing.parsing.positions import read_side, set_place
from shaperotator_magic.writing.composing.parsing.state import Reading
from shaperotator_magic.writing.composing.plan import Place


def read_pass(reading: Reading) -> bool:
    reading.take()
    return True


def read_stop(reading: Reading) -> bool:
    reading.take()
    reading.step, reading.is_new_moment = None, True
    return True


def read_comma(reading: Reading) -> bool:
    reading.take()
    if reading.peek_past("and", "then", "filler").kind == "act":
        reading.step = None
    return True


def read_while(reading: Reading) -> bool:
    reading.take()
    if reading.plan.steps and not reading.is_new_moment:
        reading.is_together = True
    else:
        reading.is_while_open = True
    reading.step = None
    return True


def read_together(reading: Reading) -> bool:
    reading.take()
    changes = [s for s in reading.plan.steps if s.act != "introduce"]
    if len(changes) > 1:
        changes[-1].is_together = True
    elif reading.peek().kind != "end":
        reading.is_together = True
    return True


def read_after(reading: Reading) -> bool:
    """'after 2 seconds'; 'after the circle disappears' comes first as it is written first."""
    reading.take()
    if reading.peek().kind == "number" and reading.peek(1).kind == "unit":
        seconds = float(str(reading.take().value))
        reading.take()
        reading.delay_s = min(seconds, 10.0)
    reading.step, reading.is_new_moment = None, True
    return True


def read_times(reading: Reading) -> bool:
    value = int(str(reading.take().value))
    if reading.step is None:
        return False
    reading.step.times = value
    return True


def read_speed(reading: Reading) -> bool:
    seconds = float(str(reading.take().value))
    if reading.step is not None and reading.step.duration_s is None:
        reading.step.duration_s = seconds
    else:
        reading.speed_s = seconds
    return True


def read_by(reading: Reading) -> bool:
    reading.take()
    reading.skip("in")
    token = reading.peek()
    step = reading.step
    if token.kind == "side" and step is not None:
        return read_side(reading)
    if token.kind in {"relation", "thing"}:
        return True
    if token.kind == "point" and step is not None and step.act == "move":
        point = reading.take().value
        step.place = Place(point=point, relation="by")  # type: ignore[arg-type]
        return True
    return token.kind in {"number", "turned", "unit", "times", "size"}


def read_axis(reading: Reading) -> bool:
    axis = reading.take().value
    assert isinstance(axis, tuple)  # noqa: S101 - the lexicon ensures it
    if not axis and (reading.step is None or reading.effect_of(reading.step) == "comes"):
        others = tuple(ref for ref in reading.list_shown() if ref not in reading.noun)[:1]
        return bool(others) and set_place(reading, Place(relation="inside", others=others))
    if reading.step is None:
        return False
    reading.step.axis = axis or None
    return True


def read_turned(reading: Reading) -> bool:
    degrees = float(str(reading.take().value))
    if reading.step is None or reading.step.act not in {"turn", "move", "flip"}:
        return False
    if reading.step.act == "flip":
        reading.step.axis = (1, 0, 0)
        return True
    reading.step.act, reading.step.angle = "turn", degrees
    return True


def read_sense(reading: Reading) -> bool:
    sense = int(str(reading.take().value))
    if reading.step is None:
        return False
    reading.step.angle = sense * abs(reading.step.angle or 360.0)
    return True


def read_unit(reading: Reading) -> bool:
    """A unit without a number has no meaning."""
    reading.take()
    return False


def read_from_nothing(reading: Reading) -> bool:
    """'a circle grows from nothing'."""
    reading.take()
    step = reading.step
    plain = next((s for s in reading.plan.steps if step and s.targets == step.targets), None)
    if step is None or plain is None or plain.act != "introduce" or step.act != "grow":
        return False
    reading.plan.steps.remove(step)
    plain.act, plain.duration_s, reading.step = "pop_up", step.duration_s, plain
    return True


def read_away(reading: Reading) -> bool:
    """'shrinks to a point'."""
    reading.take()
    if reading.step is None or reading.step.act != "shrink":
        return False
    reading.step.act = "shrink_away"
    return True


def read_back(reading: Reading) -> bool:
    reading.take()
    if reading.step is None:
        return False
    reading.step.looks["there and back"] = True
    return True
