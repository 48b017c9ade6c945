"""Shapes that have a name and no class in manim."""

import numpy as np
from manim import (
    DOWN,
    GREEN,
    LEFT,
    ORIGIN,
    PI,
    RIGHT,
    TAU,
    UP,
    WHITE,
    YELLOW,
    Arc,
    Circle,
    Line,
    ParametricFunction,
    Polygon,
    Rectangle,
    RegularPolygon,
    Square,
    VGroup,
    VMobject,
)


def style_of(options):
    """Return those options that every shape takes."""
    names = "color fill_color fill_opacity stroke_color stroke_width stroke_opacity".split()
    return {name: options[name] for name in names if name in options}


def Diamond(width=2, height=2, **options):
    """Return a rhombus that stands on its tip."""
    half_width, half_height = width / 2, height / 2
    corners = [half_height * UP, half_width * RIGHT, half_height * DOWN, half_width * LEFT]
    return Polygon(*corners, **style_of(options))


def Parallelogram(width=3, height=2, skew=1, **options):
    """Return a parallelogram; ``skew`` is how far its upper side is shifted."""
    corners = [ORIGIN, width * RIGHT, width * RIGHT + skew * RIGHT + height * UP]
    corners.append(skew * RIGHT + height * UP)
    return Polygon(*corners, **style_of(options)).move_to(ORIGIN)


def Trapezoid(width=4, height=2, top=None, **options):
    """Return a trapezoid, its upper side ``top`` wide."""
    top = options.get("top_width", top if top is not None else width / 2)
    width = options.get("bottom_width", width)
    feet = [width / 2 * LEFT, width / 2 * RIGHT]
    heads = [top / 2 * RIGHT + height * UP, top / 2 * LEFT + height * UP]
    return Polygon(*feet, *heads, **style_of(options)).move_to(ORIGIN)


def Pentagon(radius=1, **options):
    """Return a regular polygon of five sides."""
    return RegularPolygon(5, radius=options.get("side_length", radius), **style_of(options))


def Hexagon(radius=1, **options):
    """Return a regular polygon of six sides."""
    return RegularPolygon(6, radius=options.get("side_length", radius), **style_of(options))


def Heptagon(radius=1, **options):
    """Return a regular polygon of seven sides."""
    return RegularPolygon(7, radius=options.get("side_length", radius), **style_of(options))


def Octagon(radius=1, **options):
    """Return a regular polygon of eight sides."""
    return RegularPolygon(8, radius=options.get("side_length", radius), **style_of(options))


def Heart(size=1, **options):
    """Return a heart."""
    heart = ParametricFunction(
        lambda t: np.array([
            16 * np.sin(t) ** 3,
            13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t),
            0,
        ]),
        t_range=[0, TAU],
        **style_of(options),
    )  # fmt: skip
    return heart.scale_to_fit_height(2 * size).move_to(ORIGIN)


def Spiral(turns=3, radius=2, **options):
    """Return an Archimedean spiral."""
    turns = options.get("num_turns", turns)
    return ParametricFunction(
        lambda t: radius * t * np.array([np.cos(TAU * turns * t), np.sin(TAU * turns * t), 0]),
        t_range=[0, 1],
        **style_of(options),
    )


def Helix(turns=3, radius=1, height=3, **options):
    """Return a helix around the z axis."""
    turns = options.get("num_turns", turns)
    return ParametricFunction(
        lambda t: np.array([
            radius * np.cos(TAU * turns * t), radius * np.sin(TAU * turns * t), height * (t - 0.5)
        ]),
        t_range=[0, 1],
        **style_of(options),
    )  # fmt: skip


def SineWave(amplitude=1, wavelength=2, length=8, **options):
    """Return a sine wave across the middle."""
    if options.get("frequency"):
        wavelength = 1 / options["frequency"]
    phase = options.get("phase", 0)
    return ParametricFunction(
        lambda x: np.array([x, amplitude * np.sin(TAU * x / wavelength + phase), 0]),
        t_range=[-length / 2, length / 2],
        **style_of(options),
    )


def Parabola(a=1, x_range=(-2, 2), **options):
    """Return a part of a parabola."""
    return ParametricFunction(
        lambda x: np.array([x, a * x * x, 0]), t_range=list(x_range)[:2], **style_of(options)
    )


def Semicircle(radius=1, **options):
    """Return the upper half of a circle."""
    return Arc(radius=radius, start_angle=0, angle=PI, **style_of(options))


def Checkmark(size=1, **options):
    """Return a tick."""
    style = style_of(options)
    style.setdefault("color", GREEN)
    mark = VMobject(**style)
    corners = [0.5 * LEFT, 0.4 * DOWN + 0.1 * LEFT, 0.5 * UP + 0.5 * RIGHT]
    return mark.set_points_as_corners(corners).scale(size)


def Grid(rows=4, columns=4, cell=0.6, **options):
    """Return squares in rows and columns."""
    rows = options.get("n_rows", options.get("num_rows", rows))
    columns = options.get("cols", options.get("n_cols", options.get("num_cols", columns)))
    cell = options.get("square_size", options.get("cell_size", options.get("side_length", cell)))
    squares = [Square(cell, **style_of(options)) for _ in range(int(rows) * int(columns))]
    return VGroup(*squares).arrange_in_grid(rows=int(rows), cols=int(columns), buff=0)


def polyline(*points, **options):
    """Return the line through all points; of one or none it is a point."""
    if len(points) == 1 and np.ndim(points[0]) > 1:
        points = list(points[0])
    corners = [np.array([*point, 0, 0][:3], dtype=float) for point in points] or [ORIGIN]
    corners = corners * 2 if len(corners) == 1 else corners
    return VMobject(**style_of(options)).set_points_as_corners(corners)


def Slider(value=0.5, length=4, **options):
    """Return a track with a knob at a share of its length."""
    track = Line(length / 2 * LEFT, length / 2 * RIGHT, **style_of(options))
    knob = Circle(radius=0.12, color=YELLOW, fill_opacity=1)
    return VGroup(track, knob.move_to(track.point_from_proportion(min(max(value, 0), 1))))


def ProgressBar(value=0.5, width=5, height=0.3, **options):
    """Return a frame that is filled up to a share."""
    frame = Rectangle(width=width, height=height, color=WHITE)
    filled = Rectangle(width=max(width * min(max(value, 0), 1), 0.001), height=height)
    filled.set_fill(options.get("color", GREEN), opacity=1).set_stroke(width=0)
    return VGroup(frame, filled.align_to(frame, LEFT))


def arrange_around(group, radius=2, **options):
    """Put the parts of a group on a circle around its centre."""
    middle = options.get("center", group.get_center())
    count = max(len(group.submobjects), 1)
    for number, part in enumerate(group.submobjects):
        angle = options.get("start_angle", 0) + TAU * number / count
        part.move_to(middle + radius * np.array([np.cos(angle), np.sin(angle), 0]))
    return group
