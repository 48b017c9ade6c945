"""A renderer that draws no scene: it is scripted, keeps what it was asked, and gives a real MP4."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from shaperotator_magic.core.records import (
    CheckedScene,
    Origin,
    RenderedVideo,
    SceneCode,
)
from shaperotator_magic.rendering.renderer import ProgressListener, RenderRequest, SegmentListener

FRAMES, FPS = 12, 12


def build_checked(source: str, scene_name: str = "S") -> CheckedScene:
    """Return a scene as if it had passed the checks."""
    origin = Origin(writer="model", model="m")
    return CheckedScene(code=SceneCode(source=source, scene_name=scene_name, origin=origin))


def make_video(folder: Path, name: str = "fake", *, width: int = 64, height: int = 36) -> Path:
    """Write a second of a moving square, and its poster beside it; returns the MP4's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        for number in range(FRAMES):
            picture = np.zeros((height, width, 3), np.uint8)
            picture[8:24, 4 * number : 4 * number + 16] = 255
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(stream.encode())
    av.VideoFrame.from_ndarray(picture).to_image().save(path.with_suffix(".png"))
    return path


def describe_video(path: Path, *, width: int = 64, height: int = 36) -> RenderedVideo:
    """Return the record of a video of ``make_video``."""
    data = path.read_bytes()
    return RenderedVideo(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        duration_s=FRAMES / FPS,
        width_px=width,
        height_px=height,
        fps=FPS,
        poster=path.with_suffix(".png"),
        renderer="worker",
    )


class FakeRenderer:
    """Raises its outcomes in order, None meaning a video; afterwards always a video.

    Attributes
    ----------
    requests
        What every render was asked, in order.
    scenes, variables
        What was to be drawn, and with which variables.
    """

    name = "worker"

    def __init__(self, outcomes: Sequence[BaseException | None] = ()) -> None:
        self.outcomes = list(outcomes)
        self.requests: list[RenderRequest] = []
        self.scenes: list[CheckedScene] = []
        self.variables: list[dict[str, Any]] = []
        self.warmed_up = 0

    def warm_up(self) -> None:
        self.warmed_up += 1

    def render(
        self,
        scene: CheckedScene,
        request: RenderRequest,
        *,
        variables: Mapping[str, Any],
        on_progress: ProgressListener,
        on_segment: SegmentListener | None = None,
    ) -> RenderedVideo:
        self.scenes.append(scene)
        self.requests.append(request)
        self.variables.append(dict(variables))
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome
        on_progress(FRAMES, FRAMES)
        return describe_video(make_video(request.media_dir))
