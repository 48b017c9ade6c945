"""The report of a conversion: as a record, as JSON, and as lines for a terminal or a card. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast

from shaperotator_magic.converting.checks import Calls
from shaperotator_magic.converting.converter import Conversion
from shaperotator_magic.converting.reading.bindings import parse_source
from shaperotator_magic.converting.rewriting.changes import Change
from shaperotator_magic.converting.timing import read_timing
from shaperotator_magic.core.records import Record, Rehearsal

_MOST_LINES_OF_A_RULE = 6
_DIALECTS = {
    "manim_ce": "manim",
    "manimlib": "manimlib, to 2020",
    "transition": "manimlib and manimgl, about 2021",
    "manimgl": "manimgl, from 2022",
}


class ReportedChange(Record):
    """One change, or one thing that could not be converted."""

    rule: str
    message: str
    line: int | None = None


class SceneResult(Record):
    """What the rehearsal of one converted scene showed."""

    scene: str
    plays: int = 0
    waits: int = 0
    duration_s: float = 0.0
    failure: str = ""
    difference: str = ""


class ConversionReport(Record):
    """What was done to a source, what stands for something else in it, and what the checks say.

    ``is_faithful`` is never said of a file with placeholders.
    """

    dialect: str
    changes: tuple[ReportedChange, ...] = ()
    helpers: tuple[str, ...] = ()
    placeholders: tuple[str, ...] = ()
    unconverted: tuple[ReportedChange, ...] = ()
    undefined: tuple[str, ...] = ()
    swallowed: tuple[str, ...] = ()
    keeps_calls: bool = True
    scenes: tuple[SceneResult, ...] = ()
    licence: str = ""

    @property
    def passes(self) -> bool:
        """Whether the result passed every check that was made."""
        failed = any(result.failure or result.difference for result in self.scenes)
        return self.keeps_calls and not (self.undefined or self.swallowed or failed)


def build_report(
    conversion: Conversion, results: tuple[SceneResult, ...] = (), *, licence: str = ""
) -> ConversionReport:
    """Return the report of a conversion and of the rehearsals of its scenes."""
    return ConversionReport(
        dialect=conversion.dialect,
        changes=tuple(_as_record(change) for change in conversion.changes),
        helpers=conversion.helpers,
        placeholders=conversion.placeholders,
        unconverted=tuple(_as_record(change) for change in conversion.lost),
        undefined=conversion.undefined,
        swallowed=conversion.swallowed,
        keeps_calls=_keeps(*conversion.calls),
        scenes=results,
        licence=licence,
    )


def build_result(scene: str, rehearsal: Rehearsal, conversion: Conversion) -> SceneResult:
    """Return what a rehearsal showed of one scene, beside what its source says."""
    failure = rehearsal.failure
    said = read_timing(parse_source(conversion.program), scene)
    difference = said.find_difference(
        seconds=rehearsal.duration_s, plays=rehearsal.plays, waits=rehearsal.waits
    )
    where = f"line {failure.line}: " if failure and failure.line else ""
    return SceneResult(
        scene=scene,
        plays=rehearsal.plays,
        waits=rehearsal.waits,
        duration_s=rehearsal.duration_s,
        failure=f"{where}{failure.message}" if failure else "",
        difference="" if failure else difference,
    )


def describe_report(report: ConversionReport) -> list[str]:
    """Return the report as lines."""
    lines = [f"Written for {_DIALECTS.get(report.dialect, report.dialect)}."]
    if not report.changes and not report.helpers:
        lines.append("Nothing was to be converted: the source stays as it is.")
    lines += _group(report.changes)
    if report.helpers:
        lines.append(f"Written into the file: {', '.join(report.helpers)}.")
    if report.placeholders:
        lines.append(
            f"Placeholders of our own drawing, not the originals: {', '.join(report.placeholders)}."
        )
    lines += [f"Not converted, {_place(c)}{c.message}." for c in report.unconverted]
    if report.undefined:
        lines.append(f"Not defined anywhere: {', '.join(report.undefined)}.")
    if report.swallowed:
        lines.append(f"Without effect in manim: {', '.join(report.swallowed)}.")
    if not report.keeps_calls:
        lines.append("Calls of play() or wait() were lost.")
    lines += [_describe_result(result) for result in report.scenes]
    return [*lines, report.licence] if report.licence else lines


def _keeps(before: Calls, after: Calls) -> bool:
    return before == after


def _as_record(change: Change) -> ReportedChange:
    return ReportedChange(rule=change.rule, message=change.message, line=change.line)


def _place(change: ReportedChange) -> str:
    return f"line {change.line}: " if change.line else ""


def _group(changes: tuple[ReportedChange, ...]) -> list[str]:
    """One line for each message, with the lines of the source that it is about."""
    places: dict[str, list[int]] = {}
    for change in changes:
        places.setdefault(change.message, []).append(change.line or 0)
    described = []
    for message, found in places.items():
        numbers = [str(n) for n in dict.fromkeys(found) if n]
        shown = ", ".join(numbers[:_MOST_LINES_OF_A_RULE])
        more = " …" if len(numbers) > _MOST_LINES_OF_A_RULE else ""
        where = f" (line {shown}{more})" if shown else ""
        described.append(f"{message}{where}")
    return described


def _describe_result(result: SceneResult) -> str:
    if result.failure:
        return f"{result.scene} fails: {result.failure}"
    if result.difference:
        return f"{result.scene} runs to its end, but differs: {result.difference}."
    return (
        f"{result.scene} runs to its end: {result.plays} animations, {result.waits} waits, "
        f"{result.duration_s:.1f} s."
    )


def build_pair(before: str, conversion: Conversion, *, licence: str) -> dict[str, object]:
    """Return one pair for training: the source, the result, the rules and the licence."""
    ast.parse(conversion.source)
    return {
        "before": before,
        "after": conversion.source,
        "dialect": conversion.dialect,
        "rules": sorted({change.rule for change in conversion.changes}),
        "helpers": list(conversion.helpers),
        "placeholders": list(conversion.placeholders),
        "licence": licence or "unknown",
    }
