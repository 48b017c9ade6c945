"""One run from sentence to video: repair, failures, what is kept, and what a broken store costs.

The model is a real chat server, the store a real file; the renderer alone is scripted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from shaperotator_magic.core.errors import (
    CheckFailedError,
    ConfigurationError,
    GenerationCancelled,
    GenerationNotFoundError,
    ModelError,
    NoSceneError,
    NothingFitsError,
    RenderError,
    SceneCodeError,
)
from shaperotator_magic.core.records import (
    Cancelled,
    Done,
    Event,
    Failed,
    FeedbackRecord,
    Options,
    Prompt,
    Rendering,
    Repairing,
    Writing,
)
from shaperotator_magic.keeping.store import STORE_NAME, Store
from shaperotator_magic.pipeline.history import list_liked
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.testing import RecordedModelServer, Reply
from shaperotator_magic.writing.model.prompts import TUNED_SYSTEM
from tests.fakes import FakeRenderer

GOOD = """```python
from manim import *

class Good(Scene):
    def construct(self):
        self.play(Create(Circle()))
```"""
REFUSED = GOOD.replace("self.play(", "open('x');self.play(")
PROSE = "I would rather not draw that."
MATRIX = "Show what [[2, 1], [1, 2]] does to the plane"


class Runs:
    """A pipeline on a folder, and what its runs said."""

    def __init__(self, folder: Path, renderer: FakeRenderer) -> None:
        self.renderer = renderer
        self.store = Store(folder)
        self.pipeline = Pipeline(
            store=self.store, renderers={"worker": renderer}, media_dir=folder / "media"
        )
        self.events: list[Event] = []

    def run(self, text: str = "a circle", **options: object) -> object:
        prompt = Prompt(text=text, options=Options.model_validate(options))
        return self.pipeline.run(prompt, self.events.append, generation_id="0badcafe")

    @property
    def kinds(self) -> list[type[Event]]:
        return list(dict.fromkeys(map(type, self.events)))


@pytest.fixture
def build(clean_environment: Path) -> Callable[..., Runs]:
    def build_runs(outcomes: Sequence[BaseException | None] = ()) -> Runs:
        return Runs(clean_environment, FakeRenderer(outcomes))

    return build_runs


def ask(runs: Runs, replies: Sequence[Reply | str], **options: object) -> RecordedModelServer:
    with RecordedModelServer(replies) as server:
        runs.run(model="m", base_url=server.base_url, **options)
    return server


def test_run_with_library_renders_and_is_kept(build: Callable[..., Runs]) -> None:
    runs = build()
    generation = runs.run(MATRIX)
    assert generation == runs.store.read_generation("0badcafe")
    assert generation.status == "completed" and generation.video.path.exists()
    assert runs.kinds[0] is Writing and type(runs.events[-1]) is Done
    assert runs.renderer.warmed_up == 1


def test_run_declined_by_the_library_is_kept_as_failed(build: Callable[..., Runs]) -> None:
    runs = build()
    with pytest.raises(NothingFitsError):
        runs.run("what is the capital of France")
    kept = runs.store.read_generation("0badcafe")
    assert (kept.status, kept.error.type) == ("failed", "NothingFitsError")
    assert type(runs.events[-1]) is Failed and not runs.renderer.requests


@pytest.mark.parametrize("first", [REFUSED, PROSE])
def test_run_with_a_bad_first_reply_is_repaired(build: Callable[..., Runs], first: str) -> None:
    runs = build()
    server = ask(runs, [first, GOOD])
    kept = runs.store.read_generation("0badcafe")
    assert kept.status == "completed" and [bool(a.error) for a in kept.attempts] == [True, False]
    (repairing,) = [event for event in runs.events if isinstance(event, Repairing)]
    assert repairing.attempt == 1 and repairing.findings
    assert repairing.findings[0].message in server.requests[1].messages[-1]["content"]


def test_run_whose_render_fails_tells_the_model_the_line(build: Callable[..., Runs]) -> None:
    runs = build([RenderError("Line 5: ValueError: no", line=5)])
    server = ask(runs, [GOOD, GOOD.replace("Circle", "Square")])
    said = server.requests[1].messages[-1]["content"]
    assert "ValueError: no" in said and "5" in said
    assert "Square" in runs.renderer.scenes[-1].code.source
    assert runs.store.read_generation("0badcafe").status == "completed"


@pytest.mark.parametrize(("reply", "error"), [(REFUSED, CheckFailedError), (PROSE, NoSceneError)])
def test_run_that_never_succeeds_raises_the_last_error(
    build: Callable[..., Runs], reply: str, error: type[SceneCodeError]
) -> None:
    runs = build()
    with pytest.raises(error):
        ask(runs, [reply] * 5, attempts=2)
    kept = runs.store.read_generation("0badcafe")
    assert len(kept.attempts) == 2 and all(attempt.error for attempt in kept.attempts)
    assert kept.error.hint


def test_run_with_one_attempt_repairs_nothing(build: Callable[..., Runs]) -> None:
    runs = build()
    with pytest.raises(CheckFailedError):
        ask(runs, [REFUSED, GOOD], attempts=1)
    assert Repairing not in runs.kinds


def test_run_refused_by_the_server_is_not_repeated(build: Callable[..., Runs]) -> None:
    runs = build()
    with pytest.raises(ModelError):
        ask(runs, [Reply(status=401, error="no", error_code="invalid_api_key"), GOOD])
    assert runs.store.read_generation("0badcafe").attempts == ()


def test_run_with_code_only_renders_and_warms_nothing(build: Callable[..., Runs]) -> None:
    runs = build()
    generation = runs.run(MATRIX, code_only=True)
    assert generation.video is None and generation.scene is not None
    assert not runs.renderer.requests and not runs.renderer.warmed_up
    assert Rendering not in runs.kinds


def test_run_with_still_and_quality_asks_the_renderer_for_them(build: Callable[..., Runs]) -> None:
    runs = build()
    runs.run(MATRIX, still=True, quality="medium", seed=7, cache=False, timeout_s=9)
    (request,) = runs.renderer.requests
    assert (request.still, request.seed, request.use_cache) == (True, 7, False)
    assert (request.width_px, request.height_px, request.fps) == (1280, 720, 30)
    assert request.timeout_s == 9


def test_run_interrupted_is_kept_as_cancelled(build: Callable[..., Runs]) -> None:
    runs = build([KeyboardInterrupt()])
    with pytest.raises(GenerationCancelled):
        runs.run(MATRIX)
    assert type(runs.events[-1]) is Cancelled
    assert runs.store.read_generation("0badcafe").status == "cancelled"


def test_run_with_a_damaged_store_still_shows_the_video(
    build: Callable[..., Runs], clean_environment: Path
) -> None:
    clean_environment.mkdir()
    (clean_environment / STORE_NAME).write_bytes(b"no database " * 100)
    runs = build()
    generation = runs.run(MATRIX)
    assert generation.video.path.exists()
    (note,) = [note for note in runs.events[-1].notes if "Not kept" in note]
    assert STORE_NAME in note


def test_run_with_a_data_folder_that_cannot_be_made_says_so_before_the_model_is_asked(
    build: Callable[..., Runs], clean_environment: Path
) -> None:
    clean_environment.write_text("a file stands where the folder should be")
    runs = build()
    with pytest.raises(ConfigurationError) as caught, RecordedModelServer([GOOD]) as server:
        runs.run(model="m", base_url=server.base_url)
    assert caught.value.hint and not server.requests


def test_run_with_the_kernel_renderer_outside_of_a_kernel_is_refused(
    build: Callable[..., Runs],
) -> None:
    with pytest.raises(ConfigurationError, match="no kernel renderer"):
        build().run(MATRIX, renderer="kernel")


def test_prompt_reaches_the_model_as_it_was_typed(build: Callable[..., Runs]) -> None:
    text = r"why \frac{1}{2} of {x} costs $x$ and %s, {0} — λ 'quoted"
    runs = build()
    with RecordedModelServer([GOOD]) as server:
        runs.run(text, model="m", base_url=server.base_url)
    assert text in server.requests[0].user_texts[0]


def test_removal_deletes_a_video_that_nobody_else_shows(build: Callable[..., Runs]) -> None:
    runs = build()
    video = runs.run(MATRIX).video
    feedback = FeedbackRecord(generation_id="0badcafe", remove=True, comment="wrong")
    runs.pipeline.record_feedback(feedback)
    assert runs.pipeline.delete_video(runs.store.read_generation("0badcafe")) is True
    assert not video.path.exists() and not video.poster.exists()
    assert runs.store.read_feedback("0badcafe")[0].comment == "wrong"


def test_render_again_of_a_run_without_a_scene_is_refused(build: Callable[..., Runs]) -> None:
    runs = build()
    with pytest.raises(NothingFitsError):
        runs.run("what is the capital of France")
    failed = runs.store.read_generation("0badcafe")
    with pytest.raises(SceneCodeError, match="no scene"):
        runs.pipeline.render_again(failed, runs.events.append, {})


def test_liked_runs_are_those_whose_last_verdict_is_positive(build: Callable[..., Runs]) -> None:
    pipeline = build().pipeline
    ids = [pipeline.run(Prompt(text=MATRIX), lambda event: None).generation_id for _ in range(3)]
    for at, verdict in ((0, True), (1, True), (2, True), (1, False)):
        pipeline.record_feedback(FeedbackRecord(generation_id=ids[at], is_positive=verdict))
    assert [g.generation_id for g in list_liked(pipeline.store)] == [ids[2], ids[0]]


def test_like_shows_the_model_one_result_and_what_was_said_of_it(
    build: Callable[..., Runs],
) -> None:
    runs = build()
    liked = runs.run(MATRIX)
    said = FeedbackRecord(generation_id=liked.generation_id, is_positive=True, comment="so\ncalm")
    runs.store.append_feedback(said)
    with RecordedModelServer([GOOD]) as server:
        prompt = Prompt(
            text="a circle", options=Options(model="m", base_url=server.base_url, like="0badcafe")
        )
        runs.pipeline.run(prompt, runs.events.append)
    system = server.requests[0].messages[0]["content"]
    assert liked.scene.code.source.strip() in system
    assert f"# The user wants the new one like this: {MATRIX}" in system
    assert "# The user liked it, and said: so calm" in system


def test_like_of_nothing_is_refused_before_the_model_is_asked(build: Callable[..., Runs]) -> None:
    with RecordedModelServer([GOOD]) as server, pytest.raises(GenerationNotFoundError):
        build().run(model="m", base_url=server.base_url, like="abcdef01")
    assert server.requests == []


def test_like_without_a_model_is_said_to_do_nothing(build: Callable[..., Runs]) -> None:
    runs = build()
    runs.run(MATRIX)
    prompt = Prompt(text=MATRIX, options=Options(like="0badcafe"))
    runs.pipeline.run(prompt, runs.events.append)
    assert any("--like is for a language model" in note for note in runs.events[-1].notes)


def test_tuned_model_is_sent_the_short_prompt(build: Callable[..., Runs]) -> None:
    with RecordedModelServer([GOOD]) as server:
        build().run(model="shaperotator-small/model", base_url=server.base_url)
    assert server.requests[0].messages[0]["content"] == TUNED_SYSTEM
