"""A sentence enters the rooms of the package in the order of CONTRIBUTING.md's picture."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

import shaperotator_magic
from shaperotator_magic.notebook.function import rotate

ROOT = Path(shaperotator_magic.__file__).parent
# The picture's rooms in the caller's process; the others are asked by one of these.
ROOMS = ("writing", "checking", "rendering", "keeping", "notebook/card")


def find_room(filename: str) -> str | None:
    """Return the room of ROOMS that a source file is in."""
    if not filename.startswith(str(ROOT)):
        return None
    name = Path(filename).relative_to(ROOT).as_posix()
    return next((room for room in ROOMS if name.startswith(f"{room}/")), None)


@contextmanager
def recording_rooms(entered: list[str]) -> Iterator[None]:
    """Append a room whenever this thread enters another one, from the first call of a writer on.

    Before it a run asks the renderer whether this machine can draw at all. `exploring` reads the
    parameters of the result where the library declares them: no second writing.
    """

    def record(frame: FrameType, event: str, _: object) -> None:
        room = find_room(frame.f_code.co_filename) if event == "call" else None
        caller = frame.f_back.f_code.co_filename if frame.f_back else ""
        if not room or "exploring" in Path(caller).parts or not (entered or room == "writing"):
            return
        if not entered or entered[-1] != room:
            entered.append(room)

    sys.setprofile(record)
    try:
        yield
    finally:
        sys.setprofile(None)


@pytest.mark.render
def test_a_sentence_enters_each_room_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    entered: list[str] = []
    with recording_rooms(entered):
        rotate("show the unit circle at 30 degrees", quality="low")
    assert entered == list(ROOMS)
