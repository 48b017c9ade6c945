"""The card in a real JupyterLab: it plays, its buttons work, and it outlives its kernel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from shaperotator_magic.core.records import FeedbackRecord
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.testing import RecordedModelServer, Reply
from tests.browser import LabPage, LabServer, describe

pytestmark = pytest.mark.browser

LOAD = "%load_ext shaperotator_magic"
MATRIX = "%%shaperotate --offline\nShow what [[2, 1], [1, 2]] does to the plane"
SMALL = """from manim import *


class Small(Scene):
    def construct(self):
        self.play(Create(Circle()), run_time=0.5)
"""
LONG = """from manim import *


class Long(Scene):
    def construct(self):
        circle = Circle()
        for n in range(400):
            self.play(Rotate(circle, 1 + n))
"""


@pytest.fixture
def model() -> Iterator[RecordedModelServer]:
    """A chat server whose every reply is the small scene."""
    with RecordedModelServer(lambda _: Reply(f"```python\n{SMALL}```")) as server:
        yield server


def ask(server: RecordedModelServer, prompt: str, *options: str) -> str:
    line = " ".join(["%%shaperotate --model m --base-url", server.base_url, *options])
    return f"{line}\n{prompt}"


def read_feedback(server: LabServer, page: LabPage, index: int) -> list[FeedbackRecord]:
    """Return the rows of the store that are about a cell's result."""
    (facts,) = [
        data["application/vnd.shaperotator.v1+json"]
        for output in page.outputs(index)
        if "application/vnd.shaperotator.v1+json" in (data := output.get("data", {}))
    ]
    return Store(server.data_dir).read_feedback(facts["id"])


@pytest.fixture(scope="module")
def shown(lab_server: LabServer, lab_page: LabPage) -> Iterator[LabPage]:
    """A notebook whose second cell shows a finished card with its buttons."""
    with RecordedModelServer(lambda _: Reply(f"```python\n{SMALL}```")) as server:
        cells = [LOAD, ask(server, "a small circle")]
        lab_page.open(lab_server.write_notebook("shown", cells))
        lab_page.run(0)
        lab_page.run(1)
        yield lab_page


def test_card_in_lab_plays_and_leaves_no_widget(shown: LabPage) -> None:
    state = shown.play(1)
    assert state["ready"] >= 2 and state["width"] > 0 and state["at"] > 0
    (output,) = shown.outputs(1)
    assert output["output_type"] == "display_data", describe([output])
    assert "application/vnd.jupyter.widget-view+json" not in output["data"]


def test_thumb_up_in_lab_is_a_row_in_the_store(lab_server: LabServer, shown: LabPage) -> None:
    button = shown.output(1).get_by_role("button", name="Keep")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    rows = read_feedback(lab_server, shown, 1)
    assert [(row.is_positive, row.remove) for row in rows] == [(True, False)]


def test_comment_typed_in_lab_is_kept_and_touches_no_cell(
    lab_server: LabServer, shown: LabPage
) -> None:
    before = shown.count_cells()
    shown.output(1).get_by_role("button", name="Not right").click()
    box = shown.output(1).get_by_role("textbox", name="What is wrong?")
    box.press_sequentially("dd too fast, <b>x</b>")  # 'dd' deletes a cell in command mode
    box.press("Enter")
    expect(shown.output(1).locator("output:not(.sr-player-said)")).to_contain_text(
        "comment recorded"
    )
    said = [(row.is_positive, row.comment) for row in read_feedback(lab_server, shown, 1)]
    assert said[-2:] == [(False, ""), (False, "dd too fast, <b>x</b>")]
    assert shown.count_cells() == before


def test_buttons_in_lab_come_back_with_a_hidden_output(shown: LabPage) -> None:
    shown.execute("notebook:hide-all-cell-outputs")
    expect(shown.page.locator(".shaperotator-bar")).to_have_count(0)
    shown.execute("notebook:show-all-cell-outputs")
    bar = shown.output(1).locator(".shaperotator-bar")
    expect(bar).to_have_count(1)
    expect(bar.get_by_role("button", name="Not right")).to_have_attribute("aria-pressed", "true")


def test_card_in_lab_after_a_reload_plays_and_still_has_its_buttons(
    lab_server: LabServer, shown: LabPage
) -> None:
    shown.save()
    shown.reload()
    assert shown.play(1)["ready"] >= 2
    button = shown.output(1).get_by_role("button", name="Keep")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert read_feedback(lab_server, shown, 1)[-1].is_positive is True


def test_card_in_lab_reopened_untrusted_with_a_new_kernel_plays(
    lab_server: LabServer, shown: LabPage
) -> None:
    shown.save()
    notebook = lab_server.read_notebook("shown.ipynb")
    notebook.cells[0].source = "'sent by mail'"
    shown.open(lab_server.save_notebook("untrusted.ipynb", notebook))
    assert shown.play(1)["width"] > 0
    expect(shown.output(1).locator(".shaperotator-bar")).to_have_count(0)
    expect(shown.output(1)).not_to_contain_text("Error displaying widget")


def test_remove_in_lab_takes_the_video_away(
    lab_server: LabServer, lab_page: LabPage, model: RecordedModelServer
) -> None:
    cells = [LOAD, ask(model, "to be removed", "--fps 11")]
    lab_page.open(lab_server.write_notebook("removed", cells))
    lab_page.run_all()
    before = set((lab_server.data_dir / "media").rglob("*.mp4"))
    lab_page.output(1).get_by_role("button", name="Remove").click()
    expect(lab_page.output(1)).to_contain_text("to be removed: removed.")
    expect(lab_page.output(1).locator("video")).to_have_count(0)
    assert len(before - set((lab_server.data_dir / "media").rglob("*.mp4"))) == 1


def test_cancel_button_in_lab_stops_the_model_and_the_next_cell_works(
    lab_server: LabServer, lab_page: LabPage
) -> None:
    slow = Reply(f"```python\n{LONG}```", chunk_chars=2, chunk_delay_s=0.5)
    with RecordedModelServer(lambda _: slow) as server:
        cells = [LOAD, ask(server, "slowly written"), "6 * 7"]
        lab_page.open(lab_server.write_notebook("cancelled_writing", cells))
        lab_page.run(0)
        lab_page.start(1)
        expect(lab_page.output(1)).to_contain_text("tokens from m")
        lab_page.output(1).get_by_role("button", name="Cancel").click()
        expect(lab_page.output(1)).to_contain_text("Cancelled.")
        assert server.wait_for_disconnect()
    lab_page.run(2)
    expect(lab_page.output(2)).to_contain_text("42")


def test_interrupt_in_lab_stops_the_render_and_the_next_cell_works(
    lab_server: LabServer, lab_page: LabPage
) -> None:
    with RecordedModelServer(lambda _: Reply(f"```python\n{LONG}```")) as server:
        cells = [LOAD, ask(server, "drawn for a long time"), "6 * 7"]
        lab_page.open(lab_server.write_notebook("cancelled_rendering", cells))
        lab_page.run(0)
        lab_page.start(1)
        expect(lab_page.output(1)).to_contain_text("frames")
        lab_page.interrupt()
        expect(lab_page.output(1)).to_contain_text("Cancelled.")
    lab_page.run(2)
    expect(lab_page.output(2)).to_contain_text("42")
    errors = [o for o in lab_page.outputs(1) if o["output_type"] == "error"]
    assert [(e["ename"], len(e["traceback"])) for e in errors] == [("GenerationCancelled", 1)]
