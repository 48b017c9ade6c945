"""Sentences that name things become short scenes of them, and other subjects do not."""

from __future__ import annotations

import ast
import math
import re
import time
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from shaperotator_magic.checking.autofix.costs import check_cost
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.checking.layout.layout import check_layout
from shaperotator_magic.core.records import Origin, SceneCode
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, installed
from shaperotator_magic.rendering.process.scene_run import SCENE_FILE
from shaperotator_magic.writing.composing import Composition, compose
from shaperotator_magic.writing.composing.functions.sampling import (
    build_function,
    find_extrema,
    find_pieces,
    find_roots,
)
from shaperotator_magic.writing.composing.parsing.clauses import read_sentence
from shaperotator_magic.writing.composing.plan import Plan
from shaperotator_magic.writing.composing.scanning.tokens import tokenise
from shaperotator_magic.writing.composing.tables.entries import list_examples, list_extremes
from shaperotator_magic.writing.composing.tables.happenings import HAPPENINGS
from shaperotator_magic.writing.composing.tables.things import THINGS
from shaperotator_magic.writing.reading.values import Value
from tests.library_probe import draw_frame, rehearse

SENTENCES = Path(__file__).parent / "data" / "sentences" / "development_composing.tsv"
OTHER_SUBJECTS = SENTENCES.with_name("development_other_subjects.txt")
MOSTLY = 0.75
COMING = frozenset({"introduce", "draw", "appear", "write", "pop_up"})
ROWS = [
    *((row.name, example) for row in THINGS.values() for example in row.examples),
    *((row.name, example) for row in HAPPENINGS for example in row.examples),
]


def read(sentence: str) -> Plan:
    return read_sentence(tokenise(sentence), sentence).plan


def draw(sentence: str) -> Composition:
    drawn = compose(sentence)
    assert drawn is not None, sentence
    return drawn


def check(drawn: Composition) -> None:
    origin = Origin(writer="library")
    check_scene(SceneCode(source=drawn.source, scene_name=drawn.scene_name, origin=origin))


def list_development() -> list[tuple[str, str, str]]:
    lines = SENTENCES.read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(row[0], row[1], row[2] if len(row) > 2 else "") for row in rows]


# --- the tables -----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "sentence"), ROWS)
def test_example_of_an_entry_uses_it(name: str, sentence: str) -> None:
    plan = read(sentence)
    used = {thing.kind for thing in plan.things} | {step.act for step in plan.steps}
    aliases = {"draw": {"introduce"}, "axes_in_space": {"axes_in_space"}}
    assert name in used or used & aliases.get(name, set()) or name in {"space_curve"}, used


@pytest.mark.parametrize("sentence", list_examples())
def test_example_is_understood_whole_and_its_scene_passes_the_gate(sentence: str) -> None:
    drawn = draw(sentence)
    assert (drawn.share, drawn.unknown) == (1.0, ())
    check(drawn)


@pytest.mark.parametrize("sentence", list_extremes())
def test_both_ends_of_a_range_are_drawn(sentence: str) -> None:
    drawn = draw(sentence)
    assert drawn.unknown == ()
    check(drawn)


@pytest.mark.parametrize(("sentence", "kinds", "acts"), list_development())
def test_plain_sentence_names_its_things_and_happenings(
    sentence: str, kinds: str, acts: str
) -> None:
    plan = read(sentence)
    found = sorted(t.kind + (f" x{t.count}" if t.count > 1 else "") for t in plan.things)
    assert " ".join(found) == kinds
    assert " ".join(step.act for step in plan.steps if step.act not in COMING) == acts
    assert draw(sentence).share >= MOSTLY


# --- other subjects -------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "double pendulum",
        "install manim",
        "what is love",
        "dot product",
        "Pascal's triangle",
        "quicksort",
        "how does backpropagation work",
        "binary star system",
        "law of sines in a triangle",
        "area of a circle",
        "derivative of sin(x)",
        "graph isomorphism",
        "square root of a matrix",
        "write me a poem",
        "translate this sentence into German",
        "the limit of sin(x)/x",
        "circle of fifths",
        "why is the sky blue",
    ],
)
def test_other_subject_is_not_drawn(sentence: str) -> None:
    drawn = compose(sentence)
    assert drawn is None or drawn.share < MOSTLY


