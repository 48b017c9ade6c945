"""Atomic writes: a file is there whole or not at all, whenever the writing stops.

Imports errors alone. ``replacing`` is for files of our own folders; the functions for outputs are
for a path that a user named, at which anything may stand already.

Runs in every process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from shaperotator_magic.core.errors import ConfigurationError

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside ``path`` to write to, and rename it to ``path`` at the end.

    Its name is random, so that two may write the same file at once. Where an error comes, nothing
    is left of it, and what was there before stays.
    """
    unfinished = path.with_name(f".{uuid4().hex}.unfinished")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def check_output(path: Path) -> None:
    """Refuse a path at which something other than a regular file stands.

    A symbolic link is refused, too: in a shared folder it may be somebody else's, and would make
    us replace the file that it leads to. Links on the way to the path's folder are followed.

    Raises
    ------
    ConfigurationError
        Names what is there.
    """
    _find_mode(path)


def write_output(path: Path, content: bytes | str) -> Path:
    """Write a file that a user named, atomically; returns its path. Text is written as UTF-8.

    The folder is made where there is none; a file that is replaced keeps its permissions.

    Raises
    ------
    ConfigurationError
        Something other than a regular file is there, or there is no writing there.
    """
    with _opened_output(path) as unfinished:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def copy_output(source: Path, path: Path) -> Path:
    """Copy a file to where a user wants it; otherwise as ``write_output``."""
    with _opened_output(path) as unfinished:
        shutil.copyfile(source, unfinished)
    return path


def append_output(path: Path, line: str) -> None:
    """Append a line to a file that a user named.

    Raises
    ------
    ConfigurationError
        As ``write_output`` does.
    """
    check_output(path)
    # A link that took its place since is not followed, and a pipe is not waited for.
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | flags, 0o666)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except OSError as exc:
        raise _build_error(path, exc) from exc


def make_output_folder(path: Path) -> None:
    """Make a folder that a user named, where there is none.

    Raises
    ------
    ConfigurationError
        Something else is there, or it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as exc:
        raise ConfigurationError(
            f"{path} is there, and is no folder.", hint="Name another folder with -o."
        ) from exc
    except OSError as exc:
        raise _build_error(path, exc) from exc


@contextlib.contextmanager
def _opened_output(path: Path) -> Iterator[Path]:
    mode = _find_mode(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as unfinished:
            yield unfinished
            if mode is not None:
                unfinished.chmod(stat.S_IMODE(mode))
            _find_mode(path)  # the writing took its time
    except OSError as exc:
        raise _build_error(path, exc) from exc


def _find_mode(path: Path) -> int | None:
    """Return the mode of the regular file at a path; None where there is nothing."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise _build_error(path, exc) from exc
    if stat.S_ISREG(mode):
        return mode
    kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "no regular file")
    hint = "Name another file with -o."
    if stat.S_ISLNK(mode) and path.is_file():
        hint = f"Name the file itself: {os.path.realpath(path)}."
    raise ConfigurationError(f"{path} is {kind} and is not written over.", hint=hint)


def _build_error(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"{path} cannot be written: {error.strerror or error}.",
        hint="Name another file with -o.",
    )
