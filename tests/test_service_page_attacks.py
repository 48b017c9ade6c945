"""The service's page shows what models and other people's programs wrote, and runs none of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from shaperotator_magic.core.control_characters import show_controls
from shaperotator_magic.core.records import (
    CheckedScene,
    ErrorReport,
    Generation,
    Origin,
    Prompt,
    SceneCode,
    Task,
)
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import STORE_NAME
from shaperotator_magic.keeping.tasks import TaskStore
from tests.attacks import ATTACKS
from tests.running_service import RunningService

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.browser


def add_attacked_task(data_dir: Path, attack: str) -> None:
    """Put a failed task into the store with the attack wherever a text comes from somebody."""
    tasks = TaskStore(Database(data_dir / STORE_NAME))
    task = Task(owner="local", prompt=Prompt(text=attack))
    assert tasks.append_task(task, most_unfinished=1000)
    code = SceneCode(source=attack, scene_name=attack, origin=Origin(writer="model", model=attack))
    generation = Generation(
        generation_id=task.task_id,
        prompt=task.prompt,
        status="failed",
        scene=CheckedScene(code=code),
        error=ErrorReport(type=attack, message=attack, hint=attack, details={"nearest": [attack]}),
    )
    assert tasks.finish(task.task_id, generation, notes=[attack])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    data_dir = tmp_path_factory.mktemp("attacked")
    for attack in ATTACKS[:45]:  # the page lists fifty
        add_attacked_task(data_dir, attack)
    with RunningService(data_dir, "--open", "--slots", "1") as running:
        yield running


@pytest.fixture
def page(browser: Any, server: RunningService) -> Iterator[Any]:
    """A page that is refused every other host, and at the end must not have asked for one."""
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    seen: list[str] = []
    page.on("dialog", lambda dialog: note_dialog(dialog, seen))
    page.on("popup", lambda other: seen.append(other.url))
    page.on("request", lambda request: note_foreign(request.url, server, seen))
    yield page
    pwned = page.evaluate("window.pwned")
    context.close()
    assert seen == []
    assert pwned is None


def note_dialog(dialog: Any, seen: list[str]) -> None:
    seen.append(dialog.message)
    dialog.dismiss()


def note_foreign(url: str, server: RunningService, seen: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"blob", "data"} and parts.port != server.port:
        seen.append(url)


def test_attacks_in_finished_tasks_are_text(page: Any) -> None:
    page.goto("/")
    playwright.expect(page.locator("#tasks li")).to_have_count(len(ATTACKS[:45]))
    # What a page shows of them: control characters are signs.
    shown = [show_controls(attack, is_multiline=True) for attack in ATTACKS[:45]]
    for number, attack in enumerate(reversed(shown)):
        page.locator("#tasks li button").nth(number).click()
        playwright.expect(page.locator("#current-title")).to_have_text(attack)
        page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true })")
        playwright.expect(page.locator("#code")).to_have_text(attack)
        playwright.expect(page.locator("#failure")).to_contain_text(attack)
        playwright.expect(page.locator("#nearest li")).to_have_text(attack)
    made = (
        "script:not([src]), iframe, object, embed, base, meta[http-equiv], #current svg, a[href^=j]"
    )
    assert page.locator(made).count() == 0
    assert page.locator("main :is(img, video, audio)").count() == 0


def test_attacks_in_what_a_task_says_while_it_runs_are_text(page: Any) -> None:
    everything = " ".join(ATTACKS)
    said: list[dict[str, Any]] = [
        {"type": "checking", "code": {"source": everything}},
        {"type": "writing", "text": everything, "tokens": everything},
        {"type": "repairing", "attempt": 1, "findings": [{"message": everything}]},
    ]
    stream = "".join(f"event: message\ndata: {json.dumps(message)}\n\n" for message in said)
    task: dict[str, Any] = {
        "task_id": "0" * 32,
        "status": "writing",
        "progress": None,
        "prompt": everything,
    }
    task |= {"code": None, "video_url": None, "poster_url": None, "error": None, "notes": []}
    page.route("**/generate", lambda route: route.fulfill(json=task, status=202))
    page.route("**/tasks/*", lambda route: route.fulfill(json=task))
    page.route(
        "**/events", lambda route: route.fulfill(body=stream, content_type="text/event-stream")
    )
    page.goto("/")
    page.get_by_label("What shall move?").fill("a circle")
    page.get_by_role("button", name="Animate").click()
    playwright.expect(page.locator("#state")).to_contain_text("pwned")
    playwright.expect(page.locator("#draft")).to_contain_text("pwned")
    playwright.expect(page.locator("#code")).to_contain_text("pwned")
    assert page.locator("#current :is(img, svg, script, iframe, video)").count() == 0


@pytest.mark.parametrize(
    "name", ['x" autoplay onerror="alert(1).mp4', "//evil.test/x.mp4", "javascript:alert(1)"]
)
def test_attack_in_a_file_name_reaches_nobody(page: Any, name: str) -> None:
    task: dict[str, Any] = {
        "task_id": "0" * 32,
        "status": "completed",
        "progress": 1,
        "prompt": "a circle",
    }
    task |= {"code": None, "error": None, "notes": [], "created_at": "2026-01-01T00:00:00Z"}
    task |= {"video_url": f"/videos/{name}", "poster_url": f"/videos/{name}"}
    page.route("**/tasks", lambda route: route.fulfill(json={"tasks": [task]}))
    page.route("**/tasks/*", lambda route: route.fulfill(json=task))
    page.goto("/")
    page.locator("#tasks li button").click()
    refusal = re.compile("no such video|nothing at this path")
    playwright.expect(page.locator("#failure")).to_contain_text(refusal)
    assert page.locator("[onerror]").count() == 0
    assert page.locator("video").count() == 0
