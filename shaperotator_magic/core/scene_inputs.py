"""Files of the user's that a scene may read: what is known of each.

The records of prompts hold them.

Runs in every process.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shaperotator_magic.core.user_files.kinds import KindName


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Column(_Facts):
    """One column of a table."""

    name: Annotated[str, Field(max_length=40)]
    is_numeric: bool


class SceneInput(_Facts):
    """One file: its name in the scene's folder, its digest, and what a writer may know of it.

    ``width_px`` and ``height_px`` are of pictures and drawings; ``columns``, ``rows``,
    ``delimiter`` and ``has_header`` of tables; ``family`` of fonts. ``content`` is the file itself
    in base64, where it travels with the record: to a service, and in a saved notebook.
    """

    name: Annotated[str, Field(max_length=200)]
    kind: KindName
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size_bytes: int = Field(ge=0)
    width_px: int = 0
    height_px: int = 0
    columns: Annotated[tuple[Column, ...], Field(max_length=100)] = ()
    rows: int = 0
    delimiter: Annotated[str, Field(max_length=1)] = ","
    has_header: bool = False
    family: Annotated[str, Field(max_length=100)] = ""
    content: str = ""

    @property
    def numeric_columns(self) -> tuple[int, ...]:
        """The positions of the columns that hold numbers, from 0."""
        return tuple(at for at, column in enumerate(self.columns) if column.is_numeric)
