"""How busy the first thread of a render was: what more cores can shorten, and what they cannot."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

from shaperotator_magic.rendering.process.watchdog import find_children

_EVERY_S = 0.02  # it is to disturb nothing
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class FirstThreadWatch:
    """Looks at the processes that are started below this one until it is closed.

    The render is the one that is busiest in the end. What its first thread does, computing the
    scene, comes one after the other however many cores there are.
    """

    def __init__(self) -> None:
        self._known = self._find_processes()
        self._busy: dict[int, tuple[int, int]] = {}  # process -> ticks in all, of its first thread
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> float:
        """Return the CPU seconds of the busiest process's first thread."""
        self._closing.set()
        self._thread.join()
        return max(self._busy.values(), default=(0, 0))[1] / _TICKS_PER_S

    def _watch(self) -> None:
        while not self._closing.wait(_EVERY_S):
            for process in self._find_processes() - self._known:
                with contextlib.suppress(OSError):
                    counts = _read_ticks(Path(f"/proc/{process}/stat"))
                    first = _read_ticks(Path(f"/proc/{process}/task/{process}/stat"))
                    self._busy[process] = counts, first

    @staticmethod
    def _find_processes() -> set[int]:
        found, waiting = set(), [os.getpid()]
        while waiting:
            process = waiting.pop()
            found.add(process)
            waiting.extend(find_children(process))
        return found


def _read_ticks(stat: Path) -> int:
    return sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13]))
