"""Finds the mobjects of a scene's source by name or class, to recolour them. Pure.

``circle = Circle(…)`` is found as 'circle' by its name; ``bob = Dot(…)`` also as 'dot', by its
class; the result of a function called ``triangle`` is a triangle. A mobject is recoloured where its
colour is set, or else by one call at the end.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_COLOUR_KEYWORDS = {"color", "stroke_color", "fill_color"}
_COLOUR_METHODS = {"set_color", "set_fill", "set_stroke"}
_COLOUR_NAME = re.compile(
    r"(?:BLUE|TEAL|GREEN|YELLOW|GOLD|RED|MAROON|PURPLE|GREY|GRAY|ORANGE|PINK|WHITE)(?:_[A-E])?"
    r"|colou?r|[A-Z0-9_]*COLOU?R|[a-z_]*_colou?r"
)
_GREY = re.compile(r"GR[EA]Y|WHITE")
# Classes that hold what is drawn, or draw nothing.
_NO_THING = {"VGroup", "Group", "ValueTracker", "ManimColor", "VMobject", "Create", "FadeIn"}
# Names of the library's own helpers, and of what stands for something else for a moment.
_NO_NAME = {"text", "title", "new", "old", "name", "names", "made", "grow", "row", "rows", "work"}
_HELPERS = {"graph", "arrow", "node", "link", "bars", "axes_in", "label"}
_CAMEL = re.compile(r"[A-Z][a-z0-9]*")
# Words of people, and the names in the scenes' sources.
_SAME: dict[str, tuple[str, ...]] = {
    "grid": ("grid", "plane"),
    "function": ("function", "curve", "graph"),
    "graph": ("graph", "curve"),
    "path": ("path", "trail", "curve"),
    "point": ("point", "dot"),
    "ball": ("ball", "bob", "dot"),
    "disc": ("disc", "disk"),
    "disk": ("disk", "disc"),
    "vector": ("vector", "arrow"),
    "square": ("square", "frame"),
    "rectangle": ("rectangle", "bars", "bar"),
    "axis": ("axis", "axes"),
}


@dataclass(frozen=True)
class Thing:
    """One thing: what the source calls it, and the expressions that make it."""

    name: str
    made_by: tuple[ast.expr, ...]


def find_thing(source: str, word: str) -> Thing | None:
    """Return the thing that a word of a sentence means, by its name, else by its class."""
    tree = ast.parse(source)
    for wanted in _SAME.get(_singular(word), (_singular(word),)):
        for found in (_by_name(tree, wanted), _by_function(tree, wanted), _by_class(tree, wanted)):
            if found:
                return Thing(wanted, tuple(found))
    return None


def list_things(source: str) -> list[str]:
    """Return what the things of a scene are called, those with a name of one word."""
    tree = ast.parse(source)
    names = [name for name, value in _list_assigned(tree) if _makes_thing(value)]
    plain = [name for name in dict.fromkeys(names) if re.fullmatch(r"[a-z]{3,}", name)]
    return [name for name in plain if name not in _NO_NAME]


def read_colours(thing: Thing) -> list[str]:
    """Return the constants that give a thing its colour."""
    return [node.id for node in _list_painted(thing) if isinstance(node, ast.Name)]


def recolour_thing(source: str, name: str, colour: str) -> str:
    """Return the source with a thing in another colour, a constant of manim."""
    thing = find_thing(source, name)
    if thing is None:
        return source
    edits = [(node, colour) for node in _list_painted(thing)] or [
        (value, f"{ast.get_source_segment(source, value)}.set_color({colour})")
        for value in thing.made_by
    ]
    return import_colour(_replace(source, edits), colour)


def _list_painted(thing: Thing) -> list[ast.expr]:
    """Return what gives a thing its colour; grey parts of a coloured thing stay as they are."""
    nodes = [node for value in thing.made_by for node in _list_colour_nodes(value)]
    coloured = [node for node in nodes if not _GREY.match(getattr(node, "id", ""))]
    return coloured or nodes


def import_colour(source: str, colour: str) -> str:
    """Return the source with a colour of manim, or its type, among the imports."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module == "manim":
            if {alias.name for alias in node.names} & {colour, "*"}:
                return source
            lines = source.splitlines(keepends=True)
            lines.insert(node.end_lineno or 0, f"from manim import {colour}\n")
            return "".join(lines)
    return source


