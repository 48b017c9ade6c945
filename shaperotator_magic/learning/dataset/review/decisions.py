"""What a person said to each of their results, in a file of lines that is only appended to.

Runs in a command's process.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from shaperotator_magic.core.atomic_files import append_output

Decision = Literal["yes", "no", "open"]
DECISIONS: tuple[Decision, ...] = ("yes", "no", "open")
NAME = "dataset-review.jsonl"


class Decisions:
    """The decisions of a data folder, by the key of what they are on; the last one holds.

    A key is of the content: what is changed later has to be asked about again.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / NAME
        self._found = _read(self._path)

    def find(self, key: str) -> Decision:
        """Return the decision on a key."""
        return self._found.get(key, "open")

    def append(self, key: str, decision: Decision) -> None:
        """Keep a decision; it is on disk on return."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        append_output(self._path, json.dumps({"key": key, "decision": decision}))
        self._found[key] = decision


def _read(path: Path) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue  # cut off when the machine stopped
        if row.get("decision") in DECISIONS:
            found[str(row.get("key"))] = row["decision"]
    return found
