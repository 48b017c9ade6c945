"""What a scene file of the user's needs beside itself: local modules, and files that it names.

Read from the source, nothing is executed. Only what lies in the file's folder or below ``root``
is found, and of the file's project: modules in folders that a source adds to ``sys.path``, and
files that it names by their paths, as a run in the file's folder or in the project's finds them.
A link that leads out of them is not followed, and nothing is taken whose path has a hidden part.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import glob
import os
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from shaperotator_magic.checking.files.module_folders import (
    find_module_folders,
    find_named_paths,
    find_project,
)
from shaperotator_magic.core.errors import SceneCodeError

# manim finds a picture or drawing without its ending.
_ENDINGS = ("", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".wav", ".mp3")
_LONGEST_NAME = 200
_MOST_FILES = 400
_MOST_BYTES = 200_000_000
_NOT_LOCAL = frozenset({"manim", "numpy"})


@dataclass(frozen=True)
class Companion:
    """One file that a scene needs: where it lies, and its path relative to the scene's folder.

    The path may begin with '..' where the file lies elsewhere in the scene's project.
    """

    name: str
    path: Path


def find_companions(file: Path, source: str, root: Path | None = None) -> tuple[Companion, ...]:
    """Return the local modules that a scene file imports, transitively, and the files it names.

    Parameters
    ----------
    file
        The scene's file; its folder is searched.
    source
        Its text.
    root
        A folder above or beside it, which is searched for modules, too; where it is above, it is
        the project.

    Raises
    ------
    SceneCodeError
        There are more than 400 of them, or they exceed 200 MB.
    """
    folders = [file.parent.resolve()]
    if root is not None and root.resolve() != folders[0]:
        folders.append(root.resolve())
    modules = _Modules(folders)
    modules.follow(file, _parse(source), package="")
    found = dict(modules.found)
    trees = [_parse(text) for text in (source, *modules.sources)]
    for companion in (*_find_files(folders[0], trees), *_find_in_project(file, trees, root)):
        found.setdefault(companion.name, companion.path)
    for place, name, text in modules.inner:
        for companion in _find_files(place, [_parse(text)]):
            found.setdefault(f"{name}/{companion.name}", companion.path)
    found.pop(file.name, None)
    size = sum(path.stat().st_size for path in found.values())
    if len(found) > _MOST_FILES or size > _MOST_BYTES:
        raise SceneCodeError(
            f"{file} needs {len(found)} files of {size // 1_000_000} MB beside it; at most "
            f"{_MOST_FILES} files and {_MOST_BYTES // 1_000_000} MB are copied.",
            hint="Put the scene into a folder with only what it needs.",
        )
    return tuple(Companion(name, path) for name, path in sorted(found.items()))


def _parse(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError):
            # The import itself fails later, with its line.
            return ast.Module([], [])


class _Modules:
    """The local modules that are reached from a scene, by their relative paths."""

    def __init__(self, folders: list[Path]) -> None:
        self._folders = folders
        self.found: dict[str, Path] = {}
        self.sources: list[str] = []
        # Modules of packages, with their folders: they name files beside themselves by __file__.
        self.inner: list[tuple[Path, str, str]] = []

    def follow(self, file: Path, tree: ast.Module, *, package: str) -> None:
        """Find what a module imports; ``package`` is the one that its relative imports begin at."""
        added = find_module_folders(file, tree)
        self._folders += [folder for folder in added if folder not in self._folders]
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self._take(alias.name)
            elif isinstance(node, ast.ImportFrom):
                base = _resolve(node, package)
                if base is not None:
                    self._take(base)
                    for alias in node.names:
                        self._take(f"{base}.{alias.name}".strip("."))

    def _take(self, name: str) -> None:
        """Take a module and the packages around it, where they are local."""
        parts = name.split(".")
        if not name or parts[0] in _NOT_LOCAL:
            return
        for count in range(1, len(parts) + 1):
            inner = PurePosixPath(*parts[:count])
            candidates = (inner / "__init__.py", inner.with_name(f"{inner.name}.py"))
            for candidate in map(str, candidates):
                path = self._find(candidate)
                if path is not None and candidate not in self.found:
                    self._add(candidate, path, is_package=candidate.endswith("__init__.py"))

    def _find(self, name: str) -> Path | None:
        for folder in self._folders:
            if (path := _find_inside(folder, name)) is not None:
                return path
        return None

    def _add(self, name: str, path: Path, *, is_package: bool) -> None:
        self.found[name] = path
        source = path.read_text(encoding="utf-8-sig", errors="replace")
        self.sources.append(source)
        parts = PurePosixPath(name).with_suffix("").parts
        if parts[:-1]:
            self.inner.append((path.parent.resolve(), "/".join(parts[:-1]), source))
        self.follow(path, _parse(source), package=".".join(parts[:-1]))


def _resolve(node: ast.ImportFrom, package: str) -> str | None:
    """Return the absolute name of ``from … import``, None where it leaves the folder."""
    if not node.level:
        return node.module or ""
    parts = package.split(".") if package else []
    if node.level - 1 > len(parts):
        return None
    kept = parts[: len(parts) - (node.level - 1)]
    return ".".join([*kept, *([node.module] if node.module else [])])


def choose_project(file: Path, root: Path | None) -> Path:
    """Return the folder whose files a scene may name: ``root`` where it is above, or the project.

    Without a sign of a project it is the scene's own folder.
    """
    folder = file.resolve().parent
    if root is not None and folder.is_relative_to(root.resolve()):
        return root.resolve()
    return find_project(file) or folder


def _find_inside(folder: Path, name: str, within: Path | None = None) -> Path | None:
    """Return a regular file by its relative path, None where it is none or lies outside."""
    path = folder / name
    within = within or folder
    try:
        resolved = path.resolve()
        is_inside = resolved.is_relative_to(within) and path.is_file()
        return path if is_inside and not _is_hidden(resolved.relative_to(within)) else None
    except (OSError, ValueError):
        return None


def _is_hidden(path: PurePath) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _find_in_project(file: Path, trees: list[ast.Module], root: Path | None) -> Iterator[Companion]:
    """Find files of the scene's project outside its folder.

    A path is read as in a run in the scene's folder ('../assets/cat.png'), and as in a run in the
    project's ('assets/cat.png'); what a bare name says there could be anything.
    """
    folder, project = file.resolve().parent, choose_project(file, root)
    if project == folder:
        return
    from_folder = [
        *_find_files(folder, trees, project),
        *_find_put_together(file, trees[0], project),
    ]
    yield from from_folder
    found = {companion.path.resolve() for companion in from_folder}
    for companion in _find_files(project, trees):
        if "/" in companion.name and companion.path.resolve() not in found:
            yield companion


def _find_put_together(file: Path, tree: ast.Module, project: Path) -> Iterator[Companion]:
    for path in find_named_paths(file, tree):
        if _find_inside(project, os.path.relpath(path, project)) is not None:
            yield Companion(os.path.relpath(path, file.resolve().parent), path)


def _find_files(
    folder: Path, trees: list[ast.Module], within: Path | None = None
) -> Iterator[Companion]:
    yield from _find_named_files(folder, trees, within)
    yield from _find_built(folder, trees, within)


def _find_named_files(
    folder: Path, trees: list[ast.Module], within: Path | None
) -> Iterator[Companion]:
    """Find files by the strings of all sources: one may name the folder, another one the file."""
    texts = [
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    names = [text for text in texts if _may_be_name(text, goes_up=within is not None)]
    # "assets" and "cat.png" apart: os.path.join, or manim's assets_dir.
    subfolders = {name.rstrip("/") for name in names if (folder / name).is_dir()}
    for name in names:
        for below in ("", *sorted(subfolders)):
            for ending in _ENDINGS:
                relative = str(PurePosixPath(below, name + ending))
                path = _find_inside(folder, relative, within)
                if path is not None:
                    yield Companion(os.path.normpath(relative), path)


def _find_built(folder: Path, trees: list[ast.Module], within: Path | None) -> Iterator[Companion]:
    """Find files that an f-string may name; its fields stand for parts of a name, no folders."""
    nodes = (node for tree in trees for node in ast.walk(tree))
    for pattern in (_read_pattern(n, goes_up=within is not None) for n in nodes):
        for path in sorted(folder.glob(pattern)) if pattern else ():
            relative = os.path.relpath(path, folder)
            if _find_inside(folder, relative, within) is not None:
                yield Companion(relative, path)


def _read_pattern(node: ast.AST, *, goes_up: bool) -> str:
    """Return an f-string as a pattern of a path with a known ending, '' for all else."""
    if not isinstance(node, ast.JoinedStr):
        return ""
    parts = [
        glob.escape(part.value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
        else "*"
        for part in node.values
    ]
    pattern = "".join(parts)
    has_ending = re.search(r"\.\w{2,4}$", parts[-1]) is not None
    return pattern if has_ending and _may_be_name(pattern, goes_up=goes_up) else ""


def _may_be_name(text: str, *, goes_up: bool) -> bool:
    is_short = 0 < len(text) <= _LONGEST_NAME and text.isprintable()
    path = PurePosixPath(text)
    is_below = goes_up or ".." not in path.parts
    return is_short and text.strip("./") != "" and not path.is_absolute() and is_below
