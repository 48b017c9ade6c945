"""Surfaces, curves and axes in space as Python. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math

from shaperotator_magic.writing.composing.codegen.making import spell_colour
from shaperotator_magic.writing.composing.functions.ranges import find_turn
from shaperotator_magic.writing.composing.functions.sampling import build_function, spread
from shaperotator_magic.writing.composing.plan import Thing

_REACH, _WAVY_REACH = 2.0, 3.0
_STEEPEST = 40.0


def build_in_space(thing: Thing, name: str, colour: str) -> list[str]:
    """Return the lines that make axes, a surface or a curve in space."""
    if thing.equation is None:
        return [f"{name} = ThreeDAxes(x_length=8, y_length=8, z_length=5)"]
    if thing.equation.kind == "space curve":
        return _build_curve(thing, name, colour)
    return _build_surface(thing, name, colour)


def _build_surface(thing: Thing, name: str, colour: str) -> list[str]:
    assert thing.equation is not None  # noqa: S101 - checked by the caller
    code = thing.equation.codes[0]
    wavy = "np.sin" in code or "np.cos" in code
    reach = max(map(abs, thing.range)) if thing.range else _WAVY_REACH if wavy else _REACH
    f = build_function(code, ("x", "y"))
    values = [f(x, y) for x in spread(-reach, reach, 31) for y in spread(-reach, reach, 31)]
    known = sorted(z for z in values if not math.isnan(z)) or [0.0]
    low, high = known[0], known[-1]
    middle = known[len(known) // 2]
    if high - low > _STEEPEST * (known[-len(known) // 10] - known[len(known) // 10] + 0.01):
        low, high = max(low, middle - 5), min(high, middle + 5)
    is_whole = len(known) == len(values) and (low, high) == (known[0], known[-1])
    low, high = math.floor(min(0.0, low)), math.ceil(max(high, low + 1, 1))
    shown = code if is_whole else f"np.clip(np.nan_to_num({code}), {low}, {high})"
    step = max(1, math.ceil((high - low) / 6))
    looks = f"fill_color={spell_colour(colour)}" if "colour" in thing.looks else ""
    lines = [
        "axes = ThreeDAxes(",
        f"    x_range=[{-reach:g}, {reach:g}, 1], y_range=[{-reach:g}, {reach:g}, 1],",
        f"    z_range=[{low:g}, {high:g}, {step}], x_length=6, y_length=6, z_length=4,",
        ").move_to(ORIGIN)",
        f"{name} = Surface(",
        f"    lambda x, y: axes.c2p(x, y, {shown}),",
        f"    u_range=[{-reach:g}, {reach:g}], v_range=[{-reach:g}, {reach:g}],",
        "    resolution=(24, 24), fill_opacity=0.85, stroke_width=0.5,",
        f"    checkerboard_colors={_spell_checks(colour, looks)},",
        ")",
        "self.add(axes)",
    ]
    return lines


def _spell_checks(colour: str, looks: str) -> str:
    return f"[{spell_colour(colour)}, {spell_colour(colour)}]" if looks else "[BLUE_D, BLUE_E]"


def _build_curve(thing: Thing, name: str, colour: str) -> list[str]:
    assert thing.equation is not None  # noqa: S101 - checked by the caller
    x, y, z = thing.equation.codes
    turn = find_turn(thing.equation)
    reach = thing.range or (0.0, 6 * math.pi if turn > 4 * math.pi or thing.kind == "helix"
                            else turn)  # fmt: skip
    functions = [build_function(code, ("t",)) for code in thing.equation.codes]
    rows = [[f(t) for t in spread(*reach, 240)] for f in functions]
    ranges = []
    for values in rows:
        known = [v for v in values if not math.isnan(v)] or [0.0]
        ranges.append((math.floor(min(0.0, *known)), max(1, math.ceil(max(known)))))
    spelt = ", ".join(
        f"{axis}_range=[{low}, {high}, {max(1, math.ceil((high - low) / 6))}]"
        for axis, (low, high) in zip("xyz", ranges, strict=True)
    )
    turns = reach[1] / (2 * math.pi)
    end = f"{round(turns)} * TAU" if abs(turns - round(turns)) < 1e-6 else f"{reach[1]:g}"  # noqa: PLR2004
    return [
        f"axes = ThreeDAxes({spelt}, x_length=6, y_length=6, z_length=4).move_to(ORIGIN)",
        f"{name} = ParametricFunction(",
        f"    lambda t: axes.c2p({x}, {y}, {z}),",
        f"    t_range=[{reach[0]:g}, {end}], color={spell_colour(colour)},",
        ")",
        "self.add(axes)",
    ]
