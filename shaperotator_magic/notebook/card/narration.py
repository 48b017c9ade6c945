"""The text of the card during a run: events in, states of the display out.

Runs in the user's kernel.
"""

from __future__ import annotations

import time

from shaperotator_magic.core.records import (
    Checking,
    Event,
    Options,
    Rehearsed,
    Rendering,
    Repairing,
    Writing,
)
from shaperotator_magic.notebook.card.display import ResultDisplay

_TAIL_LINES = 6


def describe_live(event: Writing) -> str:
    """Return what is drawn already while the model writes; empty while nothing is."""
    if not event.animations:
        return ""
    drawn = f"{event.animations} animation{'s' if event.animations > 1 else ''}"
    return f" · live: {drawn} drawn, {event.lines} lines of code"


class Narrator:
    """Shows a run's events in its cell; final events are the session's business."""

    def __init__(self, display: ResultDisplay, options: Options) -> None:
        self._display = display
        self._options = options
        self._reply = ""
        self._started = time.perf_counter()

    def __call__(self, event: Event) -> None:
        """Show one event, where it is one of those that a card shows while running."""
        if isinstance(event, Writing):
            self._show_writing(event)
        elif isinstance(event, Checking):
            self._show("Checking", event.code.scene_name)
        elif isinstance(event, Repairing):
            self._show_repair(event)
        elif isinstance(event, Rehearsed):
            self._show("Rendering", f"{event.duration_s:.0f} s of video, {event.plays} animations")
        elif isinstance(event, Rendering):
            self._show_rendering(event)

    def _show_writing(self, event: Writing) -> None:
        self._reply += event.text_delta
        model = None if self._options.offline else self._options.model
        if model is None:
            self._show("Writing", "looking in the built-in library")
            return
        said = f"{event.tokens} tokens from {model}" if event.tokens else f"asking {model}"
        said += describe_live(event)
        lines = [line for line in self._reply.splitlines() if not line.startswith("```")]
        tail = "\n".join(lines[-_TAIL_LINES:])
        self._show("Writing", said, code_tail=tail)

    def _show_repair(self, event: Repairing) -> None:
        self._reply = ""
        reason = event.findings[0].message if event.findings else "the scene failed"
        self._show("Repairing", f"attempt {event.attempt} failed: {reason}")

    def _show_rendering(self, event: Rendering) -> None:
        total = f" of {event.total}" if event.total else ""
        detail = f"{event.done}{total} frames" if event.done else event.scene.code.scene_name
        self._show("Rendering", detail, done=event.done, total=event.total)

    def _show(
        self,
        word: str,
        detail: str,
        *,
        code_tail: str = "",
        done: int | None = None,
        total: int | None = None,
    ) -> None:
        self._display.show_progress(
            word,
            detail=detail,
            code_tail=code_tail,
            done=done,
            total=total,
            elapsed_s=time.perf_counter() - self._started,
        )
