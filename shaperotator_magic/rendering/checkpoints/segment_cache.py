"""The cache of encoded segments and checkpoints, in the media folder, bounded in size.

The key is a statement of a script (``dependencies.py``). One file holds the segments of all
animations that the statement played; another the checkpoint before a statement
(``serializing.py``), whose bytes are never read here; a third the poster that was taken where one
of the statement's animations ended.

A scene's process gets copies of the segments that may match, and of one checkpoint. The caller
knows which script they belong to and never asks that process: so code can only damage the cache of
scenes that begin with the same statements.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shaperotator_magic.core.errors import RenderError
from shaperotator_magic.rendering.caching.file_cache import FileCache
from shaperotator_magic.rendering.checkpoints.dependencies import Script
from shaperotator_magic.rendering.drawing.compiled.extensions import list_built
from shaperotator_magic.rendering.exchange.plays import (
    CHECKPOINT_NAME,
    MOST_PLAYS,
    POSTER_NAME,
    SPOILED,
    CachedPlay,
    Checkpoint,
    DrawnPlay,
    PlayId,
    name_cached,
    name_checkpoint,
    name_segment,
)
from shaperotator_magic.rendering.exchange.regular_files import (
    check_kind,
    create_regular,
    read_regular,
)

LARGEST_CACHE_BYTES = 500_000_000
_LARGEST_JOB_BYTES = 100_000_000
_LARGEST_CHECKPOINTS_BYTES = 20_000_000

Plays = dict[int, tuple[CachedPlay, bytes]]
"""The animations of one statement by number, each with its encoded segment."""


@dataclass(frozen=True)
class CachedCheckpoint:
    """A cached checkpoint and its description."""

    checkpoint: Checkpoint
    content: bytes


@dataclass(frozen=True)
class Offer:
    """The cached segments and the checkpoint that a render may use."""

    statements: dict[int, Plays]
    checkpoint: CachedCheckpoint | None = None
    posters: Mapping[PlayId, bytes] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """Return the description that is sent to the render."""
        return {
            "kept": [
                play.model_dump()
                for plays in self.statements.values()
                for play, _ in plays.values()
            ],
            "checkpoint": self.checkpoint.checkpoint.model_dump() if self.checkpoint else None,
        }

    def place(self, folder: Path) -> None:
        """Copy the cached files into the folder of the render."""
        if self.statements:
            (folder / "kept").mkdir(exist_ok=True)
        for plays in self.statements.values():
            for play, segment in plays.values():
                create_regular(folder / play.file, segment)
        for play_id, poster in self.posters.items():
            create_regular(folder / name_cached(*play_id, ".png"), poster)
        if self.checkpoint:
            create_regular(folder / CHECKPOINT_NAME, self.checkpoint.content)

    def __or__(self, later: Offer) -> Offer:
        """Return this with what is offered of later statements."""
        statements = {**self.statements, **later.statements}
        return replace(self, statements=statements, posters={**self.posters, **later.posters})


NOTHING = Offer({})


class SegmentCache:
    """The segment cache of one media folder.

    Parameters
    ----------
    media_dir
        The files are in its ``segments``, which is created with the first of them.
    largest_bytes
        Beyond this the least recently used files are deleted.
    """

    def __init__(self, media_dir: Path, *, largest_bytes: int = LARGEST_CACHE_BYTES) -> None:
        self._files = FileCache(media_dir / "segments", largest_bytes=largest_bytes)

    def find(self, script: Script, *, begin: int = 0) -> Offer:
        """Return what is cached of a script's statements, from the first on or a later one."""
        found: dict[int, Plays] = {}
        posters: dict[PlayId, bytes] = {}
        size = 0
        for statement, key in enumerate(script.keys[begin:], start=begin):
            plays = self._read(statement, key)
            size += sum(len(segment) for _, segment in plays.values())
            if size > _LARGEST_JOB_BYTES:
                break
            if plays:
                found[statement] = plays
                posters.update(self._read_poster(statement, key, plays))
        checkpoint = None if begin else self._find_checkpoint(script, found)
        return Offer(found, checkpoint, posters)

    def write(
        self,
        script: Script,
        drawn: Iterable[DrawnPlay],
        offer: Offer,
        folder: Path,
        *,
        taken: Iterable[Checkpoint] = (),
        poster_of: PlayId | None = None,
    ) -> None:
        """Store the segments and the checkpoints that a finished render left in its folder.

        Parameters
        ----------
        poster_of
            The animation at whose end its poster was taken.

        Raises
        ------
        RenderError
            The scene's process reported what it had not done.
        """
        by_statement: dict[int, Plays] = defaultdict(dict)
        for play in list(drawn)[:MOST_PLAYS]:
            if play.statement >= len(script.keys):
                raise RenderError(SPOILED)
            name = name_segment(play.animation)
            segment = read_regular(folder / name, largest_bytes=_LARGEST_JOB_BYTES)
            check_kind(segment, name)
            kept = CachedPlay(
                file=name_cached(play.statement, play.number, ".mp4"),
                **play.model_dump(exclude={"animation"}),
            )
            by_statement[play.statement][play.number] = (kept, segment)
        for statement, plays in by_statement.items():
            before = offer.statements.get(statement, {})
            self._write(script.keys[statement], {**before, **plays})
        if poster_of and poster_of not in offer.posters:
            statement, number = poster_of
            known = {**offer.statements.get(statement, {}), **by_statement.get(statement, {})}
            if number in known:
                self._write_poster(script.keys[statement], known[number][0], folder)
        checkpoints = list(taken)
        self._write_checkpoints(script, checkpoints, folder)
        if by_statement or checkpoints:
            self._files.evict()

    def forget(self, script: Script) -> None:
        """Delete what is cached of a script."""
        for key in script.keys:
            for suffix in ("plays", "poster", "scene"):
                self._files.forget(f"{key}.{suffix}")

    def _read(self, statement: int, key: str) -> Plays:
        found = self._files.read(f"{key}.plays")
        return _unpack(statement, *found) if found else {}

    def _write(self, key: str, plays: Plays) -> None:
        ordered = [plays[number] for number in sorted(plays)]
        rows = [
            {**play.model_dump(exclude={"statement", "file"}), "size_bytes": len(segment)}
            for play, segment in ordered
        ]
        self._files.write(f"{key}.plays", rows, b"".join(segment for _, segment in ordered))

    def _read_poster(self, statement: int, key: str, plays: Plays) -> dict[PlayId, bytes]:
        found = self._files.read(f"{key}.poster")
        if found is None:
            return {}
        (number, begin), poster = found
        play = plays.get(number)
        is_of_it = play is not None and play[0].begin == begin
        return {(statement, number): poster} if is_of_it else {}

    def _write_poster(self, key: str, play: CachedPlay, folder: Path) -> None:
        poster = read_regular(folder / POSTER_NAME, largest_bytes=_LARGEST_JOB_BYTES)
        check_kind(poster, POSTER_NAME)
        self._files.write(f"{key}.poster", [play.number, play.begin], poster)

    def _find_checkpoint(self, script: Script, plays: dict[int, Plays]) -> CachedCheckpoint | None:
        """Return the last checkpoint before which every animation is cached."""
        kept = {
            (play.statement, play.number, play.begin)
            for of_statement in plays.values()
            for play, _ in of_statement.values()
        }
        for statement in reversed(script.boundaries):
            found = self._files.read(_key_of_checkpoint(script, statement))
            checkpoint = _read_checkpoint(statement, found[0]) if found else None
            if found and checkpoint and kept.issuperset(checkpoint.plays):
                return CachedCheckpoint(checkpoint, found[1])
        return None

    def _write_checkpoints(self, script: Script, taken: Iterable[Checkpoint], folder: Path) -> None:
        """Store checkpoints up to a size, the latest first: most edits are near the end."""
        left = _LARGEST_CHECKPOINTS_BYTES
        for checkpoint in sorted(taken, key=lambda taken: -taken.statement):
            if checkpoint.statement not in script.boundaries:
                raise RenderError(SPOILED)
            place = folder / name_checkpoint(checkpoint.statement)
            content = read_regular(place, largest_bytes=_LARGEST_CHECKPOINTS_BYTES)
            left -= len(content)
            if left < 0:
                break
            name = _key_of_checkpoint(script, checkpoint.statement)
            self._files.write(name, checkpoint.model_dump(exclude={"statement"}), content)


