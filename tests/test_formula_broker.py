"""Formulas set by LaTeX beside the scene: kept, handed over, and never a way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shaperotator_magic.core.errors import RenderError
from shaperotator_magic.rendering.mathtext.formula_cache import FormulaDesk, FormulaStore
from shaperotator_magic.rendering.mathtext.formulas import FormulaRequest
from shaperotator_magic.rendering.worker.environment import has_latex
from shaperotator_magic.rendering.worker.worker import Worker
from tests.scenes import build_construct, build_request

REQUEST = FormulaRequest(compilers=("latex",), output_format=".dvi", source="x")
SVG = b"<?xml version='1.0'?>\n<svg></svg>"


class Desk:
    """A desk whose orders are written down."""

    def __init__(self, tmp_path: Path) -> None:
        self.orders: list[dict[str, Any]] = []
        self.job, self.made = tmp_path / "job", tmp_path / "made"
        self.store = FormulaStore(tmp_path / "store")
        for folder in (self.job, self.made):
            folder.mkdir()
        self.desk = FormulaDesk(self.store, self.job, self.made, self.orders.append)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        self.desk.take({"question": {"formula": request}, "process": 7})
        return self.orders[-1]

    def finish(self, name: str, content: bytes | None = None) -> dict[str, Any]:
        (self.made / "a").mkdir()
        if content is not None:
            (self.made / "a" / name).write_bytes(content)
        self.desk.take({"compiled": {"file": name}, "folder": "a", "process": 7})
        assert not (self.made / "a").exists()
        answer: dict[str, Any] = self.orders[-1]["answer"]
        return answer


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_formula_is_compiled_once_and_then_kept(desk: Desk) -> None:
    assert desk.ask(REQUEST.model_dump())["compile"]["source"] == "x"
    first = desk.finish("formula.svg", SVG)
    assert (desk.job / first["file"]).read_bytes() == SVG
    again = desk.ask(REQUEST.model_dump())["answer"]
    assert (desk.job / again["file"]).read_bytes() == SVG
    assert again["file"] != first["file"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"compilers": ["sh"]},
        {"compilers": ["latex --shell-escape"]},
        {"compilers": []},
        {"output_format": ".svg; touch x"},
        {"source": "x" * 200_001},
        {"source": 3},
        {"more": 1},
    ],
)
def test_question_that_is_none_is_answered_and_starts_nothing(
    desk: Desk, wrong: dict[str, Any]
) -> None:
    order = desk.ask({**REQUEST.model_dump(), **wrong})
    assert "no question" in order["answer"]["complaint"]


@pytest.mark.parametrize("content", [None, b"%PDF", b"x" * 5_000_001])
def test_what_is_no_picture_is_not_kept(desk: Desk, content: bytes | None) -> None:
    desk.ask(REQUEST.model_dump())
    assert desk.finish("formula.svg", content)["file"] is None
    assert desk.store.find(REQUEST) is None


def test_link_in_place_of_the_picture_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "secret.svg").write_bytes(SVG)
    desk.ask(REQUEST.model_dump())
    (desk.made / "a").mkdir()
    (desk.made / "a" / "formula.svg").symlink_to(tmp_path / "secret.svg")
    desk.desk.take({"compiled": {"file": "formula.svg"}, "folder": "a", "process": 7})
    assert desk.orders[-1]["answer"]["file"] is None


# --- with LaTeX -----------------------------------------------------------------------------

needs_latex = pytest.mark.skipif(not has_latex(), reason="LaTeX is not installed")


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker()
    worker.warm_up()
    yield worker
    worker.close()


def render(worker: Worker, body: str, media_dir: Path) -> Any:
    request = build_request(media_dir, still=True, math="latex", use_cache=False)
    return worker.render(
        build_construct(body), request, variables={}, on_progress=lambda done, total: None
    )


@pytest.mark.render
@needs_latex
def test_formula_of_a_scene_is_set_and_lies_ready(worker: Worker, tmp_path: Path) -> None:
    body = r"self.add(MathTex(r'\frac{a}{b}', r'= c_0')); assert len(self.mobjects[0]) == 2"
    assert render(worker, body, tmp_path).size_bytes > 0
    kept = list((tmp_path / "formulas").iterdir())
    assert len(kept) == 1
    changed = kept[0].stat().st_mtime_ns
    render(worker, body, tmp_path)
    assert [path.stat().st_mtime_ns for path in (tmp_path / "formulas").iterdir()] == [changed]


@pytest.mark.render
@needs_latex
def test_formula_that_cannot_be_set_is_named_with_the_complaint(
    worker: Worker, tmp_path: Path
) -> None:
    with pytest.raises(
        RenderError, match=r"LaTeX cannot set \\nosuch: Undefined control"
    ) as caught:
        render(worker, r"self.add(MathTex(r'\nosuch'))", tmp_path)
    assert caught.value.line == 4
    assert "not valid LaTeX" in caught.value.hint


@pytest.mark.render
@needs_latex
@pytest.mark.parametrize("layers", ["input", "csname"])
def test_formula_cannot_read_a_private_file(worker: Worker, tmp_path: Path, layers: str) -> None:
    private = tmp_path / "private.tex"
    private.write_text("seventeen letters")
    command = {"input": r"\input{%s}", "csname": r"\csname in" + r"put\endcsname{%s}"}[layers]
    with pytest.raises(RenderError, match="LaTeX cannot set"):
        render(worker, f"self.add(Tex(r'{command % private}'))", tmp_path / "media")
