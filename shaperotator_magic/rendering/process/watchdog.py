"""Enforces the limits of a job that the kernel has none for: the supervisor polls it.

Everything is measured from outside, in /proc and in the job's folder.

Runs in the supervisor, the process that forks one process for each scene.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.core.records import Record
from shaperotator_magic.rendering.exchange.folders import measure_folder
from shaperotator_magic.rendering.isolation.limits import Limits

TICK_S = 0.03  # a scene starts some sixty threads in 50 ms
_FOLDER_EVERY = 6  # a folder of thousands of files takes some milliseconds
_SMALLER = "Ask for something smaller or simpler."


class Excess(Record):
    """An exceeded limit: a message for people, and a hint."""

    message: str
    hint: str = _SMALLER


@dataclass(frozen=True)
class _Spent:
    """What the processes of a job use in total."""

    memory_bytes: int = 0
    cpu_s: float = 0.0
    threads: int = 0
    processes: int = 0

    def __add__(self, other: _Spent) -> _Spent:
        return _Spent(
            self.memory_bytes + other.memory_bytes,
            self.cpu_s + other.cpu_s,
            self.threads + other.threads,
            self.processes + other.processes,
        )


class Watchdog:
    """Watches one job.

    Parameters
    ----------
    folder
        The job's folder.
    cpu_s
        Processor seconds that one process of it may spend.
    """

    def __init__(self, folder: Path, limits: Limits, *, cpu_s: float) -> None:
        self._folder = folder
        self._limits = limits
        self._cpu_s = cpu_s
        self._ticks = 0

    def find_excess(self, processes: Iterable[int]) -> Excess | None:
        """Return the limit that is exceeded, None while none is."""
        self._ticks += 1
        excess = self._look_at_processes(processes)
        if excess is None and self._ticks % _FOLDER_EVERY == 0:
            excess = self._look_at_logs() or self._look_at_folder()
        return Excess(message=f"The scene {excess} and was stopped.") if excess else None

    def _look_at_processes(self, processes: Iterable[int]) -> str | None:
        limits = self._limits
        measured = [_measure(process) for process in _with_descendants(processes)]
        total = sum(measured, _Spent())
        if total.memory_bytes > limits.memory_bytes:
            return f"used more than {limits.memory_bytes / 1e9:g} GB of memory"
        if total.threads > limits.threads:
            return f"started more than {limits.threads} threads"
        if total.processes > limits.processes:
            return f"started more than {limits.processes} processes"
        if any(spent.cpu_s > self._cpu_s for spent in measured):
            return f"used more than {self._cpu_s:g} s of processor time"
        return None

    def _look_at_folder(self) -> str | None:
        limits = self._limits
        size = measure_folder(self._folder, most_files=limits.files, most_depth=limits.depth)
        if size.files > limits.files:
            return f"made more than {limits.files} files"
        if size.depth > limits.depth:
            return f"made folders more than {limits.depth} deep"
        if size.size_bytes > limits.folder_bytes:
            return f"wrote more than {limits.folder_bytes // 1_000_000} MB"
        return None

    def _look_at_logs(self) -> str | None:
        for log in (self._folder / "log.txt", self._folder / "rehearsal" / "log.txt"):
            with contextlib.suppress(OSError):
                if log.lstat().st_size > self._limits.log_bytes:
                    return f"printed more than {self._limits.log_bytes / 1e6:g} MB"
        return None


def _with_descendants(processes: Iterable[int]) -> Iterator[int]:
    waiting = list(processes)
    while waiting:
        process = waiting.pop()
        yield process
        waiting.extend(find_children(process))


def find_children(process: int) -> set[int]:
    """Return the direct children of a process, as far as the kernel lists them."""
    found: set[int] = set()
    with contextlib.suppress(OSError):  # it has ended, or the kernel does not list them
        for task in Path(f"/proc/{process}/task").iterdir():
            listed = (task / "children").read_text(encoding="ascii")
            found.update(map(int, listed.split()))
    return found


def _measure(process: int) -> _Spent:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return _Spent()
    # proc(5), from the state on, for the name before may hold anything: utime 11, stime 12,
    # num_threads 17, rss 21.
    fields = stat.rpartition(")")[2].split()
    return _Spent(
        memory_bytes=int(fields[21]) * os.sysconf("SC_PAGE_SIZE"),
        cpu_s=(int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
        threads=int(fields[17]),
        processes=1,
    )
