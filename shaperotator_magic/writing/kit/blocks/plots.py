"""Plots, vectors, planes and bars, with their labels in place."""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    ApplyMatrix,
    Arrow,
    Axes,
    Create,
    Dot,
    NumberPlane,
    Rectangle,
    Text,
    VGroup,
)

from shaperotator_magic.writing.kit.blocks.stage import kit_words


def kit_plot(function, x_range=(-3, 3), y_range=None, x_label="x", y_label="y", color=BLUE):
    """Return axes with the graph of a function: ``plot.axes`` and ``plot.graph``."""
    low, high = x_range[0], x_range[1]
    if y_range is None:
        values = [float(function(x)) for x in np.linspace(low, high, 60)]
        values = [value for value in values if np.isfinite(value)] or [0, 1]
        room = 0.1 * (max(values) - min(values)) or 1
        y_range = (min(*values, 0) - room, max(*values, 0) + room)
    axes = Axes(
        x_range=[low, high, (high - low) / 6],
        y_range=[y_range[0], y_range[1], (y_range[1] - y_range[0]) / 4],
        x_length=8,
        y_length=4.4,
        tips=False,
        axis_config={"color": GREY_B},
    )
    plot = VGroup(axes)
    plot.axes = axes
    plot.graph = axes.plot(function, x_range=[low, high], color=color)
    names = VGroup(
        kit_words(x_label, size=24, width=3).next_to(axes.x_axis.get_end(), DOWN, buff=0.2),
        kit_words(y_label, size=24, width=3).next_to(axes.y_axis.get_end(), RIGHT, buff=0.2),
    )
    return plot.add(plot.graph, names)


def kit_graph(plot, function, color=GREEN):
    """Return one more graph in the axes of a plot."""
    low, high = plot.axes.x_range[0], plot.axes.x_range[1]
    return plot.axes.plot(function, x_range=[low, high], color=color)


def kit_area(plot, start, end, color=YELLOW):
    """Return the area between the graph of a plot and the x axis."""
    return plot.axes.get_area(plot.graph, x_range=[start, end], color=color, opacity=0.5)


def kit_point(plot, x, words="", color=YELLOW):
    """Return a dot on the graph of a plot with words above it."""
    dot = Dot(plot.axes.i2gp(x, plot.graph), color=color)
    return VGroup(dot, kit_words(words, size=24, width=3).next_to(dot, UP, buff=0.15))


def kit_plane(reach=4):
    """Return a number plane from -reach to reach in both directions."""
    return NumberPlane(
        x_range=[-reach, reach, 1],
        y_range=[-reach, reach, 1],
        x_length=5.2,
        y_length=5.2,
        background_line_style={"stroke_opacity": 0.4},
    )


def kit_vector(plane, x, y, words="", color=YELLOW):
    """Return the arrow from the origin of a plane to (x, y) with words at its tip."""
    start, end = plane.c2p(0, 0), plane.c2p(x, y)
    arrow = Arrow(start, end, buff=0, color=color)
    way = np.array([x, y, 0]) / (np.hypot(x, y) or 1)
    label = kit_words(words, size=28, width=3, color=color).move_to(end + 0.35 * way)
    return VGroup(arrow, label)


def kit_transform(scene, plane, matrix, *arrows, seconds=3):
    """Apply a matrix to a plane and to the arrows of vectors on it."""
    origin = plane.c2p(0, 0)
    parts = [arrow[0] if len(arrow) else arrow for arrow in arrows]
    moves = [ApplyMatrix(matrix, part, about_point=origin) for part in (plane, *parts)]
    scene.play(*moves, run_time=seconds)


def kit_bars(values, names=None, color=BLUE, height=3.4):
    """Return bars with their values above and names below: ``bars[0]`` are the rectangles."""
    tallest = max([abs(float(value)) for value in values] or [1]) or 1
    width = min(1.1, 10 / max(len(values), 1) - 0.3)
    shapes, words = VGroup(), VGroup()
    for number, value in enumerate(values):
        bar = Rectangle(width=width, height=max(height * abs(value) / tallest, 0.02), color=color)
        bar.set_fill(color, opacity=0.8)
        shapes.add(bar.move_to([number * (width + 0.3), 0, 0], aligned_edge=DOWN))
        words.add(Text(f"{value:g}", font_size=24).next_to(bar, UP, buff=0.12))
        if names is not None and number < len(names):
            words.add(kit_words(names[number], size=24, width=width + 0.2).next_to(bar, DOWN))
    return VGroup(shapes, words).move_to([0, 0, 0])


def kit_show(scene, *mobjects, seconds=1):
    """Draw mobjects together, and wait."""
    scene.play(*[Create(mobject) for mobject in mobjects])
    scene.wait(seconds)


def kit_scale(values, low=-5, high=5, color=WHITE):
    """Return dots at values on a line with their numbers below."""
    axis = Axes(x_range=[low, high, 1], y_range=[0, 1], x_length=11, y_length=1, tips=False).x_axis
    marks = VGroup()
    for value in values:
        dot = Dot(axis.n2p(value), color=color)
        marks.add(VGroup(dot, Text(f"{value:g}", font_size=24).next_to(dot, DOWN, buff=0.2)))
    return VGroup(axis, marks)
