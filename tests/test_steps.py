"""Steps of a video: their names, their times, and the chapters that they become."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Step
from shaperotator_magic.notebook.sharing.chapters import (
    export_chapters,
    read_steps,
    write_chapters,
)
from shaperotator_magic.pipeline.exploring.assets import MODULES, STATIC, read_script
from shaperotator_magic.rendering.exchange.plays import PlayStep, build_steps


def test_step_is_named_by_its_section_else_its_caption_else_its_number() -> None:
    plays = [
        PlayStep(frames=15),
        PlayStep(frames=30, caption="A circle"),
        PlayStep(frames=15, caption="More", section="Proof"),
        PlayStep(frames=15, section="Proof"),
    ]
    assert [step.name for step in build_steps(plays, 15)] == ["1", "A circle", "Proof", "Proof · 2"]


def test_pause_belongs_to_the_step_before_it() -> None:
    plays = [
        PlayStep(frames=15, is_pause=True),
        PlayStep(frames=30),
        PlayStep(frames=15, is_pause=True),
        PlayStep(frames=0),
    ]
    times = [(step.start_s, step.end_s) for step in build_steps(plays, 15)]
    assert times == [(0, 1), (1, 4)]


def write_video(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for level in range(40):
            pixels = np.full((36, 64, 3), 6 * level, dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())


def test_chapters_can_be_read_back_and_the_video_is_whole(tmp_path: Path) -> None:
    source, target = tmp_path / "plain.mp4", tmp_path / "chapters.mp4"
    write_video(source)
    steps = [
        Step(name="Axes", start_s=0, end_s=1),
        Step(name="Proof", start_s=1, end_s=2),
        Step(name="Proof · 2", start_s=2, end_s=4),
    ]
    write_chapters(source, target, steps)
    with av.open(str(target)) as container:
        chapters = [
            (c["metadata"]["title"], c["start"] * c["time_base"], c["end"] * c["time_base"])
            for c in container.chapters()
        ]
        assert chapters == [("Axes", Fraction(0), 1), ("Proof", 1, 4)]
        assert len(list(container.decode(video=0))) == 40


def test_notebook_without_a_video_has_no_chapters(tmp_path: Path) -> None:
    import nbformat

    with pytest.raises(ConfigurationError, match="holds no video"):
        export_chapters(nbformat.v4.new_notebook(), tmp_path / "out.mp4")


@pytest.mark.parametrize(
    "explore",
    [None, [], {}, {"steps": "three"}, {"steps": [{"name": "A"}]}, {"steps": [{"name": 1}]}],
)
def test_steps_of_a_foreign_notebook_are_believed_only_whole(explore: Any) -> None:
    assert read_steps({"explore": explore}) == ()


def test_script_of_a_page_holds_every_module_and_imports_nothing() -> None:
    script = read_script()
    assert sorted(MODULES) == sorted(path.name for path in STATIC.glob("*.js"))
    assert "import {" not in script and "\nexport " not in script
    assert len(script) < 80_000


def test_script_of_a_page_parses(tmp_path: Path) -> None:
    """Modules are joined as text: two that declare the same name would be no script."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node")
    path = tmp_path / "page.mjs"
    path.write_text(read_script(), encoding="utf-8")
    checked = subprocess.run(
        [node, "--check", str(path)], check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
