"""Animations that were drawn before are passed over: their pieces of video are kept.

Used in the render process alone. construct() runs as always. Where it plays an animation whose
script and state are those of a kept piece, the piece takes its place in the video, and the scene
goes on to the animation's end: frame by frame without drawing where anything changes by itself,
at once where every frame is decided by its own time alone. The state in which that leaves the
scene must be the one in which drawing had left it. If it is not, the scene stops, and the parent
has it drawn from the beginning.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NoReturn

import numpy as np

from shaperotator_magic.rendering.channel import Job, Send
from shaperotator_magic.rendering.plays import DrawnPlay, KeptPlay, Piece, Snapshot
from shaperotator_magic.rendering.states import look_at

# Their pictures depend on the time alone, not on the pictures before; manim's own, not what a
# scene derives from them.
_TIMELESS = frozenset(
    "Transform ReplacementTransform TransformFromCopy ClockwiseTransform MoveToTarget "
    "CounterclockwiseTransform _MethodAnimation ApplyMethod FadeToColor ScaleInPlace Restore "
    "ShrinkToCenter CyclicReplace Swap FadeTransform FadeTransformPieces TransformMatchingShapes "
    "TransformMatchingTex Create Uncreate DrawBorderThenFill Write FadeIn FadeOut "
    "GrowFromPoint GrowFromCenter GrowFromEdge GrowArrow SpinInFromNothing Indicate Circumscribe "
    "ShowPassingFlash ShowPassingFlashWithThinningStrokeWidth Flash Rotate Rotating "
    "AnimationGroup LaggedStart LaggedStartMap Succession Wait Add SpiralIn".split()
)


class OutOfStepError(BaseException):
    """The scene is not where it was when it was drawn; no except clause of a scene holds it."""


@dataclass
class _Play:
    """The animation that is being played."""

    statement: int
    number: int
    animation_index: int = 0
    begin: str | None = None  # not known: it is not part of the video
    kept: KeptPlay | None = None


class Passing:
    """Decides of every animation of one scene whether it is drawn.

    ``plays`` are the animations so far: their statement, their number and how they began (None
    where they are not part of the video). ``chain`` is a digest of all their states at that moment.

    Parameters
    ----------
    job
        ``script`` says where the statements of construct() are, ``kept`` which pieces there are.
    """

    def __init__(self, scene: Any, job: Job, send: Send) -> None:
        self._scene = scene
        self._send = send
        self._folder = Path(job["folder"])
        self._lines: list[list[int]] = job["script"]["lines"]
        self._construct = _find_code(scene, job["script"]["construct_line"])
        kept = [KeptPlay.model_validate(row) for row in job["script"]["kept"]]
        self._kept = {(play.statement, play.number): play for play in kept}
        self._counts: dict[int, int] = {}
        self.chain = ""
        self.plays: list[tuple[int, int, str | None]] = []
        self._play: _Play | None = None
        self._is_out_of_step = False
        self._play_as_manim = scene.renderer.play
        scene.renderer.play = self._step
        scene.renderer.file_writer.find_kept = self._find_kept

    @property
    def scene_name(self) -> str:
        """How construct() calls the scene."""
        return self._construct.co_varnames[0] if self._construct else "self"

    @property
    def piece(self) -> Piece | None:
        """The kept piece that stands for the last animation."""
        kept = self._play.kept if self._play else None
        return self._find_piece(kept) if kept else None

    @property
    def drawn(self) -> tuple[int, int] | None:
        """The statement and number of the last animation, if it is a part of the video."""
        play = self._play
        is_part = play is not None and play.begin is not None
        return (play.statement, play.number) if play and is_part else None

    def note_drawn(self, share: float) -> None:
        """Tell the parent of the animation that was just drawn."""
        play = self._play
        if play is None or play.begin is None or play.kept is not None:
            return
        drawn = DrawnPlay(
            statement=play.statement,
            number=play.number,
            animation=play.animation_index,
            begin=play.begin,
            after=look_at(self._scene, have_ended=True).digest,
            share=share,
        )
        self._send(drawn=drawn.model_dump())

    def _step(self, scene: Any, *animations: Any, **options: Any) -> None:
        if self._is_out_of_step:
            raise OutOfStepError
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

    def _check_end(self, kept: KeptPlay) -> None:
        if look_at(self._scene, have_ended=True).digest != kept.after:
            self.give_up()

    def give_up(self) -> NoReturn:
        """Say that what is kept does not fit, and stop the scene."""
        self._is_out_of_step = True
        self._send(out_of_step=True)
        raise OutOfStepError

    def pass_all(self, snapshot: Snapshot, chain: str) -> list[Piece]:
        """Put the pieces of all animations before a snapshot into the video, at its beginning.

        Raises
        ------
        KeyError
            One of them is not there.
        """
        pieces = []
        renderer = self._scene.renderer
        writer = renderer.file_writer
        for index, (statement, number, begin) in enumerate(snapshot.plays):
            kept = self._kept[(statement, number)]
            self._play = _Play(statement, number, index, begin, kept)
            writer.add_partial_movie_file(f"kept_{index:05}")
            writer.find_kept = lambda _, kept=kept: self._folder / kept.file
            writer.begin_animation(True, animation_index=index)
            writer.end_animation(True)
            pieces.append(self._find_piece(kept))
        writer.find_kept = self._find_kept
        renderer.num_plays = len(snapshot.plays)
        self.plays, self.chain = list(snapshot.plays), chain
        return pieces

    def _find_piece(self, kept: KeptPlay) -> Piece:
        return Piece((kept.statement, kept.number), self._folder / kept.file, kept.share)

    def _find_statement(self) -> int:
        """Return which statement of construct() runs; the last where that is not known."""
        last = len(self._lines) - 1
        line = 0
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code is self._construct:
                if line:  # it called itself: then anything may have run before
                    return last
                line = frame.f_lineno
            frame = frame.f_back
        at = [i for i, (first, end) in enumerate(self._lines) if first <= line <= end]
        return max(at, default=last)

    def _find_kept(self, animation_index: int) -> Path | None:
        """Return the piece that stands for the animation that begins, None if it is drawn."""
        play = self._play
        if play is None:
            return None
        state = look_at(self._scene)
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
        # A camera within the camera fits its frame anew whenever it is drawn.
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
        scene.last_t = times[-1]
        for _ in times:  # one by one, as their sum is rounded
            scene.renderer.add_frame(None)
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
