"""A file within a folder, read up to the size that its kind may have; links are followed.

Runs in every process.
"""

from __future__ import annotations

import difflib
import os
import stat
from pathlib import Path

from shaperotator_magic.core.user_files.kinds import Kind
from shaperotator_magic.core.user_files.refusing import InputRefused


def find_within(folder: Path, named: str, *, called: str) -> Path:
    """Return the place of the file that a name means, whatever is there.

    Parameters
    ----------
    called
        What the folder is, for the sentence.

    Raises
    ------
    InputRefused
        It lies outside of the folder.
    """
    root = folder.resolve()
    try:
        path = (root / named).resolve()
    except (OSError, ValueError, RuntimeError) as exc:
        raise InputRefused("", "there is no such file") from exc
    if not path.is_relative_to(root):
        raise InputRefused("", f"it lies outside of {called}; copy it there")
    return path


def read_bounded(path: Path, kind: Kind) -> bytes:
    """Return the content of a regular file.

    Raises
    ------
    InputRefused
        It is not there, cannot be read, is no regular file or too large.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))
    except (OSError, ValueError) as exc:
        raise InputRefused("", _describe_missing(path, exc)) from exc
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise InputRefused("", "it is no regular file")
        kind.check_size(facts.st_size)
        return file.read(kind.largest_bytes + 1)


def _describe_missing(path: Path, error: OSError | ValueError) -> str:
    if not isinstance(error, FileNotFoundError):
        return f"it cannot be read ({getattr(error, 'strerror', None) or error})"
    try:
        beside = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        beside = []
    near = difflib.get_close_matches(path.name, beside, n=1)
    return f"there is no such file{f'; did you mean {near[0]}?' if near else ''}"
