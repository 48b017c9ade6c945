"""Points of numbers, of coordinates and of graphs are those that manim finds, to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.rendering.drawing import plotting
from tests.alike import attempt, compare_twice, make_twice

__all__ = ["make_twice"]
pytestmark = pytest.mark.render


@pytest.fixture
def find_twice(
    make_twice: Callable[..., tuple[Any, Any]],
) -> Callable[[Callable[[], Any]], Any]:
    """Compares what a function returns before and after the installation, and returns it."""
    from manim import Axes, NumberLine, ParametricFunction

    return compare_twice(make_twice, plotting, NumberLine, Axes, ParametricFunction)


def test_points_on_number_lines_are_manims(find_twice: Any) -> None:
    from manim import Axes, LogBase, NumberLine

    class Shifted(NumberLine):
        def get_start(self) -> Any:
            return np.array([0, 1, 2])

    def build() -> Any:
        lines = [
            NumberLine([-2, 5, 0.5]).rotate(0.7).shift([0.1, 0.2, 0.3]),
            NumberLine([0, 3], include_tip=True, tip_length=0.2),
            NumberLine([0, 3], scaling=LogBase(2)),
            Shifted(),
            Axes([-3, 3], [-1, 7]).y_axis,
            NumberLine().add_tip(at_start=True),
        ]
        lines[5].x_range = [1, 1, 1]
        numbers = [
            0,
            2.5,
            -1.25,
            np.float64(0.1),
            np.float32(0.1),
            7,
            [1, 2],
            np.array(1.5),
            "a",
            np.inf,
        ]
        with np.errstate(all="ignore"):
            points = [attempt(line.number_to_point, n) for line in lines for n in numbers]
        return points

    find_twice(build)


def test_points_of_coordinates_are_manims(find_twice: Any) -> None:
    from manim import Axes, ComplexPlane, LogBase, NumberLine, NumberPlane, PolarPlane, ThreeDAxes

    class Shifting(Axes):
        @staticmethod
        def _origin_shift(axis_range: Any) -> float:
            return 0.25

    class Own(NumberLine):
        def number_to_point(self, number: Any) -> Any:
            return super().number_to_point(number) + 1

    class Tipped(NumberLine):
        tip = NumberLine()

    def build() -> Any:
        systems = [
            Axes([-3, 3.3], [-1, 7, 0.5]).rotate(0.3).shift([0.1, 0.2, -0.3]),
            Axes([2, 5], [-7, -3], tips=False),
            Axes([0, 3], y_axis_config={"scaling": LogBase(2)}),
            Axes(x_axis_config={"tip_length": 0.2}).scale(0.7),
            NumberPlane([-3, 3], [-2, 2]),
            ComplexPlane(),
            PolarPlane(),
            ThreeDAxes([-1, 2.5]).rotate(0.1, axis=[1, 2, 3]),
            Shifting([1, 3], [2, 4]),
            Axes(),
            Axes(),
            Axes(),
            Axes(),
        ]
        for system, kind in zip(systems[-4:], (Own, Tipped, None, None), strict=True):
            system.y_axis.__class__ = kind or NumberLine
        systems[-2].y_axis.remove(systems[-2].y_axis.tip)
        systems[-1].x_axis.x_range = [1, 1, 1]
        given: list[Any] = [
            (1.5, 2), (np.float64(0.1), -0.3, 1), (1, 2), (True, 0.5), (0.5,), ([1, 2], [3.5, 4]),
            ([[1, 2], [3, 4]],), ([0.1, 0.2, 0.3],), (0.5, np.inf), (np.nan, 1), (0.5, "a"), (),
            (0.5, 1, 2, 3), (np.float32(0.1), 0.5), (-0.0, 0.0), (1 + 1j, 0.5),
        ]  # fmt: skip
        with np.errstate(all="ignore"):
            points = [attempt(s.coords_to_point, *one) for s in systems for one in given]
        return points

    points = find_twice(build)
    assert sum(isinstance(one, np.ndarray) for one in points) > len(points) / 2


def test_graphs_are_manims(find_twice: Any) -> None:
    from manim import (
        Axes,
        FunctionGraph,
        LogBase,
        NumberPlane,
        ParametricFunction,
        PolarPlane,
        ThreeDAxes,
        ValueTracker,
    )  # fmt: skip

    class Turned(Axes):
        def coords_to_point(self, *coords: Any) -> Any:
            return super().coords_to_point(*coords[::-1])

    def fail(x: float) -> float:
        return 1 / (x - 1)

    def draw(axes: Any, function: Any, *args: Any, **options: Any) -> Any:
        graph = axes.plot(function, *args, **options)
        assert not graph.use_vectorized or options
        point = graph.get_point_from_function(0.5), axes.i2gp(0.5, graph)
        return graph.points, graph.fill_rgbas, graph.stroke_rgbas, point, graph.t_max

    def build() -> Any:
        tracker, seen = ValueTracker(0.3), []
        systems = [
            Axes([-3, 3.3], [-1, 7, 0.5]).rotate(0.3), NumberPlane([-3, 3], [-2, 2]), ThreeDAxes(),
            Axes(x_axis_config={"scaling": LogBase(2)}), Axes(tips=False), Turned(), PolarPlane(),
            Axes([2, 5], [-7, -3]).scale(0.5),
        ]  # fmt: skip
        functions = [
            np.cos, lambda x: x**2, lambda x: 2, lambda x: x + tracker.get_value(), fail,
            lambda x: seen.append(x) or float(len(seen)), lambda x: [x, x], lambda x: "a",
            np.float32, lambda x: 1j * x, lambda x: None, lambda x: 10**20,
            lambda x: np.inf if x > 1 else x, np.array, lambda x: True,
        ]  # fmt: skip
        with np.errstate(all="ignore"):
            graphs = [attempt(draw, s, f, [0.5, 2, 0.25]) for s in systems for f in functions]
            graphs += [
                attempt(draw, systems[0], np.cos),
                attempt(draw, systems[0], np.cos, use_vectorized=True),
                attempt(draw, systems[0], np.cos, [-2, 2], use_smoothing=False),
                attempt(draw, systems[0], np.tan, [-2, 2], discontinuities=[-1.5, 1.5], dt=0.1),
            ]
        curve = ParametricFunction(lambda t: (np.cos(t), t, 0), t_range=(0, 2))
        own = ParametricFunction(lambda t: systems[0].c2p(t, t * t), t_range=(0, 2))
        flat = FunctionGraph(np.sin, x_range=[-1, 1])
        area = systems[0].get_area(systems[0].plot(np.cos), x_range=(0, 1)).points
        return graphs, seen, curve.points, own.points, flat.points, area

    graphs, *_ = find_twice(build)
    assert sum(not isinstance(one[0], type) for one in graphs) > len(graphs) / 2


def test_graph_is_found_without_a_call_for_each_point(monkeypatch: pytest.MonkeyPatch) -> None:
    from manim import Axes
    from manim.mobject.graphing.functions import ParametricFunction

    generate_points = plotting._build_generate_points(ParametricFunction.generate_points)
    monkeypatch.setattr(ParametricFunction, "generate_points", generate_points)
    asked: list[Any] = []
    find = Axes.coords_to_point

    def coords_to_point(system: Any, *coords: Any) -> Any:
        asked.append(coords)
        return find(system, *coords)

    axes = Axes()
    monkeypatch.setattr(Axes, "coords_to_point", coords_to_point)
    axes.plot(np.cos)
    assert asked == []
    axes.plot(np.float32)
    assert asked
