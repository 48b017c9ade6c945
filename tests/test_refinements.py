"""Twenty recorded refinements: the version before is kept, the change is shown, the rest stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shaperotator_magic.core.records import Generation, Options, Prompt
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.pipeline.history import find_parent
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.testing import RecordedModelServer
from shaperotator_magic.writing.model.refining import measure_kept
from tests.fakes import FakeRenderer

DATA = Path(__file__).parent / "data" / "refinements"
ROWS = [json.loads(line) for line in (DATA / "refinements.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def pipeline(clean_environment: Path) -> Pipeline:
    renderers = {"worker": FakeRenderer()}
    media = clean_environment / "media"
    return Pipeline(store=Store(clean_environment), renderers=renderers, media_dir=media)


def refine(pipeline: Pipeline, row: dict[str, str]) -> tuple[Generation, Generation]:
    replies = [(DATA / row[key]).read_text("utf-8") for key in ("before", "reply")]
    with RecordedModelServer(replies) as server:
        options = Options(model="m", base_url=server.base_url, attempts=1)
        said: list[object] = []
        first = pipeline.run(Prompt(text="Draw it.", options=options), said.append)
        parent = first.generation_id
        asked = Prompt(text=row["request"], options=options, parent=parent)
        return first, pipeline.run(asked, said.append)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_refinement_keeps_the_version_before_and_the_rest_of_the_scene(
    pipeline: Pipeline, row: dict[str, str]
) -> None:
    first, second = refine(pipeline, row)
    # Undo is the version before, which is there as it was.
    assert find_parent(pipeline.store, second.prompt) == first
    assert second.scene.code.scene_name == first.scene.code.scene_name
    diff = pipeline.build_diff(second)
    assert diff.startswith("--- before\n+++ after\n")
    assert measure_kept(first.scene.code, second.scene.code) >= 0.7
    assert second.status == "completed" and second.attempts[-1].error is None
