"""The JupyterLab extension in a real JupyterLab: its card, its buttons, prose cells, gallery."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

import shaperotator_magic
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.testing import RecordedModelServer
from tests.browser import FINISHED, LabPage, LabServer, describe
from tests.circle_model import reply_to

expect.set_options(timeout=300_000)
pytestmark = pytest.mark.browser

Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe

MIME_TYPE = "application/vnd.shaperotator.v1+json"
LOAD = "%load_ext shaperotator_magic"
UNKNOWN = "%%shaperotate --offline\nthe taste of strawberries on a Sunday morning"
IS_RUNNING = """(index) => window.jupyterapp.shell.currentWidget
  .content.widgets[index].model.executionState === 'running'"""


GO_ON = "go-on"
LONG_PROSE = ", as [draft] two (see notes) say" + " and on" * 40
# The widths of the prompt's line and of what shows it, and what its brackets look like.
MEASURE_PROSE = """(cell) => {
  const line = cell.querySelectorAll('.cm-line')[1];
  const looks = (node) => { const {color, textDecorationLine} = getComputedStyle(node);
    return `${color} ${textDecorationLine}`; };
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const bracketed = [];
  while (walker.nextNode()) {
    const {data, parentElement} = walker.currentNode;
    if (/[[\\]()]|draft|notes/.test(data)) bracketed.push(parentElement);
  }
  return [line.scrollWidth <= cell.clientWidth, line.getClientRects()[0].height > 30,
    bracketed.length > 0, bracketed.every((node) => looks(node) === looks(line))]; }"""
BUSY = f"import os, time\nwhile not os.path.exists('{GO_ON}'): time.sleep(0.05)"


@pytest.fixture(scope="module")
def model() -> Iterator[RecordedModelServer]:
    with RecordedModelServer(reply_to) as server:
        yield server


@pytest.fixture(scope="module")
def shown(
    lab_server: LabServer, extension_page: LabPage, model: RecordedModelServer
) -> Iterator[LabPage]:
    """A notebook whose second cell shows a finished card, and whose third runs until told."""
    ask = f"%%shaperotate --model m --base-url {model.base_url}\n"
    cells = [LOAD, f"{ask}a small circle, isn't it", BUSY, "6 * 7"]
    extension_page.open(lab_server.write_notebook("extension", cells))
    extension_page.run(0)
    extension_page.run(1)
    yield extension_page


def card_of(page: LabPage, index: int) -> Locator:
    return page.output(index).locator(".sr-card")


def read_facts(page: LabPage, index: int) -> dict[str, object]:
    (output,) = [o for o in page.outputs(index) if MIME_TYPE in o.get("data", {})]
    return dict(output["data"][MIME_TYPE])


def say(card: Locator, text: str) -> None:
    box = card.get_by_role("textbox", name="Say what to change")
    box.fill(text)
    box.press("Enter")


def test_names_of_the_extension_agree() -> None:
    root = Path(shaperotator_magic.__file__).parents[1]
    package = json.loads((root / "labextension" / "package.json").read_text())
    hook = (root / "hatch_build.py").read_text()
    (paths,) = shaperotator_magic._jupyter_labextension_paths()
    assert package["name"] == paths["dest"] == "shaperotator_magic"
    assert f'labextensions/{package["name"]}"' in hook
    assert package["version"] == shaperotator_magic.__version__
    assert package["jupyterlab"]["outputDir"] == f"../shaperotator_magic/{paths['src']}"


def test_card_of_the_extension_plays_and_holds_its_video_once(shown: LabPage) -> None:
    state = shown.play(1)
    assert state["ready"] >= 2 and state["width"] > 0 and state["at"] > 0
    (output,) = shown.outputs(1)
    assert len(json.dumps(output["data"][MIME_TYPE])) < 5_000, describe([output])
    assert "application/vnd.jupyter.widget-view+json" not in output["data"]
    expect(shown.output(1).locator("figure.shaperotator, .shaperotator-bar")).to_have_count(0)


def test_verdict_is_taken_while_a_cell_runs(lab_server: LabServer, shown: LabPage) -> None:
    shown.start(2)
    button = card_of(shown, 1).get_by_role("button", name="It was right")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert shown.page.evaluate(IS_RUNNING, 2)
    (lab_server.root / GO_ON).touch()
    rows = Store(lab_server.data_dir).read_feedback(str(read_facts(shown, 1)["id"]))
    assert [row.is_positive for row in rows] == [True]
    # The status of the kernel says idle after any message on the control channel.
    shown.page.wait_for_function(f"(index) => !({IS_RUNNING})(index)", arg=2)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_card_has_no_serious_barrier(shown: LabPage, theme: str) -> None:
    shown.execute("apputils:change-theme", theme=theme)
    expect(shown.page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
    card = card_of(shown, 1)
    card.get_by_role("button", name="Download").click()
    card.get_by_text("How it was made").click()
    found = Axe().run(shown.page, context=".sr-card").response["violations"]
    serious = [
        f"{row['id']}: {[node['html'][:160] for node in row['nodes']]}"
        for row in found
        if row["impact"] in {"serious", "critical"}
    ]
    shown.page.keyboard.press("Escape")
    card.get_by_text("How it was made").click()
    assert serious == []


def test_new_result_plays_unless_less_motion_is_asked_for(shown: LabPage) -> None:
    is_still = "() => document.querySelector('.sr-card video').paused"
    shown.page.emulate_media(reduced_motion="reduce")
    shown.run(1)
    expect(card_of(shown, 1).locator("video[src]")).to_have_count(1)
    assert shown.page.evaluate(is_still)
    shown.page.emulate_media(reduced_motion="no-preference")
    shown.run(1)
    shown.page.wait_for_function(f"() => !({is_still})()")


def test_refine_replaces_the_card_by_the_next_version(shown: LabPage) -> None:
    first = read_facts(shown, 1)
    say(card_of(shown, 1), "make it red; it's <b>too</b> blue")
    expect(card_of(shown, 1).get_by_label("Versions")).to_contain_text("v2 of 2")
    facts = read_facts(shown, 1)
    assert (facts["parent"], facts["status"]) == (first["id"], "completed")
    assert "RED" in str(facts["code"]) and shown.count_cells() == 4
    assert shown.play(1)["ready"] >= 2


def test_undo_and_compare_show_the_version_before(shown: LabPage) -> None:
    card = card_of(shown, 1)
    card.get_by_role("button", name="Compare").click()
    expect(card.locator("video")).to_have_count(2)
    card.get_by_role("button", name="Undo: the version").click()
    expect(card.get_by_label("Versions")).to_contain_text("v1 of 2")
    assert "BLUE" in str(read_facts(shown, 1)["code"])


def test_refine_and_remove_work_after_a_reload(lab_server: LabServer, shown: LabPage) -> None:
    shown.save()
    shown.reload()
    before = read_facts(shown, 1)
    say(card_of(shown, 1), "red, please")
    expect(card_of(shown, 1).get_by_label("Versions")).to_contain_text("v3 of 3")
    assert read_facts(shown, 1)["parent"] == before["id"]
    shown.save()
    saved = lab_server.read_notebook("extension.ipynb").cells[1].outputs
    assert saved[0]["data"][MIME_TYPE]["id"] == read_facts(shown, 1)["id"]
    card_of(shown, 1).get_by_role("button", name="Remove").click()
    expect(shown.output(1)).to_contain_text("removed.")
    expect(shown.output(1).locator("video")).to_have_count(0)


def test_without_the_extension_refine_changes_the_same_output(
    lab_server: LabServer, lab_page: LabPage, model: RecordedModelServer
) -> None:
    ask = f"%%shaperotate --model m --base-url {model.base_url}\na small circle"
    lab_page.open(lab_server.write_notebook("widget", [LOAD, ask]))
    lab_page.run_all()
    first = read_facts(lab_page, 1)
    box = lab_page.output(1).get_by_role("textbox", name="Say what to change")
    box.fill("make it red")
    box.press("Enter")
    expect(lab_page.output(1).locator("figcaption")).to_contain_text("make it red")
    facts = read_facts(lab_page, 1)
    assert (facts["parent"], len(lab_page.outputs(1))) == (first["id"], 1)
    assert lab_page.play(1)["ready"] >= 2


def test_background_run_goes_on_while_cells_run(
    lab_server: LabServer, extension_page: LabPage, model: RecordedModelServer
) -> None:
    ask = f"%%shaperotate --model m --base-url {model.base_url} --background\n"
    cells = [LOAD, f"{ask}a circle behind the scenes", "6 * 7", f"{ask}slowly, please"]
    wait = "run = Out[2]\nprint(run.wait(60).status, run.video.path.exists(), Small.__name__)"
    extension_page.open(lab_server.write_notebook("background", [*cells, wait]))
    for index in (0, 1, 2):
        extension_page.run(index)
    expect(extension_page.output(2)).to_contain_text("42")
    expect(card_of(extension_page, 1).locator(FINISHED)).to_have_count(1)
    extension_page.run(4)
    expect(extension_page.output(4)).to_contain_text("completed True Small")
    extension_page.run(3)
    card = card_of(extension_page, 3)
    expect(card).to_contain_text("tokens from m")
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_contain_text("Cancelled.")


# --- a lesson ---------------------------------------------------------------


@pytest.fixture(scope="module")
def lesson(
    lab_server: LabServer, extension_page: LabPage, model: RecordedModelServer
) -> Iterator[LabPage]:
    """A notebook with a result, a slow one, and one that the library does not know."""
    lines = [
        f"%config ShapeRotatorMagics.base_url = '{model.base_url}'",
        "%config ShapeRotatorMagics.model = 'm'",
    ]
    prose = f"%%shaperotate\nwhy $A v$ isn't **flat** for def in class{LONG_PROSE}"
    cells = ["\n".join([LOAD, *lines]), prose, "%%shaperotate\nbit by bit", UNKNOWN]
    extension_page.open(lab_server.write_notebook("lesson", cells))
    extension_page.run(0)
    extension_page.run(1)
    yield extension_page


def test_prose_wraps_and_its_brackets_are_no_links(lesson: LabPage) -> None:
    cell = lesson.page.locator(".jp-CodeCell.sr-prose").first
    expect(cell).to_contain_text("[draft]")
    assert cell.evaluate(MEASURE_PROSE) == [True] * 4


def test_cancel_of_a_refinement_keeps_the_version(lesson: LabPage) -> None:
    before = read_facts(lesson, 1)
    card = card_of(lesson, 1)
    say(card, "a long one, while it is drawn")
    expect(card.locator(".sr-progress")).to_contain_text("frames")
    # What is finished of it plays already.
    finished = card.get_by_label("What is finished of the animation")
    expect(finished).to_have_js_property("videoWidth", 854)
    card.get_by_role("button", name="Cancel").click()
    expect(card.locator(".sr-said")).to_contain_text("this version is kept")
    assert read_facts(lesson, 1)["id"] == before["id"]


def test_picture_moves_while_the_model_writes_and_cancel_ends_the_cell(lesson: LabPage) -> None:
    lesson.start(2)
    card = card_of(lesson, 2)
    expect(card).to_contain_text("tokens from m")
    live = card.get_by_label("What is finished of the animation")
    expect(live).to_have_js_property("videoWidth", 854)
    expect(card.locator(".sr-progress")).to_contain_text("Writing")
    expect(card.locator(".sr-progress")).to_contain_text("live: ")
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_contain_text("Cancelled.")


def test_sentence_that_nothing_fits_is_no_alarm(lesson: LabPage) -> None:
    lesson.run(3)
    said = card_of(lesson, 3).locator(".sr-error")
    expect(said).to_have_class("sr-error sr-mod-declined")
    expect(said).to_contain_text("no scene for this sentence")


def test_two_notebooks_keep_their_results_apart(lab_server: LabServer, lesson: LabPage) -> None:
    lesson.save()
    lesson.page.evaluate(
        "async () => { await window.jupyterapp.commands.execute('docmanager:open',"
        " {path: 'extension.ipynb'}); return null; }"
    )
    expect(lesson.page.locator(".jp-NotebookPanel")).to_have_count(2)
    lesson.open("lesson.ipynb")
    buttons = card_of(lesson, 1).get_by_role("button", name="It was right")
    expect(buttons).to_be_visible()


def test_restarted_kernel_takes_the_orders_away_until_the_magics_are_loaded(
    lesson: LabPage,
) -> None:
    lesson.page.evaluate(
        "async () => { await window.jupyterapp.shell.currentWidget.sessionContext"
        ".restartKernel(); return null; }"
    )
    up = card_of(lesson, 1).get_by_role("button", name="It was right")
    expect(up).to_be_hidden()
    assert lesson.play(1)["ready"] >= 2
    lesson.run(0)
    card_of(lesson, 1)
    expect(up).to_be_visible()


def test_stranger_without_a_kernel_sees_the_whole_card(
    lab_server: LabServer, lesson: LabPage
) -> None:
    lesson.save()
    notebook = lab_server.read_notebook("lesson.ipynb")
    notebook.metadata["kernelspec"] = {"name": "no-such-kernel", "display_name": "None"}
    path = lab_server.save_notebook("stranger.ipynb", notebook)
    lesson.page.goto(lab_server.address(path))
    card = lesson.page.locator(".sr-card").first
    expect(card).to_contain_text("isn't **flat**")
    card.get_by_text("How it was made").click()
    expect(card.locator(".sr-about")).to_contain_text(f"manim {metadata.version('manim')}")
    expect(card.locator(FINISHED)).to_have_count(1)
    expect(card.get_by_role("button", name="It was right")).to_be_hidden()
    text = lesson.page.locator(".jp-Notebook").inner_text()
    assert "model not found" not in text and "Loading widget" not in text
