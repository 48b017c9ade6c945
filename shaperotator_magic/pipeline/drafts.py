"""One draft of a scene made ready to draw: API correction, checks, rehearsal, repairs, auto-fixes.

Joins checking and rendering, which do not know each other, for ``attempts.py``. Pure but for the
rehearsals, which ``Stage`` provides.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.api_correction import (
    correct_api,
    corrects_silence,
    review_api,
)
from shaperotator_magic.checking.autofix.costs import check_cost, propose_cheapest, propose_coarser
from shaperotator_magic.checking.autofix.proposing import (
    Defect,
    Fix,
    identify_defect,
    propose_fixes,
)
from shaperotator_magic.checking.autofix.showing import NOTHING_SEEN, check_showing, show_made
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.checking.layout.layout import check_layout, find_flaws
from shaperotator_magic.checking.partial import cut_before
from shaperotator_magic.checking.repairs.failing import Repair
from shaperotator_magic.checking.repairs.table import propose_omissions, propose_repairs
from shaperotator_magic.converting.replies import convert_reply, define_missing
from shaperotator_magic.core.errors import CheckFailedError, RenderError, RenderTimeoutError
from shaperotator_magic.core.records import (
    AnimationMistake,
    CheckedScene,
    Finding,
    Rehearsal,
    RehearsalFailure,
    SceneCode,
)

_MOST_TRIES, _MOST_ALIKE = 24, 3
_MOST_FAILURES = 24
_MOST_REPAIRS = 8
_MUCH_LESS = 0.9
RepairSource = Callable[[str, RehearsalFailure, Api], Iterator[Repair]]
Rehearse = Callable[[CheckedScene], Rehearsal]
_OF_REHEARSALS = ("layout-", "cost-", "nothing-")


@dataclass(frozen=True)
class Stage:
    """Where drafts are tried: the rehearser, and the API of the installed manim.

    Auto-fixes may spend ``most_effort`` on rehearsals, and are skipped where one needs more than
    ``largest_effort``: a model's next reply takes as long. Both are counted, not timed (see
    ``Rehearsal``), so that the result does not depend on the load of the machine.
    ``longest_fixing_s``, of a core's time, bounds scenes whose effort is not counted.
    """

    rehearse: Rehearse
    api: Api
    most_effort: float = 20.0
    largest_effort: float = 6.0
    most_repairing: float = 12.0
    longest_fixing_s: float = 60.0


@dataclass(frozen=True)
class Draft:
    """A scene that passed the checks, and what its rehearsal showed, if it had one."""

    scene: CheckedScene
    rehearsal: Rehearsal | None = None

    @property
    def flaws(self) -> tuple[Finding, ...]:
        """The warnings: what a viewer would mind and a writer should fix."""
        return tuple(f for f in self.scene.findings if f.severity == "warning")

    @property
    def shows_nothing(self) -> bool:
        """Whether it runs to its end and shows nothing."""
        return any(finding.rule == NOTHING_SEEN for finding in self.flaws)

    @property
    def omits(self) -> bool:
        """Whether statements that fail were left out of it."""
        return any(finding.rule == "healed-omitted" for finding in self.scene.findings)

    @property
    def failure(self) -> RenderError | None:
        """The error that drawing it would raise, None where it runs to its end."""
        failed = self.rehearsal.failure if self.rehearsal else None
        return _build_error(failed) if failed else None


def prepare_draft(code: SceneCode, stage: Stage | None) -> Draft:
    """Correct the API of one draft, check it, rehearse it, repair and auto-fix it.

    Without a stage it is not rehearsed, and only the table of rules corrects it.

    Raises
    ------
    CheckFailedError
        The checks refuse it.
    RenderError
        The rehearsal itself was impossible; a scene that fails in it is no error here.
    """
    converted, noted = convert_reply(code, stage.api) if stage else (code, [])
    corrected, notes = correct_api(converted, stage.api if stage else None)
    if stage is None:
        return Draft(_check(corrected, notes))
    if not noted and corrected.source != code.source and not corrects_silence(notes):
        working = _rehearse_as_written(code, stage)
        if working is not None:
            return _finish(working, stage)
    defined, added = define_missing(corrected, stage.api)
    scene = _check(defined, [*noted, *notes, *added])
    draft = _repair_failures(_rehearse_in_time(scene, stage), stage, propose_repairs)
    return _finish(draft, stage)


def is_refused(code: SceneCode, api: Api) -> bool:
    """Whether the checks refuse a draft also when it is corrected, as ``prepare_draft`` does."""
    corrected = correct_api(convert_reply(code, api)[0], api)[0]
    try:
        check_scene(define_missing(corrected, api)[0])
    except CheckFailedError:
        return True
    return False


def _check(code: SceneCode, findings: list[Finding]) -> CheckedScene:
    scene = check_scene(code)
    return scene.model_copy(update={"findings": (*scene.findings, *findings)})


def _rehearse_as_written(code: SceneCode, stage: Stage) -> Draft | None:
    """Return a scene that runs as it is: what runs is not corrected. None for the others."""
    try:
        draft = rehearse_draft(_check(code, review_api(code, stage.api)), stage.rehearse)
    except (CheckFailedError, RenderError):
        return None
    is_shown = draft.rehearsal is not None and draft.rehearsal.plays > 0
    return draft if is_shown and draft.failure is None and not draft.shows_nothing else None


def omit_failures(draft: Draft, stage: Stage) -> Draft | None:
    """Return a failing draft without the statements that fail; None where nothing moves then.

    For the end of the attempts: the meaning of these statements is lost, and the card reports it.
    """
    whole = _finish(_repair_failures(draft, stage, propose_repairs, propose_omissions), stage)
    is_shown = whole.rehearsal is not None and whole.rehearsal.plays > 0
    return whole if is_shown and whole.failure is None and not whole.shows_nothing else None


def _finish(draft: Draft, stage: Stage) -> Draft:
    return _auto_fix(_coarsen(_show_made(draft, stage), stage), stage)


def _rehearse_in_time(scene: CheckedScene, stage: Stage) -> Draft:
    """Rehearse a scene; where that reaches the time limit, a coarser one."""
    try:
        return rehearse_draft(scene, stage.rehearse)
    except RenderTimeoutError:
        for edit in propose_cheapest(scene.code.source):
            changed = _try_edit(Draft(scene), edit, stage, rule="mended-cost")
            if changed is not None:
                return changed
        raise


def _show_made(draft: Draft, stage: Stage) -> Draft:
    """Fade in what a scene makes and never shows, where nothing else moves."""
    code, seen = draft.scene.code, draft.rehearsal
    is_still = seen is not None and seen.failure is None and seen.plays == 0
    edit = None
    if is_still:
        edit = show_made(code.source, code.scene_name, stage.api, is_blank=draft.shows_nothing)
    changed = _try_edit(draft, edit, stage, rule="healed-unseen") if edit else None
    return changed if changed is not None and changed.failure is None else draft


def _repair_failures(draft: Draft, stage: Stage, *sources: RepairSource) -> Draft:
    """Repair what the rehearsal shows to fail, one failure after the other."""
    spent = 0.0
    for _ in range(_MOST_FAILURES):
        failure = draft.rehearsal.failure if draft.rehearsal else None
        if failure is None or draft.rehearsal is None or spent > stage.most_repairing:
            break
        repairs = (
            _repair(draft, source(_read(draft), failure, stage.api), stage) for source in sources
        )
        better = next((repaired for repaired in repairs if repaired is not None), None)
        if better is None or better.rehearsal is None:
            break
        spent += better.rehearsal.effort
        draft = better
    return draft


def _read(draft: Draft) -> str:
    return draft.scene.code.source


def _repair(draft: Draft, repairs: Iterator[Repair], stage: Stage) -> Draft | None:
    """Return the draft with the first edit that gets it past its failure.

    If none does, return the first edit after which the same place fails for another reason.
    """
    sideways: Draft | None = None
    for repair in islice(repairs, _MOST_REPAIRS):
        changed = _try_repair(draft, repair, stage)
        progress = _measure_progress(changed, draft)
        if progress > 0:
            return changed
        if progress == 0 and sideways is None:
            sideways = changed
    return sideways


def _try_repair(draft: Draft, repair: Repair, stage: Stage) -> Draft | None:
    edit = Fix(source=repair.source, message=repair.message)
    return _try_edit(draft, edit, stage, rule=f"healed-{repair.rule}")


def _measure_progress(changed: Draft | None, draft: Draft) -> int:
    """Return 1 where a draft gets further, 0 where it fails there for another reason, else -1."""
    new = changed.rehearsal if changed else None
    old = draft.rehearsal
    if changed is None or new is None or old is None or old.failure is None:
        return -1
    if new.failure is None:
        return 1
    shown, reached = new.plays + new.waits, old.plays + old.waits
    left, was_left = (_count_left(d.scene.code.source, d.failure) for d in (changed, draft))
    # A play that fails may be counted, or not.
    if shown > reached or (shown >= reached - 1 and left < was_left):
        return 1
    place = _read_failed(changed.scene.code.source, new.failure)
    old_place = _read_failed(draft.scene.code.source, old.failure)
    is_other = (new.failure.message, left, place) != (old.failure.message, was_left, old_place)
    return 0 if shown == reached and is_other else -1


def _read_failed(source: str, failure: RehearsalFailure) -> str:
    """Return the source of the expression that failed, from its first line on."""
    if failure.span is None:
        return ""
    line, column, end_line, end_column = failure.span
    lines = source.split("\n")[line - 1 : end_line]
    return "\n".join([*lines[:-1], lines[-1][:end_column]])[column:]


def _count_left(source: str, failure: RenderError | None) -> int:
    """Return how many statements stand below the one that failed."""
    line = failure.line or 0 if failure else 0
    nodes = ast.walk(ast.parse(source))
    return sum(isinstance(node, ast.stmt) and node.lineno > line for node in nodes)


def rehearse_draft(scene: CheckedScene, rehearse: Rehearse) -> Draft:
    """Rehearse a scene as it is, and add the findings of the layout rules."""
    rehearsal = rehearse(scene)
    kept = tuple(f for f in scene.findings if not f.rule.startswith(_OF_REHEARSALS))
    seen = (*check_showing(rehearsal), *check_cost(rehearsal), *check_layout(rehearsal))
    findings = (*kept, *seen)
    return Draft(scene.model_copy(update={"findings": findings}), rehearsal)


def _coarsen(draft: Draft, stage: Stage) -> Draft:
    """Make an expensive scene cheaper, where that changes nothing else."""
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


def _auto_fix(draft: Draft, stage: Stage) -> Draft:
    """Try auto-fixes for the flaws; accept those that remove some and add none."""
    tries = _count_tries(draft, stage)
    spent_s = 0.0
    given_up: set[tuple[object, ...]] = set()
    while tries > 0 and draft.failure is None and draft.rehearsal is not None:
        defects = [d for d in _list_defects(draft) if isinstance(d, AnimationMistake) or d.is_plain]
        defect = next((d for d in defects if identify_defect(d) not in given_up), None)
        if defect is None:
            break
        given_up.add(identify_defect(defect))
        # What a loop makes has to be fixed in the loop.
        is_one_of_many = sum(_find_kind(d) == _find_kind(defect) for d in defects) > _MOST_ALIKE
        mends = propose_fixes(
            draft.scene.code.source, defect, draft.rehearsal, is_one_of_many=is_one_of_many
        )
        for mend in mends[:tries]:
            if spent_s >= stage.longest_fixing_s:
                return draft
            tries -= 1
            spent_s += draft.rehearsal.cpu_s
            better = _try_fix(draft, mend, stage)
            if better is not None:
                draft = better
                break
    return draft


def _count_tries(draft: Draft, stage: Stage) -> int:
    """Return how many rehearsals like the last one the auto-fixes may use."""
    effort = draft.rehearsal.effort if draft.rehearsal else 0.0
    if effort > stage.largest_effort:
        return 0
    return int(min(_MOST_TRIES, stage.most_effort / max(effort, 0.001)))


def _try_fix(draft: Draft, mend: Fix, stage: Stage) -> Draft | None:
    changed = _try_edit(draft, mend, stage, rule="mended-layout")
    if changed is None:
        return None
    before = set(map(identify_defect, _list_defects(draft)))
    after = set(map(identify_defect, _list_defects(changed)))
    is_better = changed.failure is None and after < before
    most = len(draft.scene.findings) + 1  # with the finding on the edit
    return changed if is_better and len(changed.scene.findings) <= most else None


def _try_edit(draft: Draft, edit: Fix, stage: Stage, *, rule: str) -> Draft | None:
    """Check and rehearse an edited scene, with a finding on the edit; None where it is refused."""
    code = draft.scene.code.model_copy(update={"source": edit.source})
    note = Finding(rule=rule, severity="note", message=f"Mended: {edit.message}.")
    try:
        scene = check_scene(code)
        scene = scene.model_copy(update={"findings": (*draft.scene.findings, note)})
        return rehearse_draft(scene, stage.rehearse)
    except (CheckFailedError, RenderError):
        return None


def _list_defects(draft: Draft) -> list[Defect]:
    if draft.rehearsal is None:
        return []
    flaws = [f for f in find_flaws(draft.rehearsal) if f.severity == "warning" or f.is_fixable]
    mistakes = {
        (mistake.rule, mistake.line, mistake.name): mistake for mistake in draft.rehearsal.mistakes
    }
    return [*mistakes.values(), *flaws]


def _find_kind(defect: Defect) -> tuple[object, ...]:
    return (defect.rule, defect.line) if isinstance(defect, AnimationMistake) else defect.kind


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
