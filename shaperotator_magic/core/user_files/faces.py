"""Fonts: that a file is one, and the family by which a text names it.

Read by hand: the table of tables and the names are all that is needed, and a library that draws
would run over a stranger's outlines in the caller's process.

Runs in every process.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from shaperotator_magic.core.user_files.refusing import InputRefused

_KINDS = (b"\0\1\0\0", b"OTTO", b"true")
_COLLECTION = b"ttcf"
_NEEDED = {b"cmap", b"head", b"name"}
_MOST_TABLES = 100
_MOST_NAMES = 500
_FAMILIES = (1, 16)
_UNICODE, _WINDOWS = 0, 3


def read_family(content: bytes) -> dict[str, Any]:
    """Return the family of a TrueType or OpenType font; of a collection, that of the first."""
    try:
        tables = dict(_list_tables(content))
        if not tables.keys() >= _NEEDED:
            raise InputRefused("", "it is no font")
        families = list(_list_families(content[slice(*tables[b"name"])]))
    except (struct.error, IndexError, UnicodeDecodeError) as exc:
        raise InputRefused("", "it is no font") from exc
    if not families:
        raise InputRefused("", "it is a font without a name")
    return {"family": families[0][:100]}


def read_math_family(content: bytes) -> str:
    """Return the family of a font that can set formulas, "" for any other."""
    is_for_math = any(tag == b"MATH" for tag, _ in _list_tables(content))
    return str(read_family(content)["family"]) if is_for_math else ""


def _list_tables(content: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    first = struct.unpack_from(">I", content, 12)[0] if content[:4] == _COLLECTION else 0
    count = struct.unpack_from(">H", content, first + 4)[0]
    if content[first : first + 4] not in _KINDS or not 0 < count <= _MOST_TABLES:
        raise InputRefused("", "it is no font")
    for number in range(count):
        tag, _, start, length = struct.unpack_from(">4sIII", content, first + 12 + 16 * number)
        if start + length > len(content):
            raise InputRefused("", "it is no whole font")
        yield tag, (start, start + length)


def _list_families(names: bytes) -> Iterator[str]:
    _, count, texts = struct.unpack_from(">HHH", names, 0)
    for number in range(min(count, _MOST_NAMES)):
        fields = struct.unpack_from(">6H", names, 6 + 12 * number)
        platform, _, _, name_id, length, start = fields
        if name_id in _FAMILIES and platform in {_UNICODE, _WINDOWS}:
            text = names[texts + start : texts + start + length].decode("utf-16-be")
            if text.strip() and text.isprintable():
                yield text.strip()
