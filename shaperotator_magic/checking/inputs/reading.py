"""``--input cat.png,points.csv``: the files by their names, each checked, or why it is left out.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.checking.inputs.tables import describe_table
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.scene_inputs import SceneInput
from shaperotator_magic.core.user_files.kinds import FONTS, IMAGES, Kind, find_kind
from shaperotator_magic.core.user_files.reading import find_within, read_bounded
from shaperotator_magic.core.user_files.refusing import InputRefused

MOST_FILES = 20
_NAME = re.compile(r"\w[\w .()+-]*(/\w[\w .()+-]*){0,5}")
_LONGEST_NAME = 120
_TABLE = Kind("table", 5_000_000, describe_table)
KINDS = {**IMAGES, **dict.fromkeys((".csv", ".tsv"), _TABLE), **FONTS}
"""What may be given to a scene, by the endings of names."""


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
    try:
        kind = _find_kind(name)
        kind.check_size(len(content))
        facts = kind.describe(content)
    except InputRefused as exc:
        raise InputRefused(name[:_LONGEST_NAME], exc.reason) from exc
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


def _find_kind(name: str) -> Kind:
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise InputRefused("", "names are of letters, digits, spaces and .-_+() below the folder")
    return find_kind(name, KINDS)


def _read_one(named: str, folder: Path) -> tuple[SceneInput, bytes]:
    base = folder.resolve()
    wanted = os.path.expanduser(named)  # noqa: PTH111 - Path.expanduser() raises without a home
    try:
        path = find_within(base, wanted, called="the folder that this runs in")
        name = os.path.relpath(base / wanted, base).replace(os.sep, "/")
        content = read_bounded(path, _find_kind(name))
    except InputRefused as exc:
        raise InputRefused(named, exc.reason) from exc
    return check_input(name, content), content
