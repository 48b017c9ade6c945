"""Files that pass between us and a scene: plain ones, read and made without following a link.

A scene's process owns its folder and could put anything there, also while we look.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from shaperotator_magic.errors import ConfigurationError, RenderError


def read_plain(path: Path, *, largest_bytes: int) -> bytes:
    """Read a regular file that has no other name.

    Raises
    ------
    RenderError
        There is none, or it is a link, a pipe, a device, or too large.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        # Without O_NONBLOCK the opening of a pipe would wait for ever.
        descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    except OSError as exc:
        raise RenderError(f"The render left no {path.name}: {exc.strerror}.") from exc
    with os.fdopen(descriptor, "rb") as content:
        facts = os.fstat(descriptor)
        is_plain = stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1
        if not is_plain or facts.st_size > largest_bytes:
            raise RenderError(f"The render left a {path.name} that is not taken over.")
        # It may still be growing.
        return content.read(largest_bytes)


def check_kind(content: bytes, name: str) -> None:
    """Check that a video or picture begins as its name says.

    Raises
    ------
    RenderError
        It does not: it could be a page with a script, say.
    """
    starts = {".mp4": (4, b"ftyp"), ".png": (0, b"\x89PNG\r\n\x1a\n")}
    at, wanted = starts[Path(name).suffix]
    if content[at : at + len(wanted)] != wanted:
        raise RenderError(f"The render left a {name} that is none.")


def create_plain(path: Path, content: bytes) -> None:
    """Make a new file, and none where there is something already, a link included."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600), "wb") as file:
        file.write(content)


def copy_plain(source: Path, target: Path) -> None:
    """Copy a file of the user's, named by the user, for a scene to read.

    Raises
    ------
    ConfigurationError
        It cannot be read.
    """
    try:
        create_plain(target, source.read_bytes())
    except OSError as exc:
        raise ConfigurationError(
            f"The scene's file {source} cannot be read: {exc.strerror}.",
            hint="Name a file that is there, and every name once.",
            setting="inputs",
        ) from exc
