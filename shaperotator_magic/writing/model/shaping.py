"""Brings code that parses into the form of a scene: one class with a base and a construct(). Pure.

Small models write the picture at the top level, in a function, in a class without a base or under
another name than ``construct``. Only code without a proper scene is changed.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass

from shaperotator_magic.core.scene_classes import SCENE_ENDINGS, find_classes, is_scene

__all__ = ["Shaped", "shape_scene"]

_SCENE_CALLS = frozenset({"play", "add", "wait"})
_LIKELY = "create animate main render run scene draw play_scene build show animation setup".split()
_PLAIN = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Shaped:
    """A source with a scene class, and a sentence for every change."""

    source: str
    notes: tuple[str, ...]


def shape_scene(source: str) -> Shaped | None:
    """Return the source with a scene, or with what stands outside of it moved in.

    None where nothing is to be changed, or where nothing of a scene is there.
    """
    tree = ast.parse(source)
    classes = find_classes(tree)
    scenes = [name for name in classes if is_scene(name, classes)]
    if scenes:
        return _move_in(source, tree, classes[scenes[-1]])
    return _name_construct(source, tree) or _give_base(source, tree) or _wrap(source, tree)


def _calls_scene(node: ast.AST, *, owner: str = "self") -> bool:
    """Whether something plays, adds or waits."""
    return any(
        isinstance(part, ast.Call)
        and isinstance(part.func, ast.Attribute)
        and part.func.attr in _SCENE_CALLS
        and isinstance(part.func.value, ast.Name)
        and part.func.value.id == owner
        for part in ast.walk(node)
    )


def _has_scene_base(node: ast.ClassDef) -> bool:
    names = [ast.unparse(base) for base in node.bases]
    return any(name.endswith(SCENE_ENDINGS) for name in names)


def _name_construct(source: str, tree: ast.Module) -> Shaped | None:
    """``def animate(self)`` of a scene without ``construct`` is its ``construct``."""
    for node in tree.body:
        if not isinstance(node, ast.ClassDef) or not _has_scene_base(node):
            continue
        methods = [m for m in node.body if isinstance(m, ast.FunctionDef) and _calls_scene(m)]
        if any(m.name == "construct" for m in methods):
            continue
        methods.sort(key=lambda m: _LIKELY.index(m.name) if m.name in _LIKELY else len(_LIKELY))
        called = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
        first = next((m for m in methods if m.name not in called), None)
        if first is not None:
            lines = source.split("\n")
            row = lines[first.lineno - 1]
            lines[first.lineno - 1] = row.replace(f"def {first.name}", "def construct", 1)
            return Shaped("\n".join(lines), (f"{first.name}() of the scene is construct()",))
    return None


def _give_base(source: str, tree: ast.Module) -> Shaped | None:
    """``class Picture:`` with a ``construct`` is a Scene."""
    for node in reversed(tree.body):
        if not isinstance(node, ast.ClassDef) or not _calls_scene(node):
            continue
        lines = source.split("\n")
        row = lines[node.lineno - 1]
        head, _, rest = row.partition(f"class {node.name}")
        after = rest[rest.index(":") :] if ":" in rest else ":"
        lines[node.lineno - 1] = f"{head}class {node.name}(Scene){after}"
        shaped = "\n".join(lines)
        note = f"{node.name} is a Scene"
        named = _name_construct(shaped, ast.parse(shaped))
        return Shaped(named.source, (note, *named.notes)) if named else Shaped(shaped, (note,))
    return None


def _wrap(source: str, tree: ast.Module) -> Shaped | None:
    """Statements or a function without a class become a scene of their own."""
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef) and _calls_scene(n)]
    if functions:
        return _wrap_function(source, functions[-1])
    owner = next((o for o in ("self", "scene") if _calls_scene(tree, owner=o)), None)
    loose = [n for n in tree.body if not isinstance(n, _PLAIN) and not _makes_scene(n)]
    if owner is None or not loose:
        return None
    lines = source.split("\n")
    taken = {i for n in tree.body if n in loose for i in range(n.lineno - 1, n.end_lineno or 0)}
    made = {i for n in tree.body if _makes_scene(n) for i in range(n.lineno - 1, n.end_lineno or 0)}
    kept = [line for i, line in enumerate(lines) if i not in taken | made]
    body = textwrap.indent("\n".join(lines[i] for i in sorted(taken)), " " * 8)
    start = "" if owner == "self" else f"        {owner} = self\n"
    head = "\n".join(kept).rstrip()
    text = f"{head}\n\n\nclass Picture(Scene):\n    def construct(self):\n{start}{body}\n"
    return Shaped(text, ("what stood outside of a scene is its construct()",))


def _makes_scene(node: ast.stmt) -> bool:
    """``scene = Scene()`` and ``scene.render()``."""
    is_made = isinstance(node, ast.Assign) and ast.unparse(node.value).endswith("Scene()")
    is_run = isinstance(node, ast.Expr) and ast.unparse(node).endswith(
        (".render()", ".construct()")
    )
    return is_made or is_run


def _wrap_function(source: str, function: ast.FunctionDef) -> Shaped:
    lines = source.split("\n")
    start, end = function.lineno - 1, function.end_lineno or function.lineno
    block = textwrap.indent("\n".join(lines[start:end]), "    ").split("\n")
    block[0] = block[0].replace(f"def {function.name}", "def construct", 1)
    text = "\n".join([*lines[:start], "class Picture(Scene):", *block, *lines[end:]])
    return Shaped(text, (f"{function.name}() is the construct() of a scene",))


def _move_in(source: str, tree: ast.Module, scene: ast.ClassDef) -> Shaped | None:
    """Statements that use ``self`` behind the class belong into its ``construct``."""
    at = tree.body.index(scene)
    loose = [n for n in tree.body[at + 1 :] if not isinstance(n, _PLAIN) and _names_self(n)]
    construct = next(
        (n for n in scene.body if isinstance(n, ast.FunctionDef) and n.name == "construct"), None
    )
    if not loose or construct is None:
        return None
    lines = source.split("\n")
    first = loose[0].lineno - 1
    after = [n for n in tree.body[at + 1 :] if n.lineno - 1 >= first]
    loose = [n for n in after if not isinstance(n, _PLAIN)]
    rows = {i for n in loose for i in range(n.lineno - 1, n.end_lineno or 0)}
    body = textwrap.indent("\n".join(lines[i] for i in sorted(rows)), " " * 8).split("\n")
    kept = [(i, line) for i, line in enumerate(lines) if i not in rows]
    end = construct.end_lineno or construct.lineno
    before = [line for i, line in kept if i < end]
    behind = [line for i, line in kept if i >= end]
    note = "statements behind the class belong to construct()"
    return Shaped("\n".join([*before, *body, *behind]), (note,))


def _names_self(node: ast.stmt) -> bool:
    return any(isinstance(n, ast.Name) and n.id == "self" for n in ast.walk(node))
