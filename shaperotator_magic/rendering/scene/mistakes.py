"""Detects animations that cannot do what their line says, when they are played.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from shaperotator_magic.core.records import AnimationMistake
from shaperotator_magic.rendering.scene.naming import Namer

_CLOSE = 0.02


class MistakeDetector:
    """Checks the animations of every play as it begins."""

    def __init__(self, names: Namer) -> None:
        self.found: list[AnimationMistake] = []
        self._names = names
        self._present: frozenset[int] = frozenset()

    def note_present(self, scene: Any) -> None:
        """Record what is in the scene before a play adds to it."""
        self._present = frozenset(id(p) for m in scene.mobjects for p in m.get_family())

    def look(self, scene: Any, play: int) -> None:
        """Record two animations of one mobject, several copies onto one target, absent fades."""
        from manim.animation.fading import FadeOut

        flat = list(_flatten(scene.animations))
        for animation in flat:
            if isinstance(animation, FadeOut):
                self._look_for_absent(scene, animation, play)
        moved = [a.mobject for a in flat if _changes_all(a)]
        for mobject in _find_repeated(moved):
            self._note("same-thing-twice", play, mobject)
        targets = [target for a in flat if (target := _find_new_thing(a)) is not None]
        for mobject in _find_repeated(targets):
            self._note("same-target-twice", play, mobject)

    def _look_for_absent(self, scene: Any, animation: Any, play: int) -> None:
        """Record a FadeOut of the target of a Transform: the mobject that became it stays."""
        wanted = animation.mobject
        if not hasattr(wanted, "points") or not len(wanted.get_all_points()):
            return
        if self._present & {id(part) for part in wanted.get_family()}:
            return
        for mobject in scene.mobjects:
            if mobject is not wanted and _lies_on(mobject, wanted):
                self._note("absent-fade", play, wanted, self._names.find_name(mobject))
                return

    def _note(self, rule: Any, play: int, mobject: Any, other: str = "") -> None:
        name = self._names.find_name(mobject) or type(mobject).__name__
        self.found.append(
            AnimationMistake(rule=rule, play=play, line=self._names.line, name=name, other=other)
        )


def _flatten(animations: Any) -> list[Any]:
    from manim import AnimationGroup, Succession

    flat: list[Any] = []
    for animation in animations:
        if isinstance(animation, Succession):
            continue  # one after another is no conflict
        if isinstance(animation, AnimationGroup):
            flat += _flatten(animation.animations)
        elif animation.mobject is not None:
            flat.append(animation)
    return flat


def _changes_all(animation: Any) -> bool:
    from manim.animation.transform import _MethodAnimation

    return isinstance(animation, _MethodAnimation) and bool(animation.mobject.get_family())


def _find_new_thing(animation: Any) -> Any:
    """Return the target of a copy: the animation runs backwards from it, and only one can."""
    from manim import TransformFromCopy

    return animation.mobject if isinstance(animation, TransformFromCopy) else None


def _find_repeated(mobjects: list[Any]) -> list[Any]:
    counts = Counter(map(id, mobjects))
    return list({id(m): m for m in mobjects if counts[id(m)] > 1}.values())


def _lies_on(mobject: Any, other: Any) -> bool:
    """Return whether both cover the same place; a Transform may have resampled the curves."""
    ours, theirs = mobject.get_all_points(), other.get_all_points()
    if not len(ours) or not len(theirs):
        return False
    low = np.abs(ours.min(axis=0) - theirs.min(axis=0)).max()
    high = np.abs(ours.max(axis=0) - theirs.max(axis=0)).max()
    return bool(max(low, high) < _CLOSE)
