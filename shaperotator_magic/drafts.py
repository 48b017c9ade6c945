"""From one draft of a scene to one that can be drawn: checked, and rehearsed where it can be.

Joins checking and rendering, which do not know each other, for ``pipeline.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.gate import check_scene
from shaperotator_magic.checking.healing import heal_scene
from shaperotator_magic.checking.layout import check_layout
from shaperotator_magic.checking.partial import cut_before
from shaperotator_magic.errors import CheckFailedError, RenderError
from shaperotator_magic.records import (
    CheckedScene,
    Finding,
    Rehearsal,
    RehearsalFailure,
    SceneCode,
)


@dataclass(frozen=True)
class Stage:
    """Where drafts are tried: what rehearses them, and the manim that they run with."""

    rehearse: Callable[[CheckedScene], Rehearsal]
    api: Api


@dataclass(frozen=True)
class Draft:
    """A scene that passed the checks, and what its rehearsal showed, if it had one."""

    scene: CheckedScene
    rehearsal: Rehearsal | None = None

    @property
    def flaws(self) -> tuple[Finding, ...]:
        """What a viewer would mind and a writer should mend."""
        return tuple(f for f in self.scene.findings if f.severity == "warning")

    @property
    def failure(self) -> RenderError | None:
        """Why it cannot be drawn to its end, as the drawing would have said."""
        failed = self.rehearsal.failure if self.rehearsal else None
        return _build_error(failed) if failed else None


def prepare_draft(code: SceneCode, stage: Stage | None) -> Draft:
    """Heal one draft, check it and rehearse it.

    Without a stage it is not rehearsed, and healed by the table of rules alone.

    Raises
    ------
    CheckFailedError
        The checks refuse it.
    RenderError
        The rehearsal could not be held at all; a scene that fails in it is no error here.
    """
    healed, told = heal_scene(code, stage.api if stage else None)
    scene = check_scene(healed)
    findings = (*scene.findings, *told)
    scene = scene.model_copy(update={"findings": findings})
    if stage is None:
        return Draft(scene)
    rehearsal = stage.rehearse(scene)
    findings = (*findings, *check_layout(rehearsal))
    return Draft(scene.model_copy(update={"findings": findings}), rehearsal)


def cut_to_what_works(draft: Draft, stage: Stage) -> Draft | None:
    """Return the part of a failing scene before its failure; None where nothing moves before it."""
    failed = draft.rehearsal
    if failed is None or failed.failure is None or not failed.plays or not failed.failure.line:
        return None
    code = draft.scene.code
    source = cut_before(code.source, code.scene_name, failed.failure.line)
    if source is None:
        return None
    try:
        shorter = prepare_draft(code.model_copy(update={"source": source}), stage)
    except (CheckFailedError, RenderError):
        return None
    is_shown = shorter.rehearsal is not None and shorter.rehearsal.plays > 0
    return shorter if is_shown and shorter.failure is None else None


def _build_error(failed: RehearsalFailure) -> RenderError:
    return RenderError(failed.message, hint=failed.hint, line=failed.line)
