"""A small scene in space, drawn once for the tests that step through it and turn it."""

from __future__ import annotations

from pathlib import Path

from shaperotator_magic.core.records import (
    CheckedScene,
    Generation,
    Origin,
    Prompt,
    RenderedVideo,
    SceneCode,
)
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.worker import Worker

SOURCE = """from manim import *


class Space(ThreeDScene):
    def construct(self):
        self.set_camera_orientation(phi=65 * DEGREES, theta=-50 * DEGREES)
        title = Text("In space").to_corner(UL)
        self.add_fixed_in_frame_mobjects(title)
        cube = Cube(fill_opacity=0.8)
        label = Text("up").move_to([0, 0, 2])
        self.add_fixed_orientation_mobjects(label)
        self.next_section("A cube")
        self.play(FadeIn(cube), run_time=0.5)
        self.next_section("It turns")
        self.play(Rotate(cube, 0.6), run_time=0.5)
        self.wait(0.2)
        self.next_section("It moves")
        self.play(cube.animate.shift(RIGHT), run_time=0.5)
"""


def build_scene() -> CheckedScene:
    code = SceneCode(source=SOURCE, scene_name="Space", origin=Origin(writer="user"))
    return CheckedScene(code=code)


def draw_space(media_dir: Path) -> RenderedVideo:
    """Return the video of the scene, 10 frames a second, with its steps and its shapes."""
    request = RenderRequest(width_px=426, height_px=240, fps=10, media_dir=media_dir)
    worker = Worker()
    try:
        return worker.render(
            build_scene(), request, variables={}, on_progress=lambda done, total: None
        )
    finally:
        worker.close()


def build_generation(video: RenderedVideo, title: str) -> Generation:
    return Generation(prompt=Prompt(text=title), scene=build_scene(), video=video)
