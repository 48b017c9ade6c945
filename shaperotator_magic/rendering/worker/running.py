"""Runs one job of the supervisor to its end, in a folder of its own, and reads what it made.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shaperotator_magic.core.errors import RenderError
from shaperotator_magic.core.records import Rehearsal
from shaperotator_magic.rendering.exchange.finished import FinishedFiles
from shaperotator_magic.rendering.exchange.folders import delete_folder
from shaperotator_magic.rendering.exchange.plays import SPOILED
from shaperotator_magic.rendering.exchange.regular_files import copy_regular, read_regular
from shaperotator_magic.rendering.mathtext.formula_cache import FormulaDesk, FormulaStore
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.growing import Growth, GrowthDesk
from shaperotator_magic.rendering.worker.pipe import Report, WorkerPipe
from shaperotator_magic.rendering.worker.reports import RunningRender

_LARGEST_REHEARSAL_BYTES = 100_000_000


def run_job(
    pipe: WorkerPipe,
    job: dict[str, Any],
    folder: Path,
    request: RenderRequest,
    render: RunningRender,
    *,
    growth: Growth | None = None,
) -> Report:
    """Run a job; return its result, or raise what it ended with.

    Parameters
    ----------
    growth
        The code, where it is still being written.
    """
    pipe.wait_until_ready()
    render.start()

    def send(order: Mapping[str, Any]) -> None:
        pipe.send({"job": job["job"], **order})

    desk = FormulaDesk(
        FormulaStore(request.media_dir / "formulas"), folder, pipe.folder / "formulas", send
    )
    growing = GrowthDesk(growth, folder, render, send) if growth else None
    try:
        inbox = pipe.submit({**job, "folder": folder.name})
        while not render.has_ended:
            render.check_time()
            if growing is not None:
                growing.answer()
            report = pipe.receive(inbox)
            if report is not None and not (growing and growing.takes(report)):
                desk.take(report)
                render.take(report)
    except BaseException:
        # Interrupted, timed out or broken: nothing of this render may go on.
        pipe.cancel(job["job"])
        raise
    finally:
        pipe.forget(job["job"])
    return render.finish()


def check_files(result: Report) -> FinishedFiles:
    """Return the files of a result; a scene's process may have written anything."""
    try:
        return FinishedFiles.model_validate(result)
    except ValidationError as exc:
        raise RenderError(SPOILED) from exc


def read_rehearsal(path: Path) -> Rehearsal:
    """Read what the child wrote; it ran generated code, so the file may be anything."""
    try:
        content = read_regular(path, largest_bytes=_LARGEST_REHEARSAL_BYTES)
        return Rehearsal.model_validate_json(content)
    except ValidationError as exc:
        raise RenderError(SPOILED) from exc


@contextlib.contextmanager
def job_folder(pipe: WorkerPipe, request: RenderRequest) -> Iterator[Path]:
    """Make a new folder for one job, with copies of the files that its scene may read.

    It is gone afterwards however the job ended.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="shaperotator-job-", dir=pipe.folder / "jobs"))
    except OSError as exc:  # the process has ended this moment, or the disk is full
        raise RenderError(
            f"The render has no folder to work in: {exc.strerror}.", hint="Run it again."
        ) from exc
    try:
        for given in request.input_files:
            copy_regular(given.path, folder / given.name)
        yield folder
    finally:
        delete_folder(folder)
