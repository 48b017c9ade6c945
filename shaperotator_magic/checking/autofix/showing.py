"""Scenes that show nothing, or in which nothing moves: the finding, and the auto-fix. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.autofix.scene_edits import Fix
from shaperotator_magic.core.records import Finding, Rehearsal

__all__ = ["NOTHING_SEEN", "check_showing", "show_made"]

NOTHING_SEEN = "nothing-seen"
_MANY_UNSEEN = 2  # animations
_UNSEEN_KINDS = ("ValueTracker", "Camera")


def check_showing(rehearsal: Rehearsal) -> list[Finding]:
    """Return a finding where a scene that runs to its end has nothing to show, or no motion."""
    if rehearsal.failure is not None:
        return []
    if rehearsal.moments and not any(moment.things for moment in rehearsal.moments):
        return [
            Finding(
                rule=NOTHING_SEEN,
                severity="warning",
                message="Nothing is to be seen: the scene adds nothing to the screen.",
                hint="Show what is made with self.play(…).",
            )
        ]
    if rehearsal.plays:
        return list(_find_black_end(rehearsal))
    return [
        Finding(
            rule="nothing-moves",
            severity="warning",
            message="Nothing moves: the scene plays no animation.",
            hint="Bring in what is made with self.play(Create(…)) or FadeIn.",
        )
    ]


def _find_black_end(rehearsal: Rehearsal) -> Iterator[Finding]:
    """Yield a finding where half of the animations or more play on an empty screen, to the end.

    How long the screen stands empty is for the layout rules; this is about what moves unseen. Of an
    animation without moments within it (a flash, a fade) nobody can say that it shows nothing.
    """
    within = {moment.play for moment in rehearsal.moments if moment.at < 1}
    seen = {moment.play for moment in rehearsal.moments if moment.things}
    from_end = range(rehearsal.plays - 1, -1, -1)
    unseen = len(list(itertools.takewhile(lambda play: play in within - seen, from_end)))
    if unseen >= _MANY_UNSEEN and 2 * unseen >= rehearsal.plays:
        yield Finding(
            rule="black-end",
            severity="warning",
            message=f"The last {unseen} of {rehearsal.plays} animations play on an empty screen.",
            hint="Show first what they change, by self.add(…) or FadeIn, and keep it there.",
        )


def show_made(source: str, scene_name: str, api: Api, *, is_blank: bool) -> Fix | None:
    """Fade in what construct() makes and never shows; None where there is nothing such.

    Parameters
    ----------
    is_blank
        The scene shows nothing at all: then mobjects that only helped to make others fade in, too.
    """
    construct = _find_construct(ast.parse(source), scene_name)
    names = list(_find_unshown(construct, api, is_blank=is_blank)) if construct else []
    if construct is None or not names:
        return None
    lines = source.split("\n")
    indent = " " * construct.body[-1].col_offset
    faded = ", ".join(f"FadeIn({name})" for name in names)
    at = construct.end_lineno or len(lines)
    shown = [f"{indent}self.play({faded})", f"{indent}self.wait(2)"]
    text = "\n".join([*lines[:at], *shown, *lines[at:]])
    return Fix(source=text, message="what was made and never shown fades in at the end")


def _find_construct(tree: ast.Module, scene_name: str) -> ast.FunctionDef | None:
    scenes = (n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == scene_name)
    parts = (part for scene in scenes for part in scene.body)
    functions = (p for p in parts if isinstance(p, ast.FunctionDef) and p.name == "construct")
    return next(functions, None)


def _find_unshown(construct: ast.FunctionDef, api: Api, *, is_blank: bool) -> Iterator[str]:
    """Yield names of mobjects that no method of the scene and no other mobject is given."""
    given: set[str] = set()
    for node in ast.walk(construct):
        if isinstance(node, ast.Call) and _takes_in(node, api):
            given |= {part.id for part in _list_names(node)}
        elif isinstance(node, ast.Call) and not is_blank:  # circle.become(square) shows enough
            given |= {part.id for argument in node.args for part in _list_names(argument)}
        elif isinstance(node, ast.Assign) and not is_blank:
            own = {part.id for target in node.targets for part in _list_names(target)}
            given |= {part.id for part in _list_names(node.value)} - own
    for statement in construct.body:
        is_plain = isinstance(statement, ast.Assign) and len(statement.targets) == 1
        target = statement.targets[0] if isinstance(statement, ast.Assign) and is_plain else None
        if not isinstance(target, ast.Name) or not isinstance(statement, ast.Assign):
            continue
        if target.id not in given and _is_mobject(statement.value, api):
            yield target.id


def _list_names(node: ast.AST) -> list[ast.Name]:
    return [part for part in ast.walk(node) if isinstance(part, ast.Name)]


def _takes_in(call: ast.Call, api: Api) -> bool:
    """Whether a call is of the scene's own methods, or makes something of others."""
    function = call.func
    if isinstance(function, ast.Attribute):
        owner = function.value
        return function.attr == "add" or (isinstance(owner, ast.Name) and owner.id == "self")
    return isinstance(function, ast.Name) and api.is_class(function.id)


def _is_mobject(node: ast.expr, api: Api) -> bool:
    """Whether this is the constructor of a mobject, or methods of it in a chain."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    is_seen = not any(api.is_a(name, kind) for kind in _UNSEEN_KINDS)
    return api.kind_of(name) == "Mobject" and is_seen
