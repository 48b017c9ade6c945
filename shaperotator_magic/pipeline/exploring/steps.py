"""What a page is given of a result to step through it and to turn it.

Runs wherever results are shown: in a kernel, a service or ``share``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from shaperotator_magic.core.control_characters import show_controls
from shaperotator_magic.core.records import RenderedVideo


def build_explore(video: RenderedVideo | None) -> dict[str, Any] | None:
    """Return the steps and the shapes of a video as JSON-able values; None where it has neither.

    ``geometry`` is the file beside the video, as base64; empty where nothing has depth.
    """
    if video is None or not video.steps:
        return None
    steps = [
        {"name": show_controls(step.name), "start_s": step.start_s, "end_s": step.end_s}
        for step in video.steps
    ]
    return {"steps": steps, "geometry": _encode_geometry(video)}


def _encode_geometry(video: RenderedVideo) -> str:
    if video.geometry is None or not video.geometry.is_file():
        return ""
    return base64.b64encode(video.geometry.read_bytes()).decode()


def describe_explore(explore: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what the facts of a result say of it; the shapes themselves are in its HTML, once."""
    if explore is None:
        return None
    size = len(explore["geometry"]) * 3 // 4
    geometry = {"bytes": size, "in": "text/html"} if size else None
    return {"steps": explore["steps"], "geometry": geometry}


def dump_explore(explore: Mapping[str, Any]) -> str:
    """Return the values as the text of the attribute ``data-sr-explore``."""
    return json.dumps(explore, ensure_ascii=False, separators=(",", ":"))
