"""What many built-in scenes share: words, a caption below, axes named in plain text.

``inlining.py`` copies what a scene imports from here into its source, so that what reaches a
user's notebook stands on its own. The frame is 14.2 wide and 8 high; the title has the top 1.1 of
it, the caption the bottom 1.1, the drawing what lies between.
"""

import numpy as np
from manim import (
    BLACK,
    DOWN,
    GREY_B,
    UP,
    WHITE,
    Arrow,
    Axes,
    Circle,
    Dot,
    FadeIn,
    FadeOut,
    Line,
    Rectangle,
    Scene,
    Text,
    VGroup,
    VMobject,
)


def label(words, size=28, color=WHITE, width=13):
    """Words in one line, made smaller where they are wider than ``width``."""
    text = Text(words, font="Sans", font_size=size, color=color, warn_missing_font=False)
    return text.scale_to_fit_width(width) if text.width > width else text


def number(value, digits=2):
    """A number as people write it: no zeros behind, a true minus sign."""
    text = f"{value:.{digits}f}"
    text = (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
    return "0" if text in {"−0", ""} else text


def column(rows, at, gap=0.3, width=4.6):
    """Rows below one another, their left edges in line, centred at a point."""
    block = VGroup(*rows).arrange(DOWN, buff=gap)
    for row in block:
        row.align_to(block, np.array([-1, 0, 0]))
    if block.width > width:
        block.scale_to_fit_width(width)
    return block.move_to([*at, 0])


def arrow(start, end, color, width=6):
    """An arrow whose head is never longer than half of it; a dot where there is no length."""
    length = float(np.linalg.norm(np.subtract(end, start)))
    if length < 0.08:
        return Dot(start, radius=0.09, color=color)
    tip = min(0.26, 0.45 * length)
    return Arrow(start, end, buff=0, stroke_width=width, color=color, tip_length=tip)


def axes_in(x_range, y_range, size, center=(0, 0)):
    """Axes of a size around a point, without numbers."""
    return Axes(
        x_range=[*x_range, x_range[1] - x_range[0]],
        y_range=[*y_range, y_range[1] - y_range[0]],
        x_length=size[0],
        y_length=size[1],
        axis_config={"include_ticks": False, "include_tip": False, "color": GREY_B},
    ).move_to([*center, 0])


def marks_below(axes, values, names=None, y=0.0, size=24):
    """Short ticks on the horizontal axis, with their names below."""
    marks = VGroup()
    for value, name in zip(values, names or [number(v) for v in values], strict=True):
        at = axes.c2p(value, y)
        tick = Line(at + 0.07 * UP, at + 0.07 * DOWN, color=GREY_B, stroke_width=2)
        marks.add(VGroup(tick, label(name, size, GREY_B).next_to(at, DOWN, buff=0.17)))
    return marks


def graph(axes, xs, ys, color, width=4):
    """The line through many points, in the units of the axes."""
    points = [axes.c2p(x, y) for x, y in zip(xs, ys, strict=True)]
    return VMobject(color=color, stroke_width=width).set_points_as_corners(points)


def node(words, at, color, radius=0.34):
    """A named circle, as graphs and trees have them; the name stays in front."""
    circle = Circle(radius=radius, color=color, stroke_width=4).set_fill(BLACK, 1)
    name = label(words, 28, width=1.6 * radius)
    return VGroup(circle.set_z_index(2), name.set_z_index(3)).move_to([*at[:2], 0])


def link(start, end, color, radius=0.34):
    """A line from rim to rim of two named circles."""
    ends = (np.array([*at[:2], 0]) for at in (start, end))
    return Line(*ends, buff=radius, color=color, stroke_width=4)


def values_of(function, xs):
    """The values of a function at many places; where it has none, not a number."""
    with np.errstate(all="ignore"):
        ys = np.asarray(function(np.asarray(xs, dtype=float)), dtype=float) * np.ones(len(xs))
    return np.where(np.isfinite(ys) & (abs(ys) < 1e6), ys, np.nan)


def bars(axes, xs, heights, width, color):
    """One bar for each place, standing on the horizontal axis, in the units of the axes."""
    unit = axes.x_axis.unit_size
    group = VGroup()
    for x, height in zip(xs, heights, strict=True):
        tall = max(0.01, abs(height) * axes.y_axis.unit_size)
        bar = Rectangle(width=width * unit, height=tall, stroke_width=0)
        bar.set_fill(color, opacity=0.85)
        group.add(bar.move_to(axes.c2p(x, 0), aligned_edge=DOWN if height >= 0 else UP))
    return group


class CaptionedScene(Scene):
    """A title above, and a caption below that each sentence replaces."""

    caption = None

    def begin(self, words):
        title = label(words, 40).to_edge(UP, buff=0.3)
        self.play(FadeIn(title), run_time=0.6)

    def say(self, words, pause=0.6):
        """Put a sentence into the caption; wait ``pause`` seconds more than its change takes."""
        new = label(words, 28).to_edge(DOWN, buff=0.35)
        old = [] if self.caption is None else [FadeOut(self.caption)]
        self.play(*old, FadeIn(new, shift=0.15 * UP), run_time=0.5)
        self.caption = new
        if pause:
            self.wait(pause)
