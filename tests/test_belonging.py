"""What belongs together stays together: texts in boxes, labels beside arrows, columns of tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.layout.geometry import holds, unite
from shaperotator_magic.core.records import Box, CheckedScene, Drawn, Rehearsal
from shaperotator_magic.pipeline.drafts import Draft, Stage, prepare_draft
from shaperotator_magic.rendering.worker.worker import Worker
from tests.scenes import build_construct, build_request

pytestmark = pytest.mark.render


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    worker = Worker()
    request = build_request(tmp_path_factory.mktemp("media"), width_px=854, height_px=480)

    def rehearse(scene: CheckedScene) -> Rehearsal:
        return worker.rehearse(scene, request, variables={})

    yield Stage(rehearse, Api(worker.describe_manim(request)))
    worker.close()


def fix(body: str, stage: Stage) -> Draft:
    return prepare_draft(build_construct(body).code, stage)


def find_last(draft: Draft) -> list[Drawn]:
    assert draft.rehearsal is not None
    return [draft.rehearsal.things[n] for n in draft.rehearsal.moments[-1].things]


def find_box(draft: Draft, name: str) -> Box:
    """Return the box of what the source calls so, at the end of the scene."""
    return unite(next(t for t in find_last(draft) if t.name == name).boxes)


def write(*lines: str) -> str:
    return "\n".join([*lines, "self.wait()"])


# A text in its container: the lines that make both, and their names.
CONTAINED = [
    ("b = Rectangle(width=2.5, height=1)", "t = Text('a wide label').move_to(b)", "b", "t"),
    ("b = Square(1.2)", "t = Text('square').move_to(b)", "b", "t"),
    ("b = RoundedRectangle(width=3, height=1)", "t = Text('Click here now').move_to(b)", "b", "t"),
    ("b = Circle(0.8)", "t = Text('circle').move_to(b)", "b", "t"),
    ("b = Rectangle(width=4, height=0.7).shift(2 * UP)", "t = Text('Ägypten yes').move_to(b)",
     "b", "t"),
    ("b = Rectangle(width=2, height=1).shift(3 * LEFT)",
     "t = Text('hanging', font_size=60).move_to(b).shift(0.3 * RIGHT)", "b", "t"),
    ("b = Ellipse(width=3, height=1.2)", "t = Text('an ellipse').move_to(b)", "b", "t"),
]  # fmt: skip


@pytest.mark.parametrize(("box", "text", "outer", "inner"), CONTAINED)
def test_text_stays_in_its_container(
    box: str, text: str, outer: str, inner: str, stage: Stage
) -> None:
    draft = fix(write(box, text, "self.play(Create(b), Write(t))"), stage)
    assert holds(find_box(draft, outer), find_box(draft, inner)), draft.scene.code.source
    assert not draft.flaws


def test_shape_is_not_widened_for_a_text_that_only_lies_on_it(stage: Stage) -> None:
    body = write(
        "c = Circle(0.7, color=RED)",
        "self.play(Create(c))",
        "t = Text('one half and one third are five sixths')",
        "self.play(Write(t))",
    )
    box = find_box(fix(body, stage), "c")
    assert box[2] - box[0] == pytest.approx(1.4, abs=0.01)


def test_text_that_comes_after_its_box_stays_in_it(stage: Stage) -> None:
    body = write(
        "b = Rectangle(width=2.5, height=1)",
        "self.play(Create(b))",
        "t = Text('a wide label').move_to(b)",
        "self.play(Write(t))",
    )
    draft = fix(body, stage)
    assert holds(find_box(draft, "b"), find_box(draft, "t"))


def test_texts_of_neighbouring_boxes_stay_in_their_own(stage: Stage) -> None:
    body = write(
        "boxes = VGroup(*[Square(1.2) for _ in range(4)]).arrange(RIGHT, buff=0)",
        "words = VGroup(*[Text(w) for w in ['apples', 'orange', 'banana', 'lemons']])",
        "for word, box in zip(words, boxes):\n    word.move_to(box)",
        "self.play(Create(boxes), Write(words))",
    )
    draft = fix(body, stage)
    things = find_last(draft)
    boxes = [t.boxes[0] for t in things if t.type_name == "Square"]
    texts = [unite(t.boxes) for t in things if t.text]
    assert len(boxes) == len(texts) == 4
    assert all(any(holds(box, text) for box in boxes) for text in texts)


def test_flow_of_boxes_keeps_every_text_in_its_box(stage: Stage) -> None:
    body = write(
        "cells = VGroup()",
        "for word in ['Input data', 'Hidden units', 'Softmax out', 'Loss value']:\n"
        "    box = Rectangle(width=2, height=1)\n"
        "    cells.add(VGroup(box, Text(word, font_size=36).move_to(box)))",
        "cells.arrange(RIGHT, buff=0.6)",
        "self.play(FadeIn(cells))",
    )
    draft = fix(body, stage)
    things = find_last(draft)
    boxes = [t.boxes[0] for t in things if t.type_name == "Rectangle"]
    texts = [unite(t.boxes) for t in things if t.text]
    assert all(any(holds(box, text, slack=0.05) for box in boxes) for text in texts)


def test_label_stays_beside_its_arrow(stage: Stage) -> None:
    body = write(
        "a = Arrow(3 * LEFT, 3 * RIGHT)",
        "t = Text('force').move_to(a).shift(0.1 * UP)",
        "self.play(Create(a), Write(t))",
    )
    draft = fix(body, stage)
    text = find_box(draft, "t")
    middle = (text[1] + text[3]) / 2
    assert abs(middle) < 1.2 and abs(text[0] + text[2]) < 2
    assert not draft.flaws


def test_label_moves_with_what_it_labels(stage: Stage) -> None:
    body = write(
        "s = Square(2).shift(6.8 * RIGHT)",
        "t = Text('box', font_size=30).move_to(s)",
        "self.play(Create(s), Write(t))",
    )
    draft = fix(body, stage)
    assert holds(find_box(draft, "s"), find_box(draft, "t"))
    assert not draft.flaws


def test_text_that_hugs_the_edge_is_moved_in(stage: Stage) -> None:
    body = write("t = Text('low').to_edge(DOWN, buff=0.03)", "self.play(Write(t))")
    draft = fix(body, stage)
    assert find_box(draft, "t")[1] > -4 + 0.15


def test_text_as_wide_as_the_frame_is_made_smaller(stage: Stage) -> None:
    body = write(
        "t = Text('a line of many words').scale_to_fit_width(14.05).to_edge(UP)",
        "self.play(Write(t))",
    )
    box = find_box(fix(body, stage), "t")
    assert box[0] > -7.0 and box[2] < 7.0


def test_row_at_the_edge_is_not_torn_apart(stage: Stage) -> None:
    body = write(
        "t = Text('never')\nu = Text('always moving')",
        "row = VGroup(t, u).arrange(RIGHT, buff=1).to_edge(DOWN, buff=0.1)",
        "self.play(Write(t), Write(u))",
    )
    assert fix(body, stage).scene.code.source == build_construct(body).code.source


def test_vector_is_not_moved_for_its_label(stage: Stage) -> None:
    body = write(
        "a = Arrow(ORIGIN, 6.5 * RIGHT, buff=0)",
        "t = Text('e1 is here').next_to(a, RIGHT)",
        "self.play(Create(a), Write(t))",
    )
    draft = fix(body, stage)
    assert abs(find_box(draft, "a")[0]) < 0.05


def test_columns_that_a_loop_makes_stay_columns(stage: Stage) -> None:
    body = write(
        "rows = VGroup()",
        "for n in range(4):\n"
        "    t = Text(f'1 to {10 ** (2 * n)}', font_size=36).move_to(LEFT + (1.5 - n) * UP)\n"
        "    u = Text(f'count {n}', font_size=36).move_to(1.05 * RIGHT + (1.5 - n) * UP)\n"
        "    rows.add(t, u)",
        "self.play(Write(rows))",
    )
    draft = fix(body, stage)
    counts = [unite(t.boxes) for t in find_last(draft) if t.text and t.text.startswith("count")]
    middles = [(box[0] + box[2]) / 2 for box in counts]
    assert max(middles) - min(middles) < 0.1


def test_title_does_not_go_for_the_name_of_an_axis(stage: Stage) -> None:
    body = write(
        "t = Text('Series of the sine').to_edge(UP)",
        "self.play(Write(t))",
        "y = Text('y').move_to(t).shift(0.1 * RIGHT)",
        "self.play(Write(y))",
    )
    draft = fix(body, stage)
    assert "FadeOut" not in draft.scene.code.source
    assert {"Series of the sine", "y"} <= {t.text for t in find_last(draft)}


def test_texts_that_touch_are_set_apart(stage: Stage) -> None:
    body = write(
        "t = Text('first')",
        "u = Text('second').next_to(t, RIGHT, buff=0.01)",
        "self.play(Write(t), Write(u))",
    )
    draft = fix(body, stage)
    assert find_box(draft, "u")[0] - find_box(draft, "t")[2] > 0.1


def test_columns_of_a_table_stay_columns(stage: Stage) -> None:
    body = write(
        "rows = VGroup(*[Text(w, font_size=36) for w in ['one', 'two', 'three', 'four']])",
        "rows.arrange(DOWN, aligned_edge=LEFT)",
        "l = Line(LEFT, 2 * RIGHT).move_to(rows[1])",
        "self.play(Write(rows), Create(l))",
    )
    draft = fix(body, stage)
    texts = [unite(t.boxes) for t in find_last(draft) if t.text]
    assert max(t[0] for t in texts) - min(t[0] for t in texts) < 0.1


def test_roomy_box_is_left_alone(stage: Stage) -> None:
    body = write(
        "b = Rectangle(width=5, height=1.5)",
        "t = Text('short').move_to(b)",
        "self.play(Create(b), Write(t))",
    )
    assert fix(body, stage).scene.code.source == build_construct(body).code.source


@pytest.mark.parametrize(("width", "factor"), [(0.8, ""), (6.0, ".scale(2)")])
def test_small_text_is_enlarged_within_its_box(width: float, factor: str, stage: Stage) -> None:
    body = write(
        f"b = Rectangle(width={width}, height=1.5)",
        "t = Text('False 12 of 40', font_size=8).move_to(b)",
        "self.play(Create(b), Write(t))",
    )
    draft = fix(body, stage)
    assert holds(find_box(draft, "b"), find_box(draft, "t"))
    assert factor in draft.scene.code.source
    assert factor or ".scale(" not in draft.scene.code.source
