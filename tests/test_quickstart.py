"""The quickstart notebook: in a real kernel by nbclient, and in JupyterLab as a reader runs it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import expect

from shaperotator_magic.notebook.card.bundle import MIME_TYPE
from tests.browser import LabPage, LabServer, find_chromium

FOLDER = Path(__file__).parents[1] / "notebooks"
QUICKSTART = nbformat.read(FOLDER / "quickstart.ipynb", as_version=4)
SHAPEROTATE = [n for n, c in enumerate(QUICKSTART.cells) if c.source.startswith("%%shaperotate")]
MANIM = [n for n, c in enumerate(QUICKSTART.cells) if c.source.startswith("%manim")]
REFUSED = [n for n, c in enumerate(QUICKSTART.cells) if "France" in c.source]
WORDS = (
    "What are some simple but nontrivial and intuitive examples of vector spaces",
    "why L1 gives sparse solutions while L2 does not",
    "Draw a red square and turn it into a circle",
    "[[2, 1], [1, 2]]",
)


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that ``make demo`` runs."""
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.delitem(sys.modules, "run_quickstart", raising=False)
    import run_quickstart

    return run_quickstart


def find_facts(cell: Any) -> dict[str, Any]:
    (facts,) = [o["data"][MIME_TYPE] for o in cell.outputs if MIME_TYPE in o.get("data", {})]
    return dict(facts)


def test_quickstart_as_committed_has_no_output_and_what_it_must_show() -> None:
    assert not [c for c in QUICKSTART.cells if c.get("outputs") or c.get("execution_count")]
    text = "\n".join(QUICKSTART.cells[n].source for n in SHAPEROTATE)
    assert all(word in text for word in WORDS)
    assert REFUSED and len(MANIM) == 2


@pytest.mark.kernel
def test_quickstart_in_a_kernel_ends_with_a_page_whose_videos_play(
    tool: Any, tmp_path: Path, clean_environment: Path
) -> None:
    notebook = nbformat.read(tool.execute(FOLDER / "quickstart.ipynb", tmp_path), as_version=4)
    for number in SHAPEROTATE:
        wanted = "failed" if number in REFUSED else "completed"
        assert find_facts(notebook.cells[number])["status"] == wanted
    assert not [c for c in notebook.cells for o in c.get("outputs", ()) if "ename" in o]
    for number in MANIM:  # manim's own video has a picture, too, for a PDF
        data = [o.get("data", {}) for o in notebook.cells[number].outputs]
        (shown,) = [kinds for kinds in data if "<video" in kinds.get("text/html", "")]
        assert "image/png" in shown
    kinds = {k for c in notebook.cells for o in c.get("outputs", ()) for k in o.get("data", {})}
    assert not [kind for kind in kinds if "widget" in kind]
    page = tool.export(tmp_path / "quickstart.ipynb")
    if find_chromium() is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    playing, total = asyncio.run(tool.count_playing(page))
    assert playing == total == len(SHAPEROTATE) - len(REFUSED) + len(MANIM)


@pytest.mark.browser
def test_quickstart_in_lab_shows_every_video_and_the_refusal(
    lab_server: LabServer, lab_page: LabPage
) -> None:
    lab_page.open(lab_server.save_notebook("quickstart.ipynb", QUICKSTART))
    lab_page.run_all()
    for number in {*SHAPEROTATE, *MANIM} - set(REFUSED):
        state = lab_page.play(number)
        assert state["ready"] >= 2 and state["width"] > 0, number
    for number in REFUSED:
        expect(lab_page.output(number)).to_contain_text("no scene for this sentence")
    expect(lab_page.output(_find("%shaperotate up"))).to_contain_text("kept:")


def _find(start: str) -> int:
    return next(n for n, c in enumerate(QUICKSTART.cells) if c.source.startswith(start))
