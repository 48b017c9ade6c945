"""Runs construct() without drawing, and records what would be visible: how long, what, where.

Runs in a confined fork of the supervisor, which ends afterwards, so manim may be changed at will.
Every animation is recorded at its end; one that moves something also on its way. Time advances in
few large steps, and frame by frame only where updaters need that.
"""

from __future__ import annotations

import contextlib
import math
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from shaperotator_magic.core.records import Rehearsal, RehearsalFailure
from shaperotator_magic.rendering.exchange.channel import Job, Send
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, installed
from shaperotator_magic.rendering.process.growing import begin_growing, continue_growing
from shaperotator_magic.rendering.process.scene_run import (
    LOG_NAME,
    SCENE_FILE,
    count_frames,
    enter_folder,
    hold_still_scene,
    load_scene,
)
from shaperotator_magic.rendering.renderer import REHEARSAL_NAME
from shaperotator_magic.rendering.scene.explaining import explain_failure
from shaperotator_magic.rendering.scene.mistakes import MistakeDetector
from shaperotator_magic.rendering.scene.naming import Namer
from shaperotator_magic.rendering.scene.observing import Observer
from shaperotator_magic.rendering.stand_ins.installed import are_on

OnPlay = Callable[[Any, int], None]

# Seconds of one core of 2024 for each; measured on the recorded replies, of which the sum predicts
# nine tenths within a factor of 1.6.
_SECONDS_PER_MADE = 1.6e-4
_SECONDS_PER_UPDATE = 6e-6
_SECONDS_PER_SEEN = 4e-5
_SECONDS_PER_LOOK = 6e-3
_LOOKS = (0.3, 0.5, 0.75)
_SHORTEST_LOOKED_AT_S = 0.4


def rehearse_scene(job: Job, send: Send) -> int:
    """Rehearse the scene of a job; the result names a file in its folder that holds a Rehearsal."""
    folder = Path(job["folder"])
    rehearsed = run_without_drawing(job, folder, send)
    (folder / REHEARSAL_NAME).write_text(rehearsed.model_dump_json(exclude_defaults=True))
    send(result={"file": REHEARSAL_NAME})
    return 0


def run_without_drawing(job: Job, folder: Path, send: Send) -> Rehearsal:
    """Run the scene; an exception becomes the ``failure`` of the record so far."""
    stage = None
    try:
        enter_folder(folder, job, send)
        stage = _Stage(float(job["fps"]), job["source"])

        def load() -> type[Any]:
            scene_class = load_scene(job, begin_growing(job, None))
            continue_growing(scene_class, job, send, lambda more, _: stage.grow(more["source"]))
            return scene_class

        with installed(job["math"], FormulaNotes().take):
            stage.run(load)
        failure = None
    except BaseException as exc:  # noqa: BLE001 - whatever generated code raises is reported
        failure = explain_failure(exc, folder / LOG_NAME, SCENE_FILE)
    seen = stage.write_down(failure) if stage else Rehearsal(failure=failure)
    look = job.get("look")
    return seen.model_copy(update={"least_contrast": look["least_contrast"]}) if look else seen


def rehearse_class(
    scene_class: type[Any], *, fps: float, source: str = "", on_play: OnPlay | None = None
) -> Rehearsal:
    """Run a scene class in this process, and return the record.

    Parameters
    ----------
    source
        Its source, for the lines in which things are made; compiled as ``SCENE_FILE``.
    on_play
        Called with the scene and the number of the animation (from 0) when one has ended.

    Raises
    ------
    BaseException
        Whatever the scene raises.
    """
    stage = _Stage(fps, source, on_play)
    stage.run(lambda: scene_class)
    return stage.write_down(None)


