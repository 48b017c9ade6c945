"""Statements that would run while a scene is defined, moved to the start of its construct(). Pure.

Only what the gate refuses is moved, and only where nothing that stays uses it while it is defined.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator

from shaperotator_magic.checking.dialect.rewriting import Change
from shaperotator_magic.checking.gate.definitions import check_definitions
from shaperotator_magic.core.scene_classes import find_classes

__all__ = ["move_into_construct"]

_DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_INTO = "runs when the scene does, in construct()"


def move_into_construct(source: str, scene_name: str) -> tuple[str, list[Change]]:
    """Return the source with such statements of the module and of the scene's class moved."""
    tree = ast.parse(source)
    refused = {f.line for f in check_definitions(tree) if f.rule == "top-level" and f.line}
    scene = find_classes(tree).get(scene_name)
    construct = _find_construct(scene)
    if not refused or scene is None or construct is None:
        return source, []
    moved = _choose(tree, refused)
    own = [node for node in scene.body if _is_own_value(node, scene, refused)]
    if not moved and not own:
        return source, []
    lines = source.split("\n")
    added = [*_spell_moved(moved, lines), *_spell_own(own, source)]
    changes = [Change("moved", f"{_title(node)} {_INTO}", node.lineno) for node in [*moved, *own]]
    return _rebuild(lines, [*moved, *own], construct, added), changes


def _find_construct(scene: ast.ClassDef | None) -> ast.FunctionDef | None:
    body = scene.body if scene else []
    functions = (node for node in body if isinstance(node, ast.FunctionDef))
    return next((node for node in functions if node.name == "construct"), None)


def _choose(tree: ast.Module, refused: set[int]) -> list[ast.stmt]:
    """Return the refused statements of a module, and those that depend on what they bind."""
    loose = [node for node in tree.body if not isinstance(node, _DEFINITIONS)]
    moved = [node for node in loose if refused & _lines(node)]
    while more := [n for n in loose if n not in moved and _loaded(n) & _bound(moved)]:
        moved += more
    needed = {name for node in tree.body for name in _list_needed(node)}
    is_whole = not any(map(_has_long_text, moved))
    return sorted(moved, key=lambda n: n.lineno) if is_whole and not needed & _bound(moved) else []


def _is_own_value(node: ast.stmt, scene: ast.ClassDef, refused: set[int]) -> bool:
    """Whether this gives an attribute of the scene a value that nothing else of the class needs."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return False
    others = [part for part in scene.body if part is not node]
    bound = _bound(part for part in others if not isinstance(part, _DEFINITIONS))
    needed = {name for part in others for name in (*_list_needed(part), *_plain(part))}
    is_free = not _loaded(node) & bound and node.targets[0].id not in needed
    return bool(refused & _lines(node)) and is_free and not _has_long_text(node)


def _plain(node: ast.stmt) -> set[str]:
    return set() if isinstance(node, _DEFINITIONS) else _loaded(node)


def _list_needed(node: ast.stmt) -> Iterator[str]:
    """Yield what is read while a function or class is defined: bases, defaults, decorators."""
    if isinstance(node, ast.FunctionDef):
        parts: list[ast.AST | None] = [*node.decorator_list, *node.args.defaults]
        parts += node.args.kw_defaults
    elif isinstance(node, ast.ClassDef):
        parts = [*node.decorator_list, *node.bases]
        parts += [part for part in node.body if not isinstance(part, _DEFINITIONS)]
        for inner in node.body:
            yield from _list_needed(inner)
    else:
        return
    for part in parts:
        yield from _loaded(part) if part is not None else ()


def _lines(node: ast.stmt) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _loaded(node: ast.AST) -> set[str]:
    names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Load)}


def _bound(nodes: Iterable[ast.AST]) -> set[str]:
    names = (n for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Store)}


def _has_long_text(node: ast.AST) -> bool:
    """Whether a text in it goes over several lines: these would be indented, too."""
    texts = (n for n in ast.walk(node) if isinstance(n, ast.Constant | ast.JoinedStr))
    return any(n.lineno != n.end_lineno for n in texts)


def _title(node: ast.stmt) -> str:
    return ast.unparse(node).splitlines()[0][:50]


def _spell_moved(moved: list[ast.stmt], lines: list[str]) -> list[str]:
    names = ", ".join(sorted(_bound(moved)))
    text = [lines[i - 1] for node in moved for i in sorted(_lines(node))]
    return [*([f"global {names}"] if names else []), *text]


def _spell_own(own: list[ast.stmt], source: str) -> Iterator[str]:
    for node in own:
        text = ast.get_source_segment(source, node, padded=True) or ""
        yield from f"self.{textwrap.dedent(text)}".split("\n")


def _rebuild(
    lines: list[str], moved: list[ast.stmt], construct: ast.FunctionDef, added: list[str]
) -> str:
    gone = {line: node for node in moved for line in _lines(node)}
    rows = []
    for number, line in enumerate(lines, start=1):
        node = gone.get(number)
        is_of_class = node is not None and node.col_offset > 0 and node.lineno == number
        left = f"{' ' * node.col_offset}pass" if node is not None and is_of_class else ""
        rows.append(line if node is None else left)
    first = construct.body[0]
    body = textwrap.indent("\n".join(added), " " * first.col_offset)
    at = first.lineno - 1
    return "\n".join([*rows[:at], body, *rows[at:]])
