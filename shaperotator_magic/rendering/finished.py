"""What a render leaves in its folder.

Imports nothing heavy: who orders a render needs neither manim nor NumPy for it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shaperotator_magic.records import Record
from shaperotator_magic.rendering.plays import PlayId


class FinishedFiles(Record):
    """What a render left in its folder; the names are fixed, for a scene could send any path.

    ``poster_of`` is the animation at whose end the poster was taken, where that can be told.
    """

    file: Literal["result.mp4", "result.png"]
    poster: Literal["poster.png"] = "poster.png"
    poster_of: PlayId | None = None
    duration_s: float
    width_px: int
    height_px: int
    fps: float
    media_type: Literal["video/mp4", "image/png"]
    notes: tuple[Annotated[str, Field(max_length=500)], ...] = Field(default=(), max_length=5)
