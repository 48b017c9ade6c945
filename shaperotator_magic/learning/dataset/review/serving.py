"""The page on which a person decides what becomes a row.

Runs in a command's process.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

from shaperotator_magic.core.provenance import describe_writer
from shaperotator_magic.learning.dataset.review.decisions import DECISIONS, Decisions
from shaperotator_magic.learning.dataset.review.items import Item
from shaperotator_magic.learning.private_page import NOTHING, Answer, PrivatePage
from shaperotator_magic.learning.sheets import build_sheet

_PAGE = Path(__file__).with_name("review.html")


def build_review_page(items: Sequence[Item], decisions: Decisions) -> PrivatePage:
    """Return the page on the items of a store; ``decisions`` keeps the answers."""
    return PrivatePage(_Review(items, decisions).answer)


class _Review:
    def __init__(self, items: Sequence[Item], decisions: Decisions) -> None:
        self._items = {item.key: item for item in items}
        self._decisions = decisions

    def answer(self, path: str, body: bytes | None) -> Answer:
        """Return what is at a path, or take a decision."""
        if body is not None:
            return self._decide(body) if path == "decide" else NOTHING
        return self._show(path)

    def _show(self, path: str) -> Answer:
        if not path:
            return 200, "text/html; charset=utf-8", _PAGE.read_bytes()
        if path == "items":
            rows = [self._describe(item) for item in self._items.values()]
            return 200, "application/json", json.dumps(rows).encode()
        item = self._items.get(path.removeprefix("sheet/"))
        video = item.generation.video if item else None
        sheet = build_sheet(video) if video else None
        if sheet is None:
            return NOTHING
        content = io.BytesIO()
        sheet.save(content, format="PNG")
        return 200, "image/png", content.getvalue()

    def _describe(self, item: Item) -> dict[str, object]:
        generation = item.generation
        code = generation.scene.code if generation.scene else None
        return {
            "key": item.key,
            "decision": self._decisions.find(item.key),
            "asked": generation.prompt.text,
            "first": generation.prompt.question,
            "writer": " · ".join(describe_writer(code, generation.attempts)) if code else "",
            "code": code.source if code else "",
            "rows": list(item.rows),
            "warning": item.warning,
        }

    def _decide(self, body: bytes) -> Answer:
        try:
            said = json.loads(body)
            key, decision = said["key"], said["decision"]
        except (ValueError, KeyError, TypeError):
            return 422, "text/plain", b"A decision has a key and a decision.\n"
        if key not in self._items or decision not in DECISIONS:
            return 422, "text/plain", b"There is no such result or decision.\n"
        self._decisions.append(key, decision)
        return 200, "application/json", b"{}"
