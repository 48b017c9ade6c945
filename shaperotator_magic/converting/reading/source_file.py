"""Reads the file that is to be converted, and refuses what is none. Nothing is executed.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import difflib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.converting.reading.python2 import modernise
from shaperotator_magic.core.errors import NoSceneError, SceneCodeError
from shaperotator_magic.core.scene_classes import find_bases, find_classes

_LARGEST_BYTES = 4_000_000
_MOST_LINES = 10_000
_LICENCE_BYTES = 4_000
_LICENCE_NAMES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING")
_MOST_PARENTS = 6


@dataclass(frozen=True)
class SourceFile:
    """A file with scenes, and what its licence asks for."""

    path: Path
    source: str
    scenes: tuple[str, ...]
    licence: str = ""


def read_source_file(path: Path, wanted: Sequence[str] = ()) -> SourceFile:
    """Return a file with its scenes: those wanted, else all that no other one derives from.

    Raises
    ------
    SceneCodeError
        It is no file, cannot be read, is no text, no Python, or too large to convert whole.
    NoSceneError
        It has no scene, or none of a wanted name.
    """
    source = _read(path)
    check_size(source, str(path), wanted)
    tree = parse_source(source, str(path))
    return SourceFile(path, source, choose_scenes(tree, wanted, str(path)), find_licence(path))


def check_size(source: str, label: str, wanted: Sequence[str]) -> None:
    """Refuse a whole file of very many lines: one scene of it is converted as well.

    Raises
    ------
    SceneCodeError
        It has more than 10,000 lines, and no scene is named.
    """
    lines = source.count("\n")
    if lines > _MOST_LINES and not wanted:
        raise SceneCodeError(
            f"{label} has {lines:,} lines; at most {_MOST_LINES:,} are converted at once.",
            hint="Name the scenes that you want: what they need of the file comes with them.",
        )


def parse_source(source: str, label: str) -> ast.Module:
    """Return the syntax tree of a source that may be Python 2.

    Raises
    ------
    SceneCodeError
        It is neither Python 3 nor a Python 2 that is known here.
    """
    try:
        text, _ = modernise(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as exc:
        raise SceneCodeError(
            f"{label}, line {exc.lineno}: this is not Python: {exc.msg}.",
            hint="Mend that line, or convert a file with scenes.",
            source=source,
            line=exc.lineno,
        ) from exc
    except (ValueError, RecursionError, MemoryError) as exc:
        raise SceneCodeError(f"{label} cannot be read as Python: {exc}.", source=source) from exc


def choose_scenes(tree: ast.Module, wanted: Sequence[str], label: str) -> tuple[str, ...]:
    """Return the scenes that are meant.

    Raises
    ------
    NoSceneError
        There is none, or none of a wanted name; the hint has the nearest names.
    """
    classes = find_classes(tree)
    used = {base for node in classes.values() for base in find_bases(node)}
    scenes = [name for name, node in classes.items() if _is_scene(node)]
    for name in wanted:
        if name not in classes:
            near = difflib.get_close_matches(name, scenes or classes, n=3, cutoff=0.5)
            named = near or scenes[:5]
            hint = f"Did you mean {', '.join(named)}?" if named else "It has no scenes at all."
            raise NoSceneError(f"{label} has no class {name}.", hint=hint)
    if wanted:
        return tuple(wanted)
    final = [name for name in scenes if name not in used]
    if not final:
        raise NoSceneError(
            f"{label} has no scene class.", hint="A scene is a class with construct()."
        )
    return tuple(final)


def _is_scene(node: ast.ClassDef) -> bool:
    names = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
    return "construct" in names or any("Scene" in base for base in find_bases(node))


def _read(path: Path) -> str:
    if path.is_dir():
        raise SceneCodeError(
            f"{path} is a folder.",
            hint="Name one file of it; --root FOLDER says where modules lie.",
        )
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise SceneCodeError(
                f"{path} is larger than 4 MB.", hint="Copy the scene that you want into a file."
            )
        content = path.read_bytes()
    except OSError as exc:
        raise SceneCodeError(
            f"{path} cannot be read: {exc.strerror}.", hint="Name a file that is there."
        ) from exc
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise SceneCodeError(f"{path} is not UTF-8 text.", hint="Save it as UTF-8.") from exc
    if "\0" in text:
        raise SceneCodeError(f"{path} is no text.", hint="Name a Python file.")
    return text


def find_licence(path: Path) -> str:
    """Return what a licence beside or above the file asks for that manim's own does not."""
    for folder in list(path.resolve().parents)[:_MOST_PARENTS]:
        for name in _LICENCE_NAMES:
            try:
                with (folder / name).open("rb") as file:
                    text = file.read(_LICENCE_BYTES).decode(errors="replace")
            except OSError:
                continue
            return _describe_licence(text, folder / name)
        if (folder / ".git").exists():
            break
    return ""


def _describe_licence(text: str, path: Path) -> str:
    if "NonCommercial" in text or "BY-NC" in text:
        return (
            f"The source is under a licence for non-commercial use ({path}): the converted file "
            "is a derivative of it, so the same licence and the author's name go with it."
        )
    if "NoDerivatives" in text or "BY-ND" in text:
        return (
            f"The licence of the source ({path}) allows no derivatives: the converted file is one, "
            "so keep it to yourself, or ask the author."
        )
    is_free = any(word in text for word in ("Permission is hereby granted", "Redistribution and"))
    if "all rights reserved" in text.lower() and not is_free:
        return (
            f"All rights to the source are reserved ({path}): ask its author before you pass the "
            "converted file on."
        )
    return ""
