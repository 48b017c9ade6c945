"""Where everything is at first: sizes that fit, places in the frame. Pure.

The frame is 14.2 wide and 8 high. What has no place of its own stands in a row in the middle; what
the sentence places beside, above or inside another one is put there; and all that belongs together
is made smaller where it would not fit.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shaperotator_magic.writing.composing.codegen.extents import (
    HALF_HEIGHT,
    HALF_WIDTH,
    arrange,
    measure_one,
)
from shaperotator_magic.writing.composing.plan import Plan, Ref, Step, Thing
from shaperotator_magic.writing.composing.tables.things import THINGS

_GAP = 0.5
_INSIDE, _AROUND = 0.55, 1.55
_FLOATING = frozenset({"curve", "surface", "space curve", "axes", "axes in space", "backdrop"})


@dataclass(slots=True)
class Spot:
    """Centre and extent of a thing, and of each of its members about that centre."""

    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0
    scale: float = 1.0
    offsets: list[tuple[float, float]] = field(default_factory=list)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top."""
        return (
            self.x - self.width / 2, self.y - self.height / 2,
            self.x + self.width / 2, self.y + self.height / 2,
        )  # fmt: skip


def is_orbit(plan: Plan, step: Step) -> bool:
    """Whether a compact thing goes around another one, and not along its outline as a dot does."""
    rows = [THINGS[plan.things[ref.thing].kind] for ref in (*step.targets, *step.others)]
    is_compact = all(row.family == "flat" and not row.is_open for row in rows)
    return is_compact and all(row.name != "dot" for row in rows)


