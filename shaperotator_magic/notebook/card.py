"""The card in HTML: picture, who made it and from what, notes, code; or what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from shaperotator_magic.notebook.look import (
    CARD,
    CODE,
    DECLINED,
    ERROR,
    FAINT,
    MARKED,
    NOTE,
    PLAIN_CODE,
    SUMMARY,
    TITLE,
    VIDEO,
)
from shaperotator_magic.records import Attempt, ErrorReport, Generation, SceneCode

if TYPE_CHECKING:
    from shaperotator_magic.notebook.bundle import Media

_MEND = (
    "Run the cell again for another try, or mend the code by hand: '%shaperotate code' puts it "
    "into a cell."
)
_LONG_FACT = 40


def build_card(
    generation: Generation,
    media: Media | None,
    code: SceneCode | None,
    *,
    notes: Sequence[str],
    kernel_id: str,
) -> str:
    """Return the ``<figure>`` of a run that has ended; everything in it is escaped."""
    below = ";margin-top:10px" if media else ""
    parts = [
        *_build_picture(generation, media),
        f'<figcaption><div style="{TITLE}{below}">{escape(generation.title)}</div>',
        *_build_state(generation, code),
        *(f'<div class="mathjax_ignore" style="{NOTE}">{escape(note)}</div>' for note in notes),
        _build_facts(generation, code),
        "</figcaption>",
        *_build_code(generation, code),
        *_build_attempts(generation.attempts),
    ]
    return (
        f'<figure class="shaperotator" data-sr-id="{escape(generation.generation_id)}"'
        f' data-sr-kernel="{escape(kernel_id)}" data-sr-status="{generation.status}"'
        f' style="{CARD}">{"".join(parts)}</figure>'
    )


def _build_picture(generation: Generation, media: Media | None) -> Iterator[str]:
    if media is None:
        return
    alt = escape(f"Animation: {generation.title}")
    size = f'width="{media.width_px}" height="{media.height_px}" style="{VIDEO}"'
    shown = media.address if media.is_still else media.poster
    image = f'<img {size} alt="{alt}" src="{escape(shown)}">'
    if media.is_still:
        yield image
        return
    # The address is on <video> itself: in untrusted notebooks a <source> loses it.
    yield (
        f'<video controls loop muted playsinline preload="metadata" {size} aria-label="{alt}"'
        f' poster="{escape(media.poster)}" src="{escape(media.address)}">{image}</video>'
    )


def _build_state(generation: Generation, code: SceneCode | None) -> Iterator[str]:
    if generation.status == "cancelled":
        yield f'<div style="{NOTE}"><b>Cancelled.</b> Nothing that was there before is lost.</div>'
    error = generation.error
    if error is None:
        return
    hint = error.hint or (_MEND if code else "")
    style = DECLINED if error.type == "NothingFitsError" else ERROR
    yield (
        f'<div class="mathjax_ignore" style="{style}"><b>{escape(error.headline)}</b>'
        f"{f'<br>{escape(hint)}' if hint else ''}{_build_nearest(error)}</div>"
    )
    log = str(error.details.get("log_tail") or "").strip()
    if log:
        yield (
            f'<details><summary style="{SUMMARY}">What manim said</summary>'
            f'<pre style="{CODE}">{escape(log)}</pre></details>'
        )


def _build_nearest(error: ErrorReport) -> str:
    nearest = error.details.get("nearest") or []
    items = "".join(f"<li>{escape(str(name))}</li>" for name in nearest)
    return f'<ul style="margin:4px 0 0 18px;padding:0">{items}</ul>' if items else ""


def describe_making(generation: Generation, code: SceneCode | None) -> str:
    """Say who wrote the scene, from what, how long it took, and its identifier, in one line."""
    return " · ".join([*_describe_writer(generation, code), *_describe_making(generation)])


def _build_facts(generation: Generation, code: SceneCode | None) -> str:
    facts = [*_describe_writer(generation, code), *_describe_making(generation)]
    # A short fact keeps together where the line breaks.
    said = " · ".join(f if len(f) >= _LONG_FACT else f.replace(" ", "\u00a0") for f in facts)
    return f'<div class="mathjax_ignore" style="{FAINT}">{escape(said)}</div>'


def _describe_making(generation: Generation) -> list[str]:
    facts = []
    video = generation.video
    if video is not None and video.duration_s:
        facts.append(f"{video.duration_s:.0f} s of video, {video.height_px}p{video.fps:.0f}")
    if video is not None and video.is_from_cache:
        facts.append("rendered before")
    elif video is not None:
        facts.append(f"made in {generation.elapsed_s:.1f} s")
    return [*facts, generation.generation_id]


def _describe_writer(generation: Generation, code: SceneCode | None) -> list[str]:
    if code is None:
        return []
    origin = code.origin
    if origin.writer == "library":
        read = ", ".join(f"{name} = {_shorten(value)}" for name, value in origin.parameters.items())
        return [
            f"Built-in library: {origin.library_scene}",
            f"match {origin.score:.2f}" if origin.score is not None else "match unknown",
            f"read from your sentence: {read}" if read else "nothing read, so its own example",
        ]
    if origin.writer != "model":
        return []
    usages = [a.completion.usage for a in generation.attempts if a.completion]
    tokens = sum(usage.prompt_tokens + usage.completion_tokens for usage in usages)
    return [
        f"Written by {origin.model or 'a model'}",
        *([f"{tokens} tokens"] if tokens else []),
        *([f"{len(generation.attempts)} attempts"] if len(generation.attempts) > 1 else []),
    ]


def _shorten(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004 - fits the line


def _build_code(generation: Generation, code: SceneCode | None) -> Iterator[str]:
    if code is None:
        return
    failed = generation.error.details.get("line") if generation.error else None
    lines = [
        f'<span style="{MARKED}">{escape(line)}</span>' if number == failed else escape(line)
        for number, line in enumerate(code.source.rstrip().splitlines(), start=1)
    ]
    is_open = " open" if generation.prompt.options.code_only or failed else ""
    yield (
        f'<details{is_open}><summary style="{SUMMARY}">Scene code: {escape(code.scene_name)}'
        f'</summary><pre style="{CODE}"><code style="{PLAIN_CODE}">{chr(10).join(lines)}</code>'
        "</pre></details>"
    )


def _build_attempts(attempts: Sequence[Attempt]) -> Iterator[str]:
    failed = [attempt for attempt in attempts if attempt.error]
    if len(attempts) <= 1 or not failed:
        return
    items = "".join(
        f"<li>{escape(attempt.error.message)}</li>" for attempt in failed if attempt.error
    )
    yield (
        f'<details><summary style="{SUMMARY}">What failed before</summary>'
        f'<ol style="{FAINT}">{items}</ol></details>'
    )
