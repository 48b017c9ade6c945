"""Values of a scene's constants on their way from the confined process to the kernel.

As ``variables`` writes them, and besides colours, fractions, and references to what both processes
have: public objects of manim and NumPy, and the functions and classes that both assembled, in the
same order. Reading checks everything, for the process that wrote it ran untrusted expressions. The
result is plain data or a reference; nothing is called, unpickled or evaluated.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence, Set
from enum import EnumType
from fractions import Fraction
from typing import Any

from shaperotator_magic.rendering.exchange.variables import decode_value, encode_leaf

_DEEPEST = 50
_CONTAINERS: dict[str, type[Any]] = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
}
_LEAVES = frozenset({"complex", "range", "array", "scalar", "bytes"})
_HASHED = frozenset({"set", "frozenset", "dict"})
_MOST_HASHED = 10_000
# Whose functions and classes a constant may hold; both processes have imported them.
_PUBLIC_MODULES = ("manim", "manim.utils.rate_functions", "numpy", "math", "cmath")


class NotCarriedError(Exception):
    """A value cannot be handed over; the text names its type."""


class SpoiledValueError(Exception):
    """What the confined process wrote is no value of ours."""


def encode(value: Any, made: Sequence[Any]) -> Any:
    """Return a value as JSON-able data.

    Parameters
    ----------
    made
        Functions and classes of the scene, in the order in which they were assembled.

    Raises
    ------
    NotCarriedError
        Part of it is of a type that is not handed over.
    """
    return _Encoder({id(one): number for number, one in enumerate(made)}).encode(value, 0)


class _Encoder:
    """Writes one value; ``own`` numbers the scene's functions and classes by identity."""

    def __init__(self, own: dict[int, int]) -> None:
        self._own = own

    def encode(self, value: Any, depth: int) -> Any:
        if depth > _DEEPEST:
            raise NotCarriedError(f"values nested more than {_DEEPEST} deep")
        items = self._encode_items(value, depth + 1)
        if items is not None:
            return {"kind": type(value).__name__, "data": items}
        for tag, read in self._readers:
            if (data := read(value)) is not None:
                return {"kind": tag, "data": data}
        leaf = encode_leaf(value)
        if leaf is None and value is not None:
            raise NotCarriedError(f"a {_name_type(value)}")
        return leaf

    def _encode_items(self, value: Any, depth: int) -> list[Any] | None:
        kind = type(value)
        if kind is dict:
            return [[self.encode(part, depth) for part in pair] for pair in value.items()]
        if kind in _CONTAINERS.values():
            return [self.encode(item, depth) for item in value]
        return None

    @property
    def _readers(self) -> Sequence[tuple[str, Callable[[Any], Any]]]:
        return (
            ("own", lambda value: self._own.get(id(value))),
            ("fraction", _read_fraction),
            ("colour", _read_colour),
            ("member", self._read_member),
            ("public", _find_public_name),
        )

    def _read_member(self, value: Any) -> list[Any] | None:
        number = self._own.get(id(type(value)))
        name = getattr(value, "_name_", None) if number is not None else None
        return [number, name] if isinstance(name, str) else None


def _name_type(value: Any) -> str:
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def _read_fraction(value: Any) -> list[int] | None:
    return [value.numerator, value.denominator] if type(value) is Fraction else None


def _read_colour(value: Any) -> list[float] | None:
    import manim

    if type(value) is not manim.ManimColor:
        return None
    return [float(part) for part in value._internal_value]


def _find_public_name(value: Any) -> list[str] | None:
    """Return the module and the name under which both processes have a function or a class."""
    name = getattr(value, "__name__", None)
    if not isinstance(name, str) or not callable(value):
        return None
    for module in _PUBLIC_MODULES:
        if getattr(sys.modules.get(module), name, None) is value:
            return [module, name]
    return None


def decode(data: Any, made: Sequence[Any], names: Set[str]) -> Any:
    """Return the value that ``encode`` wrote.

    Parameters
    ----------
    made
        As for ``encode``, of this process.
    names
        Names in the scene's source, which the checks have seen: of manim's and NumPy's
        functions it can refer to no others.

    Raises
    ------
    SpoiledValueError
        It is not as ``encode`` writes.
    """
    try:
        return _Decoder(made, names).decode(data, 0)
    except SpoiledValueError:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError) as exc:
        raise SpoiledValueError(str(exc)) from exc


class _Decoder:
    """Reads one value, and trusts nothing in it."""

    def __init__(self, made: Sequence[Any], names: Set[str]) -> None:
        self._made = made
        self._names = names
        self._references: dict[str, Callable[[Any], Any]] = {
            "own": self._decode_own,
            "member": self._decode_member,
            "fraction": _decode_fraction,
            "colour": _decode_colour,
            "public": self._decode_public,
        }

    def decode(self, data: Any, depth: int) -> Any:
        if data is None or type(data) in {bool, int, float, str}:
            return data
        if type(data) is not dict or depth > _DEEPEST:
            raise SpoiledValueError("not a value")
        kind, inner = data["kind"], data["data"]
        if kind in _HASHED and len(inner) > _MOST_HASHED:
            raise SpoiledValueError("too many keys, which may all have one hash")
        if kind in _CONTAINERS:
            return _CONTAINERS[kind](self.decode(item, depth + 1) for item in inner)
        if kind == "dict":
            return {self.decode(k, depth + 1): self.decode(v, depth + 1) for k, v in inner}
        if kind in _LEAVES:
            return decode_value(data)
        return self._references[kind](inner)

    def _decode_own(self, inner: Any) -> Any:
        if type(inner) is not int or inner < 0:
            raise SpoiledValueError("no object of the scene")
        return self._made[inner]

    def _decode_member(self, inner: Any) -> Any:
        number, name = inner
        owner = self._decode_own(number)
        if not issubclass(type(owner), EnumType):
            raise SpoiledValueError("no enumeration")
        return owner._member_map_[name]

    def _decode_public(self, inner: Any) -> Any:
        module, name = inner
        if module not in _PUBLIC_MODULES or name not in self._names:
            raise SpoiledValueError("no public object")
        found = getattr(sys.modules[module], name)
        if _find_public_name(found) is None:
            raise SpoiledValueError("no public object")
        return found


def _decode_fraction(inner: Any) -> Fraction:
    above, below = inner
    return Fraction(int(above), int(below))


def _decode_colour(inner: Any) -> Any:
    import manim

    red, green, blue, opacity = (float(part) for part in inner)
    if not all(map(math.isfinite, (red, green, blue, opacity))):
        raise SpoiledValueError("no colour")
    return manim.ManimColor((red, green, blue, opacity))
