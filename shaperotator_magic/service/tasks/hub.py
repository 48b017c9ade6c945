"""The messages of running tasks: in memory, for any number of listeners.

Nothing here must survive: the store records the end of a task, and a restarted task sends
everything again.

Runs in the service's web process.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from dataclasses import dataclass, field

from shaperotator_magic.service.wire import Message

_MOST_KEPT = 2000
_MOST_WAITING = 4000

Numbered = tuple[int, Message]
"""A message and its number; the number of the last one of a topic is None's."""


@dataclass
class _Topic:
    messages: deque[Numbered] = field(default_factory=lambda: deque(maxlen=_MOST_KEPT))
    listeners: set[Subscription] = field(default_factory=set)
    last_number: int = 0
    progress: float | None = None
    live_index: int | None = None


class Subscription:
    """One listener of one task, in one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: asyncio.Queue[Numbered | None] = asyncio.Queue(_MOST_WAITING)

    async def receive(self, timeout_s: float) -> Numbered | None:
        """Return the next message, None at the end of the task.

        Raises
        ------
        TimeoutError
            There was none for ``timeout_s`` seconds.
        """
        return await asyncio.wait_for(self._waiting.get(), timeout_s)

    def put(self, message: Numbered | None) -> None:
        """Hand over a message from any thread."""
        self._loop.call_soon_threadsafe(self._put, message)

    def _put(self, message: Numbered | None) -> None:
        # A listener that does not read loses what is oldest: the page's tab may be asleep.
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(message)


class Hub:
    """The messages of every task that runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._topics: dict[str, _Topic] = {}

    def open(self, task_id: str) -> None:
        """Start the messages of a task, also of a restarted one; its listeners stay."""
        with self._lock:
            old = self._topics.get(task_id)
            topic = self._topics[task_id] = _Topic()
            if old is not None:
                topic.listeners, topic.last_number = old.listeners, old.last_number

    def publish(self, task_id: str, message: Message) -> None:
        """Publish a message of a running task."""
        with self._lock:
            topic = self._topics.get(task_id)
            if topic is None:
                return
            topic.last_number += 1
            numbered = (topic.last_number, message)
            topic.messages.append(numbered)
            topic.progress = _read_progress(message)
            if message.get("type") == "segment":
                topic.live_index = int(message["index"])
            for listener in topic.listeners:
                listener.put(numbered)

    def close(self, task_id: str) -> None:
        """End a task's messages."""
        with self._lock:
            topic = self._topics.pop(task_id, None)
        for listener in topic.listeners if topic else ():
            listener.put(None)

    def find_progress(self, task_id: str) -> float | None:
        """Return the share of the drawing that is done, in 0..1; None where it is not known."""
        with self._lock:
            topic = self._topics.get(task_id)
            return topic.progress if topic else None

    def find_live(self, task_id: str) -> int | None:
        """Return the index of the last part of a video that can be fetched; None without one."""
        with self._lock:
            topic = self._topics.get(task_id)
            return topic.live_index if topic else None

    def subscribe(
        self, task_id: str, subscription: Subscription, *, after: int = 0
    ) -> list[Numbered]:
        """Subscribe to a task; returns its earlier messages after number ``after``.

        A task that is not open yet is listened to as soon as it is.
        """
        with self._lock:
            topic = self._topics.setdefault(task_id, _Topic())
            topic.listeners.add(subscription)
            return [numbered for numbered in topic.messages if numbered[0] > after]

    def unsubscribe(self, task_id: str, subscription: Subscription) -> None:
        """Listen no more."""
        with self._lock:
            topic = self._topics.get(task_id)
            if topic is None:
                return
            topic.listeners.discard(subscription)
            if not topic.listeners and not topic.messages:
                del self._topics[task_id]


def _read_progress(message: Message) -> float | None:
    if message.get("type") != "rendering":
        return None
    total = message.get("total")
    if not isinstance(total, int) or total <= 0:
        return None
    return min(1.0, round(int(message.get("done", 0)) / total, 3))
