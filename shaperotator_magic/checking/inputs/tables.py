"""Tables (CSV): columns, whether they hold numbers, and how many rows; values stay in the file.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from shaperotator_magic.core.scene_inputs import Column
from shaperotator_magic.core.user_files.refusing import InputRefused

_MOST_ROWS = 100_000
_MOST_COLUMNS = 100
_DELIMITERS = ",;\t|"
_LOOKED_AT = 500  # rows, for the kinds of the columns
_LONGEST_NAME = 40


def describe_table(content: bytes) -> dict[str, Any]:
    """Return columns, rows, delimiter, and whether the first row names the columns."""
    if b"\0" in content:
        raise InputRefused("", "it is no text")
    text = content.decode("utf-8-sig", errors="replace")
    delimiter = _find_delimiter(text)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    except csv.Error as exc:
        raise InputRefused("", f"it is no table ({exc})") from exc
    _check_size(rows)
    has_header = _has_header(rows)
    body = rows[1:] if has_header else rows
    names = rows[0] if has_header else [f"column {n + 1}" for n in range(len(rows[0]))]
    columns = tuple(
        Column(name=_clean(name), is_numeric=_is_numeric(_take(body, at)))
        for at, name in enumerate(names)
    )
    return {
        "columns": columns,
        "rows": len(body),
        "delimiter": delimiter,
        "has_header": has_header,
    }


def _check_size(rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        raise InputRefused("", "it is empty")
    if len(rows) > _MOST_ROWS:
        raise InputRefused(
            "", f"it has {len(rows):,} rows, and a table at most {_MOST_ROWS:,}; thin it out"
        )
    widest = max(map(len, rows))
    if widest > _MOST_COLUMNS:
        raise InputRefused("", f"it has {widest} columns, and a table at most {_MOST_COLUMNS}")


def _find_delimiter(text: str) -> str:
    """Return the sign that stands equally often, and most often, in the first lines."""
    lines = [line for line in islice(io.StringIO(text), 20) if line.strip()]
    counts = {sign: [line.count(sign) for line in lines] for sign in _DELIMITERS}
    steady = {sign: min(found) for sign, found in counts.items() if found and min(found) > 0}
    return max(steady, key=lambda sign: steady[sign], default=",")


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """The first row has no number where the rows below have."""
    if len(rows) < 2:  # noqa: PLR2004 - names alone, or values alone
        return not any(map(_is_number, rows[0]))
    pairs = zip(rows[0], rows[1], strict=False)
    return not any(map(_is_number, rows[0])) and any(_is_number(below) for _, below in pairs)


def _take(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [row[at] for row in rows[:_LOOKED_AT] if at < len(row) and row[at].strip()]


def _is_numeric(values: Iterable[str]) -> bool:
    found = list(map(_is_number, values))
    return bool(found) and all(found)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _clean(name: str) -> str:
    shown = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(shown.split())[:_LONGEST_NAME] or "?"
