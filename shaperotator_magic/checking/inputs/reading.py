"""``--input cat.png,points.csv``: the files by their names, each checked, or why it is left out.

Runs in the caller's process: a kernel, a command or a service.
"""

from __future__ import annotations

import base64
import binascii
import difflib
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from shaperotator_magic.checking.inputs.drawings import measure_drawing
from shaperotator_magic.checking.inputs.faces import read_family
from shaperotator_magic.checking.inputs.pictures import measure_picture
from shaperotator_magic.checking.inputs.refusing import InputRefused
from shaperotator_magic.checking.inputs.tables import describe_table
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.scene_inputs import InputKind, SceneInput

MOST_FILES = 20
_NAME = re.compile(r"\w[\w .()+-]*(/\w[\w .()+-]*){0,5}")
_LONGEST_NAME = 120


@dataclass(frozen=True)
class _Kind:
    name: InputKind
    largest_bytes: int
    describe: Callable[[bytes], dict[str, Any]]


_PICTURE = _Kind("picture", 20_000_000, measure_picture)
_TABLE = _Kind("table", 5_000_000, describe_table)
_FONT = _Kind("font", 20_000_000, read_family)
_KINDS = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"), _PICTURE),
    ".svg": _Kind("drawing", 2_000_000, measure_drawing),
    **dict.fromkeys((".csv", ".tsv"), _TABLE),
    **dict.fromkeys((".ttf", ".otf"), _FONT),
}


@dataclass(frozen=True)
class GivenFiles:
    """The files that may be used, with their contents, and a sentence on each that may not."""

    inputs: tuple[SceneInput, ...] = ()
    contents: tuple[bytes, ...] = ()
    refused: tuple[str, ...] = ()


def read_files(text: str, folder: Path) -> GivenFiles:
    """Read the files that ``--input`` names, with commas between them.

    Parameters
    ----------
    folder
        Where the notebook or command runs; nothing outside of it is read, links followed.

    Raises
    ------
    ConfigurationError
        None of them can be used.
    """
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    found: list[tuple[SceneInput, bytes]] = []
    refused: list[str] = []
    for name in names:
        try:
            if len(found) == MOST_FILES:
                raise InputRefused(name, f"at most {MOST_FILES} files are taken")
            found.append(_read_one(name, folder))
        except InputRefused as exc:
            refused.append(str(exc))
    if refused and not found:
        raise ConfigurationError(refused[0], hint=" ".join(refused[1:]) or _HINT, setting="inputs")
    return GivenFiles(
        tuple(given for given, _ in found), tuple(content for _, content in found), tuple(refused)
    )


_HINT = "Name files below the notebook's folder, with commas: --input cat.png,points.csv"


def check_input(name: str, content: bytes) -> SceneInput:
    """Return what is known of one file.

    Raises
    ------
    InputRefused
        It is not what its name says, or too large.
    """
    kind = _find_kind(name)
    if len(content) > kind.largest_bytes:
        raise InputRefused(name, _describe_size(len(content), kind))
    try:
        facts = kind.describe(content)
    except InputRefused as exc:
        raise InputRefused(name, exc.reason) from exc
    return SceneInput(
        name=name,
        kind=kind.name,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        **facts,
    )


def check_sent(sent: Iterable[tuple[str, str]]) -> tuple[tuple[SceneInput, ...], tuple[str, ...]]:
    """Return the files of pairs of a name and base64, with their contents; and what is refused."""
    found: dict[str, SceneInput] = {}
    refused: list[str] = []
    for name, text in sent:
        try:
            found[name] = _check_one(name, text)
        except InputRefused as exc:
            refused.append(str(exc))
    return tuple(found.values()), tuple(refused)


def _check_one(name: str, text: str) -> SceneInput:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise InputRefused(name[:_LONGEST_NAME], "its content is not base64") from exc
    return check_input(name, content).model_copy(update={"content": text})


def _find_kind(name: str) -> _Kind:
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise InputRefused(
            name[:_LONGEST_NAME], "names are of letters, digits, spaces and .-_+() below the folder"
        )
    kind = _KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        known = ", ".join(ending.removeprefix(".") for ending in _KINDS)
        raise InputRefused(name, f"only {known} are taken")
    return kind


def _describe_size(size_bytes: int, kind: _Kind) -> str:
    largest = kind.largest_bytes / 1e6
    return f"it has {size_bytes / 1e6:.1f} MB, and a {kind.name} at most {largest:g} MB"


def _read_one(named: str, folder: Path) -> tuple[SceneInput, bytes]:
    base = folder.resolve()
    path = Path(os.path.expanduser(named))  # noqa: PTH111 - Path.expanduser() raises without a home
    whole = (base / path).resolve()
    if not whole.is_relative_to(base):
        raise InputRefused(named, "it lies outside of the folder that this runs in; copy it there")
    name = os.path.relpath(base / path, base).replace(os.sep, "/")
    kind = _find_kind(name)
    content = _read_bounded(named, whole, kind)
    return check_input(name, content), content


def _read_bounded(named: str, path: Path, kind: _Kind) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))
    except OSError as exc:
        raise InputRefused(named, _describe_missing(path, exc)) from exc
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise InputRefused(named, "it is no regular file")
        if facts.st_size > kind.largest_bytes:
            raise InputRefused(named, _describe_size(facts.st_size, kind))
        return file.read(kind.largest_bytes + 1)


def _describe_missing(path: Path, error: OSError) -> str:
    if not isinstance(error, FileNotFoundError):
        return f"it cannot be read ({error.strerror})"
    try:
        beside = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        beside = []
    near = difflib.get_close_matches(path.name, beside, n=1)
    return f"there is no such file{f'; did you mean {near[0]}?' if near else ''}"
