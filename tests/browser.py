"""JupyterLab as a user has it: a real server, a real kernel, a real page in headless Chromium.

The fixtures ``lab_server`` (one a session) and ``lab_page`` (one page a module) are in conftest.
A test writes a notebook, opens it, runs cells, and looks at what is on the page::

    path = lab_server.write_notebook("matrix", ["%load_ext shaperotator_magic", "%%shaperotate …"])
    lab_page.open(path)
    lab_page.run_all()
    lab_page.output(1).locator("video")

What is asserted is what a video element says of itself, never pixels or seconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat.sign import NotebookNotary
from playwright.sync_api import Browser, Locator, Page, sync_playwright

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
START_TIMEOUT_S = 600
RUN_TIMEOUT_MS = 600_000
_TOKEN = "shaperotator-tests"
_OWN_FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
Front = Literal["lab", "notebook"]


def find_chromium() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    return next((path for name in _PROGRAMS if (path := shutil.which(name))), None)


def find_extension() -> Path | None:
    """Return where the JupyterLab of this environment finds our extension, or None."""
    found = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / "shaperotator_magic"
    return found if (found / "package.json").is_file() else None


@contextlib.contextmanager
def start_browser() -> Iterator[Browser]:
    """Start headless Chromium.

    While it runs, this thread has an event loop that belongs to Playwright: ``asyncio.run`` fails.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


# --- the server -----------------------------------------------------------------------


@dataclass(frozen=True)
class LabServer:
    """A running JupyterLab; ``data_dir`` is where its kernels keep results."""

    base_url: str
    root: Path
    data_dir: Path

    def address(self, path: str, front: Front = "lab") -> str:
        """Return the address of a notebook as a page of its own, in JupyterLab or Notebook 7."""
        if front == "notebook":
            return f"{self.base_url}/notebooks/{path}?token={_TOKEN}"
        return f"{self.base_url}/doc/tree/{path}?token={_TOKEN}&reset"

    def write_notebook(self, name: str, cells: Sequence[str]) -> str:
        """Write a notebook of code cells into the server's folder; returns its path there."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        return self.save_notebook(f"{name}.ipynb", notebook)

    def save_notebook(self, path: str, notebook: Any) -> str:
        """Write a notebook as it is into the server's folder; returns its path there."""
        nbformat.write(notebook, self.root / path)
        return path

    def read_notebook(self, path: str) -> Any:
        """Return a notebook as it was last saved."""
        return nbformat.read(self.root / path, as_version=4)

    def trust(self, path: str) -> None:
        """Sign a notebook, as if all its outputs had been made here."""
        folder = self.root.parent / _OWN_FOLDERS["JUPYTER_DATA_DIR"]
        NotebookNotary(data_dir=str(folder)).sign(self.read_notebook(path))


@contextlib.contextmanager
def start_lab(folder: Path) -> Iterator[LabServer]:
    """Start JupyterLab with settings, runtime files and results of its own below ``folder``.

    A notebook that this server did not run itself is untrusted, for its signatures are new.
    """
    root, data_dir = folder / "notebooks", folder / "results"
    root.mkdir(parents=True)
    _refuse_news(folder / "settings")
    port = _find_free_port()
    log = folder / "server.log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *_build_flags(port, root)],
            env=_build_environment(folder, data_dir),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    try:
        server = LabServer(f"http://127.0.0.1:{port}", root, data_dir)
        _wait_until_up(server, process, log)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)  # it shuts its kernels down
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _build_flags(port: int, root: Path) -> list[str]:
    return [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}",
        f"--IdentityProvider.token={_TOKEN}",
        "--ServerApp.log_level=WARN",
        "--LabApp.expose_app_in_browser=True",
        "--JupyterNotebookApp.expose_app_in_browser=True",
        # Each page would have the server start node, to ask whether JupyterLab is to be built anew.
        '--ServerApp.tornado_settings={"page_config_data": {"buildCheck": False}}',
        # Notebook 7 is a second face of the same server.
        '--ServerApp.jpserver_extensions={"notebook": True}',
    ]


