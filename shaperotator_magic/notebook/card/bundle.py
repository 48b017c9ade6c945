"""A finished run as the MIME bundle that a notebook saves.

One output, readable everywhere: ``text/html`` with the video inside it for notebooks and pages,
``image/png`` for paper, ``text/markdown`` and ``text/plain`` for the rest, and a small JSON of our
own for a front end that draws the card itself. What came from a model or from the user is escaped.

Runs in the user's kernel.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any

from shaperotator_magic.core.control_characters import show_controls, show_controls_within
from shaperotator_magic.core.provenance import describe_making
from shaperotator_magic.core.records import Generation, RenderedVideo, SceneCode
from shaperotator_magic.notebook.card.card import build_card, cut_printed
from shaperotator_magic.notebook.card.embedding import EMBED_LIMIT_BYTES
from shaperotator_magic.notebook.card.explaining import explain_error
from shaperotator_magic.notebook.card.media import Media, build_media
from shaperotator_magic.notebook.card.mime import MIME_TYPE
from shaperotator_magic.notebook.variables import describe_sent_values
from shaperotator_magic.pipeline.exploring.steps import build_explore, describe_explore
from shaperotator_magic.rendering.caching.input_store import InputStore


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
        and the card has a note that the file must be sent along.
    """
    media = build_media(generation.video, embed_limit_bytes)
    code = _find_code(generation)
    explore = build_explore(generation.video) if media and not media.is_still else None
    shown_notes = [
        *notes,
        *describe_sent_values(generation),
        *_note_about_file(generation.video, media),
    ]
    data: dict[str, Any] = {
        MIME_TYPE: {
            **_build_facts(generation, kernel_id, code, media),
            "explore": describe_explore(explore),
            "notes": show_controls_within(shown_notes),
            "printed": show_controls_within(cut_printed(generation.video)),
            "versions": [show_controls_within(dict(version)) for version in versions],
        },
        "text/html": build_card(
            generation, media, code, notes=shown_notes, kernel_id=kernel_id, explore=explore
        ),
        "text/markdown": _build_markdown(generation, code),
        "text/plain": _build_text(generation),
    }
    if media is None or not media.poster:
        return data, {}
    data["image/png"] = media.poster.partition(",")[2]
    size = {"width": media.width_px, "height": media.height_px}
    return data, {"image/png": {**size, "alt": build_alt(generation)}}


def build_alt(generation: Generation) -> str:
    """Return the alternative text of the picture."""
    return show_controls(f"Animation: {generation.title}")


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
        "title": show_controls(generation.title),
        "change": show_controls(generation.change),
        "alt": build_alt(generation),
        "prompt": generation.prompt.text,
        "code": code.source if code else "",
        "code_lang": "python",
        "scene_name": code.scene_name if code else None,
        "model": show_controls_within(
            code.origin.model if code else generation.prompt.options.model
        ),
        "writer": code.origin.writer if code else None,
        "seed": generation.prompt.options.seed,
        "style": video.style if video else "",
        "parent": generation.prompt.parent,
        "parameters": describe_parameters(generation),
        "values": generation.prompt.values,
        "inputs": _embed_inputs(generation),
        "variables": [variable.name for variable in generation.prompt.variables],
        "elapsed_s": generation.elapsed_s,
        "making": show_controls(describe_making(generation, code)),
        "made_with": _find_versions(),
        "error": show_controls_within(generation.error.model_dump(mode="json"))
        if generation.error
        else None,
    }
    if video is not None:
        facts["video"] = {
            "mime": video.media_type,
            "bytes": video.size_bytes,
            "duration": video.duration_s,
            "width": video.width_px,
            "height": video.height_px,
            "fps": video.fps,
            "sha256": video.sha256,
            "is_copy": media is not None and media.is_copy,
            "is_reduced": media is not None and media.is_reduced,
            "has_svg": video.svg_path.exists(),
            "href": media.address if media and media.is_linked else "",
        }
    return facts


def _embed_inputs(generation: Generation) -> list[dict[str, Any]]:
    """Return the files that a scene reads, with what they hold where that is little."""
    if generation.video is None:
        return []
    stored = InputStore(generation.video.path.parent)
    return [
        {"name": given.name, "content": given.content}
        for given in stored.embed(generation.prompt.inputs)
    ]


def describe_parameters(generation: Generation) -> list[dict[str, Any]]:
    """Return what knobs need of a run's parameters; what is as usual is left out."""
    rows = [row.model_dump(mode="json", exclude_defaults=True) for row in generation.parameters]
    return [show_controls_within(row) for row in rows]


@functools.cache
def _find_versions() -> dict[str, str]:
    """Return the versions of what decides how a scene looks."""
    return {name: metadata.version(name) for name in ("shaperotator-magic", "manim")}


def _build_markdown(generation: Generation, code: SceneCode | None) -> str:
    lines = [f"**{_escape_markdown(generation.title)}**"]
    if generation.error is not None:
        lines += [_escape_markdown(said) for said in explain_error(generation.error)]
    if code is not None:
        source = show_controls(code.source.rstrip(), is_multiline=True)
        longest = max((len(run) for run in re.findall("`+", source)), default=0)
        fence = "`" * max(3, longest + 1)
        lines.append(f"{fence}python\n{source}\n{fence}")
    return "\n\n".join(lines)


def _escape_markdown(text: str) -> str:
    words = " ".join(show_controls(text, is_multiline=True).split())
    return re.sub(r"([\\`*_{}\[\]<>()#+!|$~])", r"\\\1", words)


def _build_text(generation: Generation) -> str:
    said = f"<{generation.generation_id}: {show_controls(generation.title)}"
    if generation.video is not None:
        said += f" ({generation.video.duration_s:.1f} s)"
    said += f", {generation.status}>"
    if generation.error is not None:
        words = f"{generation.error.headline}\n{generation.error.hint}"
        return f"{said}\n{show_controls(words, is_multiline=True)}".rstrip()
    return f"{said}\n%shaperotate up|down|remove|code {generation.generation_id}"
