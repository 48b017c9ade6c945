"""The service's end of a runner: send an order, receive its messages, end it.

Runs in the service's web process.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from shaperotator_magic.core.errors import build_error
from shaperotator_magic.service.tasks.orders import Ending, Order
from shaperotator_magic.service.tasks.relay import KEY_FILE, KEY_NAMES
from shaperotator_magic.service.wire import Message

_MODULE = "shaperotator_magic.service.tasks.runner"
_TICK_S = 0.2
_START_TIMEOUT_S = 120.0
_CANCEL_GRACE_S = 10.0


class RunnerLostError(Exception):
    """The process of a running task is gone; the task can be run again."""


class TaskTimeoutError(Exception):
    """The task took longer than its order allows; its process has been ended."""


class RunnerProcess:
    """One runner; one order at a time, from one thread."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
            [sys.executable, "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_build_environment(),
            start_new_session=True,
        )
        self._said: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._writing = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def process_id(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Return once it has tried in vain to break out of the place of a scene.

        Raises
        ------
        ConfigurationError
            Scenes cannot be confined here, or an attack succeeded.
        RunnerLostError
            The process ended, or took two minutes.
        """
        try:
            message = self._said.get(timeout=_START_TIMEOUT_S)
        except queue.Empty:
            message = None
        if message is not None and "refused" in message:
            raise build_error(message["refused"])
        if message is None or "ready" not in message:
            self.close()
            raise RunnerLostError

    def run(
        self,
        order: Order,
        on_message: Callable[[Message], None],
        *,
        is_cancelled: Callable[[], bool],
    ) -> Ending:
        """Run one task here.

        Parameters
        ----------
        order
            The task, and what it needs.
        on_message
            Called with every message of the run, in this thread.
        is_cancelled
            Called five times a second; on True the task is stopped, by force after ten seconds.

        Raises
        ------
        RunnerLostError
            The process ended in the middle.
        TaskTimeoutError
            The task took longer than the order allows; the process is ended.
        """
        deadline = time.monotonic() + order.timeout_s
        stop_at: float | None = None
        self._send(order.model_dump(mode="json"))
        while True:
            try:
                message = self._said.get(timeout=_TICK_S)
            except queue.Empty:
                message = {}
            if message is None:
                raise RunnerLostError
            if "ending" in message:
                return Ending.model_validate(message["ending"])
            if "type" in message:
                on_message(message)
            now = time.monotonic()
            if stop_at is None and is_cancelled():
                stop_at = now + _CANCEL_GRACE_S
                self._send({"cancel": order.task.task_id})
            if stop_at is not None and now > stop_at:
                self.close()
                return Ending()
            if now > deadline:
                self.close()
                raise TaskTimeoutError

    def close(self) -> None:
        """End the process and all that it renders."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _send(self, said: dict[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was opened as a pipe
        try:
            with self._writing:
                self._process.stdin.write(json.dumps(said).encode() + b"\n")
                self._process.stdin.flush()
        except OSError as exc:
            raise RunnerLostError from exc

    def _listen(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it was opened as a pipe
        with self._process.stdout as lines:
            for line in lines:
                if line.endswith(b"\n"):
                    self._said.put(json.loads(line))
        self._process.wait()
        self._said.put(None)


def _build_environment() -> dict[str, str]:
    """Return this environment without keys and tokens, and without settings of the user's own."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in KEY_NAMES
        and name != KEY_FILE
        and "TOKEN" not in name
        and not name.startswith("PG")  # how to reach the database, with its password
    }
