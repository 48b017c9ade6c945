"""Which of several choices a sentence names: by its words, or by a value that is the same. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shaperotator_magic.writing.reading.equations import build_formula
from shaperotator_magic.writing.reading.formulas import Node, NotMathematicsError, parse_formula
from shaperotator_magic.writing.reading.scan import read_constant
from shaperotator_magic.writing.reading.values import Formula, Value
from shaperotator_magic.writing.reading.words import Word
from shaperotator_magic.writing.wording import count_edits

# What people call a curve by the left side of its equation, and a power by its exponent.
_CURVES = {"circle": "x**2 + y**2", "line": "x + y", "ellipse": "x**2 + 4 * y**2"}
_POWERS = {"2": "square", "3": "cube"}
_LONG_ENOUGH = 4  # letters of a word that may be inflected or misspelt
_SAME, _WEAK_COST, _PART = 3.0, 0.5, 2.5
_WHOLE_NAME, _INITIALS, _OWN_WORD = 3.0, 2.5, 2.0


def rate_choice(choice: str, value: Value) -> tuple[float, int]:
    """Return what a value is worth as a choice, and which part of it that uses; -1 for all."""
    if _is_same_choice(choice, value):
        return _SAME - _WEAK_COST * value.is_weak, -1
    part = _find_part(choice, value)
    return (_PART, part - 1) if part else (0.0, -1)


def find_choice_words(
    choice: str, choices: Sequence[str], words: Sequence[Word]
) -> Iterator[tuple[tuple[int, int], float]]:
    """Yield where words name a choice, and what that is worth."""
    texts = [word.text for word in words]
    for name, worth in _list_names(choice, choices):
        parts = name.split()
        for at in range(len(texts) - len(parts) + 1):
            window = texts[at : at + len(parts)]
            if all(_is_same_word(w, p) for w, p in zip(window, parts, strict=True)):
                yield (words[at].start, words[at + len(parts) - 1].end), worth - 0.01 * at


def _is_same_choice(choice: str, value: Value) -> bool:
    if value.kind in {"number", "integer"} or (value.kind == "list" and value.is_weak):
        number = read_constant(choice)
        first = value.value[0] if value.kind == "list" else value.value
        return number is not None and abs(number - first) < 1e-4  # noqa: PLR2004 - rounding
    if not isinstance(value.value, Formula):
        return value.kind == "text" and value.value.lower() == choice.lower()
    return value.value.code == _find_code(choice)


def _find_part(choice: str, value: Value) -> int:
    """Return 1 where a choice is the outer function of a formula, 2 where the inner; else 0.

    Of the equation of a curve the left side is the first part, its constant the second.
    """
    node = value.value.node if value.kind == "expression" else None
    if node is None:
        return 0
    if value.value.is_equation:
        curve = _CURVES.get(choice)
        is_curve = node.kind == "-" and curve and build_formula(node.operands[0]).code == curve
        return 1 if is_curve else 0
    name, inside = _split_composition(node)
    if inside is None:
        return 0
    inner = build_formula(inside).code
    return 1 if name == choice.lower() else 2 if _find_code(choice) == inner else 0


def _split_composition(node: Node) -> tuple[str, Node | None]:
    """Return the name of the outer function of a formula, and what is inside of it."""
    if node.kind == "call":
        return node.name, node.operands[0]
    if node.kind != "^":
        return "", None
    base, exponent = node.operands
    if (base.kind, base.name) == ("constant", "e"):
        return "exp", _open(exponent)
    return _POWERS.get(exponent.name, ""), _open(base) if exponent.name in _POWERS else None


def _open(node: Node) -> Node:
    return node.operands[0] if node.kind == "group" else node


def _find_code(choice: str) -> str | None:
    for text in (choice, choice.replace(" ", "*"), f"{choice}(x)"):
        try:
            node, end = parse_formula(text)
        except NotMathematicsError:
            continue
        if end == len(text):
            return build_formula(node).code
    return None


def _list_names(choice: str, choices: Sequence[str]) -> list[tuple[str, float]]:
    """Return what people call one of several choices: whole, by initials, by its own word."""
    lowered = re.sub(r"[-_]", " ", choice.lower())
    words = lowered.split()
    others = {word for other in choices if other != choice for word in other.lower().split()}
    if not all(word.isalpha() for word in words):
        return [(lowered, _WHOLE_NAME)] if lowered.isalnum() else []
    short = [word for word in words if word not in others] if words[1:] else []
    initials = "".join(word[0] for word in words)
    return [
        (lowered, _WHOLE_NAME),
        *((word, _OWN_WORD) for word in short),
        *([(initials, _INITIALS), ("".join(words), _WHOLE_NAME)] if words[1:] else []),
    ]


def _is_same_word(word: str, part: str) -> bool:
    if word == part or (len(part) >= _LONG_ENOUGH and word.startswith(part)):
        return True  # plural, -ing
    is_long = min(len(word), len(part)) > _LONG_ENOUGH
    return is_long and word[0] == part[0] and count_edits(word, part, 1) <= 1
