"""Flaws are mended by small edits, tried in rehearsal; code without flaws is never touched."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from shaperotator_magic.checking.api import Api
from shaperotator_magic.core.records import CheckedScene, Completion, Rehearsal
from shaperotator_magic.pipeline.drafts import Draft, Stage, prepare_draft
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.testing import load_recorded_replies
from shaperotator_magic.writing.model.extraction import extract_scene
from tests.scenes import build_construct, build_request, build_scene

pytestmark = pytest.mark.render

DATA = Path(__file__).parent / "data"
SCENES = DATA / "layout" / "tuning.py"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    worker = Worker()
    # Nothing is drawn, and manim breaks long texts at the width of the picture in pixels.
    request = build_request(tmp_path_factory.mktemp("media"), width_px=854, height_px=480)

    def rehearse(scene: CheckedScene) -> Rehearsal:
        return worker.rehearse(scene, request, variables={})

    yield Stage(rehearse, Api(worker.describe_manim(request)))
    worker.close()


def mend(body: str, stage: Stage) -> Draft:
    return prepare_draft(build_construct(body).code, stage)


def told(draft: Draft) -> list[str]:
    return [f.message for f in draft.scene.findings if f.rule == "mended-layout"]


@pytest.mark.parametrize(
    ("body", "edit"),
    [
        ("t = Text('far out').shift(6.5 * RIGHT)\nself.play(Write(t))\nself.wait()", "t.shift("),
        ("t = Text('wide ' * 10)\nself.play(Write(t))\nself.wait()", "t.scale_to_fit_width("),
        (
            "a = Text('one two').to_edge(DOWN)\nself.play(Write(a))\n"
            "b = Text('three four').to_edge(DOWN)\nself.play(Write(b))\nself.wait()",
            "self.play(FadeOut(a), run_time=0.5)",
        ),
        (
            "t = Text('title')\nself.play(Write(t))\n"
            "u = Text('note').move_to(t)\nself.play(Write(u))\nself.play(Indicate(t))\nself.wait()",
            "u.shift(",
        ),
        (
            "c = Line(5 * LEFT, 5 * RIGHT)\nt = Text('crossed out')\n"
            "self.add(c)\nself.play(Write(t))\nself.wait()",
            "t.",
        ),
        (
            "t = Text('hidden')\nself.play(Write(t))\n"
            "r = Rectangle(width=5, height=2, fill_opacity=1, color=BLUE)\n"
            "self.play(FadeIn(r))\nself.wait()",
            "t.set_z_index(5)",
        ),
        (
            "t = Text('dark', color='#222222')\nself.play(Write(t))\nself.wait()",
            "t.set_color(WHITE)",
        ),
        (
            "s = VGroup(Square(), Square()).arrange(RIGHT)\nt = Text('sum').shift(2 * DOWN)\n"
            "self.play(FadeIn(s))\nself.play(*[TransformFromCopy(a, t) for a in s], run_time=2)\n"
            "self.wait()",
            "ReplacementTransform(a.copy(), t)",
        ),
        (
            "s = Square()\nself.play(Create(s))\n"
            "self.play(s.animate.shift(UP), s.animate.set_color(RED), run_time=2)\nself.wait()",
            "self.play(s.animate.shift(UP).set_color(RED), run_time=2)",
        ),
        (
            "s, c = Square(), Circle(0.5)\nself.play(Create(s))\nself.play(Transform(s, c))\n"
            "self.play(FadeOut(c))\nself.wait()",
            "FadeOut(s)",
        ),
        (
            "g = Graph([1, 2], [(1, 2)], labels=True)\nself.play(Create(g))\n"
            "self.play(g.vertices[1].animate.set_fill(YELLOW))\nself.wait()",
            "set_fill(YELLOW, family=False)",
        ),
        (
            "t = Text(f'mean {1 / 3}')\nself.play(Write(t))\nself.wait()",
            "{1 / 3:.2f}",
        ),
        (
            "c = BarChart([1 / 3], y_range=[0, 1, 1], bar_colors=[RED])\nl = c.get_bar_labels()\n"
            "self.play(Create(c), FadeIn(l))\nself.wait()",
            'label_constructor=lambda value: MathTex(f"{float(value):.2f}")',
        ),
        (
            "t = Text('3').shift(4 * LEFT)\nu = Text('plus')\nself.play(FadeIn(t, u))\n"
            "self.play(t.animate.shift(7 * RIGHT), run_time=2)\nself.wait()",
            "path_arc=PI / 2",
        ),
        (
            "t = Text('first')\nself.play(Write(t))\nself.play(FadeOut(t))\nself.wait(3)\n"
            "u = Text('second')\nself.play(Write(u))\nself.wait()",
            "self.wait(0.5)",
        ),
    ],
)
def test_flaw_is_mended_by_a_line_that_is_told(body: str, edit: str, stage: Stage) -> None:
    draft = mend(body, stage)
    assert not draft.flaws and edit in draft.scene.code.source
    assert len(told(draft)) == 1


def test_way_of_one_among_others_is_left_as_it_is(stage: Stage) -> None:
    body = (
        "t = Text('3').shift(4 * LEFT)\nu = Text('plus')\nv = Text('more').to_edge(DOWN)\n"
        "self.play(FadeIn(t, u))\n"
        "self.play(t.animate.shift(7 * RIGHT), Write(v), run_time=2)\nself.wait()"
    )
    draft = mend(body, stage)
    assert draft.scene.code == build_construct(body).code
    assert [flaw.rule for flaw in draft.flaws] == ["layout-crossing-on-the-way"]


def test_text_over_bodies_in_space_is_mended_by_standing_back(stage: Stage) -> None:
    body = (
        "self.set_camera_orientation(phi=70 * DEGREES)\n"
        "t = Text('a tall tower').to_edge(UP)\nself.add_fixed_in_frame_mobjects(t)\n"
        "c = Prism([1.5, 1.5, 6.4])\nself.play(FadeIn(c), Write(t))\nself.wait()"
    )
    draft = prepare_draft(build_construct(body, "ThreeDScene").code, stage)
    assert not draft.flaws and "zoom=" in draft.scene.code.source


def test_what_a_loop_makes_is_mended_for_all_of_it(stage: Stage) -> None:
    body = (
        "lines = VGroup(*[Line(2 * LEFT, 2 * RIGHT).shift((2 - n) * UP) for n in range(5)])\n"
        "names = VGroup(*[Text(f'line {n}').move_to(line) for n, line in enumerate(lines)])\n"
        "self.play(Create(lines))\nself.play(FadeIn(names))\nself.wait()"
    )
    draft = mend(body, stage)
    assert not draft.flaws and "for part in names]" in draft.scene.code.source


def test_flaw_of_a_thing_without_a_name_is_left_to_the_writer(stage: Stage) -> None:
    body = "self.play(Write(Text('far out').shift(6.5 * RIGHT)))\nself.wait()"
    draft = mend(body, stage)
    assert draft.scene.code == build_construct(body).code
    assert draft.flaws and not told(draft)


@pytest.mark.parametrize(
    "body",
    [
        # A brace is filled, and its box is as large as its label's.
        "l = Line([-2, -1, 0], [2, 1, 0])\nb = Brace(l, direction=l.copy().rotate(PI / 2)"
        ".get_unit_vector())\nt = b.get_text('one')\nself.play(FadeIn(l, b, t))\nself.wait()",
        # A small number within a bracket's box, a short label on a curve, a pause.
        "b = Text('(', font_size=200)\nt = Text('3', font_size=24).move_to(b)\n"
        "self.play(FadeIn(b, t))\nself.wait()",
        "t = Text('2x').shift(DOWN)\nl = Line(2 * DOWN + 0.35 * LEFT, 0.35 * LEFT)"
        ".move_to(t[0])\nself.play(FadeIn(l, t))\nself.wait()",
        "s = Square()\nself.play(Create(s))\nself.play(FadeOut(s))\nself.wait(2.5)\n"
        "self.play(FadeIn(s))\nself.wait()",
        # What waits outside, and balls of a heap that begins above the frame.
        "s = Square().shift(9 * RIGHT)\nself.add(s)\nself.play(FadeIn(Dot()))\nself.wait()\n"
        "self.play(s.animate.move_to(LEFT))\nself.wait()",
        "s = Square(3)\nself.play(FadeIn(s))\nself.play(s.animate.shift(6 * RIGHT))\nself.wait()",
        # What stands for another thing fades with it.
        "t = Text('one')\nu = Text('two')\nself.play(FadeIn(t))\nself.play(Transform(t, u))\n"
        "self.play(FadeOut(t), FadeOut(u))\nself.wait()",
    ],
)
def test_what_people_publish_is_left_alone(body: str, stage: Stage) -> None:
    code = build_construct(body).code
    assert prepare_draft(code, stage).scene.code.source == code.source


def test_clean_scenes_are_never_touched(stage: Stage) -> None:
    source = SCENES.read_text("utf-8")
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    clean = [node.name for node in classes if not ast.get_docstring(node)]
    assert len(clean) >= 10
    for name in clean[:6]:
        draft = prepare_draft(build_scene(source, name).code, stage)
        assert draft.scene.code.source == source


@pytest.mark.parametrize("number", ["42", "47"])
def test_recorded_reply_that_was_right_stays_as_it_is(stage: Stage, number: str) -> None:
    row = next(r for r in load_recorded_replies(DATA / "replies") if r.id == number)
    code = extract_scene(Completion(text=row.reply, model="recorded"))
    assert prepare_draft(code, stage).scene.code == code


def test_rehearsal_counts_what_it_does_and_not_how_long_it_takes(stage: Stage) -> None:
    scene = build_construct("self.play(Write(Text('one two three')))\nself.wait()")
    first, second = stage.rehearse(scene), stage.rehearse(scene)
    assert first.effort == second.effort and 0 < first.effort < 1
    assert first.cpu_s > 0
    longer = stage.rehearse(build_construct("self.play(*[Write(Text('one')) for _ in range(20)])"))
    assert longer.effort > 2 * first.effort


@pytest.mark.parametrize(
    ("effort", "cpu_s", "most_tries"),
    [(0.1, 0.5, 24), (0.8, 2.4, 24), (2.0, 3.0, 10), (6.0, 6.0, 3), (6.1, 1.0, 0), (0.1, 20.0, 3)],
)
def test_dear_rehearsals_are_held_less_often(
    stage: Stage, effort: float, cpu_s: float, most_tries: int
) -> None:
    lines = [f"t{n} = Text('far {n}').shift(6.8 * RIGHT + {0.8 * n - 3} * UP)" for n in range(9)]
    names = ", ".join(f"t{n}" for n in range(9))
    body = "\n".join([*lines, f"self.play(*map(Write, [{names}]))", "self.wait()"])
    seen = stage.rehearse(build_construct(body)).model_copy(
        update={"effort": effort, "cpu_s": cpu_s}
    )
    held: list[CheckedScene] = []

    def rehearse(scene: CheckedScene) -> Rehearsal:
        held.append(scene)
        return seen  # nothing helps

    mend(body, dataclasses.replace(stage, rehearse=rehearse))
    assert len(held) - 1 == most_tries


def test_misspelling_that_only_the_rehearsal_shows_is_mended(stage: Stage) -> None:
    body = (
        "names = {'a': Text('one')}\nfor t in names.values():\n"
        "    t.nxt_to(ORIGIN, UP).to_ege(UP)\nself.play(Write(names['a']))\nself.wait()"
    )
    draft = mend(body, stage)
    assert draft.failure is None and ".next_to(ORIGIN, UP).to_edge(UP)" in draft.scene.code.source
    assert sum(f.rule == "healed-misspelt" for f in draft.scene.findings) == 2
