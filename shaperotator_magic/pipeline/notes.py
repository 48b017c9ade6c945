"""Notes for the card on a draft: what was repaired in it, and the flaws that remain.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.core.records import Options
from shaperotator_magic.pipeline.drafts import Draft

_MOST_REPORTED = 4
_LONGEST_MESSAGE = 200


def describe_findings(draft: Draft) -> list[str]:
    """Return sentences on the repairs and on the remaining flaws."""
    mended = [f.message for f in draft.scene.findings if f.message.startswith("Mended: ")]
    shown = [f"Seen in rehearsal: {_shorten(f.message)}" for f in draft.flaws[:_MOST_REPORTED]]
    more = len(draft.flaws) - _MOST_REPORTED
    shown += [f"And {more} more of the kind."] if more > 0 else []
    return [*_join_fixes(mended), *shown]


def note_unused(options: Options) -> list[str]:
    """Return sentences on what a prompt asks of a language model, where the library writes."""
    given = {"--level": options.level, "--like": options.like, "--examples": options.examples}
    named = [flag for flag, value in given.items() if value]
    return [f"{flag} is for a language model: this scene is as ever." for flag in named]


def _join_fixes(messages: list[str]) -> list[str]:
    parts = [message.removeprefix("Mended: ").rstrip(".") for message in messages]
    more = len(parts) - _MOST_REPORTED
    shown = "; ".join(dict.fromkeys(parts[:_MOST_REPORTED]))
    return [f"Mended: {shown}{f'; and {more} more' if more > 0 else ''}."] if parts else []


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1] + "…"
