"""The poster beside the videos of manim's own magic: there on paper, nowhere twice."""

from __future__ import annotations

import base64
import io
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import nbformat
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import Video
from nbconvert import HTMLExporter, LatexExporter, MarkdownExporter, SlidesExporter
from PIL import Image

from shaperotator_magic.notebook.sharing.video_posters import (
    build_poster,
    install_posters,
    uninstall_posters,
)
from shaperotator_magic.rendering.video.transcoding import skip_empty_beginning
from tests.fakes import make_video

QUICKSTART = Path(__file__).parents[1] / "notebooks" / "run_quickstart.py"


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


def test_demo_page_shows_a_poster_for_a_video_of_manim(
    shell: InteractiveShell, manim_video: Video, tmp_path: Path
) -> None:
    data, _ = shell.display_formatter.format(Video(manim_video.filename, embed=True))
    picture = base64.b64encode(data["image/png"]).decode()
    output = nbformat.v4.new_output("display_data", {**data, "image/png": picture})
    cell = nbformat.v4.new_code_cell("%manim Circle", outputs=[output])
    notebook = tmp_path / "quickstart.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), notebook)
    export = runpy.run_path(str(QUICKSTART))["export"]
    page = export(notebook).read_text("utf-8")
    assert re.search(r'<video [^>]*poster="data:image/png;base64,', page)


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


def build_frames(*levels: int) -> list[av.VideoFrame]:
    """Return frames with a spot of these levels on black."""
    pictures = [np.zeros((16, 16), dtype=np.uint8) for _ in levels]
    for picture, level in zip(pictures, levels, strict=True):
        picture[4:8, 4:8] = level
    return [av.VideoFrame.from_ndarray(picture, format="gray") for picture in pictures]


@pytest.mark.parametrize(
    ("levels", "kept"),
    [((0, 0, 200, 0, 100), 3), ((200, 0), 2), ((0, 5, 0), 1), ((), 0)],
)
def test_gif_begins_with_the_first_frame_that_shows_something(
    levels: tuple[int, ...], kept: int
) -> None:
    frames = build_frames(*levels)
    assert list(skip_empty_beginning(frames)) == frames[len(frames) - kept :]
