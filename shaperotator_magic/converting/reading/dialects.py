"""Tells the manims apart by imports, names and CONFIG. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from shaperotator_magic.converting.reading.bindings import list_nodes
from shaperotator_magic.converting.rules.names import OTHER_MANIMS

Dialect = Literal["manim_ce", "manimlib", "transition", "manimgl"]

# Where a source imports nothing that says it, these names do.
_ONLY_MANIMLIB = frozenset(
    "TexMobject TextMobject FadeInFromDown FadeOutAndShift FadeInFrom GraphScene "
    "ContinualAnimation digest_config FadeInFromLarge FadeOutAndShiftDown "
    "ShowCreationThenFadeAround".split()
)
_ONLY_MANIMGL = frozenset(
    "InteractiveScene TexText GlowDot FlashAround VFadeIn OldTex OldTexText TeacherStudentsScene "
    "PiCreatureScene ParametricCurve FRAME_WIDTH FRAME_HEIGHT FRAME_X_RADIUS DEG".split()
)
_NEWER_WORDS = frozenset({"animate", "set_backstroke", "reorient", "set_anim_args"})


def find_dialect(tree: ast.Module) -> Dialect:
    """Return the manim that a source is written for.

    A source that imports nothing counts as manim's unless it uses names of another one.
    """
    imported = set(_list_imported(tree))
    if imported & OTHER_MANIMS:
        return _date(tree)
    if "manim" in imported:
        return "manimlib" if _is_first_manim(tree) else "manim_ce"
    names = {n.id for n in list_nodes(tree) if isinstance(n, ast.Name)}
    bound = {n.name for n in list_nodes(tree) if isinstance(n, ast.ClassDef | ast.FunctionDef)}
    if (names - bound) & (_ONLY_MANIMLIB | _ONLY_MANIMGL) or _has_config(tree):
        return _date(tree)
    return "manim_ce"


def _is_first_manim(tree: ast.Module) -> bool:
    """Whether it is for manim 0.1, which read CONFIG and named formulas as manimlib does."""
    names = {n.id for n in list_nodes(tree) if isinstance(n, ast.Name)}
    bound = {n.name for n in list_nodes(tree) if isinstance(n, ast.ClassDef)}
    if "Configured" in bound:
        return False  # a conversion's own
    has_old_formulas = bool((names - bound) & {"TexMobject", "TextMobject"})
    attributes = {n.attr for n in list_nodes(tree) if isinstance(n, ast.Attribute)}
    is_newer = bool(
        names & {"MathTex", "Tex", "Create", "Graph"} or attributes & {"animate", "CONFIG"}
    )
    return not is_newer and (has_old_formulas or _has_config(tree))


def _list_imported(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def _has_config(tree: ast.Module) -> bool:
    return any(
        isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "CONFIG"
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        for part in node.body
    )


def _date(tree: ast.Module) -> Dialect:
    """CONFIG dicts went with 2022, ``.animate`` came with 2021."""
    attributes = {n.attr for n in list_nodes(tree) if isinstance(n, ast.Attribute)}
    names = {n.id for n in list_nodes(tree) if isinstance(n, ast.Name)}
    is_newer = bool(attributes & _NEWER_WORDS or names & {"InteractiveScene", "TexText", "GlowDot"})
    if _has_config(tree):
        return "transition" if is_newer else "manimlib"
    return "manimgl" if is_newer or not names & _ONLY_MANIMLIB else "manimlib"
