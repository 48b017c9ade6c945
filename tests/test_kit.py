"""The building blocks: each is inlined, passes the checks, runs, and leaves no layout flaw."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shaperotator_magic.checking.api import Api
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.options import build_options, merge_settings
from shaperotator_magic.core.records import CheckedScene, Completion, Options, Prompt, Rehearsal
from shaperotator_magic.pipeline.drafts import Stage, prepare_draft
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.writing.examples import find_profile
from shaperotator_magic.writing.kit.kit import describe_kit, inline_kit, list_blocks
from shaperotator_magic.writing.model.extraction import extract_scene
from shaperotator_magic.writing.model.prompts import build_messages
from tests.scenes import build_request

USES = (Path(__file__).parent / "data" / "kit_uses.txt").read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    worker = Worker()
    request = build_request(tmp_path_factory.mktemp("media"), width_px=854, height_px=480)

    def rehearse(scene: CheckedScene) -> Rehearsal:
        return worker.rehearse(scene, request, variables={})

    yield Stage(rehearse, Api(worker.describe_manim(request)), most_effort=0.0)
    worker.close()


def write(body: str, imports: str = "from manim import *") -> str:
    lines = "\n".join(" " * 8 + line for line in [*body.splitlines(), "self.wait(2)"])
    return f"```python\n{imports}\n\n\nclass S(Scene):\n    def construct(self):\n{lines}\n```"


@pytest.mark.render
@pytest.mark.parametrize("body", [use.replace(r"\n", "\n") for use in USES])
def test_block_is_inlined_and_leaves_the_picture_in_order(body: str, stage: Stage) -> None:
    code = inline_kit(extract_scene(Completion(text=write(body), model="small")))
    assert "def kit_" in code.source and "shaperotator" not in code.source
    draft = prepare_draft(code, stage)
    assert draft.failure is None, (draft.failure, code.source)
    assert [f.message for f in draft.flaws] == []
    assert draft.scene.code.source == code.source


def test_every_block_is_used_above() -> None:
    assert [name for name in list_blocks() if name not in "".join(USES) + "kit_words"] == []


def test_blocks_bring_their_imports(stage: Stage) -> None:
    text = write('self.play(FadeIn(kit_flow("a", "b")))', "from manim import FadeIn, Scene")
    code = inline_kit(extract_scene(Completion(text=text, model="small")))
    assert prepare_draft(code, stage).failure is None


def test_scene_without_blocks_stays_as_it_is() -> None:
    code = extract_scene(Completion(text=write("self.play(Create(Circle()))"), model="small"))
    assert inline_kit(code) is code


def test_description_has_a_line_for_every_block_and_is_short() -> None:
    text = describe_kit()
    assert all(f"- {name}(" in text for name in list_blocks())
    assert len(text) < 4500


def test_prompt_has_the_kit_where_it_is_given() -> None:
    prompt = Prompt(text="bubble sort")
    with_kit = build_messages(prompt, has_latex=True, kit=describe_kit())[0]["content"]
    assert "kit_array" in with_kit
    assert "kit_" not in build_messages(prompt, has_latex=True)[0]["content"]


@pytest.mark.parametrize(("model", "kit"), [("qwen2.5-coder:7b", True), ("gpt-5", False)])
def test_profile_decides_who_gets_the_kit(model: str, kit: bool) -> None:
    assert find_profile(model).kit is kit


def test_kit_is_an_option() -> None:
    assert Options().kit == "auto"
    assert build_options(merge_settings({"kit": "on"})).kit == "on"
    with pytest.raises(ConfigurationError, match="kit"):
        build_options(merge_settings({"kit": "maybe"}))
