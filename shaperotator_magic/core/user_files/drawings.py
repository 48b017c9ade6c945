"""Drawings (SVG): shapes alone. No scripts, no entities, nothing from elsewhere, no explosion.

Runs in every process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

from shaperotator_magic.core.user_files.refusing import InputRefused

_MOST_ELEMENTS = 20_000
_MOST_DRAWN = 50_000  # with what is used again and again
_DEEPEST = 200
_ACTING = frozenset("script foreignobject iframe object embed audio video handler listener".split())
_REFERENCES = ("href", "src")
_PICTURES = re.compile(r"data:image/(png|jpe?g|gif|webp|bmp)[;,]", re.IGNORECASE)
_LEADS_OUT = re.compile(r"@import|url\(\s*['\"]?(?!#|\s*['\"]?#)", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def measure_drawing(content: bytes) -> dict[str, Any]:
    """Return the width and height that a drawing states, 0 where it states none."""
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as exc:
        raise InputRefused("", f"it is no XML ({exc})") from exc
    except RecursionError as exc:
        raise InputRefused("", "its parts use each other without end") from exc
    if reader.root is None:
        raise InputRefused("", "it is no SVG drawing")
    reader.check_uses()
    return _measure(reader.root)


@dataclass
class _Part:
    """An element with an ``id``, or the whole drawing: its own elements, and what it uses."""

    elements: int = 0
    uses: list[str] = field(default_factory=list)


class _Reader:
    """Reads elements as they come; the parser refuses every definition of an entity."""

    def __init__(self) -> None:
        self.root: Mapping[str, str] | None = None
        self._whole = _Part()
        self._parts: dict[str, _Part] = {}
        self._open: list[_Part | None] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._read_text
        self.parser.buffer_text = True  # a rule of style comes in one piece
        self.parser.EntityDeclHandler = self._refuse_entity
        self.parser.ExternalEntityRefHandler = self._refuse_entity
        self.parser.ProcessingInstructionHandler = self._refuse_instruction

    def check_uses(self) -> None:
        """Refuse a drawing whose parts use each other until there are too many, or for ever."""
        known: dict[str, int] = {}
        total = self._whole.elements + sum(
            self._count(name, known, ()) for name in self._whole.uses
        )
        if total > _MOST_DRAWN:
            raise InputRefused("", f"its parts are used until it has more than {_MOST_DRAWN}")

    def _count(self, name: str, known: dict[str, int], above: tuple[str, ...]) -> int:
        part = self._parts.get(name)
        if part is None:
            return 0
        if name in above or len(above) > _DEEPEST:
            raise InputRefused("", "its parts use each other without end")
        if name not in known:
            inner = sum(self._count(used, known, (*above, name)) for used in part.uses)
            known[name] = min(part.elements + inner, _MOST_DRAWN + 1)
        return known[name]

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2].lower()
        if not self._open:
            if name != "svg":
                raise InputRefused("", "it is no SVG drawing")
            self.root = attributes
        if name in _ACTING:
            raise InputRefused("", f"it holds <{name}>; a drawing has shapes alone")
        self._open.append(None)
        self._whole.elements += 1
        if self._whole.elements > _MOST_ELEMENTS or len(self._open) > _DEEPEST:
            raise InputRefused("", f"it has more than {_MOST_ELEMENTS} parts, or is too deep")
        if identifier := attributes.get("id"):
            self._open[-1] = self._parts.setdefault(identifier, _Part())
        used = _check_attributes(name, attributes)
        for part in filter(None, [self._whole, *self._open]):
            part.elements += part is not self._whole
            part.uses += used

    def _end(self, tag: str) -> None:
        self._open.pop()

    def _read_text(self, text: str) -> None:
        if _LEADS_OUT.search(text):
            raise InputRefused("", "it takes its style from another file")

    def _refuse_entity(self, *_: Any) -> NoReturn:
        raise InputRefused("", "it defines entities, which a drawing needs not")

    def _refuse_instruction(self, target: str, _: str) -> None:
        if target.lower() == "xml-stylesheet":
            raise InputRefused("", "it takes its style from another file")


def _check_attributes(name: str, attributes: dict[str, str]) -> list[str]:
    """Return the parts that an element uses."""
    used = []
    for key, value in attributes.items():
        short = key.rpartition(":")[2].lower()
        if short.startswith("on"):
            raise InputRefused("", f"it acts on events ({short}=); a drawing has shapes alone")
        is_link = name == "a"  # of a drawing program's own marks, never followed
        if short in _REFERENCES and not is_link:
            target = value.strip()
            if not target.startswith("#") and not _PICTURES.match(target):
                raise InputRefused("", "it takes a part from another file or address")
            used += [target[1:]] if target.startswith("#") and name == "use" else []
        elif _LEADS_OUT.search(value):
            raise InputRefused("", "it takes a part from another file or address")
    return used


def _measure(root: Mapping[str, str]) -> dict[str, Any]:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    sizes = [root.get("width", ""), root.get("height", "")]
    if len(box) == 4:  # noqa: PLR2004 - left, top, width, height
        sizes = box[2:]
    found = [_NUMBER.match(size.strip()) for size in sizes]
    width, height = (min(abs(float(match[0])), 1e6) if match else 0.0 for match in found)
    return {"width_px": round(width), "height_px": round(height)}
