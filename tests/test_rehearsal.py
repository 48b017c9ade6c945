"""A rehearsal sees what a render would show: lengths, places, names, lines and errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shaperotator_magic.checking.layout.layout import check_layout
from shaperotator_magic.core.records import Drawn, Finding, Rehearsal
from shaperotator_magic.rendering.worker.worker import Worker
from tests.scenes import build_construct, build_request

pytestmark = pytest.mark.render

Rehearse = Callable[..., Rehearsal]


@pytest.fixture(scope="module")
def rehearse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearse]:
    worker = Worker()
    media = tmp_path_factory.mktemp("media")

    def run(body: str, base: str = "Scene") -> Rehearsal:
        scene = build_construct(body, base)
        return worker.rehearse(scene, build_request(media), variables={})

    yield run
    worker.close()


def find(rehearsal: Rehearsal, name: str) -> Drawn:
    return next(thing for thing in rehearsal.things if thing.name == name)


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule.removeprefix("layout-") for finding in findings]


def test_rehearsal_counts_plays_waits_frames_and_seconds(rehearse: Rehearse) -> None:
    seen = rehearse("c = Circle()\nself.play(Create(c), run_time=2)\nself.wait(1)")
    assert (seen.plays, seen.waits, seen.duration_s, seen.ends_with_wait) == (1, 1, 3.0, True)
    assert seen.failure is None


def test_rehearsal_names_things_as_the_source_does(rehearse: Rehearse) -> None:
    seen = rehearse(
        "labels = VGroup(Text('a'), Text('b').shift(UP))\nself.add(labels)\nself.wait()"
    )
    assert find(seen, "labels[1]").text == "b"
    assert find(seen, "labels[1]").boxes[0][1] > 0.5


def test_rehearsal_looks_through_the_camera(rehearse: Rehearse) -> None:
    body = "t = Text('a').shift(3 * RIGHT)\nself.add(t)\nself.camera.frame.move_to(t)\nself.wait()"
    left, _, right, _ = find(rehearse(body, "MovingCameraScene"), "t").boxes[0]
    assert abs(left + right) < 0.01


def test_rehearsal_follows_chained_updaters(rehearse: Rehearse) -> None:
    seen = rehearse(
        "x = ValueTracker(0)\n"
        "d = always_redraw(lambda: Dot(x.get_value() * RIGHT))\n"
        "t = always_redraw(lambda: Text('here').next_to(d, UP))\n"
        "self.add(d, t)\nself.play(x.animate.set_value(4))"
    )
    last = [seen.things[n] for n in seen.moments[-1].things]
    text = next(thing for thing in last if thing.text)
    assert text.boxes[0][0] > 3


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("m = 3\naxes = Axes(x_range=m)\nself.wait()", ("x_range=None", "m = 3")),
        ("n = [1, 2]\nn[5]\nself.wait()", ("IndexError", "n = [1, 2]")),
        ("Circle().shfit(UP)", ("shfit",)),
    ],
)
def test_failure_tells_line_values_and_signature(
    rehearse: Rehearse, body: str, words: tuple[str, ...]
) -> None:
    failure = rehearse(body).failure
    assert failure is not None and failure.line is not None
    told = failure.message + failure.hint
    assert len(told) <= 600
    assert all(word in told for word in words), told


@pytest.mark.parametrize(
    ("body", "said"),
    [("from manim import Nope", "'Nope' from 'manim'"), ("import math\nmath + 1", "a module")],
)
def test_failure_names_no_path_of_this_machine(rehearse: Rehearse, body: str, said: str) -> None:
    failure = rehearse(body).failure
    assert failure is not None
    told = failure.message + failure.hint
    assert said in told and "/" not in told


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("moves = [Circle().animate]\nmoves.append(1, 2)", "moves = [<manim.mobject.mobject._An"),
        ("turns = (n for n in [1])\nturns.stop()", "turns = <generator"),
        ("raise ValueError(object())", "ValueError: <object>"),
    ],
)
def test_failure_is_told_in_the_same_words_in_every_run(
    rehearse: Rehearse, body: str, said: str
) -> None:
    failure = rehearse(body).failure
    assert failure is not None
    told = failure.message + failure.hint
    assert said in told and "0x" not in told


def test_failure_keeps_what_was_seen_before(rehearse: Rehearse) -> None:
    seen = rehearse("self.play(Create(Circle()))\nself.wait()\n1 / 0")
    assert (seen.plays, seen.waits) == (1, 1)
    assert seen.failure is not None and "ZeroDivisionError" in seen.failure.message


def test_fading_out_the_target_of_a_transform_is_told(rehearse: Rehearse) -> None:
    seen = rehearse(
        "a = Square()\nb = Circle()\nself.add(a)\nself.play(Transform(a, b))\n"
        "self.play(FadeOut(b))\nself.wait()"
    )
    assert "absent-fade" in rules(check_layout(seen))


def test_flaw_is_told_by_name_line_and_cell(rehearse: Rehearse) -> None:
    seen = rehearse(
        "title = Text('Hello').to_edge(UP)\nnote = Text('Hello there').to_edge(UP)\n"
        "self.play(Write(title))\nself.play(Write(note))\nself.wait()"
    )
    (finding,) = check_layout(seen)
    assert finding.rule == "layout-text-over-text"
    assert "note ('Hello there') in" in finding.message and "title ('Hello')" in finding.message
    assert finding.line == 5
