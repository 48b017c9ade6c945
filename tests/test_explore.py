"""Stepping through results, turning their shapes and presenting them, in every place that can."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.turning import LIMIT, compare
from shaperotator_magic.core.records import RenderedVideo
from shaperotator_magic.notebook.card.bundle import build_bundle
from shaperotator_magic.notebook.sharing.exporting import export_html, export_slides
from shaperotator_magic.pipeline.exploring.assets import read_script
from shaperotator_magic.rendering.exchange.geometry import check_geometry
from shaperotator_magic.testing import RecordedModelServer, Reply
from tests.browser import LabPage, LabServer, find_extension
from tests.running_service import RunningService, add_finished_task, add_tokens
from tests.space_scene import SOURCE, build_generation, draw_space

expect.set_options(timeout=600_000)
pytestmark = pytest.mark.browser
Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe

TITLES = ("a cube in space", "the same cube again")
LOADED = """(video) => video.readyState > 0 ? null
  : new Promise((resolve) => { video.onloadedmetadata = () => resolve(null); })"""
PICTURE = "(canvas) => canvas.toDataURL()"


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> RenderedVideo:
    video = draw_space(tmp_path_factory.mktemp("space"))
    assert video.geometry is not None and len(video.steps) == 3
    return video


@pytest.fixture(scope="module")
def notebook(video: RenderedVideo) -> Any:
    """A saved notebook with two results in space, as another person sends it."""
    cells = []
    for title in TITLES:
        data, metadata = build_bundle(build_generation(video, title), kernel_id="")
        output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
        cells.append(nbformat.v4.new_code_cell(f"%%shaperotate\n{title}", outputs=[output]))
    kernel = {"name": "python3", "display_name": "Python 3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def find_player(page: Page | Locator, title: str = TITLES[0]) -> Locator:
    return page.get_by_role("group", name=f"Player: {title}")


def read_time(player: Locator) -> float:
    return float(player.locator("video").evaluate("(video) => video.currentTime"))


def wait_for_time(player: Locator, time_s: float) -> None:
    """Wait until the video stands at a time, within a frame."""
    track = player.get_by_role("slider", name="Time")
    expect(track).to_have_attribute("aria-valuenow", f"{time_s:.1f}")
    expect(player.get_by_role("button", name=re.compile("^Play"))).to_be_visible()
    assert abs(read_time(player) - time_s) < 0.1


def check_steps(player: Locator) -> None:
    """Step forward twice and back once; the video stops at the end of each step."""
    player.get_by_role("button", name="Stop after each step").click()
    player.locator("video").evaluate("(video) => { video.pause(); video.currentTime = 0; }")
    player.press("ArrowRight")
    wait_for_time(player, 0.5)
    player.press("ArrowRight")
    wait_for_time(player, 1.2)
    track = player.get_by_role("slider", name="Time")
    expect(track).to_have_attribute("aria-valuetext", re.compile("step 2: It turns"))
    player.get_by_role("button", name="Previous step").click()
    wait_for_time(player, 0.5)
    expect(track).to_have_attribute("aria-valuetext", re.compile("step 1: A cube"))


def check_turning(page: Page, player: Locator) -> None:
    """Drag the shape and see it turned; r brings the scene's own view back."""
    player.press("t")
    canvas = player.get_by_role("application")
    expect(canvas).to_be_focused()
    page.wait_for_timeout(200)
    own = canvas.evaluate(PICTURE)
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 80, box["y"] + box["height"] / 2 + 30, steps=4)
    page.mouse.up()
    page.wait_for_timeout(400)
    assert canvas.evaluate(PICTURE) != own
    canvas.press("r")
    page.wait_for_timeout(200)
    assert canvas.evaluate(PICTURE) == own
    canvas.press("k")  # time goes on while it is turned
    track = player.get_by_role("slider", name="Time")
    expect(track).to_have_attribute("aria-valuenow", "1.7")
    expect(canvas).to_be_visible()
    assert canvas.evaluate(PICTURE) != own
    canvas.press(" ")
    expect(canvas).to_have_count(0)


def check_presentation(page: Page, player: Locator) -> None:
    """Go through two results with a presenter's keys."""
    player.press("p")
    shown = page.get_by_role("dialog", name=re.compile("^Presentation"))
    where = shown.locator("output")
    expect(where).to_have_text(re.compile("Result 1 of 2 · 1 of 3"))
    for _ in range(20):
        if "Result 2" in where.inner_text():
            break
        page.keyboard.press("PageDown")
        page.wait_for_timeout(150)
    expect(where).to_have_text(re.compile("Result 2 of 2 · 1 of 3"))
    for _ in range(4):  # the last press before may have begun the second result
        page.keyboard.press("PageUp")
        page.wait_for_timeout(150)
        if "Result 1" in where.inner_text():
            break
    expect(where).to_have_text(re.compile("Result 1 of 2 · 3 of 3"))
    page.keyboard.press("b")
    expect(shown.locator("video")).to_be_hidden()
    page.keyboard.press("b")
    expect(shown.locator("video")).to_be_visible()
    check_turning_in_presentation(page, shown)
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    expect(player).to_be_focused()


