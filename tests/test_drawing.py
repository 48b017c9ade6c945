"""Drawing with fewer calls gives the pixels that manim's own drawing gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.rendering import drawing

pytestmark = pytest.mark.render


@pytest.fixture
def camera() -> Iterator[Any]:
    """A small camera whose drawing is put back afterwards."""
    from manim.camera.camera import Camera

    stock = Camera.display_multiple_non_background_colored_vmobjects
    yield Camera(pixel_width=320, pixel_height=180)
    Camera.display_multiple_non_background_colored_vmobjects = stock


def build_hole() -> Any:
    from manim import Annulus, Circle, Difference, Square

    return Difference(Square(3), Circle(1)).add(Annulus(0.2, 0.6).shift([2, 1, 0]))


def build_styles() -> Any:
    from manim import BLUE, RED, YELLOW, DashedLine, LineJointType, Square, VGroup, VMobject

    corners = [[-2, -1, 0], [0, 1, 0], [2, -1, 0]]
    zigzag = VMobject(stroke_width=20, joint_type=LineJointType.BEVEL)
    zigzag.set_points_as_corners(corners)
    gradient = Square(2).set_color_by_gradient(RED, BLUE).set_fill([RED, YELLOW], opacity=0.6)
    outlined = Square(1, fill_opacity=1).set_background_stroke(width=9, color=YELLOW)
    invisible = Square(4, stroke_opacity=0, fill_opacity=0)
    return VGroup(zigzag, gradient.shift([3, 1, 0]), outlined, invisible, DashedLine())


def build_text() -> Any:
    from manim import Text

    return Text("Å, i; 8%&@ ∫").scale(2)


def build_odd_points() -> Any:
    from manim import VGroup, VMobject

    almost = VMobject(stroke_width=6)
    almost.points = np.array(
        [[0, 0, 0], [1, 1, 0], [2, 1, 0], [3, 0, 0], [3 + 1e-7, 0, 0], [2, -1, 0], [1, -1, 0],
         [1e-8, 0, 0], [4, 1, 0], [5, 1, 0]], dtype=float,
    )  # fmt: skip
    lonely, empty = VMobject(), VMobject()
    lonely.points = np.array([[1.0, 1.0, 0.0]])
    wild = VMobject(fill_opacity=1)
    wild.points = np.array([[0, 0, 0], [np.nan, 1, 0], [2, 1, 0], [3, 0, 0]], dtype=float)
    return VGroup(almost, lonely, empty, wild)


@pytest.mark.parametrize("build", [build_hole, build_styles, build_text, build_odd_points])
def test_draw_all_gives_the_same_pixels(camera: Any, build: Callable[[], Any]) -> None:
    mobject = build()
    camera.capture_mobjects([mobject])
    expected = camera.pixel_array.copy()
    camera.reset()
    assert drawing.install()
    camera.capture_mobjects([mobject])
    assert np.array_equal(camera.pixel_array, expected)


def test_draw_all_a_path_longer_than_the_buffer_is_drawn_whole(camera: Any) -> None:
    from manim import VMobject

    angles = np.linspace(0, 40 * np.pi, 6000)
    spiral = VMobject(stroke_width=1)
    spiral.set_points_smoothly(
        np.stack([angles * np.cos(angles) / 40, angles * np.sin(angles) / 40, 0 * angles], axis=1)
    )
    camera.capture_mobjects([spiral])
    expected = camera.pixel_array.copy()
    camera.reset()
    assert drawing.install()
    camera.capture_mobjects([spiral])
    assert np.array_equal(camera.pixel_array, expected)


def test_find_splits_of_a_hole_has_two_closed_subpaths() -> None:
    square = np.array([0, 1, 1, 1, 1, 1, 0, 0]) + 1j * np.array([0, 0, 0, 1, 1, 1, 1, 0])
    splits = drawing.find_splits(np.concatenate([square, square + 5]), 1e-6)
    assert splits is not None
    moves = (splits.headers == drawing._HEADERS[drawing._MOVE_TO]).sum()
    closings = (splits.headers == drawing._HEADERS[drawing._CLOSE_PATH]).sum()
    assert (moves, closings) == (2, 2)


def test_find_splits_of_too_few_points_is_none() -> None:
    assert drawing.find_splits(np.zeros(3, dtype=complex), 1e-6) is None
