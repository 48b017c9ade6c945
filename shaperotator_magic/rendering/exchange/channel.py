"""The pipe between a scene's process and its parent: reports, and requests for what it may not do.

Both directions carry JSON objects, one a line.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import json
import os
import threading
from typing import Any, Protocol

_CHUNK_BYTES = 65536
_LONGEST_ANSWER_BYTES = 100_000


Job = dict[str, Any]
"""What the parent orders."""


class Send(Protocol):
    """The sending end that a job is given: call it to report, ``ask`` for an answer."""

    def __call__(self, **report: Any) -> None:
        """Send a report."""

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Send a question and wait for its answer."""


class Channel:
    """A ``Send`` upon two descriptors."""

    def __init__(self, speaks: int, hears: int) -> None:
        self._speaks = speaks
        self._hears = hears
        self._rest = b""
        self._speaking = threading.Lock()  # encoders report from threads of their own

    def __call__(self, **report: Any) -> None:
        """Send a report."""
        line = json.dumps(report).encode() + b"\n"
        with self._speaking:
            while line:
                line = line[os.write(self._speaks, line) :]

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Send a question and wait for its answer.

        Raises
        ------
        EOFError
            The parent has ended.
        """
        self(question=question)
        return self.receive()

    def receive(self) -> dict[str, Any]:
        """Wait for the next object."""
        while b"\n" not in self._rest:
            chunk = os.read(self._hears, _CHUNK_BYTES)
            if not chunk or len(self._rest) > _LONGEST_ANSWER_BYTES:
                raise EOFError("the render process's parent has ended")
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer
