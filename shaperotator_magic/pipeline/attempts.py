"""One run of the pipeline: attempts at a scene, until one is good enough or the budget ends.

The library's scenes are drawn as they are. A model's scene is checked and rehearsed first; one that
fails or looks wrong goes back to the model (repair), and the best attempt is drawn.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import dataclasses
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import (
    CheckFailedError,
    NothingFitsError,
    RenderError,
    ReplyCutError,
    SceneCodeError,
    ShapeRotatorError,
)
from shaperotator_magic.core.records import (
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
from shaperotator_magic.core.styles.asking import take_style_request
from shaperotator_magic.core.styles.choosing import describe_style, find_style, list_files, sign
from shaperotator_magic.core.styles.pack import StylePack
from shaperotator_magic.pipeline.collaborators import Collaborators
from shaperotator_magic.pipeline.conversation import Ears, begin_conversation, note_cut, write_reply
from shaperotator_magic.pipeline.drafts import (
    Draft,
    Stage,
    cut_to_what_works,
    omit_failures,
    prepare_draft,
)
from shaperotator_magic.pipeline.exploring.parameters import read_parameters
from shaperotator_magic.pipeline.facts import describe_facts
from shaperotator_magic.pipeline.failing import (
    build_empty_error,
    build_finding,
    find_source,
    list_findings,
    name_kinds,
)
from shaperotator_magic.pipeline.live import LiveWays, NotLive, begin_live, pass_after
from shaperotator_magic.pipeline.notes import describe_findings, note_unused
from shaperotator_magic.rendering.exchange.variables import encode_variables
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.environment import check_environment
from shaperotator_magic.writing.examples import find_profile
from shaperotator_magic.writing.kit.kit import inline_kit
from shaperotator_magic.writing.library.declining import offer_models
from shaperotator_magic.writing.model.extraction import extract_scene
from shaperotator_magic.writing.model.language_model import LanguageModel, Message
from shaperotator_magic.writing.model.prompts import build_repair_messages

EventListener = Callable[[Event], None]


@dataclass
class Run:
    """The state of one call of ``Pipeline.run``."""

    collaborators: Collaborators
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
    _asked: str = ""
    _live: NotLive = field(default_factory=NotLive)

    def finish(self, status: Status, error: ErrorReport | None) -> Generation:
        """Return the record of this run."""
        return Generation(
            generation_id=self.generation_id,
            prompt=self.prompt,
            status=status,
            attempts=tuple(self.attempts),
            scene=self.scene,
            parameters=read_parameters(self.scene.code) if self.scene else (),
            video=self.video,
            error=error,
            elapsed_s=round(time.perf_counter() - self.started, 3),
        )

    def write_and_render(self) -> None:
        """Take the prompt to a scene and its video, or raise the last attempt's error."""
        check_environment(self.collaborators.media_dir)
        self._asked = self.prompt.text
        if self._before is not None:
            styles = self.collaborators.styles
            self.prompt, self._asked = take_style_request(self.prompt, styles.names)
        options = self.prompt.options
        renderer = self.collaborators.choose_renderer(options)
        if renderer.name != "kernel":
            encode_variables(self.variables)  # refused values are reported before a model is called
        model = self.collaborators.build_model(options)
        self.notes.extend(self.prompt.inputs_refused)
        self.notes += describe_style(options.style, self.style, has_model=model is not None)
        self.on_event(Writing())
        if not options.code_only:
            renderer.warm_up()
        if self._before is not None and not self._asked:
            # Only another pack was asked for.
            self.on_event(Checking(code=self._before))
            self._draw(Draft(check_scene(self._before)), Attempt(code=self._before))
        elif model is None:
            self._write_with_library()
        else:
            self._write_with_model(model)

    def render(self, scene: CheckedScene, *, frames: int | None = None) -> RenderedVideo:
        """Draw a checked scene, sending a Rendering event for every report of progress.

        Parameters
        ----------
        frames
            The number of frames, counted by a rehearsal.
        """
        self.on_event(Rendering(scene=scene, total=frames))

        def report(done: int, total: int | None) -> None:
            self.on_event(Rendering(scene=scene, done=done, total=total or frames))

        video = self._live.draw(scene, report)
        if video is None:
            request = self._build_request()
            video = self.collaborators.choose_renderer(self.prompt.options).render(
                scene,
                dataclasses.replace(request, counts_frames=frames is None),
                variables=self.variables,
                on_progress=report,
                on_segment=pass_after(self._live, self.on_event),
            )
        return sign(video, self.prompt.options.style, self.style)

    def _build_request(self) -> RenderRequest:
        return self.collaborators.build_request(self.prompt, self.style)

    @functools.cached_property
    def style(self) -> StylePack | None:
        """The pack that the options name; None where they name none, or words for the model."""
        return find_style(self.collaborators.styles, self.prompt.options.style, self.earlier)

    @property
    def _before(self) -> SceneCode | None:
        """The scene that is to be changed, if this is a refinement."""
        return self.earlier.scene.code if self.earlier and self.earlier.scene else None

    # --- the library ------------------------------------------------------------------

    def _write_with_library(self) -> None:
        began = time.perf_counter()
        library, before = self.collaborators.load_library(), self._before
        try:
            asked = self.prompt.model_copy(update={"text": self._asked})
            draft = (
                library.refine(asked, before, self.variables)
                if before
                else library.write(asked, self.variables)
            )
        except NothingFitsError as exc:
            servers = self.collaborators.find_servers()
            raise offer_models(exc, servers, configured=self.prompt.options.model) from exc
        self.notes.extend(draft.notes)
        self.notes += note_unused(self.prompt.options)
        attempt = Attempt(code=draft.code, writing_s=_seconds_since(began))
        self.on_event(Checking(code=draft.code))
        try:
            self._draw(Draft(check_scene(draft.code)), attempt)
        except (SceneCodeError, RenderError) as exc:
            self._record(attempt, exc)
            raise

    # --- a model ----------------------------------------------------------------------

    def _write_with_model(self, model: LanguageModel) -> None:
        try:
            self._write_in_attempts(model)
        finally:
            self._live.close()

    def _write_in_attempts(self, model: LanguageModel) -> None:
        messages = begin_conversation(self, self._before, has_kit=self._has_kit)
        most = self.prompt.options.attempts
        drafts: list[Draft] = []
        last_kinds: set[str] = set()
        while True:
            draft, error = self._try_once(model, messages)
            number = len(self.attempts)
            if draft is not None:
                drafts.append(draft)
            if draft is not None and error is None and not draft.flaws:
                if (error := self._show(draft)) is None:
                    return
                drafts.remove(draft)
            if number >= most:
                break
            findings = list_findings(draft, error, self.attempts[-1].findings)
            self.on_event(Repairing(attempt=number, findings=findings))
            source = find_source(error, self.attempts[-1])
            kinds = name_kinds(findings, source)
            written = self.attempts[-1].completion
            messages = build_repair_messages(
                messages,
                reply=written.text if written else "",
                findings=findings,
                source=source,
                facts=describe_facts(self, self._find_stage(), findings, source),
                is_repeated=bool(kinds & last_kinds),
            )
            last_kinds = kinds
        self._show_best(drafts, error)

    def _try_once(
        self, model: LanguageModel, messages: list[Message]
    ) -> tuple[Draft | None, ShapeRotatorError | None]:
        """Let the model write once, check and rehearse that, and record the attempt."""
        began = time.perf_counter()
        self._live = self._begin_live(model)
        completion = self._complete(model, messages)
        facts: dict[str, Any] = {"completion": completion, "writing_s": _seconds_since(began)}
        began = time.perf_counter()
        draft: Draft | None = None
        error: ShapeRotatorError | None = None
        try:
            facts["code"] = code = self._extract(completion)
            self.on_event(Checking(code=code))
            self._live.finish(code)
            draft = prepare_draft(code, self._find_stage())
            error = draft.failure
            facts |= {"code": draft.scene.code, "findings": draft.scene.findings}
        except (SceneCodeError, RenderError) as exc:
            error = exc
        self._record(Attempt(**facts, rehearsing_s=_seconds_since(began)), error)
        return draft, error

    def _complete(self, model: LanguageModel, messages: list[Message]) -> Completion:
        may_go_on = len(self.attempts) + 1 < self.prompt.options.attempts
        on_cut = self._take_cut if may_go_on else None
        ears = Ears(self.on_event, on_cut)
        return write_reply(model, messages, self._live, ears, seed=self.prompt.options.seed)

    def _take_cut(self, reply: Completion, error: ReplyCutError) -> None:
        self._record(Attempt(completion=reply), error)
        self.on_event(Repairing(attempt=len(self.attempts), findings=(build_finding(error),)))

    def _begin_live(self, model: LanguageModel) -> NotLive:
        """Return what draws the next reply while it comes, if that is possible."""

        def extract(text: str) -> SceneCode:
            return self._extract(Completion(text=text, model=model.name))

        self._live.close()
        renderer = self.collaborators.find_live_renderer(self.prompt.options)
        ways = LiveWays(extract, self._find_stage, self.on_event)
        return begin_live(renderer, self._build_request(), self.variables, ways)

    def _extract(self, completion: Completion) -> SceneCode:
        kept = self._before.scene_name if self._before else None
        code = extract_scene(completion, name=self.prompt.options.name or kept)
        code = note_cut(completion, code)
        code = code.model_copy(update={"files": list_files(self.prompt, self.style)})
        return inline_kit(code) if self._has_kit else code

    @property
    def _has_kit(self) -> bool:
        options = self.prompt.options
        return options.kit == "on" or (options.kit == "auto" and find_profile(options.model).kit)

    def _find_stage(self) -> Stage | None:
        rehearser = self.collaborators.find_rehearser(self.prompt.options)
        if rehearser is None:
            return None
        return Stage(self._rehearse, Api(rehearser.describe_manim(self._build_request())))

    def _rehearse(self, scene: CheckedScene) -> Rehearsal:
        rehearser = self.collaborators.find_rehearser(self.prompt.options)
        assert rehearser is not None  # noqa: S101 - whoever calls this has looked for it
        seen = self._live.rehearse(scene) or rehearser.rehearse(
            scene, self._build_request(), variables=self.variables
        )
        self.on_event(Rehearsed(plays=seen.plays, frames=seen.frames, duration_s=seen.duration_s))
        return seen

    # --- what is shown ----------------------------------------------------------------

    def _show_best(self, drafts: list[Draft], error: ShapeRotatorError | None) -> None:
        """Draw the best attempt at the end of the budget, or the part of one that works."""
        whole = [d for d in drafts if d.failure is None and not d.shows_nothing]
        if error is None and not whole:
            error = build_empty_error()
        if whole:
            error = self._show(min(whole, key=lambda draft: len(draft.flaws)))
        elif drafts and (stage := self._find_stage()) is not None:
            failed = drafts[-1]
            part = omit_failures(failed, stage) or cut_to_what_works(failed, stage)
            is_cut = part is not None and not part.omits
            if is_cut and failed.failure is not None:
                self.notes.append(
                    f"Line {failed.failure.line} failed ({failed.failure.message}); "
                    "what comes before it is shown."
                )
            if part is not None:
                error = self._show(part)
        if error is not None:
            raise error

    def _show(self, draft: Draft) -> RenderError | None:
        """Draw a draft as part of the last attempt; return the error, if there was one."""
        attempt = self.attempts.pop()
        try:
            self._draw(draft, attempt)
        except RenderError as exc:
            self._record(attempt, exc)
            return exc
        except BaseException:
            self.attempts.append(attempt)
            raise
        self.notes.extend(describe_findings(draft))
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


def _seconds_since(began: float) -> float:
    return round(time.perf_counter() - began, 3)