def test_subject_that_contains_the_word_of_a_thing_is_not_drawn() -> None:
    lines = OTHER_SUBJECTS.read_text("utf-8").splitlines()
    subjects = [line for line in lines if line and not line.startswith("#")]
    drawn = {subject: compose(subject) for subject in subjects}
    wrong = [subject for subject, scene in drawn.items() if scene and scene.share >= MOSTLY]
    assert len(wrong) <= 0.02 * len(subjects), wrong


def test_unknown_word_is_named_and_the_rest_drawn() -> None:
    drawn = draw("draw a red circle and a blue square beside the wombat")
    assert "wombat" in drawn.unknown
    assert "a red circle" in drawn.understood
    assert drawn.share < 1


def test_too_large_measure_is_named() -> None:
    drawn = draw("a circle with radius 50")
    assert drawn.unknown == ("radius 50 (at most 3.5)",)
    assert "radius=3.5" in drawn.source


def test_place_outside_of_the_frame_is_named() -> None:
    assert draw("a circle at (100, 100)").unknown == ("(100, 100) (outside of the frame)",)


@pytest.mark.parametrize("sentence", ["plot sqrt(-1 - x^2)", "plot sin(x) and a cube"])
def test_what_no_picture_can_show_is_not_drawn(sentence: str) -> None:
    assert compose(sentence) is None


def test_graph_of_no_formula_is_not_drawn() -> None:
    assert compose("show the graph") is None


# --- places, looks, order -------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("a red circle with radius 2", "Circle(radius=2).set_color(RED)"),
        ("a dot at (2, 1)", "move_to(2 * RIGHT + UP)"),
        ("rotate a square by 45 degrees", "Rotate(square, angle=45 * DEGREES)"),
        ("rotate a cube around its diagonal", "axis=[1, 1, 1]"),
        ("a square turns into a circle", "ReplacementTransform(square, circle)"),
        ("a circle moves up by 2", "circle.animate.shift(2 * UP)"),
        ("a star blinks twice", "Blink(star, blinks=2)"),
        ("fade out a circle for 4 seconds", "FadeOut(circle), run_time=4"),
        ("three circles, the second one turns green", "circles[1].animate.set_color(GREEN)"),
        ("a circle and a square swap places", "Swap(circle, square)"),
        ("an arrow from (0, 0) to (2, 1)", "Arrow([0, 0, 0], [2, 1, 0], buff=0)"),
        ("a blue square on a white background", "self.camera.background_color = WHITE"),
        ("a dot on a number line from 0 to 5 at 2", "n2p(2)"),
    ],
)
def test_words_become_this_code(sentence: str, code: str) -> None:
    assert code in draw(sentence).source


@pytest.mark.parametrize(
    ("sentence", "understood"),
    [
        ("three dots in a row, the middle one blinks", "3 dots in a row, dot 2 blinks"),
        ("the middle of three dots blinks", "3 dots, dot 2 blinks"),
        ("z = sin(x) cos(y) as a surface", "a surface z = sin(x)cos(y)"),
        ("y = 1/x as a red curve", "a red graph of y = 1/x"),
        ("write hello world, then fade it out", "a text 'hello world', the text fades out"),
        ("write thank you, then make it red", "a text 'thank you', the text turns red"),
        ("text saying well done", "a text 'well done'"),
        ("a label saying start here above a dot", "a text 'start here' above the dot, a dot"),
        (
            "swap two circles, one red and one blue",
            "2 circles (red, blue), the circles swap places",
        ),
        (
            "swap two circles, the first red and the second blue",
            "2 circles (red, blue), the circles swap places",
        ),
        (
            "two circles swap places, one is red and the other is blue",
            "2 circles (red, blue), the circles swap places",
        ),
        ("three squares, the middle one red", "3 squares (blue, red, blue)"),
        ("square root of x", "a graph of y = √x"),
        ("the square of x", "a graph of y = x²"),
        ("cube root of x - 1", "a graph of y = ∛(x − 1)"),
        ("the absolute value of x", "a graph of y = |x|"),
        ("x cubed minus 3x", "a graph of y = x³ − 3x"),
        ("a parabola that opens downward", "a parabola y = −x²"),
        ("a parabola opening to the right", "a parabola x = y²"),
        ("an ellipse with semi-axes 3 and 1", "an ellipse with width 6 and height 2"),
        ("two overlapping circles", "2 circles, overlapping"),
        ("two dots connected by a line", "2 dots, a line from dot 1 to dot 2"),
        ("a line joining a circle and a square",
         "a line from the circle to the square, a circle, a square"),
        ("the letters A to C in red", "a red text 'A', a red text 'B', a red text 'C'"),
    ],
)  # fmt: skip
def test_words_are_understood_so(sentence: str, understood: str) -> None:
    drawn = draw(sentence)
    assert (", ".join(drawn.understood), drawn.unknown) == (understood, ())


