"""The parent's end of a process that draws stills of one scene with other constants.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shaperotator_magic.core.errors import RenderError, RenderLimitError, RenderProcessLostError
from shaperotator_magic.core.records import CheckedScene
from shaperotator_magic.rendering.exchange.plays import SPOILED
from shaperotator_magic.rendering.exchange.regular_files import (
    check_kind,
    create_regular,
    read_regular,
)
from shaperotator_magic.rendering.exchange.stills import name_order, name_still
from shaperotator_magic.rendering.mathtext.formula_cache import FormulaDesk, FormulaStore
from shaperotator_magic.rendering.renderer import RenderRequest, build_timeout_error
from shaperotator_magic.rendering.scene.failures import Failure
from shaperotator_magic.rendering.worker.pipe import Report, WorkerPipe

_LARGEST_STILL_BYTES = 50_000_000


class StillProcess:
    """One running process; one thread at a time may use it.

    Parameters
    ----------
    job
        As ``build_job`` builds it; it is ordered by ``start``.
    folder
        The job's folder.
    """

    def __init__(
        self, pipe: WorkerPipe, job: dict[str, Any], folder: Path, request: RenderRequest
    ) -> None:
        self._pipe = pipe
        self._job = job
        self._folder = folder
        self._request = request
        self._number = 0
        self._process = 0
        self._excess: Report | None = None
        self._desk = FormulaDesk(
            FormulaStore(request.media_dir / "formulas"),
            folder,
            pipe.folder / "formulas",
            lambda order: pipe.send({"job": job["job"], **order}),
        )

    def start(self) -> None:
        """Order the process, and return when it waits for its first order."""
        self._pipe.wait_until_ready()
        self._inbox = self._pipe.submit({**self._job, "folder": self._folder.name})
        self._await_answer()

    def draw(self, scene: CheckedScene, at_s: float | None) -> bytes:
        """Return a PNG of a scene at a moment of its video.

        Parameters
        ----------
        scene
            Of the same name as the one that the process was started for.
        at_s
            Seconds from its beginning; None for its end.

        Raises
        ------
        RenderError
            The scene raised, or the process has ended: then another one has to be started.
        RenderTimeoutError
            It takes longer than the request allows; likewise.
        """
        self._number += 1
        order = {"source": scene.code.source, "at_s": at_s}
        create_regular(self._folder / name_order(self._number), json.dumps(order).encode())
        answer = {"number": self._number}
        self._pipe.send({"job": self._job["job"], "process": self._process, "answer": answer})
        said = self._await_answer()
        if "error" in said:
            raise _read_failure(said["error"]).as_error()
        path = self._folder / name_still(self._number)
        content = read_regular(path, largest_bytes=_LARGEST_STILL_BYTES)
        check_kind(content, path.name)
        path.unlink()
        return content

    def end(self) -> None:
        """End the process."""
        self._pipe.cancel(self._job["job"])
        self._pipe.forget(self._job["job"])

    def _await_answer(self) -> dict[str, Any]:
        deadline = time.monotonic() + self._request.timeout_s
        while time.monotonic() < deadline:
            report = self._pipe.receive(self._inbox)
            if report is None:
                continue
            said = report.get("question", {}).get("still")
            if isinstance(said, dict):
                self._process = report["process"]
                return said
            self._desk.take(report)
            self._check_end(report)
        raise build_timeout_error(self._request, log_tail="")

    def _check_end(self, report: Report) -> None:
        self._excess = report.get("excess", self._excess)
        if "error" in report:
            raise _read_failure(report["error"]).as_error()
        if "ended" in report and self._excess is not None:
            raise RenderLimitError(**self._excess, returncode=report["ended"], log_tail="")
        if "ended" in report:
            raise RenderProcessLostError("The process that draws stills ended.", hint="Try again.")


def _read_failure(error: Any) -> Failure:
    try:
        return Failure.model_validate(error)
    except ValidationError as exc:
        raise RenderError(SPOILED) from exc
