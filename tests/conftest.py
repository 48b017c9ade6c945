"""Fixtures that every test shares: a home of its own, no keys, no surprises from the machine."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.shells import running_shell

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell
    from playwright.sync_api import Browser

    from shaperotator_magic.checking.api import Api
    from shaperotator_magic.rendering.worker.worker import Worker
    from tests.browser import LabPage, LabServer
    from tests.running_postgres import RunningPostgres

# A shell starts what it runs in the background with interrupts ignored, and children inherit that;
# the tests that interrupt would then wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give temporary files of this run a folder of its own: /tmp is everybody's.

    Its path is short, as those of sockets have to be, and other users may pass through it.
    """
    tmp_path_factory.getbasetemp()  # stays where pytest keeps what the last runs left
    with tempfile.TemporaryDirectory(prefix="sr-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TMPDIR", folder)
            patch.setattr(tempfile, "tempdir", folder)
            yield Path(folder)


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Move the data folder into tmp_path and unset everything that reaches a model."""
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "SHAPEROTATOR_")):
            monkeypatch.delenv(name)
    data_dir = tmp_path / "data"
    monkeypatch.setenv("SHAPEROTATOR_DATA_DIR", str(data_dir))
    return data_dir


@pytest.fixture(autouse=True)
def media_folder(temporary_folder: Path) -> None:
    """Give manim's files of this run a folder of their own, once manim is imported.

    Two runs beside each other would read texts that the other is writing.
    """
    if manim := sys.modules.get("manim"):
        manim.config.media_dir = str(temporary_folder / "media")


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """One shell with the extension loaded."""
    with running_shell() as shell:
        yield shell


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One supervisor for all tests of a module."""
    from shaperotator_magic.rendering.worker.worker import Worker

    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture(scope="session")
def api() -> Api:
    """What the installed manim offers, read once for all tests of a run."""
    from shaperotator_magic.checking.api import Api
    from shaperotator_magic.rendering.process.api_table import build_table

    return Api(build_table())


@pytest.fixture
def stock_manim_drawing() -> Iterator[None]:
    """Let a test replace how manim draws in this process, and put it back afterwards."""
    from manim.camera.camera import Camera
    from manim.camera.three_d_camera import ThreeDCamera
    from manim.renderer.cairo_renderer import CairoRenderer

    owners = (Camera, ThreeDCamera, CairoRenderer)
    stock = [(owner, dict(vars(owner))) for owner in owners]
    switch_s = sys.getswitchinterval()
    yield
    sys.setswitchinterval(switch_s)
    for owner, attributes in stock:
        for name in vars(owner).keys() - attributes.keys():
            delattr(owner, name)
        for name, value in attributes.items():
            if vars(owner)[name] is not value:
                setattr(owner, name, value)


@pytest.fixture(scope="session")
def postgres() -> Iterator[RunningPostgres]:
    """A PostgreSQL of its own for the whole session; skips where it is not installed."""
    from tests.running_postgres import find_programs, start_postgres

    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
    with start_postgres(programs) as server:
        yield server


# --- the browser; playwright is imported by the tests that use it only ---------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; skips where none is installed."""
    from tests.browser import find_chromium, start_browser

    if find_chromium() is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with start_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """One JupyterLab for the whole session, with a folder and results of its own."""
    from tests.browser import find_chromium, start_lab

    if find_chromium() is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with start_lab(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="module")
def lab_page(browser: Browser, lab_server: LabServer) -> LabPage:
    """One page of that JupyterLab, for the tests of one module."""
    from tests.browser import LabPage

    return LabPage(browser.new_page(viewport={"width": 1280, "height": 900}), lab_server)


@pytest.fixture(scope="module")
def extension_page(browser: Browser, lab_server: LabServer) -> LabPage:
    """One page of that JupyterLab with our extension, for the tests of one module."""
    from tests.browser import LabPage, find_extension

    if find_extension() is None:
        pytest.skip("the JupyterLab extension is not built: make extension")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    return LabPage(page, lab_server, has_extension=True)


@pytest.fixture(autouse=True)
def nothing_is_broken(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test with a page of JupyterLab: no dead widget and no bare object is on it."""
    names = [n for n in ("lab_page", "extension_page", "front") if n in request.fixturenames]
    pages = [request.getfixturevalue(name) for name in names]
    yield
    for page in pages:
        page.check_nothing_is_broken()