def check_turning_in_presentation(page: Page, shown: Locator) -> None:
    """Turn on the black screen; the next step takes the viewer away."""
    page.keyboard.press("t")
    canvas = shown.get_by_role("application")
    expect(canvas).to_be_focused()
    page.wait_for_timeout(200)
    own = canvas.evaluate(PICTURE)
    canvas.press("ArrowRight")
    page.wait_for_timeout(300)
    assert canvas.evaluate(PICTURE) != own
    canvas.click()
    expect(canvas).to_be_visible()
    page.keyboard.press("PageUp")
    expect(canvas).to_have_count(0)


def check_all(page: Page, player: Locator) -> None:
    expect(player).to_be_visible()
    player.locator("video").evaluate(LOADED)
    check_steps(player)
    check_turning(page, player)
    check_presentation(page, player)


def find_barriers(page: Page, within: str) -> list[str]:
    found = Axe().run(page, context=within).response["violations"]
    return [row["id"] for row in found if row["impact"] in {"serious", "critical"}]


def test_steps_are_named_by_their_sections(video: RenderedVideo) -> None:
    assert [step.name for step in video.steps] == ["A cube", "It turns", "It moves"]
    assert [step.end_s for step in video.steps] == [0.5, 1.2, 1.7]
    assert video.geometry is not None
    header = check_geometry(video.geometry.read_bytes())
    ends = {moment.step: moment.end_s for moment in header.moments}
    assert ends == {0: 0.5, 1: 1.2, 2: 1.7}


# --- pages without a kernel, from the disk ----------------------------------------------


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert faults == []


def test_exported_page_steps_turns_and_presents(
    offline: Page, notebook: Any, tmp_path: Path
) -> None:
    (written,) = export_html(notebook, tmp_path / "page.html")
    offline.goto(written.as_uri())
    check_all(offline, find_player(offline))
    assert find_barriers(offline, ".sr-player") == []
    offline.set_viewport_size({"width": 600, "height": 900})
    bar = find_player(offline).locator(".sr-player-tools")
    assert bar.evaluate("(bar) => bar.scrollWidth <= bar.clientWidth")


def test_script_of_an_exported_page_is_there_once(notebook: Any, tmp_path: Path) -> None:
    (written,) = export_html(notebook, tmp_path / "page.html")
    page = written.read_text(encoding="utf-8")
    assert page.count("function mountPage(") == 1
    assert page.count("<script") == 1


def test_slides_go_on_step_by_step_and_then_to_the_next(
    offline: Page, notebook: Any, tmp_path: Path
) -> None:
    (written,) = export_slides(notebook, tmp_path / "page.slides.html")
    offline.goto(written.as_uri())
    first, second = (find_player(offline, title) for title in TITLES)
    for time_s in (0.5, 1.2, 1.7):
        offline.keyboard.press("PageDown")
        wait_for_time(first, time_s)
    expect(second).not_to_be_in_viewport()
    offline.keyboard.press("PageDown")
    expect(second).to_be_in_viewport()
    assert read_time(second) == 0
    offline.keyboard.press("b")
    expect(offline.locator(".sr-slides-black")).to_be_visible()


@pytest.mark.parametrize("geometry", ["", "AAAA", "U1JHMQ==", "not base64"])
def test_damaged_shapes_leave_the_video(
    offline: Page, notebook: Any, tmp_path: Path, geometry: str
) -> None:
    spoiled = nbformat.from_dict(notebook)
    html = spoiled.cells[0].outputs[0].data["text/html"]
    pattern = r"(&quot;geometry&quot;:&quot;)[^&]*(&quot;)"
    changed = re.sub(pattern, rf"\g<1>{geometry}\g<2>", html)
    assert changed != html
    spoiled.cells = [nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output(
        "display_data", data={**notebook.cells[0].outputs[0].data, "text/html": changed}
    )])]  # fmt: skip
    (written,) = export_html(spoiled, tmp_path / "page.html")
    offline.goto(written.as_uri())
    player = find_player(offline)
    button = player.get_by_role("button", name=re.compile("^Turn"))
    if geometry:
        button.click()
        expect(player.locator(".sr-player-said")).to_contain_text("The video plays as before")
    else:
        expect(button).to_be_hidden()
    player.press("ArrowRight")
    expect(player.get_by_role("application")).to_have_count(0)


def test_viewer_shows_the_frames_of_the_video(offline: Page, video: RenderedVideo) -> None:
    """From the scene's own side, at every moment: also within what is turned."""
    offline.add_script_tag(content=read_script())
    found = compare(offline, video, None)
    assert len(found) > len(video.steps)
    assert max(found) <= LIMIT


