"""Every rule of repair: where it must act, and where it must not."""

from __future__ import annotations

import linecache
from pathlib import Path
from types import ModuleType

import pytest

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.repairs.failing import Failing
from shaperotator_magic.checking.repairs.rules import (
    arguments,
    attributes,
    formulas,
    keywords,
    leaving_out,
    playing,
    points,
)
from shaperotator_magic.checking.repairs.table import LAST_RULES, RULES, Rule
from shaperotator_magic.core.records import RehearsalFailure
from shaperotator_magic.rendering.process.rehearsal import rehearse_class
from shaperotator_magic.rendering.process.scene_run import SCENE_FILE
from shaperotator_magic.rendering.scene.explaining import explain_failure

HEAD = "from manim import *\n\nclass S({base}):\n    def construct(self):\n"


def write(body: str, base: str = "Scene") -> str:
    lines = "\n".join(" " * 8 + line for line in body.splitlines())
    return HEAD.replace("{base}", base) + lines + "\n"


def run(source: str, tmp_path: Path) -> RehearsalFailure | None:
    """Rehearse a scene in this process, and return its failure as the product reports it."""
    linecache.cache[SCENE_FILE] = (len(source), None, source.splitlines(True), SCENE_FILE)
    module = ModuleType("scene")
    try:
        exec(compile(source, SCENE_FILE, "exec"), module.__dict__)
        rehearse_class(module.__dict__["S"], fps=15, source=source)
    except Exception as exc:  # noqa: BLE001 - whatever the scene raises
        return explain_failure(exc, tmp_path / "log.txt", SCENE_FILE)
    return None


@pytest.mark.parametrize(
    ("body", "nearest"),
    [
        ("self.add_fixed_in_frame(Dot())", ".add_fixed_in_frame_mobjects"),
        ("Axes().get_axis_label()", ".get_axis_labels"),
        ("Dot().levitate()", ""),
    ],
)
def test_nearest_method_is_named(body: str, nearest: str, tmp_path: Path) -> None:
    failure = run(write(body, "ThreeDScene"), tmp_path)
    assert failure is not None
    assert ("Nearest:" in failure.hint) == bool(nearest)
    assert f"Nearest: {nearest}" in failure.hint or not nearest


ACTS: list[tuple[Rule, str, str]] = [
    (keywords.rename_or_drop, "Square(opacity=0.5)", "Square(fill_opacity=0.5)"),
    (keywords.rename_or_drop, "Circle(glow=3)", "Circle()"),
    (keywords.rename_or_drop, 'Axes(axis_config={"glow": 3, "color": RED})', '{"color": RED}'),
    (keywords.keep_one_value, "Circle(1, radius=2)", "Circle(1)"),
    (keywords.keep_one_value, "Text('a', text='b')", "Text('a')"),
    (keywords.drop_places, "Circle().copy(3)", "Circle().copy()"),
    (keywords.drop_places, "Square().center(ORIGIN)", "Square().center()"),
    (points.lift_points, "Dot().move_to([1, 2])", "Dot().move_to([1, 2, 0])"),
    (points.lift_points, "p = np.array([1, 2]) + UP", "np.array([1, 2, 0]) + UP"),
    (points.lift_points, "p = np.eye(2)[0]\nq = p + UP", "in_space(p) + UP"),
    (arguments.join_coordinates, "x, y = 1, 2\nPoint(x, y)", "Point([x, y, 0])"),
    (arguments.join_coordinates, "v = np.array(0, 1)", "np.array([0, 1])"),
    (arguments.place_on_axes, "Axes().get_vertical_line(1)", "Axes().c2p(1, 0)"),
    (arguments.place_on_axes, "a = Axes()\na.get_horizontal_line(1)", "a.c2p(1, 0)"),
    (arguments.write_as_text, "Text(5)", "Text(str(5))"),
    (arguments.write_as_text, "MarkupText(5)", "MarkupText(str(5))"),
    (
        arguments.raise_surface,
        "Surface(lambda u, v: u * v)",
        "np.array([u, v, (lambda u, v: u * v)",
    ),
    (arguments.raise_surface, "f = lambda u, v: 1.0\nSurface(f)", "np.array([u, v, (f)(u, v)])"),
    (arguments.aim_animation, "self.play(MoveToTarget(Dot(), UP))", "Dot().animate.move_to(UP)"),
    (arguments.aim_animation, "d = Dot()\nself.play(MoveToTarget(d, UP))", "d.animate.move_to(UP)"),
    (attributes.use_module, "x = np.math.sqrt(2)", "import math"),
    (attributes.use_module, "x = np.float(2)", "x = float(2)"),
    (attributes.rename_name, "Square(color=LIGHT_GREEN)", "Square(color=GREEN)"),
    (attributes.rename_name, "circle = Circle()\nself.add(circel)", "self.add(circle)"),
    (attributes.turn_corner, "Square().get_bottom_left()", "Square().get_corner(DL)"),
    (attributes.turn_corner, "p = Square().top_right", "p = Square().get_corner(UR)"),
    (attributes.rename_attribute, "Square().next_tot(ORIGIN)", "Square().next_to(ORIGIN)"),
    (attributes.rename_attribute, "Axes().plot_line(lambda x: x)", "Axes().plot"),
    (attributes.drop_from_chain, "c = Circle().shine(3).shift(UP)", "c = Circle().shift(UP)"),
    (attributes.drop_from_chain, "c = Circle().set_glow(1, 2)", "c = Circle()"),
    (attributes.find_on_surface, "s = Sphere()\ns.get_point_from_uv(0, 1)", "s._func(0, 1)"),
    (attributes.find_on_surface, "s = Sphere()\ns.uv_func(0, 1)", "s._func(0, 1)"),
    (playing.animate_arguments, "self.play(Circle())", "self.play(FadeIn(Circle()))"),
    (playing.animate_arguments, "l = [Create(Dot()), 3]\nself.play(l[0], l[1])", "self.play(l[0])"),
    (playing.widen_group, "VGroup(Group(Dot()), ValueTracker(1), Mobject())", "Group(Group(Dot())"),
    (playing.widen_group, "VGroup(Mobject())", "Group(Mobject())"),
    (playing.fit_lambda, "f = lambda x: x\nDot().add_updater(lambda m, a, b: m).update()", "b=0"),
    (playing.fit_lambda, "(lambda m: m)(1, 2)", "lambda m, _0=None: m"),
    (leaving_out.omit_statement, "x = 1 / 0\nself.add(Dot())", "x = VGroup()"),
    (leaving_out.omit_statement, "1 / 0\nself.add(Dot())", "pass"),
]


