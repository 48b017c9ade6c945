"""The kinds of files that scenes draw, by the endings of their names, and how large each may be.

Runs in every process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

from shaperotator_magic.core.user_files.drawings import measure_drawing
from shaperotator_magic.core.user_files.faces import read_family
from shaperotator_magic.core.user_files.pictures import measure_picture
from shaperotator_magic.core.user_files.refusing import InputRefused

KindName = Literal["picture", "drawing", "table", "font"]


@dataclass(frozen=True)
class Kind:
    """A kind of file; ``describe`` returns what is in one, and refuses what is none."""

    name: KindName
    largest_bytes: int
    describe: Callable[[bytes], dict[str, Any]]

    def check_size(self, size_bytes: int) -> None:
        """Refuse a file that is too large.

        Raises
        ------
        InputRefused
            It is.
        """
        if size_bytes > self.largest_bytes:
            largest = self.largest_bytes / 1e6
            said = f"it has {size_bytes / 1e6:.1f} MB, and a {self.name} at most {largest:g} MB"
            raise InputRefused("", said)


Kinds = Mapping[str, Kind]

_PICTURE = Kind("picture", 20_000_000, measure_picture)
_FONT = Kind("font", 20_000_000, read_family)
IMAGES: Kinds = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"), _PICTURE),
    ".svg": Kind("drawing", 2_000_000, measure_drawing),
}
FONTS: Kinds = dict.fromkeys((".ttf", ".otf", ".ttc"), _FONT)


def find_kind(name: str, kinds: Kinds) -> Kind:
    """Return the kind of the file with a name.

    Raises
    ------
    InputRefused
        It is of none of the kinds.
    """
    kind = kinds.get(PurePath(name).suffix.lower())
    if kind is None:
        known = ", ".join(ending.removeprefix(".") for ending in kinds)
        raise InputRefused("", f"only {known} are taken")
    return kind
