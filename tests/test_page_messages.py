"""What the page asks and the kernel answers, in a real kernel whose main thread is busy."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from shaperotator_magic.keeping.store import Store
from shaperotator_magic.notebook.card.mime import MIME_TYPE

pytestmark = pytest.mark.kernel

COMM = {"comm_id": "page", "target_name": "shaperotator"}


class TalkingPage:
    """A page as the extension is one: a comm over the control channel."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client
        self._number = 0

    def send(self, kind: str, **fields: Any) -> dict[str, Any]:
        self._number += 1
        data = {"kind": kind, "request": self._number, **fields}
        message = "comm_open" if kind == "hello" else "comm_msg"
        session = self.client.session
        self.client.control_channel.send(session.msg(message, {**COMM, "data": data}))
        return self._wait(lambda m: m["content"].get("data", {}).get("request") == self._number)

    def run(self, code: str, *, is_awaited: bool = True) -> list[dict[str, Any]]:
        """Execute code; returns the data that it displayed, if it is waited for."""
        number = self.client.execute(code)
        shown: list[dict[str, Any]] = []

        def is_over(message: dict[str, Any]) -> bool:
            shown.append(message["content"].get("data", {}))
            is_ours = message["parent_header"].get("msg_id") == number
            return is_ours and message["content"].get("execution_state") == "idle"

        if is_awaited:
            self._wait(is_over, whole=True)
        return [data[MIME_TYPE] for data in shown if MIME_TYPE in data]

    def _wait(self, is_wanted: Any, *, whole: bool = False) -> dict[str, Any]:
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            message = self.client.get_iopub_msg(timeout=600)
            is_comm = message["msg_type"] == "comm_msg"
            if (whole or is_comm) and is_wanted(message):
                return dict(message["content"].get("data", {}))
        raise AssertionError("no answer")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def page(data_dir: Path) -> Iterator[TalkingPage]:
    environment = {**os.environ, "SHAPEROTATOR_DATA_DIR": str(data_dir)}
    manager, client = start_new_kernel(startup_timeout=600, env=environment)
    page = TalkingPage(client)
    page.run("%load_ext shaperotator_magic")
    yield page
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def shown(page: TalkingPage) -> dict[str, Any]:
    """The facts of a scene that was written, but not drawn."""
    cell = "%%shaperotate --offline --code-only\nthe matrix [[2, 1], [1, 2]] on the plane"
    return page.run(cell)[-1]


def test_messages_are_answered_while_a_cell_runs(
    page: TalkingPage, shown: dict[str, Any], data_dir: Path, tmp_path: Path
) -> None:
    assert page.send("hello")["protocol"] == 1
    ended = tmp_path / "ended"
    wait = f"import time\nfrom pathlib import Path\nwhile not Path({str(ended)!r}).exists():"
    page.run(f"{wait} time.sleep(0.05)", is_awaited=False)
    said = page.send("feedback", generation_id=shown["id"], is_positive=True)
    assert (said["kind"], said["is_positive"]) == ("recorded", True)
    state = page.send("state", generation_id=shown["id"])
    assert (state["is_known"], state["is_running"], state["is_positive"]) == (True, False, True)
    assert [version["id"] for version in state["versions"]] == [shown["id"]]
    assert [row.is_positive for row in Store(data_dir).read_feedback(shown["id"])] == [True]
    ended.touch()  # until here the cell has run


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("state", {"generation_id": "ffffffff"}, None),
        ("feedback", {"generation_id": "ffffffff"}, "No result has the identifier"),
        ("feedback", {"generation_id": "ffffffff", "is_positive": "maybe"}, "not understood"),
        ("show", {"generation_id": ""}, "No result has the identifier"),
        ("download", {"generation_id": "ffffffff", "format": "gif"}, "No result"),
        ("cancel", {"generation_id": "ffffffff"}, None),
        ("launch", {}, "not understood"),
    ],
)
def test_odd_messages_get_an_answer(
    page: TalkingPage, kind: str, fields: dict[str, Any], said: str | None
) -> None:
    answer = page.send(kind, **fields)
    if said is None:
        assert "error" not in answer
    else:
        assert said in answer["error"]
