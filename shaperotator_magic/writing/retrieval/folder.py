"""Scenes of a person's own folder, found by the words of a prompt: Python, notebooks, Markdown.

Files are only read: nothing of them is imported or run. What stands beside a scene (a heading, the
paragraph or the cell above it, the file's name) says what it is about.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import functools
import itertools
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.scene_classes import find_classes, is_scene
from shaperotator_magic.writing.retrieval.ranking import Ranking
from shaperotator_magic.writing.retrieval.terms import split_question, split_terms

KINDS = (".py", ".ipynb", ".md")
_MOST_FILES = 2_000
_LARGEST_BYTES = 2_000_000  # of a file; notebooks hold their videos
_LEAST_SHARE = 0.3  # of a prompt's words, by their rarity, that an example shares
_TITLE = 4  # how often the words of a title count
_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "media"})
_FENCE = re.compile(r"^```(?:python|py|manim)?[ \t]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_MAGIC = re.compile(r"^[%!].*$", re.MULTILINE)
_LONGEST_ABOVE = 600  # characters of what stands above a scene


@dataclass(frozen=True)
class OwnScene:
    """A scene of the folder: whole, but for the other scenes of its file.

    ``title`` is its class, file and heading; ``about`` what stands above it and in its docstrings.
    """

    source: str
    title: str
    about: str


def find_own_scenes(folder: Path, text: str, most: int) -> list[OwnScene]:
    """Return the scenes of a folder that fit a prompt best, the best first.

    Raises
    ------
    ConfigurationError
        There is no such folder, or no scene in it.
    """
    scenes = read_folder(folder)
    asked = set(split_question(text))
    if not asked:
        return []
    ranking = _rank(tuple(scenes))
    scores = ranking.score(sorted(asked))
    ranked = sorted(zip(scores, scenes, strict=True), key=lambda row: -row[0])
    near = (scene for _, scene in ranked if _share(scene, asked, ranking.rarity) >= _LEAST_SHARE)
    return list(itertools.islice(near, most))


def _share(scene: OwnScene, asked: set[str], rarity: dict[str, float]) -> float:
    """Return how much of a prompt a scene is about; words that no scene has count as the rarest."""
    rarest = max(rarity.values())
    weights = {term: rarity.get(term, rarest) for term in asked}
    shared = asked & set(_list_terms(scene))
    return sum(weights[term] for term in shared) / sum(weights.values())


@functools.lru_cache(maxsize=4)
def _rank(scenes: tuple[OwnScene, ...]) -> Ranking:
    return Ranking([_list_terms(scene) for scene in scenes])


def _list_terms(scene: OwnScene) -> list[str]:
    return split_terms(scene.title) * _TITLE + split_terms(scene.about)


# --- reading --------------------------------------------------------------------------


def read_folder(folder: Path) -> list[OwnScene]:
    """Return every scene of the Python files, notebooks and Markdown files below a folder.

    What cannot be read or parsed is skipped, as are hidden folders and installed packages.

    Raises
    ------
    ConfigurationError
        There is no such folder, or no scene in it.
    """
    if not folder.is_dir():
        raise ConfigurationError(
            f"There is no folder {folder} for --examples.",
            hint="Name the folder that holds your scenes or notes (.py, .ipynb, .md).",
            setting="examples",
        )
    files = list(_list_files(folder))
    scenes = [scene for path, stamp in files for scene in _read_file(path, stamp)]
    if not scenes:
        raise ConfigurationError(
            f"No scene is in the {len(files)} .py, .ipynb and .md files below {folder}.",
            hint="A scene is a class based on Scene that has construct(self).",
            setting="examples",
        )
    return scenes


def _list_files(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Yield the files with time and size, in the order of their names; links are not followed."""
    found = 0
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(n for n in folders if n not in _SKIPPED and not n.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if path.suffix not in KINDS or path.is_symlink():
                continue
            facts = path.stat()
            if facts.st_size <= _LARGEST_BYTES:
                found += 1
                yield path, (facts.st_mtime_ns, facts.st_size)
            if found == _MOST_FILES:
                return


@functools.lru_cache(maxsize=2 * _MOST_FILES)
def _read_file(path: Path, stamp: tuple[int, int]) -> tuple[OwnScene, ...]:
    """Return the scenes of a file; ``stamp`` tells one state of it from another."""
    del stamp
    try:
        text = path.read_text(encoding="utf-8")
        pieces = list(_READERS[path.suffix](text))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()  # not UTF-8, no JSON, or no notebook
    name = path.stem.replace("_", " ").replace("-", " ")
    return tuple(scene for above, code in pieces for scene in _read_code(code, name, above))


def _read_code(code: str, name: str, above: str) -> Iterator[OwnScene]:
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    classes = find_classes(tree)
    scenes = {n for n in classes if is_scene(n, classes)}
    for own in sorted(scenes):
        kept = [node for node in tree.body if getattr(node, "name", None) not in scenes - {own}]
        heading, _, _ = above.partition("\n")
        about = [above, ast.get_docstring(tree) or "", *_list_texts(classes[own])]
        yield OwnScene(
            source="\n\n".join(_cut_out(code, node) for node in kept if not _is_docstring(node)),
            title=f"{own} {name} {heading}",
            about=" ".join(about),
        )


def _cut_out(code: str, node: ast.stmt) -> str:
    """Return the lines of a statement with its decorators."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(code.splitlines()[first - 1 : node.end_lineno])


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _list_texts(node: ast.ClassDef) -> Iterator[str]:
    """Yield the docstrings and texts of a scene, and the names that it uses."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, ast.Name):
            yield part.id


def _read_python(text: str) -> Iterator[tuple[str, str]]:
    yield "", text


def _read_markdown(text: str) -> Iterator[tuple[str, str]]:
    end = 0
    for block in _FENCE.finditer(text):
        yield _tidy_above(text[end : block.start()]), block[1]
        end = block.end()


def _read_notebook(text: str) -> Iterator[tuple[str, str]]:
    above = ""
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            magic = _MAGIC.search(source)
            yield f"{above} {magic[0] if magic else ''}".strip(), _MAGIC.sub("", source)
        else:
            above = _tidy_above(source)


def _tidy_above(text: str) -> str:
    """Return the last heading above a scene, then what follows it."""
    paragraphs = [row.strip() for row in text.split("\n") if row.strip()]
    heads = [n for n, row in enumerate(paragraphs) if row.startswith("#")]
    kept = paragraphs[heads[-1] if heads else 0 :]
    return "\n".join(row.lstrip("# ") for row in kept)[:_LONGEST_ABOVE]


_READERS = {".py": _read_python, ".md": _read_markdown, ".ipynb": _read_notebook}
