"""Lowers the scheduling priority of a process and of its session.

Linux divides the processor among sessions first ('autogroup'), and only within a session by the
niceness of its processes. So a process with a session of its own must lower both.

Runs in the supervisor, the process that forks one process for each scene.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

_AUTOGROUP = Path("/proc/self/autogroup")
_TRIES = 20
_PAUSE_S = 0.1  # the kernel takes one change in a tenth of a second, of all users together


def lower_priority(steps: int = 0) -> None:
    """Raise the niceness of this process by ``steps``, and set its session to the same.

    A machine without autogroups, or one that does not let them be changed, is left as it is.
    """
    if sys.platform == "win32":
        return
    niceness = os.nice(steps)
    if niceness <= 0 or not _AUTOGROUP.exists():
        return
    for _ in range(_TRIES):
        try:
            _AUTOGROUP.write_text(str(niceness), encoding="ascii")
        except BlockingIOError:
            time.sleep(_PAUSE_S)
        except OSError:
            return
        else:
            return
