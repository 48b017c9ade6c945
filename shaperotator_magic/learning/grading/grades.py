"""What people said of the results of a run, by eye: one file for each of them.

Runs in a command's process.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from shaperotator_magic.core.atomic_files import make_output_folder, write_output
from shaperotator_magic.core.errors import ConfigurationError

__all__ = ["GRADES", "Grade", "GradeBook", "Graded", "count_grades", "read_grades"]

Grade = Literal["right", "minor", "major"]
GRADES: tuple[Grade, ...] = get_args(Grade)
_FOLDER = "grades"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Graded:
    """One person's word on one result; ``grade`` is None where only a note was written."""

    grade: Grade | None
    note: str = ""


class GradeBook:
    """One person's grades of one run, on disk after every change; threads may share it.

    Raises
    ------
    ConfigurationError
        The name cannot be that of a file, or the file cannot be read.
    """

    def __init__(self, run: Path, grader: str) -> None:
        if not _NAME.fullmatch(grader):
            raise ConfigurationError(
                f"{grader!r} cannot be a grader's name.",
                hint="Use letters, digits, _ and -: --as ann",
            )
        self._path = run / _FOLDER / f"{grader}.json"
        self._lock = threading.Lock()
        self._grades = _read(self._path) if self._path.is_file() else {}

    @property
    def grades(self) -> Mapping[str, Graded]:
        """The grades by the identifiers of the prompts."""
        return dict(self._grades)

    def write(self, name: str, grade: str | None, note: str) -> None:
        """Set what is said of one result; neither grade nor note takes it away."""
        if grade is not None and grade not in GRADES:
            raise ValueError(grade)
        with self._lock:
            if grade is None and not note.strip():
                self._grades.pop(name, None)
            else:
                self._grades[name] = Graded(grade, note.strip()[:_LONGEST_NOTE])
            rows = {key: vars(graded) for key, graded in sorted(self._grades.items())}
            make_output_folder(self._path.parent)
            write_output(self._path, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def read_grades(run: Path) -> dict[str, dict[str, Graded]]:
    """Return the grades of a run by grader, then by prompt."""
    return {path.stem: _read(path) for path in sorted((run / _FOLDER).glob("*.json"))}


def _read(path: Path) -> dict[str, Graded]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        found = {str(name): Graded(**row) for name, row in rows.items()}
        if any(graded.grade not in (None, *GRADES) for graded in found.values()):
            raise ValueError(path)
    except (OSError, ValueError, TypeError, AttributeError) as exc:
        raise ConfigurationError(
            f"{path} holds no grades that can be read.", hint="Move it away to begin anew."
        ) from exc
    return found


def count_grades(grades: Mapping[str, Graded]) -> dict[Grade, int]:
    """Return how often each grade was given."""
    counts = Counter(graded.grade for graded in grades.values())
    return {grade: counts[grade] for grade in GRADES}
