"""The files that a pack names: found within its folder, of a bounded size, and what they claim.

Runs in every process.
"""

from __future__ import annotations

import re
from pathlib import Path

LARGEST_IMAGE_BYTES = 10_000_000
LARGEST_FONT_BYTES = 20_000_000
LARGEST_PIXELS = 40_000_000
_SVG = ".svg"
_FONT_SIGNATURES = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf")
_FONT_KINDS = (".ttf", ".otf", ".ttc")
_IMAGE_SIGNATURES = {
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".gif": b"GIF8",
}
_FEWEST_TABLES, _TABLE_BYTES, _HEADER_BYTES = 4, 16, 12
_ACTIVE = re.compile(
    rb"<!ENTITY|<!DOCTYPE[^>]*\[|<script|\bon[a-z]+\s*=|<foreignObject|"
    rb"(?:href|src)\s*=\s*[\"']?\s*(?!#|[\"']|data:image/)",
    re.IGNORECASE,
)


class ResourceError(Exception):
    """A file that a pack names cannot be used; the text is a sentence without its subject."""


def find_resource(folder: Path, name: str) -> Path:
    """Return the file of that name within the folder.

    Raises
    ------
    ResourceError
        It is not there, lies elsewhere, or is no regular file.
    """
    root = folder.resolve()
    try:
        path = (root / name).resolve()
        is_file = path.is_file()
    except (OSError, ValueError) as exc:
        raise ResourceError("is not there") from exc
    if not path.is_relative_to(root):
        raise ResourceError(f"lies outside of {folder.name or folder}: copy it there")
    if not is_file:
        raise ResourceError("is not there")
    return path


def check_font(path: Path) -> None:
    """Refuse what is no TrueType or OpenType font.

    Raises
    ------
    ResourceError
        It is too large, or no such font.
    """
    content = _read(path, LARGEST_FONT_BYTES)
    tables = int.from_bytes(content[4:6], "big")
    is_whole = len(content) >= _HEADER_BYTES + _FEWEST_TABLES * _TABLE_BYTES
    is_collection = content.startswith(b"ttcf")
    is_font = content.startswith(_FONT_SIGNATURES) and is_whole
    if path.suffix.lower() not in _FONT_KINDS or not is_font:
        raise ResourceError("is no TrueType or OpenType font (.ttf, .otf, .ttc)")
    if not is_collection and not _FEWEST_TABLES <= tables <= len(content) // _TABLE_BYTES:
        raise ResourceError("is a damaged font")


def check_image(path: Path) -> None:
    """Refuse what is no picture that a scene can draw, and an SVG that does more than draw.

    Raises
    ------
    ResourceError
        It is too large, of another kind than its name says, or holds a script or an entity.
    """
    kind = path.suffix.lower()
    content = _read(path, LARGEST_IMAGE_BYTES)
    if kind == _SVG:
        if b"<svg" not in content[:4000]:
            raise ResourceError("is no SVG picture")
        if _ACTIVE.search(content):
            raise ResourceError("holds a script, an entity or a link: save it as a plain SVG")
        return
    signature = _IMAGE_SIGNATURES.get(kind)
    if signature is None:
        raise ResourceError("is of a kind that is not drawn: use PNG, JPEG, GIF or SVG")
    if not content.startswith(signature):
        raise ResourceError(f"is no {kind.removeprefix('.').upper()} picture")
    _check_pixels(path)


def _check_pixels(path: Path) -> None:
    from PIL import Image

    try:
        with Image.open(path) as image:
            width, height = image.size
            image.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as exc:
        raise ResourceError("is a damaged picture") from exc
    if width * height > LARGEST_PIXELS:
        raise ResourceError(f"has {width}x{height} pixels, and may have 40 million at most")


def _read(path: Path, most_bytes: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > most_bytes:
            raise ResourceError(
                f"has {size / 1e6:.0f} MB, and may have {most_bytes // 1_000_000} at most"
            )
        return path.read_bytes()
    except OSError as exc:
        raise ResourceError(f"cannot be read ({exc.strerror})") from exc
