"""Copies made by type are those that manim makes attribute by attribute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.rendering.drawing import copying
from shaperotator_magic.rendering.drawing.compiled.extensions import load_extension
from tests.alike import assert_alike

pytestmark = pytest.mark.render


@pytest.fixture(params=["compiled", "python"])
def copy_both(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Any], tuple[Any, Any]]]:
    """Copies an object as manim does, then in the fast way; manim's own is put back."""
    from manim.mobject.mobject import Mobject

    if request.param == "python":
        monkeypatch.setattr(copying, "load_extension", lambda name: None)
    elif load_extension("_objects") is None:
        pytest.skip("the extension was not built")
    stock = Mobject.__deepcopy__

    def copy_both(mobject: Any) -> tuple[Any, Any]:
        Mobject.__deepcopy__ = stock  # type: ignore[method-assign]
        expected = mobject.copy()
        copying.install()
        return expected, mobject.copy()

    yield copy_both
    Mobject.__deepcopy__ = stock  # type: ignore[method-assign]


def build_nested() -> Any:
    from manim import RED, Dot, Square, Text, VGroup

    square = Square(color=RED).save_state()
    square.generate_target()
    square.target.shift([1, 0, 0])
    square.add_updater(lambda m, dt: m.rotate(dt))
    return VGroup(square, Text("ab"), VGroup(Dot(), square))


def build_axes() -> Any:
    from manim import Axes, VGroup

    axes = Axes()
    return VGroup(axes, axes.plot(lambda x: x**2, x_range=[-1, 1]))


def build_surface() -> Any:
    from manim import Sphere

    return Sphere(resolution=(4, 4))


def build_self_reference() -> Any:
    from manim import Circle

    circle = Circle()
    circle.parts = [circle, [circle.points], {"me": circle}]
    circle.parts.append(circle.parts)
    circle.method = circle.get_center
    return circle


def build_property() -> Any:
    from manim import ValueTracker, VDict

    tracker = ValueTracker(3)
    return VDict({"a": build_nested()}).add_updater(lambda m: m.set_x(tracker.get_value()))


def build_unusual() -> Any:
    from manim import Circle, Square, VGroup, VMobject

    class Told(Circle):
        def __deepcopy__(self, memo: Any) -> Any:
            return Square()

    class Made(Circle):
        def __new__(cls, *args: Any) -> Any:
            made = super().__new__(cls)
            made.is_new = True
            return made

    class Set(Circle):
        def __setattr__(self, name: str, value: Any) -> None:
            super().__setattr__(name, [value] if name == "tag" else value)

    group = VGroup(Told(), Made(), Set(), VMobject())
    group[2].__dict__["tag"] = "a"
    group[3].odd = np.arange(3), np.array([{"a": group}, None]), np.float64(2), {1, 2}, b"x"
    group[3].points = np.asfortranarray(np.ones((4, 3)))
    group[3].whole = np.ones((2, 2), dtype=np.float32)
    return group


@pytest.mark.parametrize("name", ["points", "submobjects"])
def test_copy_that_fails_says_so(copy_both: Callable[[Any], tuple[Any, Any]], name: str) -> None:
    from manim import Circle

    class Refusing:
        def __deepcopy__(self, memo: Any) -> Any:
            raise ValueError("not this one")

    circle = Circle()
    setattr(circle, name, [Refusing()])
    with pytest.raises(ValueError, match="not this one"):
        copy_both(circle)


def test_copy_of_what_is_too_deep_is_an_error(
    copy_both: Callable[[Any], tuple[Any, Any]],
) -> None:
    circle, deep = build_nested(), []
    for _ in range(100_000):
        deep = [deep]
    copy_both(circle)
    circle.deep = deep
    with pytest.raises(RecursionError):
        circle.copy()


@pytest.mark.parametrize(
    "build",
    [build_unusual, build_nested, build_axes, build_surface, build_self_reference, build_property],
)
def test_copy_is_the_one_that_manim_makes(
    copy_both: Callable[[Any], tuple[Any, Any]], build: Callable[[], Any]
) -> None:
    expected, copied = copy_both(build())
    assert_alike(expected, copied, {})


def test_copy_shares_nothing_that_changes(copy_both: Callable[[Any], tuple[Any, Any]]) -> None:
    original = build_nested()
    _, copied = copy_both(original)
    copied[0].points[:] = 7
    copied[0].fill_rgbas[:] = 0.5
    assert not (original[0].points == 7).any()
    assert not (original[0].fill_rgbas == 0.5).any()
    assert copied[0] is copied[2][1]
