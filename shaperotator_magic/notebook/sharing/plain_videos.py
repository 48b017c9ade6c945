"""Prepares videos that are not of our cards, such as those of manim's own ``%manim``, for sending.

IPython writes ``<video><source src=…>`` for them, without a poster: black on a page, no video in an
untrusted notebook, a line of Python in a PDF. Here such a video gets a poster and is embedded. Runs
in the kernel or in ``shaperotator share``.

Runs in the user's kernel, or in ``shaperotator share``.
"""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import av

from shaperotator_magic.rendering.video.transcoding import write_small_video
from shaperotator_magic.rendering.video.video import POSTER_WIDTH_PX, write_telling_poster

_VIDEO = re.compile(r"<video\b(?P<own>[^>]*)>(?P<inside>.*?)</video\s*>", re.DOTALL | re.IGNORECASE)
_SOURCE = re.compile(r"\ssrc\s*=\s*[\"']([^\"']+)[\"']", re.IGNORECASE)
_EMBEDDED = re.compile(r"data:video/mp4;base64,([A-Za-z0-9+/=\s]+)$")
_WIDTH = re.compile(r"width\s*[:=]\s*[\"']?\s*(\d+(?:px|%)?)", re.IGNORECASE)

FindFile = Callable[[str], Path | None]


def mend_plain_video(data: Any, find_file: FindFile, *, limit_bytes: int) -> list[str]:
    """Embed the video of an output that is not ours, with a poster; return the embedded files.

    Parameters
    ----------
    data
        The output's data by MIME type, changed in place; it also gets the poster as
        ``image/png``, for paper.
    find_file
        Returns the file that a relative address names, None where there is none.
    limit_bytes
        A larger video becomes a copy in 480p15; one that is too large even then stays linked.
    """
    html = "".join(data.get("text/html", ""))
    found = _VIDEO.search(html)
    source = _SOURCE.search(found["own"]) or _SOURCE.search(found["inside"]) if found else None
    if found is None or source is None:
        return []
    embedded = _EMBEDDED.match(source[1])
    file = None if embedded else find_file(source[1])
    if embedded is None and (file is None or file.suffix != ".mp4"):
        return []
    content = base64.b64decode(embedded[1]) if embedded else _read(file)
    try:
        content, picture = _prepare(content, limit_bytes)
    except av.error.FFmpegError:
        return []  # no video that could be read: it stays as it is
    if len(content) > limit_bytes:
        return []
    poster = base64.b64encode(picture).decode()
    address = f"data:video/mp4;base64,{base64.b64encode(content).decode()}"
    tag = _build_tag(found["own"], address, f"data:image/png;base64,{poster}")
    data["text/html"] = f"{html[: found.start()]}{tag}{html[found.end() :]}"
    data.setdefault("image/png", poster)
    return [file.name] if file else []


def _read(file: Path | None) -> bytes:
    return file.read_bytes() if file else b""


def _prepare(content: bytes, limit_bytes: int) -> tuple[bytes, bytes]:
    """Return the video, smaller where it is too large, and its poster."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "video.mp4"
        path.write_bytes(content)
        poster = write_telling_poster(path, path.parent).read_bytes()
        if len(content) > limit_bytes:
            small = path.with_name("small.mp4")
            write_small_video(path, small)
            content = small.read_bytes()
    return content, poster


def _build_tag(attributes: str, address: str, poster: str) -> str:
    width = _WIDTH.search(attributes)
    shown = width[1] if width else f"{POSTER_WIDTH_PX}px"
    shown = f"{shown}px" if shown.isdigit() else shown
    return (
        '<video controls loop muted playsinline preload="metadata"'
        f' style="max-width:min(100%,{escape(shown)});height:auto" poster="{poster}"'
        f' src="{address}"><img alt="A video" src="{poster}"></video>'
    )
