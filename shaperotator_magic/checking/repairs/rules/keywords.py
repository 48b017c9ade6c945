"""Arguments that the called function does not take, takes once, or takes fewer of. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from shaperotator_magic.checking.api import suggest_keyword
from shaperotator_magic.checking.repairs.failing import (
    Edit,
    Failing,
    Repair,
    call_without,
    find_called,
)

_UNEXPECTED = re.compile(
    r"(?P<function>[\w.<>]+)\(\) got an unexpected keyword argument '(?P<name>\w+)'"
)
_TWICE = re.compile(r"got multiple values for (?:keyword )?argument '(?P<name>\w+)'")
_PLACES = re.compile(
    r"takes (?:from \d+ to |at most |exactly )?(?P<most>\d+|no) (?:positional )?arguments?"
    r".*(?:but|\() ?(?P<given>\d+)"
)
# What a keyword may mean where the function has no such one: the first that it takes.
MEANINGS = {
    "opacity": ("fill_opacity", "stroke_opacity", "background_stroke_opacity"),
    "alpha": ("fill_opacity", "opacity", "stroke_opacity"),
    "width": ("x_length", "side_length", "stroke_width", "length"),
    "height": ("y_length", "side_length"),
    "size": ("font_size", "side_length", "radius", "length"),
    "radius": ("side_length", "outer_radius"),
    "thickness": ("stroke_width", "width"),
    "line_width": ("stroke_width", "width"),
    "linewidth": ("stroke_width", "width"),
    "weight": ("stroke_width",),
    "text_size": ("font_size",),
    "fontsize": ("font_size",),
    "scale": ("scale_factor", "font_size"),
    "fill": ("fill_color", "color"),
    "stroke": ("stroke_color", "color"),
    "line_color": ("stroke_color", "color"),
    "fill_color": ("color", "background_color"),
    "stroke_color": ("color",),
    "background_color": ("fill_color", "color"),
    "text_color": ("color",),
    "bar_color": ("bar_colors", "color"),
    "colors": ("color", "bar_colors", "checkerboard_colors"),
    "color": ("fill_color", "stroke_color", "bar_colors", "checkerboard_colors"),
    "duration": ("run_time", "duration"),
    "time": ("run_time", "duration"),
    "ease": ("rate_func",),
    "easing": ("rate_func",),
    "rate_function": ("rate_func",),
    "direction": ("shift", "edge"),
    "spacing": ("buff", "line_spacing"),
    "padding": ("buff",),
    "gap": ("buff",),
    "margin": ("buff",),
    "center": ("arc_center", "point", "about_point"),
    "position": ("point", "arc_center"),
    "start_point": ("start",),
    "end_point": ("end",),
    "text": ("label", "text"),
    "label": ("text", "label"),
    "domain": ("x_range", "t_range"),
    "x_range": ("u_range", "t_range"),
    "y_range": ("v_range",),
    "rows": ("n_rows",),
    "cols": ("n_cols",),
    "columns": ("cols",),
    "n_rows": ("rows",),
    "n_cols": ("cols",),
    "dt": ("dx",),
    "step": ("dx", "x_step"),
    "seconds": ("duration", "run_time"),
    "labels": ("bar_names", "row_labels"),
    "names": ("bar_names",),
    "colours": ("colors", "bar_colors"),
    "show_numbers": ("include_numbers", "include_coordinates"),
    "show_labels": ("include_numbers",),
    "numbers": ("include_numbers",),
    "row_headers": ("row_labels",),
    "col_headers": ("col_labels",),
    "column_labels": ("col_labels",),
    "head_length": ("tip_length", "max_tip_length_to_length_ratio"),
    "border_color": ("stroke_color", "color"),
    "border_width": ("stroke_width",),
    "outline_color": ("stroke_color", "color"),
    "outline_width": ("stroke_width",),
    "rounded": ("corner_radius",),
    "radius_corner": ("corner_radius",),
    "degrees": ("angle",),
    "angle_degrees": ("angle",),
    "bold": ("weight",),
    "italic": ("slant",),
    "font_weight": ("weight",),
    "font_color": ("color",),
    "bracket_color": ("bracket_config",),
    "speed": ("rate",),
    "t2c": ("tex_to_color_map",),
    "tex_to_color": ("tex_to_color_map",),
    "color_map": ("tex_to_color_map", "t2c"),
    "isolate": ("substrings_to_isolate",),
    "delay": ("lag_ratio",),
    "lag": ("lag_ratio",),
    "n_points": ("n",),
    "sides": ("n",),
    "num_sides": ("n",),
}
_COORDINATES = ("x", "y", "z")
_POINTED = frozenset({"move_to", "shift", "next_to", "Dot", "Point", "Dot3D"})
# What is given one by one, and by no name.
_SPREAD = frozenset(
    "vertices points corners coords coordinates mobjects submobjects animations elements items "
    "texts strings".split()
)
# How a value is written under its new keyword, where that is of another kind.
VALUES = {
    ("degrees", "angle"): "($it) * DEGREES",
    ("angle_degrees", "angle"): "($it) * DEGREES",
    ("bold", "weight"): "BOLD if $it else NORMAL",
    ("italic", "slant"): "ITALIC if $it else NORMAL",
    ("bracket_color", "bracket_config"): '{"color": $it}',
    ("vertex_color", "vertex_config"): '{"color": $it}',
    ("node_color", "vertex_config"): '{"color": $it}',
    ("vertex_radius", "vertex_config"): '{"radius": $it}',
    ("node_radius", "vertex_config"): '{"radius": $it}',
    ("edge_color", "edge_config"): '{"color": $it}',
    ("edge_width", "edge_config"): '{"stroke_width": $it}',
    ("axis_color", "axis_config"): '{"color": $it}',
    ("grid_color", "background_line_style"): '{"stroke_color": $it}',
    ("line_color", "background_line_style"): '{"stroke_color": $it}',
    ("faded_line_color", "faded_line_style"): '{"stroke_color": $it}',
}
_TABLES = ("_config", "_style", "_map")


def rename_or_drop(failing: Failing) -> Iterator[Repair]:
    """An unknown keyword: replaced by the equivalent one, else omitted."""
    found = _UNEXPECTED.search(failing.failure.message)
    if found is None:
        return
    name, owner = found["name"], found["function"]
    calls = _find_calls(failing, name)
    known = _list_known(failing, owner)
    for new in _list_meanings(name, known):
        fitting = [c for c in calls if new not in {k.arg for k in c.keywords}]
        edits: list[Edit] = [
            (k, f"{new}={_read_as(failing, k, new)}") for k in _pick(fitting, name)
        ]
        if edits:
            yield failing.repair(edits, f"{name}= is now {new}=")
    what = _label(failing, calls, owner)
    if calls and name in _COORDINATES and what in _POINTED:
        placed = [(call, _join_coordinates(failing, call)) for call in calls]
        yield failing.repair(placed, f"{what} takes its coordinates in a list")
    if calls and name in _SPREAD:
        spread = [(call, _spread(failing, call, name)) for call in calls]
        yield failing.repair(spread, f"{what} takes its {name} one by one")
    if calls:
        dropped = [(call, call_without(failing, call, _pick([call], name))) for call in calls]
        yield failing.repair(dropped, f"{name}= was left out: {what} takes none")
    entries = _drop_entries(failing, name)
    if entries:
        yield failing.repair(entries, f"{name} was left out: {what} takes none")
    yield from _rename_parameter(failing, name)


def _join_coordinates(failing: Failing, call: ast.Call) -> str:
    """``move_to(x=1, y=2)`` becomes ``move_to([1, 2, 0])``."""
    given = {k.arg: k for k in call.keywords if k.arg in _COORDINATES}
    point = ", ".join(failing.read(given[a].value) if a in given else "0" for a in _COORDINATES)
    rest = call_without(failing, call, given.values())[len(failing.read(call.func)) + 1 :]
    return f"{failing.read(call.func)}([{point}]{'' if rest == ')' else ', '}{rest}"


def _spread(failing: Failing, call: ast.Call, name: str) -> str:
    gone = _pick([call], name)
    rest = call_without(failing, call, gone)[len(failing.read(call.func)) + 1 :]
    parts = ", ".join(f"*{failing.read(keyword.value)}" for keyword in gone)
    return f"{failing.read(call.func)}({parts}{'' if rest == ')' else ', '}{rest}"


def _read_as(failing: Failing, keyword: ast.keyword, new: str) -> str:
    """Return a value under its new keyword: one colour is a list of one where lists are taken."""
    text = failing.read(keyword.value)
    template = VALUES.get((keyword.arg or "", new))
    if template:
        return template.replace("$it", text)
    is_one = not isinstance(keyword.value, ast.List | ast.Tuple | ast.ListComp)
    is_first = new.endswith("colors") and not (keyword.arg or "").endswith("s")
    return f"[{text}]" if is_one and is_first else text


def _find_calls(failing: Failing, name: str) -> list[ast.Call]:
    """Return the failing call and those like it that give this keyword."""
    called = find_called(failing.call) if failing.call else ""
    calls = [n for n in ast.walk(failing.tree) if isinstance(n, ast.Call) and _pick([n], name)]
    same = [c for c in calls if find_called(c) == called and called != "play"]
    inside = [c for c in calls if c in set(ast.walk(failing.area))]
    through_super = calls if called == "__init__" else []
    return _outermost(same or inside or through_super)


def _outermost(calls: list[ast.Call]) -> list[ast.Call]:
    """Leave out calls within another one of the list: two edits would overlap."""
    return [c for c in calls if not any(c is not d and c in set(ast.walk(d)) for d in calls)]


def _pick(calls: list[ast.Call], name: str) -> list[ast.keyword]:
    return [k for call in calls for k in call.keywords if k.arg == name]


def _list_known(failing: Failing, function: str) -> frozenset[str]:
    call = failing.call
    name = find_called(call) if call else ""
    if failing.api.is_class(name):
        return failing.api.list_keywords(name) or frozenset()
    owner, _, method = function.rpartition(".")
    signature = failing.api.find_method(owner, method) if owner else None
    signature = signature or failing.api.find_function(name)
    if signature is None:
        return frozenset()
    # What a method passes on usually reaches a mobject.
    passed = (
        (failing.api.list_keywords("VMobject") or frozenset()) if signature["takes_any"] else ()
    )
    return frozenset({*signature["keywords"], *passed})


def _list_meanings(name: str, known: frozenset[str]) -> list[str]:
    meant = [new for new in MEANINGS.get(name, ()) if new in known]
    nearest = suggest_keyword(name, known)
    meant += [new for old, new in VALUES if old == name and new in known]
    near = [nearest.name] if nearest else []
    # A table of settings takes no value as it is.
    near = [new for new in near if new.endswith(_TABLES) == name.endswith(_TABLES)]
    return list(dict.fromkeys([*meant, *near]))


def _label(failing: Failing, calls: list[ast.Call], function: str) -> str:
    name = find_called(calls[0]) if calls else failing.failure.called
    return name or function


def _drop_entries(failing: Failing, name: str) -> list[Edit]:
    """``{"k": 1, "a": 2}`` without ``k``, in the failing statement, else anywhere."""
    for area in (failing.statement or failing.tree, failing.tree):
        edits: list[Edit] = []
        for node in ast.walk(area):
            if not isinstance(node, ast.Dict):
                continue
            pairs = list(zip(node.keys, node.values, strict=True))
            kept = [(k, v) for k, v in pairs if getattr(k, "value", None) != name]
            if len(kept) < len(pairs):
                edits.append((node, f"{{{', '.join(_read_pair(failing, k, v) for k, v in kept)}}}"))
        if edits:
            return edits
    return []


def _read_pair(failing: Failing, key: ast.expr | None, value: ast.expr) -> str:
    return f"{failing.read(key)}: {failing.read(value)}" if key else f"**{failing.read(value)}"


def _rename_parameter(failing: Failing, name: str) -> Iterator[Repair]:
    """A function of the scene's own that is called with a keyword that it has not."""
    called = find_called(failing.call) if failing.call else ""
    for node in ast.walk(failing.tree):
        is_it = isinstance(node, ast.FunctionDef) and node.name == called
        if is_it and isinstance(node, ast.FunctionDef) and not node.args.kwarg:
            meant = suggest_keyword(name, [a.arg for a in node.args.args])
            keywords = _pick([failing.call] if failing.call else [], name)
            if meant and keywords:
                edits: list[Edit] = [
                    (keywords[0], f"{meant.name}={failing.read(keywords[0].value)}")
                ]
                yield failing.repair(edits, f"{name}= is now {meant.name}=")


