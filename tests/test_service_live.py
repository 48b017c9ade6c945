"""The picture moves while a model writes, through the service: page, clients, answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import httpx
import pytest

from shaperotator_magic.core.records import (
    Checking,
    Event,
    Generation,
    Options,
    Prompt,
    SegmentReady,
)
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.service.client.remote_pipeline import RemotePipeline
from shaperotator_magic.testing import ChatRequest, RecordedModelServer, Reply
from tests.running_service import DRAWN_S, RunningService, add_tokens, wait_for_end

pytestmark = [pytest.mark.service, pytest.mark.render]

TOKENS = {"alice": "alice-token", "bob": "bob-token"}
SMALL = {"resolution": "160x90", "fps": 5}
CODE = """\
from manim import *


class Small(Scene):
    def construct(self):
        circle = Circle()
        self.play(Create(circle), run_time=1)
        self.play(circle.animate.shift(LEFT), run_time=1)
"""
END = """        self.play(circle.animate.shift(RIGHT), run_time=1)
"""


def answer(request: ChatRequest) -> Reply:
    """Stop in the middle for minutes, unless the sentence is about a quick one."""
    asked = str(request.body["messages"][-1]["content"])
    if "quick" in asked:
        return Reply(f"```python\n{CODE}{END}```")
    waiting = "        # as long as it takes\n" * 60
    return Reply(f"```python\n{CODE}{waiting}{END}```", chunk_chars=len(CODE) + 20, chunk_delay_s=2)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    data_dir = tmp_path_factory.mktemp("live")
    add_tokens(data_dir, TOKENS)
    options = ["--slots", "1", "--model", "recorded", "--burst", "100", "--rate", "6000"]
    with RecordedModelServer(answer) as model:
        environ = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": "sk-none"}
        with RunningService(data_dir, *options, environ=environ) as running:
            yield running


def ask(client: httpx.Client, prompt: str) -> str:
    body = {"prompt": prompt, "options": SMALL}
    return str(client.post("/generate", json=body).raise_for_status().json()["task_id"])


def wait_for_live(client: httpx.Client, task_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + DRAWN_S
    while time.monotonic() < deadline:
        body: dict[str, Any] = client.get(f"/status/{task_id}").raise_for_status().json()
        if body["live_url"]:
            return body
        assert body["status"] not in {"completed", "failed", "cancelled"}, body
        time.sleep(0.05)
    raise AssertionError(body)


def list_live(server: RunningService) -> list[Path]:
    return list((server.data_dir / "videos").glob("*.live.mp4"))


def test_status_names_what_is_drawn_so_far_and_it_goes_with_the_task(
    server: RunningService, tmp_path: Path
) -> None:
    with server.build_client("alice-token") as client:
        task_id = ask(client, "a slow circle")
        body = wait_for_live(client, task_id)
        assert body["status"] == "writing"
        found = client.get(body["live_url"]).raise_for_status()
        assert found.headers["cache-control"] == "no-store"
        (tmp_path / "live.mp4").write_bytes(found.content)
        with av.open(str(tmp_path / "live.mp4")) as video:
            assert sum(1 for _ in video.decode(video=0)) >= 1
        with server.build_client("bob-token") as other:
            assert other.get(body["live_url"]).status_code == 404
        client.delete(f"/tasks/{task_id}").raise_for_status()
        ended = wait_for_end(client, task_id)
        assert (ended["status"], ended["live_url"]) == ("cancelled", None)
        assert client.get(body["live_url"]).status_code == 404
    assert list_live(server) == []


def test_client_sees_parts_before_the_model_has_ended_and_the_same_result(
    server: RunningService, tmp_path: Path
) -> None:
    events: list[Event] = []
    sizes: list[int] = []

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, SegmentReady):
            sizes.append(len(event.path.read_bytes()))

    made: Generation = RemotePipeline(
        store=Store(tmp_path), renderers={}, media_dir=tmp_path / "media"
    ).run(Prompt(text="a slow circle", options=build_options(server)), listen)
    kinds = [type(event) for event in events]
    assert kinds.index(SegmentReady) < kinds.index(Checking)
    assert sizes == [event.size_bytes for event in events if isinstance(event, SegmentReady)]
    assert made.video is not None and made.video.duration_s == pytest.approx(3, abs=0.3)
    assert not any(event.path.exists() for event in events if isinstance(event, SegmentReady))
    assert list_live(server) == []


def build_options(server: RunningService) -> Options:
    return Options(remote=server.url, token="alice-token", resolution="160x90", fps=5)


def test_interrupt_while_it_is_drawn_live_cancels_the_task_there(
    server: RunningService, tmp_path: Path
) -> None:
    def listen(event: Event) -> None:
        if isinstance(event, SegmentReady):
            raise KeyboardInterrupt

    pipeline = RemotePipeline(store=Store(tmp_path), renderers={}, media_dir=tmp_path / "media")
    with pytest.raises(KeyboardInterrupt):
        pipeline.run(Prompt(text="a slow circle", options=build_options(server)), listen)
    with server.build_client("alice-token") as client:
        task_id = client.get("/tasks").json()["tasks"][0]["task_id"]
        assert wait_for_end(client, task_id)["status"] == "cancelled"
    assert list_live(server) == []


@pytest.mark.browser
def test_page_plays_along_and_cancel_makes_room_for_the_next(
    server: RunningService, browser: Any
) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(DRAWN_S * 1000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/")
    page.get_by_label("Your token").fill("alice-token")
    page.keyboard.press("Enter")
    page.get_by_label("What shall move?").fill("a slow circle")
    page.keyboard.press("Control+Enter")
    live = page.get_by_label("What is finished of the animation")
    playwright.expect(live).to_be_visible(timeout=DRAWN_S * 1000)
    playwright.expect(page.locator("#state")).to_contain_text("Writing")
    playwright.expect(page.locator("#picture")).to_contain_text("What is drawn so far")
    page.get_by_role("button", name="Cancel", exact=True).click()
    playwright.expect(page.locator("#failure")).to_contain_text("Cancelled.")
    playwright.expect(live).to_have_count(0)
    page.get_by_label("What shall move?").fill("a quick circle")
    page.keyboard.press("Control+Enter")
    playwright.expect(page.get_by_label("Animation: a quick circle")).to_be_visible(
        timeout=DRAWN_S * 1000
    )
    playwright.expect(page.locator("#picture")).not_to_contain_text("What is drawn so far")
    context.close()
    assert faults == []
