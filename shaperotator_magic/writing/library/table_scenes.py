"""The source of a scene that plots a table: points, a line, or bars. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shaperotator_magic.core.scene_inputs import SceneInput

_HEAD = """\
import numpy as np
from manim import *

RUN_TIME = 3.0  # 1 to 8
"""
_READ = '''\
def read_column(at):
    """A column of the table; what is no number is NaN."""
    texts = np.genfromtxt(
        FILE, delimiter=DELIMITER, skip_header=HEADER, usecols=(at,), dtype=str, comments=None,
        encoding="utf-8-sig", invalid_raise=False,
    )
    return [text.strip().strip('"') for text in np.atleast_1d(texts)]


def to_numbers(texts):
    found = []
    for text in texts:
        try:
            found.append(float(text))
        except ValueError:
            found.append(np.nan)
    return np.array(found)


def find_ticks(values):
    """From four to nine round numbers, from below the least value to above the largest."""
    low, high = float(np.min(values)), float(np.max(values))
    span = (high - low) or max(1.0, abs(high))
    size = 10.0 ** np.floor(np.log10(span / 4))
    step = max(size * factor for factor in (1, 2, 5) if size * factor <= span / 4 * 1.001)
    first, last = np.floor(low / step), np.ceil(high / step)
    return [float(step * n) for n in range(int(first), int(max(last, first + 1)) + 1)]


def label(words, size=24, width=3.0):
    text = Text(str(words), font="Sans", font_size=size, warn_missing_font=False)
    return text.scale_to_fit_width(width) if text.width > width else text


def spell(value):
    return f"{value:.6g}".replace("-", "\\u2212")
'''
_PLOT = """\
class {name}(Scene):
    def construct(self):
        xs, ys = {xs}, to_numbers(read_column({y}))
        good = np.isfinite(xs) & np.isfinite(ys)
        xs, ys = xs[good], ys[good]
        if len(xs) == 0:
            raise ValueError("the columns hold no row of numbers")
        thin = -(-len(xs) // MOST_SHOWN)
        across, upwards = find_ticks(xs), find_ticks(ys)
        axes = Axes(
            x_range=[across[0], across[-1], across[1] - across[0]],
            y_range=[upwards[0], upwards[-1], upwards[1] - upwards[0]],
            x_length=10.5, y_length=5.2, tips=False, axis_config={{"color": GREY_B}},
            x_axis_config={{"include_ticks": False}}, y_axis_config={{"include_ticks": False}},
        ).shift(0.3 * UP + 0.4 * RIGHT)
        axes.x_axis.move_to(axes.c2p(np.mean([across[0], across[-1]]), upwards[0]))
        axes.y_axis.move_to(axes.c2p(across[0], np.mean([upwards[0], upwards[-1]])))
        below, beside = axes.get_bottom()[1], axes.get_left()[0]
        scale = VGroup()
        for value in across:
            at = axes.c2p(value, upwards[0])
            scale.add(label(spell(value), 20, 1.0).next_to(at, DOWN, buff=0.15))
        for value in upwards:
            at = axes.c2p(across[0], value)
            scale.add(label(spell(value), 20, 1.2).next_to(at, LEFT, buff=0.15))
        names = VGroup(
            label({x_name!r}, 26, 9.0).next_to(scale[: len(across)], DOWN, buff=0.15),
            label({y_name!r}, 26, 5.0).rotate(PI / 2).next_to(scale, LEFT, buff=0.2),
        )
        places = [axes.c2p(x, y) for x, y in zip(xs[::thin], ys[::thin])]
{drawing}
        self.wait(2)
"""
_POINTS = """\
        dots = VGroup(*[Dot(place, radius=DOT_RADIUS, color={colour}) for place in places])
        self.play(Create(axes), FadeIn(scale), FadeIn(names), run_time=1.5)
        self.play(LaggedStart(*[FadeIn(dot, scale=0.5) for dot in dots], lag_ratio=0.02),
                  run_time=RUN_TIME)"""
_LINE = """\
        line = VMobject(color={colour}, stroke_width=4)
        line.set_points_as_corners(places if len(places) > 1 else [*places, *places])
        self.play(Create(axes), FadeIn(scale), FadeIn(names), run_time=1.5)
        self.play(Create(line), run_time=RUN_TIME, rate_func=linear)"""
_BARS = """\
class {name}(Scene):
    def construct(self):
        names, values = read_column({x}), to_numbers(read_column({y}))
        rows = [(name, value) for name, value in zip(names, values) if np.isfinite(value)]
        if not rows:
            raise ValueError("the column holds no number")
        shown = rows[:MOST_BARS]
        longest = max(abs(value) for _, value in shown) or 1.0
        height = min(0.7, 5.4 / len(shown))
        bars, words = VGroup(), VGroup()
        for n, (name, value) in enumerate(shown):
            at = (2.7 - height * (n + 0.5)) * UP
            bar = Rectangle(width=max(0.02, 7.0 * abs(value) / longest), height=0.7 * height,
                            color={colour}, fill_opacity=0.8, stroke_width=0)
            bar.next_to(3.4 * LEFT + at, RIGHT, buff=0)
            bars.add(bar)
            size = 40 * height
            words.add(label(name, size, 2.8).next_to(3.4 * LEFT + at, LEFT, buff=0.2))
            words.add(label(spell(value), size, 1.6).next_to(bar, RIGHT, buff=0.2))
        title = label({y_name!r}, 32, 12.0).to_edge(UP, buff=0.4)
        self.play(FadeIn(title), FadeIn(words), run_time=1)
        self.play(LaggedStart(*[GrowFromEdge(bar, LEFT) for bar in bars], lag_ratio=0.2),
                  run_time=RUN_TIME)
        self.wait(2)
"""

Style = Literal["points", "line", "bars"]


@dataclass(frozen=True)
class TableView:
    """Which columns of a table are drawn, and how; without ``x`` the rows are counted."""

    table: SceneInput
    x: int | None
    y: int
    style: Style
    colour: str


def write_table_scene(view: TableView, name: str) -> str:
    """Return the source of the scene."""
    read = (
        _READ.replace("FILE,", f"{view.table.name!r},")
        .replace("DELIMITER", repr(view.table.delimiter))
        .replace("HEADER", str(int(view.table.has_header)))
    )
    fields = {
        "name": name,
        "x": view.x,
        "y": view.y,
        "colour": view.colour.replace("GREY", "GREY_B").replace("GRAY", "GREY_B"),
        "y_name": view.table.columns[view.y].name,
    }
    if view.style == "bars":
        return f"{_HEAD}MOST_BARS = 12  # 2 to 20\n\n\n{read}\n\n{_BARS.format(**fields)}"
    x_name = "row" if view.x is None else view.table.columns[view.x].name
    count = f"np.arange(1.0, 1.0 + len(read_column({view.y})))"
    xs = count if view.x is None else f"to_numbers(read_column({view.x}))"
    drawing = (_LINE if view.style == "line" else _POINTS).format(**fields)
    constants = "MOST_SHOWN = 400  # 10 to 1000\n"
    if view.style == "points":
        constants = "DOT_RADIUS = 0.06  # 0.02 to 0.2\n" + constants
    body = _PLOT.format(**fields, x_name=x_name, xs=xs, drawing=drawing)
    return f"{_HEAD}{constants}\n\n{read}\n\n{body}"
