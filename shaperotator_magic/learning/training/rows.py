"""Reads the rows of a dataset folder, as ``shaperotator dataset build`` writes it.

Whether the folder is whole is checked first, before a night of training.

Runs in a command's process.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.learning.dataset.folder import read_manifest
from shaperotator_magic.learning.dataset.forms import name_file

__all__ = ["Rows", "read_rows"]

_FOLDERS = {
    "sft": ("sft", "repair"),
    "dpo": ("preference",),
    "kto": ("verdicts",),
    "grpo": ("reward",),
}
_HELD_OUT = 10  # a tenth of the subjects, where a form has no test rows
Row = dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """Rows to train on, and rows of other subjects to measure by; and what identifies both."""

    train: list[Row]
    test: list[Row]
    digest: str

    @property
    def subjects(self) -> int:
        """How many subjects there are to train on."""
        return len({row.get("subject", "") for row in self.train})


def read_rows(folder: Path, method: str) -> Rows:
    """Return the rows of a folder for one method, with the columns that its trainer takes.

    Raises
    ------
    ConfigurationError
        The folder is no dataset, is not whole, or has no such rows.
    """
    files = read_manifest(folder)["files"]
    train, test = [], []
    for name in _FOLDERS[method]:
        train += _read_file(folder, name_file(name, "train"), method)
        test += _read_file(folder, name_file(name, "test"), method)
    if not train:
        raise ConfigurationError(
            f"{folder} has no rows for {method.upper()}, in {_FOLDERS[method][0]}/.",
            hint="The folder's README.md says which rows were made, and why others were not.",
        )
    if not test:
        train, test = _hold_out(train)
    digest = hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest()
    return Rows(train, test, digest)


def _read_file(folder: Path, name: str, method: str) -> list[Row]:
    path = folder / name
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_read_row(line, f"{path}, line {n}", method) for n, line in enumerate(lines, 1)]


def _read_row(line: str, place: str, method: str) -> Row:
    try:
        row = json.loads(line)
        return {**_SHAPES[method](row), "subject": str(row.get("subject", ""))}
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise ConfigurationError(
            f"{place} is no row for {method.upper()}.",
            hint="'shaperotator dataset check' says more.",
        ) from exc


def _shape_sft(row: Row) -> Row:
    """Part the answer from the conversation before it: the loss is that of the answer alone."""
    messages = _read_messages(row["messages"])
    if len(messages) < 2 or messages[-1]["role"] != "assistant":  # noqa: PLR2004 - a question
        raise ValueError(messages)
    return {"prompt": messages[:-1], "completion": messages[-1:]}


def _shape_dpo(row: Row) -> Row:
    return {name: _read_messages(row[name]) for name in ("prompt", "chosen", "rejected")}


def _shape_kto(row: Row) -> Row:
    pair = {name: _read_messages(row[name]) for name in ("prompt", "completion")}
    if not isinstance(row["label"], bool):
        raise TypeError(row["label"])
    return {**pair, "label": row["label"]}


def _shape_grpo(row: Row) -> Row:
    duration_s = row.get("duration_s")
    return {
        "prompt": _read_messages(row["prompt"]),
        "duration_s": float(duration_s) if duration_s is not None else 0.0,
    }


_SHAPES: dict[str, Callable[[Row], Row]] = {
    "sft": _shape_sft,
    "dpo": _shape_dpo,
    "kto": _shape_kto,
    "grpo": _shape_grpo,
}


def _read_messages(value: Any) -> list[dict[str, str]]:
    messages = [{"role": str(m["role"]), "content": str(m["content"])} for m in value]
    if not messages:
        raise ValueError(value)
    return messages


def _hold_out(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Hold out a tenth of the subjects, the same ones every time."""
    subjects = sorted({row["subject"] for row in rows}, key=_scatter)
    if len(subjects) < 2:  # noqa: PLR2004 - one must stay
        return rows, []
    held = set(subjects[: max(1, len(subjects) // _HELD_OUT)])
    return (
        [row for row in rows if row["subject"] not in held],
        [row for row in rows if row["subject"] in held],
    )


def _scatter(subject: str) -> str:
    return hashlib.sha256(subject.encode()).hexdigest()
