"""The folders that a scene file adds to ``sys.path``, and the paths that it puts together.

As far as its text says which they are.

Read from the source, nothing is executed: ``__file__``, strings, ``os.path`` and ``pathlib`` are
understood. Only folders of the file's own project count, which is the nearest folder above it with
a ``.git`` or a ``pyproject.toml``; the user's home is none.

Runs in the caller's process: a kernel, a command or a service.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

_PROJECT_SIGNS = (".git", "pyproject.toml", "setup.py")
_ADDING = {"append": 0, "insert": 1}
_HERE = frozenset({"getcwd", "cwd"})
_JOINING = frozenset({"join", "str", "Path", "abspath", "realpath", "normpath", "fspath"})
_SAME_METHODS = frozenset({"resolve", "absolute", "as_posix"})


def find_module_folders(file: Path, tree: ast.Module) -> Iterator[Path]:
    """Yield the folders of the file's project that a source adds to ``sys.path``."""
    project = find_project(file)
    if project is None:
        return
    reader = _PathReader(file.resolve(), tree)
    for node in ast.walk(tree):
        added = _find_added(node)
        folder = None if added is None else reader.read(added)
        if folder is not None and folder.is_dir() and folder.is_relative_to(project):
            yield folder


def find_named_paths(file: Path, tree: ast.Module) -> Iterator[Path]:
    """Yield the paths that a source puts together: ``Path(__file__).parents[1] / 'cat.png'``."""
    reader = _PathReader(file.resolve(), tree)
    for node in ast.walk(tree):
        path = reader.read(node) if isinstance(node, ast.Call | ast.BinOp) else None
        if path is not None:
            yield path


def find_project(file: Path) -> Path | None:
    """Return the folder of the project that a file lies in, None where there is no sign of one."""
    configured = None
    for folder in file.resolve().parents:
        if folder == Path.home() or folder == folder.parent:
            break
        if any((folder / sign).exists() for sign in _PROJECT_SIGNS):
            return folder
        if (folder / "manim.cfg").exists():
            configured = folder
    return configured


def _find_added(node: ast.AST) -> ast.expr | None:
    """Return what ``sys.path.append(…)`` or ``sys.path.insert(0, …)`` adds."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    at = _ADDING.get(node.func.attr)
    if at is None or ast.unparse(node.func.value) != "sys.path" or len(node.args) <= at:
        return None
    return node.args[at]


class _PathReader:
    """Reads expressions that make a path; None for all that it does not understand."""

    def __init__(self, file: Path, tree: ast.Module) -> None:
        self._file = file
        self._names = {
            node.targets[0].id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        self._open: set[str] = set()

    def read(self, node: ast.expr) -> Path | None:
        """Return the resolved path; a relative one begins at the file's folder."""
        path = self._read(node)
        return None if path is None else (self._file.parent / path).resolve()

    def _read(self, node: ast.expr) -> Path | None:
        found: Path | None = None
        match node:
            case ast.Constant(value=str(text)):
                found = Path(text)
            case ast.Name(id=name):
                found = self._read_name(name)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                found = self._join([left, right])
            case ast.Attribute(value=inner, attr="parent"):
                found = self._go_up(inner, 1)
            case ast.Subscript(
                value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int(at))
            ):
                found = self._go_up(inner, at + 1)
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
                found = self._read_call(name, node)
        return found

    def _read_name(self, name: str) -> Path | None:
        if name == "__file__":
            return self._file
        if name not in self._names or name in self._open:
            return None
        self._open.add(name)
        try:
            return self._read(self._names[name])
        finally:
            self._open.discard(name)

    def _read_call(self, name: str, call: ast.Call) -> Path | None:
        if name in _HERE and not call.args:
            return Path()
        if name in _SAME_METHODS and isinstance(call.func, ast.Attribute) and not call.args:
            return self._read(call.func.value)
        if name == "dirname" and len(call.args) == 1:
            return self._go_up(call.args[0], 1)
        if name in _JOINING:
            return self._join(call.args)
        return None

    def _join(self, nodes: list[ast.expr]) -> Path | None:
        parts = [self._read(node) for node in nodes]
        known = [part for part in parts if part is not None]
        return Path(*known) if known and len(known) == len(parts) else None

    def _go_up(self, node: ast.expr, count: int) -> Path | None:
        path = self._read(node)
        for _ in range(count):
            path = None if path is None else path.parent
        return path
