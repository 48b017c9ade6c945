"""Middles and edges, and whether a line has a tip, are those that manim finds, to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.rendering.drawing import bounding_boxes
from tests.alike import attempt, compare_twice, make_twice

__all__ = ["make_twice"]
pytestmark = pytest.mark.render


@pytest.fixture
def measure_twice(
    make_twice: Callable[..., tuple[Any, Any]],
) -> Callable[[Callable[[], Any]], Any]:
    """Compares what a function returns before and after the installation, and returns it."""
    from manim import Mobject, VMobject
    from manim.mobject.geometry.arc import TipableVMobject

    return compare_twice(make_twice, bounding_boxes, Mobject, VMobject, TipableVMobject)


def build_shapes() -> list[Any]:
    from manim import (
        Arrow,
        Axes,
        Circle,
        Dot,
        Group,
        ImageMobject,
        Line,
        Square,
        Text,
        ValueTracker,
        VectorizedPoint,
        VGroup,
        VMobject,
    )

    class Cornered(Circle):
        def get_anchors(self) -> Any:
            return [np.array([7.0, 7, 7])]

    class Leaning(Circle):
        def get_extremum_along_dim(self, points: Any = None, dim: int = 0, key: Any = 0) -> Any:
            return key if isinstance(key, np.ndarray) else 1.0

    odd, whole, opened, empty = Circle(), Square(), Circle(), VMobject()
    odd.points = odd.points[:-3]
    whole.points = whole.points.round().astype(int)
    opened.start_new_path([1.0, 2, 3])
    broken = Line()
    broken.points[1] = np.nan
    broken.points[0] = -0.0
    flat = [Circle(), Dot([-0.0, 0, 0]), Line([1, 2, 3], [-1, 0, 0]), Arrow(), Text("ag"), broken]
    groups = [VGroup(), VGroup(Circle(), Dot(), VGroup(Line())), Group(Dot(), Group()), Axes()]
    pictures = [
        ImageMobject(np.zeros((2, 2, 3), dtype=np.uint8)),
        Group(VectorizedPoint([1, 2, 3])),
    ]
    own = [Cornered(), Leaning(), VGroup(Cornered(), Circle()), VectorizedPoint([3, 2, 1])]
    return [*flat, *groups, *pictures, *own, ValueTracker(1), odd, whole, opened, empty]


DIRECTIONS = [
    np.array([1.0, 0, 0]),
    np.array([-1, 1, 0]),
    np.zeros(3),
    (0, -0.5, 2),
    [1, 1, 1],
    np.array([np.nan, 0, 0]),
    np.array([1.0, 0]),
    None,
]


def test_boundaries_and_edges_of_any_shape_are_manims(measure_twice: Any) -> None:
    def measure_all() -> Any:
        results = []
        for shape in build_shapes():
            results.append(attempt(shape.get_points_defining_boundary))
            results += [attempt(shape.get_critical_point, one) for one in DIRECTIONS]
            results += [attempt(shape.get_x), attempt(lambda s=shape: s.get_coord(1, [0, 1, 0]))]
            results.append(attempt(shape.get_extremum_along_dim, [[1, 2, 3], [4, 5, 6]], 1, -1))
        return results

    made = measure_twice(measure_all)
    assert sum(isinstance(one, np.ndarray) for one in made) > len(made) / 2


def test_boundary_is_no_part_of_the_object(measure_twice: Any) -> None:
    from manim import Line, VGroup

    def build() -> Any:
        line, group = Line(), VGroup(Line(), Line())
        line.get_points_defining_boundary()[:] = 9
        group.get_points_defining_boundary()[:] = 9
        return line, group

    line, _ = measure_twice(build)
    assert not (line.points == 9).any()


def test_tips_that_a_class_has_are_asked_of_the_class(measure_twice: Any) -> None:
    from manim import Line, Triangle

    class Tipped(Line):
        tip = Triangle()

    class Asked(Line):
        def __getattr__(self, name: str) -> Any:
            if name == "start_tip":
                return self.submobjects[0]
            return super().__getattr__(name)

    def build() -> Any:
        lines = [Tipped(), Tipped().add(Tipped.tip), Asked().add(Line()), Line()]
        return [(line.has_tip(), line.has_start_tip()) for line in lines]

    expected = [(False, False), (True, False), (False, True), (False, False)]
    assert measure_twice(build) == expected