@pytest.mark.parametrize(
    ("sentence", "sizes"),
    [
        ("a big circle and a small one", [1.5, 0.6]),
        ("a hexagon and a smaller one", [None, 0.6]),
        ("two stars, one big and one small", [1.5, 0.6]),
    ],
)
def test_other_one_has_a_size_of_its_own(sentence: str, sizes: list[float | None]) -> None:
    assert [thing.looks.get("size") for thing in read(sentence).things] == sizes


@pytest.mark.parametrize(
    "sentence",
    [
        "a triangle with vertices (0,0), (3,0), (0,4)",
        "a triangle with corners at (0,0), (3,0) and (0,4)",
        "a triangle (0,0), (3,0), (0,4)",
    ],
)
def test_points_of_a_polygon_are_its_corners(sentence: str) -> None:
    assert "Polygon([0, 0, 0], [3, 0, 0], [0, 4, 0])" in draw(sentence).source


@pytest.mark.parametrize(
    "sentence",
    [
        "connect the points (0,0), (1,2), (3,1)",
        "draw lines connecting (0,0), (1,2) and (3,1)",
        "a polyline through (0,0), (1,2), (3,1)",
    ],
)
def test_connected_points_are_one_path(sentence: str) -> None:
    drawn = draw(sentence)
    assert drawn.source.count("set_points_as_corners") == 1
    assert "[(0, 0), (1, 2), (3, 1)]" in drawn.source
    assert drawn.share == 1


def test_slices_of_a_pie_are_shares_of_the_whole() -> None:
    source = draw("a pie chart of 3 2 5").source
    assert "(0.0000, 0.3000, BLUE), (0.3000, 0.2000, YELLOW), (0.5000, 0.5000, GREEN)" in source


def test_negative_numbers_are_no_slices() -> None:
    assert draw("a pie chart of -1, 2 and 4").unknown == ("-1, 2 and 4",)


def test_platonic_solids_are_five() -> None:
    kinds = {thing.kind for thing in read("the five platonic solids").things}
    assert kinds == {"tetrahedron", "cube", "octahedron", "dodecahedron", "icosahedron"}
    assert compose("the six platonic solids") is None


def test_while_puts_two_happenings_into_one_play() -> None:
    source = draw("a circle moves up while a square moves down").source
    assert any("UP" in line and "DOWN" in line for line in source.splitlines())


@pytest.mark.parametrize("spelling", ["colour it grey", "color it gray"])
def test_british_and_american_spelling_are_one(spelling: str) -> None:
    assert "set_color(GREY)" in draw(f"draw a square and {spelling}").source


@pytest.mark.parametrize("word", ["circel", "crcle", "cirlce", "circlee"])
def test_slip_of_one_letter_is_read(word: str) -> None:
    assert [thing.kind for thing in read(f"draw a {word}").things] == ["circle"]


def test_same_sentence_gives_the_same_scene() -> None:
    assert draw("plot sin(x) and x^2") == draw("plot sin(x) and x^2")


def test_values_of_the_kernel_become_bars() -> None:
    value = Value(kind="list", value=[4.0, 9.0])
    drawn = compose("a bar chart", (value,))
    assert drawn is not None
    assert "BarChart([4, 9]" in drawn.source


@pytest.mark.parametrize("sentence", ["a circle", "a cube", "plot x^2", "draw a helix"])
def test_plain_request_has_no_title_and_takes_three_to_eight_seconds(sentence: str) -> None:
    calls = [node for node in ast.walk(ast.parse(draw(sentence).source)) if is_timed(node)]
    assert 3 <= sum(map(measure_s, calls)) <= 8


