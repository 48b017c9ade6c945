"""The plan of a scene: mobjects, and the steps of their animations in order. Plain data.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ref:
    """One thing of the plan, or one ``member`` of a thing that is a group."""

    thing: int
    member: int | None = None


@dataclass(slots=True)
class Place:
    """Where a thing is: on a side of the frame, at a point, or in a relation to others."""

    side: tuple[int, int] | None = None
    point: tuple[float, ...] | None = None
    relation: str = ""
    others: tuple[Ref, ...] = ()


@dataclass(slots=True)
class Thing:
    """A thing, or ``count`` alike; ``kind`` names its entry in the table of things."""

    kind: str
    count: int = 1
    looks: dict[str, object] = field(default_factory=dict)
    colours: list[str] = field(default_factory=list)
    measures: dict[str, float] = field(default_factory=dict)
    place: Place | None = None
    arrangement: str = ""
    text: str = ""
    label: str = ""
    labels: tuple[str, ...] = ()
    points: tuple[tuple[float, ...], ...] = ()
    numbers: tuple[float, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    equation: Equation | None = None
    marks: tuple[str, ...] = ()
    range: tuple[float, float] | None = None
    is_target: bool = False


@dataclass(frozen=True)
class Equation:
    """What a formula draws: ``kind`` of curve or surface, numpy code of its parts, and its text.

    ``kind`` is graph, surface, polar, implicit, parametric or space curve.
    """

    kind: str
    codes: tuple[str, ...]
    text: str
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Step:
    """Something that happens to ``targets``; ``act`` names its entry in the table of happenings."""

    act: str
    targets: tuple[Ref, ...] = ()
    others: tuple[Ref, ...] = ()
    angle: float | None = None
    axis: tuple[float, ...] | None = None
    side: tuple[int, int] | None = None
    place: Place | None = None
    amount: float | None = None
    colour: str = ""
    looks: dict[str, object] = field(default_factory=dict)
    duration_s: float | None = None
    times: int = 1
    is_together: bool = False


@dataclass(slots=True)
class Plan:
    """All of a sentence."""

    things: list[Thing] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    background: str = ""
