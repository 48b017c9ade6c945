"""Finished videos by the content that made them, in the media folder, bounded in size.

A video's file is named by its own hash; beside it ``KEY.json`` says which content made it. Both
are written in one step each, video first, so a reader never meets half of one. A scene that draws
random numbers without a seed is kept like any other: the same cell shows the same video again,
and ``--no-cache`` draws it anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from shaperotator_magic.records import RenderedVideo, SceneCode
from shaperotator_magic.rendering.renderer import RenderRequest

# Raise it whenever the same content would be drawn or encoded in another way.
RENDERER_VERSION = 1
LARGEST_CACHE_BYTES = 2_000_000_000


def build_key(code: SceneCode, request: RenderRequest, variables: Mapping[str, Any]) -> str:
    """Return the SHA-256 of everything that decides how the video looks."""
    content = {
        "renderer": RENDERER_VERSION,
        "manim": version("manim"),
        "source": code.source,
        "scene_name": code.scene_name,
        "size": [request.width_px, request.height_px, request.fps],
        "still": request.still,
        "seed": request.seed,
        "variables": variables,
    }
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


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
        try:
            video = RenderedVideo.model_validate_json(entry.read_text())
            is_whole = video.path.stat().st_size == video.size_bytes and video.poster.exists()
        except (OSError, ValidationError):
            return None
        if not is_whole:
            return None
        now = time.time()
        os.utime(entry, (now, now))
        return video.model_copy(update={"is_from_cache": True})

    def write(
        self,
        key: str,
        folder: Path,
        made: Mapping[str, Any],
        *,
        renderer: Literal["worker", "kernel"],
    ) -> RenderedVideo:
        """Move a finished render out of its folder and return the record of it.

        ``made`` holds the names of the files in ``folder``, and the record's other fields.
        """
        self._media_dir.mkdir(parents=True, exist_ok=True)
        facts = dict(made)
        source, poster = folder / facts.pop("file"), folder / facts.pop("poster")
        sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
        video = RenderedVideo(
            path=self._place(source, f"{sha256}{source.suffix}"),
            poster=self._place(poster, f"{sha256}.poster.png"),
            sha256=sha256,
            size_bytes=source.stat().st_size,
            renderer=renderer,
            **facts,
        )
        self._write_entry(key, video)
        self._make_room()
        return video

    def _place(self, source: Path, name: str) -> Path:
        target = self._media_dir / name
        unfinished = self._media_dir / f".{name}.{os.getpid()}"
        shutil.copyfile(source, unfinished)
        unfinished.replace(target)
        return target

    def _write_entry(self, key: str, video: RenderedVideo) -> None:
        unfinished = self._media_dir / f".{key}.{os.getpid()}"
        unfinished.write_text(video.model_dump_json())
        unfinished.replace(self._media_dir / f"{key}.json")

    def _make_room(self) -> None:
        sizes = {path: path.stat().st_size for path in self._media_dir.glob("*.mp4")}
        excess = sum(sizes.values()) - self._largest_bytes
        if excess <= 0:
            return
        entries = sorted(self._media_dir.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for entry in entries[:-1]:
            video = RenderedVideo.model_validate_json(entry.read_text())
            entry.unlink(missing_ok=True)
            video.path.unlink(missing_ok=True)
            video.poster.unlink(missing_ok=True)
            excess -= sizes.pop(video.path, 0)
            if excess <= 0:
                return
