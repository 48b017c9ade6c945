"""One run of the pipeline: attempts at a scene, until one is fit to be shown or the budget ends.

The library's scenes are drawn as they are. What a model writes is checked and rehearsed first;
what fails or looks wrong goes back to the model, and the best attempt is kept.
"""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.gate import check_scene
from shaperotator_magic.drafts import Draft, Stage, cut_to_what_works, prepare_draft
from shaperotator_magic.errors import (
    CheckFailedError,
    RenderError,
    SceneCodeError,
    ShapeRotatorError,
)
from shaperotator_magic.records import (
    Attempt,
    CheckedScene,
    Checking,
    Completion,
    ErrorReport,
    Event,
    Finding,
    Generation,
    Prompt,
    Rehearsal,
    Rehearsed,
    RenderedVideo,
    Rendering,
    Repairing,
    SceneCode,
    Status,
    Writing,
    build_generation_id,
)
from shaperotator_magic.rendering.environment import check_environment, has_latex
from shaperotator_magic.rendering.renderer import RenderRequest, build_request
from shaperotator_magic.rendering.variables import encode_variables
from shaperotator_magic.writing.examples import choose_examples
from shaperotator_magic.writing.extraction import extract_scene
from shaperotator_magic.writing.language_model import LanguageModel, Message
from shaperotator_magic.writing.prompts import build_messages, build_repair_messages
from shaperotator_magic.writing.refining import build_refinement

if TYPE_CHECKING:
    from shaperotator_magic.pipeline import Pipeline

EventListener = Callable[[Event], None]
_MOST_TOLD = 4
_LONGEST_TOLD = 200


