"""PostgreSQL by its URL: whatever the store promises with SQLite, it promises there."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shaperotator_magic.core.errors import ConfigurationError, FeedbackError
from shaperotator_magic.core.records import Generation, Prompt, Task
from shaperotator_magic.keeping import database as database_module
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.keeping.tasks import TaskStore
from shaperotator_magic.keeping.tokens import TokenStore
from tests.running_postgres import RunningPostgres
from tests.running_service import RunningService, wait_for_end

pytestmark = pytest.mark.service


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    url = None
    if request.param == "postgresql":
        server: RunningPostgres = request.getfixturevalue("postgres")
        url = server.make_database()
    return Database(tmp_path / "shaperotator.db", url=url, has_pool=True)


def make_task(owner: str = "alice", text: str = "a circle — λ") -> Task:
    return Task(owner=owner, prompt=Prompt(text=text))


def test_task_runs_its_course_and_ends_once(database: Database) -> None:
    tasks = TaskStore(database)
    task = make_task()
    assert tasks.append_task(task, most_unfinished=3)
    assert tasks.list_queued_heads() == [("alice", task.created_at.isoformat())]
    claimed = tasks.claim_next("alice")
    assert claimed is not None
    assert (claimed.task_id, claimed.status, claimed.tries) == (task.task_id, "writing", 1)
    tasks.update_status(task.task_id, "rendering", code="class A: ...")
    assert [row.code for row in tasks.list_running()] == ["class A: ..."]
    made = Generation(generation_id=task.task_id, prompt=task.prompt)
    assert tasks.finish(task.task_id, made, notes=["a note"], video_name="a.mp4")
    assert not tasks.finish(task.task_id, made)
    tasks.requeue(task.task_id)
    ended = tasks.read_task(task.task_id, owner="alice")
    assert ended is not None
    assert (ended.status, ended.notes, ended.video_name) == ("completed", ("a note",), "a.mp4")
    assert tasks.read_task(task.task_id, owner="bob") is None
    assert tasks.count_by_status() == {"completed": 1}
    assert Store(database.path.parent, database=database).read_generation(task.task_id) == made


def test_removed_and_cancelled_tasks_are_told_apart(database: Database) -> None:
    tasks = TaskStore(database)
    first, second = make_task(), make_task()
    for task in (first, second):
        tasks.append_task(task, most_unfinished=3)
    assert tasks.cancel(first.task_id)
    assert tasks.claim_next("alice") is not None
    assert not tasks.cancel(second.task_id)
    running = tasks.read_task(second.task_id)
    assert running is not None
    assert running.is_cancelled
    tasks.forget_video(first.task_id, is_removed=True)
    assert [row.task_id for row in tasks.list_tasks("alice", limit=9)] == [second.task_id]
    assert tasks.list_videos() == []


def test_requests_at_once_do_not_pass_the_bound(database: Database) -> None:
    tasks = TaskStore(database)
    assert tasks.list_running() == []
    begin = threading.Barrier(8)

    def append(_: int) -> bool:
        begin.wait(20)
        return tasks.append_task(make_task(), most_unfinished=3)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(append, range(8)))
    assert sum(taken) == 3
    assert tasks.count_by_status() == {"queued": 3}


def test_slots_at_once_never_claim_one_task_twice(database: Database) -> None:
    tasks = TaskStore(database)
    made = [make_task() for _ in range(12)]
    for task in made:
        tasks.append_task(task, most_unfinished=20)
    claimed: list[str] = []

    def claim(_: int) -> None:
        # None may mean that another slot was quicker; the queue is empty when nothing is queued.
        while tasks.list_queued_heads():
            task = tasks.claim_next("alice")
            if task is not None:
                claimed.append(task.task_id)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(claim, range(4)))
    assert sorted(claimed) == sorted(task.task_id for task in made)


def test_tables_that_several_threads_make_at_once_are_whole(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(
            lambda _: TaskStore(
                Database(database.path, url=database._url, has_pool=True)
            ).list_running(),
            range(8),
        )
    assert list(found) == [[]] * 8


def test_token_belongs_to_one_user(database: Database) -> None:
    tokens = TokenStore(database)
    token = tokens.append_token("alice")
    assert tokens.find_owner(token) == "alice"
    with pytest.raises(ConfigurationError, match="in use"):
        tokens.append_token("bob", token=token)
    assert tokens.remove_tokens("alice") == 1
    assert tokens.find_owner(token) is None


# --- what can go wrong with a server --------------------------------------------------


def test_server_that_is_gone_is_said_without_the_password(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db", url="postgresql://shapes:secret-word@127.0.0.1:1/x")
    with pytest.raises(FeedbackError, match="database server cannot be used") as caught:
        TaskStore(database).list_running()
    assert "secret-word" not in str(caught.value.as_dict())
    assert "Check its URL" in caught.value.hint


def test_missing_driver_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database_module._engine_of_url.cache_clear()
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match="psycopg") as caught:
        TaskStore(Database(tmp_path / "x.db", url="postgresql://shapes@127.0.0.1/x")).list_running()
    assert 'pip install "shaperotator-magic[postgres]"' in caught.value.hint


@pytest.mark.parametrize("url", ["nonsense", "nosuch://host/name"])
def test_url_that_is_none_is_said(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match="not understood"):
        TaskStore(Database(tmp_path / "x.db", url=url)).list_running()


# --- the whole service on it ----------------------------------------------------------


@pytest.fixture
def service(postgres: RunningPostgres, tmp_path: Path) -> Iterator[RunningService]:
    options = ("--open", "--slots", "1", "--database", postgres.make_database())
    with RunningService(tmp_path / "service", *options) as running:
        yield running


def test_service_keeps_its_tasks_there_over_a_kill(service: RunningService) -> None:
    with service.build_client() as client:
        body = {"prompt": "show how a matrix moves the plane", "options": {"code_only": True}}
        ids = [client.post("/generate", json=body).json()["task_id"] for _ in range(3)]
        service.kill()
        service.start()
        assert [wait_for_end(client, task_id)["status"] for task_id in ids] == ["completed"] * 3
        verdict = {"task_id": ids[0], "is_positive": True}
        assert client.post("/feedback", json=verdict).json()["recorded"]
    assert not (service.data_dir / "shaperotator.db").exists()
    assert "secret-word" not in service.log_path.read_text()
