"""Parameters of scenes: found in their source, with their ranges, and set without a writer."""

from __future__ import annotations

import ast
import gc
import math
import sys
import threading
from typing import Any

import pytest

from shaperotator_magic.checking.gate.parsing import parse_again
from shaperotator_magic.core.errors import ParameterError
from shaperotator_magic.core.records import Origin, Parameter, SceneCode
from shaperotator_magic.pipeline.exploring.constants import find_constants
from shaperotator_magic.pipeline.exploring.parameters import read_parameters
from shaperotator_magic.pipeline.exploring.ranges import read_range
from shaperotator_magic.pipeline.exploring.setting import (
    describe_change,
    read_assignments,
    set_parameters,
)
from shaperotator_magic.writing.library.scene_files import LibraryScene, load_scenes

SCENES = {scene.name: scene for scene in load_scenes()}
SOURCE = """\
from manim import *

RATE = 0.3  # 0.01 to 2
# how many of them, 1 to 9
STEPS: int = 5
MATRIX = [[2, 0], [0, 3]]
SHIFT = (1, -2.0)  # -3 to 3, step 0.5
METHOD = "chaining"  # chaining, probing or nothing
TITLE = "Ä"
IS_FAST = False
NUMBERS = [3, 1, 4, 1, 5, 9]
UNUSED = 4
TWICE = 1
TWICE = 2
COMPUTED = 2 * RATE
_OWN = 3


class Small(Scene):
    def construct(self):
        print(RATE, STEPS, MATRIX, SHIFT, METHOD, TITLE, IS_FAST, NUMBERS, TWICE, COMPUTED, _OWN)
"""
CODE = SceneCode(source=SOURCE, scene_name="Small", origin=Origin(writer="model", model="m"))
ROWS = {row.name: row for row in read_parameters(CODE)}


def fill(scene: LibraryScene) -> SceneCode:
    origin = Origin(writer="library", library_scene=scene.name)
    source = scene.fill({}, None)
    return SceneCode(source=source, scene_name=scene.class_name, origin=origin)


def read_constant(source: str, name: str) -> Any:
    (node,) = [
        n.value
        for n in ast.parse(source).body
        if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == name
    ]
    return ast.literal_eval(node)


# --- what there is --------------------------------------------------------------------


def test_constants_that_are_used_are_parameters_of_a_kind() -> None:
    assert {name: (row.kind, row.value) for name, row in ROWS.items()} == {
        "RATE": ("number", 0.3),
        "STEPS": ("integer", 5),
        "MATRIX": ("matrix", [[2, 0], [0, 3]]),
        "SHIFT": ("vector", [1, -2.0]),
        "METHOD": ("choice", "chaining"),
        "TITLE": ("text", "Ä"),
        "IS_FAST": ("switch", False),
        "NUMBERS": ("list", [3, 1, 4, 1, 5, 9]),
    }


@pytest.mark.parametrize(
    ("comment", "value", "expected"),
    [
        ("0.01 to 2", 0.3, (0.01, 2, 0.01, True)),
        ("the rate, 0.01 … 2", 0.3, (0.01, 2, 0.01, True)),
        ("[-3, 3], step 0.5", 1, (-3, 3, 0.5, True)),
        ("between 1 and 9", 4, (1, 9, 1, True)),
        ("0 to 2π", 1.0, (0, 2 * math.pi, 0.05, True)),
        ("-π to pi/2", 1.0, (-math.pi, math.pi, 0.05, True)),
        ("5 to 9", 0.3, (0.025, 1, 0.005, False)),  # it is no range of this value
        ("", 0.3, (0.025, 1, 0.005, False)),
        ("", 5, (1, 10, 1, False)),
        ("", -2.0, (-5, 5, 0.1, False)),
        ("", [[2, 0], [0, 3]], (-10, 10, 1, False)),
    ],
)
def test_range_is_read_from_the_comment_or_chosen_from_the_value(
    comment: str, value: Any, expected: tuple[float, float, float, bool]
) -> None:
    found = read_range(comment, value)
    assert (found.low, found.high, found.step) == pytest.approx(expected[:3])
    assert found.is_given is expected[3]


