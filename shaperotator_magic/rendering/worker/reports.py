"""The reports of one running render; a scene's process writes them, so all are checked.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from shaperotator_magic.core.errors import RenderError, RenderLimitError
from shaperotator_magic.core.records import SegmentReady
from shaperotator_magic.rendering.exchange.plays import MOST_PLAYS, SPOILED, Checkpoint, DrawnPlay
from shaperotator_magic.rendering.renderer import (
    GROWING_NAME,
    ProgressListener,
    RenderRequest,
    SegmentListener,
    Throttle,
    build_timeout_error,
)
from shaperotator_magic.rendering.scene.failures import Failure
from shaperotator_magic.rendering.worker.pipe import Report

Noted = TypeVar("Noted", DrawnPlay, Checkpoint)


class DivergedError(Exception):
    """The digest of the scene was not that of its cached segments; its process stopped."""


class RunningRender:
    """What one render has reported so far."""

    def __init__(
        self,
        request: RenderRequest,
        folder: Path,
        on_progress: ProgressListener | None = None,
        on_segment: SegmentListener | None = None,
    ) -> None:
        self.has_ended = False
        self._request = request
        self._deadline = 0.0
        self._show_progress = Throttle(on_progress or (lambda done, total: None))
        self._on_segment = on_segment or (lambda segment: None)
        self._growing = folder / GROWING_NAME
        self._frames = 0
        self._total: int | None = None
        self._result: Report | None = None
        self._error: Report | None = None
        self._excess: Report | None = None
        self._status = 0
        self.drawn: list[DrawnPlay] = []
        self.checkpoints: list[Checkpoint] = []
        self._has_diverged = False

    def start(self) -> None:
        """Start the time limit."""
        self._deadline = time.monotonic() + self._request.timeout_s

    def wait(self, seconds: float) -> None:
        """Leave a time out of account in which the scene had nothing to do."""
        self._deadline += seconds

    def check_time(self) -> None:
        """Raise RenderTimeoutError where the time limit is exceeded.

        Raises KeyboardInterrupt where nobody wants the result any more.
        """
        if not self._request.is_wanted():
            raise KeyboardInterrupt
        if time.monotonic() > self._deadline:
            raise build_timeout_error(self._request, log_tail=self._describe_progress())

    def take(self, report: Report) -> None:
        """Take one report, and call the listeners."""
        self._result = report.get("result", self._result)
        self._error = report.get("error", self._error)
        self._excess = report.get("excess", self._excess)
        self._total = report.get("total", self._total)
        self._has_diverged |= report.get("diverged", False)
        self._frames = max(self._frames, report.get("frames", 0))
        if self._total is not None and self._frames > self._total:
            self._total = None  # the rehearsal went another way
        if "ended" in report:
            self._status, self.has_ended = report["ended"], True
            if self._result and self._frames:
                self._show_progress.at_once(self._frames, self._frames)
        elif "segment" in report:
            self._pass_on(report["segment"])
        elif "drawn" in report:
            self._note(report["drawn"], DrawnPlay, self.drawn)
        elif "checkpoint" in report:
            self._note(report["checkpoint"], Checkpoint, self.checkpoints)
        elif "frames" in report or "total" in report:
            self._show_progress(self._frames, self._total)

    def _pass_on(self, segment: Report) -> None:
        """Report that the video has grown, after checking that it has."""
        try:
            ready = SegmentReady(path=self._growing, **segment)
            is_there = self._growing.lstat().st_size >= ready.size_bytes
        except (ValidationError, TypeError, OSError) as exc:
            raise RenderError(SPOILED) from exc
        if is_there:
            self._on_segment(ready)

    def _note(self, said: Report, kind: type[Noted], noted: list[Noted]) -> None:
        try:
            made = kind.model_validate(said)
        except ValidationError as exc:
            raise RenderError(SPOILED) from exc
        if len(noted) < MOST_PLAYS:
            noted.append(made)

    def finish(self) -> Report:
        """Return the result, or raise the error that the render ended with."""
        if self._has_diverged:
            raise DivergedError
        if self._excess is not None:
            progress = self._describe_progress()
            raise RenderLimitError(**self._excess, returncode=self._status, log_tail=progress)
        if self._result is not None:
            return self._result
        if self._error is not None:
            raise _check_failure(self._error).as_error(returncode=self._status)
        raise RenderError(
            f"The render was ended by {_name_end(self._status)} before its picture was finished.",
            hint="It may have asked for too much memory. Ask for something smaller.",
            returncode=self._status,
            log_tail=self._describe_progress(),
        )

    def _describe_progress(self) -> str:
        total = f" of {self._total}" if self._total else ""
        return f"{self._frames}{total} frames were drawn."


def _check_failure(error: Report) -> Failure:
    try:
        return Failure.model_validate(error)
    except ValidationError as exc:
        raise RenderError(SPOILED) from exc


def _name_end(status: int) -> str:
    if status < 0:
        return signal.Signals(-status).name
    return f"the scene itself (status {status})"
