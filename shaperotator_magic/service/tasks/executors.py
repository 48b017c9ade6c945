"""Where tasks run: in runner processes of this machine, or elsewhere behind the same face.

Runs in the service's web process.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Protocol

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.service.tasks.orders import Ending, Order
from shaperotator_magic.service.tasks.runner_process import RunnerLostError, RunnerProcess
from shaperotator_magic.service.wire import Message


class Executor(Protocol):
    """Runs ``slots`` orders at a time, each in a thread of the caller's."""

    slots: int
    has_relay: bool
    """Whether tasks reach the relay of this machine; else their own machine asks the model."""

    def run(
        self,
        order: Order,
        on_message: Callable[[Message], None],
        *,
        is_cancelled: Callable[[], bool],
    ) -> Ending:
        """Run one task to its end.

        Raises
        ------
        RunnerLostError
            Whatever ran it is gone; the task can be run again.
        TaskTimeoutError
            It took too long and was ended.
        """

    def close(self) -> None:
        """End everything that runs."""


class LocalExecutor:
    """A pool of runner processes on this machine; a lost one is replaced.

    Raises
    ------
    ConfigurationError
        Scenes cannot be confined on this machine, or an attack from the place of one succeeded.
    """

    has_relay = True

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._lock = threading.Lock()
        self._is_closed = False
        self._idle = [RunnerProcess() for _ in range(slots)]
        self._busy: set[RunnerProcess] = set()
        try:
            for runner in self._idle:
                runner.wait_until_ready()
        except RunnerLostError as exc:
            self.close()
            raise ConfigurationError(
                "The processes that run tasks do not start.", hint="What they said stands above."
            ) from exc
        except BaseException:
            self.close()
            raise

    def run(
        self,
        order: Order,
        on_message: Callable[[Message], None],
        *,
        is_cancelled: Callable[[], bool],
    ) -> Ending:
        """See ``Executor.run``."""
        runner = self._take()
        try:
            return runner.run(order, on_message, is_cancelled=is_cancelled)
        finally:
            self._give_back(runner)

    def close(self) -> None:
        """End every runner."""
        with self._lock:
            self._is_closed = True
            runners = [*self._idle, *self._busy]
        for runner in runners:
            runner.close()

    def list_process_ids(self) -> list[int]:
        """Return the process ids of the runners."""
        with self._lock:
            return [runner.process_id for runner in (*self._idle, *self._busy)]

    def _take(self) -> RunnerProcess:
        with self._lock:
            if self._is_closed:
                raise RunnerLostError
            runner = self._idle.pop() if self._idle else None
            is_new = runner is None or not runner.is_alive
            if runner is None or is_new:
                runner = RunnerProcess()
            self._busy.add(runner)
        if is_new:
            self._wait_until_ready(runner)
        return runner

    def _wait_until_ready(self, runner: RunnerProcess) -> None:
        try:
            runner.wait_until_ready()
        except (ConfigurationError, RunnerLostError) as exc:
            # Isolation worked when the service started; now it does not, so nothing may run.
            self._give_back(runner)
            raise RunnerLostError from exc

    def _give_back(self, runner: RunnerProcess) -> None:
        with self._lock:
            self._busy.discard(runner)
            if runner.is_alive:
                self._idle.append(runner)
                return
        with contextlib.suppress(ProcessLookupError):
            runner.close()