def is_timed(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr in {"play", "wait"}


def measure_s(call: ast.AST) -> float:
    assert isinstance(call, ast.Call)
    times = [k.value for k in call.keywords if k.arg == "run_time"]
    waited = [a for a in call.args if isinstance(a, ast.Constant)]
    chosen = (times or waited or [ast.Constant(1.0)])[0]
    return float(ast.literal_eval(chosen))


# --- graphs ---------------------------------------------------------------------------


def test_roots_are_marked_with_their_coordinates() -> None:
    source = draw("graph y = x^2 - 3x + 2 and mark its roots").source
    assert "'(1, 0)'" in source
    assert "'(2, 0)'" in source


def test_intersections_are_marked() -> None:
    source = draw("plot x^2 and x + 2 and mark their intersections").source
    assert "'(−1, 1)'" in source
    assert "'(2, 4)'" in source


def test_extrema_are_marked() -> None:
    source = draw("plot x^3 - 3x with its extrema").source
    assert "'(−1, 2)'" in source
    assert "'(1, −2)'" in source


@pytest.mark.parametrize(
    ("code", "pieces"), [("np.tan(x)", 5), ("1/x", 2), ("x**2", 1), ("np.log(x)", 1)]
)
def test_graph_is_not_drawn_across_a_pole(code: str, pieces: int) -> None:
    found = find_pieces(build_function(code), (-6.0, 6.0), (-8.0, 40.0))
    assert len(found) == pieces


def test_roots_and_extrema_are_found_and_poles_are_none() -> None:
    assert find_roots(build_function("x**2 - 2*x"), -5, 5) == [0, 2]
    assert find_roots(build_function("1/x"), -5, 5) == []
    assert find_extrema(build_function("1/x**2"), -5, 5) == []
    assert find_extrema(build_function("x**2 - 2*x"), -5, 5) == [1]


def test_range_of_the_sentence_is_that_of_the_axis() -> None:
    assert "x_range=[-3, 3, 1]" in draw("plot x^2 from -3 to 3").source


@pytest.mark.parametrize(
    ("sentence", "lines"),
    [
        ("asymptotes of 1/(x-1)", {"x = 1", "y = 0"}),
        ("asymptotes of 1/(x^2-4)", {"x = −2", "x = 2", "y = 0"}),
        ("plot (2x+1)/(x-3) and mark its asymptotes", {"x = 3", "y = 2"}),
        ("asymptotes of x^2", set()),
    ],
)
def test_asymptotes_are_marked_with_their_equations(sentence: str, lines: set[str]) -> None:
    assert set(re.findall(r"'([xy] = [^']*)', \[", draw(sentence).source)) == lines


@pytest.mark.parametrize("speed", [20, 100, 1000])
def test_fast_wave_is_shown_over_a_few_periods(speed: int) -> None:
    source = draw(f"sin({speed}x)").source
    found = re.search(r"x_range=\[(\S+), (\S+), ", source)
    assert found is not None
    periods = (float(found[2]) - float(found[1])) * speed / math.tau
    assert 4 <= periods <= 12
    assert "line_to_number_buff" in source  # at the axis the wave would cross the numbers


# --- time -----------------------------------------------------------------------------


def test_sentence_takes_a_fiftieth_of_a_second() -> None:
    compose("draw a circle")
    start = time.process_time()
    for sentence, _, _ in list_development():
        compose(sentence)
    assert (time.process_time() - start) / len(list_development()) < 0.02


# --- the picture ----------------------------------------------------------------------

# Another twentieth of the examples every day: all of them are drawn by benchmarks/composing.py.
TODAY = list_examples()[date.today().toordinal() % 20 :: 20]


@pytest.mark.render
@pytest.mark.parametrize("sentence", TODAY)
def test_example_of_the_day_is_drawn_with_a_good_layout(sentence: str) -> None:
    drawn = draw(sentence)
    module = ModuleType("composed")
    exec(compile(drawn.source, SCENE_FILE, "exec"), module.__dict__)
    frames: list[Any] = []

    def keep(scene: Any, number: int) -> None:
        if number == 0:
            frames.append(draw_frame(scene)[:, :, :3].max(axis=2))

    with installed("auto", FormulaNotes().take):
        scene_class = getattr(module, drawn.scene_name)
        rehearsal = rehearse(scene_class, source=drawn.source, on_play=keep)
    assert check_layout(rehearsal) == []
    assert check_cost(rehearsal) == []
    assert (frames[0] > 60).sum() > 20
