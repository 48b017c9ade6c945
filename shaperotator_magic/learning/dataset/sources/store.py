"""Samples from the store: what a person kept, liked, had changed, and saw mended.

Nothing of them gets into a data set before the person has said yes to it (``review``). Runs that
used variables or files of the person's are never asked for: values and names are in their code.

Runs in a command's process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from shaperotator_magic.core.records import Attempt, FeedbackRecord, Finding, Generation, SceneCode
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.learning.dataset.messages import (
    build_prompt,
    build_refinement,
    build_repair,
)
from shaperotator_magic.learning.dataset.sources.library import finish_code
from shaperotator_magic.learning.dataset.sources.sample import (
    OWN_LICENCE,
    USERS_LICENCE,
    Form,
    Sample,
    Source,
)
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.library.matching import THRESHOLD
from shaperotator_magic.writing.wording import split_stems

_MOST_STEMS = 4


@dataclass(frozen=True)
class StoreReport:
    """What of a store was left out before any sample was made."""

    unreadable: int = 0
    private: int = 0
    unfinished: int = 0


def list_store_samples(
    store: Store, library: SceneLibrary
) -> tuple[list[tuple[Generation, Sample]], StoreReport]:
    """Return the samples of a store with the runs that they are of, and what was left out."""
    generations, unreadable = store.list_readable()
    removed = store.list_removed()
    verdicts = _read_verdicts(store.read_feedback())
    by_id = {generation.generation_id: generation for generation in generations}
    wanted = [g for g in generations if g.generation_id not in removed]
    finished = [g for g in wanted if g.status == "completed" and g.scene and not g.came_from]
    own = [g for g in finished if not _is_private(g)]
    report = StoreReport(unreadable, len(finished) - len(own), len(wanted) - len(finished))
    found = [
        (generation, sample)
        for generation in own
        for sample in _Reader(library, by_id).list_samples(
            generation, verdicts.get(generation.generation_id)
        )
    ]
    return found, report


def _is_private(generation: Generation) -> bool:
    prompt = generation.prompt
    return bool(prompt.variables or prompt.inputs or prompt.values)


def _read_verdicts(feedback: Iterable[FeedbackRecord]) -> dict[str, bool]:
    """Return the last verdict on each run that has one."""
    return {row.generation_id: row.is_positive for row in feedback if row.is_positive is not None}


@dataclass(frozen=True)
class _Reader:
    library: SceneLibrary
    by_id: dict[str, Generation]

    def list_samples(self, generation: Generation, verdict: bool | None) -> Iterator[Sample]:
        """Yield what can be learnt from one run."""
        parent = self.by_id.get(generation.prompt.parent or "")
        if generation.prompt.parent and (parent is None or _is_private(parent)):
            return  # what was changed is not known, or not to be told
        if verdict is not None:
            yield self._build(generation, parent, "verdict", is_liked=verdict)
        if verdict is False:
            return
        yield self._build(generation, parent, "sft")
        yield from self._list_mended(generation, parent)

    def _build(
        self,
        generation: Generation,
        parent: Generation | None,
        form: Form,
        *,
        is_liked: bool = True,
    ) -> Sample:
        assert generation.scene is not None  # noqa: S101 - only runs with scenes are asked for
        code = _finish(generation.scene.code)
        text, first = generation.prompt.text, generation.prompt.first_text
        source: Source = "store"
        prompt = build_prompt(text)
        if parent is not None and parent.scene is not None:
            before = _finish(parent.scene.code).source
            prompt, source = build_refinement(first, before, text), "refinement"
        return Sample(
            form=form,
            prompt=tuple(prompt),
            code=code,
            subject=self._find_subject(generation),
            source=source,
            asked=text if parent is None else f"{first} {text}",
            licence=OWN_LICENCE if code.origin.writer == "library" else USERS_LICENCE,
            model=_name_model(generation.attempts, code),
            is_liked=is_liked,
            is_own=True,
        )

    def _list_mended(self, generation: Generation, parent: Generation | None) -> Iterator[Sample]:
        """Yield repairs and preferences from the attempts before the one that was shown."""
        for attempt in generation.attempts[:-1]:
            findings = _list_findings(attempt)
            if attempt.code is None or not findings:
                continue
            kept = self._build(generation, parent, "preference")
            flaw = findings[0].message
            yield replace(kept, rejected=attempt.code, flaw=flaw)
            messages = build_repair(generation.prompt.text, attempt.code.source, findings)
            yield replace(kept, form="repair", prompt=tuple(messages), source="repair", flaw=flaw)

    def _find_subject(self, generation: Generation) -> str:
        """Return the library's scene on the subject, else the first words that say what it is."""
        text = generation.prompt.first_text
        best = next(iter(self.library.match(text)), None)
        if best is not None and best.score >= THRESHOLD:
            return best.scene.name
        stems = sorted(dict.fromkeys(split_stems(text)))[:_MOST_STEMS]
        return f"own: {' '.join(stems)}"


def _finish(code: SceneCode) -> SceneCode:
    return finish_code(code) if code.origin.writer == "library" else code


def _name_model(attempts: Sequence[Attempt], code: SceneCode) -> str:
    if code.origin.writer != "model":
        return ""
    return code.origin.model or next((a.completion.model for a in attempts if a.completion), "")


def _list_findings(attempt: Attempt) -> list[Finding]:
    """Return what was sent back to the model after an attempt."""
    found = [finding for finding in attempt.findings if finding.severity != "note"]
    if attempt.error is None:
        return found
    errors = [finding for finding in found if finding.severity == "error"]
    line = attempt.error.details.get("line")
    told = Finding(
        rule=attempt.error.type,
        severity="error",
        message=attempt.error.message,
        hint=attempt.error.hint,
        line=line if isinstance(line, int) else None,
    )
    return errors or [told]