@pytest.mark.parametrize("name", SCENES)
def test_library_scene_has_every_parameter_that_it_declares(name: str) -> None:
    rows = read_parameters(fill(SCENES[name]))
    assert [row.name for row in rows] == [row.name for row in SCENES[name].parameters]
    for row in rows:
        assert row.step is None or 0 < row.step <= row.high - row.low


@pytest.mark.parametrize("name", SCENES)
def test_library_scene_takes_its_own_values_and_is_the_same_scene(name: str) -> None:
    code = fill(SCENES[name])
    own = {row.name: row.value for row in read_parameters(code) if row.value is not None}
    again = set_parameters(code, own)
    assert ast.dump(ast.parse(again.source)) == ast.dump(ast.parse(code.source))
    assert again.origin.parameters == own


def test_draft_that_does_not_parse_has_no_parameters() -> None:
    assert read_parameters(CODE.model_copy(update={"source": "RATE = = 3"})) == ()


# --- what they are set to -------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"RATE": 0.5}, "RATE = 0.5  # 0.01 to 2"),
        ({"rate": 1}, "RATE = 1.0  # 0.01 to 2"),
        ({"STEPS": 7.0}, "STEPS: int = 7"),
        ({"MATRIX": [[1, 0.5], [-1, 0]]}, "MATRIX = [[1, 0.5], [-1, 0]]"),
        ({"SHIFT": [0, 1]}, "SHIFT = (0, 1,)  # -3 to 3, step 0.5"),
        ({"METHOD": "probing"}, "METHOD = 'probing'  # chaining, probing or nothing"),
        ({"TITLE": "ö 'x'"}, "TITLE = \"ö 'x'\""),
        ({"IS_FAST": True}, "IS_FAST = True"),
        ({"RATE": 0.1 + 0.2}, "RATE = 0.3  # 0.01 to 2"),
    ],
)
def test_set_parameter_changes_its_line_alone(values: dict[str, Any], line: str) -> None:
    changed = set_parameters(CODE, values).source
    assert line in changed.splitlines()
    differing = zip(SOURCE.splitlines(), changed.splitlines(), strict=True)
    assert sum(one != other for one, other in differing) <= 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"RATE": 5}, "RATE may be 2 at most."),
        ({"RATE": 0}, "RATE may be 0.01 at least."),
        ({"RATE": "fast"}, "RATE is a number."),
        ({"RATE": True}, "RATE is a number."),
        ({"RATE": float("nan")}, "RATE is a number."),
        ({"RATE": float("inf")}, "RATE is a number."),
        ({"STEPS": 2.5}, "STEPS is a whole number."),
        ({"MATRIX": [[1, 2]]}, "MATRIX has 2 rows of 2 numbers: [[1, 0], [0, 1]]."),
        ({"MATRIX": [[1, "__import__('os')"], [0, 1]]}, "MATRIX has 2 rows of 2 numbers"),
        ({"MATRIX": [[1e9, 0], [0, 1]]}, "MATRIX may be 1e+06 at most."),
        ({"SHIFT": [1]}, "SHIFT takes 2 numbers, these are 1."),
        ({"METHOD": "magic"}, "METHOD is one of: chaining, probing, nothing."),
        ({"TITLE": "x" * 200}, "TITLE has 80 characters at most."),
        ({"TITLE": "a\nb"}, "TITLE is a text of one line."),
        ({"IS_FAST": 1}, "IS_FAST is True or False."),
        ({"NUMBERS": []}, "NUMBERS takes 1 to 40 numbers, these are 0."),
        ({"RTAE": 1}, "The scene has no parameter RTAE."),
        ({"COMPUTED": 1}, "The scene has no parameter COMPUTED."),
    ],
)
def test_value_that_cannot_be_is_refused_in_one_sentence(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ParameterError) as refused:
        set_parameters(CODE, values)
    assert refused.value.message.startswith(said)
    assert refused.value.parameter == next(iter(values))


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("x^2 + 1", "x**2 + 1"),
        ("x**3", "x**3"),
        ("sin(x)/x", "np.sin(x) / x"),
        ("2x", "2 * x"),
        ("e^(-x)", "np.exp(-x)"),
    ],
)
def test_formula_becomes_the_function_and_its_label(formula: str, code: str) -> None:
    riemann = fill(SCENES["riemann_sums"])
    changed = set_parameters(riemann, {"F": formula})
    assert f"def F(x):\n    return {code}\n" in changed.source
    (shown,) = [row.value for row in read_parameters(changed) if row.name == "F"]
    # What is shown can be set again.
    assert set_parameters(riemann, {"F": shown}).source == changed.source


