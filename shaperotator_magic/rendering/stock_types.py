"""Which types of objects keep manim's own methods, so that a faster way may stand in for them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any


class StockTypes(dict[type, bool]):
    """Says of a type whether it has the methods of another one, and remembers the answer.

    Parameters
    ----------
    owner
        The type whose methods are meant, as they are when they are first asked for.
    names
        Names of its attributes, none of which a type of this kind says otherwise.
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
        """Whether each of some objects is of such a type."""
        return all(map(self.__getitem__, set(map(type, mobjects))))


def replace(owner: Any, name: str, build: Callable[[Any], Callable[..., Any]]) -> None:
    """Put a method in the place of one of manim's: same name, same signature.

    ``build`` is given manim's own, to which the new one leaves what is out of the ordinary.
    """
    stock = getattr(owner, name)
    setattr(owner, name, functools.wraps(stock)(build(stock)))
