"""What is told of a failure, so that a model can mend it: the kind, and the mend."""

from __future__ import annotations

import pytest

from shaperotator_magic.core.records import Finding
from shaperotator_magic.pipeline.failing import name_kinds
from shaperotator_magic.rendering.scene.advice import advise


@pytest.mark.parametrize(
    ("message", "mend"),
    [
        ("ValueError: operands could not be broadcast together with shapes (3,) (2,)", "[x, y, 0]"),
        ("TypeError: Create only works for VMobjects.", "FadeIn"),
        ("TypeError: can only concatenate list (not \"float\") to list", "np.array"),
        ("TypeError: unsupported operand type(s) for -: 'method' and 'int'", "parentheses"),
        ("AttributeError: 'NoneType' object has no attribute 'shift'", "returned nothing"),
        ("TypeError: Mobject.__init__() got an unexpected keyword argument 'glow'", "signature"),
        ("UnboundLocalError: cannot access local variable 'f' where it is not associated with a "
         "value", "above"),
        ("NameError: name 'Histo' is not defined", "Define"),
        ("AttributeError: 'Square' object has no attribute 'spin'", "attribute that"),
        ("IndexError: list index out of range", "len()"),
        ("TypeError: 'float' object is not callable", "parentheses out"),
        ("ValueError: Create has a run_time of 0 <= 0 seconds which Manim cannot render", "longer"),
        ("ValueError: Called Scene.play with no animations", "nothing to animate"),
        ("ValueError: Color greenish not found", "#RRGGBB"),
        ("ZeroDivisionError: division by zero", "is 0"),
        ("KeyError: 'x'", "no such key"),
        ("ImportError: cannot import name 'Circle' from 'manim.shapes'", "from manim import *"),
        ("TypeError: 'numpy.int64' object is not iterable", "[min, max, step]"),
        ("TypeError: Unexpected argument None passed to Scene.play().", "line of its own"),
        ("TypeError: unsupported format string passed to ValueTracker.__format__", "get_value()"),
        ("ValueError: operands could not be broadcast together with shapes (16,) (3,) (16,) ",
         "returns a point"),
        ("TypeError: Cannot interpret '1' as a data type", "one list"),
        ("AttributeError: 'function' object has no attribute 'underlying_function'", "axes.plot"),
        ("AttributeError: module 'numpy' has no attribute 'math'", "import math"),
        ("AttributeError: 'ThreeDCamera' object has no attribute 'frame'", "move_camera"),
        ("AttributeError: Point object has no attribute 'x_range'", "Axes"),
        ("AttributeError: Rectangle object has no attribute 'bottom_left'", "get_corner"),
        ("TypeError: MoveToTarget.__init__() takes 2 positional arguments but 3 were given",
         "animate.move_to"),
        ("TypeError: Mobject.set() takes 1 positional argument but 2 were given", "become"),
        ("ValueError: The truth value of an array with more than one element is ambiguous.",
         "set_points_as_corners"),
        ("ValueError: zip() argument 3 is longer than arguments 1-2", "ApplyMatrix"),
        ("Exception: Trying to restore without having saved", "save_state()"),
    ],
)  # fmt: skip
def test_message_of_a_kind_names_its_mend(message: str, mend: str) -> None:
    assert mend in advise(message)


def test_unknown_failure_has_no_advice() -> None:
    assert advise("SomethingElse: never seen") == ""


def find(message: str, line: int | None) -> Finding:
    return Finding(rule="RenderError", severity="error", message=message, line=line)


def test_second_failure_of_one_statement_is_the_same_in_other_words() -> None:
    first = name_kinds((find("TypeError: a", 2),), "x\n  c.spin(3)\n")
    second = name_kinds((find("ValueError: b", 1),), "c.spin(3)\ny\n")
    other = name_kinds((find("ValueError: b", 2),), "c.spin(3)\ny\n")
    assert first & second
    assert not first & other