@pytest.mark.parametrize("formula", ["foo(x)", "x + y", "", "__import__('os')", "x +", [1]])
def test_formula_with_an_unknown_name_is_refused(formula: Any) -> None:
    with pytest.raises(ParameterError, match="F is a formula in x"):
        set_parameters(fill(SCENES["riemann_sums"]), {"F": formula})


def test_change_is_one_line() -> None:
    assert describe_change(CODE, {"RATE": 0.5, "MATRIX": [[1, 0], [0, 1]]}) == (
        "RATE 0.3 → 0.5, MATRIX [[2,0],[0,3]] → [[1,0],[0,1]]"
    )


# --- what is written in a line --------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("RATE=0.5", {"RATE": 0.5}),
        ("RATE=0.5 MATRIX=[[2, 0], [0, 3]]", {"RATE": 0.5, "MATRIX": [[2, 0], [0, 3]]}),
        ("F=sin(x) + 1 END=2", {"F": "sin(x) + 1", "END": 2}),
        ("TITLE=hello world", {"TITLE": "hello world"}),
        ("V=(1, 2) ON=True", {"V": [1, 2], "ON": True}),
        ("RATE = 0.5", {"RATE": 0.5}),
    ],
)
def test_assignments_of_a_line_are_read(line: str, values: dict[str, Any]) -> None:
    assert read_assignments(line) == values


@pytest.mark.parametrize("line", ["", "fast", "please RATE=2", "=3"])
def test_line_that_sets_nothing_says_how_to_write_it(line: str) -> None:
    with pytest.raises(ParameterError) as refused:
        read_assignments(line)
    assert "NAME=VALUE" in refused.value.hint


def test_parameter_is_json() -> None:
    for row in ROWS.values():
        assert Parameter.model_validate_json(row.model_dump_json()) == row


# --- several threads ------------------------------------------------------------------


def test_parsing_that_another_thread_disturbed_is_done_again() -> None:
    """CPython before 3.13 may raise this where two threads parse at once."""
    disturbed = SystemError("AST constructor recursion depth mismatch (before=15, after=12)")
    outcomes: list[SystemError | str] = [disturbed, disturbed, "parsed", SystemError("another")]

    @parse_again
    def parse() -> str:
        outcome = outcomes.pop(0)
        if isinstance(outcome, SystemError):
            raise outcome
        return outcome

    assert parse() == "parsed"
    with pytest.raises(SystemError, match="another"):
        parse()


class _Cycle:
    """Garbage whose end runs code, so that another thread may go on in the middle of a parse."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        sum(range(50))


def test_constants_are_found_while_other_threads_parse() -> None:
    source = fill(next(scene for scene in load_scenes() if scene.name == "riemann_sums")).source
    faults: list[BaseException] = []

    def find() -> None:
        for _ in range(10):
            _Cycle()
            try:
                find_constants(source)
            except BaseException as exc:  # noqa: BLE001 - whatever it is fails the test
                faults.append(exc)

    threads = [threading.Thread(target=find) for _ in range(4)]
    threshold, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(20)
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        gc.set_threshold(*threshold)
        sys.setswitchinterval(interval)
    assert faults == []
