"""Finished videos by the content that made them, in the media folder, bounded in size.

A video's file is named by its own hash; beside it ``KEY.json`` says which content made it. Both
are written in one step each, video first, so a reader never meets half of one; what a reader finds
is hashed again, so a damaged file is never shown. A scene that draws random numbers without a seed
is kept like any other: the same cell shows the same video again, and ``--no-cache`` draws it anew.
A scene that reads a file is drawn every time, for the file may have changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from shaperotator_magic.records import RenderedVideo, SceneCode
from shaperotator_magic.rendering.finished import FinishedFiles
from shaperotator_magic.rendering.plain_files import check_kind, read_plain
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.whole_files import written_whole

# Raise it whenever the same content would be drawn or encoded in another way.
RENDERER_VERSION = 5
LARGEST_CACHE_BYTES = 2_000_000_000
_LARGEST_FILE_BYTES = 500_000_000
_ABANDONED_AFTER_S = 3600
_FILE_READERS = re.compile(
    r"\b(ImageMobject|SVGMobject|OpenGLImageMobject|OpenGLSVGMobject|add_sound|code_file|"
    r"background_image|register_font|from_file|from_svg_file|loadtxt|genfromtxt|fromfile|open|"
    r"read_\w+|config_file|Path)\b"
)


def describe_request(request: RenderRequest, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything but a scene's code that decides how it looks.

    Parameters
    ----------
    variables
        As ``encode_variables`` returns them.
    """
    bound = json.dumps(variables, sort_keys=True).encode()
    return {
        "renderer": RENDERER_VERSION,
        "manim": version("manim"),
        "size": [request.width_px, request.height_px, request.fps],
        "still": request.still,
        "math": request.math,
        "seed": request.seed,
        "variables": hashlib.sha256(bound).hexdigest(),
    }


def build_key(code: SceneCode, facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a scene's code and of what ``describe_request`` says."""
    content = {**facts, "source": code.source, "scene_name": code.scene_name}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def reads_files(code: SceneCode) -> bool:
    """Tell whether a scene's source names anything that takes its content from a file."""
    return _FILE_READERS.search(code.source) is not None


class VideoCache:
    """The videos of one media folder.

    Parameters
    ----------
    media_dir
        Folder of the videos; made when the first one is written.
    largest_bytes
        Beyond this the videos that were longest not shown are deleted.
    """

    def __init__(self, media_dir: Path, *, largest_bytes: int = LARGEST_CACHE_BYTES) -> None:
        self._media_dir = media_dir
        self._largest_bytes = largest_bytes

    def read(self, key: str) -> RenderedVideo | None:
        """Return the finished video, None where there is none or its files are damaged."""
        entry = self._media_dir / f"{key}.json"
        video = self._read_entry(entry)
        try:
            if video is None or not video.poster.exists() or _hash_file(video.path) != video.sha256:
                return None
            now = time.time()
            os.utime(entry, (now, now))
        except OSError:
            return None
        return video.model_copy(update={"is_from_cache": True})

    def write(
        self, key: str, folder: Path, made: FinishedFiles, *, renderer: Literal["worker", "kernel"]
    ) -> RenderedVideo:
        """Take a finished render out of its folder and return the record of it.

        Raises
        ------
        RenderError
            A file of it is not a file, but a link or a device, or is larger than 500 MB.
        """
        self._media_dir.mkdir(parents=True, exist_ok=True)
        content, poster = (
            read_plain(folder / name, largest_bytes=_LARGEST_FILE_BYTES)
            for name in (made.file, made.poster)
        )
        check_kind(content, made.file)
        check_kind(poster, made.poster)
        sha256 = hashlib.sha256(content).hexdigest()
        video = RenderedVideo(
            path=self._place(content, f"{sha256}{Path(made.file).suffix}"),
            poster=self._place(poster, f"{sha256}.poster.png"),
            sha256=sha256,
            size_bytes=len(content),
            renderer=renderer,
            **made.model_dump(exclude={"file", "poster", "poster_of"}),
        )
        self._place(video.model_dump_json().encode(), f"{key}.json")
        self._make_room(self._media_dir / f"{key}.json")
        return video

    def _place(self, content: bytes, name: str) -> Path:
        place = self._media_dir / name
        with written_whole(place) as unfinished:
            unfinished.write_bytes(content)
        return place

    def _read_entry(self, entry: Path) -> RenderedVideo | None:
        try:
            video = RenderedVideo.model_validate_json(entry.read_bytes())
        except (OSError, ValidationError):
            return None
        # The folder may have been moved since: what counts is what lies beside the entry.
        beside = {name: self._media_dir / getattr(video, name).name for name in ("path", "poster")}
        return video.model_copy(update=beside)

    def _make_room(self, newest: Path) -> None:
        sizes = dict(self._measure("*.mp4", "*.png"))
        excess = sum(sizes.values()) - self._largest_bytes
        if excess <= 0:
            return
        self._delete_unfinished()
        entries = self._list_entries()
        kept = {path for entry, files in entries.items() if entry == newest for path in files}
        for entry, files in entries.items():
            if excess <= 0 or entry == newest:
                continue
            entry.unlink(missing_ok=True)
            for path in files - kept:
                path.unlink(missing_ok=True)
                excess -= sizes.pop(path, 0)

    def _list_entries(self) -> dict[Path, set[Path]]:
        """Return the files of every entry, the one longest not shown first."""
        ages = dict(self._measure("*.json", what="st_mtime"))
        listed = {}
        for entry in sorted(ages, key=ages.__getitem__):
            video = self._read_entry(entry)
            listed[entry] = {video.path, video.poster, video.small_path} if video else set()
        return listed

    def _measure(self, *patterns: str, what: str = "st_size") -> Iterator[tuple[Path, float]]:
        for pattern in patterns:
            for path in self._media_dir.glob(pattern):
                try:
                    yield path, getattr(path.stat(), what)
                except FileNotFoundError:
                    continue  # another process made room as well

    def _delete_unfinished(self) -> None:
        """Delete what a process left that was killed while it wrote."""
        for path, changed_at in self._measure(".*.unfinished", what="st_mtime"):
            if changed_at < time.time() - _ABANDONED_AFTER_S:
                path.unlink(missing_ok=True)


def _hash_file(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
