"""A store that is damaged, emptied, gone or without room is said at once, and kept as it is."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi.testclient import TestClient
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from shaperotator_magic.cli import main
from shaperotator_magic.core.errors import FeedbackError
from shaperotator_magic.core.records import ErrorReport, Generation, Prompt
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import STORE_NAME, Store
from shaperotator_magic.service.health import Health
from shaperotator_magic.service.tasks.runner import hide_places
from shaperotator_magic.testing import (
    RecordedModelServer,
    load_recorded_replies,
    play_recorded,
)
from tests.running_service import (
    RunningService,
    add_finished_task,
    add_tokens,
    find_free_port,
    wait_for_end,
)
from tests.test_service import Parts

# Stores that fall ill under a running service, or under a command.
pytestmark = pytest.mark.service

REPLIES = Path(__file__).parent / "data" / "replies"
PROMPT = "show the unit circle"


def fill(folder: Path, *, count: int = 40) -> Path:
    """Make a store with a few finished tasks, and write all of it into the one file."""
    for number in range(count):
        add_finished_task(folder, "local", prompt=f"{number} {'x' * 3000}")
    path = folder / STORE_NAME
    settle(path)
    return path


def settle(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def damage_middle(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 3 * 4096))


def damage_beginning(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"this is no database" * 20)


def empty(path: Path) -> None:
    path.write_bytes(b"")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


ILLS: dict[str, tuple[Callable[[Path], None], str]] = {
    "middle": (damage_middle, "is damaged"),
    "beginning": (damage_beginning, "is damaged"),
    "empty": (empty, "is empty (0 bytes): what was in it is gone"),
    "cut": (truncate, "is damaged"),
}
each_ill = pytest.mark.parametrize("ill", ILLS)


# --- at the start ---------------------------------------------------------------------


@each_ill
def test_service_with_an_ill_store_does_not_start_and_keeps_it(
    ill: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = fill(tmp_path)
    make_ill, words = ILLS[ill]
    make_ill(path)
    before = path.read_bytes()
    port = str(find_free_port())
    assert main(["serve", "--open", "--data-dir", str(tmp_path), "--port", port]) == 1
    said = capsys.readouterr().err.splitlines()
    assert words in said[0]
    assert "kept as it is" in said[1]
    assert len(said) == 2
    assert path.read_bytes() == before


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_store_that_is_no_file_is_refused(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / STORE_NAME)
    for use in (Database(tmp_path / STORE_NAME).check, Store(tmp_path).list_generations):
        with pytest.raises(FeedbackError, match="is no regular file"):
            use()


def test_whole_store_is_whole_while_others_write(tmp_path: Path) -> None:
    path = fill(tmp_path)
    database = Database(path)
    with Database(path).connect() as writer:
        writer.exec_driver_sql("UPDATE tasks SET owner = 'b'")
        database.check(is_thorough=True)
    database.check()
    Database(tmp_path / "none.db").check()
    assert not (tmp_path / "none.db").exists()


def test_two_that_make_a_store_at_once_do_not_take_it_for_emptied(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import sys; from shaperotator_magic.keeping.store import Store;"
        "print(Store(Path(sys.argv[1])).list_generations())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "new")]
    made = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate()[0] for process in made] == ["[]\n"] * 4


def test_check_of_a_store_changes_nothing(tmp_path: Path) -> None:
    path = fill(tmp_path, count=2)
    with sqlite3.connect(path) as writer:  # what a killed process leaves: changes beside the file
        writer.execute("UPDATE tasks SET owner = 'b'")
    left = {name: path.with_name(name).read_bytes() for name in (STORE_NAME, f"{STORE_NAME}-wal")}
    (tmp_path / "left").mkdir()
    writer.close()
    for name, content in left.items():
        (tmp_path / "left" / name).write_bytes(content)
    Database(tmp_path / "left" / STORE_NAME).check(is_thorough=True)
    assert left == {name: (tmp_path / "left" / name).read_bytes() for name in left}
    assert len(left[f"{STORE_NAME}-wal"]) > 0


def test_failure_that_comes_and_goes_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(fill(tmp_path, count=1))
    health = Health(database, [tmp_path])
    caplog.set_level(logging.INFO)
    for _ in range(20):
        database.failed_at = time.monotonic()
        health.report(FeedbackError("locked"))
        assert not health.is_good
    database.failed_at = float("-inf")
    deadline = time.monotonic() + 300
    while "healthy again" not in caplog.messages:
        assert health.is_good
        assert time.monotonic() < deadline
    assert [said for said in caplog.messages if "health" in said][:-1] == ["unhealthy: locked"]


# --- while it runs --------------------------------------------------------------------


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    fill(tmp_path)
    made = Parts(tmp_path)
    with made.client:
        yield made


def wait_for_health(client: httpx.Client, status: int) -> None:
    """Wait: a probe is repeated after 20 times its duration."""
    deadline = time.monotonic() + 300
    while client.get("/healthz").status_code != status:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def assert_unhealthy(client: TestClient, tmp_path: Path) -> None:
    wait_for_health(client, 503)
    for method, path in (("GET", "/healthz"), ("POST", "/generate")):
        body = {"json": {"prompt": "a circle"}} if method == "POST" else {}
        answer = client.request(method, path, **body)
        assert answer.status_code == 503, path
        assert answer.headers["retry-after"]
        assert answer.json()["error"]["type"] == "ServiceUnavailableError"
        assert str(tmp_path) not in answer.text
        assert STORE_NAME not in answer.text


@each_ill
def test_store_that_falls_ill_is_said_at_once(
    ill: str, parts: Parts, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert parts.client.get("/healthz").status_code == 200
    settle(tmp_path / STORE_NAME)
    ILLS[ill][0](tmp_path / STORE_NAME)
    assert_unhealthy(parts.client, tmp_path)
    said = [row for row in caplog.records if row.levelno >= logging.ERROR]
    assert any(ILLS[ill][1] in row.message for row in said)


def test_store_that_is_moved_away_is_said_at_once(parts: Parts, tmp_path: Path) -> None:
    assert parts.client.get("/healthz").status_code == 200
    (tmp_path / STORE_NAME).rename(tmp_path / "elsewhere.db")
    assert_unhealthy(parts.client, tmp_path)
    assert not (tmp_path / STORE_NAME).exists()


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_too_little_room_refuses_tasks_until_there_is_more(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 125_000_000))
        assert_unhealthy(parts.client, tmp_path)
        assert parts.tasks.list_queued_heads() == []
    wait_for_health(parts.client, 200)
    answer = parts.client.post("/generate", json={"prompt": "a circle"})
    assert answer.status_code == 202
    assert parts.wait(answer.json()["task_id"]).status == "completed"


def test_queued_task_waits_where_there_is_no_room(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.executor.may_go.clear()
    first = parts.client.post("/generate", json={"prompt": "a circle"}).json()["task_id"]
    assert parts.executor.is_held.wait(20)
    second = parts.client.post("/generate", json={"prompt": "a circle"}).json()["task_id"]
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 125_000_000))
        assert_unhealthy(parts.client, tmp_path)
        parts.executor.may_go.set()
        assert parts.wait(first).status == "completed"
        assert parts.scheduler._claim_if_healthy() is None
        waiting = parts.tasks.read_task(second)
        assert waiting is not None
        assert waiting.status == "queued"
    assert parts.wait(second).status == "completed"


def test_failing_use_of_the_store_is_unhealthy_and_names_no_path(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        parts.database.failed_at = time.monotonic()
        raise FeedbackError(f"The store {tmp_path} cannot be used: full", path=str(tmp_path))

    monkeypatch.setattr(parts.tasks.__class__, "append_task", fail)
    answer = parts.client.post("/generate", json={"prompt": "a circle"})
    assert answer.status_code == 503
    assert str(tmp_path) not in answer.text
    assert_unhealthy(parts.client, tmp_path)


def test_probe_of_a_large_store_keeps_nobody_waiting(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    health = parts.service.health
    health._probe_took_s, health._next_probe_at = 1.0, 0.0
    monkeypatch.setattr(Database, "check", lambda self, **_: time.sleep(1))
    began = time.monotonic()
    assert parts.client.get("/healthz").status_code == 200
    assert time.monotonic() - began < 0.5


def test_task_that_cannot_be_read_is_said_without_a_path(parts: Parts, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / STORE_NAME) as writer:
        writer.execute("UPDATE tasks SET prompt = '{' WHERE rowid = 1")
    answer = parts.client.get("/tasks")
    assert answer.status_code == 503
    assert str(tmp_path) not in answer.text


def test_error_of_a_task_names_no_folder_of_the_service() -> None:
    error = ErrorReport(type="ConfigurationError", message="only 3 MB in /srv/data/x", hint="")
    failed = Generation(prompt=Prompt(text="x"), status="failed", error=error)
    shown = hide_places(failed, ["/srv/data"])
    assert "/srv" not in shown.model_dump_json()
    assert hide_places(failed, ["/other"]) == failed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 260 MB; only root mounts one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=260m", "none", str(folder)], check=False,
        capture_output=True,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.render
def test_disk_that_fills_refuses_tasks_and_loses_none(small_disk: Path) -> None:
    add_tokens(small_disk, {"alice": "alice-token"})
    with (
        RunningService(small_disk, "--slots", "1") as server,
        server.build_client("alice-token") as client,
    ):
        body = {"prompt": PROMPT, "options": {"resolution": "144p", "fps": 5}}
        task_id = client.post("/generate", json=body).raise_for_status().json()["task_id"]
        assert wait_for_end(client, task_id)["status"] == "completed"
        ballast = small_disk / "ballast"
        for size in (130_000_000, 300_000_000):  # 125 MB left, then none at all
            with ballast.open("wb") as file, contextlib.suppress(OSError):
                for _ in range(size // 1_000_000):
                    file.write(bytes(1_000_000))
            wait_for_health(client, 503)
            for answer in (client.post("/generate", json=body), client.get("/healthz")):
                assert answer.status_code == 503
                assert str(small_disk) not in answer.text
        ballast.unlink()
        wait_for_health(client, 200)
        assert len(client.get("/tasks").json()["tasks"]) == 1
        task_id = client.post("/generate", json=body).raise_for_status().json()["task_id"]
        assert wait_for_end(client, task_id)["status"] == "completed"


# --- the notebook ---------------------------------------------------------------------


@each_ill
def test_cell_with_an_ill_store_shows_its_result_and_says_so(
    ill: str, shell: InteractiveShell, clean_environment: Path
) -> None:
    clean_environment.mkdir()
    path = fill(clean_environment)
    ILLS[ill][0](path)
    before = path.read_bytes()
    with capture_output() as captured:
        shell.run_cell_magic("shaperotate", "--offline --code-only", PROMPT)
    card = [out.data["text/html"] for out in captured.outputs if "text/html" in out.data][-1]
    assert "Scene code" in card
    assert "Not kept: The store" in card
    assert path.read_bytes() == before
    assert shell.user_ns["_shape"].scene.code.scene_name in shell.user_ns


def test_model_writes_where_the_store_is_ill(
    shell: InteractiveShell, clean_environment: Path
) -> None:
    clean_environment.mkdir()
    damage_beginning(fill(clean_environment, count=1))
    recorded = load_recorded_replies(REPLIES)
    row = next(row for row in recorded if row.renders_at == 1)
    with RecordedModelServer(play_recorded(recorded)) as server, capture_output() as captured:
        line = f"--model recorded --base-url {server.base_url} --code-only"
        shell.run_cell_magic("shaperotate", line, row.prompt)
    cards = [out.data["text/html"] for out in captured.outputs if "text/html" in out.data]
    assert "Scene code" in cards[-1]
    assert "Not kept: The store" in cards[-1]


@each_ill
def test_generate_with_an_ill_store_gives_its_result_and_says_so(
    ill: str, clean_environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clean_environment.mkdir()
    path = fill(clean_environment)
    ILLS[ill][0](path)
    assert main(["generate", PROMPT, "--offline", "--code-only"]) == 0
    captured = capsys.readouterr()
    assert "Not kept: The store" in captured.err
    assert "class UnitCircle" in captured.out