@dataclass
class Run:
    """What one call of ``Pipeline.run`` gathers."""

    pipeline: Pipeline
    prompt: Prompt
    on_event: EventListener
    variables: dict[str, Any]
    earlier: Generation | None = None
    attempts: list[Attempt] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scene: CheckedScene | None = None
    video: RenderedVideo | None = None
    generation_id: str = field(default_factory=build_generation_id)
    started: float = field(default_factory=time.perf_counter)

    def finish(self, status: Status, error: ErrorReport | None) -> Generation:
        """Return the record of this run."""
        return Generation(
            generation_id=self.generation_id,
            prompt=self.prompt,
            status=status,
            attempts=tuple(self.attempts),
            scene=self.scene,
            video=self.video,
            error=error,
            elapsed_s=round(time.perf_counter() - self.started, 3),
        )

    def write_and_render(self) -> None:
        """Take the prompt to a scene and its video, or raise the last attempt's error."""
        check_environment(self.pipeline.media_dir)
        options = self.prompt.options
        renderer = self.pipeline.choose_renderer(options)
        if renderer.name != "kernel":
            encode_variables(self.variables)  # what is refused is named before a model is asked
        model = self.pipeline.build_model(options)
        self.on_event(Writing())
        if not options.code_only:
            renderer.warm_up()
        if model is None:
            self._write_with_library()
        else:
            self._write_with_model(model)

    def render(self, scene: CheckedScene, *, frames: int | None = None) -> RenderedVideo:
        """Draw a checked scene, sending a Rendering event for every report of progress.

        Parameters
        ----------
        frames
            How many frames a rehearsal has counted.
        """
        self.on_event(Rendering(scene=scene, total=frames))

        def report(done: int, total: int | None) -> None:
            self.on_event(Rendering(scene=scene, done=done, total=total or frames))

        request = self._build_request()
        return self.pipeline.choose_renderer(self.prompt.options).render(
            scene,
            dataclasses.replace(request, counts_frames=frames is None),
            variables=self.variables,
            on_progress=report,
            on_segment=self.on_event,
        )

    def _build_request(self) -> RenderRequest:
        request = build_request(self.prompt.options, self.pipeline.media_dir)
        return dataclasses.replace(request, longest_timeout_s=self.pipeline.longest_timeout_s)

    @property
    def _before(self) -> SceneCode | None:
        """The scene that is to be changed, if this is a refinement."""
        return self.earlier.scene.code if self.earlier and self.earlier.scene else None

    # --- the library ------------------------------------------------------------------

    def _write_with_library(self) -> None:
        began = time.perf_counter()
        library, before = self.pipeline.library, self._before
        draft = library.refine(self.prompt, before) if before else library.write(self.prompt)
        self.notes.extend(draft.notes)
        if self.prompt.options.level or self.prompt.options.style:
            self.notes.append(
                "--level and --style are for a language model: this scene is as ever."
            )
        attempt = Attempt(code=draft.code, writing_s=_seconds_since(began))
        self.on_event(Checking(code=draft.code))
        try:
            self._draw(Draft(check_scene(draft.code)), attempt)
        except (SceneCodeError, RenderError) as exc:
            self._record(attempt, exc)
            raise

    # --- a model ----------------------------------------------------------------------

    def _write_with_model(self, model: LanguageModel) -> None:
        messages = self._begin_conversation()
        most = self.prompt.options.attempts
        drafts: list[Draft] = []
        last_kind = ""
        for number in range(1, most + 1):
            draft, error = self._try_once(model, messages)
            if draft is not None:
                drafts.append(draft)
            if draft is not None and error is None and not draft.flaws:
                error = self._show(draft)
                if error is None:
                    return
                drafts.remove(draft)
            if number == most:
                break
            findings = self._list_findings(draft, error)
            self.on_event(Repairing(attempt=number, findings=findings))
            kind = _name_kind(findings)
            messages = build_repair_messages(
                messages,
                reply=_read_reply(self.attempts[-1]),
                findings=findings,
                source=_find_source(error, self.attempts[-1]),
                is_repeated=kind == last_kind,
            )
            last_kind = kind
        self._show_best(drafts, error)

    def _begin_conversation(self) -> list[Message]:
        # Formulas need LaTeX only where the user asks for it.
        has_formulas = self.prompt.options.math != "latex" or has_latex()
        model = self.prompt.options.model or ""
        liked = self.pipeline.list_liked()
        examples = choose_examples(self.pipeline.library, self.prompt.text, model, liked)
        messages = build_messages(self.prompt, has_latex=has_formulas, examples=examples)
        if self._before is None:
            return messages
        earlier = self.pipeline.list_prompts(self.earlier)
        return build_refinement(messages[0], earlier, self._before, messages[-1]["content"])

    def _try_once(
        self, model: LanguageModel, messages: list[Message]
    ) -> tuple[Draft | None, ShapeRotatorError | None]:
        """Let the model write once, check and rehearse that, and record the attempt."""
        began = time.perf_counter()
        completion = self._complete(model, messages)
        facts: dict[str, Any] = {"completion": completion, "writing_s": _seconds_since(began)}
        began = time.perf_counter()
        draft: Draft | None = None
        error: ShapeRotatorError | None = None
        try:
            facts["code"] = code = self._extract(completion)
            self.on_event(Checking(code=code))
            draft = prepare_draft(code, self._find_stage())
            error = draft.failure
            facts |= {"code": draft.scene.code, "findings": draft.scene.findings}
        except (SceneCodeError, RenderError) as exc:
            error = exc
        self._record(Attempt(**facts, rehearsing_s=_seconds_since(began)), error)
        return draft, error

    def _complete(self, model: LanguageModel, messages: list[Message]) -> Completion:
        tokens = 0

        def report(delta: str) -> None:
            nonlocal tokens
            tokens += 1
            self.on_event(Writing(text_delta=delta, tokens=tokens))

        return model.complete(messages, on_delta=report, seed=self.prompt.options.seed)

    def _extract(self, completion: Completion) -> SceneCode:
        kept = self._before.scene_name if self._before else None
        return extract_scene(completion, name=self.prompt.options.name or kept)

    def _find_stage(self) -> Stage | None:
        options = self.prompt.options
        rehearser = self.pipeline.find_rehearser(options)
        if rehearser is None:
            return None
        request = self._build_request()

        def rehearse(scene: CheckedScene) -> Rehearsal:
            seen = rehearser.rehearse(scene, request, variables=self.variables)
            self.on_event(
                Rehearsed(plays=seen.plays, frames=seen.frames, duration_s=seen.duration_s)
            )
            return seen

        return Stage(rehearse, Api(rehearser.describe_manim(request)))

    def _list_findings(
        self, draft: Draft | None, error: ShapeRotatorError | None
    ) -> tuple[Finding, ...]:
        if draft is not None and error is None:
            return draft.flaws
        seen = self.attempts[-1].findings
        found = tuple(f for f in seen if f.severity == "error")
        told = tuple(f for f in seen if f.rule.startswith("manim-"))
        return found or ((_build_finding(error), *told) if error else told)

    # --- what is shown ----------------------------------------------------------------

    def _show_best(self, drafts: list[Draft], error: ShapeRotatorError | None) -> None:
        """Show the best attempt now that the budget has ended, or the part of one that works."""
        whole = [draft for draft in drafts if draft.failure is None]
        if whole:
            error = self._show(min(whole, key=lambda draft: len(draft.flaws)))
        elif drafts and (stage := self._find_stage()) is not None:
            failed = drafts[-1]
            part = cut_to_what_works(failed, stage)
            if part is not None and failed.failure is not None:
                self.notes.append(
                    f"Line {failed.failure.line} failed ({failed.failure.message}); "
                    "what comes before it is shown."
                )
                error = self._show(part)
        if error is not None:
            raise error

    def _show(self, draft: Draft) -> RenderError | None:
        """Draw a draft, on the account of the last attempt; return why that failed, if it did."""
        attempt = self.attempts.pop()
        try:
            self._draw(draft, attempt)
        except RenderError as exc:
            self._record(attempt, exc)
            return exc
        except BaseException:
            self.attempts.append(attempt)
            raise
        self.notes.extend(_describe_findings(draft))
        return None

    def _draw(self, draft: Draft, attempt: Attempt) -> None:
        """Draw the scene and record the attempt, unless only its code was wanted."""
        self.scene = draft.scene
        began = time.perf_counter()
        if not self.prompt.options.code_only:
            frames = draft.rehearsal.frames if draft.rehearsal else None
            self.video = self.render(draft.scene, frames=frames)
            self.notes.extend(self.video.notes)
            attempt = attempt.model_copy(update={"rendering_s": _seconds_since(began)})
        self.attempts.append(attempt)

    def _record(self, attempt: Attempt, error: ShapeRotatorError | None) -> None:
        facts: dict[str, Any] = {}
        if error is not None:
            facts["error"] = ErrorReport(**error.as_dict())
        if isinstance(error, CheckFailedError):
            facts["findings"] = tuple(Finding(**finding) for finding in error.findings)
        self.attempts.append(attempt.model_copy(update=facts))


