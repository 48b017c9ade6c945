"""What a failed attempt sends back to the model: the finding, its source, and its kind.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re

from shaperotator_magic.core.errors import RenderError, ShapeRotatorError
from shaperotator_magic.core.records import Attempt, Finding
from shaperotator_magic.pipeline.drafts import Draft


def name_kinds(findings: tuple[Finding, ...], source: str) -> set[str]:
    """Return what identifies a failure in two attempts: its message, or its statement."""
    if not findings:
        return set()
    first = findings[0]
    words = re.sub(r"[^a-zA-Z]+", " ", first.rule + first.message)
    lines = source.split("\n")
    is_placed = first.severity == "error" and 0 < (first.line or 0) <= len(lines)
    return {words, lines[(first.line or 1) - 1].strip()} if is_placed else {words}


def list_findings(
    draft: Draft | None, error: ShapeRotatorError | None, seen: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """Return what an attempt with these findings sends back."""
    if draft is not None and error is None:
        return draft.flaws
    found = tuple(f for f in seen if f.severity == "error")
    warnings = tuple(f for f in seen if f.rule.startswith("manim-"))
    return found or ((build_finding(error), *warnings) if error else warnings)


def build_finding(error: ShapeRotatorError) -> Finding:
    return Finding(
        rule=type(error).__name__,
        severity="error",
        message=error.message,
        hint=error.hint,
        line=getattr(error, "line", None),
    )


def build_empty_error() -> RenderError:
    """Return what is said where no attempt shows anything."""
    return RenderError(
        "The scene runs to its end, and nothing is to be seen in it.",
        hint="Run the cell again, or say more exactly what the picture should show.",
    )


def find_source(error: ShapeRotatorError | None, attempt: Attempt) -> str:
    return attempt.code.source if attempt.code else getattr(error, "source", "")
