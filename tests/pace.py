"""How fast this machine is for us just now: limits are seconds of a machine without other work."""

from __future__ import annotations

import os
import signal
import threading
import time
from types import TracebackType
from typing import Self

_SPIN_S = 0.03


def measure_slowdown() -> float:
    """Return how many times longer than alone this process takes, because of other work."""
    wall_s, cpu_s = time.monotonic(), time.process_time()
    while time.process_time() - cpu_s < _SPIN_S:
        pass
    return max(1.0, (time.monotonic() - wall_s) / _SPIN_S)


class Stopwatch:
    """Measures the time of a block; other programs, or niceness, do not count.

    The machine is measured before and after the block, and the worse of the two is taken.
    """

    def __enter__(self) -> Self:
        self._slowdown = measure_slowdown()
        self._began = time.monotonic()
        return self

    def restart(self) -> None:
        """Measure from now on; from any thread."""
        self._began = time.monotonic()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.wall_s = time.monotonic() - self._began
        self.seconds = self.wall_s / max(self._slowdown, measure_slowdown())


def interrupt_when(event: threading.Event, watch: Stopwatch) -> threading.Thread:
    """Send this process an interrupt once something has happened, and measure from then on."""

    def interrupt() -> None:
        if event.wait(60):
            watch.restart()
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    return thread
