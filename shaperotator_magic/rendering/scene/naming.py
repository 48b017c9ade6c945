"""What a scene's source calls a mobject, and in which line it was made.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from types import FrameType
from typing import Any

_MADE_AT = "_made_at_line"  # on the mobject itself, so that copies have it too
_MOST_MEMBERS = 60


class Namer:
    """Collects the names of mobjects while the scene runs.

    Parameters
    ----------
    source
        The scene's source; its assignments show where a named mobject was made.
    """

    def __init__(self, source: str) -> None:
        self._names: dict[int, str] = {}
        self._alive: list[Any] = []  # an id is only an identity while the thing lives
        self._identities: dict[int, int] = {}
        self._assigned = _find_assignments(source)
        self.line: int | None = None

    def grow(self, source: str) -> None:
        """Take in that the source has become longer."""
        self._assigned = _find_assignments(source)

    def look(self, frames: list[FrameType]) -> None:
        """Read the names of the scene's present local variables and attributes."""
        if not frames:
            return
        self.line = frames[0].f_lineno
        for frame in frames:
            for name, value in list(frame.f_locals.items()):
                if name == "self":
                    self._learn_attributes(value)
                else:
                    self._learn(name, value, depth=2)

    def note_made(self, mobject: Any, line: int) -> None:
        """Record the line that made a mobject."""
        mobject.__dict__.setdefault(_MADE_AT, line)

    def find_name(self, mobject: Any) -> str:
        """Return its name in the source, or an empty text."""
        return self._names.get(id(mobject), "")

    def find_line(self, mobject: Any) -> int | None:
        """Return the line of the last assignment of its name, or else where it was made."""
        made: int | None = mobject.__dict__.get(_MADE_AT)
        base = self.find_name(mobject).split("[")[0]
        lines = self._assigned.get(base, [])
        if not lines or self.line is None:
            return made
        before = bisect_right(lines, self.line)
        return lines[before - 1] if before else made

    def identify(self, mobject: Any) -> int:
        """Return a number that stays with this mobject."""
        key = id(mobject)
        if key not in self._identities:
            self._identities[key] = len(self._identities)
            self._alive.append(mobject)
        return self._identities[key]

    def _learn_attributes(self, scene: Any) -> None:
        for name, value in list(vars(scene).items()):
            if name not in _OWN_OF_SCENES and not name.startswith("_"):
                self._learn(f"self.{name}", value, depth=2)

    def _learn(self, name: str, value: Any, *, depth: int) -> None:
        if hasattr(value, "submobjects"):
            self._give_name(name, value)
        if depth > 0:
            for key, member in _find_members(value):
                self._learn(f"{name}[{key!r}]", member, depth=depth - 1)

    def _give_name(self, name: str, mobject: Any) -> None:
        known = self._names.get(id(mobject), "")
        is_better = "[" not in name and "[" in known
        if not known or is_better:
            self._names[id(mobject)] = name
            self._alive.append(mobject)


_OWN_OF_SCENES = frozenset(
    "mobjects foreground_mobjects animations moving_mobjects static_mobjects renderer camera "
    "updaters time_progression".split()
)


def _is_group(mobject: Any) -> bool:
    return type(mobject).__name__ in {"VGroup", "Group", "VDict"}


def _find_members(value: Any) -> list[tuple[object, Any]]:
    """Return the keys and members of a list, a dictionary or a group of mobjects."""
    members: list[tuple[object, Any]] = []
    if isinstance(value, dict):
        members = [(key, member) for key, member in value.items() if isinstance(key, str | int)]
    elif isinstance(value, list | tuple):
        members = list(enumerate(value))
    elif _is_group(value):
        members = list(enumerate(value.submobjects))

    return [
        (key, member)
        for key, member in members[:_MOST_MEMBERS]
        if hasattr(member, "submobjects") or isinstance(member, list | tuple)
    ]


def _find_assignments(source: str) -> dict[str, list[int]]:
    lines: dict[str, list[int]] = defaultdict(list)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (name for target in targets for name in _names_in(target)):
                lines[name].append(node.lineno)
    return {name: sorted(found) for name, found in lines.items()}


def _names_in(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _names_in(element)
    elif isinstance(target, ast.Name | ast.Attribute):
        yield ast.unparse(target)
