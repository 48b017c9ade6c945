"""Small questions to the syntax tree, and small pieces of it. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst

from shaperotator_magic.checking.dialect import rules


def spell(node: cst.CSTNode | None) -> str:
    """Return a dotted name as text; nothing for another expression."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        return f"{spell(node.value)}.{node.attr.value}"
    return ""


def find_called(function: cst.BaseExpression) -> str:
    """Return the last name of what is called."""
    if isinstance(function, cst.Attribute):
        return function.attr.value
    return function.value if isinstance(function, cst.Name) else ""


def name_argument(argument: cst.Arg, keyword: str) -> cst.Arg:
    """Return the argument as one given by keyword."""
    plain = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return argument.with_changes(keyword=cst.Name(keyword), equal=plain)


def has_direction(args: Sequence[cst.Arg]) -> bool:
    """Whether the second and last argument is a bare direction."""
    is_pair = len(args) == 2 and args[1].keyword is None  # noqa: PLR2004 - thing, direction
    return is_pair and spell(args[1].value) in rules.DIRECTIONS


def turn(value: cst.BaseExpression, is_turned: bool) -> cst.BaseExpression:
    """Return a direction, or its opposite."""
    opposite = {"UP": "DOWN", "DOWN": "UP", "LEFT": "RIGHT", "RIGHT": "LEFT"}
    if not is_turned:
        return value
    if isinstance(value, cst.Name) and value.value in opposite:
        return cst.Name(opposite[value.value])
    return cst.UnaryOperation(
        cst.Minus(), value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    )


def rejoin(args: Sequence[cst.Arg]) -> list[cst.Arg]:
    """Put plain commas between arguments that came from elsewhere."""
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return [
        argument.with_changes(
            comma=(argument.comma if isinstance(argument.comma, cst.Comma) else comma)
            if number < len(args) - 1
            else cst.MaybeSentinel.DEFAULT
        )
        for number, argument in enumerate(args)
    ]


def spell_animated(value: cst.BaseExpression) -> str:
    """Return what ``circle.animate.shift(UP)`` animates."""
    while isinstance(value, cst.Call | cst.Attribute):
        if isinstance(value, cst.Attribute) and value.attr.value == "animate":
            return spell(value.value)
        value = value.func if isinstance(value, cst.Call) else value.value
    return ""


def is_animation(value: cst.BaseExpression) -> bool:
    """Whether this begins a new animation in the arguments of a play."""
    if isinstance(value, cst.Attribute):
        return value.attr.value in rules.ANIMATED_METHODS
    if isinstance(value, cst.Call):
        name = find_called(value.func)
        return name[:1].isupper() or "animate" in spell(value.func)
    return False


def is_spoiled(value: cst.SimpleString) -> bool:
    """Whether a string has commands of TeX that Python reads as control characters."""
    if "r" in value.prefix.lower() or "b" in value.prefix.lower() or "\\\\" in value.raw_value:
        return False
    words = value.raw_value.split("\\")[1:]
    return any(leading_word(word) in rules.SPOILED_COMMANDS for word in words)


def leading_word(text: str) -> str:
    end = next((i for i, letter in enumerate(text) if not letter.isalpha()), len(text))
    return text[:end]


def read_config(statement: cst.CSTNode) -> list[tuple[str, cst.BaseExpression]] | None:
    """Return the entries of ``CONFIG = {…}``; None for another statement."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    assignment: Any = statement.body[0]
    if not isinstance(assignment, cst.Assign) or spell(assignment.targets[0].target) != "CONFIG":
        return None
    if not isinstance(assignment.value, cst.Dict):
        return None
    entries = []
    for element in assignment.value.elements:
        key = element.key if isinstance(element, cst.DictElement) else None
        if not isinstance(key, cst.SimpleString) or not str(key.evaluated_value).isidentifier():
            return None
        entries.append((str(key.evaluated_value), element.value))
    return entries


def build_assignment(name: str, value: cst.BaseExpression) -> cst.BaseStatement:
    """Return ``name = value`` as a statement."""
    target = cst.AssignTarget(cst.Name(name))
    return cst.SimpleStatementLine([cst.Assign([target], value)])
