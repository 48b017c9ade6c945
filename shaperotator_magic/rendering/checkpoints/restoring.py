"""Checkpoints: the scene is serialised between its animations, and a later render restores it.

Runs in a scene's process. ``boundaries.divide`` builds a construct() that calls this module between
its statements. After an animation, the scene is serialised (``serializing.py``) as often as that
costs a small share of the render's time. A later render whose script begins with the same
statements restores the last checkpoint: it joins the cached segments of the animations before it
and does not run the statements that made them.
"""

from __future__ import annotations

import ast
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shaperotator_magic.rendering.checkpoints.boundaries import AT_STATEMENT, RESUME, divide
from shaperotator_magic.rendering.checkpoints.digests import digest_scene
from shaperotator_magic.rendering.checkpoints.serializing import (
    CheckpointError,
    Constants,
    ForgottenPath,
    restore_scene,
    serialize_scene,
)
from shaperotator_magic.rendering.checkpoints.skipping import AnimationSkipper
from shaperotator_magic.rendering.exchange.channel import Job, Send
from shaperotator_magic.rendering.exchange.plays import (
    CHECKPOINT_NAME,
    CachedSegment,
    Checkpoint,
    name_checkpoint,
)
from shaperotator_magic.rendering.exchange.regular_files import create_regular
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes

_EXPECTED_S = 0.005
# Factors on the time that checkpoints may take: in the last quarter of a scene, whose
# statements are edited most and take longest to reach, and before the last statement.
_LATE_FACTOR = 2
_LAST_FACTOR = 8
_LARGEST_CHECKPOINT_BYTES = 10_000_000

SkippedListener = Callable[[Sequence[CachedSegment], int], None]
"""Called with the segments of the skipped animations, and the number of their frames."""


def divide_source(job: Job) -> ast.Module | None:
    """Return the tree to run instead of a job's source; None where the source is run as it is."""
    script = job["script"]
    if not script or not script["boundaries"]:
        return None
    checkpoint = _read_checkpoint(job)
    begin, names = (checkpoint.statement, checkpoint.names) if checkpoint else (0, ())
    return divide(job["source"], script["construct_line"], begin=begin, names=names)


class SceneCheckpointer:
    """Writes the checkpoints of one scene, and restores it from one.

    Parameters
    ----------
    on_skipped
        Called when the scene has been restored.
    """

    def __init__(
        self,
        scene: Any,
        job: Job,
        skipper: AnimationSkipper,
        send: Send,
        *,
        notes: FormulaNotes,
        on_skipped: SkippedListener,
    ) -> None:
        self._scene = scene
        self._folder = Path(job["folder"])
        self._fps: float = job["fps"]
        self._can_serialize = True
        self._share: float = job["script"]["share"]
        self.grow(job["script"])
        self._checkpoint = _read_checkpoint(job)
        self._skipper = skipper
        skipper.on_grown = self.grow
        # construct() is called with the scene again; its class is known to the function itself.
        self._left_out = {skipper.scene_name, "__class__"}
        self._send = send
        self._notes = notes
        self._on_skipped = on_skipped
        self._began_at = time.process_time()
        self._skipped_s = 0.0  # of processor time, spent by the process that wrote the checkpoint
        self._spent_s: dict[int, float] = defaultdict(float)  # by the factors
        self._expected_s = _EXPECTED_S
        self._plays_at_last = 0
        self._constants = Constants()
        ForgottenPath.on_use = skipper.report_divergence

    def grow(self, script: Mapping[str, Any]) -> None:
        """Take in the boundaries and lines of a script that has become longer."""
        self._boundaries = frozenset(script["boundaries"]) if self._can_serialize else frozenset()
        self._last = max(self._boundaries, default=0)
        self._late_from = len(script["lines"]) * 3 // 4

    def enter(self, module: Any) -> None:
        """Define the functions that a divided construct() calls."""
        vars(module).update({AT_STATEMENT: self._write_checkpoint, RESUME: self._restore})

    def _write_checkpoint(self, statement: int, variables: Mapping[str, Any]) -> None:
        """Write a checkpoint if the scene can be restored here and that is worth its time."""
        plays = self._skipper.plays
        if statement not in self._boundaries or len(plays) == self._plays_at_last:
            return
        began = [(play[0], play[1], play[2]) for play in plays if play[2] is not None]
        factor = self._find_factor(statement)
        left_s = self._share * factor * self._measure_work() - self._spent_s[factor]
        # setup() runs again after a restore; an animation of a later statement cannot come before
        # this one.
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
        """Return the processor seconds of the scene so far, skipped statements included."""
        return time.process_time() - self._began_at + self._skipped_s

    def _write(
        self, statement: int, variables: Mapping[str, Any], plays: tuple[tuple[int, int, str], ...]
    ) -> None:
        rest = {
            "chain": self._skipper.chain,
            "state": self._look(),
            "time": self._scene.renderer.time,
            "reasons": self._notes.reasons,
            "work_s": self._measure_work(),
        }
        try:
            if not self._constants.are_unchanged():
                raise CheckpointError("a constant of manim was changed")
            # Refused where there are thousands of animations or variables.
            description = Checkpoint(
                statement=statement, names=tuple(sorted(variables)), plays=plays
            )
            content = serialize_scene(self._scene, variables, rest)
        except (CheckpointError, ValidationError):
            # What cannot be serialised once usually stays so.
            self._can_serialize, self._boundaries = False, frozenset()
            return
        if len(content) > _LARGEST_CHECKPOINT_BYTES:
            return
        place = self._folder / name_checkpoint(statement)
        place.parent.mkdir(exist_ok=True)
        create_regular(place, content)
        self._send(checkpoint=description.model_dump())

    def _restore(self) -> tuple[Any, ...]:
        """Restore the scene; return its local variables, ordered by name."""
        checkpoint = self._checkpoint
        if checkpoint is None or self._skipper.plays:
            self._skipper.report_divergence()
        try:
            memory = restore_scene(self._scene, (self._folder / CHECKPOINT_NAME).read_bytes())
            values = tuple(memory.variables[name] for name in checkpoint.names)
            time_s, state = memory.rest["time"], memory.rest["state"]
            self._skipped_s = memory.rest["work_s"]
            self._notes.reasons.update(memory.rest["reasons"])
            segments = self._skipper.skip_all(checkpoint, memory.rest["chain"])
        except (CheckpointError, KeyError, TypeError, AttributeError):
            self._skipper.report_divergence()
        self._scene.renderer.time = time_s
        if self._look() != state:
            self._skipper.report_divergence()
        self._plays_at_last = len(checkpoint.plays)
        self._on_skipped(segments, round(time_s * self._fps))
        return values

    def _look(self) -> str:
        """Return a digest of the scene, without the animations that have ended."""
        scene = self._scene
        ended, scene.animations = scene.animations, None
        try:
            return digest_scene(scene).digest
        finally:
            scene.animations = ended


def _read_checkpoint(job: Job) -> Checkpoint | None:
    description = job["script"]["checkpoint"]
    return Checkpoint.model_validate(description) if description else None
