"""One output in a cell: opened at once, updated in place while a run goes on, finished once.

Imports nothing heavy: the first state is on the screen before the rest of the package is loaded.
No widget is ever displayed: a saved notebook would show 'model not found' in its place.

Runs in the user's kernel.
"""

from __future__ import annotations

import base64
import time
from typing import Any

from IPython.display import DisplayHandle, display

from shaperotator_magic.core.control_characters import (
    escape_shown,
    show_controls,
    show_controls_within,
)
from shaperotator_magic.notebook.card.look import CARD, CODE, PROGRESS, STATUS, TITLE
from shaperotator_magic.notebook.card.mime import MIME_TYPE

_LEAST_PAUSE_S = 0.2


class ResultDisplay:
    """The output of one run.

    Parameters
    ----------
    generation_id
        The run; buttons on the page find the output by it.
    title
        What is shown while the run goes on.
    kernel_id
        The kernel whose buttons may act on the output; empty: none.
    in_place_of
        An earlier output of this kernel that this one takes the place of.
    """

    def __init__(
        self,
        generation_id: str,
        title: str,
        *,
        kernel_id: str = "",
        in_place_of: ResultDisplay | None = None,
    ) -> None:
        self.generation_id = generation_id
        self.title = title
        self._kernel_id = kernel_id
        self._handle: DisplayHandle | None = in_place_of._handle if in_place_of else None
        self.is_in_place = self._handle is not None
        self._facts: dict[str, Any] = {"word": "Starting"}
        self._word = ""
        self._progress: tuple[str, ...] = ("Starting", "")
        self._shown_at = 0.0
        self.opened_at = time.perf_counter()
        self.is_finished = False

    def open(self) -> None:
        """Publish the output; everything later changes this one."""
        data = self._build_progress("Starting", "")
        if self._handle is not None:
            self._handle.update(data, raw=True)
            return
        self._handle = display(data, raw=True, display_id=f"shaperotator-{self.generation_id}")

    def show_progress(
        self,
        word: str,
        *,
        detail: str = "",
        done: int | None = None,
        total: int | None = None,
        code_tail: str = "",
        elapsed_s: float = 0.0,
    ) -> None:
        """Show what is going on; at most five times a second, a new word at once.

        Parameters
        ----------
        word
            The state: Writing, Checking, Rendering …
        detail
            What exactly, in a few words.
        done, total
            Frames, for the bar.
        code_tail
            The last lines of what the model has written.
        elapsed_s
            Seconds since the run began.
        """
        now = time.monotonic()
        facts = {"word": word, "detail": detail, "done": done, "total": total}
        self._facts = {**facts, "code_tail": code_tail, "elapsed_s": elapsed_s}
        if word == self._word and now - self._shown_at < _LEAST_PAUSE_S:
            return
        self._word, self._shown_at = word, now
        share = f'value="{done}" max="{total}"' if done is not None and total else ""
        clock = f" · {elapsed_s:.0f} s"
        self._progress = (word, detail, share, clock, code_tail)
        self._update(self._build_progress(*self._progress), {})

    def show_segment(self, index: int, video: bytes) -> None:
        """Show what is drawn so far, to a front end that draws the card itself.

        Parameters
        ----------
        index
            How many animations were drawn before the last one in it.
        video
            A whole MP4 of everything up to now.
        """
        data = self._build_progress(*self._progress)
        content = base64.b64encode(video).decode()
        segment = {"index": index, "media_type": "video/mp4", "base64": content}
        data[MIME_TYPE]["segment"] = segment
        self._update(data, {})

    def show(self, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Put a finished bundle in place of the progress."""
        self._word = ""
        self.is_finished = True
        self._update(data, metadata)

    def _update(self, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        if self._handle is None:
            self.open()
        assert self._handle is not None  # noqa: S101 - open() has set it
        self._handle.update(data, raw=True, metadata=metadata)

    def _build_progress(
        self, word: str, detail: str, share: str = "", clock: str = "", code_tail: str = ""
    ) -> dict[str, Any]:
        said = f"{word}: {detail}" if detail else word
        tail = f'<pre style="{CODE}">{escape_shown(code_tail)}</pre>' if code_tail else ""
        html = (
            f'<figure class="shaperotator" data-sr-id="{escape_shown(self.generation_id)}"'
            f' data-sr-kernel="{escape_shown(self._kernel_id)}" data-sr-status="running"'
            f' style="{CARD}">'
            f'<div style="{TITLE}">{escape_shown(self.title)}</div>'
            f'<div style="{STATUS}" role="status">{escape_shown(said)}{clock}</div>'
            f'<progress {share} aria-label="{escape_shown(said)}" style="{PROGRESS}"></progress>'
            f"{tail}</figure>"
        )
        return {
            MIME_TYPE: self._build_facts(),
            "text/html": html,
            "text/plain": f"{show_controls(self.title)}\n{show_controls(said)}",
        }

    def _build_facts(self) -> dict[str, Any]:
        """Return the progress of a run for a front end that draws the card itself."""
        return {
            "schema": 1,
            "id": self.generation_id,
            "kernel": self._kernel_id,
            "status": "running",
            "title": show_controls(self.title),
            "progress": show_controls_within(self._facts),
        }
