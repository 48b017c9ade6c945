"""A sentence while its values are read: what is taken of it, and what is still free. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from typing import Any

from shaperotator_magic.writing.languages import Language
from shaperotator_magic.writing.reading.formulas import (
    Node,
    NotMathematicsError,
    evaluate,
    list_variables,
    parse_formula,
    parse_product,
)
from shaperotator_magic.writing.reading.values import Kind, Value

# Characters that write the same, one for one, so that positions stay what they are.
_SAME = str.maketrans(
    "（）［］｛｝，、；：＝＋−０１２３４５６７８９．＜＞\u00a0\u2009\u202f\u3000",
    "()[]{},,;:=+-0123456789.<>    ",
)
_DECIMAL_COMMA = re.compile(r"(?<![\d,.])(\d+),(\d+)(?![\d,])")
_SPANISH_AND = re.compile(r"(?<=\s)y(?=\s+[^=+*/^\s-])")
_LABEL = re.compile(
    r"(?<![A-Za-z0-9α-ω])([A-Za-zα-ωΑ-Ω][0-9₀-₉]?(?:_\w)?|[A-Za-z]{2,12})"
    r"\s*(?:=|:=|≈)\s*(?:the\s+(?:matrix|vector|point)\s+)?$"
)


class Scan:
    """The text of a sentence, and the values found in it so far.

    ``plain`` is the text with notation made alike; it is as long as ``text``.
    """

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language = language
        self.plain = text.translate(_SAME)
        if language.decimal_comma:
            self.plain = _write_decimal_points(self.plain)
        if "y" in language.conjunctions:  # '6 y 8' is no product
            self.plain = _SPANISH_AND.sub(",", self.plain)
        self.values: list[Value] = []
        self._taken = bytearray(len(text))

    def is_free(self, start: int, end: int) -> bool:
        """Return whether no value has been found between two places."""
        return start < end and not any(self._taken[start:end])

    def add(
        self,
        kind: Kind,
        value: Any,
        span: tuple[int, int],
        *,
        unit: str = "",
        label: str = "",
        is_weak: bool = False,
    ) -> None:
        """Take a part of the text as a value."""
        start, end = span
        for at in range(start, end):
            self._taken[at] = 1
        found = _LABEL.search(self.plain[max(0, start - 40) : start])
        self.values.append(
            Value(
                kind=kind,
                value=value,
                unit=unit,
                text=self.text[start:end].strip(),
                start=start,
                end=end,
                label=label or (found[1] if found else ""),
                is_weak=is_weak,
            )
        )

    def take(self, start: int, end: int) -> None:
        """Take a part of the text that is no value."""
        for at in range(start, end):
            self._taken[at] = 1


def _write_decimal_points(text: str) -> str:
    """Replace decimal commas; inside brackets only where a semicolon parts the entries."""
    depth = 0
    inside = bytearray(len(text))
    for at, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        inside[at] = depth > 0

    def replace(match: re.Match[str]) -> str:
        closing = text.find(")", match.end())
        is_parted = ";" in text[max(0, match.start() - 12) : max(closing, match.end() + 3)]
        if inside[match.start()] and not is_parted:
            return match[0]
        return f"{match[1]}.{match[2]}"

    return _DECIMAL_COMMA.sub(replace, text)


def tidy(number: float) -> float | int:
    """Return a number with at most six decimals, whole numbers as such."""
    return int(number) if number == int(number) else round(number, 6)


def read_constant(text: str) -> float | int | None:
    """Return the number that a text writes as a whole, such as ``−3``, ``√2/2`` or ``2π``."""
    text = text.strip()
    try:
        node, end = parse_formula(text)
        if end < len(text) or list_variables(node):
            return None
        return tidy(evaluate(node))
    except (NotMathematicsError, OverflowError, ValueError):
        return None


def parse_constant(text: str, start: int) -> tuple[float | int, int, Node] | None:
    """Read one constant product from ``start``; return its value, its end and its tree."""
    try:
        node, end = parse_product(text, start)
        if list_variables(node):
            return None
        return tidy(evaluate(node)), end, node
    except (NotMathematicsError, OverflowError, ValueError):
        return None
