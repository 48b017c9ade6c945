"""Bad requests against a real server: codes as the table says, and nothing that must not show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.running_service import RunningService, add_finished_task, add_tokens, read_raw

pytestmark = pytest.mark.service

CASES = json.loads((Path(__file__).parent / "data" / "rest_bad.json").read_text(encoding="utf-8"))
BOB_PROMPT, BOB_VIDEO = "bob-secret-prompt-71", b"bob-secret-video-93"
DEEP = "[" * 100_000 + "]" * 100_000


class Judge:
    def __init__(self, server: RunningService) -> None:
        self.server = server
        self.task = add_finished_task(server.data_dir, "alice", prompt="a circle of alice")
        bob = add_finished_task(server.data_dir, "bob", prompt=BOB_PROMPT, content=BOB_VIDEO)
        videos = server.data_dir / "videos"
        (videos / "bob.mp4").write_bytes(BOB_VIDEO)
        (videos / "link.mp4").symlink_to("/etc/passwd")
        other = self.task.task_id[:-1] + ("1" if self.task.task_id.endswith("0") else "0")
        (videos / f"{other}.mp4").symlink_to("/etc/passwd")
        (videos / "evil.html").write_text("<script>")
        (videos / ".hidden.mp4").write_bytes(b"hidden")
        self.words = {
            "@ALICETASK@": self.task.task_id,
            "@ALICEVIDEO@": f"{self.task.task_id}.mp4",
            "@BOBTASK@": bob.task_id,
            "@BOBPROMPT@": BOB_PROMPT,
            "@BOBVIDEO@": BOB_VIDEO.decode(),
            "@DEEP@": DEEP,
        }

    def fill(self, text: str) -> str:
        for word, value in self.words.items():
            text = text.replace(word, value)
        return text

    def ask(self, case: dict[str, Any]) -> tuple[int, str]:
        raw, body = case["raw"], case["json"]
        content = self.fill(raw if raw is not None else "" if body is None else json.dumps(body))
        headers = {name: self.fill(value) for name, value in case["headers"].items()}
        if case["user"]:
            headers["authorization"] = f"Bearer {case['user']}-token"
        if content and "content-type" not in headers:
            headers["content-type"] = "application/json"
        if case["note"] == "raw socket":
            return self.ask_raw(case, content, headers)
        path = self.fill(case["path"])
        request = httpx.Request(
            case["method"], f"{self.server.url}/", headers=headers, content=content.encode()
        )
        # As it stands: a client that tidies the path would hide what is tested.
        request.url = request.url.copy_with(raw_path=path.encode())
        times = int(case["note"].split()[1]) if case["note"].startswith("repeat") else 1
        with httpx.Client(timeout=300) as client:
            answers = [client.send(request) for _ in range(times)]
        return answers[-1].status_code, f"{answers[-1].headers}\n{answers[-1].text}"

    def ask_raw(
        self, case: dict[str, Any], content: str, headers: dict[str, str]
    ) -> tuple[int, str]:
        if content == "@SMUGGLE@":
            headers |= {"transfer-encoding": "chunked", "content-length": "4"}
            content = "0\r\n\r\nGET /status/x HTTP/1.1\r\n\r\n"
        lines = [f"{case['method']} {case['path']} HTTP/1.1", f"host: 127.0.0.1:{self.server.port}"]
        lines += [f"{name}: {value}" for name, value in (headers | {"connection": "close"}).items()]
        answer = read_raw(self.server.port, "\r\n".join([*lines, "", content]).encode())
        return int(answer.split()[1]), answer.decode(errors="replace")


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    data_dir = tmp_path_factory.mktemp("service")
    add_tokens(data_dir, {"alice": "alice-token", "bob": "bob-token"})
    with RunningService(data_dir, "--slots", "1") as server:
        yield Judge(server)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_bad_request_is_handled(judge: Judge, case: dict[str, Any]) -> None:
    status, said = judge.ask(case)
    assert status in case["expect"], said[:600]
    for secret in map(judge.fill, case["must_not"]):
        assert secret.lower() not in said.lower()


def test_chunked_body_over_the_limit_is_refused_before_it_is_whole(judge: Judge) -> None:
    head = (
        f"POST /generate HTTP/1.1\r\nhost: 127.0.0.1:{judge.server.port}\r\n"
        "authorization: Bearer alice-token\r\ncontent-type: application/json\r\n"
        "transfer-encoding: chunked\r\n\r\n"
    )
    # No last chunk: a server that waits for the whole body would wait for ever.
    chunks = "".join(f"1000\r\n{'x' * 0x1000}\r\n" for _ in range(5))
    answer = read_raw(judge.server.port, (head + chunks).encode())
    assert answer.split()[1] == b"413"


def test_error_has_the_one_shape(judge: Judge) -> None:
    with judge.server.build_client("alice-token") as client:
        body = client.post("/generate", json={"prompt": ""}).json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"type", "message", "hint", "details"}
    assert body["error"]["details"]["fields"] == ["prompt"]


def test_log_holds_neither_prompts_nor_tokens(judge: Judge) -> None:
    with judge.server.build_client("alice-token") as client:
        client.post("/generate", json={"prompt": "a very private sentence"})
    log = judge.server.log_path.read_text()
    assert "private" not in log
    assert "alice-token" not in log
