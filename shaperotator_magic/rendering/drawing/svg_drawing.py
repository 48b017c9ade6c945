"""The last frame of a scene as SVG: drawn by manim's own camera onto a surface of vectors.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from shaperotator_magic.rendering.drawing.marks import has_mark

# manim gives cairo red and blue in each other's place: its pictures have them so in memory.
_COLOUR = re.compile(r"rgb\(([^,()]+),([^,()]+),([^,()]+)\)")


def write_svg(scene: Any, target: Path) -> bool:
    """Write what a scene shows at its end; False where it shows what is no drawing.

    Pictures and clouds of points are none, nor is what a camera shows that somebody has made, nor a
    background with a mark.
    """
    import cairo
    from manim import Camera, ManimColor, MovingCamera, ThreeDCamera
    from manim.mobject.types.vectorized_mobject import VMobject
    from manim.utils.family import extract_mobject_family_members

    camera = scene.renderer.camera
    if type(camera) not in {Camera, MovingCamera, ThreeDCamera} or has_mark(camera):
        return False
    everything = [*scene.mobjects, *scene.foreground_mobjects]
    members = extract_mobject_family_members(everything, only_those_with_points=True)
    if not all(isinstance(one, VMobject) and not one.get_background_image() for one in members):
        return False
    with cairo.SVGSurface(str(target), camera.pixel_width, camera.pixel_height) as surface:
        context = cairo.Context(surface)
        red, green, blue, _ = ManimColor(camera.background_color).to_rgba()
        context.set_source_rgba(blue, green, red, camera.background_opacity)
        context.paint()
        context.set_matrix(_build_matrix(camera))
        for vmobject in camera.get_mobjects_to_display(everything):
            camera.display_vectorized(vmobject, context)
    drawn = target.read_text(encoding="utf-8")
    target.write_text(_COLOUR.sub(r"rgb(\3,\2,\1)", drawn), encoding="utf-8")
    return True


def _build_matrix(camera: Any) -> Any:
    """Return the matrix that ``Camera.get_cairo_context`` sets: the frame onto the pixels."""
    import cairo

    across = camera.pixel_width / camera.frame_width
    up = camera.pixel_height / camera.frame_height
    centre = camera.frame_center
    left = camera.pixel_width / 2 - centre[0] * across
    top = camera.pixel_height / 2 + centre[1] * up
    return cairo.Matrix(across, 0, 0, -up, left, top)
