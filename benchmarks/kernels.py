"""A real Jupyter kernel, driven message by message, with the time of every message."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

MessageListener = Callable[["Running", dict[str, Any]], None]


@dataclass
class Running:
    """One cell that was sent: what came back so far, with seconds since it was sent."""

    sent_at: float
    messages: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)

    def first_seconds(self, *kinds: str) -> float:
        """Return when the first message of these types came, in seconds; inf if none did."""
        times = [when for when, message in self.messages if message["msg_type"] in kinds]
        return min(times, default=float("inf"))

    @property
    def html(self) -> str:
        """The last text/html that was displayed or updated."""
        found = [
            message["content"]["data"]["text/html"]
            for _, message in self.messages
            if "text/html" in message["content"].get("data", {})
        ]
        return str(found[-1]) if found else ""


@dataclass
class Kernel:
    """A started kernel and its client."""

    manager: KernelManager
    client: BlockingKernelClient

    def run(
        self,
        code: str,
        *,
        timeout_s: float = 300.0,
        on_message: MessageListener = lambda running, message: None,
    ) -> Running:
        """Execute a cell and gather its messages until the kernel is idle again."""
        running = Running(time.perf_counter())
        sent = self.client.execute(code)
        deadline = running.sent_at + timeout_s
        while time.perf_counter() < deadline:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except Empty:
                continue
            if message["parent_header"].get("msg_id") != sent:
                continue
            running.messages.append((time.perf_counter() - running.sent_at, message))
            on_message(running, message)
            if message["content"].get("execution_state") == "idle":
                break
        running.reply = self._read_reply(sent)
        return running

    def _read_reply(self, sent: str) -> dict[str, Any]:
        while True:
            reply: dict[str, Any] = self.client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == sent:
                return dict(reply["content"])

    def value(self, expression: str) -> str:
        """Return the repr of an expression in the kernel."""
        running = self.run(f"print(repr({expression}))")
        texts = [m["content"]["text"] for _, m in running.messages if m["msg_type"] == "stream"]
        return "".join(texts).strip()


@contextmanager
def start_kernel(data_dir: Path, **environ: str) -> Iterator[Kernel]:
    """Start a kernel whose results go to ``data_dir``, and shut it down afterwards."""
    manager = KernelManager(kernel_name="python3")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "SHAPEROTATOR_"))}
    manager.start_kernel(
        env={**kept, "SHAPEROTATOR_DATA_DIR": str(data_dir), **environ}, cwd=str(data_dir)
    )
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=300)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
