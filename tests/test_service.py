"""The service: a real server whose tasks really render, and its parts with made-up tasks."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from shaperotator_magic.cli import main
from shaperotator_magic.core.errors import (
    ConfigurationError,
    RenderProcessLostError,
    TooManyRequestsError,
)
from shaperotator_magic.core.records import (
    CheckedScene,
    Generation,
    Origin,
    Prompt,
    SceneCode,
    Task,
)
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import STORE_NAME
from shaperotator_magic.keeping.tasks import TaskStore
from shaperotator_magic.keeping.tokens import TokenStore
from shaperotator_magic.service.config import ServiceConfig, check_address, check_values
from shaperotator_magic.service.http.app import build_app
from shaperotator_magic.service.limits import Limits, RateLimit
from shaperotator_magic.service.service import Service, Writers
from shaperotator_magic.service.tasks.hub import Hub
from shaperotator_magic.service.tasks.orders import Ending, Order
from shaperotator_magic.service.tasks.runner import insist
from shaperotator_magic.service.tasks.runner_process import RunnerLostError, TaskTimeoutError
from shaperotator_magic.service.tasks.scheduler import MOST_TRIES, Places, Scheduler
from shaperotator_magic.service.videos import FolderStorage, VideoStorage, open_storage
from shaperotator_magic.service.wire import Message
from tests.running_service import (
    DRAWN_S,
    RunningService,
    add_finished_task,
    add_tokens,
    list_children,
    list_descendants,
    wait_for_end,
)

OPENAPI = Path(__file__).parents[1] / "docs" / "openapi.json"


class FakeExecutor:
    """Ends every order as its script says, or holds it until it is cancelled or let go."""

    has_relay = True

    def __init__(self, slots: int = 1) -> None:
        self.slots = slots
        self.seen: list[str] = []
        self.orders: list[Order] = []
        self.losses = 0
        self.is_slow = False
        self.is_held = threading.Event()
        self.may_go = threading.Event()
        self.may_go.set()

    def run(
        self,
        order: Order,
        on_message: Callable[[Message], None],
        *,
        is_cancelled: Callable[[], bool],
    ) -> Ending:
        task = order.task
        self.seen.append(task.owner)
        self.orders.append(order)
        if self.losses:
            self.losses -= 1
            raise RunnerLostError
        if self.is_slow:
            raise TaskTimeoutError
        on_message({"type": "writing", "text": "class", "tokens": 1})
        on_message({"type": "rendering", "done": 1, "total": 4})
        self.is_held.set()
        while not self.may_go.wait(0.01):
            if is_cancelled():
                return Ending()
        return Ending(generation=Generation(generation_id=task.task_id, prompt=task.prompt))

    def close(self) -> None:
        self.may_go.set()


class Parts:
    def __init__(
        self,
        folder: Path,
        *,
        is_open: bool = True,
        limits: Limits | None = None,
        models: tuple[str, ...] = ("recorded",),
        storage: VideoStorage | None = None,
    ) -> None:
        database = self.database = Database(folder / STORE_NAME, has_pool=True)
        self.tasks = TaskStore(database)
        self.tokens = TokenStore(database)
        self.executor = FakeExecutor()
        self.hub = Hub()
        places = Places(folder / "caches", str(folder / "videos"), None, 60.0)
        self.scheduler = Scheduler(self.tasks, self.executor, self.hub, places=places)
        self.service = Service(
            database=database,
            storage=storage or FolderStorage(folder / "videos"),
            scheduler=self.scheduler,
            hub=self.hub,
            limits=limits or Limits(),
            writers=Writers(models),
            is_open=is_open,
        )
        self.client = TestClient(build_app(self.service), base_url="http://localhost")

    def wait(self, task_id: str) -> Task:
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            task = self.tasks.read_task(task_id)
            assert task is not None
            if task.has_ended:
                return task
            time.sleep(0.01)
        raise AssertionError(task)


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    made = Parts(tmp_path)
    with made.client:
        yield made


def post(parts: Parts, text: str = "a circle", **body: Any) -> dict[str, Any]:
    answer = parts.client.post("/generate", json={"prompt": text, **body})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


# --- files ----------------------------------------------------------------------------


def encode(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_files_of_a_prompt_reach_the_runner_and_not_the_answer(parts: Parts) -> None:
    given = [{"name": "a.csv", "content": encode(b"x,y\n1,2\n")}, {"name": "b.png", "content": ""}]
    task = parts.wait(post(parts, "plot a.csv", inputs=given)["task_id"])
    prompt = parts.executor.orders[0].task.prompt
    assert [(one.name, one.content) for one in prompt.inputs] == [("a.csv", given[0]["content"])]
    assert prompt.inputs_refused[0].startswith("b.png is left out")
    said = parts.client.get(f"/tasks/{task.task_id}").json()
    assert said["generation"]["prompt"]["inputs"][0]["content"] == ""


def test_files_that_cannot_be_used_are_refused_in_a_sentence(parts: Parts) -> None:
    given = [{"name": "../a.csv", "content": encode(b"1")}]
    answer = parts.client.post("/generate", json={"prompt": "plot it", "inputs": given})
    assert answer.status_code == 422
    assert answer.json()["error"]["message"].startswith("../a.csv is left out")


def test_files_are_bounded_and_come_with_prompts_alone(tmp_path: Path) -> None:
    with (made := Parts(tmp_path, is_open=False)).client:
        token = {"authorization": f"Bearer {made.tokens.append_token('alice')}"}
        large = {"prompt": "a", "inputs": [{"name": "a.csv", "content": "MTIz" * 5000}]}
        huge = {"prompt": "a", "inputs": [{"name": "a.csv", "content": "MTIz" * 1_000_000}]}
        assert made.client.post("/generate", json=large).status_code == 413  # who is it?
        assert made.client.post("/feedback", json=large, headers=token).status_code == 413
        assert made.client.post("/generate", json=huge, headers=token).status_code == 413
        assert made.client.post("/generate", json=large, headers=token).status_code == 202


# --- the contract ---------------------------------------------------------------------


def test_openapi_file_is_what_a_service_without_models_says(tmp_path: Path) -> None:
    schema = Parts(tmp_path, models=()).client.get("/openapi.json").json()
    said = json.dumps(schema, indent=2, sort_keys=True) + "\n"
    if os.environ.get("UPDATE_OPENAPI"):
        OPENAPI.write_text(said, encoding="utf-8")
    assert OPENAPI.read_text(encoding="utf-8") == said, "UPDATE_OPENAPI=1 writes it anew"


def test_openapi_names_the_models_on_offer_and_differs_in_nothing_else(tmp_path: Path) -> None:
    said = Parts(tmp_path, models=("a", "b")).client.get("/openapi.json").json()
    for name in ("GenerateOptions", "GenerateBody"):
        model = said["components"]["schemas"][name]["properties"]["model"]
        assert model["anyOf"] == [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}]
        model["anyOf"] = [{"type": "null"}]
    assert said == json.loads(OPENAPI.read_text(encoding="utf-8"))


def test_openapi_holds_the_four_endpoints(parts: Parts) -> None:
    paths = parts.client.get("/openapi.json").json()["paths"]
    four = {"/generate", "/status/{task_id}", "/videos/{video_name}", "/feedback"}
    assert four <= set(paths)


def test_generate_answers_task_and_status_alone(parts: Parts) -> None:
    body = post(parts, options={"quality": "low", "resolution": "720p"})
    assert body == {"task_id": body["task_id"], "status": "queued"}


def test_status_has_the_eight_keys(parts: Parts) -> None:
    task_id = post(parts)["task_id"]
    parts.wait(task_id)
    body = parts.client.get(f"/status/{task_id}").json()
    keys = {"task_id", "status", "progress", "code", "video_url", "live_url", "error", "parameters"}
    assert set(body) == keys
    assert (body["status"], body["progress"]) == ("completed", 1.0)


def test_option_may_stand_beside_the_prompt(parts: Parts) -> None:
    task_id = post(parts, quality="m", options={"seed": 3})["task_id"]
    task = parts.tasks.read_task(task_id)
    assert task is not None
    assert (task.prompt.options.quality, task.prompt.options.seed) == ("medium", 3)


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": "http://evil.example"},
        {"renderer": "kernel"},
        {"manim_args": ["--x"]},
        {"model": "another"},
        {"quality": "fourk"},
        {"resolution": "1280x2000"},
        {"fps": 61},
        {"timeout_s": 0},
        {"name": "os.system"},
        {"offline": "yes"},
    ],
)
def test_option_that_the_service_does_not_give_is_refused(
    parts: Parts, options: dict[str, Any]
) -> None:
    answer = parts.client.post("/generate", json={"prompt": "a circle", "options": options})
    assert answer.status_code == 422
    assert answer.json()["error"]["type"] == "InvalidRequestError"


def test_feedback_is_kept_with_the_run(parts: Parts) -> None:
    task_id = post(parts)["task_id"]
    parts.wait(task_id)
    body = {"task_id": task_id, "is_positive": False, "remove": True, "comment": "wrong"}
    answer = parts.client.post("/feedback", json=body)
    assert answer.json() == {"task_id": task_id, "recorded": True, "removed": True}
    kept = parts.service._store.read_feedback(task_id)
    assert [(row.is_positive, row.remove, row.comment) for row in kept] == [(False, True, "wrong")]
    assert parts.client.get("/tasks").json() == {"tasks": []}


def finish_with_a_scene(parts: Parts, prompt: Prompt) -> Task:
    """Put a finished task with a scene into the store."""
    task = Task(owner="local", prompt=prompt, status="rendering")  # so that no runner takes it
    assert parts.tasks.append_task(task, most_unfinished=100)
    code = SceneCode(source=f"# {prompt.text}", scene_name="A", origin=Origin(writer="user"))
    scene = CheckedScene(code=code)
    made = Generation(generation_id=task.task_id, prompt=prompt, scene=scene)
    assert parts.tasks.finish(task.task_id, made)
    return task


def test_refined_task_brings_its_parents_and_keeps_the_question(parts: Parts) -> None:
    first = finish_with_a_scene(parts, Prompt(text="a circle"))
    second = finish_with_a_scene(
        parts, Prompt(text="red", parent=first.task_id, question="a circle")
    )
    task_id = post(parts, "slower", refine=second.task_id)["task_id"]
    parts.wait(task_id)
    (order,) = parts.executor.orders
    assert [run.generation_id for run in order.earlier] == [second.task_id, first.task_id]
    assert (order.task.prompt.parent, order.task.prompt.question) == (second.task_id, "a circle")
    told = parts.client.get(f"/tasks/{task_id}").json()
    assert (told["prompt"], told["question"]) == ("slower", "a circle")
    for wrong, status in ((task_id, 409), ("0" * 32, 404)):
        answer = parts.client.post("/generate", json={"prompt": "x", "refine": wrong})
        assert answer.status_code == status


def test_scenes_that_were_shown_are_excluded(parts: Parts) -> None:
    parts.wait(post(parts, options={"excluded": ["unit_circle"]})["task_id"])
    assert parts.executor.orders[0].task.prompt.excluded == ("unit_circle",)


def test_verdict_on_a_task_without_a_result_is_refused(parts: Parts) -> None:
    parts.executor.is_slow = True
    task_id = post(parts)["task_id"]
    assert parts.wait(task_id).status == "failed"
    answer = parts.client.post("/feedback", json={"task_id": task_id, "is_positive": False})
    assert answer.status_code == 409 and "no result to judge" in answer.text


def test_feedback_before_the_end_is_refused(parts: Parts) -> None:
    parts.executor.may_go.clear()
    task_id = post(parts)["task_id"]
    answer = parts.client.post("/feedback", json={"task_id": task_id, "is_positive": True})
    assert answer.status_code == 409


def test_removal_deletes_the_video(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    task = add_finished_task(tmp_path, "local", prompt="a circle")
    with parts.client as client:
        assert client.get(f"/videos/{task.task_id}.mp4").content == b"a video"
        client.post("/feedback", json={"task_id": task.task_id, "remove": True})
        assert client.get(f"/videos/{task.task_id}.mp4").status_code == 404
    assert list((tmp_path / "videos").iterdir()) == []


# --- videos ---------------------------------------------------------------------------


@pytest.fixture
def video(tmp_path: Path) -> Iterator[Callable[..., httpx.Response]]:
    parts = Parts(tmp_path)
    task = add_finished_task(tmp_path, "local", prompt="a circle", content=b"0123456789")
    with parts.client as client:
        yield lambda method="GET", **headers: client.request(
            method, f"/videos/{task.task_id}.mp4", headers=headers
        )


@pytest.mark.parametrize(
    ("asked", "status", "content", "said"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_range_gives_the_part(
    video: Callable[..., httpx.Response], asked: str, status: int, content: bytes, said: str | None
) -> None:
    answer = video(range=asked)
    assert (answer.status_code, answer.content) == (status, content)
    assert answer.headers.get("content-range") == said


def test_etag_saves_the_second_download(video: Callable[..., httpx.Response]) -> None:
    first = video()
    again = video(**{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_head_says_the_size_alone(video: Callable[..., httpx.Response]) -> None:
    answer = video("HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "10"
    assert answer.headers["accept-ranges"] == "bytes"


def test_videos_may_lie_where_fsspec_says(tmp_path: Path) -> None:
    source = tmp_path / "made.mp4"
    source.write_bytes(b"0123456789")
    storage = open_storage("memory://videos")
    name = f"{'a' * 32}.mp4"
    storage.publish(source, name)
    found = storage.open(name)
    assert found is not None
    assert (found.size_bytes, b"".join(found.read(2, 5))) == (10, b"234")
    storage.delete(name)
    assert storage.open(name) is None
    storage.delete(name)


@pytest.mark.parametrize("prefix", ["", "file://"], ids=["folder", "fsspec"])
def test_folder_in_the_place_of_a_video_does_not_exist(tmp_path: Path, prefix: str) -> None:
    task = add_finished_task(tmp_path, "local", prompt="a circle")
    storage = open_storage(f"{prefix}{tmp_path / 'videos'}")
    parts = Parts(tmp_path, storage=storage)
    for path in (tmp_path / "videos").iterdir():
        path.unlink()
        path.mkdir()
    names = [path.name for path in (tmp_path / "videos").iterdir()]
    with parts.client as client:
        answers = [client.get(f"/videos/{name}") for name in names]
        removal = client.post("/feedback", json={"task_id": task.task_id, "remove": True})
    assert [answer.status_code for answer in answers] == [404, 404]
    assert removal.status_code == 200
    assert all((tmp_path / "videos" / name).is_dir() for name in names)


def test_storage_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="understood"):
        open_storage("nosuch://videos")


# --- owners ---------------------------------------------------------------------------


def test_owners_do_not_see_each_other(tmp_path: Path) -> None:
    parts = Parts(tmp_path, is_open=False)
    add_tokens(tmp_path, {"alice": "alice-token", "bob": "bob-token"})
    task = add_finished_task(tmp_path, "alice", prompt="a secret")
    alice, bob = ({"Authorization": f"Bearer {name}-token"} for name in ("alice", "bob"))
    body = {"task_id": task.task_id, "is_positive": True}
    with parts.client as client:
        for form in ("/status/{}", "/tasks/{}", "/tasks/{}/events", "/videos/{}.mp4"):
            path = form.format(task.task_id)
            assert client.get(path, headers=bob).status_code == 404
            assert client.get(path, headers=alice).status_code == 200
        assert client.delete(f"/tasks/{task.task_id}", headers=bob).status_code == 404
        assert client.post("/feedback", json=body, headers=bob).status_code == 404
        assert client.get("/tasks", headers=bob).json() == {"tasks": []}
        assert client.get("/tasks").status_code == 401


def test_wrong_tokens_are_slowed_down(tmp_path: Path) -> None:
    parts = Parts(tmp_path, is_open=False)
    with parts.client as client:
        headers = {"Authorization": "Bearer guess"}
        codes = [client.get("/tasks", headers=headers).status_code for _ in range(22)]
    assert codes[0] == 401
    assert codes[-1] == 429


def test_tokens_are_kept_as_hashes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "add", "alice", "--data-dir", str(tmp_path)]) == 0
    token = capsys.readouterr().out.strip()
    store = TokenStore(Database(tmp_path / STORE_NAME))
    assert store.find_owner(token) == "alice"
    for path in tmp_path.iterdir():
        assert token.encode() not in path.read_bytes()
    assert main(["token", "remove", "alice", "--data-dir", str(tmp_path)]) == 0
    assert store.find_owner(token) is None


@pytest.mark.parametrize("owner", ["", "../x", "Alice", "a b", "-x", "a" * 65])
def test_owner_must_be_fit_for_a_folder(tmp_path: Path, owner: str) -> None:
    with pytest.raises(ConfigurationError, match="name of a user"):
        TokenStore(Database(tmp_path / STORE_NAME)).append_token(owner)


@pytest.mark.parametrize(
    "changes",
    [
        {"is_open": True, "host": "0.0.0.0"},
        {"is_open": True, "public_hosts": ("shapes.example",)},
        {"is_open": True, "trusted_proxies": ("127.0.0.1",)},
        {},
    ],
)
def test_service_that_anybody_could_use_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="token"):
        check_address(ServiceConfig(data_dir=tmp_path, **changes))


@pytest.mark.parametrize(
    "words",
    [
        "--port 99999",
        "--slots -3",
        "--queue 0",
        "--burst 0",
        "--largest 0",
        "--rate -1",
        "--rate nan",
        "--render-timeout 0",
        "--header-timeout 0",
        "--body-timeout -1",
        "--idle-timeout 0",
        "--stall-timeout nan",
        "--connections 0",
        "--connections-per-address 0",
        "--keep-days 0",
        "--keep-gb -1",
        "--proxy *",
        "--proxy caddy",
        "--proxy 0.0.0.0/0",
        "--public-host https://shapes.example",
        "--public-host shapes.example:8443",
    ],
)
def test_option_that_cannot_be_meant_is_refused_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    option, value = words.split()
    assert main(["serve", f"{option}={value}", "--data-dir", str(tmp_path / "data")]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"shaperotator: {option} ") and "is not possible: " in told
    assert told.count("\n") == 2
    assert not (tmp_path / "data").exists()


def test_options_of_the_docs_are_possible(tmp_path: Path) -> None:
    check_values(
        ServiceConfig(
            data_dir=tmp_path,
            public_hosts=("shapes.example", "::1", "Lab-3_a"),
            trusted_proxies=("127.0.0.1", "172.30.0.0/24", "::1"),
        )
    )


@pytest.mark.parametrize(
    ("host", "reason"),
    [("127.0.0.1", "another program does"), ("203.0.113.7", "cannot"), ("no.such.invalid", "")],
)
def test_address_that_cannot_be_had_is_said_in_two_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], host: str, reason: str
) -> None:
    TokenStore(Database(tmp_path / STORE_NAME)).append_token("alice")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        words = ["serve", "--host", host, "--port", str(port), "--data-dir", str(tmp_path)]
        assert main(words) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"shaperotator: The service cannot listen at {host}, port {port}: ")
    assert reason in told and "Choose another --" in told
    assert told.count("\n") == 2


@pytest.mark.parametrize("package", ["fastapi", "httptools", "prometheus_client", "uvicorn"])
def test_missing_package_of_the_extra_is_named(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    package: str,
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    assert main(["serve", "--open", "--data-dir", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert package in told and 'pip install "shaperotator-magic[service]"' in told


def test_folder_that_cannot_be_made_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    words = ["serve", "--open", "--port", "0", "--data-dir", str(tmp_path / "file" / "data")]
    assert main(words) != 0
    assert capsys.readouterr().err.count("\n") == 2


def test_token_commands_say_what_they_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> tuple[int, str, str]:
        status = main(["token", *words, "--data-dir", str(tmp_path)])
        told = capsys.readouterr()
        return status, told.out, told.err

    assert run("list") == (0, "", "Nobody has a token yet: shaperotator token add NAME\n")
    _, token, told = run("add", "alice")
    assert token.startswith("sr_") and "only now" in told
    assert run("list")[1].startswith("alice  ")
    assert run("remove", "alice")[1] == "1 token of alice removed\n"
    assert run("remove", "alice")[2].startswith("shaperotator: alice has no token.")
    assert run("remove")[2].splitlines()[1] == "shaperotator token remove NAME"


def test_open_service_answers_nobody_behind_a_proxy(parts: Parts) -> None:
    answer = parts.client.get("/tasks", headers={"x-forwarded-for": "203.0.113.9"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "localhost:8700"}, 200),
        ({"host": "[::1]:8700"}, 200),
        ({"host": "localhost.evil.example"}, 421),
        ({"origin": "http://localhost:8700"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_host_and_origin_are_checked(parts: Parts, headers: dict[str, str], status: int) -> None:
    assert parts.client.get("/tasks", headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/", "/page.js", "/page.css", "/tasks", "/nothing"])
def test_every_answer_carries_the_headers(parts: Parts, path: str) -> None:
    headers = parts.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/healthz", "GET"),
        ("PUT", "/tasks/0", "DELETE, GET"),
        ("DELETE", "/videos/0", "GET, HEAD"),
    ],
)
def test_wrong_method_is_told_the_right_ones(
    parts: Parts, method: str, path: str, allowed: str
) -> None:
    answer = parts.client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


# --- the queue ------------------------------------------------------------------------


def test_queue_is_fair_and_bounded(tmp_path: Path) -> None:
    parts = Parts(tmp_path, limits=Limits(most_unfinished=3))
    for owner, count in (("greedy", 3), ("modest", 1)):
        for _ in range(count):
            task = Task(owner=owner, prompt=Prompt(text="x"))
            assert parts.tasks.append_task(task, most_unfinished=3)
    extra = Task(owner="greedy", prompt=Prompt(text="x"))
    assert not parts.tasks.append_task(extra, most_unfinished=3)
    assert parts.tasks.read_task(extra.task_id) is None
    with parts.client:
        deadline = time.monotonic() + 300
        while len(parts.executor.seen) < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert parts.executor.seen == ["greedy", "modest", "greedy", "greedy"]


def test_full_queue_says_when_to_come_back(tmp_path: Path) -> None:
    parts = Parts(tmp_path, limits=Limits(most_unfinished=2))
    parts.executor.may_go.clear()
    with parts.client:
        post(parts)
        post(parts)
        answer = parts.client.post("/generate", json={"prompt": "x"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1


def test_rate_limit_refills() -> None:
    now = [0.0]
    limit = RateLimit(burst=2, per_minute=60, clock=lambda: now[0])
    limit.spend("a")
    limit.spend("a")
    limit.spend("b")
    with pytest.raises(TooManyRequestsError) as caught:
        limit.spend("a")
    assert caught.value.retry_after_s == 1.0
    now[0] = 1.0
    limit.spend("a")


def test_running_task_is_cancelled(parts: Parts) -> None:
    parts.executor.may_go.clear()
    task_id = post(parts)["task_id"]
    assert parts.executor.is_held.wait(10)
    assert parts.client.get(f"/status/{task_id}").json()["progress"] == 0.25
    parts.client.delete(f"/tasks/{task_id}")
    assert parts.wait(task_id).status == "cancelled"


def test_queued_task_is_cancelled(parts: Parts) -> None:
    parts.executor.may_go.clear()
    post(parts)
    assert parts.executor.is_held.wait(10)
    second = post(parts)["task_id"]
    assert parts.client.delete(f"/tasks/{second}").json()["status"] == "cancelled"


def test_lost_task_is_begun_again_and_ends_once(parts: Parts) -> None:
    parts.executor.losses = 2
    task_id = post(parts)["task_id"]
    task = parts.wait(task_id)
    assert (task.status, task.tries) == ("completed", 3)
    assert not parts.tasks.finish(task_id, Generation(prompt=task.prompt))


def test_task_that_is_always_lost_fails_with_a_reason(parts: Parts) -> None:
    parts.executor.losses = MOST_TRIES
    task = parts.wait(post(parts)["task_id"])
    assert task.status == "failed"
    assert task.error is not None
    assert task.error.type == "TaskInterruptedError"


def test_task_that_takes_too_long_fails_with_a_reason(parts: Parts) -> None:
    parts.executor.is_slow = True
    task = parts.wait(post(parts)["task_id"])
    assert task.error is not None
    assert task.error.type == "RenderTimeoutError"


def test_unfinished_tasks_are_taken_up_at_the_start(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    task = Task(owner="local", prompt=Prompt(text="x"))
    parts.tasks.append_task(task, most_unfinished=3)
    assert parts.tasks.claim_next("local") is not None  # by a process that was killed then
    with parts.client:
        assert parts.wait(task.task_id).tries == 2


def test_videos_go_by_age_and_by_size(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    tasks = [add_finished_task(tmp_path, "local", prompt="x", content=b"0" * 100) for _ in range(3)]
    assert parts.service.videos.expire(oldest="2000-01-01", most_bytes=250) == 1
    first = parts.tasks.read_task(tasks[0].task_id)
    assert first is not None
    assert (first.status, first.video_name) == ("completed", None)
    assert parts.service.videos.expire(oldest="2999-01-01", most_bytes=10_000) == 2
    assert list((tmp_path / "videos").iterdir()) == []


# --- events ---------------------------------------------------------------------------


def read_events(answer: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    kind = ""
    for line in answer.iter_lines():
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


def test_events_tell_what_was_said_before_and_the_end(parts: Parts) -> None:
    parts.executor.may_go.clear()
    task_id = post(parts)["task_id"]
    assert parts.executor.is_held.wait(10)
    threading.Timer(0.5, parts.executor.may_go.set).start()
    with parts.client.stream("GET", f"/tasks/{task_id}/events") as answer:
        events = list(read_events(answer))
    assert events[0][0] == "status"
    assert [data["type"] for kind, data in events if kind == "message"] == ["writing", "rendering"]
    assert events[-1][1]["status"] == "completed"


def test_metrics_count_requests_and_tasks(parts: Parts) -> None:
    parts.wait(post(parts)["task_id"])
    text = parts.client.get("/metrics", headers={"Authorization": "x"}).text
    assert 'shaperotator_tasks{status="completed"} 1.0' in text
    assert 'route="/generate",status="202"' in text


# --- a real server --------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with RunningService(tmp_path_factory.mktemp("real"), "--open", "--slots", "1") as running:
        yield running


PROMPT = "show how a matrix moves the plane"
SMALL = {"resolution": "144p", "fps": 5}


@pytest.mark.render
def test_sentence_becomes_a_video(server: RunningService) -> None:
    with server.build_client() as client:
        task_id = client.post("/generate", json={"prompt": PROMPT, "options": SMALL}).json()[
            "task_id"
        ]
        body = wait_for_end(client, task_id)
        assert body["status"] == "completed", body
        assert "class MatrixOnPlane" in body["code"]
        content = client.get(body["video_url"]).content
        whole = client.get(f"/tasks/{task_id}").json()
    assert content[4:8] == b"ftyp"
    assert whole["generation"]["video"]["path"] == f"{task_id}.mp4"
    assert str(server.data_dir) not in json.dumps(whole)


@pytest.mark.render
def test_scene_that_takes_too_long_is_told_what_this_service_gives(tmp_path: Path) -> None:
    options = ["--open", "--slots", "1", "--render-timeout", "0.2"]
    with RunningService(tmp_path, *options) as server, server.build_client() as client:
        asked = {"prompt": PROMPT, "options": {"quality": "high", "timeout_s": 600}}
        body = wait_for_end(client, client.post("/generate", json=asked).json()["task_id"])
    assert body["error"]["type"] == "RenderTimeoutError"
    assert body["error"]["message"].startswith("The scene was still rendering after 0.2 s")
    assert body["error"]["hint"] == (
        "Ask for something simpler: 0.2 s is the most that this service gives a scene."
    )


@pytest.mark.service
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc")
def test_scenes_step_back_for_the_server(server: RunningService) -> None:
    assert server.process is not None
    drawing = [
        process
        for process in list_descendants(server.process.pid)
        if b"-m\0shaperotator_magic.rendering.process\0"
        in Path(f"/proc/{process}/cmdline").read_bytes()
        and not Path(f"/proc/{process}/comm").read_text().startswith(("sh", "bwrap"))
    ]
    assert drawing
    nicer = min(19, os.getpriority(os.PRIO_PROCESS, server.process.pid) + 5)
    for process in drawing:
        assert os.getpriority(os.PRIO_PROCESS, process) == nicer
        group = Path(f"/proc/{process}/autogroup")
        assert not group.exists() or group.read_text().endswith(f"nice {nicer}\n")


@pytest.mark.render
def test_killed_runner_and_killed_server_lose_no_task(server: RunningService) -> None:
    assert server.process is not None
    with server.build_client() as client:
        body = {"prompt": PROMPT, "options": SMALL | {"no_cache": True}}
        ids = [client.post("/generate", json=body).json()["task_id"] for _ in range(2)]
        for runner in list_children(server.process.pid):
            os.kill(runner, signal.SIGKILL)
        time.sleep(0.5)
    server.kill()
    server.start()
    with server.build_client() as client:
        assert [wait_for_end(client, task_id)["status"] for task_id in ids] == ["completed"] * 2


def send_to_supervisors(service: int, number: signal.Signals) -> set[int]:
    """Send a signal to all that the service's runners have started; return the processes."""
    reached = set()
    for runner in list_children(service):
        for process in list_descendants(runner):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
                reached.add(process)
    return reached


