"""Folders of killed processes are swept at the next start; those of others never are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from IPython.core.interactiveshell import InteractiveShell

from shaperotator_magic.rendering.exchange.owned_folders import OwnedFolder, sweep_folders
from shaperotator_magic.rendering.isolation.confining import Layers
from shaperotator_magic.rendering.kernel import KernelRenderer
from shaperotator_magic.rendering.worker.pipe import WorkerPipe

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")

PREFIX = "shaperotator-warm-"
_OWN = """
    import sys
    from shaperotator_magic.rendering.exchange.owned_folders import OwnedFolder
    owned = OwnedFolder("shaperotator-warm-")
    (owned.path / "jobs" / "inner").mkdir(parents=True)
    (owned.path / "jobs" / "inner").chmod(0)
    print(owned.path, flush=True)
    sys.stdin.read()
"""
_WORK = """
    import sys
    from shaperotator_magic.rendering.worker.worker import Worker
    worker = Worker()
    worker.warm_up()
    print(worker._pipe.folder, worker._pipe.process.pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for temporary files, of this test alone."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@contextmanager
def started(code: str, temp: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start a process that owns something, and read what it says of it."""
    source = "\n".join(line[4:] for line in code.splitlines())
    process = subprocess.Popen(
        [sys.executable, "-c", source], env={**os.environ, "TMPDIR": str(temp)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        yield process, process.stdout.readline().split()
        process.kill()


def test_folder_of_a_killed_process_is_swept(temp: Path) -> None:
    with started(_OWN, temp) as (process, (name,)):
        assert sweep_folders(PREFIX) == 0
        assert Path(name).is_dir()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert sweep_folders(PREFIX) == 1
        assert list(temp.iterdir()) == []


def test_killed_wrapper_leaves_nothing_after_the_next_start(temp: Path) -> None:
    with started(_WORK, temp) as (process, (name, warm)):
        for number in (int(warm), process.pid):
            os.kill(number, signal.SIGKILL)
        process.wait()
        assert Path(name).is_dir()
        pipe = WorkerPipe(is_single_use=False, layers=Layers(), fonts="bundled")
        try:
            assert [path.name for path in temp.iterdir()] == [pipe.folder.name]
        finally:
            pipe.close()
    assert list(temp.iterdir()) == []


def test_kernel_renderer_sweeps_jobs_of_killed_kernels(temp: Path) -> None:
    (temp / "shaperotator-job-killed").mkdir()
    with OwnedFolder("shaperotator-job-") as running:
        KernelRenderer(cast(InteractiveShell, None), lambda _: object)
        assert list(temp.iterdir()) == [running.path]
    assert list(temp.iterdir()) == []


def test_own_folder_is_kept_until_it_is_deleted(temp: Path) -> None:
    owned = OwnedFolder(PREFIX)
    assert sweep_folders(PREFIX) == 0
    assert owned.path.parent == temp.resolve()
    owned.delete()
    assert list(temp.iterdir()) == []


def test_links_files_and_other_names_are_not_swept(temp: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("mine")
    (temp / f"{PREFIX}link").symlink_to(kept)
    (temp / f"{PREFIX}file").write_text("mine")
    (temp / "shaperotator-other").mkdir()
    assert sweep_folders(PREFIX) == 0
    assert (kept / "file").read_text() == "mine"
    assert len(list(temp.iterdir())) == 3


def test_link_within_a_folder_is_not_followed(temp: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("mine")
    (temp / f"{PREFIX}a").mkdir()
    (temp / f"{PREFIX}a" / "jobs").symlink_to(kept)
    assert sweep_folders(PREFIX) == 1
    assert (kept / "file").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes folders of other users")
def test_folder_of_another_user_is_not_swept(temp: Path) -> None:
    other = temp / f"{PREFIX}other"
    other.mkdir()
    os.chown(other, 65534, 65534)
    assert sweep_folders(PREFIX) == 0
    assert other.is_dir()


def test_start_that_sweeps_costs_little(temp: Path) -> None:
    for number in range(500):
        (temp / f"other-{number}").mkdir()
    began = time.perf_counter()
    sweep_folders(PREFIX)
    assert time.perf_counter() - began < 0.1
