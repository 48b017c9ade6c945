"""The processes of one job: forked from the warm process, grouped, and ended without rest.

Used in the warm process alone, which has one thread while it forks.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shaperotator_magic.rendering.rehearsal import rehearse_scene
from shaperotator_magic.rendering.scene_run import Job, rehearse, render_scene

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_REPORT_DESCRIPTOR = 3

Work = Callable[..., int]
"""Takes the job and a function that sends a report; returns the exit status."""

# What a job can ask for, and the work of its processes: the first one's result and end are the
# job's, the others run beside it for as long as it lives.
KINDS: dict[str, tuple[Work, ...]] = {
    "video": (render_scene, rehearse),
    "still": (render_scene,),
    "rehearsal": (rehearse_scene,),
}


@dataclass(frozen=True)
class Child:
    """A forked process, and the end of its pipe that it is heard from."""

    process: int
    pipe: int


class RenderJob:
    """The processes of one job, as ``KINDS`` names them."""

    def __init__(self, order: Job) -> None:
        self.folder: str = order["folder"]
        first, *others = KINDS[order["kind"]]
        self._first = _fork(first, order, group=0)
        self.children = [
            self._first,
            *(_fork(work, order, group=self._first.process) for work in others),
        ]

    def has_ended(self) -> bool:
        """Tell whether the first process has ended; it is not reaped yet."""
        looked = os.waitid(os.P_PID, self._first.process, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return looked is not None

    def end(self) -> int:
        """Kill what still runs; return the exit status of the first, negative for a signal."""
        # Killed before it is reaped: until then the group's number cannot be another one's.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._first.process, signal.SIGKILL)
        for child in self.children:  # a scene may have changed its group
            os.kill(child.process, signal.SIGKILL)
        ended = [os.waitpid(child.process, 0)[1] for child in self.children]
        return os.waitstatus_to_exitcode(ended[0])


def adopt_orphans() -> None:
    """Make processes whose parent ended children of this one, so that they can be found."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def kill_orphans(known: set[int]) -> None:
    """End every child that is not ``known``: it left its group, and its own parent ended."""
    while strays := _find_children() - known:
        for stray in strays:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(stray, signal.SIGKILL)
                os.waitpid(stray, 0)


def _find_children() -> set[int]:
    try:
        return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
    except OSError:
        return set()  # a kernel without CONFIG_PROC_CHILDREN


def _fork(work: Work, order: Job, *, group: int) -> Child:
    hears, speaks = os.pipe()
    process = os.fork()
    if process:
        os.close(speaks)
        _join_group(process, group)
        return Child(process, hears)
    status = 1
    try:
        _join_group(0, group)
        _begin_child(speaks)
        status = work(order, _send)
    except BaseException:  # noqa: BLE001 - nothing may return into the warm process's loop
        traceback.print_exc()
    finally:
        # Not sys.exit: the handlers and buffers of the warm process are not the child's.
        os._exit(status)


def _begin_child(speaks: int) -> None:
    """Leave everything of the warm process behind; after this the scene's own code may run."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(speaks, _REPORT_DESCRIPTOR)
    os.closerange(_REPORT_DESCRIPTOR + 1, os.sysconf("SC_OPEN_MAX"))
    os.umask(0o077)
    _die_with_parent()
    # The place to confine this process: it has manim, nothing of the user's, and no scene yet.


def _send(**report: Any) -> None:
    line = json.dumps(report).encode() + b"\n"
    while line:
        line = line[os.write(_REPORT_DESCRIPTOR, line) :]


def _join_group(process: int, group: int) -> None:
    # Both sides do it, so that it is done whoever comes first; the second may be too late.
    with contextlib.suppress(OSError):
        os.setpgid(process, group)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
