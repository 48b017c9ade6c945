"""The types of what can be read of a sentence before anything is known of its subject.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "number",
    "integer",
    "range",
    "list",
    "point",
    "vector",
    "matrix",
    "shape",
    "complex",
    "expression",
    "curve",
    "function",
    "text",
]


@dataclass(frozen=True)
class Formula:
    """A function or an equation.

    ``code`` is Python that needs numpy as ``np`` and the ``variables``; ``text`` is for a label.
    ``name`` is what the sentence calls it: ``y`` in 'y = x^2', ``f`` in 'f(x) = …'. Of an equation
    such as x² + y² = 1, ``code`` is the left side minus the right one.
    """

    code: str
    text: str
    variables: tuple[str, ...]
    name: str = ""
    is_equation: bool = False
    node: Any = None


@dataclass(frozen=True)
class Value:
    """One value of a sentence, ``text`` at ``start`` to ``end`` of it.

    ``value`` is a number; a pair for a range; a list of numbers for a list, point, vector, shape or
    complex number (real and imaginary part); rows for a matrix; a `Formula` for an expression or
    the name of a function; several for a curve. ``unit`` is as `units.toml` names it, ``label`` the
    name that the sentence gives it ('a' in 'a = (1, 2)'). A weak value may be no value at all, as
    'two' in 'two vectors'.
    """

    kind: Kind
    value: Any
    unit: str = ""
    text: str = ""
    start: int = 0
    end: int = 0
    label: str = ""
    is_weak: bool = False
