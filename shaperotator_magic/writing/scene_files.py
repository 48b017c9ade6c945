"""The files of the built-in library: read as text, never imported, for they import manim.

A file's docstring says what its scene shows, which constants are parameters and of what kind, and
by which prompts and words it is found. Filling a scene replaces those constants in its source.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shaperotator_magic.writing.inlining import inline_shared

FOLDER = Path(__file__).with_name("scenes")
_SHARED = FOLDER / "_stage.py"
_UNDERLINE = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)
_PARAMETER = re.compile(r"^(\w+) : ([^\n]+)\n((?:    [^\n]*\n?)*)", re.MULTILINE)
_ITEM = re.compile(r"^- (.+?)(?=^- |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Parameter:
    """One constant of a scene; ``kind`` is as its docstring writes it: ``number in [0, 1]``."""

    name: str
    kind: str
    help: str


@dataclass(frozen=True)
class LibraryScene:
    """One scene of the library, as its file describes it."""

    name: str
    title: str
    summary: str
    parameters: tuple[Parameter, ...]
    examples: tuple[str, ...]
    keywords: tuple[str, ...]
    body: str
    class_name: str

    def fill(self, sources: Mapping[str, str], scene_name: str | None) -> str:
        """Return the scene's source with constants and functions replaced.

        Parameters
        ----------
        sources
            By name of a constant the source of its value; of a function, of its result.
        scene_name
            Name for the scene class; None keeps its own.
        """
        lines = self.body.splitlines(keepends=True)
        for node in reversed(ast.parse(self.body).body):
            name = _find_defined_name(node)
            if name not in sources:
                continue
            new = (
                f"def {name}(x):\n    return {sources[name]}\n"
                if isinstance(node, ast.FunctionDef)
                else f"{name} = {sources[name]}\n"
            )
            lines[node.lineno - 1 : node.end_lineno] = [new]
        text = "".join(lines)
        if scene_name and scene_name != self.class_name:
            text = re.sub(rf"\b{self.class_name}\b", scene_name, text)
        return text


def _find_defined_name(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return ""


@functools.cache
def load_scenes(folder: Path = FOLDER) -> tuple[LibraryScene, ...]:
    """Read every scene file of a folder, in the order of their names."""
    paths = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    return tuple(read_scene(path) for path in paths)


def read_scene(path: Path) -> LibraryScene:
    """Read one scene file; what it shares with others is part of its ``body``."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    docstring = ast.get_docstring(tree) or ""
    head, sections = _split_sections(docstring + "\n")
    title, _, summary = head.partition("\n")
    after = (tree.body[0].end_lineno or 0) if docstring else 0
    scene = next(
        node
        for node in reversed(tree.body)
        if isinstance(node, ast.ClassDef) and any("Scene" in ast.unparse(b) for b in node.bases)
    )
    return LibraryScene(
        name=path.stem,
        title=title.strip(),
        summary=" ".join(summary.split()),
        parameters=tuple(
            Parameter(name, kind.strip(), " ".join(text.split()))
            for name, kind, text in _PARAMETER.findall(sections.get("Parameters", ""))
        ),
        examples=tuple(
            " ".join(item.split()) for item in _ITEM.findall(sections.get("Example prompts", ""))
        ),
        keywords=tuple(
            word.strip()
            for word in re.split(r"[,\n]+", sections.get("Keywords", ""))
            if word.strip()
        ),
        body=inline_shared(
            "".join(source.splitlines(keepends=True)[after:]).lstrip("\n"),
            _SHARED.read_text(encoding="utf-8"),
        ),
        class_name=scene.name,
    )


def _split_sections(docstring: str) -> tuple[str, dict[str, str]]:
    pieces = _UNDERLINE.split(docstring)
    names, texts = pieces[1::2], pieces[2::2]
    return pieces[0].strip(), dict(zip(names, texts, strict=True))


def read_default(scene: LibraryScene, name: str) -> Any:
    """Return the value that the file gives a constant; None for a function."""
    for node in ast.parse(scene.body).body:
        if isinstance(node, ast.Assign) and _find_defined_name(node) == name:
            return ast.literal_eval(node.value)
    return None
