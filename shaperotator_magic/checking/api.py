"""The table of the installed manim, and questions to it. Pure: the worker builds the table.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_SURE, _NEAR, _LEAD = 0.84, 0.7, 0.04
_SHORTEST = 4
_FLUENT = frozenset({"Self", "typing_extensions.Self", "typing.Self"})


@dataclass(frozen=True)
class Suggestion:
    """A proposed name; ``is_sure`` where no other name is near."""

    name: str
    is_sure: bool


class Api:
    """What ``from manim import *`` offers.

    Parameters
    ----------
    table
        As ``rendering.process.api_table.build_table`` makes it.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.version: str = table["version"]
        self.names = frozenset(table["names"])
        self._classes: Mapping[str, Any] = table["classes"]
        self._functions: Mapping[str, Any] = table["functions"]

    @functools.cached_property
    def methods(self) -> frozenset[str]:
        """The names of all methods of all classes."""
        return frozenset(name for row in self._classes.values() for name in row["methods"])

    def is_class(self, name: str) -> bool:
        """Return whether this is a class of manim."""
        return name in self._classes

    def kind_of(self, name: str) -> str:
        """Return "Mobject", "Animation", "Scene", "Camera" or an empty text."""
        return str(self._classes[name]["kind"]) if name in self._classes else ""

    def is_a(self, name: str, base: str) -> bool:
        """Return whether a class is another one or derives from it."""
        return name == base or (name in self._classes and base in self._classes[name]["bases"])

    def list_bases(self, name: str) -> list[str]:
        """Return the bases of a class, the nearest first."""
        return list(self._classes[name]["bases"]) if name in self._classes else []

    def find_function(self, name: str) -> Mapping[str, Any] | None:
        """Return the signature of a function."""
        return self._functions.get(name)

    def find_method(self, owner: str, name: str) -> Mapping[str, Any] | None:
        """Return the signature of a method, looked up along the bases."""
        for row in self._walk(owner):
            if name in row["methods"]:
                method: Mapping[str, Any] = row["methods"][name]
                return method
        return None

    def find_result(self, owner: str, method: str) -> str | None:
        """Return the class in the return annotation of a method."""
        signature = self.find_method(owner, method)
        if method == "copy":
            return owner
        if signature is None:
            return None
        returned = str(signature["returns"])
        if returned in _FLUENT:
            return owner
        last = returned.split("[", maxsplit=1)[0].rsplit(".", maxsplit=1)[-1]
        return last if last in self._classes else None

    def list_keywords(self, owner: str) -> frozenset[str] | None:
        """Return what a class takes by keyword, followed along ``**kwargs``; None: anything."""
        names: set[str] = set()
        for row in self._walk(owner):
            init = row["init"]
            if init is None:
                continue
            names.update(init["keywords"])
            if not init["takes_any"]:
                return frozenset(names)
        return frozenset(names)

    def find_init(self, owner: str) -> Mapping[str, Any] | None:
        """Return the signature by which a class is made."""
        return next((row["init"] for row in self._walk(owner) if row["init"]), None)

    def has_attribute(self, owner: str, name: str) -> bool:
        """Return whether objects of a class have an attribute, made in the class or by it."""
        return name in self.list_attributes(owner)

    def is_magic(self, owner: str, name: str) -> bool:
        """Return whether ``Mobject.__getattr__`` makes a getter or setter with a target."""
        return (
            self.is_a(owner, "Mobject")
            and name[:4] in {"get_", "set_"}
            and self.has_attribute(owner, name[4:])
        )

    @functools.lru_cache(maxsize=1)  # noqa: B019 - a table lives as long as the process
    def list_settable(self) -> frozenset[str]:
        """Return the properties of mobjects whose setter changes what is drawn."""
        rows = (row for name, row in self._classes.items() if not name.startswith("OpenGL"))
        return frozenset(p for row in rows if row["kind"] == "Mobject" for p in row["settable"])

    def suggest_name(self, name: str) -> Suggestion | None:
        """Return the name of manim that was probably meant."""
        return _suggest(name, self.names)

    def suggest_attribute(self, owner: str, name: str) -> Suggestion | None:
        """Return the attribute that was probably meant."""
        return _suggest(name, self.list_attributes(owner))

    def _walk(self, owner: str) -> Iterator[Mapping[str, Any]]:
        if owner in self._classes:
            yield self._classes[owner]
            for base in self._classes[owner]["bases"]:
                if base in self._classes:
                    yield self._classes[base]

    @functools.lru_cache(maxsize=1)  # noqa: B019 - a table lives as long as the process
    def list_all_attributes(self) -> frozenset[str]:
        """Return what objects of any class have that draws without OpenGL."""
        rows = [row for name, row in self._classes.items() if not name.startswith("OpenGL")]
        return frozenset(name for row in rows for name in row["attributes"])

    @functools.lru_cache(maxsize=512)  # noqa: B019 - a table lives as long as the process
    def list_attributes(self, owner: str) -> frozenset[str]:
        """Return what objects of a class have, without what only ``__getattr__`` makes."""
        return frozenset(name for row in self._walk(owner) for name in row["attributes"])


def suggest_keyword(name: str, keywords: Iterable[str]) -> Suggestion | None:
    """Return the keyword that was probably meant."""
    return _suggest(name, keywords)


def _suggest(name: str, candidates: Iterable[str]) -> Suggestion | None:
    known = [c for c in candidates if not c.startswith("_")]
    plain = _to_american(name)
    if plain != name and plain in known:
        return Suggestion(plain, is_sure=True)
    rated = sorted(((_rate(plain, c), c) for c in known), reverse=True)[:2]
    if not rated or rated[0][0] < _NEAR:
        return None
    best, second = rated[0], rated[-1]
    is_alone = len(rated) == 1 or best[0] - second[0] > _LEAD
    return Suggestion(best[1], is_sure=best[0] >= _SURE and is_alone)


def _rate(name: str, candidate: str) -> float:
    if name.lower() == candidate.lower():
        return 0.99
    if min(len(name), len(candidate)) >= _SHORTEST and _is_one_slip(name, candidate):
        # The first letter is seldom the wrong one: Vroup is VGroup and not Group.
        return 0.95 if name[0].lower() == candidate[0].lower() else 0.9
    matcher = difflib.SequenceMatcher(None, name, candidate)
    return matcher.ratio() if matcher.quick_ratio() >= _NEAR else 0.0


def _is_one_slip(a: str, b: str) -> bool:
    """Whether one letter more, less, other or two swapped make the difference."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if start is None:
        return True
    left, right = a[start:], b[start:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


def _to_american(name: str) -> str:
    return name.replace("colour", "color").replace("centre", "center").replace("grey", "gray")