BLEND = """async (base64) => {
  const known = await readGeometry(base64);
  const canvas = Object.assign(document.createElement('canvas'), {width: 213, height: 120});
  const context = canvas.getContext('2d', {alpha: false});
  const draw = (geometry, moment) => {
    new Painter(geometry, moment).draw(context, makeOwnView(), false);
    return canvas.toDataURL();
  };
  const own = known.moments.map((moment) => draw(known, moment));
  const between = known.moments.slice(1).map((after, at) => {
    const blend = new Blend(known, known.moments[at], after);
    return [0, 0.5, 1].map((share) => {
      blend.at(share);
      return draw(blend.geometry, blend.moment);
    });
  });
  return {own, between};
}"""


def test_shapes_between_two_moments_begin_as_one_and_end_as_the_other(
    offline: Page, video: RenderedVideo
) -> None:
    assert video.geometry is not None
    offline.add_script_tag(content=read_script())
    drawn = offline.evaluate(BLEND, base64.b64encode(video.geometry.read_bytes()).decode())
    for at, (first, middle, last) in enumerate(drawn["between"]):
        assert (first, last) == (drawn["own"][at], drawn["own"][at + 1])
        assert middle not in (first, last)


NO_WIDTH = """async (base64) => {
  const known = await readGeometry(base64);
  const moment = known.moments[known.moments.length - 1];
  const canvas = Object.assign(document.createElement('canvas'), {width: 213, height: 120});
  const context = canvas.getContext('2d', {alpha: false});
  const painter = new Painter(known, moment);
  const draw = (stroke) => {
    for (const item of moment.items) item.style = {...item.style, stroke, width: 0};
    context.lineWidth = 9;
    painter.draw(context, makeOwnView(), false);
    return canvas.toDataURL();
  };
  return [draw([[255, 255, 255, 255]]), draw([])];
}"""


def test_line_without_a_width_is_not_drawn(offline: Page, video: RenderedVideo) -> None:
    """An animation may leave one of a width that is nothing once it is rounded."""
    assert video.geometry is not None
    offline.add_script_tag(content=read_script())
    base64_text = base64.b64encode(video.geometry.read_bytes()).decode()
    with_line, without = offline.evaluate(NO_WIDTH, base64_text)
    assert with_line == without


# --- the service's page -----------------------------------------------------------------


def test_page_of_the_service_steps_turns_and_presents(
    browser: Browser, video: RenderedVideo, tmp_path: Path
) -> None:
    add_tokens(tmp_path, {"alice": "alice-token"})
    tasks = [add_finished_task(tmp_path, "alice", prompt=title, made=video) for title in TITLES]
    with RunningService(tmp_path, "--slots", "1") as running:
        context = browser.new_context(base_url=running.url, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"/#{tasks[0].task_id}")
        page.get_by_label("Your token").fill("alice-token")
        page.keyboard.press("Enter")
        check_all(page, find_player(page))
        assert find_barriers(page, ".sr-player") == []
        context.close()


# --- notebooks --------------------------------------------------------------------------


@pytest.fixture
def open_page(browser: Browser, lab_server: LabServer) -> Iterator[Callable[..., LabPage]]:
    context = browser.new_context(viewport={"width": 1280, "height": 1000})

    def open_page(front: Any, *, has_extension: bool) -> LabPage:
        if has_extension and find_extension() is None:
            pytest.skip("the JupyterLab extension is not built: make extension")
        return LabPage(context.new_page(), lab_server, has_extension=has_extension, front=front)

    yield open_page
    context.close()


@pytest.mark.parametrize("place", ["lab", "notebook"])
def test_saved_notebook_steps_turns_and_presents(
    open_page: Callable[..., LabPage], lab_server: LabServer, notebook: Any, place: str
) -> None:
    page = open_page(place, has_extension=True)
    page.open(lab_server.save_notebook(f"explore-{place}.ipynb", notebook))
    card = page.output(0).locator(".sr-card")
    check_all(page.page, find_player(card))
    assert find_barriers(page.page, ".sr-player") == []
    page.check_nothing_is_broken()


def test_buttons_of_a_kernel_step_turn_and_present(
    open_page: Callable[..., LabPage], lab_server: LabServer
) -> None:
    with RecordedModelServer(lambda request: Reply(f"```python\n{SOURCE}```")) as model:
        page = open_page("lab", has_extension=False)
        ask = f"%%shaperotate --model m --base-url {model.base_url} --resolution 426x240 --fps 10"
        cells = ["%load_ext shaperotator_magic", *(f"{ask}\n{title}" for title in TITLES)]
        page.open(lab_server.write_notebook("explore-buttons", cells))
        page.run_all()
        player = find_player(page.output(1))
        check_all(page.page, player)
        assert find_player(page.page, TITLES[1]).count() == 1
