"""A scene is put aside between its animations, and a changed one begins where it is another.

Used in the render process alone. ``boundaries.divide`` makes a construct() that calls this module
between its statements. Where an animation has ended, the scene is written down (``snapshots.py``),
as often as that takes a small part of the time. A later render whose script begins with the same
statements takes the scene up there: the pieces of video until then are put together, and the
statements that made them are not run.
"""

from __future__ import annotations

import ast
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shaperotator_magic.rendering.boundaries import AT_STATEMENT, RESUME, divide
from shaperotator_magic.rendering.channel import Job, Send
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes
from shaperotator_magic.rendering.passing import Passing
from shaperotator_magic.rendering.plain_files import create_plain
from shaperotator_magic.rendering.plays import KEPT_SNAPSHOT, Piece, Snapshot, name_snapshot
from shaperotator_magic.rendering.snapshots import (
    Constants,
    ForgottenPath,
    SnapshotError,
    remember,
    take_up,
)
from shaperotator_magic.rendering.states import look_at

_EXPECTED_S = 0.005
# Of what a scene may spend on being put aside: how many times as much again in its last quarter,
# whose statements are changed most and take longest to reach, and for the last place alone.
_LATE_FACTOR = 2
_LAST_FACTOR = 8
_LARGEST_SNAPSHOT_BYTES = 10_000_000

PassedListener = Callable[[Sequence[Piece], int], None]
"""Called with the pieces of the animations that were not run, and the number of their frames."""


def divide_source(job: Job) -> ast.Module | None:
    """Return the tree to run instead of a job's source; None where the source is run as it is."""
    script = job["script"]
    if not script or not script["boundaries"]:
        return None
    snapshot = _read_snapshot(job)
    begin, names = (snapshot.statement, snapshot.names) if snapshot else (0, ())
    return divide(job["source"], script["construct_line"], begin=begin, names=names)


class Resuming:
    """Puts one scene aside, and takes it up.

    Parameters
    ----------
    on_passed
        Called when the scene has been taken up.
    """

    def __init__(
        self,
        scene: Any,
        job: Job,
        passing: Passing,
        send: Send,
        *,
        notes: FormulaNotes,
        on_passed: PassedListener,
    ) -> None:
        self._scene = scene
        self._folder = Path(job["folder"])
        self._fps: float = job["fps"]
        self._boundaries = frozenset(job["script"]["boundaries"])
        self._share: float = job["script"]["share"]
        self._last = max(self._boundaries, default=0)
        self._late_from = len(job["script"]["lines"]) * 3 // 4
        self._snapshot = _read_snapshot(job)
        self._passing = passing
        # construct() is called with the scene again; its class is known to the function itself.
        self._left_out = {passing.scene_name, "__class__"}
        self._send = send
        self._notes = notes
        self._on_passed = on_passed
        self._began_at = time.process_time()
        self._passed_s = 0.0  # what another process spent on the statements before
        self._spent_s: dict[int, float] = defaultdict(float)  # by the factors
        self._expected_s = _EXPECTED_S
        self._plays_at_last = 0
        self._constants = Constants()
        ForgottenPath.on_use = passing.give_up

    def enter(self, module: Any) -> None:
        """Let a divided construct() find what it calls."""
        vars(module).update({AT_STATEMENT: self._put_aside, RESUME: self._take_up})

    def _put_aside(self, statement: int, variables: Mapping[str, Any]) -> None:
        """Write the scene down if it can be taken up here and that is worth its time."""
        plays = self._passing.plays
        if statement not in self._boundaries or len(plays) == self._plays_at_last:
            return
        began = [(play[0], play[1], play[2]) for play in plays if play[2] is not None]
        factor = self._find_factor(statement)
        left_s = self._share * factor * self._measure_work() - self._spent_s[factor]
        # What setup() played is played again; what another statement did cannot be before this one.
        is_in_order = all(play[0] < statement for play in plays)
        if left_s < self._expected_s or len(began) < len(plays) or not is_in_order:
            return
        self._plays_at_last = len(plays)
        began_at = time.thread_time()
        own = {name: value for name, value in variables.items() if name not in self._left_out}
        self._write(statement, own, tuple(began))
        self._expected_s = time.thread_time() - began_at
        self._spent_s[factor] += self._expected_s

    def _find_factor(self, statement: int) -> int:
        if statement == self._last:
            return _LAST_FACTOR
        return _LATE_FACTOR if statement >= self._late_from else 1

    def _measure_work(self) -> float:
        """Return the processor seconds of the scene until now, with those that were not spent."""
        return time.process_time() - self._began_at + self._passed_s

    def _write(
        self, statement: int, variables: Mapping[str, Any], plays: tuple[tuple[int, int, str], ...]
    ) -> None:
        rest = {
            "chain": self._passing.chain,
            "state": self._look(),
            "time": self._scene.renderer.time,
            "reasons": self._notes.reasons,
            "work_s": self._measure_work(),
        }
        try:
            if not self._constants.are_unchanged():
                raise SnapshotError("a constant of manim was changed")
            # Refused where there are thousands of animations or variables.
            told = Snapshot(statement=statement, names=tuple(sorted(variables)), plays=plays)
            content = remember(self._scene, variables, rest)
        except (SnapshotError, ValidationError):
            self._boundaries = frozenset()  # what cannot be put aside once mostly stays so
            return
        if len(content) > _LARGEST_SNAPSHOT_BYTES:
            return
        place = self._folder / name_snapshot(statement)
        place.parent.mkdir(exist_ok=True)
        create_plain(place, content)
        self._send(snapshot=told.model_dump())

    def _take_up(self) -> tuple[Any, ...]:
        """Bring the scene to where it was; return its local variables, ordered by name."""
        snapshot = self._snapshot
        if snapshot is None or self._passing.plays:
            self._passing.give_up()
        try:
            memory = take_up(self._scene, (self._folder / KEPT_SNAPSHOT).read_bytes())
            values = tuple(memory.variables[name] for name in snapshot.names)
            time_s, state = memory.rest["time"], memory.rest["state"]
            self._passed_s = memory.rest["work_s"]
            self._notes.reasons.update(memory.rest["reasons"])
            pieces = self._passing.pass_all(snapshot, memory.rest["chain"])
        except (SnapshotError, KeyError, TypeError, AttributeError):
            self._passing.give_up()
        self._scene.renderer.time = time_s
        if self._look() != state:
            self._passing.give_up()
        self._plays_at_last = len(snapshot.plays)
        self._on_passed(pieces, round(time_s * self._fps))
        return values

    def _look(self) -> str:
        """Return a digest of the scene, without the animations that have ended."""
        scene = self._scene
        ended, scene.animations = scene.animations, None
        try:
            return look_at(scene).digest
        finally:
            scene.animations = ended


def _read_snapshot(job: Job) -> Snapshot | None:
    told = job["script"]["snapshot"]
    return Snapshot.model_validate(told) if told else None
