"""The poster beside the videos of manim's own magic: there on paper, nowhere twice."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import Video
from nbconvert import HTMLExporter, LatexExporter, MarkdownExporter, SlidesExporter
from PIL import Image

from shaperotator_magic.notebook.video_posters import (
    build_poster,
    install_posters,
    uninstall_posters,
)
from tests.fakes import make_video


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell()
    made.display_formatter.active_types = made.display_formatter.format_types
    install_posters(made)
    yield made
    made.history_manager.end_session()


@pytest.fixture
def manim_video(tmp_path: Path) -> Video:
    folder = tmp_path / "media" / "jupyter"
    folder.mkdir(parents=True)
    make_video(folder)
    (path,) = folder.glob("*.mp4")
    return Video(path, html_attributes="controls")


def convert(exporter: Any, data: dict[str, Any]) -> tuple[str, list[str]]:
    data = {**data, "image/png": base64.b64encode(data["image/png"]).decode()}
    output = nbformat.v4.new_output("display_data", data)
    cell = nbformat.v4.new_code_cell("%manim Circle", outputs=[output])
    text, resources = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    return text, list(resources.get("outputs", {}))


def test_video_of_manim_has_a_picture_beside_its_html(
    shell: InteractiveShell, manim_video: Video
) -> None:
    data, _ = shell.display_formatter.format(manim_video)
    assert "<video" in data["text/html"]
    with Image.open(io.BytesIO(data["image/png"])) as picture:
        assert picture.format == "PNG" and picture.width > 0


def test_pages_show_the_video_once_and_paper_the_picture(
    shell: InteractiveShell, manim_video: Video
) -> None:
    data, _ = shell.display_formatter.format(manim_video)
    for exporter in (HTMLExporter(), SlidesExporter(), MarkdownExporter()):
        text, pictures = convert(exporter, data)
        assert text.count("<video") == 1 and not [name for name in pictures if name in text]
        assert base64.b64encode(data["image/png"]).decode() not in text
    text, pictures = convert(LatexExporter(), data)
    assert len(pictures) == 1 and text.count(pictures[0]) == 1
    assert "IPython.core.display" not in text


def test_other_videos_and_broken_ones_stay_as_they_are(tmp_path: Path) -> None:
    make_video(tmp_path)
    (path,) = tmp_path.glob("*.mp4")
    assert build_poster(Video(path)) is None
    assert build_poster(Video("https://example.org/jupyter/a.mp4")) is None
    broken = tmp_path / "jupyter" / "a.mp4"
    broken.parent.mkdir()
    broken.write_bytes(b"no video")
    assert build_poster(Video(broken)) is None


def test_unload_takes_it_away(shell: InteractiveShell, manim_video: Video) -> None:
    shell.display_formatter.format(manim_video)
    uninstall_posters(shell)
    assert "image/png" not in shell.display_formatter.format(manim_video)[0]
    uninstall_posters(shell)
