"""A finished run as the bundle of MIME types that a notebook keeps.

One output, readable everywhere: ``text/html`` with the video inside it for notebooks and pages,
``image/png`` for paper, ``text/markdown`` and ``text/plain`` for the rest, and a small JSON of our
own for a front end that draws the card itself. What came from a model or from the user is escaped.
"""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from shaperotator_magic.notebook.card import build_card, describe_making
from shaperotator_magic.notebook.embedding import EMBED_LIMIT_BYTES, choose_file
from shaperotator_magic.notebook.mime import MIME_TYPE
from shaperotator_magic.notebook.variables import describe_sent_values
from shaperotator_magic.records import Generation, RenderedVideo, SceneCode

SHOWN_WIDTH_PX = 640


@dataclass(frozen=True)
class Media:
    """What the card shows: addresses of the picture, data: or relative, and its shown size."""

    address: str
    poster: str
    width_px: int
    height_px: int
    is_linked: bool
    is_reduced: bool
    is_still: bool


def build_bundle(
    generation: Generation,
    *,
    kernel_id: str,
    notes: Sequence[str] = (),
    versions: Sequence[Mapping[str, str]] = (),
    embed_limit_bytes: int = EMBED_LIMIT_BYTES,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the data and the metadata of a run's output.

    Parameters
    ----------
    generation
        The run; the files of its video are read.
    kernel_id
        The kernel whose buttons may act on the output; empty: none.
    notes
        Sentences that the card shows below the picture.
    versions
        The steps of which this run is one: identifier, prompt and status of each.
    embed_limit_bytes
        Beyond it a copy in 480p15 is embedded; where that is too large, too, the video is linked,
        and the card says that the file must travel along.
    """
    media = _read_media(generation.video, embed_limit_bytes)
    shown_notes = [
        *notes,
        *describe_sent_values(generation),
        *_note_about_file(generation.video, media),
    ]
    code = _find_code(generation)
    data: dict[str, Any] = {
        MIME_TYPE: {
            **_build_facts(generation, kernel_id, code, media),
            "notes": shown_notes,
            "versions": [dict(version) for version in versions],
        },
        "text/html": build_card(generation, media, code, notes=shown_notes, kernel_id=kernel_id),
        "text/markdown": _build_markdown(generation, code),
        "text/plain": _build_text(generation),
    }
    if media is None or not media.poster:
        return data, {}
    data["image/png"] = media.poster.partition(",")[2]
    size = {"width": media.width_px, "height": media.height_px}
    return data, {"image/png": {**size, "alt": build_alt(generation)}}


def build_alt(generation: Generation) -> str:
    """Return what a screen reader says of the picture."""
    return f"Animation: {generation.title}"


def _read_media(video: RenderedVideo | None, limit_bytes: int) -> Media | None:
    if video is None or not video.path.exists():
        return None
    embedded = choose_file(video, limit_bytes=limit_bytes)
    shown = embedded.path
    address = _encode(shown, video.media_type) if shown else _relative(video.path)
    poster = _encode(video.poster, "image/png") if video.poster.exists() else ""
    width_px = min(SHOWN_WIDTH_PX, video.width_px)
    height_px = round(video.height_px * width_px / video.width_px)
    is_still = video.media_type == "image/png"
    return Media(
        address,
        poster,
        width_px,
        height_px,
        is_linked=shown is None,
        is_reduced=embedded.is_reduced,
        is_still=is_still,
    )


def _encode(path: Path, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _relative(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _note_about_file(video: RenderedVideo | None, media: Media | None) -> list[str]:
    if video is None:
        return []
    if media is None:
        return [
            f"The file {video.path.name} is gone. '%shaperotate code' brings the scene back, "
            "and running its cell again draws it."
        ]
    size = video.size_bytes / 1e6
    if media.is_reduced:
        return [
            f"The video has {size:.1f} MB, so this notebook holds a copy of it in 480p15; the "
            "whole video is kept where '%shaperotate status' says."
        ]
    if media.is_linked:
        return [
            f"The video has {size:.1f} MB and is linked, not embedded: send {media.address} along "
            "with the notebook, or render it with -q low."
        ]
    return []


def _find_code(generation: Generation) -> SceneCode | None:
    if generation.scene is not None:
        return generation.scene.code
    codes = [attempt.code for attempt in generation.attempts if attempt.code is not None]
    return codes[-1] if codes else None


def _build_facts(
    generation: Generation, kernel_id: str, code: SceneCode | None, media: Media | None
) -> dict[str, Any]:
    video = generation.video
    facts: dict[str, Any] = {
        "schema": 1,
        "id": generation.generation_id,
        "kernel": kernel_id,
        "status": generation.status,
        "title": generation.title,
        "alt": build_alt(generation),
        "prompt": generation.prompt.text,
        "code": code.source if code else "",
        "code_lang": "python",
        "scene_name": code.scene_name if code else None,
        "model": code.origin.model if code else generation.prompt.options.model,
        "writer": code.origin.writer if code else None,
        "seed": generation.prompt.options.seed,
        "parent": generation.prompt.parent,
        "variables": [variable.name for variable in generation.prompt.variables],
        "elapsed_s": generation.elapsed_s,
        "making": describe_making(generation, code),
        "made_with": _find_versions(),
        "error": generation.error.model_dump(mode="json") if generation.error else None,
    }
    if video is not None:
        facts["video"] = {
            "mime": video.media_type,
            "bytes": video.size_bytes,
            "duration": video.duration_s,
            "width": video.width_px,
            "height": video.height_px,
            "sha256": video.sha256,
            "href": media.address if media and media.is_linked else "",
        }
    return facts


@functools.cache
def _find_versions() -> dict[str, str]:
    """Return the versions of what decides how a scene looks."""
    return {name: metadata.version(name) for name in ("shaperotator-magic", "manim")}


def _build_markdown(generation: Generation, code: SceneCode | None) -> str:
    lines = [f"**{_escape_markdown(generation.title)}**"]
    if generation.error is not None:
        lines.append(_escape_markdown(generation.error.headline))
    if code is not None:
        longest = max((len(run) for run in re.findall("`+", code.source)), default=0)
        fence = "`" * max(3, longest + 1)
        lines.append(f"{fence}python\n{code.source.rstrip()}\n{fence}")
    return "\n\n".join(lines)


def _escape_markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>()#+!|$~])", r"\\\1", " ".join(text.split()))


def _build_text(generation: Generation) -> str:
    said = f"<{generation.generation_id}: {generation.title}"
    if generation.video is not None:
        said += f" ({generation.video.duration_s:.1f} s)"
    said += f", {generation.status}>"
    if generation.error is not None:
        return f"{said}\n{generation.error.headline}\n{generation.error.hint}".rstrip()
    return f"{said}\n%shaperotate up|down|remove|code {generation.generation_id}"
