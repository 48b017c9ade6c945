"""Methods of scenes that other libraries and plugins have."""

from manim import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    FadeOut,
    Group,
    color_gradient,
)


class Narration:
    """What is said while animations run; nothing is heard, its length is that of the words."""

    def __init__(self, text="", **options):
        self.text = str(text)
        self.duration = max(1.0, len(self.text.split()) / 2.5)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def get_remaining_duration(self, buff=0):
        """Return seconds that are left."""
        return 1.0

    def time_until_bookmark(self, mark="", **options):
        """Return seconds until a mark in the words."""
        return 1.0


def clear_all(scene, **options):
    """Fade out whatever is seen."""
    if scene.mobjects:
        scene.play(FadeOut(Group(*scene.mobjects)))


def wipe(scene, old=(), new=(), **options):
    """Fade out some things, then fade in others."""
    old = old if isinstance(old, (list, tuple)) else [old]
    new = new if isinstance(new, (list, tuple)) else [new]
    if old:
        scene.play(*[FadeOut(part) for part in old])
    if new:
        scene.play(*[FadeOut(part, reverse_rate_function=True) for part in new])


def color_by_height(surface, *given, colors=(BLUE, GREEN, YELLOW, RED), **options):
    """Colour the faces of a surface by their height."""
    plain = [row[0] if isinstance(row, (list, tuple)) else row for row in colors or ()]
    shades = color_gradient(plain if len(plain) > 1 else [BLUE, RED], 20)
    faces = surface.submobjects or [surface]
    heights = [face.get_center()[2] for face in faces]
    low, span = min(heights), max(max(heights) - min(heights), 0.001)
    for face, height in zip(faces, heights):
        face.set_fill(shades[int(19 * (height - low) / span)])
    return surface


def paint_background(scene, color="BLACK", *given, **options):
    """Give a scene another background."""
    scene.camera.background_color = options.get("color", color)
