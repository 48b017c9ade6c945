"""Findings from animations that cannot do what their line says. Pure.

The scene's process detects them while a rehearsal (a run without drawing) goes on, and sends them
as ``Rehearsal.mistakes``; here they get their words and a hint.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from shaperotator_magic.core.records import AnimationMistake, Finding, Rehearsal

_UNROUNDED_DIGITS = 6


def find_mistakes(rehearsal: Rehearsal) -> list[Finding]:
    """Return one finding for each line and kind of mistake."""
    found = {(mistake.rule, mistake.line, mistake.name): mistake for mistake in rehearsal.mistakes}
    return [_build_finding(mistake) for mistake in found.values()]


def _build_finding(mistake: AnimationMistake) -> Finding:
    words, hint = {
        "absent-fade": (
            f"{mistake.name} is not on the screen when it fades out; "
            f"{mistake.other or 'what was transformed into it'} stays behind.",
            f"Fade out {mistake.other or 'the thing that was transformed'}, "
            "or use ReplacementTransform before.",
        ),
        "same-thing-twice": (
            f"Two animations change {mistake.name} in one play, and only the last one counts.",
            "Chain them: thing.animate.shift(UP).set_color(RED).",
        ),
        "same-target-twice": (
            f"Several things turn into the one {mistake.name}, which then never appears.",
            "Give each a copy of its own: target.copy().",
        ),
    }[mistake.rule]
    return Finding(
        rule=f"layout-{mistake.rule}",
        severity="warning",
        message=words,
        hint=hint,
        line=mistake.line,
    )
