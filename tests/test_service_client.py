"""``--remote URL``: the same card and the same class as here, and two lines where it cannot be."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from shaperotator_magic.core.errors import (
    CheckFailedError,
    ConfigurationError,
    ServiceError,
    ServiceUnavailableError,
    ShapeRotatorError,
    TooManyRequestsError,
    UnauthorizedError,
)
from shaperotator_magic.core.records import Options, Prompt
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import STORE_NAME, Store
from shaperotator_magic.service.client import remote_service as client_module
from shaperotator_magic.service.client.remote_service import RemoteService
from shaperotator_magic.testing import (
    RecordedModelServer,
    RecordedReply,
    load_recorded_replies,
    play_recorded,
)
from tests.running_service import RunningService, add_tokens

pytestmark = pytest.mark.service

REPLIES = Path(__file__).parent / "data" / "replies"
LIBRARY_PROMPT = "show how a matrix moves the plane"
SMALL = "-r 144p --fps 5"
# All processes of the machine are searched for it: those of another run have another one.
KEY = f"sk-secret-{uuid4().hex}"


def pick_replies() -> list[RecordedReply]:
    """Return two recorded replies; ten with TEN_REPLIES=1, which takes minutes."""
    count = 10 if os.environ.get("TEN_REPLIES") else 2
    return [row for row in load_recorded_replies(REPLIES) if row.renders_at == 1][:count]


@pytest.fixture(scope="module")
def model() -> Iterator[RecordedModelServer]:
    with RecordedModelServer(play_recorded(load_recorded_replies(REPLIES))) as server:
        yield server


@pytest.fixture(scope="module")
def server(
    model: RecordedModelServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    data_dir = tmp_path_factory.mktemp("remote")
    add_tokens(data_dir, {"alice": "alice-token"})
    options = ["--slots", "1", "--model", "recorded", "--burst", "100", "--rate", "6000"]
    environ = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": KEY}
    with RunningService(data_dir, *options, environ=environ) as running:
        yield running


def run_cell(shell: InteractiveShell, line: str, prompt: str) -> tuple[Any, str]:
    """Run one cell; returns what ``_shape`` is, and the last card without what differs by run."""
    with capture_output() as captured:
        shell.run_cell_magic("shaperotate", line, prompt)
    card = [found.data["text/html"] for found in captured.outputs if "text/html" in found.data][-1]
    shape = shell.user_ns["_shape"]
    card = card.replace(shape.generation_id, "ID")
    # Of a shell's first scene the card says, once, that its class is the user's.
    card = re.sub(r"<div[^>]*>\w+ is a class of this kernel[^<]*</div>", "", card)
    card = re.sub(r"made\sin\s[\d.]+\ss|rendered\sbefore", "TIME", card)
    # The picture is drawn twice, at random in places; that there is one is what counts.
    return shape, re.sub(r"data:(video|image)/[^\"]+", "DATA", card)


@pytest.mark.render
def test_library_prompt_gives_the_same_card_and_class(
    shell: InteractiveShell, server: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, card_here = run_cell(shell, f"{SMALL} --offline", LIBRARY_PROMPT)
    class_here = shell.user_ns.pop(here.scene.code.scene_name)
    monkeypatch.setenv("SHAPEROTATOR_REMOTE", server.url)
    monkeypatch.setenv("SHAPEROTATOR_TOKEN", "alice-token")
    there, card_there = run_cell(shell, f"{SMALL} --offline", LIBRARY_PROMPT)
    class_there = shell.user_ns[there.scene.code.scene_name]
    assert card_there == card_here
    assert "<video" in card_there
    assert there.scene == here.scene
    assert class_there.construct.__code__.co_code == class_here.construct.__code__.co_code
    assert there.video.path.read_bytes()[4:8] == b"ftyp"
    assert (there.task_id is None, here.task_id is None) == (False, True)
    shell.run_line_magic("shaperotate", "down too fast")
    kept = Store(server.data_dir, database=Database(server.data_dir / STORE_NAME))
    assert [row.comment for row in kept.read_feedback(there.task_id)] == ["too fast"]


@pytest.mark.render
def test_files_of_a_cell_are_drawn_there_and_kept_here(
    shell: InteractiveShell,
    server: RunningService,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "points.csv").write_text("x,y\n0,1\n1,4\n2,9\n")
    (tmp_path / "no.png").write_text("no picture")
    monkeypatch.chdir(tmp_path)
    line = f"{SMALL} --still --offline --input points.csv,no.png"
    remote = f"--remote {server.url} --token alice-token"
    here, card_here = run_cell(shell, line, "plot points.csv")
    there, card_there = run_cell(shell, f"{line} {remote}", "plot points.csv")
    assert there.video.sha256 == here.video.sha256
    assert there.scene.code.files == ("points.csv",)
    for card in (card_here, card_there):
        assert "no.png is left out: it is no picture that can be read." in card


@pytest.mark.parametrize("row", pick_replies(), ids=lambda row: row.id)
def test_recorded_reply_gives_the_same_card_and_class(
    shell: InteractiveShell, server: RunningService, model: RecordedModelServer, row: RecordedReply
) -> None:
    line = "--code-only --model recorded"
    here, card_here = run_cell(shell, f"{line} --base-url {model.base_url}", row.prompt)
    class_here = shell.user_ns.pop(here.scene.code.scene_name)
    remote = f"{line} --remote {server.url} --token alice-token"
    there, card_there = run_cell(shell, remote, row.prompt)
    class_there = shell.user_ns[there.scene.code.scene_name]
    assert card_there == card_here
    assert there.scene.code == here.scene.code
    assert class_there.construct.__code__.co_code == class_here.construct.__code__.co_code
    assert len(there.attempts) == len(here.attempts)


def test_token_is_stored_nowhere(
    shell: InteractiveShell, server: RunningService, clean_environment: Path
) -> None:
    with capture_output() as captured:  # nothing fits: the card says so, and the cell ends
        shell.run_cell_magic(
            "shaperotate", f"--remote {server.url} --token alice-token --offline", "price of tea"
        )
    assert "no scene for this sentence" in str([found.data for found in captured.outputs])
    for path in clean_environment.rglob("*"):
        assert path.is_dir() or b"alice-token" not in path.read_bytes()


def test_key_is_only_in_the_process_that_asks_the_model(server: RunningService) -> None:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words, environ = ((entry / name).read_bytes() for name in ("cmdline", "environ"))
        except OSError:
            continue
        if b"shaperotator_magic" in words and KEY.encode() in environ:
            found.append(words)
    assert found == []
    assert KEY not in server.log_path.read_text()


# --- what can go wrong ----------------------------------------------------------------


def assert_two_lines(
    caught: pytest.ExceptionInfo[ShapeRotatorError], shell: InteractiveShell
) -> None:
    lines = caught.value._render_traceback_()
    assert len(lines) == 2
    assert all(line.strip() and "\n" not in line for line in lines)
    assert shell.user_ns["kept"] == 42
    failed = shell.user_ns["_shape"]
    assert (failed.status, failed.prompt.text) == ("failed", "a circle")


def fail(shell: InteractiveShell, line: str) -> pytest.ExceptionInfo[ShapeRotatorError]:
    shell.user_ns["kept"] = 42
    with pytest.raises(ShapeRotatorError) as caught:
        run_cell(shell, line, "a circle")
    assert_two_lines(caught, shell)
    return caught


def test_service_that_is_gone_is_said(shell: InteractiveShell) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    caught = fail(shell, f"--remote http://127.0.0.1:{port}")
    assert caught.type is ServiceUnavailableError


def test_refused_token_is_said(shell: InteractiveShell, server: RunningService) -> None:
    caught = fail(shell, f"--remote {server.url} --token wrong-token")
    assert caught.type is UnauthorizedError
    assert "wrong-token" not in str(caught.value.as_dict())


@contextmanager
def odd_server(answer: Any) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self)

        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def answer_json(handler: BaseHTTPRequestHandler, status: int, text: str) -> None:
    handler.send_response(status)
    handler.send_header("content-length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text.encode())


def test_full_queue_is_said(shell: InteractiveShell) -> None:
    body = (
        '{"error": {"type": "TooManyRequestsError", "message": "10 of your tasks are not finished '
        'yet.", "hint": "Wait for one of them.", "details": {"retry_after_s": 10}}}'
    )
    with odd_server(lambda handler: answer_json(handler, 429, body)) as url:
        caught = fail(shell, f"--remote {url}")
    assert caught.type is TooManyRequestsError


def test_slow_service_is_said(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_SILENCE_S", 0.3)
    is_over = threading.Event()
    with odd_server(lambda handler: is_over.wait(20)) as url:
        caught = fail(shell, f"--remote {url}")
        is_over.set()
    assert caught.type is ServiceUnavailableError
    assert "has not answered" in caught.value.message


@pytest.mark.parametrize("text", ["<html>", "[]", '{"error": "x"}'])
def test_something_else_at_the_address_is_said(shell: InteractiveShell, text: str) -> None:
    with odd_server(lambda handler: answer_json(handler, 502, text)) as url:
        assert fail(shell, f"--remote {url}").type is ServiceUnavailableError


def test_variables_stay_here(shell: InteractiveShell) -> None:
    shell.user_ns["A"] = 3
    caught = fail(shell, "--remote http://127.0.0.1:1 --with A")
    assert caught.type is ConfigurationError


def test_scene_that_our_checks_refuse_is_not_injected(shell: InteractiveShell) -> None:
    source = "import os\\nos.system('x')\\nclass Bad:\\n    pass"
    origin = '{"writer": "model"}'
    message = (
        f'{{"type": "checking", "code": {{"source": "{source}", "scene_name": "Bad", '
        f'"origin": {origin}}}}}'
    )

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.command == "POST":
            answer_json(handler, 202, '{"task_id": "0", "status": "queued"}')
        else:
            answer_json(handler, 200, f"id: 1\nevent: message\ndata: {message}\n\n")

    with odd_server(answer) as url:
        assert fail(shell, f"--remote {url}").type is CheckFailedError
    assert "Bad" not in shell.user_ns


def test_address_must_be_one() -> None:
    with pytest.raises(ConfigurationError, match="address"):
        RemoteService(Options(remote="shapes.example"))


def test_video_that_was_changed_on_its_way_is_refused(server: RunningService) -> None:
    from tests.running_service import add_finished_task

    task = add_finished_task(server.data_dir, "alice", prompt="x", content=b"changed")
    options = Options(remote=server.url, token="alice-token")  # type: ignore[arg-type] - pydantic
    with RemoteService(options) as service:
        made = service.read_task(task.task_id)["generation"]["video"]
        video = client_module.RenderedVideo.model_validate(made)
        with pytest.raises(ServiceError, match="not the one"):
            service.download(video, server.data_dir / "here")


def test_again_sends_the_scenes_that_were_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies: list[dict[str, Any]] = []

    def take(method: str, path: str, *, json: dict[str, Any]) -> dict[str, str]:
        bodies.append(json)
        return {"task_id": "1"}

    with RemoteService(Options(remote="http://127.0.0.1:9")) as service:
        monkeypatch.setattr(service, "_ask", take)
        service.submit(Prompt(text="a circle", excluded=("unit_circle",)))
    assert bodies == [{"prompt": "a circle", "options": {"excluded": ["unit_circle"]}}]