class _Stage:
    """One scene on its way through construct()."""

    def __init__(self, fps: float, source: str, on_play: OnPlay | None = None) -> None:
        self._fps = fps
        self._on_play = on_play
        self._frames = self._plays = self._waits = 0
        self._faces = self._face_frames = 0
        self._made = self._updates = 0
        self._began_s = time.process_time()
        self._duration_s = 0.0
        self._ends_with_wait = False
        self._frame_size = (14.222, 8.0)
        self._names = Namer(source)
        self._seen: Observer | None = None
        self._mistakes = MistakeDetector(self._names)

    def grow(self, source: str) -> None:
        """Take in that the source has become longer."""
        self._names.grow(source)

    def run(self, load: Callable[[], type[Any]]) -> None:
        """Run the construct() of a scene class."""
        with _watched_constructors(self._note_made):
            scene = load()()
            self._seen = Observer(scene, self._names)
            self._step_through(scene)
            hold_still_scene(scene)
            scene.render()

    def write_down(self, failure: RehearsalFailure | None) -> Rehearsal:
        """Return the record of this run."""
        seen = self._seen
        return Rehearsal(
            plays=self._plays,
            waits=self._waits,
            frames=self._frames,
            faces=self._faces,
            face_frames=self._face_frames,
            effort=round(self._measure_effort(), 3),
            cpu_s=round(time.process_time() - self._began_s, 3),
            duration_s=round(self._duration_s, 3),
            ends_with_wait=self._ends_with_wait,
            frame_size=self._frame_size,
            things=tuple(seen.things) if seen else (),
            moments=tuple(seen.moments) if seen else (),
            mistakes=tuple(self._mistakes.found),
            background=seen.background if seen else (0.0, 0.0, 0.0),
            failure=failure,
        )

    def _measure_effort(self) -> float:
        moments = self._seen.moments if self._seen else ()
        return (
            self._made * _SECONDS_PER_MADE
            + self._updates * _SECONDS_PER_UPDATE
            + sum(len(moment.things) for moment in moments) * _SECONDS_PER_SEEN
            + len(moments) * _SECONDS_PER_LOOK
        )

    def _note_made(self, mobject: Any, line: int | None) -> None:
        self._made += 1
        if line is not None:
            self._names.note_made(mobject, line)

    def _step_through(self, scene: Any) -> None:
        """Make this scene's renderer skip the drawing, and record samples on the way."""
        from manim import config

        config.dry_run = True
        self._frame_size = (float(config.frame_width), float(config.frame_height))
        renderer = scene.renderer
        play = renderer.play

        def step(scene: Any, *animations: Any, **options: Any) -> None:
            renderer._original_skipping_status = True
            self._names.look(_find_scene_frames())
            self._mistakes.note_present(scene)
            play(scene, *animations, **options)
            self._finish_play(scene)

        renderer.play = step
        if are_on("rehearsal steps", "rehearsal drawing", "rehearsal background"):
            renderer.update_frame = lambda *_, **__: None
            renderer.save_static_frame_data = lambda *_, **__: None
            scene.play_internal = lambda *_, **__: self._pass_time(scene)

    def _pass_time(self, scene: Any) -> None:
        scene.duration = scene.get_run_time(scene.animations)
        self._mistakes.look(scene, self._plays + self._waits)
        looks = self._plan_looks(scene)
        size = sum(1 for _ in _find_family(scene))
        for fraction in self._plan_steps(scene, looks):
            self._updates += size
            scene.update_to_time(fraction * scene.duration)
            if fraction in looks:
                _settle(scene)
                self._look(scene, fraction)
            if scene.stop_condition is not None and scene.stop_condition():
                scene.duration *= fraction
                break
        for animation in scene.animations:
            animation.finish()
            animation.clean_up_from_scene(scene)

    def _plan_looks(self, scene: Any) -> tuple[float, ...]:
        if scene.duration < _SHORTEST_LOOKED_AT_S or not any(map(_moves, scene.animations)):
            return ()
        return _LOOKS

    def _plan_steps(self, scene: Any, looks: tuple[float, ...]) -> list[float]:
        counts_time = scene.stop_condition is not None or scene.updaters
        if counts_time or any(m.has_time_based_updater() for m in _find_family(scene)):
            frames = max(1, math.ceil(scene.duration * self._fps))
            return sorted({*looks, *(n / frames for n in range(1, frames + 1))})
        return [*looks, 1.0]

    def _finish_play(self, scene: Any) -> None:
        from manim import Wait

        _settle(scene)
        is_wait = len(scene.animations) == 1 and isinstance(scene.animations[0], Wait)
        is_frozen = scene.is_current_animation_frozen_frame()
        is_known = is_wait and is_frozen and self._seen and self._seen.prolong(scene.duration)
        if not is_known:
            self._look(scene, 1.0, stays_s=scene.duration if is_wait else 0.0)
        if self._on_play is not None:
            self._on_play(scene, self._plays + self._waits)
        frames = count_frames(scene.duration, self._fps, is_frozen=is_frozen)
        self._frames += frames
        faces = _count_faces(scene)
        self._faces = max(self._faces, faces)
        self._face_frames += faces * (1 if is_frozen else frames)
        self._duration_s += scene.duration
        self._plays += not is_wait
        self._waits += is_wait
        self._ends_with_wait = is_wait

    def _look(self, scene: Any, at: float, *, stays_s: float = 0.0) -> None:
        if self._seen is not None:
            self._names.look(_find_scene_frames())
            self._seen.look(scene, play=self._plays + self._waits, at=at, stays_s=stays_s)


def _settle(scene: Any) -> None:
    # Twice: chained updaters would lag by a whole animation where frames are skipped.
    scene.update_mobjects(0)
    scene.update_mobjects(0)


def _count_faces(scene: Any) -> int:
    """Count the faces that are drawn in space."""
    faces = 0
    waiting = list(scene.mobjects)
    while waiting:
        mobject = waiting.pop()
        waiting.extend(mobject.submobjects)
        faces += bool(getattr(mobject, "shade_in_3d", False)) and len(mobject.points) > 0
    return faces


def _find_family(scene: Any) -> Iterator[Any]:
    for mobject in scene.mobjects:
        yield from mobject.get_family()


def _moves(animation: Any) -> bool:
    """Return whether the way may show something that neither end shows."""
    from manim import AnimationGroup, FadeIn, FadeOut, ShowPartial, Wait, Write
    from manim.animation.creation import DrawBorderThenFill

    if isinstance(animation, AnimationGroup):
        return any(map(_moves, animation.animations))
    return not isinstance(
        animation, FadeIn | FadeOut | ShowPartial | DrawBorderThenFill | Write | Wait
    )


def _find_scene_frames() -> list[FrameType]:
    """Return the frames of the scene's own functions that run now, the innermost first."""
    frames = []
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename == SCENE_FILE:
            frames.append(frame)
        frame = frame.f_back
    return frames


@contextlib.contextmanager
def _watched_constructors(note_made: Callable[[Any, int | None], None]) -> Iterator[None]:
    """Record every mobject that is made, and the line of the scene that makes it, if any."""
    from manim import Mobject

    construct = Mobject.__init__

    def note(mobject: Any, *arguments: Any, **options: Any) -> None:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != SCENE_FILE:
            frame = frame.f_back
        note_made(mobject, frame.f_lineno if frame is not None else None)
        construct(mobject, *arguments, **options)

    Mobject.__init__ = note  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Mobject.__init__ = construct  # type: ignore[method-assign]
