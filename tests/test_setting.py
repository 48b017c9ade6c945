"""A scene drawn with other values by the real worker: versions, refusals, stills."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from typing import Any

import av
import manim
import numpy as np
import pytest
from PIL import Image

from shaperotator_magic.core.errors import (
    GenerationCancelled,
    ParameterError,
    RenderError,
)
from shaperotator_magic.core.records import (
    Event,
    Generation,
    Options,
    Prompt,
    RenderedVideo,
    SegmentReady,
)
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.notebook.session.versions import find_family
from shaperotator_magic.pipeline.exploring.parameters import read_parameters
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.pipeline.stills import StillDesk
from shaperotator_magic.rendering.process.omitting import can_omit
from shaperotator_magic.rendering.worker.worker import Worker
from tests.scenes import build_scene

pytestmark = pytest.mark.render

SMALL = Options(resolution="160x90", fps=5)
SOURCE = """\
from manim import *

SIZE = 2.0  # 0.5 to 12
SHIFT = 1  # 0 to 3


class Small(Scene):
    def construct(self):
        title = Text("A square").to_edge(UP)
        self.play(FadeIn(title), run_time=0.4)
        self.play(FadeOut(title), run_time=0.4)
        square = Square(SIZE, fill_opacity=1)
        self.play(Create(square), run_time=0.4)
        if SIZE > 11:
            raise ValueError("too large for this lesson")
        self.play(square.animate.shift(SHIFT * RIGHT), run_time=0.4)
        self.wait(0.4)
"""

TEXTS = """\
from manim import *

HEIGHT = 1.0  # 0 to 3


class Small(Scene):
    def construct(self):
        one = Text("first words", font_size=40).shift(2 * UP)
        other = Text("other words", font_size=40).shift(HEIGHT * UP)
        self.play(FadeIn(one), FadeIn(other), run_time=0.4)
        self.wait(1)
