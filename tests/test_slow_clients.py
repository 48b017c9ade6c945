"""Clients that are slow, silent or too many: a real server and real connections."""

from __future__ import annotations

import contextlib
import json
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shaperotator_magic.core.records import Task
from shaperotator_magic.testing import RecordedModelServer
from tests.raw_client import BEGUN, PATIENCE_S, Client, read_status
from tests.running_service import RunningService, add_finished_task, add_tokens, wait_for_end
from tests.scenes import ENDLESS

pytestmark = pytest.mark.service

HEADER_S, BODY_S, IDLE_S, STALL_S = 1.0, 1.5, 2.0, 2.5
MOST, MOST_PER_ADDRESS, RESERVED = 12, 8, 16
PROXY = "127.0.0.9"
VIDEO = bytes(range(256)) * 50_000  # more than the kernel holds for a client that does not read
TOKEN = "authorization: Bearer alice-token"


def ask_health(port: int, address: str = "127.0.0.1") -> int:
    with Client(port, address=address) as client:
        client.ask("/healthz", "connection: close")
        return read_status(client.read_answer()[0])


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningService, Task]]:
    """A server with short time limits, and a large video in it."""
    data_dir = tmp_path_factory.mktemp("impatient")
    add_tokens(data_dir, {"alice": "alice-token"})
    task = add_finished_task(data_dir, "alice", prompt="a circle", content=VIDEO)
    limits = {"header": HEADER_S, "body": BODY_S, "idle": IDLE_S, "stall": STALL_S}
    options = [f"--{name}-timeout={limit_s}" for name, limit_s in limits.items()]
    with RecordedModelServer(lambda _: f"```python\n{ENDLESS}```") as model:
        environ = {"OPENAI_BASE_URL": model.base_url}
        words = ("--slots", "1", "--model", "recorded", *options)
        with RunningService(data_dir, *words, environ=environ) as server:
            yield server, task


@pytest.fixture
def port(impatient: tuple[RunningService, Task]) -> int:
    return impatient[0].port


@pytest.fixture
def video(impatient: tuple[RunningService, Task]) -> str:
    return f"/videos/{impatient[1].task_id}.mp4"


# --- time limits ----------------------------------------------------------------------


def test_dribbled_headers_are_answered_408_and_closed(port: int) -> None:
    with Client(port) as client:
        client.send(BEGUN)
        head, _, body = client.dribble_to_end().partition(b"\r\n\r\n")
        assert client.age_s >= HEADER_S
    assert read_status(head) == 408 and b"connection: close" in head
    assert json.loads(body)["error"]["message"] == "The headers did not come within 1 s."


@pytest.mark.parametrize("sent", [b"", b"\r\n"])
def test_silent_connection_is_closed(port: int, sent: bytes) -> None:
    with Client(port) as client:
        client.send(sent)
        client.read_to_end()
        assert client.age_s >= HEADER_S


def test_empty_lines_are_no_request(port: int) -> None:
    with Client(port) as client:
        assert read_status(client.dribble_to_end(b"\r\n")) == 408


def test_endless_headers_are_refused(port: int) -> None:
    with Client(port) as client:
        client.send(BEGUN)
        with contextlib.suppress(OSError):
            for _ in range(40):
                client.send(b"a" * 4096)
        assert read_status(client.read_to_end()) == 431


def test_dribbled_body_is_answered_408(port: int) -> None:
    with Client(port) as client:
        body = ("content-type: application/json", "content-length: 9999")
        client.ask("/generate", TOKEN, *body, method="POST")
        answer = client.dribble_to_end()
        assert client.age_s >= BODY_S
    assert read_status(answer) == 408
    assert b"The body did not come within 1.5 s." in answer


def test_body_in_pieces_is_taken(port: int) -> None:
    body = b'{"prompt": ""}'
    with Client(port) as client:
        head = "POST /generate HTTP/1.1\r\nhost: 127.0.0.1\r\n" + TOKEN
        client.send(f"{head}\r\ncontent-type: application/json\r\n".encode())
        client.send(f"content-length: {len(body)}\r\n\r\n".encode())
        for byte in body:
            client.send(bytes([byte]))
            time.sleep(0.02)
        assert read_status(client.read_answer()[0]) == 422  # an empty prompt: it was read


def test_idle_connection_serves_again_and_is_closed_at_last(port: int) -> None:
    with Client(port) as client:
        for _ in range(3):
            client.ask("/healthz")
            assert read_status(client.read_answer()[0]) == 200
            time.sleep(IDLE_S / 2)
        assert not client.is_closed()
        assert client.read_to_end() == b""


def test_second_request_is_timed_like_the_first(port: int) -> None:
    with Client(port) as client:
        client.ask("/healthz")
        client.read_answer()
        client.send(BEGUN)
        assert read_status(client.dribble_to_end()) == 408


