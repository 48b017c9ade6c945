"""Small scenes that the rendering tests draw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shaperotator_magic.core.records import CheckedScene, Origin, SceneCode
from shaperotator_magic.rendering.renderer import RenderRequest

CIRCLE = """
from manim import *

class Small(Scene):
    def construct(self):
        circle = Circle(fill_opacity=1)
        self.play(Create(circle), run_time=0.5)
        self.play(FadeOut(circle), run_time=0.5)
        self.wait(0.5)
"""

# It passes the checks, which see that a loop never ends only where that is plain.
ENDLESS = """from manim import *

class Endless(Scene):
    def construct(self):
        n = 0
        while n >= 0:
            n += 1
"""


def build_scene(source: str, scene_name: str = "Small") -> CheckedScene:
    """Return source as if the checks had passed it."""
    code = SceneCode(source=source, scene_name=scene_name, origin=Origin(writer="user"))
    return CheckedScene(code=code)


def build_construct(body: str, base: str = "Scene") -> CheckedScene:
    """Return a scene whose construct() is these lines; the first of them is line 4."""
    indented = "\n".join(" " * 8 + line for line in body.splitlines())
    return build_scene(
        f"from manim import *\nclass Small({base}):\n    def construct(self):\n{indented}\n"
    )


def build_request(media_dir: Path, **changes: Any) -> RenderRequest:
    """Return a request for a video of the smallest size."""
    wanted = {"width_px": 128, "height_px": 72, "fps": 10, "timeout_s": 600.0, **changes}
    return RenderRequest(media_dir=media_dir, **wanted)
