"""Families are those that manim finds, and are updated in its order."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from shaperotator_magic.rendering.drawing import families
from tests.alike import make_twice

__all__ = ["make_twice"]
pytestmark = pytest.mark.render


@pytest.fixture
def walk_twice(make_twice: Callable[..., tuple[Any, Any]]) -> Callable[[Callable[[], Any]], Any]:
    """Compares what a function returns before and after the installation, and returns it."""
    from manim.mobject.mobject import Mobject

    def walk_twice(build: Callable[[], Any]) -> Any:
        expected, made = make_twice(build, families, Mobject)
        assert expected == made
        return made

    return walk_twice


def build_graphs() -> list[Any]:
    from manim import (
        Circle,
        Dot,
        Group,
        Mobject,
        NumberLine,
        Square,
        ValueTracker,
        VectorizedPoint,
        VGroup,
    )

    class Hidden(VGroup):
        def _iter_family(self, active_path: Any) -> Any:
            yield from self.submobjects[:1]

    class Equal(Circle):
        def __eq__(self, other: object) -> bool:
            return isinstance(other, Circle)

        def __hash__(self) -> int:
            return 7

    class Full(Mobject):
        def get_num_points(self) -> int:
            return 1

    dot = Dot()
    shared = VGroup(dot, VGroup(dot, Square()), Circle())
    endless = Group(Square(), Group())
    endless[1].submobjects.append(endless)
    odd = Group()
    odd.submobjects.append("no object")
    tupled = VGroup()
    tupled.submobjects = (Square(), Circle())
    mixed = Group(Hidden(Dot(), Square()), Full(), ValueTracker(2), VectorizedPoint(), NumberLine())
    return [
        Circle(),
        VGroup(),
        shared,
        Group(shared, dot),
        endless,
        odd,
        tupled,
        mixed,
        Group(Equal(), Square(), Equal()),
    ]


def test_family_of_any_graph_is_the_one_that_manim_finds(walk_twice: Any) -> None:
    graphs = build_graphs()

    def find(graph: Any, name: str) -> Any:
        try:
            return [id(member) for member in getattr(graph, name)()]
        except Exception as exc:  # noqa: BLE001 - both are to fail alike
            return type(exc), str(exc)

    names = ("get_family", "family_members_with_points")
    found = walk_twice(lambda: [find(graph, name) for graph in graphs for name in names])
    assert [len(one) for one in found[:6]] == [1, 1, 1, 0, 5, 3]


def test_family_is_a_list_of_its_own_each_time(walk_twice: Any) -> None:
    from manim import Dot, VGroup

    group = VGroup(Dot(), Dot())

    def build() -> Any:
        group.get_family().clear()
        group[0].get_family().append(1)
        return len(group.get_family()), len(group[0].get_family(recurse=False))

    assert walk_twice(build) == (3, 1)


def test_update_calls_what_manim_calls_in_its_order(walk_twice: Any) -> None:
    from manim import Circle, Group, ValueTracker, VGroup

    def build() -> Any:
        called: list[Any] = []

        class Own(Circle):
            def update(self, dt: float = 0, recursive: bool = True) -> Any:
                called.append(("own", dt, recursive))
                return super().update(dt, recursive)

        def note(name: str) -> Callable[[Any], Any]:
            return lambda m: called.append((name, type(m).__name__))

        def move(m: Any, dt: float) -> None:
            called.append(("move", dt))

        def grow(m: Any) -> None:
            called.append("grow")
            m.submobjects.append(Circle().add_updater(note("new"), call_updater=False))
            m.remove_updater(grow)

        still = VGroup(Circle().add_updater(note("still")))
        own = Own().add_updater(move)
        own.add(Circle().add_updater(functools.partial(move)))
        group = Group(still, VGroup(Circle()).add_updater(grow), own, ValueTracker())
        group.add_updater(note("group"), call_updater=False)
        still.suspend_updating(recursive=False)
        for options in ({}, {"dt": 0.25}, {"recursive": False}, {"dt": 1, "recursive": True}):
            assert group.update(**options) is group
        return called

    called = walk_twice(build)
    assert {"grow", ("new", "Circle"), ("own", 0.25, True), ("move", 0.25)} <= set(called)
    assert ("still", "Circle") not in called[3:]


def test_takes_time_is_what_the_signature_says() -> None:
    import inspect

    def wrapped(m: Any) -> None:
        local_dt = m
        del local_dt

    def hides(m: Any) -> None:
        dt = m
        del dt

    @functools.wraps(wrapped)
    def wrapper(m: Any, dt: float) -> None:
        del m, dt

    class Moves:
        def step(self, m: Any, dt: float) -> None: ...

        def __call__(self, m: Any, dt: float) -> None: ...

    def starred(m: Any, *dt: float) -> None: ...

    def named(m: Any, **dt: float) -> None: ...

    def keyword(m: Any, *args: Any, dt: float = 0) -> None: ...

    cases: list[Any] = [wrapped, hides, wrapper, Moves().step, Moves(), starred, named, keyword]
    cases += [lambda m, dt: None, lambda dt: None, lambda m, time: None]
    cases.append(functools.partial(keyword, dt=3))
    for case in cases:
        assert families.takes_time(case) is ("dt" in inspect.signature(case).parameters), case
    assert {families.takes_time(case) for case in cases} == {True, False}
