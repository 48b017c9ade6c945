"""From a plan to the source of a scene. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.writing.composing.codegen.acting import (
    find_duration,
    list_animations,
)
from shaperotator_magic.writing.composing.codegen.arranging import Arrangement
from shaperotator_magic.writing.composing.codegen.introducing import (
    add_marks,
    build_labels,
    choose_colours,
    choose_names,
    make_things,
)
from shaperotator_magic.writing.composing.codegen.making import spell_colour, spell_number
from shaperotator_magic.writing.composing.codegen.plotting import (
    Plot,
    build_axes,
    is_plotted,
    plan_plot,
)
from shaperotator_magic.writing.composing.codegen.script import Script
from shaperotator_magic.writing.composing.functions.features import find_features
from shaperotator_magic.writing.composing.plan import Place, Plan, Ref, Step
from shaperotator_magic.writing.composing.tables.happenings import ACTS
from shaperotator_magic.writing.composing.tables.looks import BRIGHT
from shaperotator_magic.writing.composing.tables.things import THINGS

_SHORTEST_S = 3.2
_AMBIENT = frozenset({"surface", "space curve", "axes in space"})
_LOOPED = frozenset({"changes", "moves", "scales"})


def write_scene(plan: Plan, name: str) -> str:
    """Return a scene file that shows a plan."""
    _make_room_for_axes(plan)
    script = Script(plan, Arrangement(plan))
    _set_stage(script)
    plot, features = _set_axes(script)
    _show_paths_first(plan)
    for moment in _list_moments(plan):
        _write_moment(script, moment, plot)
    if plot is not None:
        add_marks(script, plot, features)
    _end(script)
    body = "\n".join(f"        {line}" for line in script.lines)
    numpy = "import numpy as np\n" if "np." in body else ""
    return (
        f"{numpy}from manim import *\n\n\nclass {name}({script.base}):\n"
        f"    def construct(self):\n{body}\n"
    )


def _make_room_for_axes(plan: Plan) -> None:
    """Shapes over axes are small, and in the corner where the sentence gives no position."""
    if not any(map(is_plotted, plan.things)):
        return
    for thing in plan.things:
        if THINGS[thing.kind].family != "flat" or thing.kind == "dot" or thing.measures:
            continue
        thing.looks["size"] = 0.4 * float(str(thing.looks.get("size", 1.0)))
        if thing.place is None and not thing.is_target:
            thing.place = Place(side=(1, 1))


def _show_paths_first(plan: Plan) -> None:
    """What goes along a path comes after it, where its path begins."""
    for step in [s for s in plan.steps if s.act == "follow" and s.others]:
        coming = [s for s in plan.steps if s.act in {"introduce", "draw", "appear"}]
        first = next((s for s in coming if set(step.targets) & set(s.targets)), None)
        path = next((s for s in coming if set(step.others) & set(s.targets)), None)
        if first is None or path is None:
            continue
        first.targets = tuple(ref for ref in first.targets if ref not in step.targets)
        position = max(plan.steps.index(path), plan.steps.index(first)) + 1
        plan.steps.insert(position, Step("introduce", step.targets))
        if not first.targets:
            plan.steps.remove(first)


def _set_stage(script: Script) -> None:
    plan = script.plan
    script.is_in_space = any(
        THINGS[thing.kind].is_in_space or THINGS[thing.kind].family == "axes in space"
        for thing in plan.things
    )
    script.names, script.colours = choose_names(plan), choose_colours(plan)
    if any(colour == "BLACK" for colour in script.colours.values()) and not plan.background:
        plan.background = "WHITE"
        script.colours = choose_colours(plan)
    if script.is_in_space:
        script.base = "ThreeDScene"
        ambient = any(THINGS[thing.kind].family in _AMBIENT for thing in plan.things)
        theta, zoom = (-50, ", zoom=0.75") if ambient else (-70, "")
        script.add(f"self.set_camera_orientation(phi=70 * DEGREES, theta={theta} * DEGREES{zoom})")
    elif any(step.act in {"zoom", "zoom_out"} for step in plan.steps):
        script.base = "MovingCameraScene"
    if plan.background:
        script.add(f"self.camera.background_color = {spell_colour(plan.background)}")


def _set_axes(script: Script) -> tuple[Plot | None, dict[int, list[tuple[float, float]]]]:
    """Add the axes over which curves are drawn, where there are any."""
    things = script.plan.things
    if script.is_in_space or not any(map(is_plotted, things)):
        return None, {}
    features = find_features(things)
    plot = plan_plot(things, features)
    script.add(*build_axes(plot))
    if script.plan.background in BRIGHT:
        script.add("axes.set_color(BLACK)")
    if any(thing.equation is not None for thing in things):
        script.add(*build_labels(script))
    script.play(["Create(axes)"], 1.0)
    return plot, features


def _list_moments(plan: Plan) -> list[list[Step]]:
    """Return the steps that happen at the same time together."""
    moments: list[list[Step]] = []
    for step in plan.steps:
        is_second = bool(moments) and step.is_together and step.act != "introduce"
        if is_second and not _comes_with(moments[-1], step):
            moments[-1].append(step)
        else:
            moments.append([step])
    return moments


def _comes_with(moment: list[Step], step: Step) -> bool:
    """Whether what a step happens to has to come first."""
    coming = [other for other in moment if _effect(other) == "comes"]
    targets = {ref.thing for ref in (*step.targets, *step.others)}
    return any(
        other.act == "introduce" or targets & {ref.thing for ref in other.targets}
        for other in coming
    )


def _write_moment(script: Script, moment: list[Step], plot: Plot | None) -> None:
    _prepare(script, moment, plot)
    first = moment[0]
    if first.act == "wait":
        if script.shown:
            script.wait(first.duration_s or 1.0)
        return
    if first.act in {"zoom", "zoom_out"} and script.is_in_space:
        zoom = 1.3 if first.act == "zoom" else 0.6
        script.add(f"self.move_camera(zoom={zoom}, run_time=2)")
        script.duration_s += 2
        return
    duration = max(find_duration(script, step) for step in moment)
    if len(moment) > 1 and _share_targets(moment):
        if _write_blend(script, moment, duration):
            return
        for step in moment:
            _write_moment(script, [step], plot)
        return
    times = first.times if len(moment) == 1 and _is_looped(first) else 1
    if times > 1:
        animations = list_animations(script, first)
        script.add(f"for _ in range({times}):")
        start = len(script.lines)
        script.play(animations, find_duration(script, Step(first.act, first.targets)))
        script.lines[start:] = [f"    {line}" for line in script.lines[start:]]
        return
    animations = [a for step in moment for a in list_animations(script, step)]
    animations = [a for a in animations if a not in {"Create(axes)", "FadeIn(axes)"}]
    script.play(animations, duration)


def _is_looped(step: Step) -> bool:
    effect = ACTS[step.act].effect if step.act in ACTS else ""
    return step.act in {"bounce", "pulse", "shake", "follow", "flip"} or (
        effect in _LOOPED and bool(step.looks)
    )


def _prepare(script: Script, moment: list[Step], plot: Plot | None) -> None:
    """Create what a step needs, and introduce mobjects that no step introduces."""
    refs = [ref for step in moment for ref in (*step.targets, *step.others)]
    if any(step.place is not None for step in moment):
        refs += [ref for step in moment if step.place for ref in step.place.others]
    targets = {ref for step in moment if step.act == "transform" for ref in step.others}
    for step in moment:
        if step.act == "transform" and step.others and step.targets:
            _follow_source(script, step)
    make_things(script, refs, plot)
    coming = {ref.thing for step in moment if _effect(step) == "comes" for ref in step.targets}
    missing = [
        ref for ref in refs
        if ref.thing not in script.shown and ref not in targets and ref.thing not in coming
        and script.thing(ref).is_target is False and script.names[Ref(ref.thing)] != "axes"
        and not _was_replaced(script, ref)
    ]  # fmt: skip
    if missing:
        unique = tuple(dict.fromkeys(Ref(ref.thing) for ref in missing))
        step = Step("introduce", unique)
        script.play(list_animations(script, step), find_duration(script, step))


def _was_replaced(script: Script, ref: Ref) -> bool:
    return Ref(ref.thing) in script.now and ref.thing in script.made


def _follow_source(script: Script, step: Step) -> None:
    """What a thing becomes stands where the thing is; of many there are as many."""
    source, target = step.targets[0], step.others[0]
    if target.thing in script.made or source not in script.names | script.now:
        return
    thing = script.thing(target)
    origin = script.thing(source)
    if origin.count > 1 and source.member is None and thing.count > 1:
        thing.count = origin.count
        thing.arrangement = origin.arrangement
    script.arrangement.spots[target.thing] = script.arrangement.measure(thing, 1.0)
    spot, now = script.arrangement.spots[target.thing], script.spot(source)
    if thing.place is None:
        spot.x, spot.y = now.x, now.y
        if source.member is not None or now.scale < 1:
            ratio = max(now.width, now.height) / max(spot.width, spot.height)
            if not thing.measures and ratio < 1:
                scaled = script.arrangement.measure(thing, ratio)
                scaled.x, scaled.y = now.x, now.y
                script.arrangement.spots[target.thing] = scaled
    elif thing.place.side is not None:
        spot.x, spot.y = 3.0 * thing.place.side[0], 2.0 * thing.place.side[1]


def _effect(step: Step) -> str:
    return "comes" if step.act == "introduce" else ACTS[step.act].effect


def _share_targets(moment: list[Step]) -> bool:
    seen: set[int] = set()
    for step in moment:
        own = {ref.thing for ref in step.targets}
        if own & seen:
            return True
        seen |= own
    return False


def _write_blend(script: Script, moment: list[Step], duration: float) -> bool:
    """Let one thing turn, move and grow at the same time."""
    target = moment[0].targets[0]
    is_one = all(step.targets == (target,) for step in moment)
    if not is_one or any(_effect(s) not in {"turns", "moves", "scales", "recolours"} or
                         s.act == "follow" for s in moment):  # fmt: skip
        return False
    animated = [a for step in moment if _effect(step) != "turns" for a in
                list_animations(script, step)]  # fmt: skip
    turns = [step for step in moment if _effect(step) == "turns"]
    name = script.name(target)
    changes = [a.removeprefix(f"{name}.animate") for a in animated]
    if not turns:
        script.play([f"{name}.animate{''.join(changes)}"], duration)
        return True
    degrees = (turns[0].angle if turns[0].angle is not None else 360.0) * turns[0].times
    script.add(
        f"start, end = {name}.copy(), {name}.copy(){''.join(changes)}",
        "",
        "def turn_on_the_way(mob, alpha):",
        f"    mob.interpolate(start, end, alpha).rotate(alpha * {spell_number(degrees)} * DEGREES)",
        "",
    )
    script.play([f"UpdateFromAlphaFunc({name}, turn_on_the_way)"], duration)
    return True


def _end(script: Script) -> None:
    """Rotate solids without an animation, and hold the final picture for a moment."""
    plan = script.plan
    nothing_happens = all(_effect(step) == "comes" for step in plan.steps)
    ambient = any(THINGS[thing.kind].family in _AMBIENT for thing in plan.things)
    if script.is_in_space and nothing_happens and ambient:
        script.add("self.begin_ambient_camera_rotation(rate=0.25)")
        script.wait(4)
        return
    solids = [
        member
        for n in sorted(script.shown)
        if THINGS[plan.things[n].kind].family == "solid"
        for member in script.list_members(Ref(n))
    ]
    if script.is_in_space and nothing_happens and solids:
        turning = [f"Rotate({script.name(ref)}, angle=PI, axis=OUT, rate_func=linear)"
                   for ref in solids]  # fmt: skip
        script.play(turning, 4.0)
        return
    rest = max(1.0, _SHORTEST_S - script.duration_s)
    is_empty = not script.shown
    script.wait(0.5 if is_empty else round(rest, 1))
