"""The helpers that a converted file may contain: small definitions, inlined only where used.

``helpers/*.txt`` hold Python source that is never imported. Each top-level definition is a helper;
what it needs is read from the names that it uses. The first comment of a file names its subject.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files

from shaperotator_magic.converting.reading.bindings import list_bound, list_loaded, list_own_names

_FOLDER = "helpers"
# Built in this order: what places stand for private art is no drawing of the scene's author.
PLACEHOLDER_FILES = frozenset({"creatures.txt", "art.txt"})

_CREATURE_ANIMATIONS = frozenset(
    "Blink PiCreatureSays PiCreatureThinks RemovePiCreatureBubble PiCreatureBubbleIntroduction "
    "MoveCar".split()
)


@dataclass(frozen=True)
class Helper:
    """One definition: its source, the names that it uses, and the file it is kept in."""

    name: str
    source: str
    uses: frozenset[str]
    file: str
    position: int

    @property
    def is_placeholder(self) -> bool:
        """Whether it stands for art that is not public."""
        return self.file in PLACEHOLDER_FILES

    @property
    def is_animation(self) -> bool:
        """Whether it may stand in the arguments of a play."""
        return self.file == "animations.txt" or self.name in _CREATURE_ANIMATIONS

    @property
    def summary(self) -> str:
        """The first line of its docstring."""
        node = ast.parse(self.source).body[0]
        has_docstring = isinstance(node, ast.ClassDef | ast.FunctionDef)
        text = ast.get_docstring(node) if has_docstring else None  # type: ignore[arg-type]
        return (text or self.source.strip()).splitlines()[0]


@functools.cache
def load_helpers() -> dict[str, Helper]:
    """Return every helper by name."""
    folder = files("shaperotator_magic.converting") / _FOLDER
    found: dict[str, Helper] = {}
    position = 0
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".txt"):
            continue
        text = entry.read_text(encoding="utf-8")
        for name, source, uses in _split(text):
            found[name] = Helper(name, source, uses, entry.name, position)
            position += 1
    return found


def _split(text: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    lines = text.splitlines()
    for node in ast.parse(text).body:
        names = list_bound(node)
        if isinstance(node, ast.Import | ast.ImportFrom) or not names:
            continue
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(d.lineno for d in decorators)])
        source = "\n".join(lines[first - 1 : node.end_lineno])
        for name in names:
            yield name, source, frozenset(list_loaded(node) - list_own_names(node))


def find_needed(names: Iterable[str]) -> list[Helper]:
    """Return the helpers of these names and all that they use, in the order to define them."""
    table = load_helpers()
    found: dict[str, Helper] = {}
    todo = [name for name in names if name in table]
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = table[name]
            todo += [used for used in table[name].uses if used in table]
    return _order(found)


def _order(found: dict[str, Helper]) -> list[Helper]:
    """Base classes and constants come before what is evaluated with them."""
    ordered: dict[str, Helper] = {}

    def place(helper: Helper) -> None:
        if helper.name in ordered:
            return
        node = ast.parse(helper.source).body[0]
        early = node.bases if isinstance(node, ast.ClassDef) else [node]
        for name in [n.id for part in early for n in ast.walk(part) if isinstance(n, ast.Name)]:
            is_early = isinstance(node, ast.ClassDef | ast.Assign)
            if name in found and name != helper.name and is_early:
                place(found[name])
        ordered[helper.name] = helper

    for helper in sorted(found.values(), key=lambda h: h.position):
        place(helper)
    return list(ordered.values())
