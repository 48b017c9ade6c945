"""What passes between the parent and a render process of animations that are drawn and kept.

Imports nothing heavy: the parent needs neither manim nor NumPy for it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shaperotator_magic.records import Record

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")]
Count = Annotated[int, Field(ge=0, le=100_000)]
Share = Annotated[float, Field(ge=0, le=1)]


class DrawnPlay(Record):
    """An animation that was drawn.

    ``statement`` of construct() played it as its ``number``-th, both from 0; ``animation`` counts
    those of the whole scene. ``begin`` is a digest of the scene's state when it began and of all
    states before, ``after`` of the state when it ended. ``share`` says how telling the last
    picture is, for the poster.
    """

    statement: Count
    number: Count
    animation: Count
    begin: Digest
    after: Digest
    share: Share


class KeptPlay(Record):
    """An animation whose piece of video is kept, as ``file`` in the folder of the render."""

    statement: Count
    number: Count
    begin: Digest
    after: Digest
    share: Share
    file: str


def name_segment(animation_index: int) -> str:
    """Return where an animation is drawn to, in the folder of the render."""
    return f"segments/{animation_index:05}.mp4"
