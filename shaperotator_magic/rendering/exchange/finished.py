"""The files that a render leaves in its folder.

Imports nothing heavy: the caller needs neither manim nor NumPy for it.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shaperotator_magic.core.records import Record, Step
from shaperotator_magic.rendering.exchange.plays import MOST_PLAYS, PlayId

# The file with what the installed manim offers.
TABLE_NAME = "api.json"


class FinishedFiles(Record):
    """What a render left in its folder; the names are fixed, for a scene could send any path.

    ``drawing`` is a still as SVG, where it can be one. ``poster_of`` is the animation at whose end
    the poster was taken, where that is known. ``geometry`` is the file with the shapes of a scene
    in space, where they can be turned.
    ``printed`` is what the scene printed and what manim warned of, a line an entry.
    """

    file: Literal["result.mp4", "result.png"]
    poster: Literal["poster.png"] = "poster.png"
    drawing: Literal["result.svg"] | None = None
    poster_of: PlayId | None = None
    geometry: Literal["geometry.srg"] | None = None
    steps: Annotated[tuple[Step, ...], Field(max_length=MOST_PLAYS)] = ()
    duration_s: float
    width_px: int
    height_px: int
    fps: float
    media_type: Literal["video/mp4", "image/png"]
    notes: tuple[Annotated[str, Field(max_length=500)], ...] = Field(default=(), max_length=5)
    printed: tuple[Annotated[str, Field(max_length=400)], ...] = Field(default=(), max_length=60)