"""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker()
    worker.warm_up()
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def pipeline(worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder = tmp_path_factory.mktemp("setting")
    return Pipeline(store=Store(folder), renderers={"worker": worker}, media_dir=folder / "media")


@pytest.fixture(scope="module")
def base(pipeline: Pipeline) -> Generation:
    """A result as a model would have made it."""
    scene = build_scene(SOURCE)
    prompt = Prompt(text="a square", options=SMALL)
    made = Generation(prompt=prompt, scene=scene, parameters=read_parameters(scene.code))
    made = pipeline.render_again(made, lambda event: None, {})
    pipeline.store.append_generation(made)
    return made


def count_versions(pipeline: Pipeline) -> int:
    return len(pipeline.store.list_generations(limit=100))


def read_frame(video: RenderedVideo | None, at_s: float) -> Any:
    assert video is not None
    with av.open(str(video.path)) as container:
        frames = [(f.time, f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]
    return [pixels for time, pixels in frames if time <= at_s + 1e-6][-1]


def read_still(content: bytes | None) -> Any:
    assert content is not None
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def differ(one: Any, other: Any) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


# --- versions -------------------------------------------------------------------------


def test_set_value_is_a_version_with_another_video(pipeline: Pipeline, base: Generation) -> None:
    made = pipeline.set_parameters(base, {"SIZE": 3.5})
    assert (made.prompt.text, made.prompt.parent) == ("SIZE 2 → 3.5", base.generation_id)
    assert made.prompt.values == {"SIZE": 3.5} and made.status == "completed"
    assert {row.name: row.value for row in made.parameters} == {"SIZE": 3.5, "SHIFT": 1}
    assert made.video and base.video and made.video.sha256 != base.video.sha256
    assert pipeline.store.read_generation(made.generation_id) == made


def test_further_value_keeps_the_one_before_and_is_one_row(
    pipeline: Pipeline, base: Generation
) -> None:
    first = pipeline.set_parameters(base, {"SIZE": 3})
    second = pipeline.set_parameters(first, {"SHIFT": 2})
    assert second.prompt.text == "SIZE 2 → 3, SHIFT 1 → 2"
    assert second.prompt.parent == base.generation_id
    family = [version.generation_id for version in find_family(pipeline.store, second)]
    assert family == [base.generation_id, second.generation_id]


def test_values_as_at_first_are_the_first_version(pipeline: Pipeline, base: Generation) -> None:
    changed = pipeline.set_parameters(base, {"SIZE": 3})
    before = count_versions(pipeline)
    assert pipeline.set_parameters(changed, {"SIZE": 2}).generation_id == base.generation_id
    assert count_versions(pipeline) == before


def test_video_begins_with_what_does_not_depend_on_the_value(
    pipeline: Pipeline, base: Generation
) -> None:
    segments: list[SegmentReady] = []

    def listen(event: Event) -> None:
        if isinstance(event, SegmentReady):
            segments.append(event)

    made = pipeline.set_parameters(base, {"SIZE": 2.75}, listen)
    for at_s in (0.2, 0.6):
        assert np.array_equal(read_frame(made.video, at_s), read_frame(base.video, at_s))
    assert differ(read_frame(made.video, 1.2), read_frame(base.video, 1.2)) > 1


# --- refusals -------------------------------------------------------------------------


def test_value_out_of_range_is_refused_before_anything_is_drawn(
    pipeline: Pipeline, base: Generation
) -> None:
    said: list[Event] = []
    with pytest.raises(ParameterError, match="SIZE may be 12 at most"):
        pipeline.set_parameters(base, {"SIZE": 13}, said.append)
    assert said == []


def test_value_with_which_the_scene_fails_is_refused_and_not_kept(
    pipeline: Pipeline, base: Generation
) -> None:
    before = count_versions(pipeline)
    with pytest.raises(RenderError, match="too large for this lesson"):
        pipeline.set_parameters(base, {"SIZE": 11.5})
    assert count_versions(pipeline) == before


def test_value_that_breaks_the_layout_is_refused_with_the_finding(pipeline: Pipeline) -> None:
    scene = build_scene(TEXTS)
    prompt = Prompt(text="a square", options=SMALL)
    made = Generation(prompt=prompt, scene=scene, parameters=read_parameters(scene.code))
    before = count_versions(pipeline)
    with pytest.raises(ParameterError, match=r"'other words'.*lies over one"):
        pipeline.set_parameters(made, {"HEIGHT": 1.9})
    assert count_versions(pipeline) == before


def test_first_segment_is_told_before_the_scene_is_rehearsed(
    pipeline: Pipeline, base: Generation, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    rehearse = worker.rehearse

    def note(*args: Any, **options: Any) -> Any:
        order.append("rehearsal")
        return rehearse(*args, **options)

    monkeypatch.setattr(worker, "rehearse", note)
    pipeline.set_parameters(
        base,
        {"SIZE": 4.25},
        lambda event: order.append("segment") if isinstance(event, SegmentReady) else None,
    )
    assert order[0] == "segment" and order.count("rehearsal") == 1


def test_value_that_nobody_wants_any_more_is_given_up(pipeline: Pipeline, base: Generation) -> None:
    before = count_versions(pipeline)
    with pytest.raises(GenerationCancelled):
        pipeline.set_parameters(base, {"SIZE": 3.25}, is_wanted=lambda: False)
    assert count_versions(pipeline) == before


# --- stills ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(pipeline: Pipeline, worker: Worker) -> Iterator[StillDesk]:
    desk = StillDesk(worker, pipeline.media_dir)
    yield desk
    desk.close()


def draw(desk: StillDesk, base: Generation, at_s: float | None, **values: Any) -> bytes | None:
    return desk.draw(base, {}, values, at_s=at_s, variables={})


@pytest.mark.parametrize("at_s", [0.2, 0.9, 1.4, 1.9])
def test_still_is_the_frame_of_the_video(desk: StillDesk, base: Generation, at_s: float) -> None:
    still = read_still(draw(desk, base, at_s))
    assert differ(still, read_frame(base.video, at_s)) < 3  # the video is compressed


def test_still_shows_the_new_value_and_then_the_old_one(desk: StillDesk, base: Generation) -> None:
    first, other, again = (read_still(draw(desk, base, None, SIZE=size)) for size in (2, 4, 2))
    assert differ(first, other) > 5
    assert np.array_equal(first, again)


def test_still_of_a_value_that_fails_says_why_and_the_next_one_comes(
    desk: StillDesk, base: Generation
) -> None:
    with pytest.raises(RenderError, match="too large for this lesson"):
        draw(desk, base, None, SIZE=11.5)
    assert draw(desk, base, None, SIZE=3)


def test_hundred_quick_moves_end_with_the_last_one(desk: StillDesk, base: Generation) -> None:
    drawn: dict[int, bytes | None] = {}

    def move(number: int) -> None:
        drawn[number] = draw(desk, base, None, SIZE=1 + number / 100)

    threads = [threading.Thread(target=move, args=(number,)) for number in range(100)]
    with desk._drawing:  # as while one still is drawn: how quick stills are makes no difference
        for number, thread in enumerate(threads):
            thread.start()
            while desk._asked <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join(60)
    assert len(drawn) == 100 and drawn[99] is not None
    assert sum(content is not None for content in drawn.values()) < 20
    assert drawn[99] == draw(desk, base, None, SIZE=1.99)


PASSED = """\
from manim import *

