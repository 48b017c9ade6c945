"""The page for grading: it shows sheets and videos, and writes every grade at once.

Runs in a command's process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.learning.grading.grades import GradeBook
from shaperotator_magic.learning.grading.page import Card, build_page
from shaperotator_magic.learning.private_page import NOTHING, Answer, PrivatePage

__all__ = ["Shown", "build_grading_page"]


@dataclass(frozen=True)
class Shown:
    """One result on the page: where its sheet and video lie, and which book takes its grade."""

    name: str
    prompt: str
    book: GradeBook
    sheet: Path | None
    video: Path | None
    media_type: str = "video/mp4"


def build_grading_page(shown: Mapping[str, Shown], *, port: int = 0) -> PrivatePage:
    """Return the page; ``shown`` are the results by key, in their order."""
    return PrivatePage(_Grading(shown).answer, port=port)


class _Grading:
    def __init__(self, shown: Mapping[str, Shown]) -> None:
        self._shown = shown

    def answer(self, path: str, body: bytes | None) -> Answer:
        """Return the page, a sheet or a video, or take a grade."""
        if body is not None:
            return self._grade(body) if path == "grade" else NOTHING
        if not path:
            return 200, "text/html; charset=utf-8", build_page(self._list_cards()).encode()
        kind, _, key = path.partition("/")
        shown = self._shown.get(key)
        if kind == "sheet" and shown and shown.sheet:
            return 200, "image/jpeg", shown.sheet.read_bytes()
        if kind == "video" and shown and shown.video:
            return 200, shown.media_type, shown.video.read_bytes()
        return NOTHING

    def _grade(self, body: bytes) -> Answer:
        try:
            row = json.loads(body)
            shown = self._shown[row["key"]]
            shown.book.write(shown.name, row["grade"], str(row["note"]))
        except (ValueError, KeyError, TypeError):
            return 422, "text/plain", b"A grade has a key, a grade and a note.\n"
        return 200, "application/json", b"{}"

    def _list_cards(self) -> list[Card]:
        cards = []
        for key, shown in self._shown.items():
            said = shown.book.grades.get(shown.name)
            card = Card(key, shown.prompt, shown.sheet is not None)
            if said is not None:
                card = Card(key, shown.prompt, shown.sheet is not None, said.grade, said.note)
            cards.append(card)
        return cards
