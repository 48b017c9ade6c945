"""Records about drawn and cached animations, which the caller and a scene's process exchange.

Imports nothing heavy: the caller needs neither manim nor NumPy for it.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from shaperotator_magic.core.records import Record, Step

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")]
Count = Annotated[int, Field(ge=0, le=100_000)]
Share = Annotated[float, Field(ge=0, le=1)]

SPOILED = "The scene spoiled the report of its own render."
LONGEST_NAME = 120
"""Of a step, in characters."""
MOST_PLAYS = 2000
"""Further animations of a scene are neither cached nor reported."""

POSTER_NAME = "poster.png"
"""Where a render leaves its poster, in its folder."""

PlayId = tuple[Count, Count]
"""An animation: the index of the statement that played it, and its number there, both from 0."""

CHECKPOINT_NAME = "kept/scene"
"""The checkpoint that a render starts at, in its folder."""


def _check_name(name: str) -> str:
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError("no variable has this name")
    return name


Name = Annotated[str, Field(max_length=200), AfterValidator(_check_name)]


class PlayStep(Record):
    """An animation as somebody steps through the video: its frames, and what may name it.

    ``section`` is that of ``Scene.next_section()``, ``caption`` a subcaption, else the text at the
    lower edge of the frame; both may be empty. ``is_pause`` says that the picture only stays.
    """

    frames: Count = 0
    section: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    caption: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    is_pause: bool = False


def is_step_begun(play: PlayStep, *, is_first: bool) -> bool:
    """Tell whether an animation begins a step: a pause belongs to the step before it."""
    return play.frames > 0 and (is_first or not play.is_pause)


def build_steps(plays: Iterable[PlayStep], fps: float) -> tuple[Step, ...]:
    """Return the steps of a video of these animations; the second of a section has a number."""
    parts: list[list[PlayStep]] = []
    for play in plays:
        if is_step_begun(play, is_first=not parts):
            parts.append([play])
        elif parts:
            parts[-1].append(play)
    steps: list[Step] = []
    begun, section, within = 0, "", 0
    for number, part in enumerate(parts, start=1):
        first = part[0]
        within = within + 1 if first.section == section else 1
        section = first.section
        name = first.caption or str(number)
        if section:
            name = section if within == 1 else f"{section} · {within}"[:LONGEST_NAME]
        ended = begun + sum(play.frames for play in part)
        steps.append(Step(name=name, start_s=round(begun / fps, 4), end_s=round(ended / fps, 4)))
        begun = ended
    return tuple(steps)


class DrawnPlay(Record):
    """An animation that was drawn.

    ``statement`` and ``number`` identify it (``PlayId``); ``animation`` counts all animations of
    the scene. ``begin`` is a digest of the scene when it began and of all digests before, ``after``
    the digest when it ended. ``share`` is the share of pixels that the last frame covers, for the
    poster.
    """

    statement: Count
    number: Count
    animation: Count
    begin: Digest
    after: Digest
    share: Share
    step: PlayStep


class CachedPlay(Record):
    """An animation whose segment is cached, copied as ``file`` into the folder of the render."""

    statement: Count
    number: Count
    begin: Digest
    after: Digest
    share: Share
    step: PlayStep
    file: str


@dataclass(frozen=True)
class CachedSegment:
    """A cached animation that is part of the video; ``share`` as in ``DrawnPlay``."""

    play: tuple[int, int]
    """See ``PlayId``."""
    video: Path
    share: float
    step: PlayStep

    @property
    def poster(self) -> Path:
        """The path of the poster of its last frame, if it was the poster of a video."""
        return self.video.with_suffix(".png")


class Checkpoint(Record):
    """The description of a scene before a statement of construct(), with its local variables.

    ``names`` are those of the variables, ``plays`` the animations until then, in order: statement,
    number, and the digest at the beginning.
    """

    statement: Annotated[int, Field(ge=1, le=100_000)]
    names: Annotated[tuple[Name, ...], Field(max_length=1000)]
    plays: Annotated[tuple[tuple[Count, Count, Digest], ...], Field(max_length=MOST_PLAYS)]


def name_cached(statement: int, number: int, suffix: str) -> str:
    """Return the path of a cached file of an animation, in the folder of the render.

    ``.mp4`` is its segment, ``.png`` the poster of its last frame.
    """
    return f"kept/{statement}-{number}{suffix}"


def name_checkpoint(statement: int) -> str:
    """Return the path of the checkpoint before a statement, in the folder of the render."""
    return f"checkpoints/{statement:05}"


def name_segment(animation_index: int) -> str:
    """Return the path of the segment of a drawn animation, in the folder of the render."""
    return f"segments/{animation_index:05}.mp4"