class Arrangement:
    """The places of all things of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.spots = {n: self.measure(t, 1.0) for n, t in enumerate(plan.things)}
        self._place()

    def measure(self, thing: Thing, scale: float) -> Spot:
        """Return how large a thing is, made smaller where a group of it would not fit."""
        width, height = measure_one(thing, scale)
        count = thing.count
        if count == 1:
            return Spot(width=width, height=height, scale=scale)
        offsets = arrange(thing, width, height, scale)
        xs, ys = [x for x, _ in offsets], [y for _, y in offsets]
        spot = Spot(width=max(xs) - min(xs) + width, height=max(ys) - min(ys) + height, scale=scale)
        spot.offsets = offsets
        most = min((2 * HALF_WIDTH - 0.2) / spot.width, (2 * HALF_HEIGHT - 0.2) / spot.height)
        if most < 1 and scale == 1:
            return self.measure(thing, max(0.05, most * 0.98))
        return spot

    # --- placing ----------------------------------------------------------------------

    def _place(self) -> None:
        things = self.plan.things
        for n, thing in enumerate(things):
            if len(thing.points) > 1 and THINGS[thing.kind].family in {"line", "flat"}:
                spot = self.spots[n]
                spot.x = (min(p[0] for p in thing.points) + max(p[0] for p in thing.points)) / 2
                spot.y = (min(p[1] for p in thing.points) + max(p[1] for p in thing.points)) / 2
        free = [
            n
            for n, thing in enumerate(things)
            if thing.place is None and not thing.is_target and not self._is_absolute(thing)
        ]
        followers = self._list_followers()
        slots = [n for n in free if n not in followers]
        self._place_free(slots)
        placed: set[int] = set()
        for n in range(len(things)):
            self._place_after_others(n, placed)
        self._fit(slots)
        for n, step in followers.items():
            if things[n].place is None:
                self._place_on_path(n, step)

    def _is_absolute(self, thing: Thing) -> bool:
        return THINGS[thing.kind].family in _FLOATING or len(thing.points) > 1

    def _place_on_path(self, n: int, step: Step) -> None:
        """Put what goes along a path at its right end; what orbits a thing beside it."""
        path = step.others[0].thing
        if is_orbit(self.plan, step):
            reach = self.spots[path].width / 2 + self.spots[n].width + 0.3
            scale = min(1.0, HALF_HEIGHT / reach)
            self._rescale(path, self.spots[path].scale * scale)
            self._rescale(n, self.spots[n].scale * scale)
        other, spot = self.spots[path], self.spots[n]
        beside = spot.width / 2 + 0.3 if is_orbit(self.plan, step) else 0.0
        spot.x, spot.y = other.x + other.width / 2 + beside, other.y

    def _list_followers(self) -> dict[int, Step]:
        """Return what moves along a path, with the step that moves it."""
        return {
            ref.thing: step
            for step in self.plan.steps
            if step.act == "follow" and step.others
            for ref in step.targets
            if ref.thing != step.others[0].thing
        }

    def _place_free(self, numbers: list[int]) -> None:
        """Side by side, or one below another where the sentence asks for it."""
        is_column = any(
            self.plan.things[n].arrangement == "column" and self.plan.things[n].count == 1
            for n in numbers
        )
        wide = self._needs_rows(numbers)
        along = "height" if is_column or wide else "width"
        total = sum(getattr(self.spots[n], along) for n in numbers) + _GAP * (len(numbers) - 1)
        at = -total / 2
        for n in numbers:
            spot = self.spots[n]
            size = getattr(spot, along)
            middle = at + size / 2
            if along == "width":
                spot.x, spot.y = middle, 0.0
            else:
                spot.x, spot.y = 0.0, -middle
            at += size + _GAP

    def _needs_rows(self, numbers: list[int]) -> bool:
        """Whether wide things, such as rows of many, stand better below one another."""
        wide = [n for n in numbers if self.spots[n].width > 6]  # noqa: PLR2004 - half the frame
        return len(numbers) > 1 and len(wide) * 2 >= len(numbers)

    def _place_after_others(self, n: int, placed: set[int]) -> None:
        """Place a thing as soon as all things are placed to which it is related."""
        if n in placed:
            return
        placed.add(n)
        thing = self.plan.things[n]
        if thing.place is None or thing.is_target:
            return
        for ref in thing.place.others:
            self._place_after_others(ref.thing, placed)
        self._place_one(n, thing)

    def _place_one(self, n: int, thing: Thing) -> None:
        place, spot = thing.place, self.spots[n]
        assert place is not None  # noqa: S101 - checked by the caller
        if place.side is not None:
            self._place_at_side(n, thing, place.side)
        elif place.point is not None and len(place.point) > 1:
            right = max(0.0, HALF_WIDTH + 0.2 - spot.width / 2)
            top = max(0.0, HALF_HEIGHT + 0.1 - spot.height / 2)
            spot.x = min(right, max(-right, place.point[0]))
            spot.y = min(top, max(-top, place.point[1]))
        elif place.others and place.others[0].thing != n:
            self._place_by_others(n, thing, place.relation, place.others)

    def _place_at_side(self, n: int, thing: Thing, side: tuple[int, int]) -> None:
        if thing.count == 1 and "radius" not in thing.measures and side != (0, 0):
            self._shrink_to(n, 3.4, 2.6)
        spot = self.spots[n]
        spot.x = side[0] * (HALF_WIDTH - spot.width / 2)
        spot.y = side[1] * (HALF_HEIGHT - spot.height / 2)
        for m in range(n):  # not over what is there already
            other = self.plan.things[m]
            if other.place is not None and other.place.side == side:
                step = self.spots[m].height / 2 + spot.height / 2 + 0.2
                if side[1] == 0:
                    self.spots[m].y, spot.y = self.spots[m].y + step / 2, spot.y - step / 2
                else:
                    spot.x = self.spots[m].x + (self.spots[m].width / 2 + spot.width / 2 + 0.3) * (
                        -side[0] or 1
                    )

    def _shrink_to(self, n: int, width: float, height: float) -> None:
        spot = self.spots[n]
        scale = min(1.0, width / spot.width, height / spot.height)
        if scale < 1 and not self.plan.things[n].measures:
            self._rescale(n, spot.scale * scale)

    def _rescale(self, n: int, scale: float) -> None:
        old = self.spots[n]
        new = self.measure(self.plan.things[n], scale)
        new.x, new.y = old.x, old.y
        self.spots[n] = new

    def _place_by_others(
        self, n: int, thing: Thing, relation: str, others: tuple[Ref, ...]
    ) -> None:
        first, spot = self._find_spot(others[0]), self.spots[n]
        if relation in {"inside", "around"} and not thing.measures:
            self._fit_inside(n, first, relation)
            spot = self.spots[n]
        if relation == "onto" and self.plan.things[others[0].thing].kind == "circle":
            spot.x, spot.y = first.x + first.width / 2, first.y
            return
        if relation == "between" and len(others) == 1 and first.offsets:
            others = (Ref(others[0].thing, 0), Ref(others[0].thing, 1))
            first = self._find_spot(others[0])
        if relation == "between" and len(others) > 1:
            last = self._find_spot(others[1])
            spot.x, spot.y = (first.x + last.x) / 2, (first.y + last.y) / 2
            self._make_room(n, others)
            return
        if relation == "joining":
            self._join(n, *others[:2])
            return
        dx, dy = {"left": (-1, 0), "right": (1, 0), "above": (0, 1), "below": (0, -1)}.get(
            relation, (0, 0)
        )
        spot.x = first.x + dx * (first.width / 2 + spot.width / 2 + 0.3)
        spot.y = first.y + dy * (first.height / 2 + spot.height / 2 + 0.3)

    def _join(self, n: int, start: Ref, end: Ref) -> None:
        """Leave room between two things for the line that joins them."""
        a, b = self.spots[start.thing], self.spots[end.thing]
        if start.thing != end.thing and abs(a.y - b.y) < 1:
            a.x, b.x = (a.x - 1, b.x + 1) if a.x < b.x else (a.x + 1, b.x - 1)
        spot = self.spots[n]
        spot.x, spot.y = (a.x + b.x) / 2, (a.y + b.y) / 2
        spot.width = max(0.2, abs(a.x - b.x) - (a.width + b.width) / 2)

    def _make_room(self, n: int, others: tuple[Ref, ...]) -> None:
        """Move two things apart, so that a third one fits between them."""
        spot, (a, b) = self.spots[n], others[:2]
        if a.thing == b.thing:
            self._spread(self.spots[a.thing], self._find_spot(a), spot.width + 0.6)
            return
        left, right = sorted((self.spots[a.thing], self.spots[b.thing]), key=lambda s: s.x)
        need = spot.width + 0.6 - (right.box[0] - left.box[2])
        if need > 0 and abs(left.y - right.y) < 1:
            left.x -= need / 2
            right.x += need / 2

    def _spread(self, group: Spot, one: Spot, gap: float) -> None:
        """Move the members of a row apart, so that there is a gap between them."""
        (x, _), (u, _) = group.offsets[:2]
        if abs(u - x) < gap + one.width:
            factor = (gap + one.width) / max(0.01, abs(u - x))
            group.offsets = [(x * factor, y) for x, y in group.offsets]
            group.width = max(x for x, _ in group.offsets) * 2 + one.width

    def _fit_inside(self, n: int, other: Spot, relation: str) -> None:
        spot = self.spots[n]
        if relation == "inside":
            scale = _INSIDE * min(other.width / spot.width, other.height / spot.height)
            if scale < 1:
                self._rescale(n, spot.scale * scale)
        else:
            scale = _AROUND * max(other.width / spot.width, other.height / spot.height)
            self._rescale(n, spot.scale * min(scale, 2 * HALF_HEIGHT / spot.height))

    def _find_spot(self, ref: Ref) -> Spot:
        spot = self.spots[ref.thing]
        if ref.member is None or not spot.offsets:
            return spot
        x, y = spot.offsets[ref.member]
        width, height = measure_one(self.plan.things[ref.thing], spot.scale)
        return Spot(spot.x + x, spot.y + y, width, height)

    # --- fitting ----------------------------------------------------------------------

    def _fit(self, slots: list[int]) -> None:
        """Make what stands in the middle, with what hangs on it, fit the frame."""
        hanging = [
            n
            for n, thing in enumerate(self.plan.things)
            if thing.place is not None and thing.place.others and not thing.is_target
        ]
        group = [*slots, *hanging]
        if not group:
            return
        boxes = [self.spots[n].box for n in group]
        left, bottom = min(b[0] for b in boxes), min(b[1] for b in boxes)
        right, top = max(b[2] for b in boxes), max(b[3] for b in boxes)
        scale = min(1.0, 2 * HALF_WIDTH / (right - left), 2 * HALF_HEIGHT / (top - bottom))
        x, y = (left + right) / 2, (bottom + top) / 2
        if any(self.plan.things[n].place is not None for n in slots):
            return
        for n in group:
            spot = self.spots[n]
            spot.x, spot.y = (spot.x - x) * scale, (spot.y - y) * scale
            if scale < 1:
                self._rescale(n, spot.scale * scale)
