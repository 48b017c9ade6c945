"""What is drawn so far is shown while the rest is drawn, but not with every animation."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from shaperotator_magic.core.records import Prompt, SegmentReady
from shaperotator_magic.notebook.card.display import ResultDisplay
from shaperotator_magic.notebook.session import listening
from shaperotator_magic.notebook.session.listening import CellListener
from shaperotator_magic.notebook.session.session import NotebookSession


class Shown:
    """Stands for the output: keeps what it is given to show."""

    def __init__(self) -> None:
        self.segments: list[tuple[int, bytes]] = []

    def show_segment(self, index: int, video: bytes) -> None:
        self.segments.append((index, video))


@pytest.fixture
def growing(tmp_path: Path) -> Path:
    path = tmp_path / "growing.mp4"
    path.write_bytes(b"0123456789")
    return path


def listen(shown: Shown) -> CellListener:
    session = cast(NotebookSession, None)
    return CellListener(session, cast(ResultDisplay, shown), Prompt(text="a circle"), {})


def tell(listener: CellListener, path: Path, index: int, size_bytes: int, **facts: Any) -> None:
    listener(SegmentReady(index=index, path=path, duration_s=1.0, size_bytes=size_bytes, **facts))


def test_segment_ready_shows_the_bytes_that_are_whole(growing: Path) -> None:
    shown = Shown()
    tell(listen(shown), growing, 0, 4)
    assert shown.segments == [(0, b"0123")]


def test_segment_ready_soon_after_another_is_left_out(
    growing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Shown()
    listener = listen(shown)
    for index in range(3):
        tell(listener, growing, index, 2 + index)
    assert [index for index, _ in shown.segments] == [0]
    monkeypatch.setattr(listener, "_next_segment_at", 0.0)
    tell(listener, growing, 3, 9)
    assert [index for index, _ in shown.segments] == [0, 3]


def test_segment_ready_of_a_large_video_is_left_out(growing: Path) -> None:
    shown = Shown()
    tell(listen(shown), growing, 0, listening._LARGEST_SEGMENT_BYTES + 1)
    assert shown.segments == []
