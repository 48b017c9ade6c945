"""The rules of layout, by scenes with a planted defect of every kind and by clean, busy ones."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from shaperotator_magic.checking.layout.layout import check_layout
from shaperotator_magic.rendering.worker.worker import Worker
from tests.scenes import build_request, build_scene

pytestmark = pytest.mark.render

FOLDER = Path(__file__).parent / "data" / "layout"


def read_labels(source: str) -> dict[str, set[str]]:
    """Return by scene the rules that must speak; an empty docstring is a clean scene."""
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    return {node.name: set((ast.get_docstring(node) or "").split()) for node in classes}


def judge(worker: Worker, media: Path, name: str) -> dict[str, tuple[set[str], set[str]]]:
    """Return by scene what it was labelled with and what the rules said."""
    source = (FOLDER / f"{name}.py").read_text("utf-8")
    verdicts = {}
    for scene, labels in read_labels(source).items():
        seen = worker.rehearse(build_scene(source, scene), build_request(media), variables={})
        assert seen.failure is None, (scene, seen.failure)
        found = [f for f in check_layout(seen) if f.severity == "warning"]
        verdicts[scene] = labels, {f.rule.removeprefix("layout-") for f in found}
    return verdicts


@pytest.mark.parametrize("name", ["tuning", "heldout", "heldout_second"])
def test_layout_finds_planted_defects_and_spares_clean_scenes(
    worker: Worker, tmp_path: Path, name: str
) -> None:
    verdicts = judge(worker, tmp_path, name)
    hits = sum(len(labels & said) for labels, said in verdicts.values())
    missed = {s: labels - said for s, (labels, said) in verdicts.items() if labels - said}
    false = {s: said - labels for s, (labels, said) in verdicts.items() if said - labels}
    assert hits >= 9 * sum(map(len, missed.values())), missed
    assert hits >= 9 * sum(map(len, false.values())), false
