"""Pieces of video by the script that played them, in the media folder, bounded in size.

One file holds all animations that one statement of construct() played, their pieces one after the
other; another the scene before a statement (``snapshots.py``), which is never looked into here; a
third the poster that was taken where one of the statement's animations ended.

A scene's process sees copies of the pieces that may fit, and of one scene to begin with. Which
script they belong to is known here and not asked of that process: code can only spoil what is kept
of scenes that begin as itself does.
"""

from __future__ import annotations

import functools
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shaperotator_magic.errors import RenderError
from shaperotator_magic.rendering.extensions import list_built
from shaperotator_magic.rendering.kept_files import KeptFiles
from shaperotator_magic.rendering.plain_files import check_kind, create_plain, read_plain
from shaperotator_magic.rendering.plays import (
    KEPT_SNAPSHOT,
    MOST_PLAYS,
    POSTER_NAME,
    SPOILED,
    DrawnPlay,
    KeptPlay,
    PlayId,
    Snapshot,
    name_kept,
    name_segment,
    name_snapshot,
)
from shaperotator_magic.rendering.scripts import Script

LARGEST_CACHE_BYTES = 500_000_000
_LARGEST_JOB_BYTES = 100_000_000
_LARGEST_SNAPSHOTS_BYTES = 20_000_000

Plays = dict[int, tuple[KeptPlay, bytes]]
"""The animations of one statement by their number, each with its piece."""


@dataclass(frozen=True)
class KeptSnapshot:
    """A scene to begin with, and what is said of it."""

    snapshot: Snapshot
    content: bytes


@dataclass(frozen=True)
class Offer:
    """What a render may take instead of drawing it."""

    statements: dict[int, Plays]
    snapshot: KeptSnapshot | None = None
    posters: Mapping[PlayId, bytes] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """Return what the render is told."""
        return {
            "kept": [
                play.model_dump()
                for plays in self.statements.values()
                for play, _ in plays.values()
            ],
            "snapshot": self.snapshot.snapshot.model_dump() if self.snapshot else None,
        }

    def place(self, folder: Path) -> None:
        """Copy the pieces into the folder of the render."""
        if self.statements:
            (folder / "kept").mkdir()
        for plays in self.statements.values():
            for play, piece in plays.values():
                create_plain(folder / play.file, piece)
        for play_id, poster in self.posters.items():
            create_plain(folder / name_kept(*play_id, ".png"), poster)
        if self.snapshot:
            create_plain(folder / KEPT_SNAPSHOT, self.snapshot.content)


NOTHING = Offer({})


