"""What holds a scene back: each layer and each trap, tried on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shaperotator_magic.core.errors import ConfigurationError, RenderLimitError
from shaperotator_magic.core.records import RenderedVideo
from shaperotator_magic.rendering.exchange.folders import delete_folder, measure_folder
from shaperotator_magic.rendering.isolation.confining import Layers
from shaperotator_magic.rendering.isolation.isolation import (
    Isolation,
    Level,
    probe_isolation,
    require_any_isolation,
    require_isolation,
)
from shaperotator_magic.rendering.isolation.limits import Limits
from shaperotator_magic.rendering.process.watchdog import TICK_S, Watchdog
from shaperotator_magic.rendering.worker.worker import Worker
from tests.scenes import build_construct, build_request

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")


def render(worker: Worker, body: str, media_dir: Path, **changes: Any) -> RenderedVideo:
    """Render construct() of these lines."""
    request = build_request(media_dir, **changes)
    return worker.render(
        build_construct(body), request, variables={}, on_progress=lambda done, total: None
    )


def build_isolation(**changes: Any) -> Isolation:
    layers = {"has_namespaces": True, "has_seccomp": True, "landlock_abi": 7, "has_limits": True}
    return Isolation(**{**layers, **changes})


@pytest.mark.parametrize(
    ("changes", "level", "is_safe"),
    [
        ({}, Level.FULL, True),
        ({"has_namespaces": False}, Level.NO_NAMESPACES, True),
        ({"landlock_abi": 0}, Level.NO_LANDLOCK, True),
        ({"has_namespaces": False, "landlock_abi": 0}, Level.LIMITS_ONLY, False),
        ({"has_seccomp": False}, Level.LIMITS_ONLY, False),
        ({"has_seccomp": False, "has_limits": False}, Level.NONE, False),
    ],
)
def test_level_follows_from_the_layers_that_work(
    changes: dict[str, Any], level: Level, is_safe: bool
) -> None:
    found = build_isolation(**changes)
    assert (found.level, found.is_safe) == (level, is_safe)
    assert found.describe().startswith(f"Isolation: {level.value} (")
    assert "\n" not in found.describe()


def test_require_isolation_without_landlock_and_namespaces_refuses() -> None:
    weak = build_isolation(has_namespaces=False, landlock_abi=0)
    with pytest.raises(ConfigurationError, match="limits only") as caught:
        require_isolation(lambda: weak)
    assert "bubblewrap" in caught.value.hint
    assert require_any_isolation(lambda: weak) is weak


def test_require_any_isolation_where_there_is_none_asks_for_the_kernel() -> None:
    nothing = build_isolation(
        has_namespaces=False, landlock_abi=0, has_seccomp=False, has_limits=False
    )
    with pytest.raises(ConfigurationError) as caught:
        require_any_isolation(lambda: nothing)
    assert "--renderer kernel" in caught.value.hint


# --- limits: each bites, says which it was, and leaves nothing ---------------------------------

SMALL = Limits(memory_bytes=800_000_000, folder_bytes=20_000_000, files=200, log_bytes=100_000)


@pytest.fixture(scope="module")
def limited() -> Iterator[Worker]:
    worker = Worker(layers=Layers(limits=SMALL))
    worker.warm_up()
    yield worker
    worker.close()


@pytest.mark.render
@on_linux
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("while True: print('x' * 1000)", "printed more than 0.1 MB"),
        ("import mmap\nm = mmap.mmap(-1, 22 << 25)\nfor at in range(0, 22 << 25, 4096): m[at] = 1\n"
         "import time\ntime.sleep(60)", "used more than 0.8 GB of memory"),
        ("for i in range(60):\n    with open(f'f{i}', 'wb') as f: f.write(bytes(1 << 20))\n"
         "import time\ntime.sleep(60)", "wrote more than 20 MB"),
        ("for i in range(1000): open(f'f{i}', 'w').close()\nimport time\ntime.sleep(60)",
         "made more than 200 files"),
        ("import os, time\nfor i in range(3000): os.mkdir('a', 0o700); os.chdir('a')\n"
         "os.mkdir('b', 0)\ntime.sleep(60)", "made folders more than 64 deep"),
    ],
)  # fmt: skip
def test_limit_passed_is_named_and_nothing_is_left(
    limited: Worker, tmp_path: Path, body: str, told: str
) -> None:
    with pytest.raises(RenderLimitError, match=told) as caught:
        render(limited, body, tmp_path)
    assert caught.value.hint
    assert limited._pipe is not None
    assert list((limited._pipe.folder / "jobs").iterdir()) == []


@pytest.mark.render
@on_linux
def test_processor_time_is_limited_also_where_its_signal_is_ignored(tmp_path: Path) -> None:
    code = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", code]) as burning:
        watchdog = Watchdog(tmp_path, Limits(), cpu_s=0.2)
        deadline = time.monotonic() + 300
        while (found := watchdog.find_excess([burning.pid])) is None:
            assert time.monotonic() < deadline
            time.sleep(TICK_S)
        burning.kill()
    assert "0.2 s of processor time" in found.message


def test_delete_folder_removes_what_is_deep_closed_and_linked(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    job = tmp_path / "job"
    job.mkdir()
    (job / "link").symlink_to(outside)
    here = os.open(job, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("a", dir_fd=here)
        inner = os.open("a", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.mkdir("closed", 0, dir_fd=here)
    os.close(here)
    delete_folder(job)
    assert not job.exists()
    assert (outside / "kept").read_text() == "kept"


def test_measure_folder_stops_at_its_bounds(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / str(number)).mkdir()
    (tmp_path / "0" / "file").write_bytes(bytes(100_000))
    whole = measure_folder(tmp_path, most_files=1000, most_depth=10)
    assert (whole.files, whole.depth) == (31, 2)
    assert whole.size_bytes >= 100_000
    assert measure_folder(tmp_path, most_files=5, most_depth=10).files == 6


# --- canaries: attacks from the place of a scene ------------------------------------------------

HERE = probe_isolation()
needs_layers = pytest.mark.skipif(
    not HERE.is_safe, reason=f"this machine lacks layers. {HERE.describe()}"
)


def run_canaries(**layers: Any) -> tuple[str, ...]:
    worker = Worker(layers=Layers(**layers))
    try:
        return worker.run_canaries()
    finally:
        worker.close()


@pytest.mark.render
@needs_layers
@pytest.mark.parametrize(
    "layers",
    [{}, {"namespaces": False}, {"namespaces": False, "largest_abi": 1}],
    ids=["all", "without namespaces", "as on Linux 5.13"],
)
def test_canaries_are_all_held(layers: dict[str, Any]) -> None:
    if not HERE.landlock_abi and "namespaces" in layers:
        pytest.skip("without Landlock")
    assert len(run_canaries(**layers)) >= 12


@pytest.mark.render
@needs_layers
def test_canaries_are_no_dummies() -> None:
    with pytest.raises(ConfigurationError, match="Isolation does not hold") as caught:
        run_canaries(namespaces=False, landlock=False, seccomp=False, server_seccomp=False)
    for name in ("read a file of yours", "fork", "signal its parent", "empty a file of yours"):
        assert name in caught.value.message
