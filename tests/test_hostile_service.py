"""A service behind ``--remote`` that means harm: bounded bytes and time, nothing sent elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shaperotator_magic.core.bounded_http import Bounds
from shaperotator_magic.core.errors import ServiceError, ServiceUnavailableError
from shaperotator_magic.core.records import Options, Prompt, RenderedVideo
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.service.client import remote_service as client_module
from shaperotator_magic.service.client.remote_pipeline import RemotePipeline
from shaperotator_magic.service.client.remote_service import RemoteService
from tests.hostile_server import (
    Answer,
    HostileServer,
    build_head,
    drip_body,
    drip_comments,
    drip_headers,
    send_bomb,
    send_endless,
    send_redirect,
)

JSON = "application/json"
EVENTS = "text/event-stream"
VIDEO = RenderedVideo(
    path=Path("a.mp4"), poster=Path("a.png"), sha256="0" * 64, size_bytes=1, duration_s=1.0,
    width_px=64, height_px=36, fps=5.0, renderer="worker",
)  # fmt: skip


def submit(service: RemoteService, _: Path) -> None:
    service.submit(Prompt(text="a circle"))


def listen(service: RemoteService, _: Path) -> None:
    list(service.listen("0"))


def download(service: RemoteService, folder: Path) -> None:
    service.download(VIDEO, folder)


USES: dict[str, Callable[[RemoteService, Path], None]] = {
    "submit": submit, "listen": listen, "download": download,
}  # fmt: skip


def catch(answer: Answer, use: str, folder: Path) -> ServiceError:
    with (
        HostileServer(answer) as server,
        RemoteService(Options(remote=server.url)) as service,
        pytest.raises(ServiceError) as caught,
    ):
        USES[use](service, folder)
    assert list(folder.iterdir()) == []
    return caught.value


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("kind", [JSON, EVENTS])
def test_bomb_is_stopped(
    use: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_VIDEO_BOUNDS", Bounds(60.0, 10_000_000))
    error = catch(send_bomb(megabytes=100, kind=kind), use, tmp_path)
    assert "is larger than any result" in error.message


@pytest.mark.parametrize("use", USES)
def test_packing_that_was_not_offered_is_refused(use: str, tmp_path: Path) -> None:
    error = catch(send_bomb(megabytes=1, kind=JSON, encoding="br"), use, tmp_path)
    assert "packed in a way that was not asked for" in error.message


@pytest.mark.parametrize("use", USES)
def test_redirect_to_another_origin_is_not_followed(use: str, tmp_path: Path) -> None:
    with HostileServer(send_endless(JSON, b" ")) as other:
        error = catch(send_redirect(f"{other.url}/generate"), use, tmp_path)
        assert other.requests == []
    assert error.message.endswith(f"nothing was sent there: {other.url}.")


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    "answer",
    [drip_headers(), drip_body(JSON), drip_comments()],
    ids=["headers", "body", "comments"],
)
def test_answer_that_drips_is_stopped_in_time(
    use: str, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_ANSWER_BOUNDS", "_VIDEO_BOUNDS", "_LISTENING_BOUNDS"):
        monkeypatch.setattr(client_module, name, Bounds(0.5, 1_000_000))
    began = time.monotonic()
    error = catch(answer, use, tmp_path)
    assert time.monotonic() - began < 4
    assert isinstance(error, ServiceUnavailableError)
    assert ("in time and was stopped" in error.message) or "was lost while it" in error.message


@pytest.mark.parametrize("piece", [b"a" * 65536, b"data: {}\n" * 8192], ids=["line", "event"])
def test_endless_event_is_stopped(piece: bytes, tmp_path: Path) -> None:
    error = catch(send_endless(EVENTS, piece), "listen", tmp_path)
    assert "is larger than any result" in error.message


_MEASURE = """
    import pathlib, resource, sys
    from shaperotator_magic.core.errors import ServiceError
    from shaperotator_magic.service.client.remote_service import RemoteService, RenderedVideo
    from shaperotator_magic.core.records import Options
    from tests.test_hostile_service import USES
    with RemoteService(Options(remote=sys.argv[1])) as service:
        service.cancel("0")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            USES[sys.argv[2]](service, pathlib.Path(sys.argv[3]))
        except ServiceError as exc:
            print(exc.message, file=sys.stderr)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.service
@pytest.mark.parametrize("use", USES)
def test_bomb_of_800_megabytes_costs_little_memory(use: str, tmp_path: Path) -> None:
    bomb = send_bomb(megabytes=800, kind="video/mp4")

    def answer(line: str) -> Iterator[bytes]:
        if line.startswith("DELETE"):
            yield build_head(content_length="0")
        else:
            yield from bomb(line)

    with HostileServer(answer) as server:
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(_MEASURE), server.url, use, str(tmp_path)],
            capture_output=True, check=True, text=True, timeout=600,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
    assert "is larger than any result" in done.stderr
    assert int(done.stdout) < 64


def send_task(task: object, *messages: object) -> Answer:
    """Return the answers of a service that says these messages, and then this of its task."""

    def answer(line: str) -> Iterator[bytes]:
        if line.startswith("POST"):
            body = b'{"task_id": "0", "status": "queued"}'
        elif "/events" in line:
            last = 'event: status\ndata: {"status": "completed"}\n\n'
            said = [f"event: message\ndata: {json.dumps(one)}\n\n" for one in messages]
            body = "".join([*said, last]).encode()
        else:
            body = json.dumps(task).encode()
        yield build_head(content_type=JSON, content_length=str(len(body))) + body

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        send_task({}, {"type": "checking"}),
        send_task({}, {"type": "writing", "text": ["x"]}),
        send_task({}, {"type": "repairing", "findings": 3}),
        send_task({"error": "x"}),
        send_task({"notes": 3}),
        send_task({"generation": {"prompt": 3}}),
    ],
    ids=["code", "text", "findings", "error", "notes", "generation"],
)
def test_answer_of_another_form_is_said(answer: Answer, tmp_path: Path) -> None:
    pipeline = RemotePipeline(store=Store(tmp_path), renderers={}, media_dir=tmp_path)
    with HostileServer(answer) as server:
        prompt = Prompt(text="a circle", options=Options(remote=server.url))
        with pytest.raises(ServiceError, match="in a form that this version does not know"):
            pipeline.run(prompt, lambda _: None)


@pytest.mark.parametrize("sha256", ["../../evil", "0" * 63, "A" * 64])
def test_digest_that_is_none_names_no_file(sha256: str, tmp_path: Path) -> None:
    video = VIDEO.model_copy(update={"sha256": sha256})
    options = Options(remote="http://127.0.0.1:1")
    with RemoteService(options) as service, pytest.raises(ServiceError, match="not the one"):
        service.download(video, tmp_path)