def _read_reply(attempt: Attempt) -> str:
    return attempt.completion.text if attempt.completion else ""


def _name_kind(findings: tuple[Finding, ...]) -> str:
    """What two failures have in common if they are the same one: the words without the numbers."""
    return re.sub(r"[^a-zA-Z]+", " ", findings[0].rule + findings[0].message) if findings else ""


def _describe_findings(draft: Draft) -> list[str]:
    """Sentences for the card on the flaws that are still there."""
    mended = [f.message for f in draft.scene.findings if f.message.startswith("Mended: ")]
    told = [f"Seen in rehearsal: {_shorten(f.message)}" for f in draft.flaws[:_MOST_TOLD]]
    more = len(draft.flaws) - _MOST_TOLD
    told += [f"And {more} more of the kind."] if more > 0 else []
    return [*_join_mended(mended), *told]


def _join_mended(messages: list[str]) -> list[str]:
    parts = [message.removeprefix("Mended: ").rstrip(".") for message in messages]
    more = len(parts) - _MOST_TOLD
    told = "; ".join(dict.fromkeys(parts[:_MOST_TOLD]))
    return [f"Mended: {told}{f'; and {more} more' if more > 0 else ''}."] if parts else []


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_TOLD else text[: _LONGEST_TOLD - 1] + "…"


def _build_finding(error: ShapeRotatorError) -> Finding:
    return Finding(
        rule=type(error).__name__,
        severity="error",
        message=error.message,
        hint=error.hint,
        line=getattr(error, "line", None),
    )


def _find_source(error: ShapeRotatorError | None, attempt: Attempt) -> str:
    return attempt.code.source if attempt.code else getattr(error, "source", "")


def _seconds_since(began: float) -> float:
    return round(time.perf_counter() - began, 3)