def keep_one_value(failing: Failing) -> Iterator[Repair]:
    """A parameter that is given by position and by keyword: the keyword decides which is meant."""
    found = _TWICE.search(failing.failure.message)
    call = failing.call
    if found is None or call is None:
        return
    keywords = _pick([call], found["name"])
    if keywords:
        edits: list[Edit] = [(call, call_without(failing, call, keywords))]
        yield failing.repair(edits, f"{found['name']}= was given twice, and left out once")
    if call.args:
        edits = [(call, call_without(failing, call, call.args[-1:]))]
        yield failing.repair(edits, f"{found['name']} was given twice, and left out once")


def drop_places(failing: Failing) -> Iterator[Repair]:
    """More arguments by place than are taken: the last ones are left out."""
    found = _PLACES.search(failing.failure.message)
    call = failing.call
    if found is None or call is None or not call.args:
        return
    named = re.search(r"([\w<>]+)\(\) takes", failing.failure.message)
    if named and named[1] not in {"__init__", find_called(call)}:
        return  # something that is called back, and not this call
    most = 0 if found["most"] == "no" else int(found["most"])
    extra = int(found["given"]) - most
    if not 0 < extra <= len(call.args):
        return
    name = find_called(call)
    is_number = extra == 1 and failing.kind_of(call.args[-1]) == "number"
    if is_number and name.startswith("get_") and most <= 1:
        one = f"{call_without(failing, call, call.args[-1:])}[{failing.read(call.args[-1])}]"
        yield failing.repair([(call, one)], f"one of what {name}() returns")
    for keyword in ("shift", "buff", "color"):
        if extra == 1 and keyword in _list_known(failing, failing.failure.called):
            last = failing.read(call.args[-1])
            inner = call_without(failing, call, call.args[-1:])[:-1]
            joined = f"{inner}{'' if inner.endswith('(') else ', '}{keyword}={last})"
            yield failing.repair([(call, joined)], f"{name} takes {keyword}= by its name")
    edits: list[Edit] = [(call, call_without(failing, call, call.args[-extra:]))]
    words = "argument" if extra == 1 else f"{extra} arguments"
    yield failing.repair(edits, f"{name} takes fewer: the last {words} of it left out")
