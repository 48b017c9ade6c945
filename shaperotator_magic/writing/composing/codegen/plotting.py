"""Curves over axes as Python: ranges, numbers that no curve crosses, marks with coordinates.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

from shaperotator_magic.writing.composing.codegen.making import spell_colour, spell_number
from shaperotator_magic.writing.composing.functions.features import find_asymptotes
from shaperotator_magic.writing.composing.functions.ranges import (
    Pair,
    Point,
    Window,
    find_turn,
    find_window,
    list_frequencies,
    sample_curve,
)
from shaperotator_magic.writing.composing.functions.sampling import (
    build_function,
    find_pieces,
    spread,
)
from shaperotator_magic.writing.composing.plan import Equation, Thing
from shaperotator_magic.writing.composing.tables.things import THINGS

Box = tuple[float, float, float, float]
_DOWN = 0.35
_BELOW = 0.12
_LABEL_HEIGHT, _LETTER = 0.28, 0.15
_AROUND = tuple(
    (math.cos(turn), math.sin(turn))
    for turn in (math.pi / 4, 3 * math.pi / 4, -math.pi / 4, -3 * math.pi / 4, math.pi / 2,
                 -math.pi / 2, 0.0, math.pi)
)  # fmt: skip


@dataclass
class Plot:
    """The axes of a scene, and what has been drawn over them so far, in units of the frame."""

    window: Window
    obstacles: list[Point] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    down: float = _DOWN
    asymptotes: list[tuple[Point, Point, str]] = field(default_factory=list)

    def place(self, x: float, y: float) -> Point:
        """Return where a point of the axes lies in the frame."""
        (x0, x1, _), (y0, y1, _) = self.window.x, self.window.y
        return (
            (x - (x0 + x1) / 2) * self.window.width / (x1 - x0),
            (y - (y0 + y1) / 2) * self.window.height / (y1 - y0) - self.down,
        )


def plan_plot(things: list[Thing], features: dict[int, list[Point]]) -> Plot:
    """Return axes for all curves and points of a scene."""
    equations = [thing.equation for thing in things if thing.equation is not None]
    marked = [point for points in features.values() for point in points]
    points = [(p[0], p[1]) for thing in things for p in thing.points]
    points += [
        (thing.place.point[0], thing.place.point[1])
        for thing in things
        if thing.place is not None and thing.place.point is not None
    ]
    given = next((thing.range for thing in things if thing.range), None)
    poles = find_asymptotes(things)
    if not equations and not points:
        window = Window((-5, 5, 1), (-3, 3, 1), 11.0, 6.6)
    elif not equations:
        window = find_window([], given, [], points)
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        window = _frame_points(xs, ys)
    else:
        far = [(x or 0.0, y or 0.0) for x, y in poles]
        window = find_window(equations, given, [*marked, *far], points)
    plot = Plot(window, down=_DOWN if equations else 0.0)
    _add_asymptotes(plot, poles)
    for thing in things:
        if "joined" in thing.looks:
            plot.obstacles += _walk([plot.place(p[0], p[1]) for p in thing.points])
    for equation in equations:
        plot.obstacles += [plot.place(x, y) for x, y in _sample(equation, window, given)]
    plot.boxes += [_around(plot.place(x, y), 0.12, 0.12) for x, y in [*marked, *points]]
    return plot


def _add_asymptotes(plot: Plot, found: list[tuple[float | None, float | None]]) -> None:
    (x0, x1, _), (y0, y1, _) = plot.window.x, plot.window.y
    for x, y in found:
        if x is not None:
            line = ((x, y0), (x, y1), f"x = {spell_coordinate(x)}")
        else:
            line = ((x0, y or 0.0), (x1, y or 0.0), f"y = {spell_coordinate(y or 0.0)}")
        plot.asymptotes.append(line)
        plot.obstacles += _walk([plot.place(*line[0]), plot.place(*line[1])])


def _walk(corners: list[Point]) -> list[Point]:
    """Return points along a line, near enough to one another for any label to meet one."""
    return [
        (x + (u - x) * k / 60, y + (v - y) * k / 60)
        for (x, y), (u, v) in pairwise(corners)
        for k in range(61)
    ]


def _frame_points(xs: list[float], ys: list[float]) -> Window:
    from_x, to_x = math.floor(min(0.0, *xs)) - 1, math.ceil(max(0.0, *xs)) + 1
    from_y, to_y = math.floor(min(0.0, *ys)) - 1, math.ceil(max(0.0, *ys)) + 1

    def step(width: float) -> float:
        power = 10 ** math.floor(math.log10(width / 8)) if width > 10 else 1  # noqa: PLR2004
        return next(f * power for f in (1, 2, 5, 10) if f * power >= width / 12)

    return Window((from_x, to_x, step(to_x - from_x)), (from_y, to_y, step(to_y - from_y)),
                  11.0, 6.2)  # fmt: skip


def _sample(equation: Equation, window: Window, given: Pair | None) -> list[Point]:
    if equation.kind != "graph":
        return sample_curve(equation, given)
    f = build_function(equation.codes[0])
    low, high = window.y[:2]
    xs = spread(window.x[0], window.x[1], max(181, _count_steps(equation, *window.x[:2])))
    points = [(x, y) for x, y in ((x, f(x)) for x in xs) if low <= y <= high]
    dense: list[Point] = []
    for (x, y), (u, v) in pairwise(points):
        steps = max(1, min(40, round(abs(v - y) / (high - low) * 60)))
        dense += [(x + (u - x) * k / steps, y + (v - y) * k / steps) for k in range(steps)]
    return dense or points


# --- axes -----------------------------------------------------------------------------


def build_axes(plot: Plot) -> list[str]:
    """Return the lines that make the axes."""
    window = plot.window
    shift = f".shift({plot.down:g} * DOWN)" if plot.down else ""
    return [
        "axes = Axes(",
        f"    x_range={_spell(window.x)},",
        f"    y_range={_spell(window.y)},",
        f"    x_length={window.width:g},",
        f"    y_length={window.height:g},",
        "    tips=False,",
        f"    x_axis_config={{{_number_below(plot)}}},",
        f'    y_axis_config={{"numbers_to_include": {_spell(_number_axis(plot, 1))}}},',
        '    axis_config={"font_size": 28, "color": GREY_B},',
        f"){shift}",
    ]


def _spell(values: tuple[float, ...] | list[float]) -> str:
    return "[" + ", ".join(f"{round(value, 9) + 0.0:g}" for value in values) + "]"


def _number_below(plot: Plot) -> str:
    """Return the numbers of the x axis; below the picture where a curve leaves no room at it."""
    kept = _number_axis(plot, 0)
    if len(kept) > 1 or plot.window.y[0] >= 0:
        return f'"numbers_to_include": {_spell(kept)}'
    low, high, step = plot.window.x
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    numbers = [round(k * step, 6) for k in range(first, last + 1) if k]
    deep = plot.place(0, 0)[1] - plot.place(0, plot.window.y[0])[1] + _BELOW
    return f'"numbers_to_include": {_spell(numbers)}, "line_to_number_buff": {deep:.2f}'


def _number_axis(plot: Plot, axis: int) -> list[float]:
    """Return the numbers along an axis that neither a curve nor a mark crosses."""
    low, high, step = (plot.window.x, plot.window.y)[axis]
    other = (plot.window.y, plot.window.x)[axis]
    crossing = min(max(0.0, other[0]), other[1])
    kept = []
    first = math.ceil(low / step - 1e-9)
    for k in range(first, math.floor(high / step + 1e-9) + 1):
        value = round(k * step, 6)
        if abs(value) < step / 2 and other[0] < 0:
            continue
        width = _LETTER * len(f"{value:g}") + 0.1
        if axis == 0:
            x, y = plot.place(value, crossing)
            box = _around((x, y - 0.32), width, 0.32)
        else:
            x, y = plot.place(crossing, value)
            box = _around((x - 0.22 - width / 2, y), width, 0.32)
        if not _is_hit(plot, box, margin=0.05):
            kept.append(value)
            plot.boxes.append(box)
    return kept


def _around(point: Point, width: float, height: float) -> Box:
    x, y = point
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _is_hit(plot: Plot, box: Box, *, margin: float) -> bool:
    left, bottom, right, top = (
        box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin,
    )  # fmt: skip
    if any(left <= x <= right and bottom <= y <= top for x, y in plot.obstacles):
        return True
    return any(a < right and c > left and b < top and d > bottom for a, b, c, d in plot.boxes)


# --- curves ---------------------------------------------------------------------------


def build_curve(plot: Plot, thing: Thing, name: str, colour: str) -> list[str]:
    """Return the lines that make a curve, or points."""
    shown = spell_colour(colour)
    if thing.equation is None:
        dots = ", ".join(f"({spell_number(p[0])}, {spell_number(p[1])})" for p in thing.points)
        if "joined" in thing.looks:
            return [
                f"places = [axes.c2p(x, y) for x, y in [{dots}]]",
                f"path = VMobject(color={shown}).set_points_as_corners(places)",
                f"{name} = VGroup(path, *[Dot(place, color={shown}) for place in places])",
            ]
        return [
            f"{name} = VGroup(*[Dot(axes.c2p(x, y), color={shown}) for x, y in [{dots}]])",
        ]
    equation = thing.equation
    if equation.kind == "graph":
        return _build_graph(plot, equation, name, shown)
    if equation.kind == "implicit":
        code = equation.codes[0]
        return [f"{name} = axes.plot_implicit_curve(lambda x, y: {code}, color={shown})"]
    t_range = f"[0, {_spell_turn(find_turn(equation))}]"
    if thing.range is not None:
        t_range = f"[{spell_number(thing.range[0])}, {spell_number(thing.range[1])}]"
    if equation.kind == "polar":
        x, y = f"({equation.codes[0]}) * np.cos(t)", f"({equation.codes[0]}) * np.sin(t)"
    else:
        x, y = equation.codes
    return [
        f"{name} = axes.plot_parametric_curve(",
        f"    lambda t: np.array([{x}, {y}, 0]), t_range={t_range}, color={shown}",
        ")",
    ]


def _spell_turn(turn: float) -> str:
    turns = round(turn / (2 * math.pi))
    return "TAU" if turns == 1 else f"{turns} * TAU"


def _build_graph(plot: Plot, equation: Equation, name: str, colour: str) -> list[str]:
    window, code = plot.window, equation.codes[0]
    pieces = find_pieces(build_function(code), window.x[:2], window.y[:2])
    rough = ", use_smoothing=False" if "abs" in code or "sqrt" in code else ""
    whole = [(round(window.x[0], 3), round(window.x[1], 3))]
    pieces = pieces or whole
    if len(pieces) == 1:
        part = f"x_range={_spell_stretch(*pieces[0], _count_steps(equation, *pieces[0]))}"
        return [f"{name} = axes.plot(lambda x: {code}, {part}, color={colour}{rough})"]
    listed = ", ".join(_spell_stretch(a, b, _count_steps(equation, a, b)) for a, b in pieces)
    return [
        f"{name} = VGroup(*[",
        f"    axes.plot(lambda x: {code}, x_range=piece, color={colour}{rough})",
        f"    for piece in [{listed}]",
        "])",
    ]


def _count_steps(equation: Equation, low: float, high: float) -> int:
    """Return in how many steps a graph is computed: more where it swings often."""
    fastest = max(list_frequencies(equation.codes[0]), default=0.0)
    return min(3000, max(150, round(24 * (high - low) * fastest / (2 * math.pi))))


def _spell_stretch(low: float, high: float, count: int) -> str:
    """Return a stretch of x with the step at which a graph is computed."""
    step = (high - low) / count
    digits = max(3, 1 - math.floor(math.log10(step)))
    return f"[{low:g}, {high:g}, {max(0.1**digits, round(step, digits)):g}]"


def build_asymptotes(plot: Plot, name: str) -> list[str]:
    """Return the lines that draw asymptotes, dashed, each with its equation."""
    lines = [f"{name} = VGroup()", "for start, end, words, place in ["]
    for start, end, text in plot.asymptotes:
        at = tuple(a + 0.88 * (b - a) for a, b in zip(start, end, strict=True))
        u, v = _find_free(plot, plot.place(*at), _LETTER * len(text) + 0.1)
        ends = [f"({spell_number(x)}, {spell_number(y)})" for x, y in (start, end)]
        spot = f"[{spell_number(u)}, {spell_number(v)}, 0]"
        lines.append(f"    ({ends[0]}, {ends[1]}, {text!r}, {spot}),")
    return [
        *lines,
        "]:",
        "    line = DashedLine(axes.c2p(*start), axes.c2p(*end), color=YELLOW)",
        "    words = Text(words, font_size=24, color=YELLOW).move_to(place)",
        f"    {name}.add(line, words.add_background_rectangle())",
    ]


def build_marks(plot: Plot, points: list[Point], name: str) -> list[str]:
    """Return the lines that mark points with their coordinates, beside every curve."""
    lines = [f"{name} = VGroup()"]
    texts = []
    for x, y in points:
        text = f"({spell_coordinate(x)}, {spell_coordinate(y)})"
        at = _find_free(plot, plot.place(x, y), _LETTER * len(text) + 0.1)
        texts.append((x, y, text, at))
    listed = [
        f"    ({x:g}, {y:g}, {text!r}, [{spell_number(u)}, {spell_number(v)}, 0]),"
        for x, y, text, (u, v) in texts
    ]
    return [
        *lines,
        "for x, y, words, place in [",
        *listed,
        "]:",
        "    words = Text(words, font_size=24).move_to(place)",
        f"    {name}.add(Dot(axes.c2p(x, y), color=WHITE), words.add_background_rectangle())",
    ]


def spell_coordinate(value: float) -> str:
    """Return a coordinate with a true minus sign, two decimals at most."""
    return spell_number(value).replace("-", "−")


def _find_free(plot: Plot, at: Point, width: float) -> Point:
    """Return a position near a point where a label of a width covers nothing."""
    for far in (0.32, 0.5, 0.75, 1.1):
        for dx, dy in _AROUND:
            x = at[0] + dx * (far + width / 2 * abs(dx))
            y = at[1] + dy * far
            box = _around((x, y), width, _LABEL_HEIGHT)
            is_in = abs(x) + width / 2 < 6.9 and -3.8 < y < 3.1  # noqa: PLR2004 - the frame
            if is_in and not _is_hit(plot, box, margin=0.04) and not _crosses_axes(plot, box):
                plot.boxes.append(box)
                return x, y
    x, y = at[0], min(3.0, at[1] + 0.35)
    plot.boxes.append(_around((x, y), width, _LABEL_HEIGHT))
    return x, y


def _crosses_axes(plot: Plot, box: Box) -> bool:
    x, y = plot.place(
        min(max(0.0, plot.window.x[0]), plot.window.x[1]),
        min(max(0.0, plot.window.y[0]), plot.window.y[1]),
    )
    return box[0] < x < box[2] or box[1] < y < box[3]


def is_plotted(thing: Thing) -> bool:
    """Whether a thing is drawn over axes in the plane."""
    return THINGS[thing.kind].family in {"curve", "axes"}