@pytest.mark.render
def test_task_whose_render_process_is_killed_is_drawn_again(server: RunningService) -> None:
    assert server.process is not None
    with server.build_client() as client:
        body = {"prompt": PROMPT, "options": {"no_cache": True, "resolution": "128x72"}}
        wait_for_end(client, client.post("/generate", json=body).json()["task_id"])
        task_id = client.post("/generate", json=body).json()["task_id"]
        deadline = time.monotonic() + DRAWN_S
        stopped: set[int] = set()
        # A stopped supervisor draws nothing before it is killed, however slow this test is; one
        # that starts only now has to import manim first.
        while client.get(f"/status/{task_id}").json()["status"] != "rendering":
            assert time.monotonic() < deadline
            stopped |= send_to_supervisors(server.process.pid, signal.SIGSTOP)
            time.sleep(0.02)
        assert stopped
        send_to_supervisors(server.process.pid, signal.SIGKILL)
        body = wait_for_end(client, task_id)
        assert body["status"] == "completed", body
    assert "It is begun again." in server.log_path.read_text()


def test_what_kills_its_process_each_time_is_done_twice_at_most() -> None:
    done = []

    def kill() -> None:
        done.append(1)
        raise RenderProcessLostError("The render process ended unexpectedly.")

    with pytest.raises(RenderProcessLostError):
        insist(kill)
    assert len(done) == 2


