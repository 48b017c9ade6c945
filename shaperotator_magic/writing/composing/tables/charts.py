"""The table of curves over axes, and of charts. Pure data.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.writing.composing.tables.rows import Measure, ThingRow


def _graph(name: str, words: str, code: str, text: str, example: str = "") -> ThingRow:
    return ThingRow(
        name, tuple(words.split("|")), "", family="curve", equation=("graph", (code,), text),
        examples=(example or f"plot the {words.split('|', maxsplit=1)[0]}",),
    )  # fmt: skip


CHARTS: tuple[ThingRow, ...] = (
    ThingRow(
        "axes",
        ("axes", "coordinate system", "coordinate axes", "cartesian axes", "axis", "xy axes"),
        "",
        family="axes",
        examples=("show coordinate axes",),
    ),
    ThingRow(
        "axes_in_space",
        (
            "3d axes",
            "axes in 3d",
            "axes in space",
            "xyz axes",
            "3d coordinate system",
            "coordinate system in 3d",
        ),
        "",
        family="axes in space",
        examples=("show 3D axes",),
    ),
    ThingRow(
        "plane",
        (
            "coordinate plane",
            "number plane",
            "cartesian plane",
            "coordinate grid",
            "grid",
            "plane",
            "xy plane",
        ),
        "NumberPlane(x_length={width}, y_length={height}, x_range=[-7, 7], y_range=[-4, 4])",
        {"width": Measure(14, 3, 14), "height": Measure(8, 2, 8)},
        box=lambda m: (m["width"], m["height"]),
        family="backdrop",
        examples=("show a coordinate grid",),
    ),
    ThingRow(
        "number_line",
        ("number line", "numberline"),
        "NumberLine(x_range={range}, length={length}, include_numbers=True)",
        {"length": Measure(10, 3, 12)},
        box=lambda m: (m["length"], 0.8),
        family="chart",
        examples=("a number line from -5 to 5",),
    ),
    ThingRow(
        "table",
        ("table",),
        "Table({rows})",
        {"size": Measure(4.0, 1.0, 6.5)},
        box=lambda m: (8.0, m["size"]),
        family="chart",
        examples=("a table with rows 1 2 3 and 4 5 6", "a table with 3 rows and 4 columns"),
    ),
    ThingRow(
        "bar_chart",
        ("bar chart", "bar graph", "barchart", "histogram", "column chart"),
        "BarChart({values}, x_length={width}, y_length={height}, y_range={y_range})",
        {"width": Measure(8.0, 3.0, 11.0), "height": Measure(5.0, 2.0, 6.0)},
        box=lambda m: (m["width"] + 1, m["height"] + 0.8),
        family="chart",
        examples=("a bar chart of 3, 5, 2 and 7",),
    ),
    ThingRow(
        "pie_chart",
        ("pie chart", "pie graph", "piechart", "pie diagram", "circle chart"),
        "VGroup(*[Sector(radius={radius}, start_angle=start * TAU, angle=share * TAU, color=colour)"
        " for start, share, colour in {slices}])"
        ".add(*[Text(words, font_size=28, color=BLACK).move_to([{radius} * x, {radius} * y, 0])"
        " for words, x, y in {names}])",
        {"radius": Measure(2.4, 1.0, 3.4)},
        box=lambda m: (2 * m["radius"], 2 * m["radius"]),
        family="chart",
        examples=("a pie chart of 3, 5 and 2",),
    ),
    ThingRow(
        "graph",
        ("graph", "function", "curve", "parametric curve", "polar curve", "implicit curve"),
        "",
        family="curve",
        examples=(
            "plot sin(x)",
            "graph y = x^2 - 3x + 2 and mark its roots",
            "plot x^2 + y^2 = 4",
            "plot r = 1 + cos(theta)",
            "plot x = cos(3t), y = sin(2t)",
            "plot sin(x) and cos(x)",
        ),
    ),
    ThingRow(
        "points",
        ("points", "data points", "scatter plot"),
        "",
        family="curve",
        examples=("plot the points (1, 2), (2, 3) and (3, 1)",),
    ),
    ThingRow(
        "surface",
        ("surface", "graph in 3d", "3d graph", "3d plot", "surface plot"),
        "",
        family="surface",
        equation=("surface", ("np.sin(x) * np.cos(y)",), "z = sin x · cos y"),
        examples=("surface z = x^2 - y^2", "a surface"),
    ),
    ThingRow(
        "saddle",
        ("saddle", "saddle surface", "hyperbolic paraboloid"),
        "",
        family="surface",
        equation=("surface", ("x**2 - y**2",), "z = x² − y²"),
        examples=("a saddle surface",),
    ),
    ThingRow(
        "paraboloid",
        ("paraboloid", "bowl"),
        "",
        family="surface",
        equation=("surface", ("x**2 + y**2",), "z = x² + y²"),
        examples=("draw a paraboloid",),
    ),
    ThingRow(
        "helix",
        ("helix", "helices", "corkscrew", "spiral in space", "3d spiral", "spiral in 3d", "coil"),
        "",
        family="space curve",
        equation=("space curve", ("np.cos(t)", "np.sin(t)", "t / 6"), "(cos t, sin t, t/6)"),
        examples=("draw a helix",),
    ),
    ThingRow(
        "space_curve",
        ("space curve", "curve in space", "3d curve", "curve in 3d"),
        "",
        family="space curve",
        equation=(
            "space curve",
            ("np.cos(t)", "np.sin(2 * t)", "np.cos(3 * t)"),
            "(cos t, sin 2t, cos 3t)",
        ),
        examples=("the space curve (cos t, sin t, t)",),
    ),
    _graph("parabola", "parabola|quadratic|quadratic function", "x**2", "y = x²"),
    _graph(
        "downward_parabola",
        "downward parabola|inverted parabola|upside down parabola|parabola upside down|"
        "downwards parabola|downward opening parabola|negative parabola",
        "-x**2",
        "y = −x²",
    ),
    _graph("cubic", "cubic|cubic function|graph of a cubic", "x**3 - 3*x", "y = x³ − 3x"),
    _graph(
        "sine", "sine|sine function|sine curve|sin curve|sin|sine graph", "np.sin(x)", "y = sin x"
    ),
    _graph(
        "cosine",
        "cosine|cosine function|cosine curve|cos curve|cos|cosine wave",
        "np.cos(x)",
        "y = cos x",
    ),
    _graph(
        "tangent_function", "tangent function|tan function|tan curve|tan", "np.tan(x)", "y = tan x"
    ),
    _graph(
        "exponential",
        "exponential|exponential function|exponential curve|exp",
        "np.exp(x)",
        "y = eˣ",
    ),
    _graph(
        "logarithm",
        "logarithm|natural logarithm|natural log|logarithm function|ln|log function",
        "np.log(x)",
        "y = ln x",
    ),
    _graph("absolute_value", "absolute value|absolute value function", "np.abs(x)", "y = |x|"),
    _graph(
        "square_root_function",
        "square root|square root function|root function",
        "np.sqrt(x)",
        "y = √x",
    ),
    _graph("reciprocal", "reciprocal function|reciprocal", "1/x", "y = 1/x"),
    _graph("gaussian", "gaussian|gaussian function|bell curve", "np.exp(-x**2)", "y = e^(−x²)"),
    ThingRow(
        "hyperbola",
        ("hyperbola",),
        "",
        family="curve",
        equation=("implicit", ("x**2 - y**2 - 1",), "x² − y² = 1"),
        examples=("draw a hyperbola",),
    ),
)
