"""Splits the magic's line into options and a sentence.

``%%shaperotate unit circle at 30 degrees`` without a body is a prompt as good as one in the cell.
IPython refuses a cell magic without a body before the magic sees it, so an input transformer gives
such a cell an empty line as its body.

Runs in the user's kernel.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from IPython.core.error import UsageError

from shaperotator_magic.core.settings.table import SETTINGS

_MAGIC = "%%shaperotate"
_WORD = re.compile(r"'[^']*'(?=\s|$)|\"[^\"]*\"(?=\s|$)|\S+")
HELP_FLAGS = ("-h", "--help")
_OTHER_FLAGS = (*HELP_FLAGS, "--in-place")
_VALUED = {flag for row in SETTINGS if row.kind is not bool for flag in row.flags}
_BARE = {flag for row in SETTINGS if row.bare for flag in row.flags}
_FLAGS = {flag for row in SETTINGS for flag in row.flags} | set(_OTHER_FLAGS)
_NUMBER = re.compile(r"[-+]?[\d.]")
_NEAR = 0.6
_SHORTEST_SENTENCE = 3  # words; fewer are a misspelt command

IDENTIFIER = re.compile(r"[0-9a-f]*[0-9][0-9a-f]*|[0-9a-f]{8}")  # "4a1f", but not "bad"
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_LONG_IDENTIFIER = re.compile(r"[0-9a-f]{4,}")  # 'show 3 circles' names no result
# Commands whose further words are a comment, a file or a model; the others take an identifier.
_TAKE_WORDS = frozenset({"up", "down", "remove", "use", "instead", "docs"})
_COMMANDS = frozenset("status list show code again rerun versions undo compare doctor help".split())


def give_body(lines: list[str]) -> list[str]:
    """Return a cell's lines; a lone ``%%shaperotate …`` line gets an empty body."""
    text = [line for line in lines if line.strip()]
    is_alone = len(text) == 1 and text[0].split()[0] == _MAGIC and len(text[0].split()) > 1
    return [text[0].rstrip("\n") + "\n", "\n"] if is_alone else lines


def cut_sentence(line: str, *, has_body: bool) -> tuple[str, str]:
    """Return the options of a line, and the sentence that its other words are.

    Parameters
    ----------
    has_body
        The cell has a text of its own: then a word after ``--refine`` is what it changes.

    Raises
    ------
    UsageError
        A word before the sentence looks like an option and is none, or there are words and the
        cell has a text, too.
    """
    options: list[str] = []
    rest: list[str] = []
    expected = ""  # the flag whose value comes next
    for found in _WORD.finditer(line):
        word = found[0]
        flag = word.partition("=")[0]
        if _is_flag(word, is_in_sentence=bool(rest)):
            check_flag(flag)
            options.append(word)
            expected = "" if "=" in word or _is_joined(flag) else flag
        elif expected in _VALUED and (expected not in _BARE or has_body or _is_identifier(word)):
            options.append(word)
            expected = ""
        else:
            rest.append(word)
            expected = ""
    if rest and has_body:
        raise UsageError(
            f"%%shaperotate: '{' '.join(rest)}' is no option; write it into the cell, or leave the "
            "cell empty."
        )
    return " ".join(options), " ".join(rest)


def _is_flag(word: str, *, is_in_sentence: bool) -> bool:
    """Return whether a word is meant as an option; within a sentence only a known one is."""
    if not word.startswith("-") or _NUMBER.match(word) or word.strip("-") == "":
        return False
    return not is_in_sentence or word.partition("=")[0] in _FLAGS


def is_sentence(words: Sequence[str]) -> bool:
    """Return whether the words behind ``%shaperotate`` are a prompt and no command.

    A command takes an identifier at most, a verdict a comment besides, ``set`` assignments,
    ``convert`` a file and its scene, ``docs`` words; 'show the derivative of x^2' is none of these.
    Words after ``remove`` are never a sentence: a wrong guess would delete.
    """
    first, rest = words[0], words[1:]
    if first.startswith("-"):
        return first not in _OTHER_FLAGS
    if first in _TAKE_WORDS:
        return False
    if first == "set":
        return not any(_ASSIGNMENT.match(word) for word in rest) and len(rest) > 1
    if first == "convert" and rest and _names_file(rest[0]):
        return False
    if first in _COMMANDS:
        names_result = rest[:1] and (_LONG_IDENTIFIER.fullmatch(rest[0]) or rest[0][0] == "-")
        return len(rest) > 1 and not names_result
    return len(words) >= _SHORTEST_SENTENCE


def _names_file(word: str) -> bool:
    """Whether this is a file with scenes: 'convert degrees to radians' is a sentence."""
    return word.endswith(".py") or "/" in word


def check_flag(flag: str) -> None:
    """Refuse an option that is none.

    Raises
    ------
    UsageError
        With the nearest option.
    """
    if flag in _FLAGS or _is_joined(flag):
        return
    near = find_nearest(flag, _FLAGS)
    meant = f"did you mean {near}?" if near else "'%shaperotate help' lists the options."
    raise UsageError(f"%%shaperotate has no option {flag}: {meant}")


def find_nearest(word: str, known: Iterable[str]) -> str:
    """Return the nearest known word of a misspelt one, or an empty text."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=_NEAR)), "")


def _is_joined(flag: str) -> bool:
    """Return whether this is a short option with its value, such as ``-qh``."""
    return not flag.startswith("--") and len(flag) > len("-q") and flag[:2] in _VALUED


def _is_identifier(word: str) -> bool:
    """Return whether a word after ``--refine`` can be what it changes: an identifier or a class."""
    return bool(re.fullmatch(r"[0-9a-f]{4,}|[A-Z]\w*", word))
