"""Kinds of faults that small models write, through all of the mending, without another call.

Every row must run to its end with nothing of it omitted. The rows are invented, several of a kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shaperotator_magic.checking.api import Api
from shaperotator_magic.core.records import CheckedScene, Completion, Rehearsal
from shaperotator_magic.pipeline.drafts import Stage, omit_failures, prepare_draft
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.writing.model.extraction import extract_scene
from tests.scenes import build_request

# A kind begins with '#'; a row is the body of construct(), ';;' stands for the end of a line.
ROWS = Path(__file__).parent / "data" / "other_kinds.txt"


def read_rows() -> list[tuple[str, str]]:
    rows, kind = [], ""
    for line in ROWS.read_text("utf-8").splitlines():
        if line.startswith("#"):
            kind = line[1:].strip()
        elif line.strip():
            rows.append((kind, line.replace(";;", "\n")))
    return rows


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    worker = Worker()
    request = build_request(tmp_path_factory.mktemp("media"))

    def rehearse(scene: CheckedScene) -> Rehearsal:
        return worker.rehearse(scene, request, variables={})

    yield Stage(rehearse, Api(worker.describe_manim(request)), most_effort=0.0)
    worker.close()


def write(body: str) -> str:
    if re.search(r"^(class|def construct|from|import) ?", body):
        return body
    lines = "\n".join(" " * 8 + line for line in body.splitlines())
    return f"from manim import *\n\n\nclass S(Scene):\n    def construct(self):\n{lines}\n"


@pytest.mark.render
@pytest.mark.parametrize(("kind", "body"), read_rows())
def test_fault_is_mended_without_omitting_anything(kind: str, body: str, stage: Stage) -> None:
    code = extract_scene(Completion(text=f"```python\n{write(body)}\n```", model="recorded"))
    draft = prepare_draft(code, stage)
    assert draft.failure is None, (kind, draft.failure, draft.failure.hint)
    assert draft.rehearsal is not None and draft.rehearsal.plays, kind
    omitted = [f.message for f in draft.scene.findings if f.rule == "healed-omitted"]
    assert not omitted, kind


@pytest.mark.parametrize(
    "body",
    [
        "if not self.mobjects:\n    self.play(Create(Circle()))\nelse:\n    self.play(ShowUp())",
        "c = Circle().set_width(2)\nself.play(Create(c), run_time=0.5)",
        "try:\n    s = ShowCreation\nexcept NameError:\n    s = Create\nself.play(s(Dot()))",
    ],
)
def test_what_runs_is_not_edited(body: str, stage: Stage) -> None:
    code = extract_scene(Completion(text=f"```python\n{write(body)}\n```", model="recorded"))
    draft = prepare_draft(code, stage)
    assert draft.failure is None
    assert draft.scene.code.source == code.source


def test_text_for_a_measure_is_no_direction_and_no_label(stage: Stage) -> None:
    body = write("self.play(Create(Circle(radius='x')))")
    code = extract_scene(Completion(text=f"```python\n{body}\n```", model="recorded"))
    draft = prepare_draft(code, stage)
    assert draft.failure is not None
    assert "Circle(radius='x')" in draft.scene.code.source


def test_unknown_picture_is_framed_where_nothing_else_is_left(stage: Stage) -> None:
    body = 'c = Contraption("abc", width=3)\nself.play(FadeIn(c))'
    code = extract_scene(Completion(text=f"```python\n{write(body)}\n```", model="recorded"))
    failing = prepare_draft(code, stage)
    assert failing.failure is not None
    whole = omit_failures(failing, stage)
    assert (
        whole is not None and "framed('Contraption', \"abc\", width=3)" in whole.scene.code.source
    )
    assert not [f for f in whole.scene.findings if f.rule == "healed-omitted"]


def test_fault_that_raises_nothing_is_mended_in_a_scene_that_runs(stage: Stage) -> None:
    body = "c = Circle()\nc.set_fill_opacity(0.5)\nself.play(Create(c))"
    code = extract_scene(Completion(text=f"```python\n{write(body)}\n```", model="recorded"))
    assert "c.set_fill(opacity=0.5)" in prepare_draft(code, stage).scene.code.source
