"""Contrast of colours as WCAG 2 defines it. Imports nothing of ours, and nothing heavy.

Runs in every process.
"""

from __future__ import annotations

Colour = tuple[float, float, float]
"""Red, green and blue in 0..1."""

VISIBLE_CONTRAST = 2.0
"""Below this, letters hardly stand out: a finding, whatever the style."""
READABLE = 4.5
"""The contrast that WCAG 2 asks of text (level AA)."""


def measure_contrast(a: Colour, b: Colour) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2 defines it."""
    dark, light = sorted((measure_luminance(a), measure_luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def measure_luminance(colour: Colour) -> float:
    """Return the relative luminance of a colour, 0 to 1, as WCAG 2 defines it."""
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for value in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
