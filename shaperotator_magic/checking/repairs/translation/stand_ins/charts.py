"""Histograms, bars, pies and points: charts that other libraries have."""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    RIGHT,
    TAU,
    TEAL,
    UP,
    YELLOW,
    AnnularSector,
    Axes,
    Dot,
    Line,
    Rectangle,
    Text,
    VGroup,
    VMobject,
)


def first_color(options, default):
    """Return the first colour that the options name, under whichever keyword."""
    for name in ("color", "bar_color", "bar_colors", "fill_color", "colors", "line_color"):
        value = options.get(name)
        if value is not None:
            return value[0] if isinstance(value, (list, tuple)) and len(value) else value
    return default


class Histogram(VGroup):
    """Bars that count how often values occur, on axes."""

    def __init__(self, data=(), bins=20, x_range=None, axes=None, **options):
        super().__init__()
        self.options = options
        self.bins = options.get("number_of_bins", options.get("num_bins", bins))
        self.x_range = x_range
        self.given_axes = axes
        self.set_data(options.get("values", data))

    def set_data(self, data):
        """Count anew, and stand where the old bars stood."""
        is_first = not self.submobjects
        place = self.get_center()
        self.data = [float(value) for value in np.ravel(np.asarray(data, dtype=float))]
        self.submobjects = []
        self.add(*self.build_parts())
        return self if is_first or self.given_axes is not None else self.move_to(place)

    def add_data(self, *values):
        """Count more values."""
        more = [value for part in values for value in np.ravel(part)]
        return self.set_data([*self.data, *more])

    def find_limits(self):
        """Return the lowest and the highest value on the axis."""
        if self.x_range is not None:
            return float(self.x_range[0]), float(self.x_range[1])
        if not self.data:
            return 0.0, 1.0
        return min(self.data), max(*self.data, min(self.data) + 0.001)

    def build_parts(self):
        """Return axes, where none were given, bars and a title."""
        low, high = self.find_limits()
        bins = self.bins
        if "bin_width" in self.options:
            bins = int(np.clip(np.ceil((high - low) / self.options["bin_width"]), 1, 100))
        counts, edges = np.histogram(self.data, bins=bins, range=(low, high))
        tallest = max(int(max(counts)), 1)
        self.axes = self.given_axes
        if self.axes is None:
            self.axes = Axes(
                x_range=[low, high, (high - low) / 5],
                y_range=[0, tallest, max(tallest // 4, 1)],
                x_length=5,
                y_length=3,
                tips=False,
            )
        self.bars = VGroup()
        color = first_color(self.options, BLUE)
        for count, left, right in zip(counts, edges[:-1], edges[1:]):
            foot = self.axes.c2p((left + right) / 2, 0)
            width = self.axes.c2p(right, 0)[0] - self.axes.c2p(left, 0)[0]
            height = max(self.axes.c2p(0, count)[1] - foot[1], 0.001)
            bar = Rectangle(width=width, height=height, color=color, stroke_width=1)
            bar.set_fill(color, opacity=self.options.get("fill_opacity", 0.7))
            self.bars.add(bar.move_to(foot, aligned_edge=DOWN))
        parts = [self.bars] if self.given_axes is not None else [self.axes, self.bars]
        words = self.options.get("label", self.options.get("title"))
        if isinstance(words, str):
            parts.append(Text(words, font_size=24).next_to(self.axes, UP, buff=0.2))
        return parts


def bars_on_axes(axes, values=(), **options):
    """Return a bar for every value, at 0, 1, 2 and so on, or where ``x_values`` say."""
    if hasattr(values, "submobjects"):
        values = ()
    heights = options.get("y_values", options.get("heights", values))
    places = options.get("x_values", range(len(heights)))
    share = options.get("bar_width", options.get("width", 0.8))
    colors = options.get("bar_colors", options.get("colors", options.get("color", BLUE)))
    colors = list(colors) if isinstance(colors, (list, tuple)) else [colors]
    bars = VGroup()
    for index, (place, value) in enumerate(zip(places, heights)):
        foot, top = axes.c2p(place, 0), axes.c2p(place, value)
        width = abs(axes.c2p(share, 0)[0] - axes.c2p(0, 0)[0])
        color = colors[index % len(colors)]
        bar = Rectangle(width=width, height=max(abs(top[1] - foot[1]), 0.001), color=color)
        bar.set_fill(color, opacity=options.get("fill_opacity", 0.7))
        bars.add(bar.move_to(foot, aligned_edge=DOWN if value >= 0 else UP))
    return bars


def points_on_axes(axes, xs=(), ys=None, **options):
    """Return a dot for every point of the axes: lists of x and y, or one list of pairs."""
    xs = options.get("x_values", options.get("points", options.get("data", xs)))
    ys = options.get("y_values", ys)
    if np.ndim(xs) == 0 and not isinstance(xs, (list, tuple, zip)):
        xs, ys = [xs], [0 if ys is None else ys]
    pairs = [tuple(pair)[:2] for pair in xs] if ys is None else list(zip(xs, ys))
    color = first_color(options, YELLOW)
    radius = options.get("radius", options.get("dot_radius", 0.08))
    return VGroup(*[Dot(axes.c2p(x, y), radius=radius, color=color) for x, y in pairs])


def PieChart(values=(), radius=2, colors=None, labels=None, **options):
    """Return sectors in proportion to the values."""
    numbers = [float(value) for value in options.get("data", values)]
    colors = colors or options.get("slice_colors") or [BLUE, GREEN, YELLOW, RED, PURPLE, TEAL]
    chart = VGroup()
    start = TAU / 4
    for index, value in enumerate(numbers):
        angle = -TAU * value / (sum(numbers) or 1)
        sector = AnnularSector(
            inner_radius=0, outer_radius=radius, angle=angle, start_angle=start,
            color=colors[index % len(colors)], fill_opacity=0.8, stroke_width=1,
        )  # fmt: skip
        chart.add(sector)
        if labels and index < len(labels):
            middle = start + angle / 2
            words = Text(str(labels[index]), font_size=22)
            chart.add(words.move_to((radius + 0.5) * np.array([np.cos(middle), np.sin(middle), 0])))
        start += angle
    return chart


def ScatterPlot(xs=(), ys=None, **options):
    """Return dots on axes of their own."""
    xs = list(options.get("x_values", options.get("data", xs)))
    ys = options.get("y_values", ys)
    pairs = [tuple(pair)[:2] for pair in xs] if ys is None else list(zip(xs, ys))
    axes = Axes(
        x_range=[min([x for x, _ in pairs], default=0), max([x for x, _ in pairs], default=1) + 1],
        y_range=[min([y for _, y in pairs], default=0), max([y for _, y in pairs], default=1) + 1],
        x_length=6,
        y_length=4,
        tips=False,
    )
    return VGroup(axes, points_on_axes(axes, pairs, color=first_color(options, YELLOW)))


def LineGraph(xs=(), ys=None, **options):
    """Return a line through points, on axes of its own."""
    plot = ScatterPlot(xs, ys, **options)
    path = VMobject(color=first_color(options, ORANGE), stroke_width=3)
    return plot.add(path.set_points_as_corners([dot.get_center() for dot in plot[1]]))


def Legend(entries=(), **options):
    """Return a column of words, each behind its colour."""
    rows = entries.items() if isinstance(entries, dict) else list(entries)
    colors = [BLUE, GREEN, YELLOW, RED]
    legend = VGroup()
    for index, entry in enumerate(rows):
        words, color = entry if isinstance(entry, (list, tuple)) else (entry, colors[index % 4])
        if not isinstance(words, str):
            words, color = color, words
        mark = Rectangle(width=0.3, height=0.3, color=color, fill_opacity=1)
        legend.add(VGroup(mark, Text(str(words), font_size=24)).arrange(RIGHT, buff=0.2))
    return legend.arrange(DOWN, buff=0.2)


def tangent_line(axes, *given, **options):
    """Return the tangent of a graph of axes at a value of x."""
    graphs = [part for part in given if hasattr(part, "underlying_function")]
    numbers = [part for part in given if isinstance(part, (int, float, np.number))]
    x = options.get("x", options.get("x_val", numbers[0] if numbers else 0))
    function = graphs[0].underlying_function if graphs else next(filter(callable, given))
    slope = (function(x + 0.001) - function(x - 0.001)) / 0.002
    point, step = np.array(axes.c2p(x, function(x))), np.array(axes.c2p(x + 1, function(x) + slope))
    way = (step - point) / (np.linalg.norm(step - point) or 1)
    half = options.get("length", 4) / 2
    return Line(point - half * way, point + half * way, color=first_color(options, YELLOW))


class NormalDistribution:
    """A normal distribution: its density, its share below a value, and its graph."""

    def __init__(self, mean=0.0, deviation=1.0, **options):
        self.mean = options.get("mu", options.get("loc", mean))
        self.deviation = options.get("sigma", options.get("std", options.get("scale", deviation)))

    def pdf(self, x):
        """Return the density at a value."""
        z = (np.asarray(x) - self.mean) / self.deviation
        return np.exp(-(z**2) / 2) / (self.deviation * np.sqrt(TAU))

    def cdf(self, x):
        """Return the share below a value."""
        z = (x - self.mean) / self.deviation
        steps = np.linspace(min(-8.0, z), z, 400)
        return float(np.sum(np.exp(-(steps**2) / 2)) * (steps[1] - steps[0]) / np.sqrt(TAU))

    def graph(self, x_range=None, **options):
        """Return the graph of the density, on axes of its own."""
        low, high = (x_range or [self.mean - 4 * self.deviation, self.mean + 4 * self.deviation])[
            :2
        ]
        axes = Axes(
            x_range=[low, high, (high - low) / 6],
            y_range=[0, 1.1 * float(self.pdf(self.mean))],
            x_length=6,
            y_length=3,
            tips=False,
        )
        curve = axes.plot(lambda x: float(self.pdf(x)), x_range=[low, high])
        return curve.set_color(first_color(options, YELLOW))
