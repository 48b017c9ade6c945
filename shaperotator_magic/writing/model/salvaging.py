"""The smallest edits that make the code of a model's reply parse. Pure: nothing is run.

Replies are cut off at their end, or hold one wrong line. Only a source that does not parse is
edited; every edit must let Python read further than it did.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

_FEW_EDITS, _MOST_EDITS = 3, 12
_MOST_CUT_LINES = 80
_ASSIGNED = re.compile(r"^(?P<indent>[ \t]*)(?P<name>(?:self\.)?[A-Za-z_]\w*)[ \t]*=(?!=)")
_NEVER_CLOSED = re.compile(r"'(?P<bracket>[(\[{])' was never closed")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
# What keyboards and word processors put for Python's own signs.
_SIGNS = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "，": ",", "（": "(", "）": ")",
        "：": ":", "；": ";", "【": "[", "】": "]", "。": ".", "＝": "=", "−": "-", "–": "-",
        "×": "*", "\u00a0": " ", "\u3000": " ", "\u200b": "", "\ufeff": "",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Salvaged:
    """A source that parses, and a sentence for every edit."""

    source: str
    notes: tuple[str, ...]


def salvage(source: str) -> Salvaged | None:
    """Return the source with what does not parse edited or left out; None where that fails."""
    # A few small edits keep the most; of a reply that is cut off they would leave its ruins.
    return _edit(source, most=_FEW_EDITS, loss=0.1) or _edit(source, most=_MOST_EDITS, loss=1.0)


def _edit(source: str, *, most: int, loss: float) -> Salvaged | None:
    """Edit until the source parses.

    An edit after which all of it parses is taken where it keeps all but ``loss`` of what the
    edit that keeps most would keep.
    """
    notes: list[str] = []
    for _ in range(most + 1):
        error = _find_error(source)
        if error is None:
            return Salvaged(source, tuple(notes)) if notes else None
        if error.lineno is None:
            return None
        edits = [edit for edit in _propose(source, error) if _reads_further(edit[0], error)]
        if not edits:
            return None
        thrifty = max(edits, key=_count_code)
        whole = max((e for e in edits if _has_all(e[0])), key=_count_code, default=thrifty)
        enough = (1 - loss) * _count_code(thrifty)
        source, note = whole if _count_code(whole) >= enough else thrifty
        notes.append(note)
    return None


def _find_error(source: str) -> SyntaxError | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source)
        except SyntaxError as exc:
            return exc
        except (ValueError, RecursionError, MemoryError):
            return SyntaxError("unreadable")
    return None


def _reads_further(source: str, old: SyntaxError) -> bool:
    new = _find_error(source)
    return new is None or (new.lineno or 0) > (old.lineno or 0)


def _has_all(source: str) -> bool:
    return _find_error(source) is None


def _count_code(edit: tuple[str, str]) -> int:
    lines = (line.strip() for line in edit[0].split("\n"))
    return sum(len(line) for line in lines if not line.startswith("#") and line != "pass")


def _propose(source: str, error: SyntaxError) -> Iterator[tuple[str, str]]:
    lines = source.split("\n")
    at = min(max((error.lineno or 1) - 1, 0), len(lines) - 1)
    yield from _replace_signs(lines, at)
    yield from _turn_quotes(lines, at)
    yield from _close_brackets(lines, at, error)
    yield from _complete_header(lines, at)
    yield from _cut_end(lines, at)
    yield from _leave_out(lines, at)


def _replace_signs(lines: list[str], at: int) -> Iterator[tuple[str, str]]:
    new = lines[at].translate(_SIGNS).expandtabs(4)
    if new != lines[at]:
        yield _with_line(lines, at, new), f"line {at + 1} has Python's own signs now"
    spaced = [line.expandtabs(4) for line in lines]
    if spaced != lines:
        yield "\n".join(spaced), "tabs are spaces now"


def _turn_quotes(lines: list[str], at: int) -> Iterator[tuple[str, str]]:
    """``f"{row["x"]}"``, which Python reads since 3.12, gets other quotes inside."""
    new = "".join(_turn_inner_quotes(lines[at]))
    if new != lines[at]:
        yield _with_line(lines, at, new), f"line {at + 1} has other quotes inside of its f-string"


def _turn_inner_quotes(line: str) -> Iterator[str]:
    quote, depth = "", 0
    is_formatted = False
    for before, letter in zip(" " + line, line, strict=False):
        if not quote and letter in "\"'":
            quote, depth, is_formatted = letter, 0, before in "fF"
        elif letter == quote and depth > 0:
            yield "'" if quote == '"' else '"'
            continue
        elif letter == quote and before != "\\":
            quote = ""
        elif is_formatted and quote:
            depth += (letter == "{") - (letter == "}")
        yield letter


def _close_brackets(lines: list[str], at: int, error: SyntaxError) -> Iterator[tuple[str, str]]:
    found = _NEVER_CLOSED.search(error.msg or "")
    signs = [_CLOSING[found["bracket"]]] if found else [")", "]", "}", '"', "'", '")', "')", "))"]
    note = f"a bracket or quote of line {at + 1} was closed"
    if lines[at].rstrip()[-1:] in set("([{,"):
        return  # what should follow is missing, not only the bracket
    for sign in signs:
        yield _with_line(lines, at, lines[at].rstrip() + sign), note
    if "single '}'" in (error.msg or ""):
        ends = [i for i, letter in enumerate(lines[at]) if letter == "}"]
        for end in reversed(ends):
            text = lines[at][:end] + lines[at][end + 1 :]
            yield _with_line(lines, at, text), f"a brace too many of line {at + 1} was left out"
    stripped = lines[at].rstrip()
    if stripped[-1:] in {")", "]", "}"}:
        yield (
            _with_line(lines, at, stripped[:-1]),
            f"a bracket too many of line {at + 1} was left out",
        )


def _complete_header(lines: list[str], at: int) -> Iterator[tuple[str, str]]:
    """``def f(x)`` without its colon, or without a body."""
    stripped = lines[at].rstrip()
    if re.match(r"[ \t]*(?:def|class|for|while|if|elif|else|with|try)\b", stripped):
        yield _with_line(lines, at, stripped + ":"), f"line {at + 1} got its colon"
    before = next((i for i in range(at - 1, -1, -1) if lines[i].strip()), None)
    for i in (at, before):
        if i is not None and lines[i].rstrip().endswith(":"):
            indent = " " * (len(lines[i]) - len(lines[i].lstrip()) + 4)
            text = "\n".join([*lines[: i + 1], f"{indent}pass", *lines[i + 1 :]])
            yield text, f"line {i + 1} has nothing in it"


def _leave_out(lines: list[str], at: int) -> Iterator[tuple[str, str]]:
    """Leave out the line, or the lines of the statement that begins at it or before it."""
    starts = [at]
    indent = len(lines[at]) - len(lines[at].lstrip())
    for i in range(at - 1, max(at - 30, -1), -1):
        own = len(lines[i]) - len(lines[i].lstrip())
        if lines[i].strip() and own <= indent:
            starts.append(i)
            break
    for start in starts:
        for end in (at, *_find_ends(lines, start)):
            replacement = _hold_place(lines[start])
            text = "\n".join([*lines[:start], replacement, *lines[end + 1 :]])
            quoted = lines[start].strip()[:60]
            yield text, f"line {start + 1} is no Python and was left out: {quoted}"


def _find_ends(lines: list[str], start: int) -> Iterator[int]:
    """Yield the last lines that may belong to the statement of a line."""
    indent = len(lines[start]) - len(lines[start].lstrip())
    for i in range(start + 1, min(start + 40, len(lines))):
        own = len(lines[i]) - len(lines[i].lstrip())
        if lines[i].strip() and own <= indent:
            if lines[i].strip()[0] in ")]}":
                yield i
            yield i - 1
            return


def _hold_place(line: str) -> str:
    """What is assigned is an empty group for the statements that use it."""
    indent = line[: len(line) - len(line.lstrip())]
    found = _ASSIGNED.match(line)
    return f"{indent}{found['name']} = VGroup()" if found else f"{indent}pass"


def _cut_end(lines: list[str], at: int) -> Iterator[tuple[str, str]]:
    """The reply ends within a statement: the complete statements before it are kept."""
    first = max(1, min(at, len(lines)) - _MOST_CUT_LINES)
    for end in range(len(lines), first, -1):
        text = "\n".join(lines[:end]).rstrip() + "\n"
        if text.strip() and _has_all(text):
            yield (
                text,
                f"the reply ends in the middle of line {len(lines)}: it is shown up to line {end}",
            )
            return


def _with_line(lines: list[str], at: int, new: str) -> str:
    return "\n".join([*lines[:at], new, *lines[at + 1 :]])
