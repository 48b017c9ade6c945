"""The supervisor: imports manim once, then forks a confined process for every job.

Run as ``python -m shaperotator_magic.rendering.process --folder DIR``. It reads orders
as JSON lines from stdin and writes reports as JSON lines to its original stdout. Nothing else
writes there: before manim is imported, that descriptor is duplicated and 1 points to stderr. DIR
holds ``jobs``, with a folder for each that the parent makes and deletes, and ``formulas``.

    in   {"job": 3, "kind": "video", "folder": "…", "source": "…", "scene_name": "…", …}
         {"cancel": 3}
         {"job": 3, "compile": {"source": "…", …}, "process": 71}   answers a question: set it
         {"job": 3, "answer": {"file": "…"}, "process": 71}         answers it for good
    out  {"ready": true}
         {"job": 3, "frames": 17}, {"job": 3, "total": 210, "plays": 12} {"job": 3, "segment":
         {"index": 2, …}}, {"job": 3, "drawn": {"statement": 4, …}} {"job": 3, "checkpoint":
         {"statement": 5, …}}     the checkpoint before a statement is written {"job": 3,
         "diverged": true}                 the cache does not match: draw it all {"job": 3,
         "result": {"file": "result.mp4", "poster": "poster.png", …}} {"job": 3, "error":
         {"message": "…", "hint": "…", "line": 7, "log_tail": "…"}} {"job": 3, "question":
         {"formula": {"source": "…", …}}, "process": 71} {"job": 3, "compiled": {"file": "…"},
         "folder": "…", "process": 71} {"job": 3, "excess": {"message": "…", "hint": "…"}}        it
         exceeded a limit {"job": 3, "ended": 0}                          exit status, negative for
         a signal

Several jobs may run side by side; ``children.KINDS`` lists the work of each kind. A job is a
process group: for a video, one child draws and another counts the frames. A child reports through a
pipe of its own; only known keys of its reports are forwarded, for a scene can write anything there.
When a job ends, every process that it started is killed, also one that left its group.

A scene may start no program. Its requests for LaTeX formulas go to the caller, which has a cache; a
formula that is not cached is compiled here, in a process beside the scene's.

With ``--once`` (where the system has no safe fork) this process renders one scene itself and ends.

Runs in the supervisor, the process that forks one process for each scene.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import selectors
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shaperotator_magic.core.styles.fonts.machine import configured
from shaperotator_magic.rendering.exchange.channel import Channel
from shaperotator_magic.rendering.isolation.confining import Layers, confine_supervisor
from shaperotator_magic.rendering.isolation.readable import find_readable
from shaperotator_magic.rendering.isolation.tex_folders import find_tex_folders
from shaperotator_magic.rendering.mathtext.formulas import FormulaRequest
from shaperotator_magic.rendering.mathtext.latex import compile_formula
from shaperotator_magic.rendering.process.children import (
    KINDS,
    Child,
    Confinement,
    RenderJob,
    adopt_orphans,
    kill_orphans,
)
from shaperotator_magic.rendering.process.priority import lower_priority
from shaperotator_magic.rendering.process.scene_run import import_manim
from shaperotator_magic.rendering.process.watchdog import TICK_S

_CHUNK_BYTES = 65536
_LONGEST_ORDER_BYTES = 100_000_000
_LONGEST_REPORT_BYTES = 1_000_000


def main() -> int:
    """Serve orders until the caller closes the pipe or dies."""
    arguments = _parse_arguments()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Jupyter's interrupt is not meant for us
    lower_priority()
    reports = os.dup(1)
    os.dup2(2, 1)
    os.chdir(arguments.folder)
    layers = Layers.from_dict(json.loads(arguments.layers)) if arguments.layers else Layers()
    confine_supervisor(layers)
    try:
        with configured(arguments.folder):
            import_manim()
            readable = find_readable()
        confinement = Confinement(
            layers, readable, find_tex_folders(), has_own_users=arguments.own_users
        )
        _write_line(reports, ready=True)
        if arguments.once:
            _render_once(reports, arguments.folder)
        else:
            _Supervisor(reports, arguments.folder, confinement).serve()
    except BrokenPipeError:
        return 1  # the parent has died
    finally:
        shutil.rmtree(arguments.folder, ignore_errors=True)
    return 0


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=__spec__.name)
    parser.add_argument("--once", action="store_true", help="render one scene here, and end")
    parser.add_argument("--folder", required=True, type=Path, help="deleted at the end")
    parser.add_argument("--own-users", action="store_true", help="in a user namespace of its own")
    parser.add_argument("--layers", help="JSON of Layers, for the tests that leave some out")
    return parser.parse_args()


def _render_once(reports: int, folder: Path) -> None:
    line = sys.stdin.buffer.readline()
    if not line:
        return
    job = _enter_folder(json.loads(line), folder)
    work, *_ = KINDS[job["kind"]]
    send = _OnceChannel(reports, job["job"], folder)
    send(ended=work(job, send))
    # The folder, with the result in it, exists as long as this process: the parent ends it.
    sys.stdin.buffer.read()


def _enter_folder(order: dict[str, Any], folder: Path) -> dict[str, Any]:
    return {**order, "folder": str(folder / "jobs" / order["folder"])}


class _OnceChannel(Channel):
    """The channel of the one job of this process; it compiles the formulas itself."""

    def __init__(self, reports: int, job: int, folder: Path) -> None:
        super().__init__(reports, 0)
        self._job = job
        self._folder = folder

    def __call__(self, **report: Any) -> None:
        super().__call__(job=self._job, process=0, **report)

    def receive(self) -> dict[str, Any]:
        while True:
            order = super().receive()
            if "answer" in order:
                answer: dict[str, Any] = order["answer"]
                return answer
            made_in = _make_folder(self._folder)
            request = FormulaRequest.model_validate(order["compile"])
            compiled = compile_formula(request, made_in).model_dump()
            self(compiled=compiled, folder=made_in.name)


def _make_folder(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder / "formulas"))


def _write_line(descriptor: int, **report: Any) -> None:
    line = json.dumps(report).encode() + b"\n"
    while line:
        line = line[os.write(descriptor, line) :]


class _Supervisor:
    """An event loop over orders, reports of children, and their ends; it never blocks on one."""

    def __init__(self, reports: int, folder: Path, confinement: Confinement) -> None:
        self._reports = reports
        self._folder = folder
        self._confinement = confinement
        self._jobs: dict[int, RenderJob] = {}
        self._asking: set[int] = set()  # processes that wait for an answer
        self._orders = LineReader(0, longest_bytes=_LONGEST_ORDER_BYTES)
        self._selector = selectors.DefaultSelector()
        self._is_served = True
        self._next_look_at = 0.0

    def serve(self) -> None:
        adopt_orphans()
        self._watch(0, self._take_orders)
        self._watch(_wake_when_a_child_ends(), self._take_ended)
        try:
            while self._is_served:
                for key, _ in self._selector.select(TICK_S if self._jobs else None):
                    # An earlier one of these may have ended what this one is about.
                    if self._selector.get_map().get(key.fd) is key:
                        key.data(key.fd)
                self._look_after_jobs()
        finally:
            self._end_all()

    def _look_after_jobs(self) -> None:
        now = time.monotonic()
        if now < self._next_look_at:
            return
        self._next_look_at = now + TICK_S
        for number, job in list(self._jobs.items()):
            excess = job.find_excess()
            if excess is not None:
                _write_line(self._reports, job=number, excess=excess.model_dump())
                self._finish(number)

    def _watch(self, descriptor: int, answer: Callable[[int], None]) -> None:
        os.set_blocking(descriptor, False)
        self._selector.register(descriptor, selectors.EVENT_READ, answer)

    def _take_orders(self, _: int) -> None:
        for order in self._orders.read():
            if "cancel" in order:
                self._finish(order["cancel"])
            elif "process" in order:
                self._answer(order)
            else:
                self._start(order)
        # Of a kernel that was killed nobody reads the result, and nobody else tidies up.
        self._is_served = not self._orders.has_ended

    def _start(self, order: dict[str, Any]) -> None:
        job = RenderJob(_enter_folder(order, self._folder), self._confinement)
        self._jobs[order["job"]] = job
        for child in job.children:
            self._hear(child, functools.partial(self._pass_on, order["job"], child))

    def _hear(self, child: Child, take: Callable[[LineReader], None]) -> None:
        reader = LineReader(child.pipe, longest_bytes=_LONGEST_REPORT_BYTES)

        def listen(_: int) -> None:
            take(reader)
            if reader.has_ended:
                self._selector.unregister(reader.descriptor)

        self._watch(child.pipe, listen)

    def _pass_on(self, number: int, child: Child, reader: LineReader) -> None:
        for message in reader.read():
            report = keep_known(message)
            if "question" in report and child.process in self._asking:
                continue  # one at a time, or a scene could have a thousand compilers started
            if "question" in report:
                self._asking.add(child.process)
            if report:
                _write_line(self._reports, job=number, process=child.process, **report)

    def _answer(self, order: dict[str, Any]) -> None:
        """Forward an answer to the process that asked, or compile what it asked for."""
        job = self._jobs.get(order["job"])
        asked = job.find_child(order["process"]) if job else None
        if job is None or asked is None:
            return  # it has ended
        if "answer" in order:
            self._asking.discard(asked.process)
            asked.answer(json.dumps(order["answer"]).encode() + b"\n")
        else:
            self._compile(job, order)

    def _compile(self, job: RenderJob, order: dict[str, Any]) -> None:
        made_in = _make_folder(self._folder)
        child = job.compile(FormulaRequest.model_validate(order["compile"]), made_in)
        report = {"job": order["job"], "process": order["process"], "folder": made_in.name}
        answers: list[Any] = []

        def take(reader: LineReader) -> None:
            messages = [line["answer"] for line in reader.read() if "answer" in line]
            if reader.has_ended and not messages and not answers:
                messages = [{"complaint": "its compiler was stopped"}]
            for answer in messages:
                answers.append(answer)
                _write_line(self._reports, **report, compiled=answer)

        self._hear(child, take)

    def _take_ended(self, wake_up: int) -> None:
        os.read(wake_up, _CHUNK_BYTES)
        for number, job in list(self._jobs.items()):
            if job.has_ended():
                self._finish(number)

    def _finish(self, number: int) -> None:
        """Read the last reports of a job, kill what is left of it, and report its end."""
        job = self._jobs.pop(number, None)
        if job is None:
            return  # it ended while the cancellation was on its way
        status = job.end()
        watched = self._selector.get_map()
        for child in job.children:
            self._asking.discard(child.process)
            if child.pipe in watched:
                watched[child.pipe].data(child.pipe)
            if child.pipe in watched:  # something that left the group still holds it
                self._selector.unregister(child.pipe)
            child.close()
        kill_orphans(known=self._known_processes())
        _write_line(self._reports, job=number, ended=status)

    def _known_processes(self) -> set[int]:
        return {child.process for job in self._jobs.values() for child in job.children}

    def _end_all(self) -> None:
        jobs, self._jobs = list(self._jobs.values()), {}
        for job in jobs:
            job.end()
        kill_orphans(known=set())
        for job in jobs:
            shutil.rmtree(job.folder, ignore_errors=True)


class LineReader:
    """Reads JSON objects, one a line, from a descriptor that does not block.

    Other lines are skipped, and so are lines of more than ``longest_bytes``.
    """

    def __init__(self, descriptor: int, *, longest_bytes: int) -> None:
        self.descriptor = descriptor
        self.has_ended = False
        self._longest_bytes = longest_bytes
        self._rest = bytearray()

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield what is there now."""
        while not self.has_ended:
            try:
                chunk = os.read(self.descriptor, _CHUNK_BYTES)
            except BlockingIOError:
                return
            self.has_ended = not chunk
            self._rest += chunk
            if b"\n" in chunk:
                *lines, self._rest = self._rest.split(b"\n")
                yield from filter(None, map(_parse_object, lines))
            if len(self._rest) > self._longest_bytes:
                self._rest.clear()


def _parse_object(line: bytes | bytearray) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


_KNOWN_KEYS = {
    "frames": int,
    "segment": dict,
    "drawn": dict,
    "checkpoint": dict,
    "diverged": bool,
    "total": int,
    "plays": int,
    "result": dict,
    "error": dict,
    "question": dict,
}


def keep_known(said: dict[str, Any]) -> dict[str, Any]:
    """Return the known keys of a child's report."""
    return {key: said[key] for key, kind in _KNOWN_KEYS.items() if isinstance(said.get(key), kind)}


def _wake_when_a_child_ends() -> int:
    """Return a descriptor that can be read from as soon as a child ends."""
    wake_up, signalled = os.pipe()
    os.set_blocking(signalled, False)
    signal.set_wakeup_fd(signalled)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return wake_up
