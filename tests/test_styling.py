"""Objects take and mix the colors that manim gives and mixes, to the last bit."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.rendering.drawing import styling
from tests.alike import compare_twice, make_twice

__all__ = ["make_twice"]
pytestmark = pytest.mark.render

Twice = Callable[..., tuple[Any, Any]]


@pytest.fixture
def style_twice(make_twice: Twice) -> Callable[[Callable[[], Any]], Any]:
    """Compares what a function returns before and after the installation."""
    from manim.mobject.types.vectorized_mobject import VMobject

    return compare_twice(make_twice, styling, VMobject)


def list_colors() -> list[Any]:
    from manim import BLUE, RED, ManimColor
    from manim.utils.color import HSV

    plain = [None, BLUE, RED.to_hex(), "green", "#12345678", "0xABC", 0xFF8800, np.float64(0.5)]
    lists = [(0.1, 0.2, 0.3), [BLUE, RED], [BLUE, None, "#123"], [], np.array([0.5, 0.25, 1.0])]
    made = [ManimColor((1, 2, 3)), ManimColor(BLUE, 0.5), HSV((0.1, 0.2, 0.3))]
    return [*plain, *lists, *made, "no color", object(), ""]


OPACITIES = [
    None,
    0,
    1,
    0.25,
    np.float64(0.3),
    np.float32(0.3),
    [0.1, 0.9],
    True,
    np.array([0.5]),
    "a",
    [],
    np.inf,
]


def test_set_fill_and_stroke_of_any_color_and_opacity_is_manims(style_twice: Any) -> None:
    from manim import Circle, Square, VGroup

    def build(color: Any, opacity: Any, sheen: float) -> Any:
        group = VGroup(Circle(), Square().set_fill([color, "#fff"] if opacity else "#123"))
        group.set_sheen(sheen)
        group.set_fill(color, opacity).set_stroke(color, 3, opacity)
        group[0].set_stroke(color, opacity=opacity, background=True)
        return group, group[0].get_fill_color(), group[0].get_stroke_colors(background=True)

    def build_all() -> Any:
        cases = itertools.product(list_colors(), OPACITIES, [0.0, 0.4])
        return [_attempt(build, *case) for case in cases]

    style_twice(build_all)


def _attempt(build: Callable[..., Any], *case: Any) -> Any:
    try:
        return build(*case)
    except Exception as exc:  # noqa: BLE001 - both are to fail alike
        return type(exc), str(exc).partition(" at 0x")[0]


def test_style_of_classes_that_say_it_themselves_is_theirs(style_twice: Any) -> None:
    from manim import RED, Circle

    class Loud(Circle):
        def generate_rgbas_array(self, color: Any, opacity: Any) -> Any:
            return np.full((2, 4), 0.125)

    class Shiny(Circle):
        def get_sheen_factor(self) -> float:
            return 0.25

    class Pale(Circle):
        def get_fill_rgbas(self) -> Any:
            return [np.array([0.5, 0.5, 0.5, 1])]

    style_twice(lambda: [kind(color=RED).set_fill("#111", 0.5) for kind in (Loud, Shiny, Pale)])


def test_style_does_not_tie_objects_to_a_color_or_to_each_other(style_twice: Any) -> None:
    from manim import Circle, ManimColor

    def build() -> Any:
        color = ManimColor("#336699")
        some, other = Circle(color=color), Circle(color=color)
        some.fill_rgbas[:] = 0.5
        some.get_fill_color()._internal_value[0] = 0.75
        Circle().interpolate_color(some, other, 0.5).stroke_rgbas[:] = 0
        return color, some, other

    style_twice(build)


def test_interpolate_color_between_any_two_styles_is_manims(style_twice: Any) -> None:
    from manim import BLUE, RED, Circle, Dot, ImageMobject, Mobject, Square, VGroup, VMobject

    class Own(Circle):
        stroke_width = property(lambda self: 7, lambda self, value: None)

    def list_objects() -> list[Any]:
        odd, bare = Circle(color=RED), Circle()
        odd.fill_rgbas = odd.fill_rgbas.astype(np.float32)
        bare.__dict__.pop("stroke_rgbas")
        several = Square().set_fill([RED, BLUE, "#123"], 0.7).set_sheen_direction([1, 2, 0])
        plain = [
            Dot(color=BLUE),
            Circle(stroke_width=2.5),
            VGroup(),
            Own(),
            VMobject(sheen_factor=-0.3),
        ]
        image = ImageMobject(np.zeros((2, 2, 3), dtype=np.uint8))
        listed = Circle(sheen_direction=(1, 0, 0))
        texts = Circle()
        texts.stroke_width = "4"
        return [*plain, several, odd, bare, Mobject(), image, listed, texts]

    def mix(alpha: Any, first: int, second: int) -> Any:
        objects = list_objects()
        made = VMobject().interpolate_color(objects[first], objects[second], alpha)
        return made, objects[first], objects[second]

    alphas = [0, 1, 0.3, 1.0, np.float64(0.7), np.float32(0.7), np.array([0.5]), None, 1.25, True]

    def build_all() -> Any:
        numbers = range(len(list_objects()))
        return [_attempt(mix, *case) for case in itertools.product(alphas, numbers, numbers)]

    style_twice(build_all)
