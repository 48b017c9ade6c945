"""How far a process steps back for others.

Linux shares the processor out among sessions first ('autogroup'), and only within a session by the
niceness of its processes; what starts a session of its own must step back as a session, too.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

_AUTOGROUP = Path("/proc/self/autogroup")
_TRIES = 20
_PAUSE_S = 0.1  # the kernel takes one change in a tenth of a second, of all users together


def step_back(steps: int = 0) -> None:
    """Make this process nicer by ``steps``, and its session as nice as itself.

    A machine without such groups, or one that does not let them be changed, is left as it is.
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
