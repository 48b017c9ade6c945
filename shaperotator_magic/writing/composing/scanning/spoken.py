"""Formulas that are spoken: 'the square root of x', 'x squared minus 4', 'the sine of 2x'. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shaperotator_magic.writing.reading.formulas import (
    Node,
    NotMathematicsError,
    list_variables,
    parse_formula,
    parse_product,
)

_CALLS = {
    "square root": "sqrt", "cube root": "cbrt", "cubic root": "cbrt", "third root": "cbrt",
    "root": "sqrt", "absolute value": "", "modulus": "", "sine": "sin", "cosine": "cos",
    "tangent": "tan", "natural logarithm": "ln", "natural log": "ln", "logarithm": "ln",
    "exponential": "exp",
}  # fmt: skip
_POWERS = {"square": "2", "cube": "3", "reciprocal": "-1", "inverse": "-1"}
_SPOKEN = re.compile(
    r"(?:\b(?P<left>[yf]|[fgh]\(x\))\s*=\s*)?(?:\bthe\s+)?"
    rf"\b(?P<name>{'|'.join(sorted({**_CALLS, **_POWERS}, key=len, reverse=True))})\s+of\s+",
    re.IGNORECASE,
)
_RAISED = re.compile(r"(?<=[xyt)]) +(squared|cubed)\b", re.IGNORECASE)
_SIGNS = re.compile(
    r"(?P<left>[xyt)]|\^[23]) +(?P<sign>plus|minus) +(?=\d*[xyt]\b|\d+(?![\w.]| *[a-z]{2})|\()",
    re.IGNORECASE,
)
_WIDE = frozenset({"sqrt", "cbrt", ""})  # their bars reach over a whole sum


def write_signs(text: str) -> str:
    """Return a text with 'squared', 'plus' and the like as signs; no letter changes its place."""
    text = _RAISED.sub(lambda m: ("^2" if m[1].lower() == "squared" else "^3").rjust(len(m[0])),
                       text)  # fmt: skip
    signs = {"plus": "+", "minus": "-"}
    return _SIGNS.sub(
        lambda m: m["left"] + f" {signs[m['sign'].lower()]} ".ljust(len(m[0]) - len(m["left"])),
        text,
    )


def find_spoken(text: str) -> Iterator[tuple[int, int, str, Node]]:
    """Yield start, end, the name of its value ('y', 'f'), and the formula."""
    for match in _SPOKEN.finditer(text):
        name = match["name"].lower()
        parse = parse_formula if _CALLS.get(name) in _WIDE else parse_product
        try:
            node, end = parse(text, match.end())
        except NotMathematicsError:
            continue
        if list_variables(node):
            left = (match["left"] or "y")[0].lower()
            yield match.start(), end, left, _apply(name, node)


def _apply(name: str, node: Node) -> Node:
    if _CALLS.get(name) == "":
        return Node("bars", operands=(node,))
    grouped = node if node.kind in {"variable", "group"} else Node("group", operands=(node,))
    if name in _CALLS:
        return Node("call", _CALLS[name], (grouped,))
    if _POWERS[name] == "-1":
        return Node("/", operands=(Node("number", "1"), grouped))
    return Node("^", operands=(grouped, Node("number", _POWERS[name])))