def test_slow_reader_of_a_video_gets_all_of_it(port: int, video: str) -> None:
    pieces = 8
    with Client(port, buffer_bytes=65_536) as client:
        client.ask(video, TOKEN)
        received = b""
        for _ in range(pieces):
            received += client.read(len(VIDEO) // pieces)
            time.sleep(0.8)  # longer than any limit in all, never as long at once
        received += client.read(len(VIDEO) + received.index(b"\r\n\r\n") + 4 - len(received))
        assert client.age_s > 2 * max(HEADER_S, BODY_S, IDLE_S, STALL_S)
    assert received.endswith(b"\r\n\r\n" + VIDEO)


def test_reader_that_stops_is_closed(port: int, video: str) -> None:
    with Client(port, buffer_bytes=65_536) as client:
        client.ask(video, TOKEN)
        client.read(1000)
        while not _is_reset(client):
            assert client.age_s < PATIENCE_S, "the server keeps a reader that has stopped"
            time.sleep(0.05)
        assert client.age_s >= STALL_S
        assert len(client.read_to_end()) < len(VIDEO)


def _is_reset(client: Client) -> bool:
    """Whether the server gave up, though what it had sent was not read: sending fails then."""
    try:
        client.send(b"\r\n")
    except OSError:
        return True
    return False


@pytest.mark.render
def test_events_outlast_every_limit(impatient: tuple[RunningService, Task]) -> None:
    with impatient[0].build_client("alice-token") as client:
        # It never ends, and its stream is silent most of the time.
        task_id = client.post("/generate", json={"prompt": "endless"}).json()["task_id"]
        with client.stream("GET", f"/tasks/{task_id}/events") as events:
            lines = events.iter_lines()
            time.sleep(2 * STALL_S)
            client.delete(f"/tasks/{task_id}")
            last = [line for line in lines if line.startswith("data:")][-1]
        wait_for_end(client, task_id)
    assert json.loads(last[5:])["status"] == "cancelled"


# --- bounds ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def narrow_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[RunningService, Task, int]]:
    """A server for few connections, with a large video in it; and how many it has at its start."""
    data_dir = tmp_path_factory.mktemp("narrow")
    add_tokens(data_dir, {"alice": "alice-token"})
    task = add_finished_task(data_dir, "alice", prompt="a circle", content=VIDEO)
    bounds = (f"--connections={MOST}", f"--connections-per-address={MOST_PER_ADDRESS}")
    with RunningService(data_dir, "--slots", "1", "--proxy", PROXY, *bounds) as server:
        yield server, task, count_sockets(server)


def count_sockets(server: RunningService) -> int:
    assert server.process is not None
    links = Path(f"/proc/{server.process.pid}/fd").iterdir()
    return sum(str(_read_link(link)).startswith("socket:") for link in links)


def _read_link(link: Path) -> Path | None:
    with contextlib.suppress(OSError):
        return link.readlink()
    return None


@pytest.fixture
def narrow(narrow_server: tuple[RunningService, Task, int]) -> tuple[RunningService, Task]:
    """That server, when it has closed the connections of the test before."""
    server, task, count = narrow_server
    deadline = time.monotonic() + PATIENCE_S
    while count_sockets(server) > count:
        assert time.monotonic() < deadline, "connections that their client closed are open"
        time.sleep(0.02)
    return server, task


@contextlib.contextmanager
def open_clients(port: int, count: int, *, address: str = "127.0.0.1") -> Iterator[list[Client]]:
    """Open connections that have begun a request, one after the other."""
    with contextlib.ExitStack() as stack:
        clients = []
        for _ in range(count):
            clients.append(stack.enter_context(Client(port, address=address)))
            clients[-1].send(BEGUN)
        yield clients


def wait_until_closed(clients: list[Client]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not all(client.is_closed() for client in clients):
        assert time.monotonic() < deadline, "connections that had to be closed are open"
        time.sleep(0.02)


def finish(client: Client) -> int:
    client.send(b"\r\n\r\n")
    return read_status(client.read_answer()[0])


def test_address_that_has_too_many_loses_its_oldest(narrow: tuple[RunningService, Task]) -> None:
    port, bound = narrow[0].port, MOST_PER_ADDRESS + RESERVED
    with (
        open_clients(port, 1, address="127.0.0.3") as [other],
        open_clients(port, bound + 4) as clients,
    ):
        wait_until_closed(clients[:4])
        assert not any(client.is_closed() for client in clients[4:])
        assert ask_health(port) == 200
        assert finish(clients[-1]) == 200
        assert finish(other) == 200


def test_many_addresses_lose_the_oldest_of_all(narrow: tuple[RunningService, Task]) -> None:
    port, bound = narrow[0].port, MOST + RESERVED
    with contextlib.ExitStack() as stack:
        clients = [
            client
            for number in range(10, 20)
            for client in stack.enter_context(open_clients(port, 3, address=f"127.0.0.{number}"))
        ]
        wait_until_closed(clients[: len(clients) - bound])
        assert ask_health(port) == 200
        assert finish(clients[-1]) == 200


@contextlib.contextmanager
def start_downloads(
    server: RunningService, task: Task, addresses: list[str], *headers: str
) -> Iterator[None]:
    """Keep requests in progress: videos of which only the beginning is read."""
    with contextlib.ExitStack() as stack:
        for address in addresses:
            client = Client(server.port, address=address, buffer_bytes=65_536)
            stack.enter_context(client)
            client.ask(f"/videos/{task.task_id}.mp4", TOKEN, *headers)
            assert client.read(12) == b"HTTP/1.1 200"
        yield


def ask_page(port: int, *headers: str, address: str = "127.0.0.1") -> tuple[int, bytes]:
    with Client(port, address=address) as client:
        client.ask("/", *headers, "connection: close")
        answer = client.read_to_end()
        return read_status(answer), answer.lower()


def test_requests_of_one_address_are_bounded(narrow: tuple[RunningService, Task]) -> None:
    server, task = narrow
    with start_downloads(server, task, ["127.0.0.1"] * MOST_PER_ADDRESS):
        status, answer = ask_page(server.port)
        assert status == 429 and b"retry-after: 5" in answer
        assert ask_page(server.port, address="127.0.0.3")[0] == 200
        assert ask_health(server.port) == 200


def test_requests_in_all_are_bounded(narrow: tuple[RunningService, Task]) -> None:
    server, task = narrow
    addresses = [f"127.0.0.{20 + number}" for number in range(MOST)]
    with start_downloads(server, task, addresses):
        status, answer = ask_page(server.port)
        assert status == 503 and b"retry-after: 5" in answer
        assert ask_health(server.port) == 200


def test_clients_of_a_proxy_are_told_apart(narrow: tuple[RunningService, Task]) -> None:
    server, task = narrow
    ann, ben = "x-forwarded-for: 198.51.100.1", "x-forwarded-for: 2001:db8::1"
    with start_downloads(server, task, [PROXY] * MOST_PER_ADDRESS, ann):
        assert ask_page(server.port, ann, address=PROXY)[0] == 429
        assert ask_page(server.port, ben, address=PROXY)[0] == 200


def test_downloads_that_are_over_leave_room(narrow: tuple[RunningService, Task]) -> None:
    server, task = narrow
    for _ in range(3):
        with start_downloads(server, task, ["127.0.0.1"] * MOST_PER_ADDRESS):
            pass
        deadline = time.monotonic() + PATIENCE_S
        while ask_page(server.port)[0] != 200:
            assert time.monotonic() < deadline, "requests of closed connections are still counted"
            time.sleep(0.02)


def test_proxy_may_have_more_connections_than_an_address(
    narrow: tuple[RunningService, Task],
) -> None:
    port, count = narrow[0].port, MOST_PER_ADDRESS + RESERVED + 2
    with open_clients(port, count, address=PROXY) as clients:
        assert ask_health(port) == 200
        assert not any(client.is_closed() for client in clients)


def test_process_without_files_says_so_once_and_recovers(tmp_path: Path) -> None:
    with RunningService(tmp_path, "--open", "--slots", "1") as server:
        assert server.process is not None
        process_id = server.process.pid
        open_files = len(list(Path(f"/proc/{process_id}/fd").iterdir()))
        _, hard = resource.prlimit(process_id, resource.RLIMIT_NOFILE)
        # Fewer than the server reckoned with at its start: something else has taken them.
        resource.prlimit(process_id, resource.RLIMIT_NOFILE, (open_files + 6, hard))
        with open_clients(server.port, 60):
            _wait_for(server.log_path, "No connection can be accepted")
            assert ask_health(server.port) == 200
        resource.prlimit(process_id, resource.RLIMIT_NOFILE, (hard, hard))
        assert ask_health(server.port) == 200
        log = server.log_path.read_text()
    assert log.count("No connection can be accepted for now: Too many open files") == 1
    assert "Traceback" not in log and len(log) < 2000


def _wait_for(log_path: Path, text: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while text not in log_path.read_text():
        assert time.monotonic() < deadline, log_path.read_text()
        time.sleep(0.02)


def test_requests_that_are_none_fill_no_log(impatient: tuple[RunningService, Task]) -> None:
    server = impatient[0]
    for _ in range(60):
        with Client(server.port) as client:
            client.send(b"this is no request\r\n\r\n")
            assert read_status(client.read_to_end()) == 400
    assert server.log_path.read_text().count("Invalid HTTP request received.") <= 20
