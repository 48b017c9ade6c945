"""The table of mobjects in the plane: their dimensions, words and source. Pure data.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.writing.composing.tables.rows import (
    Measure,
    Measures,
    ThingRow,
    add_article,
)

_POLYGONS = {
    3: "triangle|equilateral triangle|regular triangle", 5: "pentagon|regular pentagon",
    6: "hexagon|regular hexagon", 7: "heptagon|septagon", 8: "octagon|regular octagon",
    9: "nonagon|enneagon", 10: "decagon", 11: "hendecagon", 12: "dodecagon",
}  # fmt: skip


def _round(m: Measures) -> tuple[float, ...]:
    return 2 * m["radius"], 2 * m["radius"]


def _oblong(m: Measures) -> tuple[float, ...]:
    return m["width"], m["height"]


def _line(m: Measures) -> tuple[float, ...]:
    return m["length"], 0.2


def _polygon(name: str, words: str, corners: int) -> ThingRow:
    return ThingRow(
        name, tuple(words.split("|")), "RegularPolygon(n={corners}, radius={radius})",
        {"radius": Measure(1.7, 0.1, 3.5), "corners": Measure(corners, 3, 40, is_length=False)},
        box=_round, examples=(f"draw {add_article(words.split(chr(124), maxsplit=1)[0])}",),
    )  # fmt: skip


_RADIUS = {"radius": Measure(1.4, 0.1, 3.5)}
_SIZES = {"width": Measure(4.0, 0.1, 12.5), "height": Measure(2.4, 0.1, 7.0)}
_LENGTH = {"length": Measure(4.0, 0.3, 12.0)}


def _corners(*points: tuple[float, float]) -> str:
    """Return the code of a polygon in a box of the measures."""
    listed = ", ".join(f"[{x:g}, {y:g}, 0]" for x, y in points)
    stretched = ".stretch_to_fit_width({width}).stretch_to_fit_height({height})"
    return f"Polygon({listed}){stretched}.move_to(ORIGIN)"


def _curve(name: str, words: str, x: str, y: str, reach: str, **more: object) -> ThingRow:
    """Return the row of a curve that is drawn without axes, to a height of ``size``."""
    proportion = float(more.get("proportion", 1.0))  # type: ignore[arg-type]
    return ThingRow(
        name, tuple(words.split("|")),
        f"ParametricFunction(lambda t: np.array([{x}, {y}, 0]), t_range=[{reach}])"
        ".scale_to_fit_height({size}).move_to(ORIGIN)",
        {"size": Measure(3.0, 0.2, 7.0)},
        box=lambda m: (m["size"] * proportion, m["size"]),
        examples=(f"draw {add_article(words.split(chr(124), maxsplit=1)[0])}",),
        is_open=bool(more.get("is_open")),
    )  # fmt: skip


FLAT: tuple[ThingRow, ...] = (
    ThingRow("dot", ("dot", "point", "particle"), "Dot(radius={radius})",
             {"radius": Measure(0.12, 0.05, 1.0)}, box=_round,
             examples=("a yellow dot", "a dot at (2, 1)")),
    ThingRow("circle", ("circle",), "Circle(radius={radius})", _RADIUS, box=_round,
             examples=("draw a circle", "a red circle with radius 2")),
    ThingRow("disc", ("disk", "disc", "ball"), "Circle(radius={radius})", _RADIUS, box=_round,
             examples=("a green disc",)),
    ThingRow("square", ("square",), "Square(side_length={side})",
             {"side": Measure(2.6, 0.1, 7.0)}, box=lambda m: (m["side"], m["side"]),
             examples=("show a square", "a square with side length 3")),
    ThingRow("rectangle", ("rectangle", "box", "oblong"),
             "Rectangle(width={width}, height={height})", _SIZES, box=_oblong,
             examples=("a rectangle 4 wide and 2 high",)),
    ThingRow("rounded_rectangle", ("rounded rectangle", "rounded box"),
             "RoundedRectangle(width={width}, height={height}, corner_radius=0.3)",
             {"width": Measure(3.0, 0.8, 12.5), "height": Measure(1.8, 0.8, 7.0)}, box=_oblong,
             examples=("a rounded rectangle",)),
    ThingRow("ellipse", ("ellipse", "oval"), "Ellipse(width={width}, height={height})", _SIZES,
             box=_oblong, examples=("a blue ellipse",)),
    *(_polygon(words.split("|")[0], words, n) for n, words in _POLYGONS.items()),
    ThingRow("polygon", ("polygon", "regular polygon", "gon"),
             "RegularPolygon(n={corners}, radius={radius})",
             {"radius": Measure(1.7, 0.1, 3.5),
              "corners": Measure(5, 3, 40, is_length=False)},
             box=_round, examples=("a polygon with 7 corners", "a 9-sided polygon")),
    ThingRow("right_triangle", ("right triangle", "right angled triangle"),
             _corners((0, 0), (3, 0), (0, 2)), _SIZES, box=_oblong,
             examples=("a right triangle",)),
    ThingRow("isosceles_triangle", ("isosceles triangle",),
             _corners((0, 0), (2, 0), (1, 2)), _SIZES, box=_oblong,
             examples=("an isosceles triangle",)),
    ThingRow("rhombus", ("rhombus", "diamond", "lozenge"),
             _corners((0, -1), (1, 0), (0, 1), (-1, 0)),
             {"width": Measure(1.8, 0.1, 12.5), "height": Measure(2.4, 0.1, 7.0)}, box=_oblong,
             examples=("a pink diamond",)),
    ThingRow("parallelogram", ("parallelogram",), _corners((0, 0), (3, 0), (4, 2), (1, 2)), _SIZES,
             box=_oblong, examples=("a parallelogram",)),
    ThingRow("quadrilateral", ("quadrilateral", "quadrangle"),
             _corners((0, 0), (4, 0.5), (3, 2.4), (0.6, 2)), _SIZES, box=_oblong,
             examples=("a quadrilateral",)),
    ThingRow("trapezoid", ("trapezoid", "trapezium"), _corners((0, 0), (4, 0), (3, 2), (1, 2)),
             _SIZES, box=_oblong, examples=("a trapezium",)),
    ThingRow("kite", ("kite",), _corners((0, -2), (1, 0), (0, 1), (-1, 0)),
             {"width": Measure(1.8, 0.1, 12.5), "height": Measure(2.6, 0.1, 7.0)}, box=_oblong,
             examples=("a kite",)),
    ThingRow("star", ("star",), "Star(n={corners}, outer_radius={radius},"
             " inner_radius={radius} * 0.42, density=1)",
             {"radius": Measure(1.9, 0.1, 3.5), "corners": Measure(5, 3, 20, is_length=False)},
             box=_round, examples=("a star with 6 points", "a yellow star")),
    ThingRow("cross", ("cross", "plus sign", "plus"), "Cross(stroke_width=8).scale({size} / 2)",
             {"size": Measure(1.6, 0.2, 7.0)}, box=lambda m: (m["size"], m["size"]),
             examples=("a red cross",), is_open=True),
    ThingRow("ring", ("ring", "annulus"),
             "Annulus(inner_radius={radius} * 0.6, outer_radius={radius})",
             {"radius": Measure(1.2, 0.2, 3.5)}, box=_round, examples=("a purple ring",)),
    ThingRow("semicircle", ("semicircle", "half circle", "semi circle"),
             "Sector(radius={radius}, angle=PI).move_to(ORIGIN)",
             {"radius": Measure(2.0, 0.2, 6.0)},
             box=lambda m: (2 * m["radius"], m["radius"]), examples=("a semicircle",)),
    ThingRow("sector", ("sector", "pie slice", "slice of pie"),
             "Sector(radius={radius}, angle={angle} * DEGREES).move_to(ORIGIN)",
             {"radius": Measure(2.0, 0.2, 3.5), "angle": Measure(60, 5, 350, is_length=False)},
             box=lambda m: (2 * m["radius"], 2 * m["radius"] * min(1.0, m["angle"] / 90)),
             examples=("a sector of 90 degrees",)),
    ThingRow("arc", ("arc", "circular arc"),
             "Arc(radius={radius}, angle={angle} * DEGREES).move_to(ORIGIN)",
             {"radius": Measure(2.0, 0.2, 3.5), "angle": Measure(120, 5, 350, is_length=False)},
             box=_round, examples=("an arc of 90 degrees",), is_open=True),
    ThingRow("line", ("line", "line segment", "segment", "straight line"),
             "Line", _LENGTH, box=_line, family="line",
             examples=("a dashed line", "a line from (-2, 0) to (2, 1)"), is_open=True),
    ThingRow("vertical_line", ("vertical line",), "Line",
             {"length": Measure(4.0, 0.3, 7.0)}, box=lambda m: (0.2, m["length"]), family="line",
             examples=("a vertical line",), is_open=True),
    ThingRow("arrow", ("arrow", "vector"), "Arrow",
             {"length": Measure(3.0, 0.5, 12.0)}, box=_line, family="line",
             examples=("an arrow pointing up", "an arrow from (0, 0) to (2, 1)"), is_open=True),
    ThingRow("double_arrow", ("double arrow", "double headed arrow"),
             "DoubleArrow",
             {"length": Measure(3.0, 0.5, 12.0)}, box=_line, family="line",
             examples=("a double arrow",), is_open=True),
    _curve("heart", "heart|heart shape", "np.sin(t) ** 3",
           "(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)) / 16",
           "0, TAU", proportion=1.1),
    _curve("spiral", "spiral|archimedean spiral", "t * np.cos(t)", "t * np.sin(t)", "0, 6 * PI",
           is_open=True, proportion=1.1),
    _curve("cardioid", "cardioid", "(1 - np.cos(t)) * np.cos(t)", "(1 - np.cos(t)) * np.sin(t)",
           "0, TAU"),
    _curve("lemniscate", "lemniscate|infinity sign|infinity symbol|figure eight|figure 8",
           "np.cos(t) / (1 + np.sin(t) ** 2)",
           "np.sin(t) * np.cos(t) / (1 + np.sin(t) ** 2)", "0, TAU", proportion=2.83),
    _curve("astroid", "astroid", "np.cos(t) ** 3", "np.sin(t) ** 3", "0, TAU"),
    _curve("cycloid", "cycloid", "t - np.sin(t)", "1 - np.cos(t)", "-3 * PI, 3 * PI",
           is_open=True, proportion=9.43),
    _curve("lissajous", "lissajous figure|lissajous curve", "np.sin(3 * t)", "np.sin(2 * t)",
           "0, TAU"),
    _curve("wave", "wave|wavy line|sine wave|sinusoid", "t", "np.sin(t)", "-2 * PI, 2 * PI",
           is_open=True, proportion=6.28),
    ThingRow("rose", ("rose", "rose curve", "polar rose", "flower"),
             "ParametricFunction(lambda t: {size} / 2 * np.cos({petals} * t)"
             " * np.array([np.cos(t), np.sin(t), 0]), t_range=[0, TAU])",
             {"size": Measure(4.0, 0.3, 7.0), "petals": Measure(5, 2, 12, is_length=False)},
             box=lambda m: (m["size"], m["size"]), examples=("a rose curve with 7 petals",)),
    ThingRow("text", ("text", "word", "words", "caption", "title", "heading", "sentence", "message",
                      "letter", "phrase"),
             "Text({text}, font_size={size})", {"size": Measure(48, 24, 96)},
             box=lambda m: (m["size"] / 48, m["size"] / 96), family="text",
             examples=("write 'Hello World'", "the text 'Good morning' in green")),
    ThingRow("formula", ("formula", "equation"),
             "MathTex({text}, font_size={size})", {"size": Measure(60, 30, 96)},
             box=lambda m: (m["size"] / 48, m["size"] / 60), family="text",
             examples=("write the formula 'a^2 + b^2 = c^2'",)),
)  # fmt: skip


def estimate_text(text: str, size: float) -> tuple[float, float]:
    """Return about how wide and high a text of a font size is; it errs to the large side."""
    lines = text.split("\n")
    widest = max(sum(0.24 if c in " iljtf.,'I" else 0.42 for c in line) for line in lines)
    return max(0.3, widest * size / 48), 0.62 * len(lines) * size / 48


def measure_points(points: tuple[tuple[float, ...], ...]) -> tuple[float, float]:
    """Return width and height of what joins points."""
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return max(0.2, max(xs) - min(xs)), max(0.2, max(ys) - min(ys))
