"""The pipe to a supervisor: start the process, send orders, receive reports, end it.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shaperotator_magic.core.errors import RenderProcessLostError
from shaperotator_magic.core.styles.fonts.machine import (
    CONFIGURATION,
    is_fontconfig_used,
    write_configuration,
)
from shaperotator_magic.rendering.exchange.owned_folders import OwnedFolder, sweep_folders
from shaperotator_magic.rendering.isolation import namespaces
from shaperotator_magic.rendering.isolation.confining import Layers
from shaperotator_magic.rendering.isolation.readable import find_import_path, find_readable
from shaperotator_magic.rendering.isolation.tex_folders import find_tex_folders
from shaperotator_magic.rendering.stand_ins.installed import log_off

if TYPE_CHECKING:  # a command starts the process before it imports pydantic
    from shaperotator_magic.core.records import FontChoice
    from shaperotator_magic.rendering.renderer import RenderRequest

# What the process may see of the environment: no key and no token is among it.
_KEPT_VARIABLES = (
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "USERPROFILE",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE",
    "XDG_DATA_HOME", "XDG_DATA_DIRS", "TEXMFHOME", "TEXINPUTS", "VIRTUAL_ENV", "CONDA_PREFIX",
)  # fmt: skip
_THREAD_COUNTS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
# glibc returns the memory of every picture to the system, and a new page fault costs more than
# writing the page: with the memory retained, a render takes a twentieth less. The first is
# the largest value that every glibc takes.
_MEMORY_KEPT = {
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20),
}
_MODULE = "shaperotator_magic.rendering.process"
_START_TIMEOUT_S = 120.0
_STOP_TIMEOUT_S = 0.8
_TICK_S = 0.05
_LOG_TAIL_BYTES = 4000
_FOLDER_PREFIX = "shaperotator-warm-"

Report = dict[str, Any]
Inbox = queue.Queue[Report | None]
"""What is heard of one job; None when the process has ended."""


class WorkerPipe:
    """One running supervisor; several threads may use it at once.

    Parameters
    ----------
    is_single_use
        The process renders one scene itself and ends, in place of forking for each.
    layers
        What holds it and its scenes.
    fonts
        Whose fonts its scenes find.
    """

    def __init__(self, *, is_single_use: bool, layers: Layers, fonts: FontChoice) -> None:
        self._fonts = fonts
        self._is_single_use = is_single_use
        self._inboxes: dict[int, Inbox] = {}
        self._is_settled = threading.Event()  # it is ready, or has ended
        self._was_ready = False
        self._writing = threading.Lock()
        sweep_folders(_FOLDER_PREFIX)
        self._owned = OwnedFolder(_FOLDER_PREFIX)
        self.folder = self._owned.path
        for name in ("jobs", "formulas"):
            (self.folder / name).mkdir()
        if fonts == "bundled" and is_fontconfig_used():
            write_configuration(self.folder / CONFIGURATION)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self.process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
            _build_command(self.folder, layers, is_single_use=is_single_use),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=_build_environment(),
            cwd=self.folder,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def serves(self, request: RenderRequest) -> bool:
        """Whether the process runs, and has the fonts of a request."""
        return self.process.poll() is None and request.fonts == self._fonts

    def wait_until_ready(self) -> None:
        """Wait until manim is imported there.

        Raises
        ------
        RenderProcessLostError
            It ended before, or took two minutes.
        """
        deadline = time.monotonic() + _START_TIMEOUT_S
        # In small steps: Windows cannot interrupt a long wait.
        while not self._is_settled.wait(_TICK_S):
            if time.monotonic() > deadline:
                self.close()
                raise self._build_error("The render process did not start within two minutes.")

    def submit(self, job: Mapping[str, Any]) -> Inbox:
        """Order a render; its reports come into the returned inbox until ``close`` or ``forget``.

        Raises
        ------
        RenderProcessLostError
            The process has ended.
        """
        inbox = self._inboxes[job["job"]] = Inbox()
        self.send(job)
        return inbox

    def send(self, order: Mapping[str, Any]) -> None:
        """Send any order.

        Raises
        ------
        RenderProcessLostError
            The process has ended.
        """
        try:
            self._send(order)
        except (OSError, ValueError) as exc:
            raise self._build_death_error() from exc

    def receive(self, inbox: Inbox) -> Report | None:
        """Return the next report, None when there was none within 50 ms.

        Raises
        ------
        RenderProcessLostError
            The process has ended.
        """
        try:
            report = inbox.get(timeout=_TICK_S)
        except queue.Empty:
            return None
        if report is None:
            raise self._build_death_error()
        return report

    def cancel(self, number: int) -> None:
        """End one render; returns when none of its processes runs any more, within a second."""
        inbox = self._inboxes.get(number)
        if inbox is None:
            return
        deadline = time.monotonic() + _STOP_TIMEOUT_S
        if self._does_listen and self._ask_to_cancel(number):
            while time.monotonic() < deadline:
                with contextlib.suppress(queue.Empty):
                    report = inbox.get(timeout=_TICK_S)
                    if report is None or "ended" in report:
                        return
        self.close()

    def _ask_to_cancel(self, number: int) -> bool:
        try:
            self._send({"cancel": number})
        except (OSError, ValueError):
            return False
        return True

    def forget(self, number: int) -> None:
        """Drop further reports of a render."""
        self._inboxes.pop(number, None)

    def close(self) -> None:
        """End the process and all that it renders."""
        with contextlib.suppress(OSError):
            if self.process.stdin:
                self.process.stdin.close()  # upon which it ends its renders, and itself
        try:
            self.process.wait(timeout=_STOP_TIMEOUT_S if self._does_listen else 0)
        except subprocess.TimeoutExpired:
            _kill_group(self.process.pid)
            self.process.wait()
        self._log.close()
        self._owned.delete()

    @property
    def _does_listen(self) -> bool:
        return self._was_ready and not self._is_single_use

    def _build_death_error(self) -> RenderProcessLostError:
        if self._was_ready:
            return self._build_error("The render process ended unexpectedly.")
        last = self._read_log().strip().rpartition("\n")[2]
        return self._build_error(f"The render process could not start. {last}".rstrip())

    def _send(self, order: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None  # noqa: S101 - it was opened as a pipe
        with self._writing:
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
            self.process.stdin.flush()

    def _listen(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - it was opened as a pipe
        with self.process.stdout as lines:
            for line in lines:
                self._take(json.loads(line))
        self.process.wait()
        self._is_settled.set()
        for inbox in list(self._inboxes.values()):
            inbox.put(None)

    def _take(self, report: Report) -> None:
        if "ready" in report:
            log_off()
            self._was_ready = True
            self._is_settled.set()
        inbox = self._inboxes.get(report.get("job", 0))
        if inbox is not None:
            inbox.put(report)

    def _build_error(self, message: str) -> RenderProcessLostError:
        return RenderProcessLostError(
            message,
            hint="Run the cell again for a new one; '%shaperotate doctor' looks at this machine.",
            returncode=self.process.poll(),
            log_tail=self._read_log(),
        )

    def _read_log(self) -> str:
        if self._log.closed:
            return ""
        end = self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, end - _LOG_TAIL_BYTES))
        return self._log.read().decode(errors="replace")


def _build_command(folder: Path, layers: Layers, *, is_single_use: bool) -> list[str]:
    has_namespaces = (
        layers.namespaces and sys.platform == "linux" and bool(namespaces.find_bubblewrap())
    )
    inside = namespaces.INSIDE if has_namespaces else folder
    command = [sys.executable, "-m", _MODULE, "--folder", str(inside)]
    if is_single_use:
        command.append("--once")
    if has_namespaces:
        command.append("--own-users")
    if layers != Layers():
        command += ["--layers", json.dumps(layers.as_dict())]
    if has_namespaces:
        return namespaces.wrap_command(command, folder, (*find_readable(), *find_tex_folders()))
    return command


def _build_environment() -> dict[str, str]:
    environ = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {
        **environ,
        "PYTHONPATH": os.pathsep.join(map(str, find_import_path())),
        "PYTHONDONTWRITEBYTECODE": "1",
        # A set of names has the same order every time: manim matches the parts of formulas by one.
        "PYTHONHASHSEED": "0",
        # Its matrices are small; threads would cost start-up, memory and processor time.
        **dict.fromkeys(_THREAD_COUNTS, "1"),
        **_MEMORY_KEPT,
    }


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            os.kill(group, signal.SIGTERM)  # which is TerminateProcess there
        else:
            os.killpg(group, signal.SIGKILL)
