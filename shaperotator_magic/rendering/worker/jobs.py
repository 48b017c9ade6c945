"""The orders to a supervisor, and what is cached of their results.

Every job has a number of its own. A ``Drawing`` is one scene with the caches of its media folder:
it offers what is cached there, and stores what is new.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
import copy
import itertools
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import RenderError
from shaperotator_magic.core.records import CheckedScene, RenderedVideo
from shaperotator_magic.core.styles.look import build_look
from shaperotator_magic.rendering.caching.video_cache import VideoCache
from shaperotator_magic.rendering.checkpoints.dependencies import Script
from shaperotator_magic.rendering.checkpoints.segment_cache import NOTHING, SegmentCache
from shaperotator_magic.rendering.exchange.finished import FinishedFiles
from shaperotator_magic.rendering.exchange.plays import name_segment
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.reports import RunningRender

_job_numbers = itertools.count(1)
_SEED = 0
# The share of its processor time that a render may spend on checkpoints before the last quarter
# of its scene; ``restoring`` has the factors for the rest.
_CHECKPOINT_SHARE = 0.005


def number_job() -> int:
    """Return a number that no other job of this process has."""
    return next(_job_numbers)


def choose_kind(request: RenderRequest) -> str:
    """Return the kind of job for a request; see ``children.KINDS``."""
    if request.still:
        return "still"
    return "counted video" if request.counts_frames else "video"


def build_job(
    kind: str,
    scene: CheckedScene,
    request: RenderRequest,
    encoded: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the order for one scene, with the variables as ``encode_variables`` gives them."""
    return {
        "job": number_job(),
        "kind": kind,
        "source": scene.code.source,
        "scene_name": scene.code.scene_name,
        "variables": encoded,
        "width_px": request.width_px,
        "height_px": request.height_px,
        "fps": request.fps,
        "still": request.still,
        "math": request.math,
        "fonts": request.fonts,
        "inputs": [given.name for given in request.input_files],
        "place": request.place,
        "config": dict(request.config),
        "look": build_look(request.style, scene.code.source),
        "timeout_s": request.timeout_s,
        "seed": _choose_seed(request),
    }


def _choose_seed(request: RenderRequest) -> int:
    """Drawing, rehearsal and the next drawing get the same random numbers, unless uncached."""
    if request.seed is not None:
        return request.seed
    return _SEED if request.use_cache else secrets.randbelow(2**32)


class Drawing:
    """One scene, drawn with the caches of its media folder."""

    def __init__(
        self,
        job: dict[str, Any],
        request: RenderRequest,
        cache: VideoCache,
        key: str,
        script: Script | None,
    ) -> None:
        self.request = request
        self._job = job
        self._cache = cache
        self._key = key
        self._script = script
        self._segments = SegmentCache(request.media_dir)
        self._offer = self._segments.find(script) if script else NOTHING

    def without_cache(self) -> Drawing:
        """Delete the cached segments that did not match; return a drawing without any."""
        if self._script:
            self._segments.forget(self._script)
        return Drawing(self._job, self.request, self._cache, self._key, self._script)

    @property
    def starts_at_checkpoint(self) -> bool:
        """Whether the scene is restored from a checkpoint."""
        return self._offer.checkpoint is not None

    def without_checkpoint(self) -> Drawing:
        """Return a drawing that runs every statement, with the cached segments."""
        drawing = copy.copy(self)
        drawing._offer = replace(self._offer, checkpoint=None)
        return drawing

    def prepare(self, folder: Path) -> dict[str, Any]:
        """Copy what is cached into the folder of the render; return the order."""
        if self._script is None:
            return {**self._job, "script": None}
        self._offer.place(folder)
        facts = {
            "construct_line": self._script.construct_line,
            "lines": self._script.lines,
            "boundaries": self._script.boundaries,
            "share": _CHECKPOINT_SHARE,
            **self._offer.describe(),
        }
        return {**self._job, "job": number_job(), "script": facts}

    def grow(self, key: str, script: Script | None) -> Drawing:
        """Return this drawing with a script that begins like its own, and the key of the whole."""
        drawing = copy.copy(self)
        drawing._key, drawing._script = key, script
        return drawing

    def offer_more(self, folder: Path, script: Script, begin: int) -> list[dict[str, Any]]:
        """Offer the running render what is cached of its statements from ``begin`` on."""
        more = self._segments.find(script, begin=begin)
        more.place(folder)
        self._offer |= more
        kept: list[dict[str, Any]] = more.describe()["kept"]
        return kept

    def keep_segments(self, folder: Path, render: RunningRender) -> None:
        """Store the segments of a render that was ended, as far as they are complete."""
        if self._script is None:
            return
        drawn = [p for p in render.drawn if (folder / name_segment(p.animation)).exists()]
        with contextlib.suppress(RenderError):
            self._segments.write(self._script, drawn, self._offer, folder, taken=render.checkpoints)

    def keep(self, folder: Path, made: FinishedFiles, render: RunningRender) -> RenderedVideo:
        """Store the video and its new segments from the folder of the render."""
        video = self._cache.write(self._key, folder, made, renderer="worker")
        if self._script is not None:
            self._segments.write(
                self._script,
                render.drawn,
                self._offer,
                folder,
                taken=render.checkpoints,
                poster_of=made.poster_of,
            )
        return video
