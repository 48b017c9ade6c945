"""What may run while a scene's definitions are assembled, recognised by identity.

A name proves nothing: a scene may bind ``range`` or ``property`` itself. So every decorator,
factory, base class and metaclass is looked up as Python would, and the object found must be one
of these. Each is inert for a reason that stands beside it; docs/security.md repeats them.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import abc
import collections
import dataclasses
import enum
import functools
import typing
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

# Hooks that Python or manim calls, by name, while a class is made or an object is read. A
# scene's class may define none of them, by ``def`` or by assignment.
CLASS_HOOKS = frozenset(
    "_add_intrinsic_animation_overrides add_animation_override animation_overrides "
    "_original__init__ _converted_classes _generate_next_value_ _missing_ _ignore_ _order_ "
    "_iter_member_ _iter_member_by_value_ _iter_member_by_def_ _numeric_repr_".split()
)

# Dunder names that a class may define: Python calls them on instances only, and of a scene's class
# there is no instance before the user makes one.
CLASS_DUNDERS = frozenset(
    "__init__ __new__ __doc__ __len__ __call__ __iter__ __next__ __str__ __repr__ __add__ __sub__ "
    "__mul__ __truediv__ __floordiv__ __mod__ __pow__ __matmul__ __neg__ __pos__ __abs__ __bool__ "
    "__int__ __float__ __radd__ __rsub__ __rmul__ __rtruediv__ __iadd__ __isub__ __imul__ __eq__ "
    "__ne__ __lt__ __le__ __gt__ __ge__ __hash__ __getitem__ __setitem__ __contains__ __enter__ "
    "__exit__ __post_init__ __reversed__ __copy__ __deepcopy__ __slots__".split()
)

# They wrap a function, and call it only when somebody uses what they return.
_FUNCTION_DECORATORS = frozenset(
    {
        property,
        staticmethod,
        classmethod,
        functools.cached_property,
        functools.lru_cache,
        functools.cache,
        abc.abstractmethod,
    }
)
# They add methods to a class: their source is made of the fields' names, never of a value.
_CLASS_DECORATORS = frozenset({dataclasses.dataclass, functools.total_ordering})
# What takes arguments runs them, if they are callable or answer for themselves: lru_cache(f) is f,
# dataclass(C) changes C, dict(x) calls x.keys(), namedtuple(…, x) calls x.replace(). So each is
# given such arguments only as it asks nothing. An enumeration's member is a ``str`` that answers.
_PLAIN = frozenset({str, int, float, bool, type(None)})

# They take arguments first.
_DECORATOR_FACTORIES = frozenset({functools.lru_cache, dataclasses.dataclass})

# They make a class or a description of a field from names and values.
_FACTORIES = frozenset({collections.namedtuple, typing.TypeVar, dataclasses.field})

# Builtins that an enumeration may mix in: their constructors are C, and get the member's value.
ENUM_MIXINS = frozenset({int, float, complex, str, bytes, tuple})


def find_override_decorators() -> frozenset[Any]:
    """Return manim's ``override_animation`` and ``override_animate``: they set an attribute."""
    import manim

    return frozenset({manim.override_animation, manim.override_animate})


def is_function_decorator(value: Any) -> bool:
    """Return whether this may decorate a function, as it stands."""
    return _is_in(value, _FUNCTION_DECORATORS)


def is_class_decorator(value: Any) -> bool:
    """Return whether this may decorate a class, as it stands."""
    return _is_in(value, _CLASS_DECORATORS)


def is_decorator_factory(value: Any) -> bool:
    """Return whether this may be called with constants to make a decorator."""
    return _is_in(value, _DECORATOR_FACTORIES)


def is_factory(value: Any, *, has_arguments: bool) -> bool:
    """Return whether this may be called with constants to make a class, a field or a template.

    Parameters
    ----------
    has_arguments
        The call has arguments without a keyword.
    """
    import manim

    if value is dict:
        return not has_arguments  # dict(X) would call X.keys(); dict(a=1) calls nothing
    return _is_in(value, _FACTORIES) or value is manim.TexTemplate


def takes(function: Any, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> bool:
    """Return whether a factory, of functions or of decorators, runs no code of these arguments."""
    if function is dataclasses.field:
        return not arguments  # it stores them
    if function is dict:
        return True  # it stores them: ``is_factory`` lets only keywords through
    if function is typing.TypeVar:
        return all(map(_is_plain, arguments[:1]))  # it stores its bounds, and reads no text
    if function is collections.namedtuple:
        defaults = keywords.get("defaults", ())
        others = [value for name, value in keywords.items() if name != "defaults"]
        return type(defaults) in {list, tuple} and all(map(_is_plain, (*arguments, *others)))
    if function is dataclasses.dataclass:
        return not arguments and all(map(_is_plain, keywords.values()))
    return all(map(_is_plain, (*arguments, *keywords.values())))


def _is_plain(value: Any) -> bool:
    if type(value) in {list, tuple}:
        return all(map(_is_plain, value))
    return type(value) in _PLAIN


def _is_in(value: Any, known: frozenset[Any]) -> bool:
    # Not ``in``: it would compare, and call the ``__hash__`` of a value of the scene.
    return any(value is one for one in known)


def find_unknown_hook(base: type[Any]) -> str:
    """Return which hook of a base class is not known to leave a scene's functions alone, or "".

    Class creation calls the metaclass and ``__init_subclass__``. Of these the listed ones read
    the namespace of the new class, and call nothing in it.
    """
    metaclass = type(base)
    if not any(metaclass is one for one in _list_metaclasses()):
        return f"its metaclass {metaclass.__qualname__}"
    for owner in base.__mro__:
        if "__init_subclass__" in vars(owner):
            return "" if owner in _list_hook_owners() else f"{owner.__qualname__}.__init_subclass__"
    return ""


@functools.cache
def _list_metaclasses() -> tuple[type[Any], ...]:
    from manim.mobject.opengl.opengl_compatibility import ConvertToOpenGL

    generic: list[type[Any]] = [type(typing.Protocol), typing.NamedTupleMeta]  # type: ignore[attr-defined]
    return (type, abc.ABCMeta, enum.EnumType, ConvertToOpenGL, *generic)


@functools.cache
def _list_hook_owners() -> frozenset[Any]:
    import manim

    # manim calls methods that ``CLASS_HOOKS`` stops a scene from replacing.
    return frozenset(
        {object, manim.Mobject, manim.Animation, typing.Generic, typing.Protocol, enum.Enum}
    )


def is_own_function(value: Any, made: Callable[[Any], bool]) -> bool:
    """Return whether a value is a function that was assembled here."""
    return type(value) is FunctionType and made(value)
