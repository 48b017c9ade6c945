"""The page on which a person grades results by eye. Pure.

Runs in a command's process.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files

from shaperotator_magic.core.control_characters import show_controls

__all__ = ["Card", "build_page"]


@dataclass(frozen=True)
class Card:
    """One result to grade: what was asked for, and how it looks. It does not say who wrote it."""

    key: str
    prompt: str
    has_video: bool
    grade: str | None = None
    note: str = ""


def build_page(cards: Sequence[Card]) -> str:
    """Return the page, in HTML, with what is to be graded in it."""
    rows = [{**asdict(card), "prompt": show_controls(card.prompt)} for card in cards]
    # A text that ends the script element would end it.
    data = json.dumps(rows, ensure_ascii=False).replace("<", "\\u003c")
    template = files("shaperotator_magic.learning.grading").joinpath("page.html")
    return template.read_text(encoding="utf-8").replace("/*CARDS*/[]", data)