def _build_environment(folder: Path, data_dir: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI_", "SHAPEROTATOR_"))}
    return {
        **kept,
        **{name: str(folder / value) for name, value in _OWN_FOLDERS.items()},
        "SHAPEROTATOR_DATA_DIR": str(data_dir),
    }


def _refuse_news(settings: Path) -> None:
    """Answer the question that JupyterLab asks in a box over the page; it asks no network."""
    file = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(server: LabServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, TimeoutError, ConnectionError):
            address = f"{server.base_url}/api/status?token={_TOKEN}"
            with urllib.request.urlopen(address, timeout=60):
                return
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


# --- the page -------------------------------------------------------------------------

# What the notebook in front says of itself; null where none is open yet.
_PANEL = "const panel = window.jupyterapp.shell.currentWidget;"
_IS_IDLE = f"""() => {{ {_PANEL}
  const session = panel?.sessionContext;
  return Boolean(session?.isReady && session.session?.kernel?.status === 'idle'
    && panel.content?.widgets?.length); }}"""
_IS_IN_FRONT = f"""(path) => {{ {_PANEL} return panel?.context?.path === path; }}"""
_RUN = f"""async (index) => {{ {_PANEL}
  panel.content.activeCellIndex = index;
  await panel.content.scrollToItem(index);
  await window.jupyterapp.commands.execute('notebook:run-cell'); return null; }}"""
_IS_RUNNING = f"""(index) => {{ {_PANEL}
  const model = panel.content.widgets[index].model;
  return model.executionState === 'running'
    || panel.sessionContext.session?.kernel?.status === 'busy'; }}"""
_OUTPUTS = f"""(index) => {{ {_PANEL}
  return panel.content.widgets[index].model.sharedModel.toJSON().outputs; }}"""
_SCROLL = (
    f"""async (index) => {{ {_PANEL} await panel.content.scrollToItem(index); return null; }}"""
)

# A card brings its video when it comes near; before, there is nothing to play.
# A finished video has the player around it, or where that is not loaded the browser's own controls.
FINISHED = ".sr-player video, video[controls]"
PLAYING = """async (video) => {
  video.scrollIntoView();
  for (let i = 0; i < 300 && !video.currentSrc; i++)
    await new Promise((done) => setTimeout(done, 100));
  video.muted = true;
  await video.play();
  for (let i = 0; i < 100 && !(video.readyState >= 2 && video.currentTime > 0); i++)
    await new Promise((done) => setTimeout(done, 100));
  video.pause();
  return {ready: video.readyState, width: video.videoWidth, at: video.currentTime};
}"""


# What a notebook must never show: widgets that are gone, and what Python calls an object.
BROKEN = re.compile(
    r"model not found|Error displaying widget|Error creating widget|Loading widget"
    r"|<[\w.]+ object at 0x|\w+\(children=|^<[0-9a-f]{8}: |^<IPython|Could not render content",
    re.IGNORECASE,
)
_SHOWN_TEXTS = """() => [...document.querySelectorAll('.jp-OutputArea-output')]
  .filter((output) => !output.querySelector('pre code, .sr-code'))
  .map((output) => output.textContent.trim())"""


class LabPage:
    """One page of JupyterLab or Notebook 7, driven by its own commands."""

    def __init__(
        self, page: Page, server: LabServer, *, has_extension: bool = False, front: Front = "lab"
    ) -> None:
        self.page = page
        self.server = server
        self.front = front
        self.has_extension = has_extension
        page.set_default_timeout(RUN_TIMEOUT_MS)
        if not has_extension:
            # JupyterLab goes on without an extension that it cannot load.
            page.route("**/extensions/shaperotator_magic/**", lambda route: route.abort())

    def open(self, path: str) -> None:
        """Open a notebook and wait until its kernel is idle."""
        self.show(path)
        self._wait_until_idle()

    def show(self, path: str) -> None:
        """Open a notebook; its kernel may be there later, or never."""
        self.page.goto(self.server.address(path, self.front))

    def open_beside(self, path: str) -> None:
        """Open a notebook on the same page, or bring it to the front; the others stay open."""
        self.execute("docmanager:open", path=path)
        self.page.wait_for_function(_IS_IN_FRONT, arg=path)
        self._wait_until_idle()

    def reload(self) -> None:
        """Load the page anew; the kernel goes on."""
        self.page.reload()
        self._wait_until_idle()

    def execute(self, command: str, **arguments: Any) -> None:
        """Execute a command of JupyterLab by its identifier, and wait until it has ended."""
        self.page.evaluate(
            "async ([id, args]) => { await window.jupyterapp.commands.execute(id, args);"
            " return null; }",
            [command, arguments],
        )

    def run(self, index: int) -> None:
        """Run one cell and wait for its end, whatever that is."""
        self.page.evaluate(_RUN, index)
        self._wait_until_idle()

    def start(self, index: int) -> None:
        """Run one cell and return while it runs."""
        self.page.evaluate(f"(index) => {{ ({_RUN})(index); return null; }}", index)
        self.page.wait_for_function(_IS_RUNNING, arg=index)

    def run_all(self) -> None:
        """Run every cell and wait for the end; stops at the first error, as JupyterLab does."""
        self.execute("notebook:run-all-cells")
        self._wait_until_idle()

    def save(self) -> None:
        """Save the notebook as Ctrl+S does."""
        self.execute("docmanager:save")

    def interrupt(self) -> None:
        """Interrupt the kernel as the stop button of the toolbar does."""
        self.execute("notebook:interrupt-kernel")

    def output(self, index: int) -> Locator:
        """Return the output area of a cell, scrolled to, so that it is on the page."""
        self.page.evaluate(_SCROLL, index)
        panel = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        return panel.locator(f'.jp-Cell[data-windowed-list-index="{index}"] .jp-OutputArea')

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """Return a cell's outputs as the notebook file would hold them."""
        return [dict(output) for output in self.page.evaluate(_OUTPUTS, index)]

    def count_cells(self) -> int:
        """Return how many cells the notebook has."""
        return int(self.page.evaluate(f"() => {{ {_PANEL} return panel.content.widgets.length; }}"))

    def play(self, index: int) -> dict[str, Any]:
        """Play the first video of a cell; returns its readyState, its width and how far it got."""
        video = self.output(index).locator("video").first
        video.wait_for()
        return dict(video.evaluate(PLAYING))

    def check_nothing_is_broken(self) -> None:
        """Fail where an output is a dead widget or the bare name of an object."""
        broken = [text for text in self.page.evaluate(_SHOWN_TEXTS) if BROKEN.search(text)]
        assert broken == [], f"broken outputs: {broken}"

    def _wait_until_idle(self) -> None:
        self.page.wait_for_function("() => Boolean(window.jupyterapp)")
        self.page.wait_for_function(_IS_IDLE, polling=100)


def describe(outputs: Sequence[dict[str, Any]]) -> str:
    """Return outputs as text, for messages of failed asserts."""
    return json.dumps(outputs, default=str)[:2000]
