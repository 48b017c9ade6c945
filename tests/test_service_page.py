"""The page of the service in a real browser: from a sentence to a verdict, by mouse and by key."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from shaperotator_magic.checking.inputs.reading import KINDS
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import STORE_NAME
from shaperotator_magic.keeping.tokens import TokenStore
from shaperotator_magic.service.bodies import LARGEST_UPLOAD_BYTES
from tests.running_service import (
    DRAWN_S,
    RunningService,
    add_finished_task,
    add_tokens,
    wait_for_end,
)

playwright = pytest.importorskip("playwright.sync_api")
Axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe

pytestmark = pytest.mark.browser
SMALL = {"resolution": "160x90", "fps": 5}
PROMPT = "show how a matrix moves the plane"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    data_dir = tmp_path_factory.mktemp("page")
    add_tokens(data_dir, {"alice": "alice-token", "bob": "bob-token"})
    add_finished_task(data_dir, "bob", prompt="bob's secret")
    styles = data_dir / "styles"
    styles.mkdir()
    (styles / "house.yaml").write_text("about: ours\ncolors: {background: '#102030'}\n")
    (styles / "ill.yaml").write_text("a: [1")
    with RunningService(data_dir, "--slots", "1", "--styles", str(styles)) as running:
        yield running


@pytest.fixture
def page(browser: Any, server: RunningService) -> Iterator[Any]:
    context = browser.new_context(base_url=server.url, viewport=DESKTOP)
    page = context.new_page()
    page.set_default_timeout(DRAWN_S * 1000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: faults.append(said.text) if "Content Security" in said.text else None,
    )
    yield page
    context.close()
    assert faults == []


def sign_in(page: Any, token: str = "alice-token") -> None:
    page.goto("/")
    page.get_by_label("Your token").fill(token)
    page.keyboard.press("Enter")


def wait_until_it_plays(page: Any) -> None:
    """Ask again and again: the page's policy forbids what Playwright's own waiting evaluates."""
    for _ in range(300):
        if page.evaluate("document.querySelector('video').currentTime") > 0.3:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the video does not play")


def find_violations(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{row['id']}: {row['help']} {[node['html'][:120] for node in row['nodes']]}"
        for row in found
        if row["impact"] in {"serious", "critical"}
    ]


def test_wrong_token_is_said(page: Any) -> None:
    sign_in(page, "wrong-token")
    playwright.expect(page.locator("#sign-in-error")).to_contain_text("token")
    playwright.expect(page.locator("#ask")).to_be_hidden()
    assert find_violations(page) == []


@pytest.mark.render
def test_sentence_is_drawn_played_judged_and_removed(page: Any, tmp_path: Path) -> None:
    sign_in(page)
    prompt = page.get_by_label("What shall move?")
    playwright.expect(prompt).to_be_focused()
    prompt.fill(PROMPT)
    page.keyboard.press("Control+Enter")
    playwright.expect(page.locator("#state")).to_be_visible()
    video = page.locator("#picture video")
    playwright.expect(video).to_be_visible(timeout=DRAWN_S * 1000)
    wait_until_it_plays(page)
    assert page.evaluate("document.querySelector('video').videoWidth") == 854
    assert find_violations(page) == []
    page.get_by_role("button", name="Right", exact=True).click()
    playwright.expect(page.locator("#said")).to_contain_text("Kept")
    page.get_by_role("button", name="Wrong").click()
    page.get_by_label("What is wrong?").fill("too fast")
    page.keyboard.press("Enter")
    playwright.expect(page.locator("#said")).to_contain_text("Noted")
    page.reload()
    playwright.expect(video).to_be_visible()
    playwright.expect(page.locator("#tasks li")).to_have_count(1)
    playwright.expect(page.locator("#tasks")).not_to_contain_text("bob")
    for name, size in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(size)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"the page scrolls sideways on a {name}"
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert find_violations(page) == []
            page.screenshot(path=tmp_path / f"{name}-{scheme}.png", full_page=True)
    page.get_by_role("button", name="Remove").click()
    playwright.expect(page.locator("#tasks li")).to_have_count(0)
    playwright.expect(page.locator("#current")).to_be_hidden()
    page.reload()
    playwright.expect(page.locator("#tasks li")).to_have_count(0)


@pytest.mark.render
def test_result_is_saved_by_its_title_and_refined(page: Any) -> None:
    sign_in(page)
    page.get_by_label("What shall move?").fill(PROMPT)
    page.keyboard.press("Control+Enter")
    video = page.locator("#picture video")
    playwright.expect(video).to_be_visible(timeout=DRAWN_S * 1000)
    with page.expect_download() as waited:
        page.get_by_role("link", name="Save video").click()
    name = waited.value.suggested_filename
    assert name.startswith("show-how-a-matrix-moves-the-plane-") and name.endswith(".mp4")
    making = page.locator("#making")
    playwright.expect(making).to_contain_text("matrix_on_plane")
    playwright.expect(making).to_contain_text("of video")
    page.get_by_label("Say what to change").fill("use [[0, 1], [1, 0]]")
    page.keyboard.press("Enter")
    playwright.expect(page.locator("#change")).to_contain_text("Refined: use [[0, 1]")
    playwright.expect(page.locator("#current-title")).to_have_text(PROMPT)
    notes = page.locator("#notes")
    playwright.expect(notes).to_contain_text("matrix is [[0, 1], [1, 0]]", timeout=DRAWN_S * 1000)
    playwright.expect(page.locator("#tasks li").first).to_contain_text("→")


def test_token_that_is_taken_back_costs_no_text(page: Any, server: RunningService) -> None:
    add_tokens(server.data_dir, {"carol": "carol-token"})
    sign_in(page, "carol-token")
    page.get_by_label("What shall move?").fill("a text that took long to write")
    tokens = TokenStore(Database(server.data_dir / STORE_NAME))
    tokens.remove_tokens("carol")
    with server.build_client("carol-token") as client:
        deadline = time.monotonic() + 300
        while client.get("/tasks").status_code != 401:  # it is remembered for two seconds
            assert time.monotonic() < deadline
            time.sleep(0.1)
    page.get_by_role("button", name="Animate").click()
    playwright.expect(page.locator("#sign-in-error")).to_contain_text("not known here")
    page.get_by_label("Your token").fill("alice-token")
    page.keyboard.press("Enter")
    asked = page.get_by_label("What shall move?")
    playwright.expect(asked).to_have_value("a text that took long to write")


def test_declined_sentence_names_the_nearest(page: Any) -> None:
    sign_in(page)
    page.get_by_label("What shall move?").fill("the price of tea in 1848")
    page.get_by_role("button", name="Animate").click()
    playwright.expect(page.locator("#failure")).to_contain_text("library")
    # What the operator can do is nothing to tell a pupil.
    playwright.expect(page.locator("#failure")).to_contain_text("whoever runs this service")
    playwright.expect(page.locator("#failure")).not_to_contain_text("config")
    playwright.expect(page.locator("#nearest li").first).to_be_visible()
    playwright.expect(page.get_by_role("button", name="Ask again")).to_be_visible()
    for button in ("Right", "Wrong", "Refine"):
        playwright.expect(page.get_by_role("button", name=button, exact=True)).to_be_hidden()
    assert find_violations(page) == []


def test_markup_in_a_prompt_stays_text(page: Any) -> None:
    sign_in(page)
    text = "<img src=x onerror=alert(1)> <script>alert(2)</script>"
    page.get_by_label("What shall move?").fill(text)
    page.get_by_role("button", name="Animate").click()
    playwright.expect(page.locator("#current-title")).to_have_text(text)
    assert page.locator("#current-title img").count() == 0


def test_service_that_is_gone_loses_no_text(page: Any) -> None:
    sign_in(page)
    page.get_by_label("What shall move?").fill("a text that took long to write")
    page.route("**/generate", lambda route: route.abort())
    page.get_by_role("button", name="Animate").click()
    playwright.expect(page.locator("#ask-error")).to_contain_text("does not answer")
    assert page.get_by_label("What shall move?").input_value() == "a text that took long to write"


def test_example_is_asked_for_and_progress_has_words_and_frames(page: Any) -> None:
    sign_in(page)
    page.route("**/generate", lambda route: route.abort())
    page.get_by_label("Examples").get_by_role("button").nth(1).click()
    assert page.get_by_label("What shall move?").input_value() == "unit circle at 30 degrees"
    said = page.evaluate(
        """() => [{type: 'rehearsed', plays: 4, duration_s: 7.6},
          {type: 'rendering', done: 34, total: 90}].map((message) => {
            hear(message); return document.getElementById('state').textContent; })"""
    )
    assert said == ["Drawing: 4 animations, 8 s of video", "Drawing: 34 of 90 frames"]


def test_knob_draws_the_scene_anew_and_is_one_row_of_the_list(
    page: Any, server: RunningService
) -> None:
    body = {"prompt": "Riemann sum of x^2 with 6 rectangles", "options": SMALL}
    with server.build_client(token="alice-token") as client:
        task_id = client.post("/generate", json=body).json()["task_id"]
        assert wait_for_end(client, task_id)["status"] == "completed"
        sign_in(page)
        page.goto(f"/#{task_id}")
        page.reload()
        for number in (7, 8):
            page.get_by_role("button", name="More: rectangles").click()
            playwright.expect(page.locator("#current-title")).to_have_text(
                f"RECTANGLES 6 → {number}", timeout=DRAWN_S * 1000
            )
            wait_for_video(page)
        prompts = [task["prompt"] for task in client.get("/tasks").json()["tasks"]]
    assert "RECTANGLES 6 → 8" in prompts and "RECTANGLES 6 → 7" not in prompts


def wait_for_video(page: Any) -> None:
    page.locator("#picture video").wait_for()
    page.get_by_role("button", name="More: rectangles").wait_for()


def test_knob_says_on_the_page_what_cannot_be(page: Any) -> None:
    sign_in(page)
    page.locator("#tasks button").filter(has_text="RECTANGLES 6 → 8").click()
    wait_for_video(page)
    address = page.locator("#picture video").get_attribute("src")
    formula = page.get_by_label("F", exact=True)
    formula.fill("foo(x)")
    formula.press("Enter")
    playwright.expect(page.locator(".sr-knob-error:visible")).to_contain_text("'foo(x)' is none")
    assert page.locator("#picture video").get_attribute("src") == address


TABLE = {"name": "points.csv", "mimeType": "text/csv", "buffer": b"x,y\n0,1\n1,4\n2,9\n"}


@pytest.mark.render
def test_own_file_is_drawn_in_a_style_of_the_service(page: Any, server: RunningService) -> None:
    sign_in(page)
    style = page.get_by_label("Style")
    names = ["", "dark", "paper", "chalk", "contrast", "print", "house"]
    playwright.expect(style.locator("option")).to_have_count(len(names))
    assert [option.get_attribute("value") for option in style.locator("option").all()] == names
    playwright.expect(style.locator("option").last).to_have_text("house: ours")
    files = page.get_by_label("Your files")
    files.set_input_files([TABLE, {**TABLE, "name": "no.png", "mimeType": "image/png"}])
    playwright.expect(page.locator("#files-help")).to_contain_text("by name: points.csv, no.png")
    style.select_option("house")
    page.get_by_label("What shall move?").fill("plot points.csv")
    page.get_by_role("button", name="Animate").click()
    playwright.expect(page.locator("#picture video")).to_be_visible(timeout=DRAWN_S * 1000)
    playwright.expect(page.locator("#given")).to_have_text("With points.csv")
    playwright.expect(page.locator("#notes")).to_contain_text(
        "no.png is left out: it is no picture"
    )
    assert find_violations(page) == []
    with server.build_client(token="alice-token") as client:
        latest = client.get("/tasks").json()["tasks"][0]
        poster = Image.open(io.BytesIO(client.get(latest["poster_url"]).content)).convert("RGB")
    seen = poster.getpixel((5, 5))
    assert isinstance(seen, tuple)
    assert all(abs(a - b) <= 4 for a, b in zip(seen, (0x10, 0x20, 0x30), strict=True))


@pytest.mark.render
def test_own_drawing_is_kept_for_the_next_render(page: Any, server: RunningService) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(picture, "PNG")
    drawing = b"<svg viewBox='0 0 9 9'><rect width='9' height='6' fill='#00ff00'/></svg>"
    sign_in(page)
    page.get_by_label("Your files").set_input_files(
        [
            {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": drawing},
            {"name": "cat.png", "mimeType": "image/png", "buffer": picture.getvalue()},
        ]
    )
    page.get_by_label("What shall move?").fill("show logo.svg and cat.png")
    page.get_by_role("button", name="Animate").click()
    video = page.locator("#picture video")
    playwright.expect(video).to_be_visible(timeout=DRAWN_S * 1000)
    playwright.expect(page.locator("#given")).to_have_text("With logo.svg, cat.png")
    page.get_by_label("Say what to change").fill("in the paper style")
    page.get_by_role("button", name="Refine").click()
    notes = page.locator("#notes")
    playwright.expect(notes).to_contain_text("Style: the pack paper.", timeout=DRAWN_S * 1000)
    playwright.expect(video).to_be_visible()
    playwright.expect(page.locator("#given")).to_have_text("With logo.svg, cat.png")


def test_files_that_are_too_large_are_not_sent(page: Any, server: RunningService) -> None:
    sign_in(page)
    files = page.get_by_label("Your files")
    assert files.get_attribute("data-largest") == str(LARGEST_UPLOAD_BYTES)
    assert set((files.get_attribute("accept") or "").split(",")) == set(KINDS)
    files.set_input_files({**TABLE, "buffer": b"1,2\n" * 600_000})
    page.get_by_label("What shall move?").fill("plot points.csv")
    page.get_by_role("button", name="Animate").click()
    said = page.locator("#ask-error")
    playwright.expect(said).to_contain_text("2.4 MB together, and 2.1 MB are taken")
    page.get_by_role("button", name="No files").click()
    playwright.expect(files).to_be_focused()
    assert files.input_value() == ""
    playwright.expect(page.get_by_role("button", name="Animate")).to_be_enabled()
