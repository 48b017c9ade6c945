"""What a render process is told to do, and what is kept of what it did.

Every job has a number of its own. A ``Drawing`` is one scene on its way into the caches of its
media folder: it offers what is kept there, and takes what is new.
"""

from __future__ import annotations

import copy
import itertools
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from shaperotator_magic.records import CheckedScene, RenderedVideo
from shaperotator_magic.rendering.cache import VideoCache
from shaperotator_magic.rendering.finished import FinishedFiles
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.running import RunningRender
from shaperotator_magic.rendering.scripts import Script
from shaperotator_magic.rendering.segment_cache import NOTHING, SegmentCache

_job_numbers = itertools.count(1)
_SEED = 0
# Of its processor time, what a render may spend on being taken up in the middle some day, before
# the last quarter of its scene; ``resuming`` has the rest.
_SNAPSHOT_SHARE = 0.005


def number_job() -> int:
    """Return a number that no other job of this process has."""
    return next(_job_numbers)


def choose_kind(request: RenderRequest) -> str:
    """Return which kind of job draws what is asked for; see ``children.KINDS``."""
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
        "inputs": [path.name for path in request.inputs],
        "timeout_s": request.timeout_s,
        "seed": _choose_seed(request),
    }


def _choose_seed(request: RenderRequest) -> int:
    """Drawing, rehearsal and the next drawing meet the same random numbers, unless all is anew."""
    if request.seed is not None:
        return request.seed
    return _SEED if request.use_cache else secrets.randbelow(2**32)


class Drawing:
    """One scene on its way into the caches of its media folder."""

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

    def without_kept(self) -> Drawing:
        """Forget the pieces that did not fit; return the same with every animation drawn."""
        if self._script:
            self._segments.forget(self._script)
        return Drawing(self._job, self.request, self._cache, self._key, self._script)

    @property
    def begins_in_the_middle(self) -> bool:
        """Whether the scene is taken up where it had been put aside."""
        return self._offer.snapshot is not None

    def from_the_beginning(self) -> Drawing:
        """Return the same with every statement run; what was drawn is kept."""
        drawing = copy.copy(self)
        drawing._offer = replace(self._offer, snapshot=None)
        return drawing

    def prepare(self, folder: Path) -> dict[str, Any]:
        """Put what is kept into the folder of the render; return its job."""
        if self._script is None:
            return {**self._job, "script": None}
        self._offer.place(folder)
        told = {
            "construct_line": self._script.construct_line,
            "lines": self._script.lines,
            "boundaries": self._script.boundaries,
            "share": _SNAPSHOT_SHARE,
            **self._offer.describe(),
        }
        return {**self._job, "job": number_job(), "script": told}

    def keep(self, folder: Path, made: FinishedFiles, render: RunningRender) -> RenderedVideo:
        """Take the video and its new pieces out of the folder of the render."""
        video = self._cache.write(self._key, folder, made, renderer="worker")
        if self._script is not None:
            self._segments.write(
                self._script,
                render.drawn,
                self._offer,
                folder,
                taken=render.snapshots,
                poster_of=made.poster_of,
            )
        return video
