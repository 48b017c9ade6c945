"""The cache of finished videos in the media folder: keyed by content, bounded in size.

A video's file is named by its own hash; beside it, ``KEY.json`` names the content that made it.
Both are written atomically, the video first, so that no reader meets an incomplete entry. A reader
verifies the hash again, so that a damaged file is never shown. A scene that draws random numbers
without a seed is cached like any other: the same cell shows the same video again, and
``--no-cache`` draws it again. A scene that reads a file is never cached: the file may have changed.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from shaperotator_magic.core.atomic_files import replacing
from shaperotator_magic.core.errors import RenderError
from shaperotator_magic.core.records import RenderedVideo, SceneCode
from shaperotator_magic.core.styles.fonts.machine import hash_faces
from shaperotator_magic.rendering.exchange.finished import FinishedFiles
from shaperotator_magic.rendering.exchange.geometry import (
    LARGEST_GEOMETRY_BYTES,
    GeometryError,
    check_geometry,
)
from shaperotator_magic.rendering.exchange.regular_files import (
    check_kind,
    is_plain_svg,
    read_regular,
)
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.stand_ins.installed import describe_manim

# Raise it whenever the same content would be drawn or encoded in another way.
RENDERER_VERSION = 6
LARGEST_CACHE_BYTES = 2_000_000_000
_LARGEST_FILE_BYTES = 500_000_000
_LARGEST_DRAWING_BYTES = 20_000_000
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
        "manim": describe_manim(),
        "size": [request.width_px, request.height_px, request.fps],
        "still": request.still,
        "math": request.math,
        # With 'auto' LaTeX sets what we cannot, and what asks for fonts of its own.
        "latex": request.math != "typst" and shutil.which("latex") is not None,
        "fonts": hash_faces() if request.fonts == "bundled" else request.fonts,
        "seed": request.seed,
        "variables": hashlib.sha256(bound).hexdigest(),
        "inputs": {given.name: _hash_file(given.path) for given in request.input_files},
        "config": dict(request.config),
        **_describe_style(request),
    }


def _describe_style(request: RenderRequest) -> dict[str, Any]:
    """Return what a pack changes; nothing where it is manim's own look, whose keys are as ever."""
    digest = request.style.digest if request.style else ""
    return {"style": digest} if digest else {}


def build_key(code: SceneCode, facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a scene's code and of what ``describe_request`` returns."""
    content = {**facts, "source": code.source, "scene_name": code.scene_name}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def reads_files(code: SceneCode) -> bool:
    """Return whether a scene may take its content from a file that the cache's key does not hold.

    Of the user's files it does, and the checks see to it that no others are read.
    """
    return not code.files and _FILE_READERS.search(code.source) is not None


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
            read_regular(folder / name, largest_bytes=_LARGEST_FILE_BYTES)
            for name in (made.file, made.poster)
        )
        check_kind(content, made.file)
        check_kind(poster, made.poster)
        sha256 = hashlib.sha256(content).hexdigest()
        geometry, notes = _read_geometry(folder, made)
        video = RenderedVideo(
            path=self._place(content, f"{sha256}{Path(made.file).suffix}"),
            poster=self._place(poster, f"{sha256}.poster.png"),
            geometry=self._place(geometry, f"{sha256}.srg") if geometry else None,
            notes=(*made.notes, *notes),
            sha256=sha256,
            size_bytes=len(content),
            renderer=renderer,
            **made.model_dump(
                exclude={"file", "poster", "poster_of", "drawing", "geometry", "notes"}
            ),
        )
        if made.drawing is not None:
            drawing = read_regular(folder / made.drawing, largest_bytes=_LARGEST_DRAWING_BYTES)
            if is_plain_svg(drawing):  # a scene may have written another one in its place
                self._place(drawing, f"{sha256}.svg")
        self._place(video.model_dump_json().encode(), f"{key}.json")
        self._evict(self._media_dir / f"{key}.json")
        return video

    def _place(self, content: bytes, name: str) -> Path:
        place = self._media_dir / name
        with replacing(place) as unfinished:
            unfinished.write_bytes(content)
        return place

    def _read_entry(self, entry: Path) -> RenderedVideo | None:
        try:
            video = RenderedVideo.model_validate_json(entry.read_bytes())
        except (OSError, ValidationError):
            return None
        # The folder may have been moved since: what counts is what lies beside the entry.
        files = {"path": video.path, "poster": video.poster, "geometry": video.geometry}
        beside = {name: self._media_dir / path.name for name, path in files.items() if path}
        return video.model_copy(update=beside)

    def _evict(self, newest: Path) -> None:
        sizes = dict(self._measure("*.mp4", "*.png", "*.srg"))
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
            listed[entry] = set(video.files) if video else set()
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


def _read_geometry(folder: Path, made: FinishedFiles) -> tuple[bytes | None, tuple[str, ...]]:
    """Return the shapes that a render left, or why they cannot be turned; the video stays."""
    if made.geometry is None:
        return None, ()
    try:
        content = read_regular(folder / made.geometry, largest_bytes=LARGEST_GEOMETRY_BYTES)
        check_geometry(content)
    except (GeometryError, RenderError) as exc:
        reason = str(exc) if isinstance(exc, GeometryError) else exc.message
        return None, (f"It cannot be turned: the file of its shapes is not sound ({reason}).",)
    return content, ()


def _hash_file(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
