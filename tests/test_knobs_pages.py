"""Knobs in real browsers: one is moved, and another video is seen; what cannot be is said at it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import Browser, Locator, Page, Route, expect

from shaperotator_magic.cli import main
from shaperotator_magic.core.records import Generation, Prompt
from shaperotator_magic.notebook.card.bundle import build_bundle
from shaperotator_magic.notebook.card.mime import MIME_TYPE
from shaperotator_magic.rendering.worker.worker import Worker
from tests.browser import Front, LabPage, LabServer, find_extension
from tests.running_service import RunningService, wait_for_end
from tests.scenes import build_request, build_scene

expect.set_options(timeout=600_000)
pytestmark = pytest.mark.browser

Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe
ASKED = "%%shaperotate --offline -r 160x90 --fps 5\nRiemann sum of x^2 with 6 rectangles"


SQUARE = """\
from manim import *

SIZE = 1  # 1 to 3


class Small(Scene):
    def construct(self):
        self.play(Create(Square(SIZE)), run_time=0.2)
"""


def find_card(page: LabPage) -> Locator:
    return page.output(1).locator(".sr-card, figure.shaperotator")


def read_facts(page: LabPage) -> dict[str, Any]:
    (output,) = [o for o in page.outputs(1) if MIME_TYPE in o.get("data", {})]
    return dict(output["data"][MIME_TYPE])


@pytest.fixture(scope="module", params=["extension", "widget"])
def notebook(
    request: pytest.FixtureRequest, browser: Browser, lab_server: LabServer
) -> Iterator[LabPage]:
    """A notebook whose second cell shows a result of the library with four parameters."""
    has_extension = request.param == "extension"
    with open_result(browser, lab_server, has_extension=has_extension) as page:
        yield page


@contextlib.contextmanager
def open_result(
    browser: Browser, server: LabServer, *, has_extension: bool, front: Front = "lab"
) -> Iterator[LabPage]:
    if has_extension and find_extension() is None:
        pytest.skip("the JupyterLab extension is not built: make extension")
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = LabPage(context.new_page(), server, has_extension=has_extension, front=front)
    cells = ["%load_ext shaperotator_magic", ASKED]
    page.open(server.write_notebook(f"knobs-{front}-{has_extension}", cells))
    page.run(0)
    page.run(1)
    yield page
    context.close()


def move_until_still(place: Page | Locator, slider: Locator) -> None:
    """Move a slider to and fro below its value: it rests only once a still has been seen.

    However long that takes, it never comes to its end, where it would rest.
    """
    still = place.locator("img.sr-still")
    slider.press("ArrowLeft")
    for turn in range(3000):
        slider.press("ArrowRight" if turn % 2 else "ArrowLeft")
        if still.count():
            break
        slider.page.wait_for_timeout(50)
    expect(still).to_be_attached()


def test_knob_in_lab_shows_stills_while_it_moves_and_then_another_video(
    notebook: LabPage,
) -> None:
    card, before = find_card(notebook), read_facts(notebook)
    slider = card.get_by_role("slider", name="end")
    move_until_still(card, slider)
    expect(card.locator(".sr-title, figcaption > div").first).to_contain_text("END 3 → ")
    facts = read_facts(notebook)
    assert facts["parent"] == before["id"] and list(facts["values"]) == ["END"]
    assert facts["video"]["sha256"] != before["video"]["sha256"]
    expect(card.locator("img.sr-still")).to_have_count(0)


def test_knob_in_lab_says_in_red_what_cannot_be_and_the_picture_stays(notebook: LabPage) -> None:
    card, before = find_card(notebook), read_facts(notebook)
    formula = card.get_by_label("F", exact=True)
    formula.fill("foo(x)")
    formula.press("Enter")
    refusal = card.get_by_role("alert").filter(has_text="is none")
    expect(refusal).to_contain_text("F is a formula in x; 'foo(x)' is none")
    expect(formula).to_have_attribute("aria-invalid", "")
    assert read_facts(notebook)["id"] == before["id"]
    expect(card.locator("img.sr-still")).to_have_count(0)
    formula.fill("x^2")
    formula.press("Enter")
    expect(refusal).to_have_count(0)


def test_reset_in_lab_brings_the_first_version_back(notebook: LabPage) -> None:
    card, before = find_card(notebook), read_facts(notebook)
    card.get_by_role("button", name="Reset").click()
    expect(card.get_by_label("end", exact=True)).to_have_value("3")
    assert read_facts(notebook)["id"] == before["parent"]


def test_knob_in_notebook_7_shows_stills_and_then_another_video(
    browser: Browser, lab_server: LabServer
) -> None:
    with open_result(browser, lab_server, has_extension=True, front="notebook") as page:
        card, before = find_card(page), read_facts(page)
        move_until_still(card, card.get_by_role("slider", name="end"))
        expect(card.locator(".sr-title")).to_contain_text("END 3 → ")
        facts = read_facts(page)
        assert facts["parent"] == before["id"]
        assert facts["video"]["sha256"] != before["video"]["sha256"]


# --- the service's page -----------------------------------------------------------------


class Served:
    """A result on the page of a service, with a slider for each parameter."""

    def __init__(self, page: Page, client: httpx.Client, task_id: str) -> None:
        self.page = page
        self.client = client
        self.task_id = task_id

    def open(self) -> Locator:
        """Open the first result; return its slider."""
        self.page.goto("about:blank")
        self.page.goto(f"/#{self.task_id}")
        return self.page.locator(".sr-knobs").get_by_role("slider", name="end")


@pytest.fixture(scope="module")
def served(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    with (
        RunningService(folder, "--open", "--slots", "1") as running,
        running.build_client() as client,
    ):
        small = {"resolution": "160x90", "fps": 5}
        body = {"prompt": "Riemann sum of x^2 with 6 rectangles", "options": small}
        first = client.post("/generate", json=body).json()["task_id"]
        ended = wait_for_end(client, first)
        assert ended["status"] == "completed", ended["error"]
        context = browser.new_context(base_url=running.url)
        yield Served(context.new_page(), client, first)
        context.close()


def test_knob_on_the_page_of_the_service_shows_stills_and_then_another_video(
    served: Served,
) -> None:
    page, client, first = served.page, served.client, served.task_id
    move_until_still(page, served.open())
    made = wait_until_newest_is_shown(page, client, first)
    expect(page.locator("img.sr-still")).to_have_count(0)
    assert made["prompt"].startswith("END 3 → ")
    refused = client.post("/stills", json={"task_id": first, "values": {"END": "foo"}})
    assert (refused.status_code, refused.json()["error"]["type"]) == (422, "ParameterError")
    unknown = client.post("/stills", json={"task_id": "0" * 32, "values": {}})
    assert unknown.status_code == 404


def test_last_value_is_shown_where_the_answer_to_an_earlier_one_comes_later(
    served: Served,
) -> None:
    page = served.page
    held: list[Route] = []
    passed: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            passed.append(route)
            route.continue_()
        else:
            held.append(route)

    slider = served.open()
    page.route("**/set", hold_the_first)
    slider.press("Home")
    wait_until(page, held)
    slider.press("ArrowRight")
    with page.expect_response("**/set") as answered:
        wait_until(page, passed)
    last = answered.value.json()["task_id"]
    with page.expect_response("**/set"):
        held[0].continue_()
    page.unroute("**/set")
    expect(page).to_have_url(re.compile(last))
    expect(page.locator("img.sr-still")).to_have_count(0)
    wait_for_end(served.client, last)


def wait_until(page: Page, found: list[Route]) -> None:
    """Wait until there is something in a list that the page's requests fill."""
    for _ in range(3000):
        if found:
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was asked")


