"""A scene as it is being written: its lines, the names of its things, where they are now.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shaperotator_magic.writing.composing.codegen.arranging import Arrangement, Spot
from shaperotator_magic.writing.composing.codegen.extents import (
    HALF_HEIGHT,
    HALF_WIDTH,
    measure_one,
)
from shaperotator_magic.writing.composing.plan import Plan, Ref, Thing
from shaperotator_magic.writing.composing.tables.rows import ThingRow
from shaperotator_magic.writing.composing.tables.things import THINGS

_LONGEST_LINE = 88  # with what stands before it, as Python is usually set


@dataclass
class Script:
    """Lines of ``construct``, and what the picture shows after the last of them."""

    plan: Plan
    arrangement: Arrangement
    lines: list[str] = field(default_factory=list)
    names: dict[Ref, str] = field(default_factory=dict)
    now: dict[Ref, Spot] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)
    made: set[int] = field(default_factory=set)
    colours: dict[int, str] = field(default_factory=dict)
    companions: dict[int, list[str]] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)
    duration_s: float = 0.0
    is_in_space: bool = False
    is_zoomed: bool = False
    base: str = "Scene"

    def add(self, *lines: str) -> None:
        """Add lines to the scene."""
        for line in lines:
            is_long = len(line) > _LONGEST_LINE and " = " in line and not line.startswith(" ")
            self.lines.extend(_break_chain(line) if is_long else [line])

    def thing(self, ref: Ref) -> Thing:
        """Return the thing of a reference."""
        return self.plan.things[ref.thing]

    def row(self, ref: Ref) -> ThingRow:
        """Return its entry in the table."""
        return THINGS[self.thing(ref).kind]

    def name(self, ref: Ref) -> str:
        """Return the variable, or the member of a group: ``circles[1]``."""
        if ref in self.names:
            return self.names[ref]
        whole = self.names[Ref(ref.thing)]
        return f"{whole}[{ref.member}]" if ref.member is not None else whole

    def list_members(self, ref: Ref) -> list[Ref]:
        """Return a group's members, or the thing itself."""
        count = self.thing(ref).count
        if ref.member is not None or count == 1:
            return [ref]
        return [Ref(ref.thing, member) for member in range(count)]

    def find_path(self, ref: Ref) -> str:
        """Return one curve along which something can go: of a graph in pieces the first."""
        name = self.name(ref)
        if self.thing(ref).looks.get("dashed"):
            return f"{name}_path"
        is_in_pieces = f"{name} = VGroup(*[" in self.lines
        return f"{name}[0]" if is_in_pieces or self.thing(ref).count > 1 else name

    def spot(self, ref: Ref) -> Spot:
        """Return where something is now."""
        return self.now[ref if ref in self.now else Ref(ref.thing)]

    def place(self, number: int) -> None:
        """Note where a thing is at first, and each of its members."""
        spot = self.arrangement.spots[number]
        self.now[Ref(number)] = Spot(spot.x, spot.y, spot.width, spot.height, spot.scale)
        if not spot.offsets:
            return
        width, height = measure_one(self.plan.things[number], spot.scale)
        for member, (x, y) in enumerate(spot.offsets):
            self.now[Ref(number, member)] = Spot(spot.x + x, spot.y + y, width, height, spot.scale)

    def shift(self, ref: Ref, dx: float, dy: float) -> None:
        """Note that something moved."""
        for moved in {ref, *(self.list_members(ref) if ref.member is None else [])}:
            spot = self.spot(moved)
            spot.x, spot.y = spot.x + dx, spot.y + dy

    def scale(self, ref: Ref, factor: float) -> None:
        """Note that something grew."""
        centre = self.spot(ref)
        for grown in {ref, *(self.list_members(ref) if ref.member is None else [])}:
            spot = self.spot(grown)
            spot.x = centre.x + (spot.x - centre.x) * factor
            spot.y = centre.y + (spot.y - centre.y) * factor
            spot.width, spot.height = spot.width * factor, spot.height * factor

    def clamp(self, ref: Ref, x: float, y: float) -> tuple[float, float]:
        """Return a place as near to a wished one as lets all of a thing be seen."""
        spot = self.spot(ref)
        right = max(0.0, HALF_WIDTH + 0.2 - spot.width / 2)
        top = max(0.0, HALF_HEIGHT + 0.1 - spot.height / 2)
        return min(right, max(-right, x)), min(top, max(-top, y))

    def play(self, animations: list[str], run_time: float) -> None:
        """Add one call of play."""
        if not animations:
            return
        time = "" if abs(run_time - 1) < 0.01 else f", run_time={run_time:g}"  # noqa: PLR2004
        line = f"self.play({', '.join(animations)}{time})"
        if len(line) > _LONGEST_LINE:
            inner = [f"    {animation}," for animation in animations]
            ending = [f"    run_time={run_time:g},"] if time else []
            self.add("self.play(", *inner, *ending, ")")
        else:
            self.add(line)
        self.duration_s += run_time

    def wait(self, seconds: float) -> None:
        """Add a wait."""
        self.add(f"self.wait({seconds:g})" if abs(seconds - 1) > 0.01 else "self.wait()")  # noqa: PLR2004
        self.duration_s += seconds


def _break_chain(line: str) -> list[str]:
    """Return an assignment with each call of its chain in a line of its own."""
    name, _, code = line.partition(" = ")
    parts, depth = [""], 0
    for position, letter in enumerate(code):
        if letter == "." and depth == 0 and code[position - 1] == ")":
            parts.append("")
        depth += (letter in "([{") - (letter in ")]}")
        parts[-1] += letter
    if len(parts) == 1:
        return [line]
    return [f"{name} = (", *(f"    {part}" for part in parts), ")"]
