"""Reads the rows of a dataset folder, as ``shaperotator dataset build`` writes it.

Every file is compared with the manifest, so that a folder that was half written, or changed since,
is found before a night of training.

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

__all__ = ["Rows", "read_rows"]

MANIFEST = "dataset.json"
_FOLDERS = {
    "sft": ("sft", "repair"),
    "dpo": ("preference",),
    "kto": ("verdicts",),
    "grpo": ("reward",),
}
_AGAIN = "The same 'shaperotator dataset build' goes on where it stopped."
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
    files = _read_manifest(folder)
    train, test = [], []
    for name in _FOLDERS[method]:
        train += _read_file(folder, f"{name}/train.jsonl", files, method)
        test += _read_file(folder, f"{name}/test.jsonl", files, method)
    if not train:
        raise ConfigurationError(
            f"{folder} has no rows for {method.upper()}: {_FOLDERS[method][0]}/train.jsonl.",
            hint="'shaperotator dataset build' says which sources give such rows.",
        )
    if not test:
        train, test = _hold_out(train)
    digest = hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest()
    return Rows(train, test, digest)


def _read_manifest(folder: Path) -> dict[str, str]:
    """Return the files of a folder with their SHA-256."""
    path = folder / MANIFEST
    if not path.is_file():
        raise ConfigurationError(
            f"{folder} is no dataset, or not a whole one: it has no {MANIFEST}.", hint=_AGAIN
        )
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {str(name): _read_digest(said) for name, said in dict(files).items()}
    except (ValueError, KeyError, TypeError) as exc:
        raise ConfigurationError(f"{path} cannot be read.", hint=_AGAIN) from exc


def _read_digest(said: Any) -> str:
    return str(said["sha256"] if isinstance(said, dict) else said)


def _read_file(folder: Path, name: str, files: dict[str, str], method: str) -> list[Row]:
    if name not in files:
        return []
    try:
        content = (folder / name).read_bytes()
    except OSError as exc:
        raise ConfigurationError(f"{folder / name} is missing.", hint=_AGAIN) from exc
    if hashlib.sha256(content).hexdigest() != files[name]:
        raise ConfigurationError(
            f"{folder / name} is not as {MANIFEST} describes it: half written, or changed since.",
            hint=_AGAIN,
        )
    lines = content.decode("utf-8", errors="replace").splitlines()
    return [
        _read_row(line, f"{folder / name}, line {n}", method) for n, line in enumerate(lines, 1)
    ]


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
