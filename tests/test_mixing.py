"""Objects between two others are those that manim makes, to the last bit."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.rendering.drawing import interpolation
from shaperotator_magic.rendering.drawing.compiled.extensions import load_extension
from tests.alike import attempt, compare_twice, make_twice

__all__ = ["make_twice"]
pytestmark = [
    pytest.mark.render,
    pytest.mark.skipif(load_extension("_objects") is None, reason="the extension was not built"),
]

ALPHAS = [0, 1, 0.3, 1.0, np.float64(0.7), np.float32(0.7), np.array([0.5]), None, 1.25, True]


@pytest.fixture
def mix_twice(
    make_twice: Callable[..., tuple[Any, Any]], tmp_path: Path
) -> Iterator[Callable[[Callable[[], Any]], Any]]:
    """Compares what a function returns before and after the installation, and returns it."""
    from manim import Mobject, tempconfig
    from manim.animation.transform import Transform

    with tempconfig({"media_dir": str(tmp_path), "dry_run": True}):
        yield compare_twice(make_twice, interpolation, Mobject, Transform)


@functools.cache
def make_classes() -> tuple[Any, Any]:
    """Return one with a width of its own and one that mixes its colors itself."""
    from manim import RED, Circle

    class Own(Circle):
        stroke_width = property(lambda self: 7, lambda self, value: None)

    class Mixing(Circle):
        def interpolate_color(self, mobject1: Any, mobject2: Any, alpha: Any) -> Any:
            return self.set_fill(RED, 0.25)

    return Own, Mixing


def list_objects() -> list[Any]:
    from manim import BLUE, RED, Circle, Dot, ImageMobject, Mobject, PointCloudDot, Square, VMobject

    own, mixing_itself = (made() for made in make_classes())
    several = Circle().set_fill([RED, BLUE, "#123"], 0.7).set_sheen_direction([1, 2, 0])
    others = [Circle(radius=2) for _ in range(8)]
    others[0].fill_rgbas = others[0].fill_rgbas.astype(np.float32)
    others[1].__dict__.pop("stroke_rgbas")
    others[2].points = others[2].points.astype(int)
    others[3].points = np.asfortranarray(others[3].points)
    others[4].points[3] = np.inf
    others[4].fill_rgbas[0, 2] = np.nan
    others[5].stroke_width = np.array([1.5, 2])
    others[6].stroke_width = np.float32(3)
    others[7].background_stroke_width = "4"
    plain = [Dot(color=BLUE), Circle(stroke_width=2.5), Square(), own, VMobject(), mixing_itself]
    image = ImageMobject(np.zeros((2, 2, 3), dtype=np.uint8))
    return [*plain, several, *others, Mobject(), image, PointCloudDot(radius=0.2)]


def test_object_between_any_two_is_manims(mix_twice: Any) -> None:
    def mix(alpha: Any, first: int, second: int) -> Any:
        objects, made = list_objects(), list_objects()[first]
        return made.interpolate(objects[first], objects[second], alpha), objects[second]

    def mix_all() -> Any:
        count = len(list_objects())
        pairs = [pair for n in range(count) for pair in ((n, n), (n, 1), (1, n), (n, 6))]
        return [attempt(mix, alpha, *pair) for alpha in ALPHAS for pair in pairs]

    made = mix_twice(mix_all)
    assert sum(not isinstance(one[0], type) for one in made) > len(made) / 4


def test_object_that_is_its_own_beginning_or_end_is_manims(mix_twice: Any) -> None:
    from manim import BLUE, Circle, straight_path

    def build() -> Any:
        objects = [Circle(), Circle(radius=2, color=BLUE), Circle()]
        objects[0].interpolate(objects[0], objects[1], 0.25)
        objects[1].interpolate(objects[0], objects[1], np.float64(0.75))
        objects[2].interpolate(objects[0], objects[1], 0.5, path_func=straight_path())
        objects[2].interpolate(objects[2], objects[2], 0.5, lambda start, end, alpha: start + end)
        return objects

    mix_twice(build)


def list_animations() -> list[Any]:
    from manim import (
        BLUE,
        LEFT,
        PI,
        RED,
        UP,
        Circle,
        FadeIn,
        FadeOut,
        FadeTransform,
        Group,
        GrowFromCenter,
        ImageMobject,
        Line,
        MoveToTarget,
        ReplacementTransform,
        Square,
        Text,
        Transform,
        ValueTracker,
        VGroup,
        linear,
        there_and_back,
    )  # fmt: skip

    class Own(Transform):
        def interpolate_submobject(self, *mobjects: Any) -> Any:
            mobjects[0].set_fill(RED, float(mobjects[-1]))

    class Late(Transform):
        def get_sub_alpha(self, alpha: float, index: int, num_submobjects: int) -> float:
            return alpha * index / num_submobjects

    calls: list[float] = []
    image = Group(Circle(), ImageMobject(np.zeros((2, 2, 3), dtype=np.uint8)))
    goal = Text("goal", t2c={"o": RED}).shift(UP)
    moved = Circle()
    moved.generate_target().shift(LEFT).set_color(BLUE)
    return [
        FadeIn(Text("word"), shift=UP), FadeOut(VGroup(Circle(), VGroup(Square())), scale=2),
        ReplacementTransform(Text("a + b"), goal), MoveToTarget(moved),
        Transform(Text("ab"), Text("abcd"), lag_ratio=0.4, rate_func=linear),
        Transform(Circle(), Square(), path_arc=PI / 2), GrowFromCenter(Square()),
        Transform(VGroup(Circle(), Circle()), VGroup(Square(), Line()), rate_func=there_and_back),
        Transform(Circle(), Square(), rate_func=lambda t: calls.append(t) or len(calls) / 9),
        Own(VGroup(Circle(), Line()), VGroup(Square(), Circle())), FadeIn(image), FadeOut(image),
        Late(VGroup(Circle(), Line()), VGroup(Square(), Circle())),
        FadeTransform(Square(), Circle()), Transform(ValueTracker(1), ValueTracker(3)),
        FadeOut(Circle(), rate_func=linear, reverse_rate_function=True),
    ]  # fmt: skip


def read(mobject: Any) -> dict[str, Any]:
    """Return what an object shows at this moment."""
    known = {name: value for name, value in vars(mobject).items() if name != "original_id"}
    return {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in known.items()
        if isinstance(value, np.ndarray | np.generic | float | int | str)
    }


def test_frames_of_transformations_are_manims(mix_twice: Any) -> None:
    from manim import Scene

    def run(number: int) -> Any:
        animation = list_animations()[number]
        animation._setup_scene(Scene())
        animation.begin()
        seen = []
        for alpha in (0, 0.25, np.float64(0.6), 1.0, 1):
            animation.interpolate(alpha)
            seen.append([read(member) for member in animation.mobject.get_family()])
        return seen

    def run_all() -> Any:
        return [attempt(run, number) for number in range(len(list_animations()))]

    made = mix_twice(run_all)
    assert not any(isinstance(one[0], type) for one in made)


def test_mix_all_takes_what_is_left_in_its_turn() -> None:
    from manim import Circle, Mobject

    extension = load_extension("_objects")
    first, second, third = Circle(), Mobject(), Circle()
    seen: list[Any] = []

    def leave(*given: Any) -> None:
        seen.append((given, first.points[0, 0], third.points[0, 0]))

    families = [(first, Circle(), Circle(radius=3)), (second, first, third), (third, first, first)]
    plain = {Circle: True, Mobject: False}
    extension.mix_all(families, [0.5, 0.25, 0.5], plain, leave, np.ndarray)
    assert seen == [((second, first, third, 0.25), 2.0, 1.0)]
    assert third.points[0, 0] == 2.0
    with pytest.raises(KeyError):
        extension.mix_all(families, [0.5, 0.5, 0.5], {}, leave, np.ndarray)
