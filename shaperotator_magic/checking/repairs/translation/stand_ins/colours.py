"""Colours as other libraries make them."""

from manim import ManimColor


def Color(name="white", **options):
    """Return a colour by its name, its hexadecimal digits or its parts between 0 and 1."""
    parts = options.get("rgb")
    if parts is None and "red" in options:
        parts = [options.get(part, 0) for part in ("red", "green", "blue")]
    if parts is not None:
        return ManimColor.from_rgb([float(part) for part in parts])
    return ManimColor(options.get("hex", options.get("color", name)))
