"""``%shaperotate convert`` in a real Jupyter kernel: the next cell, the video and the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.kernels import Kernel, Running, start_kernel
from shaperotator_magic.testing import RecordedModelServer
from tests.test_completing import MENDED, fence
from tests.test_completing import OLD as FAILING

pytestmark = pytest.mark.kernel

OLD = """from manimlib import *

class Gone(Scene):
    CONFIG = {"size": 2}

    def construct(self):
        square = Square().set_width(self.size)
        self.play(ShowCreation(square), run_time=0.3)
        self.play(square.shift, RIGHT, run_time=0.3)
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with start_kernel(tmp_path_factory.mktemp("kernel")) as kernel:
        kernel.run("%load_ext shaperotator_magic")
        yield kernel


def find_next_cell(running: Running) -> str:
    (found,) = [p["text"] for p in running.reply["payload"] if p["source"] == "set_next_input"]
    return str(found)


def count_videos(running: Running) -> int:
    updates: list[dict[str, Any]] = [
        m["content"]["data"] for _, m in running.messages if m["msg_type"] == "update_display_data"
    ]
    return sum("<video" in data.get("text/html", "") for data in updates[-1:])


def test_cell_with_old_code_becomes_a_cell_that_runs_and_its_video(kernel: Kernel) -> None:
    assert kernel.run(OLD).reply["ename"] == "ModuleNotFoundError"
    running = kernel.run("%shaperotate convert")
    assert running.reply["status"] == "ok" and count_videos(running) == 1
    assert "was left out" in running.html and "is now" in running.html
    made = find_next_cell(running)
    assert "manimlib" not in made and "square.animate.shift(RIGHT)" in made
    assert kernel.value("'Gone' in globals()") == "False"
    assert kernel.run(made).reply["status"] == "ok"
    assert kernel.value("Gone.size") == "2"


def test_scene_of_a_file_is_converted_and_the_file_stays(kernel: Kernel, tmp_path: Path) -> None:
    file = tmp_path / "old.py"
    file.write_text(OLD + OLD.split("\n\n", 1)[1].replace("Gone", "Other"), encoding="utf-8")
    before = file.read_bytes()
    running = kernel.run(f"%shaperotate convert {file} Gone")
    assert running.reply["status"] == "ok" and count_videos(running) == 1
    made = find_next_cell(running)
    assert "class Gone" in made and "class Other" not in made
    assert file.read_bytes() == before


def test_class_that_does_not_exist_is_told_with_its_neighbours(
    kernel: Kernel, tmp_path: Path
) -> None:
    file = tmp_path / "old.py"
    file.write_text(OLD, encoding="utf-8")
    running = kernel.run(f"%shaperotate convert {file} Gon")
    (said,) = [m["content"] for _, m in running.messages if m["msg_type"] == "error"]
    assert len(said["traceback"]) <= 2 and "Gone" in "".join(said["traceback"])


def test_model_that_is_set_up_mends_what_the_rules_leave(kernel: Kernel, tmp_path: Path) -> None:
    file = tmp_path / "failing.py"
    file.write_text(FAILING, encoding="utf-8")
    with RecordedModelServer([fence(MENDED)]) as model:
        kernel.run("import os; os.environ['OPENAI_API_KEY'] = 'sk-none'")
        kernel.run(f"%config ShapeRotatorMagics.base_url = {model.base_url!r}")
        kernel.run("%config ShapeRotatorMagics.model = 'recorded'")
        running = kernel.run(f"%shaperotate convert {file} Corners")
        kernel.run("%config ShapeRotatorMagics.model = None")
    assert running.reply["status"] == "ok" and count_videos(running) == 1
    assert "its correction is kept" in running.html
    assert MENDED in find_next_cell(running) and "get_shader_data" not in find_next_cell(running)
