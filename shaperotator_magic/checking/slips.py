"""Findings from animations that cannot do what their line says. Pure."""

from __future__ import annotations

from shaperotator_magic.records import Finding, Rehearsal, Slip

_UNROUNDED_DIGITS = 6


def find_slips(rehearsal: Rehearsal) -> list[Finding]:
    """Return one finding for each line and kind of slip."""
    found = {(slip.rule, slip.line, slip.name): slip for slip in rehearsal.slips}
    return [_build_finding(slip) for slip in found.values()]


def _build_finding(slip: Slip) -> Finding:
    words, hint = {
        "absent-fade": (
            f"{slip.name} is not on the screen when it fades out; "
            f"{slip.other or 'what was transformed into it'} stays behind.",
            f"Fade out {slip.other or 'the thing that was transformed'}, "
            "or use ReplacementTransform before.",
        ),
        "same-thing-twice": (
            f"Two animations change {slip.name} in one play, and only the last one counts.",
            "Chain them: thing.animate.shift(UP).set_color(RED).",
        ),
        "same-target-twice": (
            f"Several things turn into the one {slip.name}, which then never appears.",
            "Give each a copy of its own: target.copy().",
        ),
    }[slip.rule]
    return Finding(
        rule=f"layout-{slip.rule}", severity="warning", message=words, hint=hint, line=slip.line
    )