class SegmentCache:
    """The pieces of one media folder.

    Parameters
    ----------
    media_dir
        They are in its ``segments``, which is made when the first is written.
    largest_bytes
        Beyond this those that were longest not used are deleted.
    """

    def __init__(self, media_dir: Path, *, largest_bytes: int = LARGEST_CACHE_BYTES) -> None:
        self._files = KeptFiles(media_dir / "segments", largest_bytes=largest_bytes)

    def find(self, script: Script) -> Offer:
        """Return what is kept of a script's statements, from the first on."""
        found: dict[int, Plays] = {}
        posters: dict[PlayId, bytes] = {}
        size = 0
        for statement, key in enumerate(script.keys):
            plays = self._read(statement, key)
            size += sum(len(piece) for _, piece in plays.values())
            if size > _LARGEST_JOB_BYTES:
                break
            if plays:
                found[statement] = plays
                posters.update(self._read_poster(statement, key, plays))
        return Offer(found, self._find_snapshot(script, found), posters)

    def write(
        self,
        script: Script,
        drawn: Iterable[DrawnPlay],
        offer: Offer,
        folder: Path,
        *,
        taken: Iterable[Snapshot] = (),
        poster_of: PlayId | None = None,
    ) -> None:
        """Keep the animations that a finished render drew in its folder, and its snapshots.

        Parameters
        ----------
        poster_of
            The animation at whose end its poster was taken.

        Raises
        ------
        RenderError
            The render's process claimed what it did not do.
        """
        by_statement: dict[int, Plays] = defaultdict(dict)
        for play in list(drawn)[:MOST_PLAYS]:
            if play.statement >= len(script.keys):
                raise RenderError(SPOILED)
            name = name_segment(play.animation)
            piece = read_plain(folder / name, largest_bytes=_LARGEST_JOB_BYTES)
            check_kind(piece, name)
            kept = KeptPlay(
                file=name_kept(play.statement, play.number, ".mp4"),
                **play.model_dump(exclude={"animation"}),
            )
            by_statement[play.statement][play.number] = (kept, piece)
        for statement, plays in by_statement.items():
            before = offer.statements.get(statement, {})
            self._write(script.keys[statement], {**before, **plays})
        if poster_of and poster_of not in offer.posters:
            statement, number = poster_of
            known = {**offer.statements.get(statement, {}), **by_statement.get(statement, {})}
            if number in known:
                self._write_poster(script.keys[statement], known[number][0], folder)
        snapshots = list(taken)
        self._write_snapshots(script, snapshots, folder)
        if by_statement or snapshots:
            self._files.make_room()

    def forget(self, script: Script) -> None:
        """Delete what is kept of a script."""
        for key in script.keys:
            for suffix in ("plays", "poster", "scene"):
                self._files.forget(f"{key}.{suffix}")

    def _read(self, statement: int, key: str) -> Plays:
        found = self._files.read(f"{key}.plays")
        return _unpack(statement, *found) if found else {}

    def _write(self, key: str, plays: Plays) -> None:
        ordered = [plays[number] for number in sorted(plays)]
        rows = [
            {**play.model_dump(exclude={"statement", "file"}), "size_bytes": len(piece)}
            for play, piece in ordered
        ]
        self._files.write(f"{key}.plays", rows, b"".join(piece for _, piece in ordered))

    def _read_poster(self, statement: int, key: str, plays: Plays) -> dict[PlayId, bytes]:
        found = self._files.read(f"{key}.poster")
        if found is None:
            return {}
        (number, begin), poster = found
        play = plays.get(number)
        is_of_it = play is not None and play[0].begin == begin
        return {(statement, number): poster} if is_of_it else {}

    def _write_poster(self, key: str, play: KeptPlay, folder: Path) -> None:
        poster = read_plain(folder / POSTER_NAME, largest_bytes=_LARGEST_JOB_BYTES)
        check_kind(poster, POSTER_NAME)
        self._files.write(f"{key}.poster", [play.number, play.begin], poster)

    def _find_snapshot(self, script: Script, plays: dict[int, Plays]) -> KeptSnapshot | None:
        """Return the last snapshot of which everything that was played before is kept."""
        kept = {
            (play.statement, play.number, play.begin)
            for of_statement in plays.values()
            for play, _ in of_statement.values()
        }
        for statement in reversed(script.boundaries):
            found = self._files.read(_name_snapshot(script, statement))
            snapshot = _read_snapshot(statement, found[0]) if found else None
            if found and snapshot and kept.issuperset(snapshot.plays):
                return KeptSnapshot(snapshot, found[1])
        return None

    def _write_snapshots(self, script: Script, taken: Iterable[Snapshot], folder: Path) -> None:
        """Keep what is not too large, the latest first: mostly the end of a scene is changed."""
        left = _LARGEST_SNAPSHOTS_BYTES
        for snapshot in sorted(taken, key=lambda taken: -taken.statement):
            if snapshot.statement not in script.boundaries:
                raise RenderError(SPOILED)
            place = folder / name_snapshot(snapshot.statement)
            content = read_plain(place, largest_bytes=_LARGEST_SNAPSHOTS_BYTES)
            left -= len(content)
            if left < 0:
                break
            name = _name_snapshot(script, snapshot.statement)
            self._files.write(name, snapshot.model_dump(exclude={"statement"}), content)


def _name_snapshot(script: Script, statement: int) -> str:
    # What comes before a statement decides the scene before it, and no more.
    return f"{script.keys[statement - 1]}.scene"


def _read_snapshot(statement: int, header: dict[str, Any]) -> Snapshot | None:
    try:
        return Snapshot(statement=statement, **header)
    except (ValidationError, TypeError):  # another version of this program wrote it
        return None


def _unpack(statement: int, rows: list[dict[str, Any]], pieces: bytes) -> Plays:
    plays: Plays = {}
    at = 0
    try:
        for row in rows:
            size = row.pop("size_bytes")
            file = name_kept(statement, row["number"], ".mp4")
            plays[row["number"]] = (
                KeptPlay(statement=statement, file=file, **row),
                pieces[at : at + size],
            )
            at += size
    except (ValidationError, KeyError, TypeError):  # another version of this program wrote it
        return {}
    return plays


@functools.cache
def describe_tools() -> dict[str, Any]:
    """Return which programs decide how a piece is drawn and encoded."""
    return {
        "manim": version("manim"), "av": version("av"), "numpy": version("numpy"),
        "pycairo": version("pycairo"), "manimpango": version("manimpango"),
        # Functions are kept as Python's own code, and objects as this program makes them.
        "python": sys.implementation.cache_tag, "svgelements": version("svgelements"),
        "shaperotator-magic": version("shaperotator-magic"),
        "compiled": list_built(),
    }  # fmt: skip
