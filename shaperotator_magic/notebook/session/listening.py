"""What a cell's run does to its output and its kernel, event by event.

Runs in the user's kernel.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol

from shaperotator_magic.core.errors import RenderError, SceneCodeError
from shaperotator_magic.core.records import (
    Cancelled,
    CheckedScene,
    Done,
    Event,
    Failed,
    Generation,
    Prompt,
    Rendering,
    SegmentReady,
)
from shaperotator_magic.notebook.card.display import ResultDisplay
from shaperotator_magic.notebook.card.narration import Narrator

# A front end gets the whole video so far each time.
_LEAST_PAUSE_S = 1.5
_LARGEST_SEGMENT_BYTES = 4_000_000


class ResultHolder(Protocol):
    """What a listener does to the kernel: the session, as seen from one run."""

    def remember(self, generation: Generation) -> None:
        """Make a run the last result."""

    def show(self, generation: Generation, display: ResultDisplay, notes: tuple[str, ...]) -> None:
        """Put the card of a run into its output."""

    def inject(self, scene: CheckedScene, generation_id: str, values: Mapping[str, Any]) -> str:
        """Define the scene in the kernel now; returns a note for the card."""

    def inject_later(self, generation: Generation, values: Mapping[str, Any]) -> None:
        """Define the scene in the kernel before the next cell runs."""


class CellListener:
    """Shows the events of one run, and acts on its end.

    Parameters
    ----------
    before
        The version whose place in the page the run takes; it comes back where the run fails.
    is_background
        The run goes on in a thread of its own while other cells run.
    """

    def __init__(
        self,
        session: ResultHolder,
        display: ResultDisplay,
        prompt: Prompt,
        values: Mapping[str, Any],
        *,
        before: Generation | None = None,
        is_background: bool = False,
    ) -> None:
        self._session = session
        self._display = display
        self._values = values
        self._is_for_kernel = prompt.options.renderer == "kernel" or prompt.options.manim_args
        self._narrate = Narrator(display, prompt.options)
        self._notes: list[str] = []
        self._is_injected = False
        self._before = before
        self._is_background = is_background
        self._next_segment_at = 0.0

    def __call__(self, event: Event) -> None:
        if isinstance(event, Done):
            self._finish(event)
        elif isinstance(event, Failed | Cancelled):
            self._end(event.generation)
        elif isinstance(event, SegmentReady):
            self._show_segment(event)
        else:
            if isinstance(event, Rendering) and self._is_for_kernel and not event.done:
                self._inject(event.scene)
            self._narrate(event)

    def _show_segment(self, event: SegmentReady) -> None:
        """Let what is drawn so far play, now and then."""
        if time.monotonic() < self._next_segment_at or event.size_bytes > _LARGEST_SEGMENT_BYTES:
            return
        with event.path.open("rb") as growing:
            self._display.show_segment(event.index, growing.read(event.size_bytes))
        self._next_segment_at = time.monotonic() + _LEAST_PAUSE_S

    def _end(self, generation: Generation) -> None:
        """Show a failure; in the place of an earlier version that works, that one comes back."""
        if self._before is None or self._before.status != "completed":
            self._session.remember(generation)
            self._session.show(generation, self._display, ())
            return
        error = generation.error
        reason = f"{error.message} {error.hint}".strip() if error else "Cancelled."
        note = f"{generation.change or generation.title}: {reason} This version is kept."
        self._session.show(self._before, self._display, (note,))

    def _finish(self, event: Done) -> None:
        generation = event.generation
        self._notes.extend(event.notes)
        self._session.remember(generation)
        # The picture first: the first injection of a kernel imports manim, half a second.
        self._session.show(generation, self._display, tuple(self._notes))
        shown = len(self._notes)
        if self._is_background:
            # Names appear in the user's namespace between cells, not in the middle of one.
            self._session.inject_later(generation, self._values)
        elif generation.scene is not None and not self._is_injected and not generation.came_from:
            try:
                self._inject(generation.scene)
            except (SceneCodeError, RenderError) as exc:
                self._notes.append(f"Not put into the kernel: {exc.message}")
        if len(self._notes) > shown:
            self._session.show(generation, self._display, tuple(self._notes))

    def _inject(self, scene: CheckedScene) -> None:
        note = self._session.inject(scene, self._display.generation_id, self._values)
        self._is_injected = True
        if note:
            self._notes.append(note)
