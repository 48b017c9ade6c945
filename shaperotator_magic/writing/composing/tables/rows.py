"""The types of the entries in the tables of mobjects and animations.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Measures = dict[str, float]


@dataclass(frozen=True)
class Measure:
    """A number that a thing has, with the range in which it can be drawn."""

    default: float
    low: float
    high: float
    is_length: bool = True


@dataclass(frozen=True)
class ThingRow:
    """One kind of thing.

    Parameters
    ----------
    words
        What people call it, in the singular.
    code
        Python that makes it; ``{name}`` stands for a measure.
    box
        Width and height (in space: depth, too) for the measures.
    family
        flat, line, text, solid, curve, surface or chart.
    """

    name: str
    words: tuple[str, ...]
    code: str
    measures: dict[str, Measure] = field(default_factory=dict)
    box: Callable[[Measures], tuple[float, ...]] = lambda _: (1.0, 1.0)
    family: str = "flat"
    examples: tuple[str, ...] = ()
    equation: tuple[str, tuple[str, ...], str] | None = None
    is_open: bool = False

    @property
    def is_in_space(self) -> bool:
        """Whether it needs a camera in space."""
        return self.family in {"solid", "surface", "space curve"}

    @property
    def is_plotted(self) -> bool:
        """Whether it is drawn over axes."""
        return self.family in {"curve", "surface", "space curve"}


@dataclass(frozen=True)
class ActRow:
    """One kind of happening.

    Parameters
    ----------
    words
        Verbs in their plain form, with their particles ('fade out').
    code
        The animation, where it is one call; ``{it}`` stands for the thing. Where it depends on
        what is said and on what the picture shows, it is empty, and `acting` writes it.
    effect
        What becomes of the thing: comes, goes, changes.
    """

    name: str
    words: tuple[str, ...]
    code: str = ""
    effect: str = "changes"
    duration_s: float = 1.0
    examples: tuple[str, ...] = ()


def add_article(noun: str) -> str:
    """Return 'a circle', 'an ellipse'."""
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"
