"""Pieces of video by the script that played them, in the media folder, bounded in size.

One file holds all animations that one statement of construct() played: a line with a hash of the
rest, a line that describes them, and their pieces one after the other. It is written in one step
and never changed, so a reader never meets half of one, and what does not have its hash is not used.

A scene's process sees copies of the pieces that may fit. Which script a piece belongs to is known
here and not asked of that process: code can only spoil pieces of scenes that begin as itself does.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from shaperotator_magic.errors import RenderError
from shaperotator_magic.rendering.plain_files import check_kind, create_plain, read_plain
from shaperotator_magic.rendering.plays import DrawnPlay, KeptPlay, name_segment
from shaperotator_magic.rendering.scripts import Script

LARGEST_CACHE_BYTES = 500_000_000
_LARGEST_JOB_BYTES = 100_000_000
_MOST_PLAYS = 2000
_ABANDONED_AFTER_S = 3600

Plays = dict[int, tuple[KeptPlay, bytes]]
"""The animations of one statement by their number, each with its piece."""


@dataclass(frozen=True)
class Offer:
    """What a render may take instead of drawing it."""

    statements: dict[int, Plays]

    def describe(self) -> list[dict[str, Any]]:
        """Return what the render is told."""
        return [
            play.model_dump() for plays in self.statements.values() for play, _ in plays.values()
        ]

    def place(self, folder: Path) -> None:
        """Copy the pieces into the folder of the render."""
        if self.statements:
            (folder / "kept").mkdir()
        for plays in self.statements.values():
            for play, piece in plays.values():
                create_plain(folder / play.file, piece)


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
        self._folder = media_dir / "segments"
        self._largest_bytes = largest_bytes

    def find(self, script: Script) -> Offer:
        """Return what is kept of a script's statements, from the first on."""
        found: dict[int, Plays] = {}
        size = 0
        for statement, key in enumerate(script.keys):
            plays = self._read(statement, key)
            size += sum(len(piece) for _, piece in plays.values())
            if size > _LARGEST_JOB_BYTES:
                break
            if plays:
                found[statement] = plays
        return Offer(found)

    def write(self, script: Script, drawn: Iterable[DrawnPlay], offer: Offer, folder: Path) -> None:
        """Keep the animations that a finished render drew in its folder.

        Raises
        ------
        RenderError
            The render's process claimed what it did not do.
        """
        by_statement: dict[int, Plays] = defaultdict(dict)
        for play in list(drawn)[:_MOST_PLAYS]:
            if play.statement >= len(script.keys):
                raise RenderError("The scene spoiled the report of its own render.")
            name = name_segment(play.animation)
            piece = read_plain(folder / name, largest_bytes=_LARGEST_JOB_BYTES)
            check_kind(piece, name)
            kept = KeptPlay(
                file=_name_piece(play.statement, play.number),
                **play.model_dump(exclude={"animation"}),
            )
            by_statement[play.statement][play.number] = (kept, piece)
        for statement, plays in by_statement.items():
            before = offer.statements.get(statement, {})
            self._write(script.keys[statement], {**before, **plays})
        if by_statement:
            self._make_room()

    def forget(self, script: Script) -> None:
        """Delete what is kept of a script."""
        for key in script.keys:
            self._place_of(key).unlink(missing_ok=True)

    def _place_of(self, key: str) -> Path:
        return self._folder / f"{key}.plays"

    def _read(self, statement: int, key: str) -> Plays:
        place = self._place_of(key)
        try:
            told, _, content = place.read_bytes().partition(b"\n")
            if hashlib.sha256(content).hexdigest().encode() != told:
                return {}
            now = time.time()
            os.utime(place, (now, now))
        except OSError:
            return {}
        header, _, pieces = content.partition(b"\n")
        return _unpack(statement, json.loads(header), pieces)

    def _write(self, key: str, plays: Plays) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        ordered = [plays[number] for number in sorted(plays)]
        rows = [
            {**play.model_dump(exclude={"statement", "file"}), "size_bytes": len(piece)}
            for play, piece in ordered
        ]
        content = b"\n".join([json.dumps(rows).encode(), b"".join(piece for _, piece in ordered)])
        told = hashlib.sha256(content).hexdigest().encode()
        unfinished = self._folder / f".{uuid4().hex}.unfinished"
        try:
            unfinished.write_bytes(told + b"\n" + content)
            unfinished.replace(self._place_of(key))
        finally:
            unfinished.unlink(missing_ok=True)

    def _make_room(self) -> None:
        files = sorted(self._list(), key=lambda file: file[1])
        excess = sum(size for _, _, size in files) - self._largest_bytes
        now = time.time()
        for path, used_at, size in files:
            is_abandoned = path.suffix == ".unfinished" and used_at < now - _ABANDONED_AFTER_S
            if excess > 0 or is_abandoned:
                path.unlink(missing_ok=True)
                excess -= size

    def _list(self) -> Iterator[tuple[Path, float, int]]:
        for path in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process made room as well
                facts = path.stat()
                yield path, facts.st_mtime, facts.st_size


def _unpack(statement: int, rows: list[dict[str, Any]], pieces: bytes) -> Plays:
    plays: Plays = {}
    at = 0
    try:
        for row in rows:
            size = row.pop("size_bytes")
            file = _name_piece(statement, row["number"])
            plays[row["number"]] = (
                KeptPlay(statement=statement, file=file, **row),
                pieces[at : at + size],
            )
            at += size
    except (ValidationError, KeyError, TypeError):  # another version of this program wrote it
        return {}
    return plays


def _name_piece(statement: int, number: int) -> str:
    return f"kept/{statement}-{number}.mp4"


def describe_tools() -> dict[str, Any]:
    """Return which programs decide how a piece is drawn and encoded."""
    is_compiled = find_spec("shaperotator_magic.rendering._drawing") is not None
    return {
        "manim": version("manim"), "av": version("av"), "numpy": version("numpy"),
        "pycairo": version("pycairo"), "manimpango": version("manimpango"),
        "is_compiled": is_compiled,
    }  # fmt: skip
