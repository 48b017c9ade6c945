"""Tasks on other machines: the same order, sent to a Dask cluster that exists already.

Workers need this package and nothing else. A worker that is killed in the middle loses nothing:
its order goes to another one, by Dask itself or, where Dask gives up, by the scheduler of tasks.

Runs in the service's web process.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.service.tasks.orders import Ending, Order
from shaperotator_magic.service.tasks.runner_process import (
    RunnerLostError,
    RunnerProcess,
    TaskTimeoutError,
)
from shaperotator_magic.service.wire import Message

_TOPIC = "shaperotator"
_CONNECT_TIMEOUT_S = 10.0
_WAIT_TICK_S = 0.2
_WORKERS_TIMEOUT_S = 30.0
_MOST_SLOTS = 64
_SPARE_S = 60.0
_CANCEL_CHECK_S = 1.0


class ClusterExecutor:
    """Sends orders to the workers of one Dask scheduler; see ``Executor``.

    Parameters
    ----------
    address
        Such as ``tcp://host:8786``.

    Raises
    ------
    ConfigurationError
        The package is missing, nobody answers there, or there are no workers.
    """

    has_relay = False

    def __init__(self, address: str) -> None:
        self._client = _connect(address)
        self._listeners: dict[str, Callable[[Message], None]] = {}
        self._numbers = itertools.count(1)
        self._client.subscribe_topic(_TOPIC, self._hear)
        with contextlib.suppress(TimeoutError):
            self._client.wait_for_workers(1, timeout=_WORKERS_TIMEOUT_S)
        threads = sum(self._client.nthreads().values())
        if not threads:
            self._client.close()
            raise ConfigurationError(
                f"The Dask scheduler at {address} has no workers.",
                hint=f"Start some: dask worker {address} --nthreads 1",
                setting="scheduler",
            )
        self.slots = min(_MOST_SLOTS, max(1, threads))

    def run(
        self,
        order: Order,
        on_message: Callable[[Message], None],
        *,
        is_cancelled: Callable[[], bool],
    ) -> Ending:
        """See ``Executor.run``."""
        name = f"{order.task.task_id}-{order.task.tries}-{next(self._numbers)}"
        self._listeners[name] = on_message
        try:
            future = self._client.submit(
                run_order_here, order.model_dump_json(), name, key=name, pure=False
            )
            return self._wait(future, name, order, is_cancelled)
        except (OSError, TimeoutError) as exc:
            raise RunnerLostError from exc
        finally:
            self._listeners.pop(name, None)

    def close(self) -> None:
        """Leave the cluster; what runs for this service there is given up."""
        self._client.close()

    def _wait(
        self, future: Any, name: str, order: Order, is_cancelled: Callable[[], bool]
    ) -> Ending:
        from distributed import Event

        deadline = time.monotonic() + order.timeout_s + _SPARE_S
        has_asked = False
        while not future.done():
            time.sleep(_WAIT_TICK_S)
            if not has_asked and is_cancelled():
                Event(name, client=self._client).set()
                has_asked = True
            if time.monotonic() > deadline:
                future.cancel()
                raise TaskTimeoutError
        return self._read_result(future)

    def _read_result(self, future: Any) -> Ending:
        from distributed import CancelledError, KilledWorker

        try:
            answer = json.loads(future.result(timeout=_CONNECT_TIMEOUT_S))
        except (KilledWorker, CancelledError, RunnerLostError) as exc:
            raise RunnerLostError from exc
        if answer is None:
            raise TaskTimeoutError
        return Ending.model_validate(answer)

    def _hear(self, event: tuple[float, Any]) -> None:
        answer = event[1]
        listener = self._listeners.get(answer.get("name", ""))
        if listener is not None:
            listener(answer["message"])


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as exc:
        raise ConfigurationError(
            "A cluster needs the package distributed, which is not installed.",
            hint='Run: pip install "shaperotator-magic[cluster]"',
            setting="scheduler",
        ) from exc
    try:
        return Client(address, timeout=_CONNECT_TIMEOUT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as exc:
        raise ConfigurationError(
            f"No Dask scheduler answers at {address}.",
            hint="Start one: dask scheduler; its address is tcp://HOST:8786.",
            setting="scheduler",
        ) from exc


# --- on the worker --------------------------------------------------------------------


def run_order_here(text: str, name: str) -> str:
    """Run an order in a warm runner of this Dask worker; returns an Ending as JSON.

    The answer is ``null`` where the task took too long.

    Raises
    ------
    RunnerLostError
        The runner was killed; the order can be run again.
    """
    from distributed import get_worker

    worker = get_worker()
    order = Order.model_validate_json(text)
    runners = _find_runners()
    runner = runners.take()
    try:
        ending = runner.run(
            order,
            lambda message: worker.log_event(_TOPIC, {"name": name, "message": message}),
            is_cancelled=_CancelFlag(name).read,
        )
    except TaskTimeoutError:
        return "null"
    finally:
        runners.give_back(runner)
    return ending.model_dump_json()


class _CancelFlag:
    """Whether the service has cancelled a task; polled once a second."""

    def __init__(self, name: str) -> None:
        from distributed import Event

        self._event = Event(name)
        self._next_at = 0.0

    def read(self) -> bool:
        now = time.monotonic()
        if now < self._next_at:
            return False
        self._next_at = now + _CANCEL_CHECK_S
        with contextlib.suppress(OSError, TimeoutError):
            return bool(self._event.is_set())
        return False


class _Runners:
    """The warm runners of one Dask worker process, one for each of its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[RunnerProcess] = []

    def take(self) -> RunnerProcess:
        with self._lock:
            alive = [runner for runner in self._idle if runner.is_alive]
            self._idle = alive[1:]
        if alive:
            return alive[0]
        runner = RunnerProcess()
        runner.wait_until_ready()
        return runner

    def give_back(self, runner: RunnerProcess) -> None:
        if runner.is_alive:
            with self._lock:
                self._idle.append(runner)


@functools.cache
def _find_runners() -> _Runners:
    return _Runners()
