"""The cache of LaTeX formulas, for every later render; files are written atomically.

Only the process that orders renders writes here; what a scene's process makes never gets in.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from shaperotator_magic.core.atomic_files import replacing
from shaperotator_magic.core.errors import RenderError
from shaperotator_magic.rendering.exchange.folders import delete_folder
from shaperotator_magic.rendering.exchange.regular_files import create_regular, read_regular
from shaperotator_magic.rendering.mathtext.formulas import FormulaAnswer, FormulaRequest

LARGEST_SVG_BYTES = 5_000_000

Order = dict[str, Any]


class FormulaStore:
    """SVG files in one folder, named by the hash of what they were made from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, request: FormulaRequest) -> bytes | None:
        """Return the picture of a formula, None when it was not set before."""
        try:
            return self._path(request).read_bytes()
        except OSError:
            return None

    def take_over(self, request: FormulaRequest, made: Path) -> bytes:
        """Store the picture that the compilers made, and return it.

        Raises
        ------
        RenderError
            The file is not a plain one, too large, or no SVG.
        """
        content = read_regular(made, largest_bytes=LARGEST_SVG_BYTES)
        if b"<svg" not in content[:1000]:
            raise RenderError(f"The formula's picture {made.name} is no SVG.")
        self._write(self._path(request), content)
        return content

    def _path(self, request: FormulaRequest) -> Path:
        named = "\n".join((*request.compilers, request.output_format, request.source))
        return self._folder / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.svg"

    def _write(self, path: Path, content: bytes) -> None:
        # Without it the formula itself is there; only the next render has to set it again.
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with replacing(path) as unfinished:
                unfinished.write_bytes(content)


class FormulaDesk:
    """Answers the requests of the processes of one job: from the cache, or after a compilation.

    Parameters
    ----------
    job_folder
        The job's own folder, where the pictures are put.
    made_in
        The folder that holds a folder of each compilation.
    send
        Sends an order to the supervisor.
    """

    def __init__(
        self, store: FormulaStore, job_folder: Path, made_in: Path, send: Callable[[Order], None]
    ) -> None:
        self._store = store
        self._job_folder = job_folder
        self._made_in = made_in
        self._send = send
        self._asked: dict[int, FormulaRequest] = {}

    def take(self, report: Mapping[str, Any]) -> None:
        """Look whether a report is a question, or the end of a compilation, and act on it."""
        if "question" in report:
            self._take_question(report["process"], report["question"])
        elif "compiled" in report:
            self._take_compiled(report)

    def _take_question(self, process: int, question: Mapping[str, Any]) -> None:
        try:
            request = FormulaRequest.model_validate(question.get("formula"))
        except ValidationError:
            request = None
        if request is None or not request.is_allowed:
            self._answer(process, FormulaAnswer(complaint="this is no question for a formula"))
            return
        content = self._store.find(request)
        if content is not None:
            self._hand_over(process, content)
            return
        self._asked[process] = request
        self._send({"compile": request.model_dump(), "process": process})

    def _take_compiled(self, report: Mapping[str, Any]) -> None:
        request = self._asked.pop(report["process"])
        answer = FormulaAnswer.model_validate(report["compiled"])
        folder = self._made_in / report["folder"]
        try:
            if answer.file is None:
                self._answer(report["process"], answer)
            else:
                content = self._store.take_over(request, folder / answer.file)
                self._hand_over(report["process"], content)
        except RenderError as exc:
            self._answer(report["process"], FormulaAnswer(complaint=exc.message))
        finally:
            delete_folder(folder)

    def _hand_over(self, process: int, content: bytes) -> None:
        try:
            answer = FormulaAnswer(file=hand_over(content, self._job_folder))
        except OSError as exc:
            answer = FormulaAnswer(complaint=f"it could not be handed over: {exc.strerror}")
        self._answer(process, answer)

    def _answer(self, process: int, answer: FormulaAnswer) -> None:
        self._send({"answer": answer.model_dump(), "process": process})


def hand_over(content: bytes, folder: Path) -> str:
    """Put a picture into a job's folder under a new name, and return the name."""
    name = f"formula-{uuid4().hex}.svg"
    create_regular(folder / name, content)
    return name