# --- finding --------------------------------------------------------------------------


def _by_name(tree: ast.Module, word: str) -> list[ast.expr]:
    made = [(name, value) for name, value in _list_assigned(tree) if _makes_thing(value)]
    exact = [value for name, value in made if _singular(name) == word]
    return exact or [v for name, v in made if word in map(_singular, name.split("_"))]


def _by_function(tree: ast.Module, word: str) -> list[ast.expr]:
    functions = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and _singular(node.name.removeprefix("build_")) == word
    ]
    nodes = [node for function in functions for node in ast.walk(function)]
    styles = [node for node in nodes if isinstance(node, ast.Dict) and any(_list_styled(node))]
    returned = [node.value for node in nodes if isinstance(node, ast.Return) and node.value]
    made = [value for value in returned if isinstance(value, ast.Call) and _makes_thing(value)]
    return [*styles, *made]


def _by_class(tree: ast.Module, word: str) -> list[ast.expr]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id not in _NO_THING and node.func.id[:1].isupper()
        if word == _CAMEL.findall(node.func.id)[-1].lower()
    ]


def _list_assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                yield target.id, node.value
            elif isinstance(target, ast.Attribute):
                yield target.attr, node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            # A group that is filled piece by piece: curve.add(VMobject(…)).
            group = node.func.value
            if node.func.attr == "add" and isinstance(group, ast.Name | ast.Attribute):
                name = group.id if isinstance(group, ast.Name) else group.attr
                yield from ((name, arg) for arg in node.args)


def _makes_thing(value: ast.expr) -> bool:
    """Return whether an expression is a call that makes something to be seen."""
    if not isinstance(value, ast.Call):
        return False
    names = [
        node.func.id
        for node in ast.walk(value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return any(
        name in _HELPERS or (name[:1].isupper() and name not in _NO_THING) for name in names
    ) or any(
        isinstance(node, ast.keyword) and node.arg in _COLOUR_KEYWORDS for node in ast.walk(value)
    )


def _singular(word: str) -> str:
    lowered = word.lower()
    if lowered in {"axis", "axes"}:
        return "axis"
    return lowered[:-1] if lowered.endswith("s") and not lowered.endswith("ss") else lowered


# --- colours --------------------------------------------------------------------------


def _list_colour_nodes(value: ast.expr) -> Iterator[ast.expr]:
    for node in ast.walk(value):
        if isinstance(node, ast.Call):
            yield from _list_given(node)
        elif isinstance(node, ast.Dict):
            yield from _list_styled(node)


def _list_styled(style: ast.Dict) -> Iterator[ast.expr]:
    for key, value in zip(style.keys, style.values, strict=True):
        if isinstance(key, ast.Constant) and key.value in _COLOUR_KEYWORDS:
            yield value


def _list_given(call: ast.Call) -> Iterator[ast.expr]:
    """Return the arguments of one call that are colours; black covers what lies behind."""
    keywords = [k.value for k in call.keywords if k.arg in _COLOUR_KEYWORDS]
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    positional = [arg for arg in call.args if _is_colour(arg)]
    if method in _COLOUR_METHODS and call.args and not positional:
        positional = [arg for arg in call.args[:1] if isinstance(arg, ast.Subscript)]
    for node in (*keywords, *positional):
        if not (isinstance(node, ast.Name) and node.id == "BLACK"):
            yield node


def _is_colour(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and _COLOUR_NAME.fullmatch(node.id) is not None


def _replace(source: str, edits: Sequence[tuple[ast.expr, str]]) -> str:
    lines = source.encode().splitlines(keepends=True)  # columns of ast count bytes
    places = {(node.lineno, node.col_offset, node.end_lineno): (node, new) for node, new in edits}
    for node, new in (places[key] for key in sorted(places, reverse=True)):
        assert node.end_lineno and node.end_col_offset is not None  # noqa: S101 - of parsed text
        first, last = lines[node.lineno - 1], lines[node.end_lineno - 1]
        joined = first[: node.col_offset] + new.encode() + last[node.end_col_offset :]
        lines[node.lineno - 1 : node.end_lineno] = [joined]
    return b"".join(lines).decode()
