"""Which classes have manim's methods unchanged, so that a faster stand-in may be used.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any


class StockTypes(dict[type, bool]):
    """Returns for a class whether it has the methods of another one; the answer is cached.

    Parameters
    ----------
    owner
        The class with the methods, as they are at the first lookup.
    names
        Names of its attributes; a class that overrides one of them does not qualify.
    """

    def __init__(self, owner: type, *names: str) -> None:
        super().__init__()
        self._owner = owner
        self._names = names

    def __missing__(self, kind: type) -> bool:
        self[kind] = answer = issubclass(kind, self._owner) and all(
            getattr(kind, name, None) is getattr(self._owner, name) for name in self._names
        )
        return answer

    def have_all(self, mobjects: Iterable[Any]) -> bool:
        """Return whether all objects are of such classes."""
        return all(map(self.__getitem__, set(map(type, mobjects))))


def replace(owner: Any, name: str, build: Callable[[Any], Callable[..., Any]]) -> None:
    """Put a method in the place of one of manim's: same name, same signature.

    ``build`` is given manim's own, to which the new one leaves what is out of the ordinary.
    """
    stock = getattr(owner, name)
    setattr(owner, name, functools.wraps(stock)(build(stock)))
