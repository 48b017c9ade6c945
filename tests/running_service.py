"""A real service in a process of its own, for tests and benchmarks; loopback only."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from shaperotator_magic.core.records import Generation, Prompt, RenderedVideo, Task
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import STORE_NAME
from shaperotator_magic.keeping.tasks import TaskStore
from shaperotator_magic.keeping.tokens import TokenStore
from shaperotator_magic.service.videos import name_geometry, name_poster, name_video

_START_TIMEOUT_S = 600.0
DRAWN_S = 600.0  # started at nice 10 it draws at 15: beside two busy loops, a fiftieth of a core


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def add_tokens(data_dir: Path, owners: Mapping[str, str]) -> None:
    """Give every owner the token that belongs to the name."""
    store = TokenStore(Database(data_dir / STORE_NAME))
    for owner, token in owners.items():
        store.append_token(owner, token=token)


def add_finished_task(
    data_dir: Path,
    owner: str,
    *,
    prompt: str,
    content: bytes = b"a video",
    made: RenderedVideo | None = None,
) -> Task:
    """Put a finished task with a video into the store, as if it had been rendered.

    ``made`` is a real video, with its steps and shapes, in the place of ``content``.
    """
    tasks = TaskStore(Database(data_dir / STORE_NAME))
    task = Task(owner=owner, prompt=Prompt(text=prompt))
    assert tasks.append_task(task, most_unfinished=100)
    videos = data_dir / "videos"
    videos.mkdir(parents=True, exist_ok=True)
    name = name_video(task.task_id, "video/mp4")
    (videos / name).write_bytes(content)
    (videos / name_poster(task.task_id)).write_bytes(b"a picture")
    video = RenderedVideo(
        path=Path(name), poster=Path(name_poster(task.task_id)), sha256="0" * 64,
        size_bytes=len(content), duration_s=1.0, width_px=854, height_px=480, fps=15.0,
        renderer="worker",
    )  # fmt: skip
    if made is not None:
        video = _publish(made, task.task_id, videos)
    generation = Generation(generation_id=task.task_id, prompt=task.prompt, video=video)
    assert tasks.finish(task.task_id, generation, video_name=name)
    return task


def _publish(made: RenderedVideo, task_id: str, videos: Path) -> RenderedVideo:
    names = {"path": name_video(task_id, made.media_type), "poster": name_poster(task_id)}
    if made.geometry is not None:
        names["geometry"] = name_geometry(task_id)
    for field, name in names.items():
        shutil.copyfile(getattr(made, field), videos / name)
    return made.model_copy(update={field: Path(name) for field, name in names.items()})


class RunningService:
    """``shaperotator serve`` on a free port; ``kill`` is -9, ``start`` begins it again.

    The system chooses the port at the first start; it is the same at every later one.
    """

    def __init__(
        self,
        data_dir: Path,
        *options: str,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.port = 0
        self._options = options
        self._environ = dict(environ or {})
        self.log_path = data_dir / "service.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait until it is healthy."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "shaperotator_magic", "serve"]
        places = ["--data-dir", str(self.data_dir), "--port", str(self.port)]
        patience = ["--render-timeout", f"{DRAWN_S:g}"]  # an option of the test comes after it
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "SHAPEROTATOR"))
        }
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *places, *patience, *self._options],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env=kept | self._environ, start_new_session=True,
            )  # fmt: skip
        self._wait_until_healthy()

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline:
            assert self.process is not None
            log = self.log_path.read_text()
            assert self.process.poll() is None, log[-3000:]
            announced = re.search(r"shaperotator serves at \S+:(\d+)$", log, re.MULTILINE)
            if announced:
                self.port = int(announced[1])
                with contextlib.suppress(httpx.HTTPError):
                    if httpx.get(f"{self.url}/healthz", timeout=60).status_code == 200:
                        return
            time.sleep(0.05)
        raise AssertionError(self.log_path.read_text()[-3000:])

    def kill(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def build_client(self, token: str | None = None, **options: Any) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=300, **options)


def wait_for_end(client: httpx.Client, task_id: str, timeout_s: float = DRAWN_S) -> dict[str, Any]:
    """Ask for the status until the task has ended, and return the last answer."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        body: dict[str, Any] = client.get(f"/status/{task_id}").raise_for_status().json()
        if body["status"] in {"completed", "failed", "cancelled"}:
            return body
        time.sleep(0.1)
    raise AssertionError(f"task {task_id} is still {body['status']}")


def read_raw(port: int, request: bytes) -> bytes:
    """Send bytes as they are and return everything that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=300) as connection:
        connection.sendall(request)
        chunks: list[bytes] = []
        with contextlib.suppress(OSError):
            while chunk := connection.recv(65536):
                chunks.append(chunk)
                if b"\r\n\r\n" in b"".join(chunks) and b"connection: close" in chunks[0].lower():
                    continue
    return b"".join(chunks)


def list_children(process_id: int) -> Iterator[int]:
    """Yield the direct children of a process (Linux)."""
    for task in Path(f"/proc/{process_id}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            yield from map(int, task.read_text().split())


def list_descendants(process_id: int) -> Iterator[int]:
    """Yield the children of a process, and theirs (Linux)."""
    for child in list_children(process_id):
        yield child
        yield from list_descendants(child)