SIZE = 1.0  # 0.5 to 2


class Small(Scene):
    def construct(self):
        square = Square(SIZE, fill_opacity=1).shift(2 * LEFT)
        dots = VGroup(*(Dot(radius=0.4).shift(n * RIGHT) for n in range(3)))
        below = always_redraw(lambda: Line(square.get_bottom(), square.get_bottom() + DOWN))
        self.play(FadeIn(square, shift=UP), FadeIn(below), run_time=0.4)
        self.play(LaggedStart(*map(GrowFromCenter, dots), lag_ratio=0.3), run_time=0.4)
        self.play(FadeOut(dots[0]), square.animate.shift(UP), run_time=0.4)
        end = Text("end").shift(2 * DOWN)
        self.play(AnimationGroup(FadeOut(dots[1:]), Write(end)), run_time=0.4)
        self.play(Create(Circle(), rate_func=there_and_back), FadeIn(dots), run_time=0.4)
        self.wait(0.4)
"""


@pytest.fixture(scope="module")
def passed(pipeline: Pipeline) -> Generation:
    scene = build_scene(PASSED)
    made = Generation(
        prompt=Prompt(text="x", options=SMALL), scene=scene, parameters=read_parameters(scene.code)
    )
    return pipeline.render_again(made, lambda event: None, {})


@pytest.mark.parametrize("at_s", [0.7, 1.1, 1.5, 1.7, 2.3])
def test_still_is_the_frame_whatever_was_omitted_on_the_way(
    desk: StillDesk, passed: Generation, at_s: float
) -> None:
    still = read_still(draw(desk, passed, at_s))
    assert differ(still, read_frame(passed.video, at_s)) < 3


def test_only_animations_that_leave_their_mobjects_as_before_are_omitted() -> None:
    square, dot = manim.Square(), manim.Dot()
    follower = manim.Dot().add_updater(lambda mobject: mobject.move_to(square))
    assert can_omit([manim.FadeIn(square), manim.LaggedStart(manim.Write(dot), lag_ratio=0.2)])
    for animations in (
        [manim.FadeIn(square), manim.Create(square)],
        [manim.FadeIn(follower)],
        [manim.Write(square, reverse=True)],
        [manim.Create(square, rate_func=manim.there_and_back)],
        [manim.AnimationGroup(manim.FadeIn(dot), rate_func=manim.there_and_back)],
        [manim.FadeIn(square, remover=True)],
        [square.animate.shift(manim.UP).build()],
    ):
        assert not can_omit(animations)
