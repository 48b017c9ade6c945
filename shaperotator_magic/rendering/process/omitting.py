"""Animations that need not run on the way to a later moment: their end is known without them.

An object that fades in, is created or grows is at the end what it was before. manim copies it twice
to find that out; of a scene that is run for one picture, these copies are a third of the time.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any


def can_omit(animations: Sequence[Any]) -> bool:
    """Return whether all animations of one play leave their mobjects as these were before.

    Not where a mobject has updaters, or where two of the animations change the same mobject.
    """
    single = list(_flatten(animations))
    if not all(_leaves_as_before(animation) for animation in single):
        return False
    families = [member for one in single for member in one.mobject.get_family()]
    is_apart = len(set(map(id, families))) == len(families)
    return is_apart and not any(member.updaters for member in families)


def finish_omitted(scene: Any, animations: Sequence[Any]) -> None:
    """Leave a scene as these animations would."""
    for animation in animations:
        animation._on_finish(scene)
        inner = animation.animations if type(animation) in _list_groups() else ()
        for one in inner:
            one.remover = one.remover or animation.remover
        finish_omitted(scene, inner)
        if not inner and animation.is_remover():
            scene.remove(animation.mobject)


@cache
def _list_groups() -> frozenset[type[Any]]:
    from manim import AnimationGroup, LaggedStart, LaggedStartMap

    return frozenset({AnimationGroup, LaggedStart, LaggedStartMap})


@cache
def _list_alone() -> frozenset[type[Any]]:
    import manim

    return frozenset(
        {
            manim.Create,
            manim.DrawBorderThenFill,
            manim.FadeIn,
            manim.FadeOut,
            manim.GrowArrow,
            manim.GrowFromCenter,
            manim.GrowFromEdge,
            manim.GrowFromPoint,
            manim.Write,
        }
    )


def _flatten(animations: Sequence[Any]) -> Iterator[Any]:
    for animation in animations:
        if type(animation) in _list_groups() and animation.rate_func(1) == 1:
            yield from _flatten(animation.animations)
        else:
            yield animation


def _leaves_as_before(animation: Any) -> bool:
    from manim import FadeOut

    return bool(
        type(animation) in _list_alone()
        and not getattr(animation, "reverse", False)
        and not animation.reverse_rate_function
        and animation.rate_func(1) == 1
        and animation.is_remover() == (type(animation) is FadeOut)
    )
