"""Where a user finds the extension in JupyterLab and Notebook 7: prose, gallery, rotated text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from shaperotator_magic.testing import RecordedModelServer
from tests.browser import FINISHED, Front, LabPage, LabServer, find_extension
from tests.circle_model import reply_to

expect.set_options(timeout=300_000)
pytestmark = pytest.mark.browser

PROSE = "%%shaperotate\nwhy $A v$ isn't **flat** for def in class"
TEXT = "# an ellipse, it's round"
ROTATE = "Rotate Selected Text"
WIDGETS = "window.jupyterapp.shell.currentWidget.content.widgets"
SOURCES = f"() => {WIDGETS}.map((cell) => cell.model.sharedModel.source)"
TYPES = f"() => {WIDGETS}.map((cell) => cell.model.mimeType)"
ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
SELECT = """(index) => { const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = index; notebook.mode = 'edit'; notebook.activeCell.editor.focus();
  notebook.activeCell.editor.setSelection(
    {start: {line: 0, column: 2}, end: {line: 0, column: 12}}); return null; }"""
UNSELECT = """(index) => { const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = index; notebook.mode = 'command';
  notebook.activeCell.editor.setCursorPosition({line: 0, column: 0});
  notebook.node.focus(); return null; }"""


@pytest.fixture(scope="module")
def model() -> Iterator[RecordedModelServer]:
    with RecordedModelServer(reply_to) as server:
        yield server


@pytest.fixture(scope="module", params=["lab", "notebook"])
def front(
    request: pytest.FixtureRequest,
    browser: Browser,
    lab_server: LabServer,
    model: RecordedModelServer,
) -> Iterator[LabPage]:
    """A notebook with a result in its second cell, and a text to be rotated in its third."""
    if find_extension() is None:
        pytest.skip("the JupyterLab extension is not built: make extension")
    kind: Front = request.param
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    front = LabPage(page, lab_server, has_extension=True, front=kind)
    settings = [f"base_url = '{model.base_url}'", "model = 'm'"]
    config = [f"%config ShapeRotatorMagics.{setting}" for setting in settings]
    load = "\n".join(["%load_ext shaperotator_magic", *config])
    front.open(lab_server.write_notebook(f"places-{kind}", [load, PROSE, TEXT]))
    front.run(0)
    front.run(1)
    yield front
    page.close()


def test_prose_cell_is_no_python(front: LabPage) -> None:
    front.page.wait_for_function(f"() => ({TYPES})()[1] === 'text/x-ipythongfm'")
    assert front.page.evaluate(TYPES) == ["text/x-ipython", "text/x-ipythongfm", "text/x-ipython"]
    expect(front.page.locator(".jp-CodeCell.sr-prose")).to_have_count(1)


def test_view_menu_shows_the_gallery_that_leads_to_the_cell(front: LabPage) -> None:
    front.page.get_by_role("menuitem", name="View", exact=True).click()
    front.page.get_by_role("menuitem", name="Show Animations", exact=True).click()
    item = front.page.locator(".sr-gallery-item")
    expect(item).to_have_count(1)
    expect(item).to_contain_text("isn't **flat**")
    item.click()
    front.page.wait_for_function(f"() => ({ACTIVE})() === 1")
    front.page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); return null; }")


def use_shortcut(front: LabPage, _: Locator) -> None:
    front.page.keyboard.press("Control+Alt+r")


def use_toolbar(front: LabPage, _: Locator) -> None:
    front.page.locator('.jp-Toolbar [data-command="shaperotator:rotate-selection"]:visible').click()


def use_context_menu(front: LabPage, cell: Locator) -> None:
    cell.locator(".jp-InputArea-prompt").click(button="right")
    front.page.get_by_role("menuitem", name=ROTATE).click()


def use_palette(front: LabPage, _: Locator) -> None:
    front.page.keyboard.press("Control+Shift+c")
    front.page.locator(".lm-CommandPalette-input").fill(ROTATE)
    front.page.keyboard.press("Enter")


@pytest.mark.parametrize("use", [use_shortcut, use_toolbar, use_context_menu, use_palette])
def test_text_is_rotated_in_a_cell_below(
    front: LabPage, use: Callable[[LabPage, Locator], None]
) -> None:
    is_selected = use is use_shortcut
    before = front.count_cells()
    front.page.evaluate(SELECT if is_selected else UNSELECT, 2)
    use(front, front.page.locator(".jp-Notebook .jp-Cell").nth(2))
    front.page.wait_for_function(f"(count) => {WIDGETS}.length > count", arg=before)
    expect(front.output(3).locator(".sr-card").locator(FINISHED)).to_have_count(1)
    text = "an ellipse" if is_selected else TEXT
    assert front.page.evaluate(SOURCES)[2:4] == [TEXT, f"%%shaperotate\n{text}"]
    assert front.count_cells() == before + 1