def wait_until_newest_is_shown(page: Page, client: httpx.Client, first: str) -> dict[str, Any]:
    """Return the last task once the page shows it, one that came after the first.

    On a slow machine a slider that moves seems to rest now and then, and each rest is a task.
    """
    for _ in range(3000):
        newest: dict[str, Any] = client.get("/tasks").json()["tasks"][0]
        is_shown = newest["task_id"] in page.url and newest["status"] == "completed"
        if is_shown and newest["task_id"] != first:
            return newest
        page.wait_for_timeout(50)
    raise AssertionError(f"{newest} is not shown: {page.url}")


def test_knobs_in_lab_have_no_serious_barrier(notebook: LabPage) -> None:
    find_card(notebook).locator(".sr-knobs").wait_for()
    found = Axe().run(notebook.page, context=".sr-knobs").response["violations"]
    assert [row["id"] for row in found if row["impact"] in {"serious", "critical"}] == []


def write_result(path: Path) -> None:
    """Write a notebook with the square as its one result."""
    scene = build_scene(SQUARE)
    with contextlib.closing(Worker()) as worker:
        request = build_request(path.parent / "media")
        video = worker.render(scene, request, variables={}, on_progress=lambda done, total: None)
    made = Generation(prompt=Prompt(text="a square"), scene=scene, video=video)
    data, metadata = build_bundle(made, kernel_id="")
    output = new_output("display_data", data=data, metadata=metadata)
    cell = new_code_cell("%%shaperotate\na square", outputs=[output])
    nbformat.write(new_notebook(cells=[cell]), path)


def read_address(page: Page) -> str:
    page.locator("video").first.wait_for()
    return str(page.locator("video").first.get_attribute("src"))


def test_knob_of_a_shared_page_goes_through_what_was_recorded(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAPEROTATOR_DATA_DIR", str(tmp_path / "data"))
    target = tmp_path / "page.html"
    write_result(tmp_path / "lesson.ipynb")
    arguments = [str(tmp_path / "lesson.ipynb"), "--to", "html", "-o", str(target)]
    assert main(["share", *arguments, "--explore", "SIZE=1:3:3"]) == 0
    page = browser.new_page()
    page.goto(target.as_uri())
    before = read_address(page)
    page.get_by_role("slider", name="size").press("ArrowRight")
    expect(page.locator("video")).not_to_have_attribute("src", before)
    page.close()
