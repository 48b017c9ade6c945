"""What one scene may spend: rlimits for each process, and limits of the whole job.

Runs in the supervisor and in a scene's process.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":
    import resource

_OPEN_FILES = 256
_LOCKED_BYTES = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits of one job; ``watchdog`` enforces those that the kernel does not have.

    The measured need of real scenes is far below: 0.4 GB and 60 files for a minute at 1080p.
    """

    memory_bytes: int = 2_000_000_000
    """Of all processes of the job together."""
    file_bytes: int = 200_000_000
    folder_bytes: int = 300_000_000
    files: int = 4000
    depth: int = 64
    """Folders within folders."""
    log_bytes: int = 2_000_000
    threads: int = 128
    """Of all processes of the job together; a video encoder takes two for every core."""
    processes: int = 24


def limit_process(limits: Limits, *, cpu_s: float, has_own_users: bool) -> None:
    """Put the kernel's limits on this process; none of them can be raised again.

    Parameters
    ----------
    cpu_s
        Processor seconds of all its threads.
    has_own_users
        It runs in a user namespace of its own, where the number of tasks counts nobody else's.
    """
    cpu = math.ceil(cpu_s)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, cpu, cpu + 1)
    # What is mapped already is mainly shared with the supervisor, and read-only.
    _limit(resource.RLIMIT_AS, _measure_mapped() + limits.memory_bytes)
    _limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_MEMLOCK, _LOCKED_BYTES)
    if hasattr(resource, "RLIMIT_MSGQUEUE"):
        _limit(resource.RLIMIT_MSGQUEUE, 0)
    if has_own_users:
        _limit(resource.RLIMIT_NPROC, limits.threads)


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    # Where the limit is lower already, it stays so.
    _, highest = resource.getrlimit(what)
    hard = soft if hard is None else hard
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    with contextlib.suppress(ValueError, OSError):  # macOS knows RLIMIT_AS and refuses it
        resource.setrlimit(what, (soft, hard))


def _measure_mapped() -> int:
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
