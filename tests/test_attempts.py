"""Repair by rehearsal, the best attempt, the part that works, and changes by a further sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from shaperotator_magic.core.errors import NothingFitsError, RenderError
from shaperotator_magic.core.records import (
    CheckedScene,
    Drawn,
    Event,
    Generation,
    Moment,
    Options,
    Prompt,
    Rehearsal,
    RehearsalFailure,
    Rendering,
    Repairing,
)
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.pipeline.history import list_prompts
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.testing import RecordedModelServer, Reply
from tests.fakes import FakeRenderer

GOOD = """```python
from manim import *

class Good(Scene):
    def construct(self):
        self.play(Create(Circle()))
        self.play(Write(Text("one")))
        self.wait(2)
```"""
WORSE = GOOD.replace("Circle", "Square")
CLEAN = Rehearsal(plays=2, waits=1, frames=60, duration_s=4.0)


def flawed(count: int) -> Rehearsal:
    """Return a rehearsal in which some texts are cut by the right edge."""
    texts = [
        Drawn(identity=n, name=f"t{n}", line=n, type_name="Text", text=f"word {n}", boxes=(box,))
        for n, box in enumerate([(6.0, n, 8.0, n + 0.4) for n in range(count)])
    ]
    white = [t.model_copy(update={"fill": (1.0, 1.0, 1.0), "fill_opacity": 1.0}) for t in texts]
    moments = tuple(Moment(play=n, at=1, things=tuple(range(count))) for n in range(2))
    return CLEAN.model_copy(update={"things": tuple(white), "moments": moments})


def failed(line: int, message: str = "ValueError: no") -> Rehearsal:
    failure = RehearsalFailure(message=message, line=line)
    return CLEAN.model_copy(update={"failure": failure})


class RehearsingRenderer(FakeRenderer):
    """Gives its rehearsals in order; afterwards clean ones."""

    def __init__(self, rehearsals: Sequence[Rehearsal]) -> None:
        super().__init__()
        self.rehearsals = list(rehearsals)

    def describe_manim(self, request: RenderRequest) -> dict[str, Any]:
        return {"version": "0", "names": [], "classes": {}, "functions": {}}

    def rehearse(
        self, scene: CheckedScene, request: RenderRequest, *, variables: Mapping[str, Any]
    ) -> Rehearsal:
        return self.rehearsals.pop(0) if self.rehearsals else CLEAN


class Runs:
    def __init__(self, folder: Path, rehearsals: Sequence[Rehearsal]) -> None:
        self.renderer = RehearsingRenderer(rehearsals)
        self.pipeline = Pipeline(
            store=Store(folder), renderers={"worker": self.renderer}, media_dir=folder / "media"
        )
        self.events: list[Event] = []

    def run(self, text: str, parent: str | None = None, **options: object) -> Generation:
        chosen = Options.model_validate(options)
        prompt = Prompt(text=text, options=chosen, parent=parent)
        return self.pipeline.run(prompt, self.events.append)

    def ask(
        self,
        replies: Sequence[Reply | str],
        text: str = "a circle",
        parent: str | None = None,
        **more: Any,
    ) -> tuple[Generation, RecordedModelServer]:
        with RecordedModelServer(replies) as server:
            return self.run(text, parent, model="m", base_url=server.base_url, **more), server


@pytest.fixture
def build(clean_environment: Path) -> Callable[..., Runs]:
    return lambda *rehearsals: Runs(clean_environment, rehearsals)


def test_flaw_seen_in_rehearsal_goes_to_the_model_in_cells(build: Callable[..., Runs]) -> None:
    runs = build(flawed(1))
    generation, server = runs.ask([WORSE, GOOD])
    said = server.requests[1].messages[-1]["content"]
    assert "t0 ('word 0') in F2" in said and "columns A to F" in said
    assert len(said) <= 900
    assert "Circle" in generation.scene.code.source
    assert [any(f.severity == "warning" for f in a.findings) for a in generation.attempts] == [
        True,
        False,
    ]
    assert all(a.error is None for a in generation.attempts)


def test_repair_tells_what_manim_has_at_the_failing_call(build: Callable[..., Runs]) -> None:
    runs = build(failed(5, "NameError: name 'ShowCreation' is not defined"))
    _, server = runs.ask([GOOD, GOOD])
    told = server.requests[1].messages[-1]["content"].partition("Of manim ")[2]
    assert "- Create(mobject, lag_ratio=1.0" in told


def test_tuned_model_gets_the_message_that_it_was_trained_on(build: Callable[..., Runs]) -> None:
    runs = build(failed(5, "NameError: name 'ShowCreation' is not defined"))
    with RecordedModelServer([GOOD, GOOD]) as server:
        runs.run("a circle", model="shaperotator-tuned", base_url=server.base_url)
    assert "Of manim " not in server.requests[1].messages[-1]["content"]


def test_best_attempt_is_shown_with_its_flaws_named(build: Callable[..., Runs]) -> None:
    runs = build(flawed(3), flawed(1), flawed(2))
    generation, _ = runs.ask([WORSE, GOOD, WORSE])
    assert "Circle" in generation.scene.code.source and generation.video is not None
    (note,) = runs.events[-1].notes
    assert "t0 ('word 0')" in note


def test_failing_attempt_after_a_flawed_one_does_not_lose_it(build: Callable[..., Runs]) -> None:
    runs = build(flawed(1), failed(5), failed(6))
    generation, _ = runs.ask([GOOD, WORSE, WORSE])
    assert generation.status == "completed" and "Circle" in generation.scene.code.source


def test_failing_last_part_still_shows_the_part_that_works(build: Callable[..., Runs]) -> None:
    runs = build(failed(6))
    generation, _ = runs.ask([GOOD], attempts=1)
    source = generation.scene.code.source
    assert "Circle" in source and "Text" not in source and "self.wait(2)" in source
    assert any("line 6 fails and was left out" in note for note in runs.events[-1].notes)


def test_scene_that_fails_at_once_is_reported(build: Callable[..., Runs]) -> None:
    with pytest.raises(RenderError, match="ValueError: no"):
        build(*[failed(5)] * 9).ask([GOOD], attempts=1)


def test_scene_with_nothing_to_see_is_no_success(build: Callable[..., Runs]) -> None:
    empty = CLEAN.model_copy(update={"moments": (Moment(play=0, at=1),)})
    with pytest.raises(RenderError, match="nothing is to be seen"):
        build(empty).ask([GOOD], attempts=1)


def test_scene_with_nothing_to_see_goes_back_to_the_model(build: Callable[..., Runs]) -> None:
    empty = CLEAN.model_copy(update={"moments": (Moment(play=0, at=1),)})
    generation, server = build(empty).ask([WORSE, GOOD])
    assert "Nothing is to be seen" in server.requests[1].messages[-1]["content"]
    assert "Circle" in generation.scene.code.source


def test_reply_that_is_cut_off_is_asked_for_again(build: Callable[..., Runs]) -> None:
    cut = GOOD.removesuffix("        self.wait(2)\n```") + "        self.play("
    generation, server = build().ask([cut, GOOD])
    assert "Your reply was cut off" in server.requests[1].messages[-1]["content"]
    assert generation.scene.code.source.endswith("self.wait(2)\n")


def test_reply_that_is_cut_off_is_continued_and_not_written_again(
    build: Callable[..., Runs],
) -> None:
    begun = GOOD.removesuffix("        self.wait(2)\n```") + "        self.wa"
    rest = "```python\n        self.wait(2)\n```"
    generation, server = build().ask([Reply(begun, finish_reason="length"), rest])
    assert generation.scene.code.source == build().ask([GOOD])[0].scene.code.source
    asked = server.requests[1].messages
    assert "cut off" in asked[-1]["content"]
    assert "Circle" in asked[-2]["content"]
    assert "self.wa" not in asked[-2]["content"]
    assert [attempt.error is None for attempt in generation.attempts] == [False, True]


@pytest.mark.parametrize("change", [{"finish_reason": "length"}, {"cut_after_chars": 10_000}])
def test_reply_that_is_cut_off_for_good_is_shown_as_far_as_it_goes(
    build: Callable[..., Runs], change: dict[str, object]
) -> None:
    begun = Reply(GOOD.removesuffix("        self.wait(2)\n```") + "        sel", **change)
    runs = build()
    generation, server = runs.ask([begun, Reply(status=400, error="no")], attempts=2)
    assert len(server.requests) == 2
    assert generation.scene.code.source.rstrip().endswith(")")
    assert "self.wait(2)" not in generation.scene.code.source
    assert any("stopped in the middle" in note for note in runs.events[-1].notes)


def test_same_failure_twice_asks_for_something_simpler(build: Callable[..., Runs]) -> None:
    runs = build(failed(5, "ValueError: 3 is no shape"), failed(6, "ValueError: 4 is no shape"))
    _, server = runs.ask([GOOD, GOOD, GOOD])
    assert "simpler" not in server.requests[1].messages[-1]["content"]
    assert "simpler" in server.requests[2].messages[-1]["content"]


def test_rehearsed_frames_are_the_total_of_the_rendering(build: Callable[..., Runs]) -> None:
    runs = build()
    generation, _ = runs.ask([GOOD])
    first = next(event for event in runs.events if isinstance(event, Rendering))
    assert first.total == 60
    assert generation.attempts[0].rehearsing_s >= 0
    assert not any(isinstance(event, Repairing) for event in runs.events)


# --- changes by a further sentence ----------------------------------------------------


def test_refinement_sends_sentences_code_and_request(build: Callable[..., Runs]) -> None:
    runs = build()
    first, _ = runs.ask([GOOD], "a circle, please")
    second, server = runs.ask([WORSE], "make it a square", first.generation_id)
    system, told, shown, request = server.requests[0].messages
    assert system["role"] == "system" and told["content"] == "a circle, please"
    assert first.scene.code.source.strip() in shown["content"]
    assert request["content"].endswith("make it a square")
    assert second.scene.code.scene_name == first.scene.code.scene_name
    diff = runs.pipeline.build_diff(second)
    assert "-        self.play(Create(Circle()))" in diff
    assert "+        self.play(Create(Square()))" in diff
    assert list_prompts(runs.pipeline.store, second) == ["a circle, please", "make it a square"]


def test_refinement_keeps_the_name_that_the_scene_has(build: Callable[..., Runs]) -> None:
    runs = build()
    first, _ = runs.ask([GOOD])
    second, _ = runs.ask([WORSE.replace("Good", "Other")], "a square", first.generation_id)
    assert second.scene.code.scene_name == "Good"


def test_refinement_of_a_library_scene_changes_its_parameters(build: Callable[..., Runs]) -> None:
    runs = build()
    first = runs.run("Show what the matrix [[2, 1], [1, 2]] does to the plane")
    second = runs.run("with [[0, -1], [1, 0]] instead", first.generation_id)
    assert "[[0, -1], [1, 0]]" in second.scene.code.source
    assert second.scene.code.origin.library_scene == first.scene.code.origin.library_scene
    assert "-MATRIX = [[2, 1], [1, 2]]" in runs.pipeline.build_diff(second)


def test_refinement_of_a_library_scene_beyond_its_parameters_is_declined(
    build: Callable[..., Runs],
) -> None:
    runs = build()
    first = runs.run("Show what the matrix [[2, 1], [1, 2]] does to the plane")
    with pytest.raises(NothingFitsError, match="nothing that can change"):
        runs.run("add a cat that waves", first.generation_id)