@pytest.mark.service
def test_second_service_on_one_folder_is_refused(
    server: RunningService, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["serve", "--open", "--port", "0", "--data-dir", str(server.data_dir)]
    assert main(words) == 2
    assert "Another service" in capsys.readouterr().err


@pytest.mark.service
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc")
def test_stopped_service_leaves_nothing_behind(tmp_path: Path) -> None:
    scratch = Path(tempfile.mkdtemp())
    environ = {"TMPDIR": str(scratch), "OPENAI_API_KEY": "sk-secret"}
    options = ["--open", "--slots", "1", "--model", "recorded"]
    with RunningService(tmp_path / "data", *options, environ=environ) as running:
        assert running.process is not None
        assert list(scratch.glob("shaperotator-relay-*"))
        started = list(list_descendants(running.process.pid))
        running.process.terminate()
        assert running.process.wait(30) == 0
        deadline = time.monotonic() + 300
        while any(Path(f"/proc/{process_id}").exists() for process_id in started):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert list(scratch.iterdir()) == []
    scratch.rmdir()


def test_whole_float_is_an_integer(parts: Parts) -> None:
    assert post(parts, fps=12.0)["status"] == "queued"
    answer = parts.client.post("/generate", json={"prompt": "a circle", "fps": 12.5})
    assert answer.status_code == 422
