"""Takes queued tasks in fair order, has them run, and ends each exactly once.

Whose turn it is: of the owners with queued tasks, the one with the fewest running, then the one
who was served longest ago, then the one who has waited longest.

Runs in the service's web process.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.core.errors import (
    FeedbackError,
    RenderTimeoutError,
    ShapeRotatorError,
    TaskInterruptedError,
)
from shaperotator_magic.core.records import ErrorReport, Generation, Status, Task, TaskStatus
from shaperotator_magic.keeping.tasks import TaskStore
from shaperotator_magic.service.tasks.executors import Executor
from shaperotator_magic.service.tasks.hub import Hub
from shaperotator_magic.service.tasks.orders import Ending, Order
from shaperotator_magic.service.tasks.runner_process import RunnerLostError, TaskTimeoutError
from shaperotator_magic.service.wire import Message, read_code, read_status

MOST_TRIES = 5
_IDLE_WAIT_S = 1.0
_RETRY_WAIT_S = 0.5

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Places:
    """Where tasks find what they need; see ``Order``."""

    caches: Path
    videos: str
    relay: str | None
    task_timeout_s: float
    render_timeout_s: float | None = None
    styles_dir: str | None = None


class Scheduler:
    """The queue's other end: as many threads as the executor has slots."""

    def __init__(self, tasks: TaskStore, executor: Executor, hub: Hub, *, places: Places) -> None:
        self._tasks = tasks
        self._executor = executor
        self._hub = hub
        self._places = places
        self._choosing = threading.Lock()
        self._running: Counter[str] = Counter()
        self._served: dict[str, int] = {}
        self._turns = itertools.count(1)
        self._cancelled: set[str] = set()
        self._is_stopping = threading.Event()
        self._read_earlier: Callable[[Task], tuple[Generation, ...]] = lambda _: ()
        self._may_begin: Callable[[], bool] = lambda: True
        self._tidy: Callable[[str], None] = lambda _: None
        self._last_fault = ""
        self._has_work = threading.Semaphore(0)
        self._threads = [
            threading.Thread(target=self._serve, name=f"slot-{number}", daemon=True)
            for number in range(executor.slots)
        ]

    # --- from outside -----------------------------------------------------------------

    def start(self) -> None:
        """Put back what an earlier process left unfinished, and begin."""
        for task in self._tasks.list_running():
            logger.info("task %s was interrupted; it is begun again", task.task_id)
            self._tasks.requeue(task.task_id)
        for thread in self._threads:
            thread.start()

    def begin_only_while(self, is_healthy: Callable[[], bool]) -> None:
        """Leave tasks in the queue while the service is not healthy."""
        self._may_begin = is_healthy

    def read_earlier_with(self, read: Callable[[Task], tuple[Generation, ...]]) -> None:
        """Take what returns the runs that a task refines."""
        self._read_earlier = read

    def when_ended(self, tidy: Callable[[str], None]) -> None:
        """Take what is called with a task that ran and has ended."""
        self._tidy = tidy

    def wake(self) -> None:
        """Signal that a task was queued."""
        self._has_work.release()

    def cancel(self, task_id: str) -> None:
        """Stop a task, queued or running; one that has ended stays as it is."""
        self._cancelled.add(task_id)
        if self._tasks.cancel(task_id):
            self._hub.close(task_id)
            self._cancelled.discard(task_id)

    @property
    def is_alive(self) -> bool:
        """Whether every slot works."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """End what runs; it stays unfinished in the store, and the next start begins it again."""
        self._is_stopping.set()
        self._executor.close()
        self._has_work.release(len(self._threads))
        for thread in self._threads:
            thread.join(timeout=5)

    # --- one slot ---------------------------------------------------------------------

    def _serve(self) -> None:
        while not self._is_stopping.is_set():
            task = self._claim_if_healthy()
            if task is None:
                self._has_work.acquire(timeout=_IDLE_WAIT_S)
                continue
            try:
                self._run(task)
            finally:
                self._cancelled.discard(task.task_id)
                with self._choosing:
                    self._running[task.owner] -= 1

    def _claim_if_healthy(self) -> Task | None:
        if not self._may_begin():
            return None
        try:
            task = self._claim()
        except FeedbackError as exc:
            if exc.message != self._last_fault:  # once, and not every second
                logger.error("%s", exc.message)
            self._last_fault = exc.message
            return None
        self._last_fault = ""
        return task

    def _claim(self) -> Task | None:
        with self._choosing:
            heads = self._tasks.list_queued_heads()
            order = sorted(heads, key=lambda head: (self._rank(head[0]), head[1]))
            for owner, _ in order:
                task = self._tasks.claim_next(owner)
                if task is not None:
                    self._running[owner] += 1
                    self._served[owner] = next(self._turns)
                    return task
        return None

    def _rank(self, owner: str) -> tuple[int, int]:
        return self._running[owner], self._served.get(owner, 0)

    def _run(self, task: Task) -> None:
        self._hub.open(task.task_id)
        if task.is_cancelled:
            self._finish(task, Ending(generation=_build_cancelled(task)))
            return
        if task.tries > MOST_TRIES:
            self._finish(task, _give_up(task, _INTERRUPTED))
            return
        try:
            ending = self._executor.run(
                self._build_order(task),
                _Progress(task, self._tasks, self._hub),
                is_cancelled=lambda: task.task_id in self._cancelled,
            )
        except RunnerLostError:
            if not self._is_stopping.is_set():
                logger.warning("task %s: its process was lost (try %d)", task.task_id, task.tries)
                self._insist(lambda: self._tasks.requeue(task.task_id))
                self.wake()
            return
        except TaskTimeoutError:
            ending = _give_up(task, _build_timeout(self._places.task_timeout_s))
        if ending.generation is None:
            ending = Ending(generation=_build_cancelled(task))
        self._finish(task, ending)

    def _build_order(self, task: Task) -> Order:
        is_here = self._executor.has_relay
        return Order(
            task=task,
            earlier=self._read_earlier(task),
            videos=self._places.videos,
            cache_dir=str(self._places.caches / task.owner) if is_here else None,
            relay=self._places.relay if is_here else None,
            timeout_s=self._places.task_timeout_s,
            render_timeout_s=self._places.render_timeout_s,
            styles_dir=self._places.styles_dir,
        )

    def _finish(self, task: Task, ending: Ending) -> None:
        generation = ending.generation
        assert generation is not None  # noqa: S101 - every caller gives one
        self._insist(
            lambda: self._tasks.finish(
                task.task_id, generation, notes=ending.notes, video_name=ending.video_name
            )
        )
        self._tidy(task.task_id)
        self._hub.close(task.task_id)
        logger.info("task %s: %s", task.task_id, generation.status)

    def _insist(self, write: Callable[[], object]) -> None:
        """Write, again and again while the database cannot be used: an end must not be lost."""
        last_fault = ""
        while True:
            try:
                write()
            except FeedbackError as exc:
                if self._is_stopping.is_set():
                    return
                if exc.message != last_fault:
                    logger.error("%s", exc.message)
                last_fault = exc.message
                time.sleep(_RETRY_WAIT_S)
            else:
                return


class _Progress:
    """Receives the messages of one run: all go to the hub, changes of state to the store."""

    def __init__(self, task: Task, tasks: TaskStore, hub: Hub) -> None:
        self._task_id = task.task_id
        self._tasks = tasks
        self._hub = hub
        self._status: TaskStatus = task.status

    def __call__(self, message: Message) -> None:
        self._hub.publish(self._task_id, message)
        status = read_status(message)
        if status is None or status == self._status:
            return
        code = read_code(message).source if message["type"] == "checking" else None
        try:
            self._tasks.update_status(self._task_id, status, code=code)
        except FeedbackError as exc:
            logger.error("%s", exc.message)
        else:
            self._status = status


_INTERRUPTED = TaskInterruptedError(
    f"The task was begun {MOST_TRIES} times, and its process was lost each time.",
    hint="Ask for something simpler; the service may be short of memory.",
)


def _build_timeout(timeout_s: float) -> RenderTimeoutError:
    return RenderTimeoutError(
        f"The task was still running after {timeout_s:g} s and was stopped.",
        hint="Ask for something simpler.",
        timeout_s=timeout_s,
    )


def _give_up(task: Task, error: ShapeRotatorError) -> Ending:
    report = ErrorReport(**error.as_dict())
    return Ending(generation=_build_generation(task, "failed", report))


def _build_cancelled(task: Task) -> Generation:
    return _build_generation(task, "cancelled", None)


def _build_generation(task: Task, status: Status, error: ErrorReport | None) -> Generation:
    return Generation(
        generation_id=task.task_id,
        prompt=task.prompt,
        status=status,
        error=error,
        created_at=task.created_at,
    )
