"""Which definitions of a scene's file each statement of construct() can reach. Pure, without manim.

A constant at the top of a file decides nothing before the first statement that names it, or that
names a function, class or method which does. So the checkpoints of the earlier statements stay
valid when the constant gets another value. Whatever might run or be read without being named
counts from the beginning.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from typing import TypeGuard

# manim calls these of its scenes itself, where a scene overrides them.
_HOOKS = (
    "add", "remove", "play", "wait", "pause", "update", "get_", "set_", "begin", "compile",
    "is_", "should_", "setup", "tear_down", "render", "restructure", "bring_", "clear", "replace",
    "next_section", "validate", "on_", "construct", "move_", "check", "post_", "stop_",
)  # fmt: skip


class Reach:
    """The definitions of one source that have been reached, statement by statement.

    Parameters
    ----------
    tree
        The whole source; it is not changed.
    scene
        The class of the scene in it.
    construct
        Its construct().
    """

    def __init__(self, tree: ast.Module, scene: ast.ClassDef, construct: ast.FunctionDef) -> None:
        self._waiting: dict[str, list[ast.stmt]] = {}
        rest: list[ast.AST] = []
        for statement in tree.body:
            if statement is scene:
                continue
            name = _find_defined(statement)
            if name:
                self._waiting.setdefault(name, []).append(statement)
            else:
                rest.append(statement)
        named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        rest += [*scene.bases, *scene.keywords, *scene.decorator_list, construct.args]
        for statement in scene.body:
            if _is_own(statement, named):
                self._waiting.setdefault(statement.name, []).append(statement)
            elif statement is not construct:
                rest.append(statement)
        self._digest = hashlib.sha256()
        self._take(rest)

    def take(self, statement: ast.stmt) -> str:
        """Return a digest of everything that is reached until the end of a statement."""
        self._take([statement])
        return self._digest.hexdigest()

    def _take(self, nodes: list[ast.AST]) -> None:
        waiting = list(nodes)
        while waiting:
            found: list[ast.AST] = []
            for node in waiting:
                self._digest.update(b"\0" + ast.dump(node).encode())
                for name in sorted(_find_names(node) & self._waiting.keys()):
                    found += self._waiting.pop(name)
            waiting = found


def _is_own(statement: ast.stmt, named: set[str]) -> TypeGuard[ast.FunctionDef]:
    """Tell whether a scene's class has a method here that the scene alone calls, by its name."""
    return (
        isinstance(statement, ast.FunctionDef)
        and statement.name in named
        and not statement.name.startswith("__")
        and not statement.name.lstrip("_").startswith(_HOOKS)
        and _is_plain(statement)
    )


def _find_names(node: ast.AST) -> set[str]:
    """Return every word by which a node could mean a definition, texts such as getattr's too."""
    return {name for inner in ast.walk(node) for name in _spell(inner)}


def _spell(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _find_defined(statement: ast.stmt) -> str:
    """Return the name that a statement defines and does no more; empty where it may do more."""
    if isinstance(statement, ast.FunctionDef):
        return statement.name if _is_plain(statement) else ""
    if isinstance(statement, ast.ClassDef):
        is_plain = not statement.decorator_list and not statement.keywords
        return statement.name if is_plain and all(map(_is_harmless, statement.body)) else ""
    if isinstance(statement, ast.Assign | ast.AnnAssign) and not _calls(statement):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        return names[0] if len(names) == len(targets) == 1 else ""
    return ""


def _is_plain(function: ast.FunctionDef) -> bool:
    arguments = function.args
    return not function.decorator_list and not _calls(arguments)


def _is_harmless(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef):
        return _is_plain(statement)
    return isinstance(statement, ast.Pass) or not _calls(statement)


def _calls(node: ast.AST) -> bool:
    active = ast.Call | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr
    return any(isinstance(inner, active) for inner in ast.walk(node))
