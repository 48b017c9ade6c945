"""What passes between the parent and a render process of animations that are drawn and kept.

Imports nothing heavy: the parent needs neither manim nor NumPy for it.
"""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from shaperotator_magic.records import Record

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")]
Count = Annotated[int, Field(ge=0, le=100_000)]
Share = Annotated[float, Field(ge=0, le=1)]

SPOILED = "The scene spoiled the report of its own render."
MOST_PLAYS = 2000
"""More animations of a scene are neither kept nor told of."""

POSTER_NAME = "poster.png"
"""Where a render leaves its poster, in its folder."""

PlayId = tuple[Count, Count]
"""An animation: which statement played it, and as its which, both from 0."""

KEPT_SNAPSHOT = "kept/scene"
"""Where a render finds the scene to begin with, in its folder."""


def _check_name(name: str) -> str:
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError("no variable has this name")
    return name


Name = Annotated[str, Field(max_length=200), AfterValidator(_check_name)]


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


@dataclass(frozen=True)
class Piece:
    """A kept animation that stands in the video, and how telling its last picture is."""

    play: tuple[int, int]
    """Which statement played it, and as its which."""
    video: Path
    share: float

    @property
    def poster(self) -> Path:
        """Where the poster of its last picture lies, if it was the poster of a video."""
        return self.video.with_suffix(".png")


class Snapshot(Record):
    """The scene as it was before a statement of construct() began, with its local variables.

    ``names`` are those of the variables, ``plays`` the animations until then, in their order: which
    statement played each, as its which, and the digest with which it began.
    """

    statement: Annotated[int, Field(ge=1, le=100_000)]
    names: Annotated[tuple[Name, ...], Field(max_length=1000)]
    plays: Annotated[tuple[tuple[Count, Count, Digest], ...], Field(max_length=MOST_PLAYS)]


def name_kept(statement: int, number: int, suffix: str) -> str:
    """Return where what is kept of an animation lies in the folder of the render.

    With ``.mp4`` its piece, with ``.png`` the poster of its last picture.
    """
    return f"kept/{statement}-{number}{suffix}"


def name_snapshot(statement: int) -> str:
    """Return where the scene before a statement is written, in the folder of the render."""
    return f"snapshots/{statement:05}"


def name_segment(animation_index: int) -> str:
    """Return where an animation is drawn to, in the folder of the render."""
    return f"segments/{animation_index:05}.mp4"
