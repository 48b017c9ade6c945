"""Gathers a whole program: a scene and what it needs of its file and of the modules beside it.

Nothing is executed. A module counts as the program's own where its file lies in the folder of the
scene or below ``root``; every other import stays as it is.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shaperotator_magic.converting.reading.bindings import list_bound, list_loaded, parse_source
from shaperotator_magic.converting.reading.python2 import modernise

_LARGEST_MODULE_BYTES = 2_000_000
_MOST_MODULES = 200
_PUBLIC = sys.stdlib_module_names | {"numpy", "scipy", "sympy", "manim", "manimlib", "manimgl"}
# A scene beside a checkout of its library needs helpers, not the library's own modules.
_LIBRARIES = frozenset({"manimlib", "manimgl", "manim"})


@dataclass(frozen=True)
class Piece:
    """One top-level statement with the comments before it."""

    node: ast.stmt
    source: str
    line: int

    @functools.cached_property
    def names(self) -> list[str]:
        """What it binds."""
        return list_bound(self.node)

    @functools.cached_property
    def loaded(self) -> set[str]:
        """What it reads."""
        return list_loaded(self.node)


@dataclass
class Program:
    """The pieces that are needed, in the order of their definition.

    ``modules`` are the files that were followed; ``aliases`` the names under which the scene's own
    modules were imported, so that ``alias.name`` is now ``name``.
    """

    pieces: list[Piece] = field(default_factory=list)
    modules: list[Path] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    has_future: bool = False
    followed: set[str] = field(default_factory=set)

    @property
    def source(self) -> str:
        """The program as one text."""
        return "\n".join(piece.source for piece in self.pieces).strip("\n") + "\n"


def split_pieces(source: str) -> list[Piece]:
    """Return the top-level statements of a source; comments belong to what follows them."""
    tree = parse_source(source)
    lines = source.split("\n")
    pieces: list[Piece] = []
    begin = 0
    for number, node in enumerate(tree.body):
        end = node.end_lineno or node.lineno
        following = tree.body[number + 1] if number + 1 < len(tree.body) else None
        if following is not None and following.lineno == end:
            continue  # two statements on a line stay together
        pieces.append(Piece(node, "\n".join(lines[begin:end]), node.lineno))
        begin = end
    return pieces


class Gatherer:
    """Follows names from the wanted scenes to their definitions.

    Parameters
    ----------
    known
        Names that need no definition: helpers stand for them.
    folders
        Where modules of the program's own lie.
    elsewhere
        Files that define names which no import brings.
    """

    def __init__(
        self,
        known: Collection[str],
        folders: Collection[Path] = (),
        elsewhere: Mapping[str, Path] | None = None,
    ) -> None:
        self._known = frozenset(known)
        self._elsewhere = elsewhere or {}
        self._folders = [folder.resolve() for folder in folders]
        self._sources: dict[Path, list[Piece]] = {}
        self.program = Program()
        self._taken: set[tuple[int, int]] = set()
        self._done: set[tuple[Path | None, str]] = set()

    def gather(self, source: str, wanted: Collection[str] | None) -> Program:
        """Return the program of the wanted names; of all that the source defines by default."""
        pieces = split_pieces(source)
        if wanted is None:
            needed = {name for piece in pieces for name in piece.names}
            for piece in pieces:
                needed |= piece.loaded
            self._follow(pieces, needed, None, takes_all=True)
        else:
            self._follow(pieces, set(wanted), None)
        return self.program

    def _follow(
        self, pieces: list[Piece], wanted: set[str], path: Path | None, *, takes_all: bool = False
    ) -> None:
        """Add what is wanted of one file; what it imports comes before it."""
        pieces_here = [p for p in pieces if not (_is_stub(p.node) and set(p.names) <= self._known)]
        if len(pieces_here) < len(pieces):
            pieces[:] = pieces_here
        chosen, missing = _close(pieces, wanted, takes_all=takes_all)
        for module, names in self._list_modules(pieces, chosen, path):
            asked = missing if names is None else names & (missing | wanted | names)
            asked = {name for name in asked if (module, name) not in self._done}
            self._done |= {(module, name) for name in asked}
            if asked:
                self._follow(self._read(module), asked - self._known, module)
        for name in sorted(missing & self._elsewhere.keys()):
            module = self._elsewhere[name]
            if module != path and (module, name) not in self._done:
                self._done.add((module, name))
                self._follow(self._read(module), {name}, module)
        chosen |= _choose_imports(pieces, chosen, is_main=path is None)
        for number in sorted(chosen):
            key = (id(pieces), number)
            if key not in self._taken:
                self._taken.add(key)
                self.program.pieces.append(pieces[number])

    def _list_modules(
        self, pieces: list[Piece], chosen: set[int], path: Path | None
    ) -> Iterator[tuple[Path, set[str] | None]]:
        """Yield modules of the program's own with the names taken of each; None: any."""
        used = {name for number in chosen for name in pieces[number].loaded}
        for piece in pieces:
            if isinstance(piece.node, ast.ImportFrom):
                self.program.has_future |= piece.node.module == "__future__"
                yield from self._list_from(piece.node, pieces, chosen, used, path)
            elif isinstance(piece.node, ast.Import):
                for alias in piece.node.names:
                    bound = alias.asname or alias.name
                    module = self._find(alias.name, path)
                    if module is not None and bound.split(".")[0] in used:
                        self.program.aliases.add(bound)
                        yield module, _list_attributes(pieces, chosen, bound)

    def _list_from(
        self,
        node: ast.ImportFrom,
        pieces: list[Piece],
        chosen: set[int],
        used: set[str],
        path: Path | None,
    ) -> Iterator[tuple[Path, set[str] | None]]:
        name = f"{'.' * node.level}{node.module or ''}"
        module = self._find(name, path)
        for alias in node.names:
            bound = alias.asname or alias.name
            part = self._find(f"{name.rstrip('.')}.{alias.name}".lstrip("."), path)
            if alias.name == "*" and module is not None:
                yield module, None
            elif bound in used and part is not None:
                self.program.aliases.add(bound)
                yield part, _list_attributes(pieces, chosen, bound)
            elif bound in used and module is not None:
                yield module, {alias.name}

    def _find(self, name: str, importer: Path | None) -> Path | None:
        """Return the file of a module that lies in the folders; links out of them do not count."""
        relative = name.lstrip(".").replace(".", "/")
        if relative.split("/")[0] in _LIBRARIES:
            return None
        folders = list(self._folders)
        if importer is not None:
            folders.insert(0, importer.parent)
        found = self._find_below(folders, relative)
        if found is None and "/" in relative and relative.split("/")[0] not in _PUBLIC:
            # The folder may have been moved since: the end of its path is still there.
            above = [parent for folder in folders for parent in (folder, *folder.parents)]
            parts = relative.split("/")
            ends = ["/".join(parts[n:]) for n in range(1, len(parts) - 1)]
            found = next(filter(None, (self._find_below(above, end) for end in ends)), None)
        if found is not None:
            self.program.followed.add(name.lstrip("."))
        return found

    def _find_below(self, folders: Iterable[Path], relative: str) -> Path | None:
        for folder in folders:
            for candidate in (folder / f"{relative}.py", folder / relative / "__init__.py"):
                found = candidate.resolve()
                is_inside = any(found.is_relative_to(root) for root in self._folders)
                if relative and is_inside and found.is_file():
                    return found
        return None

    def _read(self, path: Path) -> list[Piece]:
        if path not in self._sources:
            self._sources[path] = []
            if len(self._sources) > _MOST_MODULES or path.stat().st_size > _LARGEST_MODULE_BYTES:
                return []
            try:
                text, _ = modernise(path.read_text(encoding="utf-8-sig"))
                self._sources[path] = split_pieces(text)
            except (OSError, SyntaxError, ValueError):
                return []  # its names stay undefined, and are reported as that
            self.program.modules.append(path)
        return self._sources[path]