def _key_of_checkpoint(script: Script, statement: int) -> str:
    # What comes before a statement decides the scene before it, and no more.
    return f"{script.keys[statement - 1]}.scene"


def _read_checkpoint(statement: int, header: dict[str, Any]) -> Checkpoint | None:
    try:
        return Checkpoint(statement=statement, **header)
    except (ValidationError, TypeError):  # another version of this program wrote it
        return None


def _unpack(statement: int, rows: list[dict[str, Any]], segments: bytes) -> Plays:
    plays: Plays = {}
    at = 0
    try:
        for row in rows:
            size = row.pop("size_bytes")
            file = name_cached(statement, row["number"], ".mp4")
            plays[row["number"]] = (
                CachedPlay(statement=statement, file=file, **row),
                segments[at : at + size],
            )
            at += size
    except (ValidationError, KeyError, TypeError):  # another version of this program wrote it
        return {}
    return plays


@functools.cache
def describe_tools() -> dict[str, Any]:
    """Return the versions of the programs that draw and encode a segment."""
    return {
        "manim": version("manim"), "av": version("av"), "numpy": version("numpy"),
        "pycairo": version("pycairo"), "manimpango": version("manimpango"),
        # Checkpoints hold functions as bytecode, and objects as this version makes them.
        "python": sys.implementation.cache_tag, "svgelements": version("svgelements"),
        "shaperotator-magic": version("shaperotator-magic"),
        "compiled": list_built(),
    }  # fmt: skip
