"""Regular files that are shared with a scene: read and created without following a link.

A scene's process owns its folder and could put anything there, at any moment.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from shaperotator_magic.core.errors import ConfigurationError, RenderError

_SVG_TAG = re.compile(r"</?([A-Za-z][\w:.-]*)[^<>]*>")
_SVG_TAGS = frozenset(
    "svg g defs symbol use path rect clipPath mask linearGradient radialGradient stop".split()
)
# What acts or leads elsewhere: handlers of events, references but to the drawing's own parts.
_SVG_ACTING = re.compile(
    r"[\s/\"']on\w+\s*=|(?:href|src)\s*=\s*[\"']?(?![\"'#])|(?:href|src)\s*=\s*[\"'](?!#)"
    r"|url\(\s*[\"']?(?!#)|&|@import|javascript:",
    re.IGNORECASE,
)


def read_regular(path: Path, *, largest_bytes: int) -> bytes:
    """Read a regular file with a single hard link.

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
    """Check that a file begins like a video or picture of its suffix.

    Raises
    ------
    RenderError
        It does not: it could be a page with a script.
    """
    starts = {".mp4": (4, b"ftyp"), ".png": (0, b"\x89PNG\r\n\x1a\n")}
    at, wanted = starts[Path(name).suffix]
    if content[at : at + len(wanted)] != wanted:
        raise RenderError(f"The render left a {name} that is none.")


def is_plain_svg(content: bytes) -> bool:
    """Tell whether an SVG holds shapes alone: nothing that acts, loads, or is text of a page."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    prologue, start, rest = text.partition("<svg")
    if not start or not re.fullmatch(r"\s*(<\?xml [^<>]*\?>)?\s*", prologue):
        return False
    drawing = start + rest
    tags = set(_SVG_TAG.findall(drawing))
    between = _SVG_TAG.sub("", drawing).strip()
    return not between and tags <= _SVG_TAGS and _SVG_ACTING.search(drawing) is None


def create_regular(path: Path, content: bytes) -> None:
    """Make a new file, and none where there is something already, a link included."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600), "wb") as file:
        file.write(content)


def copy_regular(source: Path, target: Path) -> None:
    """Copy a file of the user's, named by the user, for a scene to read.

    Raises
    ------
    ConfigurationError
        It cannot be read.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        create_regular(target, source.read_bytes())
    except OSError as exc:
        raise ConfigurationError(
            f"The scene's file {source} cannot be read: {exc.strerror}.",
            hint="Name a file that is there, and every name once.",
            setting="inputs",
        ) from exc
