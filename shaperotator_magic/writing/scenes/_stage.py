"""What many built-in scenes share: words, a caption below, axes named in plain text.

``inlining.py`` copies what a scene imports from here into its source, so that what reaches a
user's notebook stands on its own. The frame is 14.2 wide and 8 high; the title has the top 1.1 of
it, the caption the bottom 1.1, the drawing what lies between.
"""

import numpy as np
from manim import (
    BLACK,
    BLUE,
    DOWN,
    GREY_B,
    LEFT,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
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
    smooth,
    squish_rate_func,
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


def equals(values, digits=2):
    """The sign before numbers of so many digits: ``=`` where they are exact, else ``≈``."""
    exact = all(abs(round(v, digits) - v) < 1e-9 * max(1.0, abs(v)) for v in values)
    return "=" if exact else "≈"


def approx(value, digits=2):
    """A number behind the sign that fits: ``= 0.5`` where it is exact, ``≈ 0.33`` where not."""
    return f"{equals([value], digits)} {number(value, digits)}"


def product(factors, digits=2):
    """How many digits of factors make their product true as it is written, and ``= `` its value."""
    whole = float(np.prod(factors))
    result = number(whole, digits)
    more = next(
        (n for n in range(digits, 9) if number(np.prod(np.round(factors, n)), digits) == result), 9
    )
    exact = equals(factors, more) == equals([whole], digits) == "="
    return more, f"{'=' if exact else '≈'} {result}"


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


def ticks(low, high, count=5):
    """Round numbers from ``low`` to ``high``, about ``count`` of them."""
    raw = (high - low) / count
    power = 10.0 ** np.floor(np.log10(raw))
    step = power * next(m for m in (1, 2, 5, 10) if m * power > 0.7 * raw)
    return [float(n * step) for n in np.arange(np.ceil(low / step - 1e-9), high / step + 1e-9)]


def chart_in(x_range, y_range, size, center=(0, 0), names=("", "")):
    """Axes over a faint grid, with numbers and names along their left and lower edges."""
    axes = axes_in(x_range, y_range, size, center)
    VGroup(axes.x_axis, axes.y_axis).set_opacity(0)
    (left, right), (low, high) = x_range, y_range
    for value in ticks(left, right, size[0] / 1.2):
        line = Line(axes.c2p(value, low), axes.c2p(value, high), color=GREY_B, stroke_width=1)
        name = label(number(value, 4), 22, GREY_B).next_to(line, DOWN, buff=0.12)
        axes.add(line.set_stroke(opacity=0.8 if value == 0 else 0.3), name)
    for value in ticks(low, high, size[1] / 0.95):
        line = Line(axes.c2p(left, value), axes.c2p(right, value), color=GREY_B, stroke_width=1)
        name = label(number(value, 4), 22, GREY_B).next_to(line, LEFT, buff=0.12)
        axes.add(line.set_stroke(opacity=0.8 if value == 0 else 0.3), name)
    for end in ((right, low), (left, high)):
        line = Line(axes.c2p(left, low), axes.c2p(*end), color=GREY_B, stroke_width=2.5)
        axes.add(line)
    if names[0]:
        axes.add(label(names[0], 24, GREY_B).next_to(axes.c2p(right, low), RIGHT, buff=0.3))
    if names[1]:
        name = label(names[1], 24, GREY_B)
        axes.add(name.next_to(axes.c2p(left, high), UP, buff=0.15, aligned_edge=LEFT))
    return axes


def matrix_block(rows, size=30, colors=None, digits=2):
    """The numbers of a matrix between brackets, one color a column."""
    colors = colors or [WHITE] * len(rows[0])
    entries = VGroup()
    for row in rows:
        for j, value in enumerate(row):
            entries.add(label(number(value, digits), size, colors[j]))
    entries.arrange_in_grid(len(rows), len(rows[0]), buff=(0.012 * size, 0.008 * size))
    height = entries.height / 2 + 0.12
    block = VGroup(entries)
    for side in (-1, 1):
        x = entries.get_x() + side * (entries.width / 2 + 0.16)
        corners = [(x - 0.1 * side, height), (x, height), (x, -height), (x - 0.1 * side, -height)]
        points = [[a, b + entries.get_y(), 0] for a, b in corners]
        block.add(VMobject(color=WHITE, stroke_width=3).set_points_as_corners(points))
    return block


def cell(words, at, size=(0.9, 0.6), color=BLUE):
    """A word or number in a box, as arrays and tables have them."""
    box = Rectangle(width=size[0], height=size[1], color=color, stroke_width=3)
    name = label(words, 28, width=0.84 * size[0])
    return VGroup(box.set_fill(color, opacity=0.2), name).move_to([*at[:2], 0])


def marks_below(axes, values, names=None, y=0.0, size=24):
    """Short ticks on the horizontal axis, with their names below."""
    marks = VGroup()
    for value, name in zip(values, names or [number(v) for v in values], strict=True):
        at = axes.c2p(value, y)
        tick = Line(at + 0.07 * UP, at + 0.07 * DOWN, color=GREY_B, stroke_width=2)
        marks.add(VGroup(tick, label(name, size, GREY_B).next_to(at, DOWN, buff=0.17)))
    return marks


def marks_left(axes, values, x=0.0, size=24):
    """Short ticks on the upright axis, with their numbers to the left."""
    marks = VGroup()
    for value in values:
        at = axes.c2p(x, value)
        tick = Line(at + 0.07 * LEFT, at + 0.07 * RIGHT, color=GREY_B, stroke_width=2)
        marks.add(VGroup(tick, label(number(value), size, GREY_B).next_to(at, LEFT, buff=0.17)))
    return marks


def axis_numbers(origin, unit, box, at, suffixes=("", "")):
    """Ticks and numbers of a plane with one unit, below and left of lines that cross at a point.

    ``box`` has the lower left and the upper right corner of the drawing on the screen. The lines
    are best its edges, where nothing of the drawing passes.
    """
    low, high = box
    marks = VGroup()
    for axis, side in ((0, DOWN), (1, LEFT)):
        ends = ((corner[axis] - origin[axis]) / unit for corner in (low, high))
        for value in ticks(*ends, (high[axis] - low[axis]) / 1.1):
            place = np.array([at[0], at[1], 0.0])
            place[axis] = origin[axis] + unit * value
            tick = Line(place - 0.06 * side, place + 0.06 * side, color=GREY_B, stroke_width=2)
            suffix = suffixes[axis] if value else ""
            factor = number(value)[: -1 if suffix and abs(value) == 1 else None]
            name = label(factor + suffix, 20, GREY_B)
            marks.add(VGroup(tick, name.next_to(place, side, buff=0.12)))
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


def turn(angle):
    """The matrix that turns the plane by an angle."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def view_4d(center, eye=3.2, eye_3d=7.0):
    """How four dimensions are drawn: in perspective to space, then from one side to the screen.

    A shape that keeps it as ``projection_4d``, and its points as ``points_4d``, can be turned in
    all six planes where the result is shown.
    """
    (c, s), (cp, sp) = (np.cos(0.55), np.sin(0.55)), (np.cos(0.35), np.sin(0.35))
    side = [[c, 0, s], [sp * s, cp, -sp * c], [-cp * s, sp, cp * c]]
    return {"eye": eye, "turn": side, "eye_3d": eye_3d, "center": list(center)}


def project_4d(points, view):
    """The places on the screen of rows of four coordinates."""
    solid = points[:, :3] * (view["eye"] / (view["eye"] - points[:, 3:])) @ np.array(view["turn"]).T
    scale = view["eye_3d"] / (view["eye_3d"] - solid[:, 2:])
    return view["center"] + np.concatenate([scale * solid[:, :2], 0 * scale], axis=1)


def rotation_4d(planes, angle):
    """The 4x4 rotation by one angle in each of some planes, such as ``["xw", "yz"]``."""
    turn = np.eye(4)
    for plane in planes:
        first, second = ("xyzw".index(axis) for axis in plane)
        one = np.eye(4)
        one[first, first] = one[second, second] = np.cos(angle)
        one[second, first], one[first, second] = np.sin(angle), -np.sin(angle)
        turn = one @ turn
    return turn


def draw_lines_4d(shape, ends, view):
    """Give a shape lines between pairs of points with four coordinates, (n, 2, 4)."""
    share = np.linspace(0, 1, 4)[None, :, None]
    shape.points_4d = ((1 - share) * ends[:, :1] + share * ends[:, 1:]).reshape(-1, 4)
    shape.projection_4d = view
    shape.set_points(project_4d(shape.points_4d, view))


def replace_words(old, new, rise=0.15):
    """Two animations for one play: old words go in its first half, new ones come in the second."""
    first, second = squish_rate_func(smooth, 0, 0.5), squish_rate_func(smooth, 0.5, 1)
    return FadeOut(old, rate_func=first), FadeIn(new, shift=rise * UP, rate_func=second)


class CaptionedScene(Scene):
    """A title above, and a caption below that each sentence replaces."""

    title = caption = None

    def begin(self, words):
        self.title = label(words, 40).to_edge(UP, buff=0.3)
        self.play(FadeIn(self.title), run_time=0.6)

    def say(self, words, pause=0.6):
        """Put a sentence into the caption; wait ``pause`` seconds more than its change takes."""
        new = label(words, 28).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption or VGroup(), new), run_time=0.5)
        self.caption = new
        if pause:
            self.wait(pause)

    def write(self, words, at, color=WHITE, width=5):
        """Add a line of text to the notes beside the drawing, from a point to the right."""
        row = label(words, 27, color, width).move_to([*at, 0], aligned_edge=LEFT)
        self.play(FadeIn(row, shift=0.15 * UP), run_time=0.5)
        return row

    def wipe(self):
        """Take everything away but title and caption."""
        others = [m for m in self.mobjects if m not in (self.title, self.caption)]
        self.play(FadeOut(*others), run_time=0.6)

    def explain(self, statement, *sentences):
        """Say why there is nothing to draw: a statement in the middle, sentences below."""
        self.play(FadeIn(label(statement, 36, YELLOW)), run_time=0.8)
        for sentence in sentences:
            self.say(sentence, 2.2)
        self.play(FadeIn(label("nothing can be drawn here", 28, GREY_B).shift(DOWN)), run_time=0.6)
        self.say("Ask again with other values", 3)
