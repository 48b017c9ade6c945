"""The card in HTML: picture, who made it and from what, notes, code; or what went wrong.

Runs in the user's kernel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from shaperotator_magic.core.control_characters import escape_shown
from shaperotator_magic.core.provenance import describe_run, describe_writer
from shaperotator_magic.core.records import Attempt, Generation, RenderedVideo, SceneCode
from shaperotator_magic.notebook.card.declined import build_declined
from shaperotator_magic.notebook.card.look import (
    CARD,
    CHANGE,
    CODE,
    ERROR,
    FAINT,
    MARKED,
    NOTE,
    PLAIN_CODE,
    SUMMARY,
    TITLE,
    VIDEO,
)
from shaperotator_magic.notebook.card.media import Media
from shaperotator_magic.pipeline.exploring.steps import dump_explore

_MEND = (
    "Run the cell again for another try, or mend the code by hand: '%shaperotate code' puts it "
    "into a cell."
)
_LONG_FACT = 40
_LONGEST_LINE = 400
_MOST_LINES = 50
PRINTED_TITLE = "What the scene printed"


def build_card(
    generation: Generation,
    media: Media | None,
    code: SceneCode | None,
    *,
    notes: Sequence[str],
    kernel_id: str,
    explore: Mapping[str, Any] | None = None,
) -> str:
    """Return the ``<figure>`` of a run that has ended; everything in it is escaped.

    ``explore`` is what a player on the page needs, as ``build_explore`` returns it.
    """
    steps = f' data-sr-explore="{escape(dump_explore(explore))}"' if explore else ""
    below = ";margin-top:10px" if media else ""
    parts = [
        *_build_picture(generation, media),
        f'<figcaption><div style="{TITLE}{below}">{escape_shown(generation.title)}</div>',
        *_build_change(generation.change),
        *_build_state(generation, code),
        *(
            f'<div class="mathjax_ignore sr-making" style="{NOTE}">{escape_shown(note)}</div>'
            for note in notes
        ),
        _build_facts(generation, code),
        "</figcaption>",
        *_build_code(generation, code),
        *_build_attempts(generation.attempts),
        *_build_printed(generation.video),
    ]
    return (
        f'<figure class="shaperotator" data-sr-id="{escape_shown(generation.generation_id)}"'
        f' data-sr-kernel="{escape_shown(kernel_id)}" data-sr-status="{generation.status}"{steps}'
        f' style="{CARD}">{"".join(parts)}</figure>'
    )


def _build_picture(generation: Generation, media: Media | None) -> Iterator[str]:
    if media is None:
        return
    alt = escape_shown(f"Animation: {generation.title}")
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


def _build_change(change: str) -> Iterator[str]:
    if change:
        yield f'<div class="mathjax_ignore" style="{CHANGE}">Refined: {escape_shown(change)}</div>'


def _build_printed(video: RenderedVideo | None) -> Iterator[str]:
    printed = cut_printed(video)
    if printed:
        lines = escape_shown("\n".join(printed))
        yield (
            f'<details><summary style="{SUMMARY}">{PRINTED_TITLE} ({len(printed)})</summary>'
            f'<pre style="{CODE}">{lines}</pre></details>'
        )


def cut_printed(video: RenderedVideo | None) -> list[str]:
    """Return what a scene printed as the card shows it: a bounded number of bounded lines."""
    printed = list(video.printed) if video is not None else []
    shown = [
        line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
        for line in printed[:_MOST_LINES]
    ]
    omitted = len(printed) - len(shown)
    return [*shown, f"… and {omitted} more"] if omitted else shown


def _build_state(generation: Generation, code: SceneCode | None) -> Iterator[str]:
    if generation.status == "cancelled":
        yield f'<div style="{NOTE}"><b>Cancelled.</b> Nothing that was there before is lost.</div>'
    error = generation.error
    if error is None:
        return
    if error.type == "NothingFitsError":
        yield build_declined(error)
        return
    hint = error.hint or (_MEND if code else "")
    yield (
        f'<div class="mathjax_ignore" style="{ERROR}"><b>{escape_shown(error.headline)}</b>'
        f"{f'<br>{escape_shown(hint)}' if hint else ''}</div>"
    )
    log = str(error.details.get("log_tail") or "").strip()
    if log:
        yield (
            f'<details><summary style="{SUMMARY}">What manim said</summary>'
            f'<pre style="{CODE}">{escape_shown(log)}</pre></details>'
        )


def _build_facts(generation: Generation, code: SceneCode | None) -> str:
    writer = describe_writer(code, generation.attempts) if code else []
    facts = [*writer, *describe_run(generation)]
    # No line break within a short fact.
    said = " · ".join(f if len(f) >= _LONG_FACT else f.replace(" ", "\u00a0") for f in facts)
    return f'<div class="mathjax_ignore sr-making" style="{FAINT}">{escape_shown(said)}</div>'


def _build_code(generation: Generation, code: SceneCode | None) -> Iterator[str]:
    if code is None:
        return
    failed = generation.error.details.get("line") if generation.error else None
    lines = escape_shown(code.source.rstrip()).split("\n")
    if isinstance(failed, int) and 0 < failed <= len(lines):
        lines[failed - 1] = f'<span style="{MARKED}">{lines[failed - 1]}</span>'
    is_open = " open" if generation.prompt.options.code_only or failed else ""
    yield (
        f'<details{is_open}><summary style="{SUMMARY}">Scene code: {escape_shown(code.scene_name)}'
        f'</summary><pre style="{CODE}"><code style="{PLAIN_CODE}">{chr(10).join(lines)}</code>'
        "</pre></details>"
    )


def _build_attempts(attempts: Sequence[Attempt]) -> Iterator[str]:
    failed = [attempt for attempt in attempts if attempt.error]
    if len(attempts) <= 1 or not failed:
        return
    items = "".join(
        f"<li>{escape_shown(attempt.error.message)}</li>" for attempt in failed if attempt.error
    )
    yield (
        f'<details><summary style="{SUMMARY}">What failed before</summary>'
        f'<ol style="{FAINT}">{items}</ol></details>'
    )
