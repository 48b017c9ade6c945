"""From one draft of a scene to one that can be drawn: checked, and rehearsed where it can be.

Joins checking and rendering, which do not know each other, for ``pipeline.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.costs import check_cost, propose_coarser
from shaperotator_magic.checking.gate import check_scene
from shaperotator_magic.checking.healing import heal_failure, heal_scene
from shaperotator_magic.checking.layout import check_layout, find_flaws
from shaperotator_magic.checking.mending import Defect, Mend, identify_defect, propose_mends
from shaperotator_magic.checking.partial import cut_before
from shaperotator_magic.errors import CheckFailedError, RenderError
from shaperotator_magic.records import (
    CheckedScene,
    Finding,
    Rehearsal,
    RehearsalFailure,
    SceneCode,
    Slip,
)

_MOST_TRIES, _MOST_ALIKE = 24, 3
_MOST_FAILURES = 3
_MUCH_LESS = 0.9


@dataclass(frozen=True)
class Stage:
    """Where drafts are tried: what rehearses them, and the manim that they run with.

    Mending has ``most_effort`` for its rehearsals, and is not begun where one needs more than
    ``largest_effort``: a model's next reply takes as long. Both are counted, not timed (see
    ``Rehearsal``), so that a busy machine mends as a free one does. ``longest_mending_s``, of a
    core's time, is for scenes that spend theirs where nothing is counted.
    """

    rehearse: Callable[[CheckedScene], Rehearsal]
    api: Api
    most_effort: float = 20.0
    largest_effort: float = 6.0
    longest_mending_s: float = 60.0


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
    return _mend(_coarsen(_heal_failures(rehearse_draft(scene, stage), stage), stage), stage)


def _heal_failures(draft: Draft, stage: Stage) -> Draft:
    """Mend what only the rehearsal shows to be misspelt, and rehearse again."""
    for _ in range(_MOST_FAILURES):
        failure = draft.rehearsal.failure if draft.rehearsal else None
        healed = heal_failure(draft.scene.code, failure, stage.api) if failure else None
        if healed is None:
            break
        code, told = healed
        findings = (*draft.scene.findings, told)
        scene = check_scene(code).model_copy(update={"findings": findings})
        draft = rehearse_draft(scene, stage)
    return draft


def rehearse_draft(scene: CheckedScene, stage: Stage) -> Draft:
    """Rehearse a scene as it is, and add what the rules of layout say."""
    rehearsal = stage.rehearse(scene)
    kept = tuple(f for f in scene.findings if not f.rule.startswith(("layout-", "cost-")))
    findings = (*kept, *check_cost(rehearsal), *check_layout(rehearsal))
    return Draft(scene.model_copy(update={"findings": findings}), rehearsal)


def _coarsen(draft: Draft, stage: Stage) -> Draft:
    """Make a scene that would take too long to draw cheaper, where that changes nothing else."""
    while draft.failure is None and draft.rehearsal is not None:
        cheaper = (
            changed
            for edit in propose_coarser(draft.scene.code.source, draft.rehearsal)
            if (changed := _try_edit(draft, edit, stage, rule="mended-cost")) is not None
            and _is_cheaper(changed, draft)
        )
        best = next(cheaper, None)
        if best is None:
            break
        draft = best
    return draft


def _is_cheaper(changed: Draft, draft: Draft) -> bool:
    if changed.failure is not None or changed.rehearsal is None or draft.rehearsal is None:
        return False
    known = set(map(identify_defect, _list_defects(draft)))
    return (
        changed.rehearsal.face_frames < _MUCH_LESS * draft.rehearsal.face_frames
        and set(map(identify_defect, _list_defects(changed))) <= known
    )


def _mend(draft: Draft, stage: Stage) -> Draft:
    """Try small edits for the flaws, and keep those that leave less of them and make none new."""
    tries = _count_tries(draft, stage)
    spent_s = 0.0
    given_up: set[tuple[object, ...]] = set()
    while tries > 0 and draft.failure is None and draft.rehearsal is not None:
        defects = _list_defects(draft)
        defect = next((d for d in defects if identify_defect(d) not in given_up), None)
        if defect is None:
            break
        given_up.add(identify_defect(defect))
        # What a loop makes has to be mended in the loop.
        is_one_of_many = sum(_find_kind(d) == _find_kind(defect) for d in defects) > _MOST_ALIKE
        mends = propose_mends(
            draft.scene.code.source, defect, draft.rehearsal, is_one_of_many=is_one_of_many
        )
        for mend in mends[:tries]:
            if spent_s >= stage.longest_mending_s:
                return draft
            tries -= 1
            spent_s += draft.rehearsal.cpu_s
            better = _try_mend(draft, mend, stage)
            if better is not None:
                draft = better
                break
    return draft


def _count_tries(draft: Draft, stage: Stage) -> int:
    """Return how many rehearsals like the last one the mending may hold."""
    effort = draft.rehearsal.effort if draft.rehearsal else 0.0
    if effort > stage.largest_effort:
        return 0
    return min(_MOST_TRIES, int(stage.most_effort / max(effort, 0.001)))


def _try_mend(draft: Draft, mend: Mend, stage: Stage) -> Draft | None:
    changed = _try_edit(draft, mend, stage, rule="mended-layout")
    if changed is None:
        return None
    before = set(map(identify_defect, _list_defects(draft)))
    after = set(map(identify_defect, _list_defects(changed)))
    is_better = changed.failure is None and after < before
    most = len(draft.scene.findings) + 1  # with what is told of the edit
    return changed if is_better and len(changed.scene.findings) <= most else None


def _try_edit(draft: Draft, edit: Mend, stage: Stage, *, rule: str) -> Draft | None:
    """Check and rehearse an edited scene, which says what was done; None where it is refused."""
    code = draft.scene.code.model_copy(update={"source": edit.source})
    told = Finding(rule=rule, severity="note", message=f"Mended: {edit.message}.")
    try:
        scene = check_scene(code)
        scene = scene.model_copy(update={"findings": (*draft.scene.findings, told)})
        return rehearse_draft(scene, stage)
    except (CheckFailedError, RenderError):
        return None


def _list_defects(draft: Draft) -> list[Defect]:
    if draft.rehearsal is None:
        return []
    flaws = [flaw for flaw in find_flaws(draft.rehearsal) if flaw.severity == "warning"]
    slips = {(slip.rule, slip.line, slip.name): slip for slip in draft.rehearsal.slips}
    return [*slips.values(), *flaws]


def _find_kind(defect: Defect) -> tuple[object, ...]:
    return (defect.rule, defect.line) if isinstance(defect, Slip) else defect.kind


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
