"""What ``deploy/`` holds: the Caddyfile before a real service, and files that say what we know."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import json
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml  # type: ignore[import-untyped,unused-ignore]

from shaperotator_magic.cli import serve
from shaperotator_magic.core.records import Task
from shaperotator_magic.service.http.connections import ConnectionLimits
from shaperotator_magic.testing import RecordedModelServer
from tests.raw_client import Client, read_status
from tests.running_service import (
    RunningService,
    add_finished_task,
    add_tokens,
    find_free_port,
    wait_for_end,
)
from tests.scenes import ENDLESS

pytestmark = pytest.mark.service

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
NAME = "shapes.test"
VIDEO = bytes(range(256)) * 40
SLOWEST_S = 3  # a client here must be quicker on a busy machine, too
_START_TIMEOUT_S = 600.0

# 'make test' puts one beside the interpreter: Debian's package would start a server at port 80.
CADDY = shutil.which("caddy") or shutil.which("caddy", path=Path(sys.executable).parent) or ""
needs_caddy = pytest.mark.skipif(not CADDY, reason="there is no Caddy; .ci/install-caddy gets it")


class Proxy:
    """Caddy with our Caddyfile, on ports of its own, with a certificate of its own authority."""

    def __init__(self, folder: Path, upstream: str, **settings: str) -> None:
        self.https_port, self.http_port = find_free_port(), find_free_port()
        self.root = folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        self.log_path = folder / "caddy.log"
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "SHAPES_HOST": NAME,
            "SHAPES_TLS": "internal",
            "SHAPES_UPSTREAM": upstream,
            "SHAPES_HTTPS_PORT": str(self.https_port),
            "SHAPES_HTTP_PORT": str(self.http_port),
            **settings,
        }
        command = [CADDY, "run", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log_path.read_text()[-3000:]
            with contextlib.suppress(OSError, httpx.HTTPError), self.build_client() as client:
                client.get("/healthz")
                return
            time.sleep(0.05)
        raise AssertionError(self.log_path.read_text()[-3000:])

    def build_trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.root))

    @contextlib.contextmanager
    def build_client(
        self, token: str | None = None, *, address: str = "127.0.0.1", http2: bool = True
    ) -> Iterator[Any]:
        """Speak to it as a browser at this address would that trusts its authority."""
        transport = httpx.HTTPTransport(
            verify=self.build_trust(), http2=http2, local_address=address
        )
        headers = {"host": f"{NAME}:{self.https_port}"}
        if token:
            headers["authorization"] = f"Bearer {token}"

        def name_host(request: httpx.Request) -> None:
            request.extensions["sni_hostname"] = NAME

        with httpx.Client(
            transport=transport,
            base_url=f"https://127.0.0.1:{self.https_port}",
            headers=headers,
            event_hooks={"request": [name_host]},
            timeout=300,
        ) as client:
            yield client


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningService, Task]]:
    data_dir = tmp_path_factory.mktemp("deployed")
    add_tokens(data_dir, {"alice": "alice-token"})
    task = add_finished_task(data_dir, "alice", prompt="a circle", content=VIDEO)
    options = ["--slots", "1", "--public-host", NAME, "--proxy", "127.0.0.1"]
    with RecordedModelServer(lambda _: f"```python\n{ENDLESS}```") as model:
        environ = {"OPENAI_BASE_URL": model.base_url}
        words = (*options, "--model", "recorded")
        with RunningService(data_dir, *words, environ=environ) as running:
            yield running, task


@pytest.fixture(scope="module")
def proxy(
    service: tuple[RunningService, Task], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    proxy = Proxy(tmp_path_factory.mktemp("caddy"), f"127.0.0.1:{service[0].port}")
    try:
        proxy.wait_until_it_answers()
        yield proxy
    finally:
        proxy.process.terminate()
        proxy.process.wait(20)


# --- the Caddyfile before a real service ----------------------------------------------


@needs_caddy
def test_page_comes_by_http2_with_its_headers(proxy: Proxy) -> None:
    with proxy.build_client() as client:
        answer = client.get("/")
    assert (answer.status_code, answer.http_version) == (200, "HTTP/2")
    assert "<!doctype html>" in answer.text.lower()
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    # A browser that has the header lets nobody go on who has not trusted the authority yet.
    assert "strict-transport-security" not in answer.headers


@needs_caddy
def test_plain_http_leads_to_https(proxy: Proxy) -> None:
    url = f"http://127.0.0.1:{proxy.http_port}/status/1?a=b"
    answer = httpx.get(url, headers={"host": NAME})
    assert answer.status_code == 308
    assert answer.headers["location"].startswith(f"https://{NAME}")
    assert answer.headers["location"].endswith("/status/1?a=b")


@needs_caddy
def test_events_come_while_the_task_goes_on(proxy: Proxy) -> None:
    origin = {"origin": f"https://{NAME}:{proxy.https_port}"}
    asked = {"prompt": "endless"}
    with proxy.build_client("alice-token") as client:
        answers = [client.post("/generate", json=asked, headers=origin) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [202, 202]
        first, second = (answer.json()["task_id"] for answer in answers)
        # The only slot is taken for ever, so that the second task ends only because this test
        # ends it: were its events kept back, this would wait in vain.
        with client.stream("GET", f"/tasks/{second}/events") as events:
            assert events.headers["content-type"].startswith("text/event-stream")
            lines = events.iter_lines()
            said = next(line for line in lines if line.startswith("data:"))
            assert json.loads(said[5:])["status"] == "queued"
            client.delete(f"/tasks/{second}")
            last = [line for line in lines if line.startswith("data:")][-1]
        assert json.loads(last[5:])["status"] == "cancelled"
        client.delete(f"/tasks/{first}")
        assert wait_for_end(client, first)["status"] == "cancelled"


@needs_caddy
def test_part_of_a_video_comes_through(proxy: Proxy, service: tuple[RunningService, Task]) -> None:
    with proxy.build_client("alice-token") as client:
        url = client.get(f"/status/{service[1].task_id}").json()["video_url"]
        part = client.get(url, headers={"range": "bytes=100-299"})
        whole = client.get(url)
        known = client.get(url, headers={"if-none-match": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, VIDEO[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(VIDEO)}"
    assert (whole.status_code, whole.content, known.status_code) == (200, VIDEO, 304)


@needs_caddy
def test_metrics_are_not_for_everybody(proxy: Proxy) -> None:
    with proxy.build_client("alice-token") as client:
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics/").status_code == 404


@needs_caddy
def test_largest_body_is_let_through(proxy: Proxy) -> None:
    with proxy.build_client("alice-token") as client:
        answer = client.post("/generate", json={"prompt": "a" * (16_384 - len('{"prompt":""}'))})
    assert answer.status_code == 422  # the prompt is too long, not the body


@needs_caddy
@pytest.mark.parametrize("size", [16_374, 17_000, 99_000, 3_000_000])
def test_large_body_is_refused_in_the_one_shape(proxy: Proxy, size: int) -> None:
    # As our own client does it: by HTTP/2, httpx sends all of a body before it hears an answer.
    with proxy.build_client("alice-token", http2=False) as client:
        answer = client.post("/generate", json={"prompt": "a" * size})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["error"]["message"] == "The body has more than 16384 bytes."


@needs_caddy
def test_only_the_address_that_the_proxy_sees_counts(proxy: Proxy) -> None:
    """Twenty wrong tokens are an address's share, whatever it calls itself."""
    with proxy.build_client("wrong", address="127.0.0.2") as client:
        seen = [
            client.get("/tasks", headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code
            for n in range(40)
        ]
    assert seen[0] == 401
    assert 429 in seen
    with proxy.build_client("wrong", address="127.0.0.3") as client:
        spoofed = {"x-forwarded-for": "127.0.0.2", "forwarded": "for=127.0.0.2"}
        assert client.get("/tasks", headers=spoofed).status_code == 401


@needs_caddy
def test_other_host_names_reach_nothing(proxy: Proxy) -> None:
    with proxy.build_client("alice-token") as client:
        other = client.get("/tasks", headers={"host": "evil.test"})
    assert "tasks" not in other.text


@needs_caddy
def test_service_that_is_gone_is_said_in_the_one_shape(tmp_path: Path) -> None:
    proxy = Proxy(tmp_path, f"127.0.0.1:{find_free_port()}")
    try:
        proxy.wait_until_it_answers()
        with proxy.build_client() as client:
            answer = client.get("/healthz")
    finally:
        proxy.process.terminate()
        proxy.process.wait(20)
    assert answer.status_code == 502
    assert set(answer.json()["error"]) == {"type", "message", "hint", "details"}


@needs_caddy
def test_public_name_gets_strict_transport_security(tmp_path: Path) -> None:
    command = [CADDY, "adapt", "--config", DEPLOY / "Caddyfile", "--adapter", "caddyfile"]
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SHAPES_HOST": "shapes.example"}
    told = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert "Strict-Transport-Security" in told.stdout
    assert '"listen":[":443"]' in told.stdout
    assert "internal" not in told.stdout
    assert json.loads(told.stdout)["admin"] == {"disabled": True}
    assert "not formatted" not in told.stderr


@pytest.fixture(scope="module")
def impatient_proxy(
    service: tuple[RunningService, Task], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    limits = {f"SHAPES_{name}_TIMEOUT": f"{SLOWEST_S}s" for name in ("HEADER", "BODY", "IDLE")}
    folder = tmp_path_factory.mktemp("impatient")
    proxy = Proxy(folder, f"127.0.0.1:{service[0].port}", **limits)
    try:
        proxy.wait_until_it_answers()
        yield proxy
    finally:
        proxy.process.terminate()
        proxy.process.wait(20)


def connect(proxy: Proxy, **options: Any) -> Client:
    return Client(proxy.https_port, host=NAME, trusted=proxy.build_trust(), **options)


@needs_caddy
@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nhost: shapes.test\r\nx: "])
def test_proxy_closes_a_client_that_dribbles_headers(impatient_proxy: Proxy, sent: bytes) -> None:
    with connect(impatient_proxy) as client:
        client.send(sent)
        client.dribble_to_end()
        assert client.age_s >= SLOWEST_S


@needs_caddy
def test_proxy_closes_a_client_that_says_nothing(impatient_proxy: Proxy) -> None:
    with Client(impatient_proxy.https_port) as client:  # not even that it wants TLS
        assert client.read_to_end() == b""
    with connect(impatient_proxy) as client:
        client.ask("/healthz")
        assert read_status(client.read_answer()[0]) == 200
        assert client.read_to_end() == b""


@needs_caddy
def test_proxy_closes_a_client_that_dribbles_a_body(impatient_proxy: Proxy) -> None:
    body = ("content-type: application/json", "content-length: 9999")
    with connect(impatient_proxy) as client:
        client.ask("/generate", "authorization: Bearer alice-token", *body, method="POST")
        client.dribble_to_end()
        assert client.age_s >= SLOWEST_S


@needs_caddy
def test_proxy_lets_a_slow_reader_have_all_of_a_video(
    impatient_proxy: Proxy, service: tuple[RunningService, Task]
) -> None:
    content = VIDEO * 1000
    task = add_finished_task(service[0].data_dir, "alice", prompt="a circle", content=content)
    with connect(impatient_proxy, buffer_bytes=65_536) as client:
        client.ask(f"/videos/{task.task_id}.mp4", "authorization: Bearer alice-token")
        received = client.read(1000)
        while len(received) < len(content) // 2:
            received += client.read(len(content) // 8)
            time.sleep(SLOWEST_S)
        start = received.index(b"\r\n\r\n") + 4
        received += client.read(start + len(content) - len(received))
    assert received[start:] == content


@needs_caddy
def test_proxy_lets_events_outlast_its_limits(impatient_proxy: Proxy) -> None:
    asked = {"prompt": "endless"}
    with impatient_proxy.build_client("alice-token", http2=False) as client:
        task_id = client.post("/generate", json=asked).json()["task_id"]
        with client.stream("GET", f"/tasks/{task_id}/events") as events:
            lines = events.iter_lines()
            time.sleep(3 * SLOWEST_S)
            client.delete(f"/tasks/{task_id}")
            last = [line for line in lines if line.startswith("data:")][-1]
        assert json.loads(last[5:])["status"] == "cancelled"
        assert wait_for_end(client, task_id)["status"] == "cancelled"


# --- what the files say ---------------------------------------------------------------


def read_commands() -> dict[str, list[str]]:
    """Return what each file starts, as words without the program."""
    unit = (DEPLOY / "shaperotator.service").read_text()
    docker = (DEPLOY / "Dockerfile").read_text()
    compose = read_compose()["services"]["shapes"]["command"]
    started = re.search(r"^ExecStart=\S+ (.*)$", unit, re.MULTILINE)
    command = re.search(r"^CMD (.*)$", docker, re.MULTILINE)
    assert started and command
    return {
        "unit": shlex.split(started[1]),
        "Dockerfile": json.loads(command[1])[1:],
        "compose": compose[1:],
    }


def read_compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return content


@pytest.mark.parametrize("place", ["unit", "Dockerfile", "compose"])
def test_command_is_one_that_ours_understands(place: str) -> None:
    name, *words = read_commands()[place]
    assert name == "serve"
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    asked = parser.parse_args(words)
    assert asked.data_dir is not None and not asked.open


def test_containers_know_each_other() -> None:
    compose = read_compose()
    subnet = ipaddress.ip_network(compose["networks"]["inner"]["ipam"]["config"][0]["subnet"])
    addresses = {
        name: row["networks"]["inner"]["ipv4_address"] for name, row in compose["services"].items()
    }
    assert all(ipaddress.ip_address(address) in subnet for address in addresses.values())
    words = compose["services"]["shapes"]["command"]
    assert words[words.index("--proxy") + 1] == addresses["caddy"]
    assert compose["services"]["caddy"]["environment"]["SHAPES_UPSTREAM"] == "shapes:8700"
    assert "EXPOSE 8700" in (DEPLOY / "Dockerfile").read_text()


def test_every_place_lets_the_service_open_enough_files() -> None:
    unit = re.search(r"^LimitNOFILE=(\d+)$", (DEPLOY / "shaperotator.service").read_text(), re.M)
    compose = read_compose()["services"]["shapes"]["ulimits"]["nofile"]
    assert unit and int(unit[1]) == compose
    assert compose > 2 * ConnectionLimits().most + 1000
    assert f"{compose:,} files" in (ROOT / "docs" / "deploy.md").read_text()


def test_proxy_gives_up_idle_connections_before_the_service_does() -> None:
    kept = re.search(r"^\s+keepalive (\d+)s$", (DEPLOY / "Caddyfile").read_text(), re.M)
    assert kept and int(kept[1]) < ConnectionLimits().idle_timeout_s


def test_image_gets_extras_and_packages_that_there_are() -> None:
    docker = (DEPLOY / "Dockerfile").read_text()
    extras = re.search(r'"/src\[([\w,]+)\]"', docker)
    assert extras
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(extras[1].split(",")) <= set(project["optional-dependencies"])
    installed = re.search(r"no-install-recommends \\\n(.*) \\\n", docker)
    assert installed
    assert set(installed[1].split()) <= set((ROOT / "Makefile").read_text().split())


def test_settings_in_the_files_are_ours() -> None:
    ours = (ROOT / "docs" / "deploy.md").read_text() + (ROOT / "README.md").read_text()
    for path in DEPLOY.iterdir():
        for name in set(re.findall(r"\bSHAPEROTATOR_\w+", path.read_text())):
            assert name in ours, f"{path.name} sets {name}"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_unit_is_one_that_systemd_understands(tmp_path: Path) -> None:
    text = (DEPLOY / "shaperotator.service").read_text()
    unit = tmp_path / "shaperotator.service"
    unit.write_text(text.replace("/opt/shaperotator/bin/shaperotator", shutil.which("true") or ""))
    command = ["systemd-analyze", "verify", "--man=no", str(unit)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    about = [line for line in told.stderr.splitlines() if "shaperotator" in line]
    assert (told.returncode, about) == (0, [])
