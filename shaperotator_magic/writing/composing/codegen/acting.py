"""Happenings as animations: one function for each effect of the table. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable

from shaperotator_magic.writing.composing.codegen.arranging import Spot, is_orbit
from shaperotator_magic.writing.composing.codegen.extents import HALF_HEIGHT, HALF_WIDTH
from shaperotator_magic.writing.composing.codegen.making import (
    spell_colour,
    spell_number,
    spell_vector,
)
from shaperotator_magic.writing.composing.codegen.script import Script
from shaperotator_magic.writing.composing.plan import Ref, Step
from shaperotator_magic.writing.composing.tables.happenings import ACTS

_FAR = 3.0
_GROWTH = {"grow": 1.8, "shrink": 0.5}
_INTRODUCTIONS = {
    "text": ("Write({it})", 1.5), "solid": ("FadeIn({it})", 1.0), "chart": ("FadeIn({it})", 1.0),
    "surface": ("Create({it})", 2.0), "backdrop": ("FadeIn({it})", 1.0),
    "curve": ("Create({it})", 2.0), "axes": ("Create({it})", 1.5),
    "space curve": ("Create({it})", 3.0), "axes in space": ("Create({it})", 1.5),
}  # fmt: skip
_AXES: dict[tuple[float, ...], str] = {
    (1, 0, 0): "RIGHT", (0, 1, 0): "UP", (0, 0, 1): "OUT",
}  # fmt: skip
_ROUND = frozenset({"circle", "disc", "ring", "dot"})


def list_animations(script: Script, step: Step) -> list[str]:
    """Return the animations of one step; what the picture shows then is noted in the script."""
    act = ACTS.get(step.act, ACTS["appear"])
    return _EFFECTS[act.effect](script, step)


def find_duration(script: Script, step: Step) -> float:
    """Return how long one step takes, in seconds."""
    if step.duration_s is not None:
        return step.duration_s
    if step.act == "introduce":
        families = [script.row(ref).family for ref in step.targets]
        return max(_INTRODUCTIONS.get(family, ("", 1.0))[1] for family in families)
    duration = ACTS[step.act].duration_s
    if step.act == "turn":
        turned = abs(step.angle if step.angle is not None else 360.0) * step.times
        duration = min(6.0, max(1.0, turned / 180))
        return 4.0 if script.is_in_space and step.angle is None and step.times == 1 else duration
    if step.act in {"follow", "blink"}:
        return min(10.0, duration * step.times)
    return duration


def _come(script: Script, step: Step) -> list[str]:
    animations = []
    for ref in step.targets:
        family = script.row(ref).family
        code = ACTS[step.act].code if step.act in ACTS else _INTRODUCTIONS.get(
            family, ("Create({it})", 1.0))[0]  # fmt: skip
        if script.thing(ref).kind == "dot" and step.act == "introduce":
            code = "FadeIn({it})"
        if family == "text" and step.act == "draw":
            code = "Write({it})"
        if step.side is not None:
            shift = spell_vector(-2 * step.side[0], -2 * step.side[1])
            code = f"FadeIn({{it}}, shift={shift})"
        animations.append(code.format(it=script.name(ref)))
        animations += [f"FadeIn({name})" for name in script.companions.get(ref.thing, ())]
        script.shown.add(ref.thing)
    return animations


def _go(script: Script, step: Step) -> list[str]:
    animations = []
    for ref in step.targets:
        code = ACTS[step.act].code
        if step.side is not None:
            code = f"FadeOut({{it}}, shift={spell_vector(2 * step.side[0], 2 * step.side[1])})"
        animations.append(code.format(it=script.name(ref)))
        if ref.member is None:
            animations += [f"FadeOut({name})" for name in script.companions.get(ref.thing, ())]
            script.shown -= {ref.thing, script.replaced.get(ref.thing, ref.thing)}
    return animations


def _change(script: Script, step: Step) -> list[str]:
    code = ACTS[step.act].code
    if step.act == "flip":
        up = step.axis == (1, 0, 0) or (step.side is not None and step.side[1] != 0)
        code = code.replace("{axis_only}", "RIGHT" if up else "UP")
    return [
        code.replace("{it}", script.name(ref)).replace("{times}", str(max(2, step.times)))
        for ref in step.targets
    ]


def _turn(script: Script, step: Step) -> list[str]:
    degrees = (step.angle if step.angle is not None else 360.0) * step.times
    angle = _spell_angle(degrees)
    axis = ""
    if step.axis is not None:
        axis = f", axis={_spell_axis(step.axis, script)}"
    animations = []
    for ref in _list_each(script, step):
        about = ""
        if step.place is not None and step.place.point is not None:
            x, y = step.place.point[:2]
            about = f", about_point=[{spell_number(x)}, {spell_number(y)}, 0]"
        elif step.place is not None and step.place.others:
            about = f", about_point={script.name(step.place.others[0])}.get_center()"
        linear = ", rate_func=linear" if abs(degrees) >= 360 and script.is_in_space else ""  # noqa: PLR2004
        animations.append(f"Rotate({script.name(ref)}, angle={angle}{axis}{about}{linear})")
        spot = script.spot(ref)
        if not about and abs(degrees) % 180 == 90:  # noqa: PLR2004 - lies on its side now
            spot.width, spot.height = spot.height, spot.width
    return animations


def _list_each(script: Script, step: Step) -> list[Ref]:
    """Members turn about their own centres."""
    return [member for ref in step.targets for member in script.list_members(ref)]


def _spell_angle(degrees: float) -> str:
    turns = degrees / 360
    if abs(turns - round(turns)) < 1e-9 and turns:  # noqa: PLR2004 - whole turns
        return {1: "TAU", -1: "-TAU"}.get(round(turns), f"{round(turns)} * TAU")
    return f"{spell_number(degrees)} * DEGREES"


def _spell_axis(axis: tuple[float, ...], script: Script) -> str:
    if list(axis) == [1, 1, 1] and not script.is_in_space:
        return "[1, 1, 0]"
    return _AXES.get(axis, str(list(axis)))


def _move(script: Script, step: Step) -> list[str]:
    if step.act == "follow":
        return _follow(script, step)
    animations = []
    for ref in step.targets:
        if script.is_in_space:
            animations.append(_move_in_space(script, step, ref))
            continue
        spot = script.spot(ref)
        x, y = find_destination(script, step, ref)
        dx, dy = x - spot.x, y - spot.y
        back = "(rate_func=there_and_back)" if step.looks else ""
        animations.append(f"{script.name(ref)}.animate{back}.shift({spell_vector(dx, dy)})")
        if not step.looks:
            script.shift(ref, dx, dy)
    return animations


def _move_in_space(script: Script, step: Step, ref: Ref) -> str:
    x, z = step.side or (1, 0)
    if step.place is not None and step.place.point is not None:
        point = (*step.place.point, 0.0, 0.0)[:3]
        listed = ", ".join(spell_number(c) for c in point)
        return f"{script.name(ref)}.animate.move_to([{listed}])"
    if step.place is not None and step.place.others:
        return f"{script.name(ref)}.animate.next_to({script.name(step.place.others[0])}, RIGHT)"
    far = min(4.0, step.amount or 2.0)
    return f"{script.name(ref)}.animate.shift({spell_vector(far * x, 0, min(far, 1.5) * z)})"


def find_destination(script: Script, step: Step, ref: Ref) -> tuple[float, float]:
    """Return where a step takes something, within the frame."""
    spot = script.spot(ref)
    x, y = spot.x, spot.y
    if step.place is not None and step.place.point is not None:
        px, py = step.place.point[:2]
        x, y = (x + px, y + py) if step.place.relation == "by" else (px, py)
    elif step.place is not None and step.place.others:
        x, y = _find_beside(script, step, ref)
    else:
        side = step.side or (step.place.side if step.place else None) or (1, 0)
        if side == (0, 0):
            x, y = 0.0, 0.0
        elif side[0] and side[1] and step.amount is None:
            x = side[0] * (HALF_WIDTH - spot.width / 2)
            y = side[1] * (HALF_HEIGHT - spot.height / 2)
        else:
            far = step.amount if step.amount is not None else _FAR
            x, y = x + far * side[0], y + min(far, 99 if step.amount else 2.0) * side[1]
    return script.clamp(ref, x, y)


def _find_beside(script: Script, step: Step, ref: Ref) -> tuple[float, float]:
    assert step.place is not None  # noqa: S101 - checked by the caller
    spot, others = script.spot(ref), step.place.others
    other = script.spot(others[0])
    if step.place.relation == "between" and len(others) > 1:
        last = script.spot(others[1])
        return (other.x + last.x) / 2, (other.y + last.y) / 2
    both_written = script.row(ref).family == script.row(others[0]).family == "text"
    relation = step.place.relation
    if relation == "onto" and both_written:
        relation = "below"
    dx, dy = {"left": (-1, 0), "right": (1, 0), "above": (0, 1), "below": (0, -1)}.get(
        relation, (0, 0)
    )
    return (
        other.x + dx * (other.width / 2 + spot.width / 2 + 0.25),
        other.y + dy * (other.height / 2 + spot.height / 2 + 0.25),
    )


def _follow(script: Script, step: Step) -> list[str]:
    if not step.others:
        return _turn(script, step)
    if is_orbit(script.plan, step):
        about = f"about_point={script.name(step.others[0])}.get_center()"
        turning = f"angle=TAU, {about}, rate_func=linear"
        return [f"Rotate({script.name(ref)}, {turning})" for ref in step.targets]
    path = script.find_path(step.others[0])
    animations = []
    for ref in step.targets:
        animations += [f"MoveAlongPath({script.name(ref)}, {path}, rate_func=linear)"]
        spot, other = script.spot(ref), script.spot(step.others[0])
        if script.row(step.others[0]).is_open:
            spot.x = other.x + other.width / 2
        else:
            spot.x, spot.y = other.x + other.width / 2, other.y
    return animations


def _scale(script: Script, step: Step) -> list[str]:
    factor = step.amount if step.amount is not None else _GROWTH[step.act]
    if step.act == "shrink" and factor > 1:
        factor = 1 / factor
    animations = []
    for ref in step.targets:
        spot = script.spot(ref)
        reach = (3.8, 3.4) if script.is_in_space else (HALF_WIDTH + 0.2, HALF_HEIGHT + 0.1)
        most = min(
            2 * (reach[0] - abs(spot.x) * (not script.is_in_space)) / max(0.01, spot.width),
            2 * (reach[1] - abs(spot.y) * (not script.is_in_space)) / max(0.01, spot.height),
        )
        least = 0.35 / max(0.35, spot.height) if script.row(ref).family == "text" else 0.05
        used = max(least, min(factor**step.times, max(1.0, most)))
        animations.append(f"{script.name(ref)}.animate.scale({spell_number(used)})")
        script.scale(ref, used)
    return animations


def _recolour(script: Script, step: Step) -> list[str]:
    colour = step.colour or "RED"
    method = "set_fill({}, opacity=1)" if step.act == "fill" else "set_color({})"
    if script.is_in_space and step.act != "fill":
        method = "set_fill({})"
    shown = method.format(spell_colour(colour))
    return [f"{script.name(ref)}.animate.{shown}" for ref in step.targets]


def _become(script: Script, step: Step) -> list[str]:
    if not step.others:
        return _scale(script, Step("grow", step.targets, amount=step.amount))
    source, target = step.targets[0], step.others[0]
    animations = [f"ReplacementTransform({script.name(source)}, {script.name(target)})"]
    for extra in step.targets[1:]:
        animations.append(f"ReplacementTransform({script.name(extra)}, {script.name(target)})")
    if script.companions.get(source.thing) or script.companions.get(target.thing):
        animations += [f"FadeOut({name})" for name in script.companions.get(source.thing, ())]
        animations += [f"FadeIn({name})" for name in script.companions.get(target.thing, ())]
    for extra in step.targets:
        script.names[extra] = script.name(target)
        script.replaced[extra.thing] = target.thing
        script.now[extra] = script.now[Ref(target.thing)]
        if script.thing(extra).count > 1 and script.thing(target).count > 1:
            _rename_members(script, extra, target)
    script.shown.add(target.thing)
    if source.member is None:
        script.shown.discard(source.thing)
    return animations


def _rename_members(script: Script, source: Ref, target: Ref) -> None:
    for member in range(min(script.thing(source).count, script.thing(target).count)):
        ref = Ref(source.thing, member)
        script.names[ref] = f"{script.name(target)}[{member}]"
        script.now[ref] = script.now.get(Ref(target.thing, member), script.now[target])


def _swap(script: Script, step: Step) -> list[str]:
    refs = [member for ref in (*step.targets, *step.others) for member in script.list_members(ref)]
    if len(refs) < 2:  # noqa: PLR2004 - nobody to change places with
        refs = [m for n in sorted(script.shown) for m in script.list_members(Ref(n))][:2]
    first, second = (*refs, *refs)[:2]
    a, b = script.spot(first), script.spot(second)
    (ax, ay), (bx, by) = (a.x, a.y), (b.x, b.y)
    a.x, a.y, b.x, b.y = bx, by, ax, ay
    return [f"Swap({script.name(first)}, {script.name(second)})"]


def _zoom(script: Script, step: Step) -> list[str]:
    script.is_zoomed = step.act == "zoom"
    if step.act == "zoom_out":
        return ["self.camera.frame.animate.scale(1.6)"]
    if not step.targets:
        return ["self.camera.frame.animate.scale(0.5)"]
    spot: Spot = script.spot(step.targets[0])
    width = max(spot.width * 1.5, spot.height * 1.5 * 16 / 9, 1.5)
    name = script.name(step.targets[0])
    return [f"self.camera.frame.animate.move_to({name}).set(width={spell_number(min(13, width))})"]


def _wait(_: Script, __: Step) -> list[str]:
    return []


def needs_marker(script: Script, ref: Ref) -> bool:
    """Whether a thing looks the same however it is turned, so that a radius must show it."""
    return script.thing(ref).kind in _ROUND - {"dot"} and any(
        step.act == "turn" and step.place is None and ref.thing in {t.thing for t in step.targets}
        for step in script.plan.steps
    )


_EFFECTS: dict[str, Callable[[Script, Step], list[str]]] = {
    "comes": _come, "goes": _go, "changes": _change, "turns": _turn, "moves": _move,
    "scales": _scale, "recolours": _recolour, "becomes": _become, "swaps": _swap,
    "zooms": _zoom, "waits": _wait,
}  # fmt: skip
