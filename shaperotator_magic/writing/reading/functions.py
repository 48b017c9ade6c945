"""Functions that a sentence names in words: 'cosine', 'the exponential', 'x squared'. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
import re

from shaperotator_magic.writing.languages import Language, load_language
from shaperotator_magic.writing.reading.equations import build_formula
from shaperotator_magic.writing.reading.formulas import parse_formula
from shaperotator_magic.writing.reading.scan import Scan
from shaperotator_magic.writing.reading.values import Formula


def read_spoken(scan: Scan) -> None:
    """Find formulas that are spelt out: 'x squared'."""
    table = _merge(scan.language, "spoken")
    for match in _compile(scan.language, "spoken").finditer(scan.plain):
        if scan.is_free(*match.span()):
            scan.add("expression", _build(table[_normalise(match[0])]), match.span())


def read_functions(scan: Scan) -> None:
    """Find names of functions; they are weak, for they may be no more than a word."""
    table = _merge(scan.language, "functions")
    for match in _compile(scan.language, "functions").finditer(scan.plain):
        if scan.is_free(*match.span()):
            scan.add("function", _build(table[_normalise(match[0])]), match.span(), is_weak=True)


def _normalise(text: str) -> str:
    return " ".join(text.lower().split())


@functools.cache
def _merge(language: Language, field: str) -> dict[str, str]:
    return {**getattr(load_language("en"), field), **getattr(language, field)}


@functools.cache
def _compile(language: Language, field: str) -> re.Pattern[str]:
    names = sorted(_merge(language, field), key=len, reverse=True)
    plain = [n for n in names if n[0].isascii() or (n[0].isalpha() and n[0] < "\u3000")]
    signs = [n for n in names if n not in plain]
    parts = []
    if plain:
        joined = "|".join(re.escape(n).replace(r"\ ", r"\s+") for n in plain)
        parts.append(rf"(?<![^\W\d])(?:{joined})(?![^\W\d]|\s*[(^])")
    return re.compile("|".join([*parts, *map(re.escape, signs)]), re.IGNORECASE)


@functools.cache
def _build(text: str) -> Formula:
    return build_formula(parse_formula(text)[0])
