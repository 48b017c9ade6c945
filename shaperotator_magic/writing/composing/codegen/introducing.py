"""The lines that make each thing, just before it comes into the picture. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re

from shaperotator_magic.writing.composing.codegen.acting import needs_marker
from shaperotator_magic.writing.composing.codegen.arranging import is_orbit
from shaperotator_magic.writing.composing.codegen.extents import HALF_HEIGHT, measure_one
from shaperotator_magic.writing.composing.codegen.making import (
    build_thing,
    choose_label_colour,
    spell_colour,
    spell_number,
    spell_vector,
)
from shaperotator_magic.writing.composing.codegen.plotting import (
    Plot,
    build_asymptotes,
    build_curve,
    build_marks,
)
from shaperotator_magic.writing.composing.codegen.script import Script
from shaperotator_magic.writing.composing.codegen.surfaces import build_in_space
from shaperotator_magic.writing.composing.plan import Plan, Ref, Thing
from shaperotator_magic.writing.composing.tables.flat import estimate_text
from shaperotator_magic.writing.composing.tables.looks import BRIGHT, DARK_PALETTE, PALETTE, RAINBOW
from shaperotator_magic.writing.composing.tables.things import THINGS

_PLAIN = frozenset({"text", "chart", "backdrop", "axes", "axes in space"})
_SHORTEST_SHARE = 0.62


def choose_names(plan: Plan) -> dict[Ref, str]:
    """Return a variable for each thing: its kind, numbered where there are more of one kind."""
    kinds = [_name_kind(thing) for thing in plan.things]
    seen: dict[str, int] = {}
    names = {}
    for number, kind in enumerate(kinds):
        seen[kind] = seen.get(kind, 0) + 1
        is_alone = kinds.count(kind) == 1
        names[Ref(number)] = kind if is_alone else f"{kind}_{seen[kind]}"
    return names


def _name_kind(thing: Thing) -> str:
    name = thing.kind
    if thing.count > 1:
        name = f"{name[:-1]}ies" if name.endswith("y") else f"{name}es" if name.endswith(
            ("s", "x")) else f"{name}s"  # fmt: skip
    return name


def choose_colours(plan: Plan) -> dict[int, str]:
    """Return the colour of each mobject: as requested, else the next of a palette."""
    is_light = plan.background in BRIGHT
    palette = DARK_PALETTE if is_light else PALETTE
    taken = {str(thing.looks.get("colour")) for thing in plan.things}
    rest = [colour for colour in palette if colour not in taken] or list(palette)
    colours: dict[int, str] = {}
    used = 0
    for number, thing in enumerate(plan.things):
        if "like" in thing.looks:
            colours[number] = colours[int(str(thing.looks["like"]))]
        elif "colour" in thing.looks:
            colours[number] = str(thing.looks["colour"])
        elif THINGS[thing.kind].family in _PLAIN:
            colours[number] = "BLACK" if is_light else "WHITE"
        else:
            colours[number] = rest[used % len(rest)]
            used += 1
    return colours


def make_things(script: Script, refs: list[Ref], plot: Plot | None) -> None:
    """Add the lines that make things that are not there yet."""
    for ref in refs:
        if ref.thing in script.made:
            continue
        script.made.add(ref.thing)
        script.place(ref.thing)
        thing, row = script.thing(ref), script.row(ref)
        name, colour = script.names[Ref(ref.thing)], script.colours[ref.thing]
        if row.family == "curve" and plot is not None:
            _make_curve(script, plot, ref.thing)
        elif row.family in {"surface", "space curve", "axes in space"}:
            script.add(*build_in_space(thing, name, colour))
            if thing.equation is not None and script.names.get(Ref(-2)) is None:
                _make_corner_label(script, ref.thing)
        elif row.family == "axes":
            script.names[Ref(ref.thing)] = "axes"
        elif thing.count > 1:
            _make_group(script, ref.thing, name, colour)
        else:
            _make_single(script, ref.thing, name, colour, plot)


def _make_curve(script: Script, plot: Plot, number: int) -> None:
    thing = script.plan.things[number]
    name, colour = script.names[Ref(number)], script.colours[number]
    script.add(*build_curve(plot, thing, name, colour))
    companions = script.companions.setdefault(number, [])
    if thing.equation is not None:
        companions.append(f"labels[{_count_labels(script, number)}]")


def _count_labels(script: Script, number: int) -> int:
    return sum(script.plan.things[n].equation is not None for n in range(number))


def build_labels(script: Script) -> list[str]:
    """Return the lines that write the formulas of all curves in a row above them."""
    rows = [
        (thing.equation.text, script.colours[n])
        for n, thing in enumerate(script.plan.things)
        if thing.equation is not None
    ]
    listed = [
        f"    Text({text!r}, font_size=32).set_color({spell_colour(colour)}),"
        for text, colour in rows
    ]
    width = sum(estimate_text(text, 32)[0] for text, _ in rows) + 0.8 * (len(rows) - 1)
    fit = ".scale_to_fit_width(13)" if width > 13 else ""  # noqa: PLR2004 - the frame
    return ["labels = VGroup(", *listed, f").arrange(RIGHT, buff=0.8){fit}.to_edge(UP, buff=0.3)"]


def add_marks(script: Script, plot: Plot, features: dict[int, list[tuple[float, float]]]) -> None:
    """Add the lines and the animation of the marked points of all graphs."""
    points: list[tuple[float, float]] = []
    for found in features.values():
        points += [point for point in found if point not in points]
    if points:
        script.add(*build_marks(plot, points, "marks"))
        script.play(["FadeIn(marks)"], 1.0)
    if plot.asymptotes:
        script.add(*build_asymptotes(plot, "asymptotes"))
        script.play(["Create(asymptotes)"], 1.5)


def _make_corner_label(script: Script, number: int) -> None:
    equation = script.plan.things[number].equation
    assert equation is not None  # noqa: S101 - checked by the caller
    script.names[Ref(-2)] = "label"
    script.add(
        f"label = Text({equation.text!r}, font_size=32).to_corner(UL)",
        "self.add_fixed_in_frame_mobjects(label)",
    )


# --- shapes ---------------------------------------------------------------------------


def _make_single(script: Script, number: int, name: str, colour: str, plot: Plot | None) -> None:
    thing, spot = script.plan.things[number], script.arrangement.spots[number]
    joined = thing.place.others if thing.place and thing.place.relation == "joining" else ()
    make_things(script, list(joined), plot)
    code = build_thing(thing, spot, colour, [script.name(ref) for ref in joined])
    place = "" if joined else _find_start(script, number, plot)
    code = (code.replace(".move_to(ORIGIN)", "") if place else code) + place
    if thing.looks.get("dashed"):  # what goes along it needs the whole line
        script.add(f"{name}_path = {code}")
        code = f"DashedVMobject({name}_path, num_dashes=30)"
    script.add(f"{name} = {code}")
    _add_details(script, number, name, colour)


def _find_start(script: Script, number: int, plot: Plot | None) -> str:
    """Return the call that puts a thing on a number line, over axes, on a path, or in the frame."""
    wanted = script.plan.things[number].place
    if wanted is not None and wanted.point is not None and wanted.others:
        make_things(script, [wanted.others[0]], plot)
        at = spell_number(wanted.point[0])
        return f".move_to({script.name(wanted.others[0])}.n2p({at}))"
    if wanted is not None and wanted.point is not None and plot is not None:
        x, y = wanted.point[:2]
        spot = script.now[Ref(number)]
        spot.x, spot.y = plot.place(x, y)
        return f".move_to(axes.c2p({spell_number(x)}, {spell_number(y)}))"
    path = _find_path(script, number)
    if path is None:
        return _place(script, number)
    make_things(script, [path], plot)
    return f".move_to({script.find_path(path)}.get_start())"


def _find_path(script: Script, number: int) -> Ref | None:
    """Return along what a thing goes first of all."""
    for step in script.plan.steps:
        own = any(ref.thing == number for ref in step.targets)
        if own and step.act == "follow" and step.others and step.others[0].thing != number:
            return None if is_orbit(script.plan, step) else step.others[0]
        if own and step.act not in {"introduce", "appear", "draw", "pop_up"}:
            return None
    return None


def _place(script: Script, number: int) -> str:
    """Return the call that puts a thing where it is at first, empty for the middle."""
    thing, spot = script.plan.things[number], script.arrangement.spots[number]
    family = THINGS[thing.kind].family
    if script.is_in_space:
        if family == "text":
            return ".to_edge(UP)" if not spot.y and not spot.x else f".move_to({_spell(spot)})"
        standing = "" if family == "solid" else ".rotate(PI / 2, axis=RIGHT)"
        point = thing.place.point if thing.place else None
        if point is not None:
            return f"{standing}.move_to([{', '.join(spell_number(c) for c in (*point, 0)[:3])}])"
        vector = spell_vector(spot.x, 0, spot.y)
        return standing + ("" if vector == "ORIGIN" else f".move_to({vector})")
    if len(thing.points) > 1 or family == "backdrop":
        return ""
    vector = _spell(spot)
    return "" if vector == "ORIGIN" else f".move_to({vector})"


def _spell(spot: object) -> str:
    return spell_vector(spot.x, spot.y)  # type: ignore[attr-defined]


def _add_details(script: Script, number: int, name: str, colour: str) -> None:
    thing = script.plan.things[number]
    if THINGS[thing.kind].family == "text" and script.is_in_space:
        script.add(f"self.add_fixed_in_frame_mobjects({name})", f"self.remove({name})")
    if thing.kind == "table":
        script.add(f"{name}.scale_to_fit_height(min({name}.height, 5.5))",
                   f"{name}.scale_to_fit_width(min({name}.width, 12))")  # fmt: skip
    if thing.kind == "number_line":
        for value in thing.numbers:
            at = f"{name}.n2p({spell_number(value)})"
            script.add(f"{name}.add(Dot({at}, color=YELLOW))")
    if needs_marker(script, Ref(number)):
        script.add(f"{name}.add(Line({name}.get_center(), {name}.get_right()))")
    if thing.label and script.is_in_space:
        spot = script.arrangement.spots[number]
        below = spell_vector(spot.x, spot.y - spot.height / 2 - 0.8)
        label = f"Text({thing.label!r}, font_size=36).move_to({below})"
        script.add(f"self.add_fixed_in_frame_mobjects({label})")
    elif thing.label:
        _add_label(script, number, name, colour)


def _add_label(script: Script, number: int, name: str, colour: str) -> None:
    thing, spot = script.plan.things[number], script.arrangement.spots[number]
    width, height = estimate_text(thing.label, 36)
    box = measure_one(thing, spot.scale)
    row = THINGS[thing.kind]
    fits = width < _SHORTEST_SHARE * box[0] and height < _SHORTEST_SHARE * box[1]
    text = f"Text({thing.label!r}, font_size=36"
    fit = ".scale_to_fit_width(6)" if width > 6 else ""  # noqa: PLR2004 - half the frame
    if fits and row.family == "flat" and not row.is_open:
        ink = choose_label_colour(thing, colour, script.plan.background)
        script.add(f"{name}.add({text}, color={ink}).move_to({name}))")
    else:
        side = "UP" if spot.y < -2 or row.family == "line" else "DOWN"  # noqa: PLR2004 - the edge
        script.add(f"{name}.add({text}){fit}.next_to({name}, {side}, buff=0.15))")


def _make_group(script: Script, number: int, name: str, colour: str) -> None:
    thing, spot = script.plan.things[number], script.arrangement.spots[number]
    code = build_thing(thing, spot, colour)
    script.add(f"{name} = VGroup(*[{code} for _ in range({thing.count})])")
    script.add(*_arrange(script, number, name))
    one = re.sub(r"\W", "_", thing.kind)
    colours = list(RAINBOW) if thing.looks.get("rainbow") else thing.colours
    if colours:
        listed = [spell_colour(colours[k % len(colours)]) for k in range(thing.count)]
        method = "set_fill" if script.is_in_space else "set_color"
        script.add(
            f"for {one}, colour in zip({name}, [{', '.join(listed)}]):",
            f"    {one}.{method}(colour)",
        )
    if thing.labels:
        labels = [thing.labels[k % len(thing.labels)] for k in range(thing.count)]
        box = measure_one(thing, spot.scale)
        inside = min(box) > 0.9 and max(map(len, labels)) < 3  # noqa: PLR2004 - a short label
        ink = choose_label_colour(thing, colour, script.plan.background)
        where = f"color={ink}).move_to({one})" if inside else (
            f"color={'BLACK' if script.plan.background in BRIGHT else 'WHITE'})"
            f".next_to({one}, DOWN, buff=0.15)")  # fmt: skip
        script.add(
            f"for {one}, letter in zip({name}, {labels!r}):",
            f"    {one}.add(Text(letter, font_size=32, {where})",
        )


def _arrange(script: Script, number: int, name: str) -> list[str]:
    thing, spot = script.plan.things[number], script.arrangement.spots[number]
    offsets = spot.offsets
    xs, ys = {round(x, 3) for x, _ in offsets}, {round(y, 3) for _, y in offsets}
    place = "" if _spell(spot) == "ORIGIN" else f".move_to({_spell(spot)})"
    if script.is_in_space or thing.arrangement in {"circle", "diagonal"}:
        points = [
            ((spot.x + x, 0.0, spot.y + y) if script.is_in_space else (spot.x + x, spot.y + y, 0.0))
            for x, y in offsets
        ]
        listed = ", ".join("[" + ", ".join(spell_number(c) for c in p) + "]" for p in points)
        one = re.sub(r"\W", "_", thing.kind)
        standing = THINGS[thing.kind].family == "solid" or not script.is_in_space
        turned = "" if standing else ".rotate(PI / 2, axis=RIGHT)"
        return [
            f"for {one}, place in zip({name}, [{listed}]):",
            f"    {one}{turned}.move_to(place)",
        ]
    if thing.arrangement == "concentric":
        one = re.sub(r"\W", "_", thing.kind)
        largest = 2 * HALF_HEIGHT / max(measure_one(thing, spot.scale)) / thing.count
        return [
            f"for number, {one} in enumerate({name}):",
            f"    {one}.set_fill(opacity=0).scale((number + 1) * {largest:.2f})",
        ]
    width, height = measure_one(thing, spot.scale)
    if len(ys) == 1:
        gap = offsets[1][0] - offsets[0][0] - width
        return [f"{name}.arrange(RIGHT, buff={spell_number(gap)}){place}"]
    if len(xs) == 1:
        gap = offsets[0][1] - offsets[1][1] - height
        return [f"{name}.arrange(DOWN, buff={spell_number(gap)}){place}"]
    gap = offsets[1][0] - offsets[0][0] - width
    return [f"{name}.arrange_in_grid(cols={len(xs)}, buff={spell_number(gap)}){place}"]
