"""A still can be had as SVG: its shapes and colours, and nothing that acts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.records import Options, Origin, SceneCode
from shaperotator_magic.notebook.card.downloads import read_file
from shaperotator_magic.rendering.exchange.regular_files import is_plain_svg
from shaperotator_magic.rendering.renderer import build_request
from shaperotator_magic.rendering.worker.worker import Worker

SOURCE = """from manim import *


class Drawing(Scene):
    def construct(self):
        self.camera.background_color = "#000080"
        self.add(Square(color=RED, fill_opacity=1), Paragraph("below").to_edge(DOWN))
        self.wait(0.2)
"""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg">'


@pytest.mark.render
def test_still_has_its_shapes_and_colours_as_svg(worker: Worker, tmp_path: Path) -> None:
    code = SceneCode(source=SOURCE, scene_name="Drawing", origin=Origin(writer="user"))
    request = build_request(Options(still=True), tmp_path)
    video = worker.render(
        check_scene(code), request, variables={}, on_progress=lambda done, total: None
    )
    media_type, content = read_file(video, "svg")
    assert media_type == "image/svg+xml" and video.svg_path in video.files
    text = content.decode()
    assert re.search(r"fill:rgb\(98\.8\d*%,38\.4\d*%,33\.3\d*%\)", text)  # manim's RED
    assert re.search(r"rgb\(0%,0%,50\.1\d*%\)", text)
    assert text.count("<path") >= 2


@pytest.mark.parametrize(
    ("inside", "is_plain"),
    [
        ('<path d="M 0 0" style="fill:rgb(1%,2%,3%);"/>', True),
        ('<use xlink:href="#a"/><g clip-path="url(#b)"/>', True),
        ("<script>alert(1)</script>", False),
        ('<path d="M 0 0" onload="alert(1)"/>', False),
        ('<path d="M 0 0"onclick="alert(1)"/>', False),
        ('<use href="https://example.org/a.svg#b"/>', False),
        ('<path style="fill:url(https://example.org)"/>', False),
        ("<foreignObject/>", False),
        ('<a xlink:href="javascript:alert(1)"/>', False),
        ("<style>@import 'x';</style>", False),
        ("words", False),
        ("&entity;", False),
    ],
)
def test_svg_with_more_than_shapes_is_refused(inside: str, is_plain: bool) -> None:
    assert is_plain_svg(f"{HEAD}{inside}</svg>".encode()) == is_plain


def test_what_is_no_svg_is_refused() -> None:
    for content in (b"", b"\xff", b"<html></html>", b"<!DOCTYPE svg><svg></svg>"):
        assert not is_plain_svg(content)
