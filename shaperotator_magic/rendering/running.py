"""What one render reports while it runs; a scene's process says it, so all of it is checked."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from shaperotator_magic.errors import RenderError, RenderLimitError
from shaperotator_magic.records import SegmentReady
from shaperotator_magic.rendering.failures import Failure
from shaperotator_magic.rendering.plays import MOST_PLAYS, SPOILED, DrawnPlay, Snapshot
from shaperotator_magic.rendering.renderer import (
    GROWING_NAME,
    ProgressListener,
    RenderRequest,
    SegmentListener,
    Throttle,
    build_timeout_error,
)
from shaperotator_magic.rendering.worker_pipe import Report

Noted = TypeVar("Noted", DrawnPlay, Snapshot)


class OutOfStepError(Exception):
    """The scene was not where it was when its kept pieces were drawn; its process stopped."""


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
        self.snapshots: list[Snapshot] = []
        self._is_out_of_step = False

    def start(self) -> None:
        """Let the time limit begin."""
        self._deadline = time.monotonic() + self._request.timeout_s

    def check_time(self) -> None:
        """Raise RenderTimeoutError where the time limit is passed."""
        if time.monotonic() > self._deadline:
            raise build_timeout_error(self._request, log_tail=self._describe_progress())

    def take(self, report: Report) -> None:
        """Take one report, and tell the listeners."""
        self._result = report.get("result", self._result)
        self._error = report.get("error", self._error)
        self._excess = report.get("excess", self._excess)
        self._total = report.get("total", self._total)
        self._is_out_of_step |= report.get("out_of_step", False)
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
        elif "snapshot" in report:
            self._note(report["snapshot"], Snapshot, self.snapshots)
        elif "frames" in report or "total" in report:
            self._show_progress(self._frames, self._total)

    def _pass_on(self, segment: Report) -> None:
        """Say that the video has grown, where the scene's process says so rightly."""
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
        if self._is_out_of_step:
            raise OutOfStepError
        if self._excess is not None:
            told = self._describe_progress()
            raise RenderLimitError(**self._excess, returncode=self._status, log_tail=told)
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
