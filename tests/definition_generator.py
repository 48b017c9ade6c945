"""Random scenes from a grammar of what a module and a class may say while they are defined.

Every function, method and lambda of a scene prints ``MARK`` when it runs. A scene mixes what a
writer would write with what an attacker would: names of Python's and manim's bound anew, hooks of
classes, factories and decorators with odd arguments, imports under other names.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

MARK = "RANMARK"
SCENE_NAME = "Attack"
_RUNS = f"print('{MARK}')"
_HEAD = """from manim import *
import math
from abc import ABC, abstractmethod
from collections import namedtuple
from dataclasses import dataclass, field
from enum import Enum, Flag, IntEnum, StrEnum
from fractions import Fraction
from functools import cache, cached_property, lru_cache, total_ordering
from typing import Generic, NamedTuple, Protocol, TypeVar

T = TypeVar("T")
"""
_SCENE = f"""
class {SCENE_NAME}(Scene):
    def construct(self):
        {_RUNS}
"""
_CALLED = (
    "range max len dict list tuple set int str sum abs round frozenset Fraction namedtuple field "
    "TypeVar ManimColor TexTemplate rgb_to_color interpolate_color np math"
).split()
_DECORATING = (
    "property staticmethod classmethod cached_property cache lru_cache abstractmethod dataclass "
    "total_ordering override_animation"
).split()
_INHERITED = "Enum IntEnum StrEnum Flag NamedTuple ABC Protocol".split()
_METHODS = (
    "__init__ __new__ __str__ __repr__ __eq__ __lt__ __hash__ __bool__ __len__ __iter__ __call__ "
    "__getitem__ __contains__ __post_init__ __copy__ keys replace split append value name look"
).split()
_HOOKS = (
    "_add_intrinsic_animation_overrides add_animation_override animation_overrides "
    "_converted_classes _original__init__ _generate_next_value_ _missing_ _ignore_ _order_ "
    "_override_animation _value_repr_ _member_type_ __init_subclass__ __set_name__ "
    "__class_getitem__ __get__ __set__ __isabstractmethod__ __getattr__ __subclasshook__ "
    "__instancecheck__ __mro_entries__ __prepare__ __del__ __format__ __index__ __class__"
).split()
_BASES = (
    "Mobject VMobject Circle Square Animation Create Scene Exception ABC Enum IntEnum StrEnum Flag "
    "NamedTuple Protocol Generic[T] object dict int"
).split()
_ANNOTATIONS = ("int", "float", "list", f'"{_RUNS}"', '"ClassVar[int]"', "T", "dict[str, int]")
_IMPORTS = (
    "from math import pi as {}",
    "import math as {}",
    "from numpy import seterrcall as {}",
    "from sympy import expand as {}",
    "from random import seed as {}",
    "from manim import smooth as {}",
)


def generate_scene(seed: int) -> str:
    """Return the source of one scene; the same for the same seed."""
    return _Writer(random.Random(seed)).write()


class _Writer:
    """Writes one scene, and remembers the names that it bound."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._functions: list[str] = []
        self._classes: list[str] = []
        self._values: list[str] = []
        self._members: list[str] = []
        self._taken: list[str] = []
        # Most scenes hold one or two tricks, or hardly one would pass the checks.
        self._boldness = chance.choice((0.02, 0.05, 0.1, 0.3))
        self._number = 0

    def write(self) -> str:
        statements = [
            self._pick((self._define, self._class, self._class, self._assign, self._import))()
            for _ in range(self._chance.randint(2, 7))
        ]
        return _HEAD + "\n".join(statements) + "\n" + _SCENE

    # --- choices ----------------------------------------------------------------------

    def _pick(self, items: Sequence[Item]) -> Item:
        return self._chance.choice(items)

    def _is_bold(self) -> bool:
        return self._chance.random() < self._boldness

    def _name(self, stem: str) -> str:
        if self._is_bold():
            self._taken.append(self._pick((*_CALLED, *_DECORATING, *_INHERITED)))
            return self._taken[-1]
        self._number += 1
        return f"{stem}{self._number}"

    def _list_taken(self, names: Sequence[str]) -> list[str]:
        return [name for name in self._taken if name in names]

    # --- statements -------------------------------------------------------------------

    def _define(self, indent: str = "") -> str:
        name = self._name("f")
        text = self._function(name, indent, decorators=self._decorators(indent, is_method=False))
        self._functions.append(name)
        return text

    def _function(self, name: str, indent: str, *, decorators: str = "") -> str:
        default = f"a={self._value()}" if self._is_bold() else "a=1"
        annotation = f" -> {self._pick(_ANNOTATIONS)}" if self._is_bold() else ""
        returned = self._pick(("a", "1", "[]", "self"))
        if returned == "self":
            returned = "rest"
        return (
            f"{decorators}{indent}def {name}(self=None, {default}, *rest, **more){annotation}:\n"
            f"{indent}    {_RUNS}\n{indent}    return {returned}\n"
        )

    def _assign(self, indent: str = "") -> str:
        name = self._name("x")
        self._values.append(name)
        if self._is_bold():
            return f"{indent}{name}, {self._name('x')} = {self._value()}, {self._value()}"
        if self._is_bold():
            return f"{indent}{self._pick(('A, B', 'A', 'Scene.render'))} = 1, 2"
        annotation = f": {self._pick(_ANNOTATIONS)}" if self._chance.random() < 0.2 else ""
        return f"{indent}{name}{annotation} = {self._value()}"

    def _import(self, indent: str = "") -> str:
        name = self._pick(_METHODS + _HOOKS) if indent and self._is_bold() else self._name("m")
        self._functions.append(name)
        return indent + self._pick(_IMPORTS).format(name)

    # --- classes ----------------------------------------------------------------------

    def _class(self, indent: str = "") -> str:
        name = self._name("C")
        known = self._classes[-3:] if not indent else []
        bases = (
            [self._pick((*_BASES, *known, *self._list_taken(_INHERITED)))]
            if self._chance.random() < 0.85
            else []
        )
        if bases and self._is_bold():
            bases.insert(0, self._pick((*_BASES, *known, "str")))
        if bases == ["Enum"] and self._chance.random() < 0.5:
            bases.insert(0, "str")
        keywords = ["metaclass=C1"] if self._is_bold() and self._is_bold() else []
        inside = indent + "    "
        is_enum = any(base in {"Enum", "IntEnum", "StrEnum", "Flag"} for base in bases)
        body = [self._member(inside, is_enum=is_enum) for _ in range(self._chance.randint(1, 4))]
        if is_enum:
            value = "'a b'" if {"str", "StrEnum"} & set(bases) else "1"
            body.append(f"{inside}A = {value}")
            self._members.append(f"{name}.A")
        self._classes.append(name)
        decorators = self._class_decorators(indent)
        head = f"{indent}class {name}({', '.join([*bases, *keywords])}):"
        return "\n".join([decorators + head, *body]) + "\n"

    def _member(self, indent: str, *, is_enum: bool) -> str:
        kind = self._chance.random()
        if kind < 0.5:
            return self._method(indent, is_enum=is_enum)
        if kind < 0.8:
            return self._attribute(indent)
        if kind < 0.9 and len(indent) < 12:
            return self._class(indent)
        return self._import(indent)

    def _method(self, indent: str, *, is_enum: bool) -> str:
        plain = [name for name in _METHODS if not (is_enum and name.startswith("_"))]
        name = self._pick(_HOOKS) if self._is_bold() else self._pick(plain)
        return self._function(name, indent, decorators=self._decorators(indent, is_method=True))

    def _attribute(self, indent: str) -> str:
        names = (*_METHODS, *_HOOKS, "__slots__", "__doc__") if self._is_bold() else ("u", "v", "w")
        annotation = f": {self._pick(_ANNOTATIONS)}" if self._chance.random() < 0.4 else ""
        return f"{indent}{self._pick(names)}{annotation} = {self._value()}"

    def _decorators(self, indent: str, *, is_method: bool) -> str:
        if self._chance.random() < 0.6:
            return ""
        usual = ["lru_cache", "lru_cache(maxsize=None)", "cache"]
        if is_method:
            usual += ["property", "staticmethod", "classmethod", "abstractmethod"]
            usual += ["override_animation(Create)", "cached_property"]
        tricks = [
            "lru_cache({})",
            "override_animate({})",
            "{}",
            "{}.setter",
            "override_animation({})",
        ]
        taken = self._list_taken(_DECORATING)
        chosen = [self._pick(taken if taken and self._chance.random() < 0.5 else usual)]
        if self._is_bold():
            chosen = [self._pick(tricks).format(self._reference())]
        if self._is_bold():
            chosen.insert(0, self._pick(("classmethod", "property", "staticmethod")))
        return "".join(f"{indent}@{decorator}\n" for decorator in chosen)

    def _class_decorators(self, indent: str) -> str:
        if self._chance.random() < 0.75:
            return ""
        usual = ["dataclass", "dataclass(frozen=True)", "dataclass(slots=True)", "total_ordering"]
        chosen = self._pick(usual)
        if self._is_bold():
            chosen = self._pick(("{}", "dataclass({})", "dataclass({}, init=False)")).format(
                self._reference()
            )
        return f"{indent}@{chosen}\n"

    # --- expressions ------------------------------------------------------------------

    def _reference(self) -> str:
        own = [*self._functions[-4:], *self._classes[-4:], *self._values[-2:], *self._members[-2:]]
        return self._pick((*own, "print", "Circle", "Mobject.shift", "config", "np", "smooth"))

    def _value(self, depth: int = 0) -> str:
        if depth < 2 and self._chance.random() < 0.3:
            parts = [self._value(depth + 1) for _ in range(2)]
            return self._pick(("[{}, {}]", "({}, {})", "{{'k': {}, 'l': {}}}")).format(*parts)
        taken = self._list_taken(_CALLED)
        if taken and self._chance.random() < 0.4:
            return f"{self._pick(taken)}({self._pick(('', '3', 'RED', 'a=1'))})"
        if self._is_bold():
            return self._trick()
        return self._pick(
            (
                "1", "2.5", "'text'", "None", "RED", "PI / 2", "2 * RIGHT", "list(range(3))",
                "max(1, 2)", "dict(a=1)", "np.array([1, 2])", "ManimColor('#ff0000')",
                "interpolate_color(RED, BLUE, 0.5)", "Fraction(1, 2)", "math.sqrt(2)", "len('ab')",
                "config.frame_width / 2", "namedtuple('P', 'x y')", "TypeVar('U')", "smooth",
                f"(lambda *a: {_RUNS})", "field(default=1)", "tuple([1, 2])", "TexTemplate()",
                "Circle", self._reference(),
            )
        )  # fmt: skip

    def _trick(self) -> str:
        form = self._pick(
            (
                "dict({})", "namedtuple('P', {})", "namedtuple({}, 'x')", "max([1, 2], key={})",
                "min(3, 1, key={})", "{}()", "list({})", "str({})", "{} + 1", "[*{}]", "dict(**{})",
                "{}.A", "{}[0]", "{} < 2", "1 if {} else 2", "TexTemplate({})", "f'{{{}}}'",
                "field(default_factory={})", "TypeVar('V', bound={})", "np.array({})", "sum([{}])",
                "{}.look", "lru_cache({})", "property({})", "int({})",
            )
        )  # fmt: skip
        return form.format(self._reference())
