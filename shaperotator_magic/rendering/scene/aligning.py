"""Refuses to align shapes that do not fit: manim would fill the memory with copies of their parts.

A transform needs as many parts on both sides, at every depth. manim copies those of the poorer
side, families included. Runs in a scene's process.
"""

from __future__ import annotations

from typing import Any

from shaperotator_magic.core.errors import RenderError

MOST_COPIES = 40_000  # of mobjects, by one alignment: about half a gigabyte


def install() -> None:
    """Let manim's alignment count what it is about to copy."""
    from manim.mobject.mobject import Mobject

    # It is a method of manim that is replaced, on purpose.
    Mobject.add_n_more_submobjects = _build_guard(Mobject.add_n_more_submobjects)  # type: ignore[method-assign]


def _build_guard(stock: Any) -> Any:
    def add_n_more_submobjects(mobject: Any, n: int) -> Any:
        parts = len(mobject.submobjects)
        family = len(mobject.get_family()) - 1 if n > 0 else 0
        if parts and family * n / parts > MOST_COPIES:
            raise RenderError(
                f"{type(mobject).__name__} has {parts} parts, {family} with theirs, and the other "
                f"shape has {parts + n}: to fit, about {family * n // parts} copies would be made.",
                hint="Use FadeTransform, or transform parts that are alike one by one.",
            )
        return stock(mobject, n)

    return add_n_more_submobjects
