"""A table of runs in Markdown, from their JSON and from what people said: for a README. Pure.

Runs in a command's process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from shaperotator_magic.learning.grading.agreement import Agreement, measure_agreement
from shaperotator_magic.learning.grading.figures import Rate
from shaperotator_magic.learning.grading.grades import Graded, count_grades

__all__ = ["GradedRun", "build_table", "describe_grades"]

_RATES = (
    ("first reply runs untouched", "first reply runs"),
    ("shown at the end", "shown, loop on"),
    ("shown without a major flaw", "no major flaw by rule"),
)


@dataclass(frozen=True)
class GradedRun:
    """A run, and its grades by grader."""

    facts: Mapping[str, Any]
    grades: Mapping[str, Mapping[str, Graded]]

    @property
    def prompts(self) -> int:
        """How many prompts there were; a result that is not shown is not right."""
        return int(self.facts["rates"]["shown at the end"]["total"])

    def measure_right(self) -> list[tuple[str, Rate]]:
        """Return for each grader how many of all prompts came out right."""
        return [
            (grader, Rate(count_grades(grades)["right"], self.prompts))
            for grader, grades in self.grades.items()
        ]

    def measure_agreements(self) -> list[tuple[str, str, Agreement]]:
        """Return the agreement of every two graders."""
        said = {
            grader: {name: graded.grade for name, graded in grades.items() if graded.grade}
            for grader, grades in self.grades.items()
        }
        return [(a, b, measure_agreement(said[a], said[b])) for a, b in combinations(said, 2)]


def build_table(runs: Sequence[GradedRun]) -> str:
    """Return the rows of a table in Markdown."""
    heads = ["model", "prompts", *(head for _, head in _RATES), "right by eye", "graders agree"]
    lines = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    lines += [f"| {' | '.join(_list_cells(run))} |" for run in runs]
    return "\n".join(lines)


def _list_cells(run: GradedRun) -> list[str]:
    rates = run.facts["rates"]
    right = [_show(rate) for _, rate in run.measure_right()]
    agreements = [
        f"κ {agreement.kappa:.2f}" if agreement.kappa is not None else f"{agreement.alike} alike"
        for _, _, agreement in run.measure_agreements()
        if agreement.count
    ]
    return [
        str(run.facts["model"]).replace("|", "/"),
        str(run.prompts),
        *(_show(Rate(**rates[name])) for name, _ in _RATES),
        ", ".join(right) or "not graded",
        ", ".join(agreements) or "–",
    ]


def _show(rate: Rate) -> str:
    low, high = rate.interval
    share = rate.hits / rate.total if rate.total else 0.0
    return f"{share:.0%} ({low:.0%} to {high:.0%})"


def describe_grades(run: GradedRun) -> list[str]:
    """Return lines on what people said of a run, and how far they agree."""
    lines = []
    for grader, right in run.measure_right():
        counts = count_grades(run.grades[grader])
        said = ", ".join(f"{grade} {count}" for grade, count in counts.items())
        lines.append(f"{grader}: {said} of {run.prompts} prompts; right {right}")
    lines += [f"{a} and {b}: {agreement}" for a, b, agreement in run.measure_agreements()]
    return lines