@pytest.mark.parametrize(("rule", "body", "expected"), ACTS)
def test_rule_repairs_what_fails(
    rule: Rule, body: str, expected: str, api: Api, tmp_path: Path
) -> None:
    source = write(body)
    failure = run(source, tmp_path)
    assert failure is not None
    repaired = [repair.source for repair in rule(Failing(source, failure, api))]
    assert any(expected in text for text in repaired), (failure, repaired)


RUNS_AFTER = [row for row in ACTS if row[0] not in {leaving_out.omit_statement}]


@pytest.mark.render
@pytest.mark.parametrize(("rule", "body", "_expected"), RUNS_AFTER)
def test_rule_has_an_edit_that_runs(
    rule: Rule, body: str, _expected: str, api: Api, tmp_path: Path
) -> None:
    source = write(body)
    failure = run(source, tmp_path)
    assert failure is not None
    outcomes = [run(repair.source, tmp_path) for repair in rule(Failing(source, failure, api))]
    others = [f for f in outcomes if f is None or f.message != failure.message]
    assert others, outcomes


@pytest.mark.parametrize("rule", [*RULES, *LAST_RULES])
@pytest.mark.parametrize(
    ("message", "body"),
    [("ZeroDivisionError: division by zero", "x = 1"), ("KeyError: 'a'", "d = {}")],
)
def test_rule_leaves_other_failures_alone(rule: Rule, message: str, body: str, api: Api) -> None:
    source = write(body)
    failing = Failing(source, RehearsalFailure(message=message, line=None), api)
    assert list(rule(failing)) == []


def test_play_of_what_plays_by_itself_is_taken_out(api: Api, tmp_path: Path) -> None:
    source = write("self.play(self.draw())") + (
        "    def draw(self):\n        self.play(Create(Circle()))\n"
    )
    failure = run(source, tmp_path)
    assert failure is not None
    repaired = next(playing.hoist_calls(Failing(source, failure, api))).source
    assert "        self.draw()\n" in repaired
    assert run(repaired, tmp_path) is None


def test_apply_matrix_after_a_play_works(api: Api, tmp_path: Path) -> None:
    body = "self.apply_matrix([[1, 1], [0, 1]])\nself.apply_matrix([[1, 1], [0, 1]])"
    source = write(body, "LinearTransformationScene")
    failure = run(source, tmp_path)
    assert failure is not None
    repaired = next(arguments.forget_moving(Failing(source, failure, api))).source
    assert run(repaired, tmp_path) is None


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("Circle().get_anything(3)", "'Circle' object has no attribute 'get_anything'"),
        ("a = Axes()\na.set_labels('x', 'y')", "'Axes' object has no attribute 'set_labels'"),
    ],
)
def test_failure_names_the_method_that_does_not_exist(
    body: str, named: str, tmp_path: Path
) -> None:
    failure = run(write(body), tmp_path)
    assert failure is not None
    assert named in failure.message


def test_formula_in_text_becomes_mathematics(api: Api) -> None:
    source = write('t = Tex(r"\\sqrt{2}")')
    message = r"\sqrt stands in text, outside a formula. The formula: \sqrt{2}"
    failing = Failing(source, RehearsalFailure(message=message, line=5), api)
    sources = [repair.source for repair in formulas.set_formula(failing)]
    assert 't = MathTex(r"\\sqrt{2}")' in sources[0]
    assert 't = Text(r"√2")' in sources[-1]