def _close(pieces: list[Piece], wanted: set[str], *, takes_all: bool) -> tuple[set[int], set[str]]:
    """Return the numbers of the pieces needed for names, and the names that nothing here binds."""
    binders: dict[str, list[int]] = {}
    for number, piece in enumerate(pieces):
        if not isinstance(piece.node, ast.Import | ast.ImportFrom):
            for name in piece.names or _list_changed(piece.node):
                binders.setdefault(name, []).append(number)
    chosen: set[int] = set()
    todo, seen = list(wanted), set(wanted)
    if takes_all:
        chosen = {
            n
            for n, p in enumerate(pieces)
            if not isinstance(p.node, ast.Import | ast.ImportFrom) and not _is_main_guard(p.node)
        }
    while todo:
        name = todo.pop()
        for number in binders.get(name, ()):
            if number not in chosen or takes_all:
                chosen.add(number)
                new = pieces[number].loaded - seen
                seen |= new
                todo += new
    return chosen, {name for name in seen if name not in binders}


def _choose_imports(pieces: list[Piece], chosen: set[int], *, is_main: bool) -> set[int]:
    """Return the imports that what is chosen needs; of the main file star imports, too."""
    used = {name for number in chosen for name in pieces[number].loaded}
    return {
        number
        for number, piece in enumerate(pieces)
        if isinstance(piece.node, ast.Import | ast.ImportFrom)
        and ("*" in piece.names if is_main and "*" in piece.names else used & set(piece.names))
    }


def _list_changed(node: ast.stmt) -> list[str]:
    """Return what a statement changes that binds nothing: ``Table.rows = 3``, ``items.sort()``."""
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        targets = [node.value.func]
    else:
        return []
    roots = [next(n for n in ast.walk(t) if not isinstance(n, ast.Attribute)) for t in targets]
    return [root.id for root in roots if isinstance(root, ast.Name)]


def _list_attributes(pieces: list[Piece], chosen: set[int], owner: str) -> set[str]:
    return {
        node.attr
        for number in chosen
        for node in ast.walk(pieces[number].node)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == owner
    }


def is_public(node: ast.stmt) -> bool:
    """Whether a statement imports a module that everybody has."""
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and (node.module or "").split(".")[0] in _PUBLIC
    return isinstance(node, ast.Import) and all(
        alias.name.split(".")[0] in _PUBLIC for alias in node.names
    )


def _is_stub(node: ast.stmt) -> bool:
    """Whether a class only says its name: ``class NumberLineScene(Scene): pass``."""
    return isinstance(node, ast.ClassDef) and all(_does_nothing(part) for part in node.body)


def _does_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.FunctionDef):
        return all(_does_nothing(part) for part in node.body)
    is_constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Pass) or is_constant


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)
