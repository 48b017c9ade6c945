"""Hold 1,100 slow connections to the service, and measure what others notice of them.

    python -m benchmarks.slow_clients [--connections 1100] [--seconds 70] [--addresses 1]

A third of them dribbles headers, a third dribbles bodies, a third says nothing; one that is closed
is opened again. The server may open 1,024 files. Exit code 1 where ``/healthz`` took more than
200 ms or failed, the log grew beyond 1 MB, or a task was not completed. Loopback only.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import multiprocessing
import os
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.running_service import RunningService

OPEN_FILES = 1024
SLOWEST_S = 0.2
LARGEST_LOG_BYTES = 1_000_000
HEADS = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ",
    b"POST /generate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n"
    b"Content-Type: application/json\r\n\r\n",
    b"",
)
PROMPT = {
    "prompt": "show how a matrix moves the plane",
    "options": {"resolution": "144p", "fps": 5, "no_cache": True},
}


class Dribbler:
    """One connection that never finishes what it began to say."""

    def __init__(self, port: int, number: int, addresses: int) -> None:
        self._port = port
        self._head = HEADS[number % len(HEADS)]
        self._source = f"127.0.0.{1 + number % addresses}"
        self._socket: socket.socket | None = None
        self.opened = 0

    def send(self) -> None:
        """Send one byte more; open the connection again where it was closed."""
        if self._socket is not None and self._is_closed(self._socket):
            self._socket.close()
            self._socket = None
        with contextlib.suppress(OSError):
            if self._socket is None:
                self._socket = self._open()
            elif self._head:
                self._socket.send(b"a")

    def _open(self) -> socket.socket:
        self.opened += 1
        connection = socket.create_connection(
            ("127.0.0.1", self._port), timeout=5, source_address=(self._source, 0)
        )
        connection.setblocking(False)
        connection.send(self._head)
        return connection

    @staticmethod
    def _is_closed(connection: socket.socket) -> bool:
        try:
            while connection.recv(65536):
                pass
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True


def dribble(port: int, count: int, addresses: int, seconds: float) -> None:
    """Keep ``count`` slow connections open; each sends one byte a second."""
    dribblers = [Dribbler(port, number, addresses) for number in range(count)]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        for number, dribbler in enumerate(dribblers):
            dribbler.send()
            time.sleep(max(0.0, began + number / count - time.monotonic()))
    print(f"connections opened: {sum(dribbler.opened for dribbler in dribblers)}", flush=True)


@contextlib.contextmanager
def bounded_files(count: int) -> Iterator[None]:
    """Let programs that are started meanwhile open no more than ``count`` files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def ask_health(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False


def probe(port: int, seconds: float) -> tuple[list[float], int]:
    """Ask for ``/healthz`` five times a second by new connections; returns times and failures."""
    times: list[float] = []
    failures = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        is_healthy = ask_health(port)
        times.append(time.perf_counter() - began)
        failures += not is_healthy
        time.sleep(0.2)
    return times, failures


def post(url: str) -> str:
    """Post a task; returns its identifier, or nothing where there was no answer."""
    with contextlib.suppress(httpx.HTTPError):
        answered = httpx.post(f"{url}/generate", json=PROMPT, timeout=5)
        if answered.status_code == httpx.codes.ACCEPTED:
            return str(answered.json()["task_id"])
    return ""


def read_end(url: str, task_id: str) -> str:
    """Wait for the end of a task; returns its status."""
    if not task_id:
        return "not accepted"
    for _ in range(120):
        with contextlib.suppress(httpx.HTTPError):
            answered = httpx.get(f"{url}/status/{task_id}", timeout=5)
            if answered.status_code != httpx.codes.OK:
                return f"answer {answered.status_code}"
            status = answered.json()["status"]
            if status not in {"queued", "writing", "checking", "rendering"}:
                return str(status)
        time.sleep(0.5)
    return "no answer"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=1100)
    parser.add_argument("--seconds", type=float, default=70)
    parser.add_argument("--addresses", type=int, default=1, help="of loopback that they come from")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with bounded_files(OPEN_FILES):
            server = RunningService(Path(folder), "--open")
            server.start()
        with contextlib.ExitStack() as stack:
            stack.callback(server.stop)
            before = post(server.url)
            crowd = multiprocessing.get_context("spawn").Process(
                target=dribble,
                args=(server.port, arguments.connections, arguments.addresses, arguments.seconds),
            )
            crowd.start()
            times, failures = probe(server.port, arguments.seconds / 2)
            meanwhile = post(server.url)
            more_times, more_failures = probe(server.port, arguments.seconds / 2)
            crowd.join()
            ends = [read_end(server.url, task_id) for task_id in (before, meanwhile)]
        log_bytes = server.log_path.stat().st_size
    ranked, failed = sorted(times + more_times), failures + more_failures
    print(
        f"/healthz beside {arguments.connections} slow connections: median "
        f"{ranked[len(ranked) // 2] * 1000:.0f} ms, longest {ranked[-1] * 1000:.0f} ms, "
        f"n = {len(ranked)}, failed {failed}, load {os.getloadavg()[0]:.1f}"
    )
    print(f"log: {log_bytes} bytes; tasks from before and from meanwhile: {', '.join(ends)}")
    is_fine = ranked[-1] <= SLOWEST_S and not failed and log_bytes <= LARGEST_LOG_BYTES
    return 0 if is_fine and ends == ["completed", "completed"] else 1


if __name__ == "__main__":
    sys.exit(main())
