"""Which steps a scene has, and what it shows at their ends and within them.

Runs in a scene's process. An animation whose piece of video was kept is read like any other,
for the scene went on to its end; of those that a resumed scene did not run at all, the names are
kept with their pieces, and nothing is known of their shapes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shaperotator_magic.rendering.exchange.geometry import GEOMETRY_NAME
from shaperotator_magic.rendering.exchange.plays import (
    LONGEST_NAME,
    MOST_PLAYS,
    PlayStep,
    build_steps,
    is_step_begun,
)
from shaperotator_magic.rendering.scene.moments import MomentRecorder

_UNNAMED = frozenset({"", "autocreated", "unnamed"})
_TOO_LARGE = "It cannot be turned: its shapes would take more than 150 kB."
_LOWEST = 0.34  # of the frame's height below its middle
_ROUNDED = 1e-6  # of a frame
_LEAST_CAPTION = 8  # characters; what is shorter is a number at an axis


class StepReader:
    """Reads the steps of one scene."""

    def __init__(self, scene: Any) -> None:
        from manim import MarkupText, Paragraph, Text

        self._scene = scene
        self._texts = (Text, MarkupText, Paragraph)
        self._moments = MomentRecorder(scene)
        self._plays: list[PlayStep] = []
        self._count = 0
        self._frames = 0
        self._wanted: dict[int, int] | None = None
        self._inherited = ""
        self._subtitles = 0

    def take_skipped(self, steps: Sequence[PlayStep]) -> None:
        """Take over the animations that a resumed scene did not run."""
        for step in steps:
            self._append(step)
        self._inherited = steps[-1].section if steps else ""

    def find_wanted(self, count: int) -> dict[int, int]:
        """Return which frames, of so many of an animation, ``pass_frame`` takes down."""
        return self._moments.find_frames(count, float(self._scene.camera.frame_rate))

    def pass_frame(self, time_s: float) -> None:
        """Take down a frame of the animation that is played, where it is one of those wanted."""
        fps = self._scene.camera.frame_rate
        if self._wanted is None:
            self._wanted = self.find_wanted(math.ceil(self._scene.duration * fps - _ROUNDED))
        frame = round(time_s * fps)
        rank = self._wanted.get(frame)
        if rank is not None:
            self._moments.see_passing(frame, rank)

    def read(self, frames: int) -> PlayStep:
        """Take down the animation that has just ended, with so many frames, and return it."""
        scene = self._scene
        is_skipped = bool(getattr(scene.renderer, "skip_animations", False))
        step = PlayStep(
            frames=0 if is_skipped else min(frames, 100_000),
            section=self._read_section()[:LONGEST_NAME],
            caption=" ".join(self._read_caption().split())[:LONGEST_NAME],
            is_pause=bool(scene.animations) and scene.is_current_animation_frozen_frame(),
        )
        begun, self._wanted = self._frames, None
        self._append(step)
        if self._count:
            self._moments.see(self._count - 1, begun, step.frames)
        return step

    def finish(self, folder: Path, fps: float) -> dict[str, Any]:
        """Write the shapes; return steps, geometry and notes for the report of the render."""
        steps = build_steps(self._plays, fps)
        has_shapes = bool(steps) and self._moments.write(folder, fps)
        is_too_large = self._moments.has_any and not has_shapes
        return {
            "steps": steps,
            "geometry": GEOMETRY_NAME if has_shapes else None,
            "notes": (_TOO_LARGE,) if is_too_large else (),
        }

    def _append(self, step: PlayStep) -> None:
        if len(self._plays) < MOST_PLAYS:
            self._count += is_step_begun(step, is_first=self._count == 0)
            self._frames += step.frames
            self._plays.append(step)

    def _read_section(self) -> str:
        sections = getattr(self._scene.renderer.file_writer, "sections", [])
        name = str(sections[-1].name) if sections else ""
        return self._inherited if name in _UNNAMED else name

    def _read_caption(self) -> str:
        subtitles = getattr(self._scene.renderer.file_writer, "subcaptions", [])
        if len(subtitles) > self._subtitles:
            self._subtitles = len(subtitles)
            return str(subtitles[-1].content)
        return max(self._find_low_texts(), key=len, default="")

    def _find_low_texts(self) -> list[str]:
        """Return the texts along the lower edge of the frame."""
        camera = self._scene.camera
        limit = camera.frame_center[1] - _LOWEST * camera.frame_height
        found = []
        for top in self._scene.mobjects:
            for mobject in top.get_family():
                if isinstance(mobject, self._texts) and mobject.get_center()[1] < limit:
                    found.append(_read_text(mobject))
        return [text for text in found if len(text) >= _LEAST_CAPTION]


def _read_text(mobject: Any) -> str:
    """Return what a text says; of a paragraph of manim's its lines know it."""
    text = getattr(mobject, "lines_text", mobject)
    return str(getattr(text, "original_text", "") or text.text)
