"""The files of the built-in library: read as text, never imported, for they import manim.

A file's docstring describes what its scene shows, which constants are parameters of which kind, and
by which prompts and words it is found. Its *Subjects* name exactly what it shows; *Not* names what
looks near but is another subject, in lines 'names, names: reason'; *Cues* (optional) are words that
stand beside a parameter's value. Filling a scene replaces those constants in its source.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shaperotator_magic.writing.assigning.accepting import read_accepts
from shaperotator_magic.writing.assigning.cues import list_cues, read_own_cues
from shaperotator_magic.writing.assigning.slots import Slot
from shaperotator_magic.writing.library.inlining import inline_shared

FOLDER = Path(__file__).parents[1] / "scenes"
_SHARED = FOLDER / "_stage.py"
_UNDERLINE = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)
_PARAMETER = re.compile(r"^(\w+) : ([^\n]+)\n((?:    [^\n]*\n?)*)", re.MULTILINE)
_ITEM = re.compile(r"^- (.+?)(?=^- |\Z)", re.MULTILINE | re.DOTALL)
_DOCSTRING = re.compile(r'\s*r?"""(.*?)"""[ \t]*\n', re.DOTALL)
_SCENE_CLASS = re.compile(r"^class (\w+)\([^)]*Scene[^)]*\):", re.MULTILINE)
_STRANGERS = re.compile(r"^(\S[^:\n]*(?:\n[ ]+[^:\n]*)*): (.+(?:\n[ ]+.+)*)$", re.MULTILINE)


@dataclass(frozen=True)
class Parameter:
    """One constant of a scene; ``kind`` is as its docstring writes it: ``number in [0, 1]``."""

    name: str
    kind: str
    help: str
    cues: tuple[str, ...] = ()


@dataclass(frozen=True)
class LibraryScene:
    """One scene of the library, as its file describes it.

    ``strangers`` maps subjects that look near to the reason why they are others. ``shown`` is what
    the scene finds out itself from a parameter: 'eigenvectors of MATRIX'.
    """

    path: Path
    title: str
    summary: str
    parameters: tuple[Parameter, ...]
    examples: tuple[str, ...]
    keywords: tuple[str, ...]
    subjects: tuple[str, ...]
    strangers: Mapping[str, str]
    shown: tuple[str, ...]
    class_name: str
    source: str

    @property
    def name(self) -> str:
        """The file's stem."""
        return self.path.stem

    @functools.cached_property
    def body(self) -> str:
        """The code below the docstring; what it shares with others is part of it."""
        return inline_shared(self.source, _SHARED.read_text(encoding="utf-8"))

    @functools.cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The parameters as the values of a sentence see them."""
        return tuple(
            Slot(row.name, read_accepts(row.kind, row.help), list_cues(row.name, row.cues))
            for row in self.parameters
        )

    def fill(self, sources: Mapping[str, str], scene_name: str | None) -> str:
        """Return the scene's source with constants and functions replaced.

        Parameters
        ----------
        sources
            By name of a constant the source of its value; of a function, of its result.
        scene_name
            New name for the scene class; None: unchanged.
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
    """Read one scene file; its code is parsed lazily."""
    text = path.read_text(encoding="utf-8")
    described = _DOCSTRING.match(text)
    head, sections = _split_sections((described[1] if described else "") + "\n")
    title, _, summary = head.partition("\n")
    source = text[described.end() :] if described else text
    cues = read_own_cues(sections.get("Cues", ""))
    return LibraryScene(
        path=path,
        title=title.strip(),
        summary=" ".join(summary.split()),
        parameters=tuple(
            Parameter(name, kind.strip(), " ".join(help_text.split()), cues.get(name, ()))
            for name, kind, help_text in _PARAMETER.findall(sections.get("Parameters", ""))
        ),
        examples=tuple(
            " ".join(item.split()) for item in _ITEM.findall(sections.get("Example prompts", ""))
        ),
        keywords=_split_names(sections.get("Keywords", "")),
        subjects=_split_names(sections.get("Subjects", "")),
        strangers={
            name: " ".join(reason.split())
            for names, reason in _STRANGERS.findall(sections.get("Not", ""))
            for name in _split_names(names)
        },
        shown=_split_names(sections.get("Shows", "")),
        class_name=_SCENE_CLASS.findall(source)[-1],
        source=source.lstrip("\n"),
    )


def _split_names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(",") if name.strip())


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
