"""manim's own graphical unit tests, run with manim's drawing and with ours.

    python -m benchmarks.graphical_units DIR [--only NAME]

DIR is a checkout of manim's repository. Its tests compare the frames of about 200 small scenes with
control data that lies beside them. Here pytest runs them twice, in processes of their own: with
manim as it is, and with manim as the render process prepares it (frames rasterised on another
core included). Printed are the tests that pass in each, and every test with another outcome. The
formulas among them need LaTeX. Tests of manim's OpenGL renderer are omitted. The manim that is
installed draws, not the checkout's. The control data was drawn by cairo 1.18; with an older one
manim skips all of its tests: put a newer libcairo.so.2 on LD_LIBRARY_PATH.

This module is also the pytest plugin of those two processes.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
TESTS = Path("tests", "test_graphical_units")
ENGINES = ("manim", "ours")


# --- the plugin of pytest -------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the engine, and the options that manim's tests ask for."""
    # Before the checkout, whose own manim may be another version, is on the path.
    importlib.import_module("manim")
    parser.addoption("--engine", choices=ENGINES, default="manim")
    for name in ("--show_diff", "--set_test"):
        parser.addoption(name, action="store_true")


def pytest_configure(config: pytest.Config) -> None:
    """Prepare manim as the render process does."""
    if config.getoption("--engine") == "ours":
        prepare_our_engine()


def prepare_our_engine() -> None:
    """Install our drawing, and let the tests' writers take deferred frames."""
    from manim.utils.testing import _frames_testers
    from manim.utils.testing._test_class_makers import DummySceneFileWriter

    from shaperotator_magic.rendering.drawing.deferred_frames import DeferredFrame
    from shaperotator_magic.rendering.process.scene_run import import_manim

    import_manim()
    DummySceneFileWriter.accepts_deferred_frames = True  # type: ignore[attr-defined]
    check_frame = _frames_testers._FramesTester.check_frame

    def check_drawn(self: Any, number: int, frame: Any) -> None:
        check_frame(self, number, frame.draw() if isinstance(frame, DeferredFrame) else frame)

    _frames_testers._FramesTester.check_frame = check_drawn  # type: ignore[method-assign, assignment]


@pytest.fixture(autouse=True)
def _media_dir(tmp_path: Path) -> Iterator[None]:
    import manim

    with manim.tempconfig({"media_dir": str(tmp_path)}):
        yield


# --- both runs ------------------------------------------------------------------------


def run_tests(folder: Path, engine: str, only: str) -> dict[str, str]:
    """Run manim's tests with one engine; return 'passed', 'failed' or 'skipped' by name."""
    with tempfile.TemporaryDirectory() as name:
        report = Path(name) / "report.xml"
        tests = folder / TESTS
        command = [
            *(sys.executable, "-m", "pytest", str(tests), "-q", "-p", "benchmarks.graphical_units"),
            *(f"--engine={engine}", f"--rootdir={tests}", f"--confcutdir={tests}", "-c/dev/null"),
            *(f"--ignore={tests / 'test_opengl.py'}", f"--junitxml={report}", "-pno:cacheprovider"),
            *(f"--basetemp={Path(name) / 'tmp'}", "-k", only),
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        if not report.exists():
            raise SystemExit(done.stdout + done.stderr)
        return {
            f"{case.get('classname')}.{case.get('name')}": _read_outcome(case)
            for case in ET.parse(report).iter("testcase")
        }


def _read_outcome(case: ET.Element) -> str:
    for outcome in ("failure", "error", "skipped"):
        if case.find(outcome) is not None:
            return "skipped" if outcome == "skipped" else "failed"
    return "passed"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="a checkout of manim's repository")
    parser.add_argument("--only", default="", help="an expression of pytest's -k")
    arguments = parser.parse_args()
    found = {e: run_tests(arguments.folder.resolve(), e, arguments.only) for e in ENGINES}
    for engine, outcomes in found.items():
        passed = sum(outcome == "passed" for outcome in outcomes.values())
        print(f"{engine}: {passed} of {len(outcomes)} pass")
    theirs, ours = (found[engine] for engine in ENGINES)
    differing = [name for name in theirs if ours.get(name) != theirs[name]]
    for name, outcome in theirs.items():
        if outcome != "passed" or name in differing:
            print(f"{name}: manim {outcome}, ours {ours.get(name)}")
    print(f"other outcome than manim's: {len(differing)}")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main())
