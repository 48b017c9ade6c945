"""Skips animations that were drawn before: their cached segments are joined instead.

Runs in a scene's process. construct() runs as always. Where it plays an animation whose script and
digest are those of a cached segment, that segment goes into the video, and the scene is advanced to
the end of the animation without drawing: frame by frame where updaters run, in one step where every
frame depends on its own time alone. The digest of the scene must then be the one that was stored
after drawing. If it is not, the scene stops (``DivergedError``), and the caller has it drawn from
the beginning.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NoReturn

import numpy as np

from shaperotator_magic.rendering.checkpoints.digests import digest_scene
from shaperotator_magic.rendering.exchange.channel import Job, Send
from shaperotator_magic.rendering.exchange.plays import (
    CachedPlay,
    CachedSegment,
    Checkpoint,
    DrawnPlay,
    PlayStep,
)

# manim's own animations whose frames depend on the time alone, not on the frames before.
# Subclasses in a scene are not meant.
_TIMELESS = frozenset(
    "Transform ReplacementTransform TransformFromCopy ClockwiseTransform MoveToTarget "
    "CounterclockwiseTransform _MethodAnimation ApplyMethod FadeToColor ScaleInPlace Restore "
    "ShrinkToCenter CyclicReplace Swap FadeTransform FadeTransformPieces TransformMatchingShapes "
    "TransformMatchingTex Create Uncreate DrawBorderThenFill Write FadeIn FadeOut "
    "GrowFromPoint GrowFromCenter GrowFromEdge GrowArrow SpinInFromNothing Indicate Circumscribe "
    "ShowPassingFlash ShowPassingFlashWithThinningStrokeWidth Flash Rotate Rotating "
    "AnimationGroup LaggedStart LaggedStartMap Succession Wait Add SpiralIn".split()
)


class DivergedError(BaseException):
    """The digest of the scene is not the cached one; no ``except`` of a scene catches this."""


@dataclass
class _Play:
    """The animation that is being played."""

    statement: int
    number: int
    animation_index: int = 0
    begin: str | None = None  # None: it is not part of the video
    kept: CachedPlay | None = None


class AnimationSkipper:
    """Decides for every animation of one scene whether it is drawn or skipped.

    ``plays`` are the animations so far: statement, number, and the digest at their beginning (None
    where they are not part of the video). ``chain`` is a digest of all those digests.

    Parameters
    ----------
    job
        ``script`` has the lines of the statements of construct(), and ``kept``, the cached
        segments.
    """

    def __init__(self, scene: Any, job: Job, send: Send) -> None:
        self._scene = scene
        self._send = send
        self._folder = Path(job["folder"])
        self._lines: list[list[int]] = job["script"]["lines"]
        self._construct = _find_code(scene, job["script"]["construct_line"])
        self._kept: dict[tuple[int, int], CachedPlay] = {}
        self._keep(job["script"]["kept"])
        self._counts: dict[int, int] = {}
        self.chain = ""
        self.plays: list[tuple[int, int, str | None]] = []
        self._play: _Play | None = None
        self._has_diverged = False
        self.find_wanted: Callable[[int], Container[int]] = lambda count: ()
        """Which frames, of so many of an animation, somebody looks at although it is skipped."""
        self.on_grown: Callable[[Mapping[str, Any]], None] = lambda script: None
        self._play_as_manim = scene.renderer.play
        scene.renderer.play = self._step
        scene.renderer.file_writer.find_cached = self._find_cached

    def take_more(self, more: Mapping[str, Any], construct: CodeType) -> None:
        """Take in that more of the scene is known, and which code runs it."""
        if more["script"]:
            self._lines, self._construct = more["script"]["lines"], construct
            self._keep(more["script"]["kept"])
            self.on_grown(more["script"])

    def _keep(self, rows: Iterable[Mapping[str, Any]]) -> None:
        kept = [CachedPlay.model_validate(row) for row in rows]
        self._kept |= {(play.statement, play.number): play for play in kept}

    @property
    def scene_name(self) -> str:
        """The name of construct()'s first parameter, usually ``self``."""
        return self._construct.co_varnames[0] if self._construct else "self"

    @property
    def segment(self) -> CachedSegment | None:
        """The cached segment of the last animation, None where it was drawn."""
        kept = self._play.kept if self._play else None
        return self._find_segment(kept) if kept else None

    @property
    def drawn(self) -> tuple[int, int] | None:
        """The statement and number of the last animation, if it is a part of the video."""
        play = self._play
        is_part = play is not None and play.begin is not None
        return (play.statement, play.number) if play and is_part else None

    def note_drawn(self, share: float, step: PlayStep) -> None:
        """Report the animation that was just drawn."""
        play = self._play
        if play is None or play.begin is None or play.kept is not None:
            return
        drawn = DrawnPlay(
            statement=play.statement,
            number=play.number,
            animation=play.animation_index,
            begin=play.begin,
            after=digest_scene(self._scene, have_ended=True).digest,
            share=share,
            step=step,
        )
        self._send(drawn=drawn.model_dump())

    def _step(self, scene: Any, *animations: Any, **options: Any) -> None:
        if self._has_diverged:
            raise DivergedError
        statement = self._find_statement()
        number = self._counts.get(statement, 0)
        self._counts[statement] = number + 1
        self._play = play = _Play(statement, number)
        try:
            self._play_as_manim(scene, *animations, **options)
        finally:
            self._draw_again()
        if play.kept is not None:
            self._check_end(play.kept)
        self.plays.append((play.statement, play.number, play.begin))

    def _check_end(self, kept: CachedPlay) -> None:
        if digest_scene(self._scene, have_ended=True).digest != kept.after:
            self.report_divergence()

    def report_divergence(self) -> NoReturn:
        """Report that the cache does not match this run, and stop the scene."""
        self._has_diverged = True
        self._send(diverged=True)
        raise DivergedError

    def skip_all(self, checkpoint: Checkpoint, chain: str) -> list[CachedSegment]:
        """Begin the video with the cached segments of all animations before a checkpoint.

        Raises
        ------
        KeyError
            One of them is not cached.
        """
        segments = []
        renderer = self._scene.renderer
        writer = renderer.file_writer
        for index, (statement, number, begin) in enumerate(checkpoint.plays):
            kept = self._kept[(statement, number)]
            self._play = _Play(statement, number, index, begin, kept)
            writer.add_partial_movie_file(f"kept_{index:05}")
            writer.find_cached = lambda _, kept=kept: self._folder / kept.file
            writer.begin_animation(True, animation_index=index)
            writer.end_animation(True)
            segments.append(self._find_segment(kept))
        writer.find_cached = self._find_cached
        renderer.num_plays = len(checkpoint.plays)
        self.plays, self.chain = list(checkpoint.plays), chain
        return segments

    def _find_segment(self, kept: CachedPlay) -> CachedSegment:
        play_id = (kept.statement, kept.number)
        return CachedSegment(play_id, self._folder / kept.file, kept.share, kept.step)

    def _find_statement(self) -> int:
        """Return the index of the statement of construct() that runs; the last if unknown."""
        last = len(self._lines) - 1
        line = 0
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code is self._construct:
                if line:  # it is recursive: then anything may have run before
                    return last
                line = frame.f_lineno
            frame = frame.f_back
        at = [i for i, (first, end) in enumerate(self._lines) if first <= line <= end]
        return max(at, default=last)

    def _find_cached(self, animation_index: int) -> Path | None:
        """Return the cached segment of the animation that begins, None if it has to be drawn."""
        play = self._play
        if play is None:
            return None
        state = digest_scene(self._scene)
        self.chain = hashlib.sha256((self.chain + state.digest).encode()).hexdigest()
        play.begin, play.animation_index = self.chain, animation_index
        kept = self._kept.get((play.statement, play.number))
        if kept is None or kept.begin != play.begin:
            return None
        play.kept = kept
        self._draw_nothing(is_timeless=not state.has_updaters and _is_timeless(self._scene))
        return self._folder / kept.file

    def _draw_nothing(self, *, is_timeless: bool) -> None:
        renderer = self._scene.renderer
        # A camera within the camera fits its frame whenever it is drawn.
        fit = getattr(renderer.camera, "update_sub_cameras", None)
        renderer.update_frame = lambda *_, **__: fit() if fit else None
        renderer.get_frame = lambda: None
        if is_timeless and fit is None:
            self._scene.play_internal = self._jump

    def _draw_again(self) -> None:
        for owner, name in (
            (self._scene.renderer, "update_frame"),
            (self._scene.renderer, "get_frame"),
            (self._scene, "play_internal"),
        ):
            owner.__dict__.pop(name, None)

    def _jump(self) -> None:
        """Stand in for ``Scene.play_internal`` where only the end matters."""
        scene = self._scene
        scene.duration = scene.get_run_time(scene.animations)
        times = np.arange(0, scene.duration, 1 / scene.renderer.camera.frame_rate)
        wanted = self.find_wanted(len(times))
        for at, time in enumerate(times):  # one by one, as their sum is rounded
            if at in wanted:
                scene.update_to_time(time)
                scene.renderer.render(scene, time, scene.moving_mobjects)
            else:
                scene.renderer.add_frame(None)
        scene.last_t = times[-1]
        for animation in scene.animations:
            animation.finish()
            animation.clean_up_from_scene(scene)
        scene.update_mobjects(0)
        scene.renderer.static_image = None


def _find_code(scene: Any, construct_line: int) -> CodeType | None:
    code: CodeType | None = getattr(type(scene).construct, "__code__", None)
    return code if code is not None and code.co_firstlineno == construct_line else None


def _is_timeless(scene: Any) -> bool:
    from manim import Scene

    is_stepped_plainly = all(
        getattr(type(scene), name) is getattr(Scene, name)
        for name in ("play_internal", "update_to_time", "update_mobjects", "update_self")
    )
    return (
        is_stepped_plainly
        and scene.stop_condition is None
        and all(map(_depends_on_time_alone, scene.animations))
    )


def _depends_on_time_alone(animation: Any) -> bool:
    kind = type(animation)
    functions = (animation.rate_func, getattr(animation, "path_func", None))
    return (
        kind.__name__ in _TIMELESS
        and kind.__module__.startswith("manim.")
        and all(f is None or str(f.__module__).startswith("manim.") for f in functions)
        and all(map(_depends_on_time_alone, getattr(animation, "animations", ())))
    )
