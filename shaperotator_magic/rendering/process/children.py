"""The processes of one job: forked from the supervisor, confined, and killed without rest.

Runs in the supervisor only, which has one thread while it forks.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.rendering.defining.proving import prove_definitions
from shaperotator_magic.rendering.exchange.channel import Channel, Job, Send
from shaperotator_magic.rendering.isolation.canaries import try_escapes
from shaperotator_magic.rendering.isolation.confining import (
    Layers,
    confine_compilers,
    confine_scene,
    die_with_parent,
)
from shaperotator_magic.rendering.mathtext.formulas import FormulaRequest
from shaperotator_magic.rendering.mathtext.latex import compile_formula
from shaperotator_magic.rendering.process.api_table import describe_manim
from shaperotator_magic.rendering.process.rehearsal import rehearse_scene
from shaperotator_magic.rendering.process.scene_run import rehearse, render_scene
from shaperotator_magic.rendering.process.still_drawing import draw_stills
from shaperotator_magic.rendering.process.watchdog import Excess, Watchdog, find_children

if sys.platform != "win32":
    import fcntl

_PR_SET_CHILD_SUBREAPER = 36
_SPEAKS, _HEARS = 3, 4

Work = Callable[[Job, Send], int]
"""Takes the job and a function that sends a report; returns the exit status."""

# The kinds of jobs, and the work of their processes: the first one's result and end are the
# job's, the others run beside it for as long as it lives, with what processor time it leaves.
KINDS: dict[str, tuple[Work, ...]] = {
    "video": (render_scene,),
    "counted video": (render_scene, rehearse),
    "still": (render_scene,),
    "stills": (draw_stills,),
    "rehearsal": (rehearse_scene,),
    "definitions": (prove_definitions,),
    "canaries": (try_escapes,),
    "api": (describe_manim,),
}


@dataclass(frozen=True)
class Confinement:
    """How the scenes of one supervisor are confined."""

    layers: Layers
    readable: tuple[Path, ...]
    """What every scene may read."""
    tex_folders: tuple[Path, ...]
    """What the compilers of formulas may read besides."""
    has_own_users: bool
    """The warm process is in a user namespace of its own."""

    def confine(self, folder: Path, *, timeout_s: float) -> None:
        """Confine this process for a scene."""
        confine_scene(
            folder,
            self.layers,
            readable=self.readable,
            cpu_s=find_cpu_limit(timeout_s),
            has_own_users=self.has_own_users,
        )


def find_cpu_limit(timeout_s: float) -> float:
    """Return the processor seconds of one process: encoders have threads."""
    return 2 * timeout_s


@dataclass(frozen=True)
class Child:
    """A forked process, and our ends of its two pipes."""

    process: int
    pipe: int
    answers: int

    def answer(self, line: bytes) -> None:
        """Write into its pipe; drop what it does not read in time."""
        with contextlib.suppress(OSError):
            os.write(self.answers, line)

    def close(self) -> None:
        """Close both pipes."""
        os.close(self.pipe)
        os.close(self.answers)


class RenderJob:
    """The processes of one job, as ``KINDS`` lists them, and those that typeset its formulas."""

    def __init__(self, order: Job, confinement: Confinement) -> None:
        self.folder = Path(order["folder"])
        self._confinement = confinement
        self._watchdog = Watchdog(
            self.folder, confinement.layers.limits, cpu_s=find_cpu_limit(order["timeout_s"])
        )
        first, *others = KINDS[order["kind"]]
        self._first = self._fork(lambda send: first(order, send), order, is_first=True)
        self.children = [self._first]
        for work in others:
            run = _bind(work, order)
            self.children.append(self._fork(run, order, is_first=False))

    def find_child(self, process: int) -> Child | None:
        """Return the child with this number."""
        return next((child for child in self.children if child.process == process), None)

    def has_ended(self) -> bool:
        """Return whether the first process has ended; it is not reaped yet."""
        looked = os.waitid(os.P_PID, self._first.process, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return looked is not None

    def find_excess(self) -> Excess | None:
        """Return the limit that the job has exceeded, if it is limited at all."""
        if not self._confinement.layers.watchdog:
            return None
        return self._watchdog.find_excess(child.process for child in self.children)

    def end(self) -> int:
        """Kill what still runs; return the exit status of the first, negative for a signal."""
        # Killed before it is reaped: until then the group's number cannot be another one's.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._first.process, signal.SIGKILL)
        for child in self.children:  # a scene may have changed its group
            os.kill(child.process, signal.SIGKILL)
        ended = [os.waitpid(child.process, 0)[1] for child in self.children]
        return os.waitstatus_to_exitcode(ended[0])

    def compile(self, request: FormulaRequest, folder: Path) -> Child:
        """Compile a formula in a process of its own, with a new folder of its own."""

        def run(send: Send) -> int:
            confine_compilers(
                folder,
                self._confinement.layers,
                readable=(*self._confinement.readable, *self._confinement.tex_folders),
            )
            send(answer=compile_formula(request, folder).model_dump())
            return 0

        child = _fork(run, group=self._first.process)
        self.children.append(child)
        return child

    def _fork(self, run: Callable[[Send], int], order: Job, *, is_first: bool) -> Child:
        def run_confined(send: Send) -> int:
            if not is_first:
                os.nice(10)
            self._confinement.confine(self.folder, timeout_s=order["timeout_s"])
            return run(send)

        return _fork(run_confined, group=0 if is_first else self._first.process)


def _bind(work: Work, order: Job) -> Callable[[Send], int]:
    return lambda send: work(order, send)


def adopt_orphans() -> None:
    """Adopt orphans: make this process a subreaper, so that they can be found."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def kill_orphans(known: set[int]) -> None:
    """Kill every child that is not ``known``: it left its group, and its own parent ended."""
    while strays := find_children(os.getpid()) - known:
        for stray in strays:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(stray, signal.SIGKILL)
                os.waitpid(stray, 0)


def _fork(run: Callable[[Send], int], *, group: int) -> Child:
    parent = os.getpid()
    hears, speaks = os.pipe()
    is_answered, answers = os.pipe()
    process = os.fork()
    if process:
        os.close(speaks)
        os.close(is_answered)
        os.set_blocking(answers, False)
        _join_group(process, group)
        return Child(process, hears, answers)
    status = 1
    try:
        _join_group(0, group)
        _begin_child(speaks, is_answered, parent)
        status = run(Channel(_SPEAKS, _HEARS))
    except BaseException:  # noqa: BLE001 - nothing may return into the supervisor's loop
        traceback.print_exc()
    finally:
        # Not sys.exit: the handlers and buffers of the supervisor are not the child's.
        os._exit(status)


def _begin_child(speaks: int, hears: int, parent: int) -> None:
    """Close everything of the supervisor, before any code of the scene is read."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    # First away from the numbers that they are to have, so that neither takes the other's.
    moved = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, _HEARS + 1) for descriptor in (speaks, hears)]
    os.dup2(moved[0], _SPEAKS)
    os.dup2(moved[1], _HEARS)
    os.closerange(_HEARS + 1, os.sysconf("SC_OPEN_MAX"))
    die_with_parent(parent)


def _join_group(process: int, group: int) -> None:
    # Both sides do it, so that it is done whichever comes first; the second may be too late.
    with contextlib.suppress(OSError):
        os.setpgid(process, group)
