"""The same evening in every front end: JupyterLab and Notebook 7, with the extension and without.

What only the extension has (prose, gallery, rotated text) is in test_labextension; here is what a
user must find everywhere.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from shaperotator_magic.keeping.store import Store
from shaperotator_magic.testing import RecordedModelServer
from tests.browser import FINISHED, PLAYING, Front, LabPage, LabServer, find_extension
from tests.circle_model import reply_to

expect.set_options(timeout=300_000)
pytestmark = pytest.mark.browser

LOAD = "%load_ext shaperotator_magic"
MIME_TYPE = "application/vnd.shaperotator.v1+json"
FRONTS: dict[str, tuple[Front, bool]] = {
    "lab-extension": ("lab", True),
    "lab-buttons": ("lab", False),
    "notebook-extension": ("notebook", True),
    "notebook-buttons": ("notebook", False),
}
# How the files begin that can be downloaded.
MAGIC_BYTES = {"MP4": (4, b"ftyp"), "GIF": (0, b"GIF8"), "PNG": (0, b"\x89PNG")}
RESTART = """async () => { await window.jupyterapp.shell.currentWidget.sessionContext
  .restartKernel(); return null; }"""


# Texts that lie over a picture.
COUNT_COVERED = """(card) => {
  const videos = [...card.querySelectorAll('video')].map((video) => video.getBoundingClientRect());
  const texts = [...card.querySelectorAll('.sr-caption, .sr-title')].filter((e) => e.textContent);
  return texts.map((text) => text.getBoundingClientRect()).filter((text) => videos.some((video) =>
    text.top < video.bottom && text.bottom > video.top
    && text.left < video.right && text.right > video.left)).length; }"""
# Play the first of two videos, then stop the second: what one is told, the other does, too.
PLAY_FIRST = """async (card) => {
  const [first, second] = card.querySelectorAll('video');
  const until = async (isSo) => { for (let i = 0; i < 200 && !isSo(); i++)
    await new Promise((done) => setTimeout(done, 50)); return isSo(); };
  await until(() => first.readyState >= 2 && second.readyState >= 2);
  const pause = (video) => video.paused ? null : new Promise((done) => {
    video.addEventListener('pause', done, {once: true}); video.pause(); });
  await Promise.all([pause(first), pause(second)]);
  first.currentTime = second.currentTime = 0;
  await first.play();
  const both = await until(() => !second.paused);
  second.pause();
  return [both, await until(() => first.paused)]; }"""
IN_STEP = [True, True]
# One that plays already, slowly, so that its end does not begin both anew.
PLAY_SLOWLY = "async (video) => { video.playbackRate = 0.0625; await video.play(); }"
ARE_PLAYING = """async (card) => {
  const videos = [...card.querySelectorAll('video')];
  for (let i = 0; i < 200 && videos.some((video) => video.paused); i++)
    await new Promise((done) => setTimeout(done, 50));
  return videos.map((video) => !video.paused); }"""
SHOW_MOMENT = """(video, moment) => new Promise((done) => {
  video.pause();
  video.addEventListener('seeked', () => requestAnimationFrame(done), {once: true});
  video.currentTime = moment; })"""
# Buttons with two lines, or outside of their card.
FIND_BROKEN_BUTTONS = """(card) => {
  const edge = card.getBoundingClientRect();
  return [...card.querySelectorAll('button')].filter((button) => {
    const box = button.getBoundingClientRect();
    if (!box.width) return false;
    return box.height > 36 || box.right > edge.right || box.left < edge.left;
  }).map((button) => button.textContent); }"""


@pytest.fixture(scope="module")
def model() -> Iterator[RecordedModelServer]:
    with RecordedModelServer(reply_to) as server:
        yield server


@dataclass
class Evening:
    """A notebook in one front end whose second cell shows a card."""

    page: LabPage
    path: str

    def card(self, index: int) -> Locator:
        return self.page.output(index).locator(".sr-card, figure.shaperotator")

    def button(self, index: int, name: str) -> Locator:
        return self.card(index).get_by_role("button", name=re.compile(name, re.IGNORECASE))

    def facts(self, index: int) -> dict[str, object]:
        (output,) = [o for o in self.page.outputs(index) if MIME_TYPE in o.get("data", {})]
        return dict(output["data"][MIME_TYPE])

    def type(self, index: int, box: str, text: str) -> None:
        where = self.card(index).get_by_role("textbox", name=box)
        where.press_sequentially(text)  # single letters are commands of the notebook elsewhere
        where.press("Enter")


@pytest.fixture(scope="module", params=list(FRONTS))
def front(
    request: pytest.FixtureRequest, browser: Browser, lab_server: LabServer
) -> Iterator[LabPage]:
    kind, has_extension = FRONTS[request.param]
    if has_extension and find_extension() is None:
        pytest.skip("the JupyterLab extension is not built: make extension")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    yield LabPage(page, lab_server, has_extension=has_extension, front=kind)
    context.close()


@pytest.fixture(scope="module")
def evening(
    request: pytest.FixtureRequest,
    front: LabPage,
    lab_server: LabServer,
    model: RecordedModelServer,
) -> Evening:
    config = [f"base_url = '{model.base_url}'", "model = 'm'"]
    load = [LOAD, *(f"%config ShapeRotatorMagics.{c}" for c in config)]
    asked = [
        "a small circle, isn't it",
        "slowly written",
        "a long one",
        "one to go",
        "another to go",
    ]
    cells = ["\n".join(load), *(f"%%shaperotate\n{sentence}" for sentence in asked)]
    cells.append("%%shaperotate --still\na small still")
    path = lab_server.write_notebook(f"evening-{front.front}-{front.has_extension}", cells)
    front.open(path)
    front.run(0)
    front.run(1)
    return Evening(front, path)


def test_live_card_plays(evening: Evening) -> None:
    state = evening.page.play(1)
    assert state["ready"] >= 2 and state["width"] > 0 and state["at"] > 0


def test_verdicts_and_a_comment_are_kept(evening: Evening, lab_server: LabServer) -> None:
    before = evening.page.count_cells()
    expect(evening.card(1)).not_to_contain_text("recorded")  # nothing was pressed yet
    evening.button(1, "keep").click()
    expect(evening.button(1, "keep")).to_have_attribute("aria-pressed", "true")
    evening.button(1, "not right").click()
    evening.type(1, "What is wrong?", "dd too fast, <b>x</b>")
    expect(evening.card(1)).to_contain_text("comment recorded")
    expect(evening.button(1, "not right")).to_have_attribute("aria-pressed", "true")
    rows = Store(lab_server.data_dir).read_feedback(str(evening.facts(1)["id"]))
    said = [(row.is_positive, row.comment) for row in rows]
    assert said == [(True, ""), (False, ""), (False, "dd too fast, <b>x</b>")]
    assert evening.page.count_cells() == before


def test_refined_and_made_again_in_the_same_output(evening: Evening) -> None:
    first = evening.facts(1)["id"]
    evening.type(1, "Say what to change", "make it red")
    expect(evening.card(1)).to_contain_text("make it red")
    expect(evening.card(1).locator(FINISHED)).to_have_count(1)
    refined = evening.facts(1)
    assert refined["parent"] == first and "RED" in str(refined["code"])
    evening.button(1, "again").click()
    expect(evening.card(1)).not_to_contain_text(str(refined["id"]))
    expect(evening.card(1).locator(FINISHED)).to_have_count(1)
    assert len(evening.page.outputs(1)) == 1
    assert "RED" in str(evening.facts(1)["code"])


def test_versions_are_stepped_through(evening: Evening) -> None:
    if not evening.page.has_extension:
        pytest.skip("without the extension '%shaperotate undo' does this")
    versions = evening.card(1).get_by_label("Versions")
    expect(versions).to_contain_text("v3 of 3")
    expect(evening.card(1).locator(".sr-about ol li")).to_have_count(3)
    for step, shown in (
        ("Undo: the version", "v2 of 3"),
        ("Undo: the version", "v1 of 3"),
        ("The next version", "v2 of 3"),
    ):
        evening.button(1, step).click()
        expect(versions).to_contain_text(shown)
    compare = evening.button(1, "Compare")
    evening.card(1).locator("video").evaluate(PLAY_SLOWLY)
    for count, pressed in ((2, "true"), (1, "false")):
        compare.click()
        expect(evening.card(1).locator("video")).to_have_count(count)
        expect(compare).to_have_attribute("aria-pressed", pressed)
        if count == len(IN_STEP):
            assert evening.card(1).evaluate(ARE_PLAYING) == IN_STEP
            evening.card(1).locator("video").first.evaluate(
                "(video) => { video.playbackRate = 1; }"
            )
            assert evening.card(1).evaluate(PLAY_FIRST) == IN_STEP
        assert evening.card(1).evaluate(COUNT_COVERED) == 0


def test_narrow_card_keeps_each_button_in_a_line(evening: Evening) -> None:
    evening.page.page.set_viewport_size({"width": 600, "height": 900})
    evening.page.output(1)
    expect(evening.button(1, "keep")).to_be_visible()
    assert evening.card(1).evaluate(FIND_BROKEN_BUTTONS) == []
    evening.page.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("kind", list(MAGIC_BYTES))
def test_download_is_a_file_of_its_kind(evening: Evening, kind: str) -> None:
    evening.button(1, "Download").click()
    with evening.page.page.expect_download() as waited:
        evening.card(1).get_by_role("button", name=re.compile(f"^{kind} ")).first.click()
    offset, magic = MAGIC_BYTES[kind]
    content = waited.value.path().read_bytes()
    assert content[offset : offset + len(magic)] == magic
    assert waited.value.suggested_filename.endswith(kind.lower())


def test_picture_is_the_frame_that_is_shown(evening: Evening, tmp_path: Path) -> None:
    coloured = []
    for moment in (0.2, 0.45):  # of a circle that is drawn in half a second
        evening.card(1).locator("video").evaluate(SHOW_MOMENT, moment)
        evening.button(1, "Download").click()
        with evening.page.page.expect_download() as waited:
            evening.card(1).get_by_role("button", name=re.compile("^PNG ")).click()
        waited.value.save_as(tmp_path / "frame.png")
        with Image.open(tmp_path / "frame.png") as picture:
            coloured.append(sum(picture.convert("L").histogram()[60:]))
    assert 0 < 1.3 * coloured[0] < coloured[1]


def test_still_is_saved_as_picture_and_as_drawing(evening: Evening) -> None:
    evening.page.run(6)
    for name, beginning in (("PNG picture", b"\x89PNG"), ("SVG drawing", b"<")):
        evening.button(6, "Download").click()
        with evening.page.page.expect_download() as waited:
            evening.card(6).get_by_role("button", name=name).click()
        assert waited.value.path().read_bytes().startswith(beginning)


def press_slowly(evening: Evening, index: int) -> None:
    """Press Cancel as a hand does: down, then up once the press was seen to count.

    A first picture appears above the button at any moment and moves it: who misses presses again.
    """
    mouse = evening.page.page.mouse
    for is_last in (False, False, True):
        evening.button(index, "cancel").hover()
        mouse.down()
        try:
            expect(evening.card(index)).to_contain_text(
                re.compile("Stopping|Cancelled"), timeout=30_000 if is_last else 3_000
            )
            return
        except AssertionError:
            if is_last:
                raise
        finally:
            mouse.up()


@pytest.mark.parametrize(("index", "shown"), [(2, "tokens from m"), (3, "frames")])
def test_cancel_button_stops_the_run(evening: Evening, index: int, shown: str) -> None:
    evening.page.start(index)
    expect(evening.card(index)).to_contain_text(shown)
    press_slowly(evening, index)
    expect(evening.card(index)).to_contain_text("Cancelled.")
    evening.page.run(0)  # the kernel works on


def test_code_goes_into_a_cell(evening: Evening) -> None:
    if not evening.page.has_extension:
        pytest.skip("without the extension '%shaperotate code' does this")
    before = evening.page.count_cells()
    evening.button(1, "Code to cell").click()
    added = (
        "() => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source"
    )
    assert "class Small(Scene)" in evening.page.page.evaluate(added)
    assert evening.page.count_cells() == before + 1
    evening.page.execute("notebook:delete-cell")


def test_reloaded_page_has_its_buttons(evening: Evening) -> None:
    evening.page.save()
    evening.page.reload()
    assert evening.page.play(1)["ready"] >= 2
    evening.button(1, "keep").click()
    expect(evening.button(1, "keep")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(("index", "is_reloaded"), [(4, False), (5, True)])
def test_removed_result_leaves_a_line_and_comes_back(
    evening: Evening, lab_server: LabServer, index: int, *, is_reloaded: bool
) -> None:
    evening.page.run(index)
    expect(evening.card(index).locator(FINISHED)).to_have_count(1)
    removed = str(evening.facts(index)["id"])
    if is_reloaded:
        evening.page.save()
        evening.page.reload()
    evening.button(index, "remove").click()
    expect(evening.page.output(index)).to_contain_text("to go: removed.")
    expect(evening.page.output(index).locator("video")).to_have_count(0)
    store = Store(lab_server.data_dir)
    assert store.read_feedback(removed)[-1].remove
    evening.page.save()
    (output,) = lab_server.read_notebook(evening.path).cells[index].outputs
    assert output.data[MIME_TYPE]["status"] == "removed" and len(str(output.data)) < 3000
    evening.button(index, "undo").click()
    expect(evening.card(index).locator(FINISHED)).to_have_count(1)
    assert store.list_removed() == set() and store.read_generation(removed).video.path.exists()


def test_refined_after_a_reload_in_the_same_output(evening: Evening) -> None:
    before = evening.facts(1)["id"]
    evening.type(1, "Say what to change", "make it red again")
    expect(evening.card(1)).to_contain_text("make it red again")
    expect(evening.card(1).locator(FINISHED)).to_have_count(1)
    assert evening.facts(1)["parent"] == before and len(evening.page.outputs(1)) == 1


def test_two_notebooks_keep_their_verdicts_apart(
    evening: Evening, lab_server: LabServer, model: RecordedModelServer
) -> None:
    evening.button(1, "keep").click()
    expect(evening.button(1, "keep")).to_have_attribute("aria-pressed", "true")
    ask = f"%%shaperotate --model m --base-url {model.base_url}\nanother circle"
    path = lab_server.write_notebook(f"second-{evening.path[:-6]}", [LOAD, ask])
    with open_second(evening.page, path) as page:
        second = Evening(page, path)
        page.run_all()
        second.button(1, "not right").click()
        expect(second.button(1, "not right")).to_have_attribute("aria-pressed", "true")
        page.check_nothing_is_broken()
    expect(evening.button(1, "keep")).to_have_attribute("aria-pressed", "true")
    expect(evening.card(1).locator(FINISHED)).to_have_count(1)


@contextlib.contextmanager
def open_second(first: LabPage, path: str) -> Iterator[LabPage]:
    """JupyterLab has both notebooks on one page, Notebook 7 each on its own."""
    if first.front == "lab":
        before = first.page.evaluate("window.jupyterapp.shell.currentWidget.context.path")
        first.open_beside(path)
        yield first
        first.open_beside(before)
        return
    page = first.page.context.new_page()
    second = LabPage(page, first.server, has_extension=first.has_extension, front=first.front)
    second.open(path)
    yield second
    page.close()


def test_restarted_kernel_takes_the_buttons_away(evening: Evening) -> None:
    evening.page.page.evaluate(RESTART)
    expect(evening.button(1, "keep")).to_be_hidden()
    expect(evening.card(1)).to_contain_text("%load_ext shaperotator_magic")
    assert evening.page.play(1)["ready"] >= 2
    log = (evening.page.server.root.parent / "server.log").read_text()
    assert "UNKNOWN CONTROL MESSAGE" not in log


@pytest.mark.parametrize("kernel", ["python3", "no-such-kernel"])
@pytest.mark.parametrize("is_trusted", [True, False])
def test_reopened_notebook_plays_and_shows_no_dead_button(
    evening: Evening, lab_server: LabServer, kernel: str, *, is_trusted: bool
) -> None:
    evening.page.save()
    notebook = lab_server.read_notebook(evening.path)
    notebook.metadata["kernelspec"] = {"name": kernel, "display_name": kernel}
    notebook.cells[0].source = "'sent by mail'"
    path = lab_server.save_notebook(f"reopened-{kernel}-{is_trusted}-{evening.path}", notebook)
    if is_trusted:
        lab_server.trust(path)
    evening.page.show(path)
    shown = evening.page.page.locator(".sr-card, figure.shaperotator").first
    expect(shown.locator(FINISHED)).to_be_visible()
    expect(shown.get_by_text("Scene code")).to_be_visible()
    assert shown.locator("video").evaluate(PLAYING)["width"] > 0
    expect(shown.get_by_role("button", name=re.compile("keep", re.IGNORECASE))).to_be_hidden()
