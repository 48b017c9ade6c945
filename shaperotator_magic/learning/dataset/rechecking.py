"""Repeats the gates on a data set that is there: files, rows, code, privacy, split.

Runs in a command's process.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shaperotator_magic.core.records import SceneCode
from shaperotator_magic.learning.dataset.folder import read_manifest, read_rows
from shaperotator_magic.learning.dataset.forms import FOLDERS, PROVENANCE, Row
from shaperotator_magic.learning.dataset.gates.judging import Judge, OnJudged, digest_code
from shaperotator_magic.learning.dataset.gates.licences import find_restriction
from shaperotator_magic.learning.dataset.gates.likeness import LEAK, Index, split_pieces
from shaperotator_magic.learning.dataset.gates.private import find_private
from shaperotator_magic.learning.dataset.messages import read_answer


@dataclass
class CheckReport:
    """How many rows were looked at, and what is wrong with which."""

    rows: int = 0
    codes: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Held:
    """A row with its place and the code of its answer."""

    place: str
    folder: str
    split: str
    row: Row
    code: SceneCode | None


def check_dataset(
    folder: Path,
    judge: Judge,
    on_judged: OnJudged,
    *,
    excluded: Sequence[str] = (),
    workers: int = 2,
) -> CheckReport:
    """Return what today's gates say of a data set.

    Raises
    ------
    ConfigurationError
        There is none, it is half written, or a file of it was changed.
    """
    manifest = read_manifest(folder)
    held = [row for name in manifest["rows"] for row in _read(folder, name)]
    codes = [row.code for row in held if row.code is not None and _is_example(row)]
    judge.judge_all(codes, on_judged, workers=workers)
    report = CheckReport(len(held), len({digest_code(code) for code in codes}))
    takes_restricted = bool(manifest["options"]["takes_restricted"])
    for row in held:
        faults = [*_find_faults(row, judge), *_find_maker(row, takes_restricted=takes_restricted)]
        report.faults += [f"{row.place}: {fault}" for fault in faults]
    report.faults += [*_find_repeated(held), *_find_shared(held), *_find_leaking(held, excluded)]
    return report


def _read(folder: Path, name: str) -> Iterator[_Held]:
    kind, _, split = name.removesuffix(".jsonl").partition("/")
    if kind == "openai":
        return
    for number, row in enumerate(read_rows(folder, name), start=1):
        yield _Held(f"{name} line {number}", kind, split, row, read_answer(_find_answer(row)))


def _find_answer(row: Row) -> str:
    for name in ("chosen", "completion", "messages"):
        if name in row:
            return str(row[name][-1]["content"])
    return ""


def _is_example(held: _Held) -> bool:
    """Return whether the answer of a row is one that a model shall learn."""
    return held.folder != "reward" and held.row.get("label") is not False


def _find_faults(held: _Held, judge: Judge) -> Iterator[str]:
    missing = [name for name in PROVENANCE if name not in held.row]
    if missing:
        yield f"it has no {', '.join(missing)}"
    private = find_private(_list_texts(held.row))
    if private:
        yield private
    if held.folder == "reward":
        return
    if held.code is None:
        yield "its answer holds no scene"
    elif held.row.get("code_digest") != digest_code(held.code):
        yield "its answer is not the code that was rehearsed"
    elif _is_example(held):
        verdict = judge.find(held.code)
        reason = verdict.reason if verdict else "its rehearsal came to no end"
        if reason:
            yield f"its code is no example today: {reason}"


def _find_maker(held: _Held, *, takes_restricted: bool) -> Iterator[str]:
    maker = find_restriction(str(held.row.get("model")))
    if maker and not takes_restricted:
        yield f"{maker} forbids training on what its models write"


def _list_texts(row: Row) -> Iterator[str]:
    for name in ("messages", "prompt", "chosen", "rejected", "completion"):
        for message in row.get(name, ()):
            if message["role"] != "system":
                yield str(message["content"])


def _find_repeated(held: Sequence[_Held]) -> Iterator[str]:
    counts = Counter((row.folder, row.row.get("id")) for row in held)
    for (folder, name), count in counts.items():
        if count > 1:
            yield f"{folder}: the row {name} is there {count} times"


def _find_shared(held: Sequence[_Held]) -> Iterator[str]:
    sides: dict[str, set[str]] = defaultdict(set)
    for row in held:
        sides[row.split].add(str(row.row.get("subject")))
    for subject in sorted(sides["train"] & sides["test"]):
        yield f"the subject {subject} is in training and in test"


def _find_leaking(held: Sequence[_Held], excluded: Sequence[str]) -> Iterator[str]:
    train = [row for row in held if row.split == "train" and row.folder in FOLDERS.values()]
    index = Index([_split_asked(row.row) for row in train], LEAK)
    test = {_split_asked(row.row) for row in held if row.split == "test"}
    outside = {split_pieces(text, masks_numbers=True) for text in excluded}
    for pieces in sorted(test | outside, key=sorted):
        for number in index.find(pieces):
            yield f"{train[number].place}: it is like a held-out prompt"


def _split_asked(row: Row) -> frozenset[str]:
    """Return the pieces of what a person asked first; of code that is to be converted, none."""
    messages: Any = row.get("prompt") or row.get("messages") or ()
    asked = next((str(m["content"]) for m in messages if m["role"] == "user"), "")
    return frozenset() if "```" in asked else split_pieces(asked, masks_numbers=True)
