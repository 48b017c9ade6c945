"""Whether a scene draws what a plain request names: it is run without drawing and inspected.

A wanted item is a thing ('circle'), a thing with its colour ('circle:red'), a colour, something
that happens ('rotate', 'rotate=90'), a function ('f=x^2'), a text ('text=A'), a number ('n=3') or a
count of equal things ('count=5'). ``|`` stands between alternatives. A class of manim counts where
it was on screen, a name where the source gives it to something.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.wanted_values import is_same_function
from shaperotator_magic.core.records import Drawn, SceneCode
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, installed
from shaperotator_magic.rendering.process.scene_run import SCENE_FILE
from tests.library_probe import rehearse

_CLASSES = {
    "dot": "Dot Dot3D",
    "points": "Dot Dot3D",
    "line": "Line",
    "arrow": "Arrow Vector DoubleArrow Arrow3D",
    "arc": "Arc Sector",
    "cuboid": "Prism Cube",
    "curve": "ParametricFunction ParametricCurve",
    "surface": "Surface",
    "axes": "Axes ThreeDAxes NumberPlane",
    "numberline": "NumberLine",
    "grid": "NumberPlane",
    "table": "Table",
    "barchart": "BarChart",
    "formula": "MathTex Tex Formula",
}
_CORNERS = {"triangle": 3, "square": 4, "pentagon": 5, "hexagon": 6, "octagon": 8}
_HAPPENINGS = {
    "transform": r"Transform|become",
    "rotate": r"Rotat|rotat",
    "move": r"shift|move|MoveAlongPath",
    "grow": r"Grow|scale|SpinIn",
    "shrink": r"Shrink|scale|Uncreate",
    "fade": r"Fade|set_opacity",
    "path": r"MoveAlongPath|updater|always_redraw",
    "swap": r"Swap|CyclicReplace|move_to|path_arc",
    "blink": r"Blink|Flash|Indicate|opacity|FadeOut",
    "zoom": r"frame|zoom|move_camera",
    "write": r"Write|AddTextLetterByLetter",
    "appear": r"Create|FadeIn|Grow|add",
    "filled": r"fill_opacity|set_fill",
    "dashed": r"Dashed",
}
_COLOURS = (
    "red green blue yellow orange purple pink white black teal gold maroon grey turquoise".split()
)


@dataclass
class Seen:
    """What a run of a scene showed, and what its source says."""

    source: str
    classes: set[str] = field(default_factory=set)
    most: Counter[str] = field(default_factory=Counter)
    painted: set[tuple[str, str]] = field(default_factory=set)
    corners: set[int] = field(default_factory=set)
    functions: list[Any] = field(default_factory=list)
    failure: str = ""
    things: tuple[Drawn, ...] = ()

    def __post_init__(self) -> None:
        tree = ast.parse(self.source)
        nodes = list(ast.walk(tree))
        self.statements = [
            ast.unparse(node) for node in nodes if isinstance(node, ast.Assign | ast.Expr)
        ]
        constants = [node.value for node in nodes if isinstance(node, ast.Constant)]
        self.numbers = [float(v) for v in constants if isinstance(v, int | float)]
        self.strings = " ".join(v for v in constants if isinstance(v, str))
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        names |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
        self.names = " ".join(names).lower()


def find_missing(code: SceneCode, wanted: list[str]) -> list[str]:
    """Return what a request wants and its scene does not show; a failure of the scene is one."""
    seen = inspect_scene(code)
    missing = [item for item in wanted if not any(_shows(seen, one) for one in item.split("|"))]
    return [seen.failure, *missing] if seen.failure else missing


def inspect_scene(code: SceneCode) -> Seen:
    """Run a scene without drawing it, and return what it showed."""
    seen = Seen(code.source)
    module = ModuleType("request")
    try:
        exec(compile(code.source, SCENE_FILE, "exec"), module.__dict__)
        # Formulas are set as in a render on a machine without LaTeX.
        with installed("typst", FormulaNotes().take):
            seen.things = rehearse(
                getattr(module, code.scene_name),
                source=code.source,
                on_play=lambda scene, _: _note(scene, seen),
            ).things
    except Exception as exc:  # noqa: BLE001 - whatever a scene raises is its failure
        seen.failure = f"fails: {type(exc).__name__}: {exc}"
    return seen


def _note(scene: Any, seen: Seen) -> None:
    counts: Counter[str] = Counter()
    for mobject in {id(m): m for top in scene.mobjects for m in top.get_family()}.values():
        names = {cls.__name__ for cls in type(mobject).__mro__}
        seen.classes |= names
        counts.update([type(mobject).__name__])
        seen.painted |= {(name, colour) for name in names for colour in _list_colours(mobject)}
        if hasattr(mobject, "get_vertices") and "Polygram" in names:
            seen.corners.add(len(mobject.get_vertices()))
        function = getattr(mobject, "underlying_function", None)
        seen.functions += [function] if callable(function) else []
    seen.most |= counts


def list_colours_of(thing: Drawn) -> set[str]:
    """Return the names of the colours in which one thing is seen."""
    from manim import ManimColor

    parts = ((thing.fill, thing.fill_opacity), (thing.stroke, thing.stroke_opacity))
    return {_name_colour(np.asarray(rgb), ManimColor) for rgb, opacity in parts if opacity}


def _list_colours(mobject: Any) -> set[str]:
    from manim import ManimColor

    found = set()
    for rgba in (*getattr(mobject, "fill_rgbas", ()), *getattr(mobject, "stroke_rgbas", ())):
        if rgba[3] > 0:
            found.add(_name_colour(np.asarray(rgba[:3]), ManimColor))
    return found


def _name_colour(rgb: Any, colour_type: Any) -> str:
    import manim

    def distance(name: str) -> float:
        known = getattr(manim, "TEAL" if name == "turquoise" else name.upper())
        return float(np.linalg.norm(colour_type(known).to_rgb() - rgb))

    return min(_COLOURS, key=distance)


def _shows(seen: Seen, item: str) -> bool:
    key, has_value, value = item.partition("=")
    if has_value:
        return _shows_value(seen, key, value)
    thing, has_colour, colour = item.partition(":")
    if has_colour:
        return _is_painted(seen, thing, colour)
    if item in _HAPPENINGS:
        return re.search(_HAPPENINGS[item], seen.source) is not None
    if item in _COLOURS:
        shown = {colour for _, colour in seen.painted}
        return item in shown or _find_colour(item).search(seen.source) is not None
    return _is_drawn(seen, item)


def _shows_value(seen: Seen, key: str, value: str) -> bool:
    if key == "f":
        return any(is_same_function(value, function) for function in seen.functions)
    if key in {"text", "formula"}:
        return value in seen.strings
    number = float(value)
    if key == "count":
        return number in seen.numbers or number in seen.most.values()
    if key == "rotate":
        turns = {90: r"(PI|pi) / 2|TAU / 4", 180: r"\bPI\b", 45: r"PI / 4|TAU / 8"}
        return number in seen.numbers or re.search(turns[int(number)], seen.source) is not None
    texts = re.findall(r"\d+(?:\.\d+)?", seen.strings)
    return number in seen.numbers or value in texts


def _is_drawn(seen: Seen, thing: str) -> bool:
    classes = _CLASSES.get(thing, thing.capitalize()).split()
    if any(name in seen.classes or f"{name}(" in seen.source for name in classes):
        return True
    return _CORNERS.get(thing) in seen.corners or thing in seen.names


def _is_painted(seen: Seen, thing: str, colour: str) -> bool:
    classes = _CLASSES.get(thing, thing.capitalize()).split()
    if any((name, colour) in seen.painted for name in classes):
        return True
    named = re.compile("|".join([*classes, thing]), re.IGNORECASE)
    return any(named.search(s) and _find_colour(colour).search(s) for s in seen.statements)


def _find_colour(colour: str) -> re.Pattern[str]:
    return re.compile(rf"\b{'TEAL' if colour == 'turquoise' else colour.upper()}(_[A-E])?\b")
