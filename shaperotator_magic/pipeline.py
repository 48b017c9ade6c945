"""One run: prompt -> scene code -> checked scene -> video, with repair, kept in the store.

Joins writing, checking, rendering and keeping, which do not know each other. Every face (the
magics, ``rotate()``, the command line, the service) calls ``Pipeline.run`` and listens to the
events that it sends.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shaperotator_magic.checking.gate import check_scene
from shaperotator_magic.errors import (
    CheckFailedError,
    ConfigurationError,
    FeedbackError,
    GenerationCancelled,
    RenderError,
    SceneCodeError,
    ShapeRotatorError,
)
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.records import (
    Attempt,
    Cancelled,
    CheckedScene,
    Checking,
    Completion,
    Done,
    ErrorReport,
    Event,
    Failed,
    FeedbackRecord,
    Finding,
    Generation,
    Options,
    Prompt,
    RenderedVideo,
    Rendering,
    Repairing,
    SceneCode,
    Status,
    Writing,
    build_generation_id,
)
from shaperotator_magic.rendering.environment import check_environment, has_latex
from shaperotator_magic.rendering.renderer import Renderer, build_request
from shaperotator_magic.writing.extraction import extract_scene
from shaperotator_magic.writing.language_model import LanguageModel, Message, build_chat_model
from shaperotator_magic.writing.library import SceneLibrary
from shaperotator_magic.writing.prompts import build_messages, build_repair_messages

EventListener = Callable[[Event], None]


class Pipeline:
    """Turns prompts into generations.

    Parameters
    ----------
    store
        Where runs and feedback are kept.
    renderers
        By name: ``worker``, and ``kernel`` where there is one.
    media_dir
        Folder of finished videos.
    """

    def __init__(
        self,
        *,
        store: Store,
        renderers: Mapping[str, Renderer],
        media_dir: Path,
        build_model: Callable[..., LanguageModel] = build_chat_model,
    ) -> None:
        self.store = store
        self.renderers = renderers
        self.media_dir = media_dir
        self._build_model = build_model
        self._library = SceneLibrary.load()

    def run(
        self,
        prompt: Prompt,
        on_event: EventListener,
        *,
        generation_id: str | None = None,
        variables: Mapping[str, Any] | None = None,
    ) -> Generation:
        """Write, check and render one scene, and keep the run whatever its end.

        Parameters
        ----------
        prompt
            The sentence and its options.
        on_event
            Called in this thread with every event, the last one Done, Failed or Cancelled.
        generation_id
            Identifier to use; a new one by default.
        variables
            Values of the kernel variables that the scene may use.

        Raises
        ------
        ShapeRotatorError
            The run failed; it is in the store with every attempt.
        GenerationCancelled
            KeyboardInterrupt came; the run is in the store as cancelled.
        """
        run = _Run(self, prompt, on_event, dict(variables or {}))
        run.generation_id = generation_id or run.generation_id
        try:
            run.write_and_render()
        except KeyboardInterrupt as exc:
            generation = run.finish("cancelled", None)
            self._keep(generation, run)
            on_event(Cancelled(generation=generation))
            raise GenerationCancelled from exc
        except ShapeRotatorError as exc:
            generation = run.finish("failed", ErrorReport(**exc.as_dict()))
            self._keep(generation, run)
            on_event(Failed(generation=generation))
            raise
        generation = run.finish("completed", None)
        self._keep(generation, run)
        on_event(Done(generation=generation, notes=tuple(run.notes)))
        return generation

    def render_again(
        self, generation: Generation, on_event: EventListener, variables: Mapping[str, Any]
    ) -> Generation:
        """Render the scene of an earlier run once more, without asking the writer.

        Raises
        ------
        SceneCodeError
            That run never had a scene that passed the checks.
        """
        if generation.scene is None:
            raise SceneCodeError(
                f"{generation.generation_id} has no scene to render.",
                hint="Run its prompt again with %%shaperotate.",
            )
        run = _Run(self, generation.prompt, on_event, dict(variables))
        video = run.render(generation.scene)
        return generation.model_copy(update={"video": video})

    def record_feedback(self, feedback: FeedbackRecord) -> bool:
        """Keep a verdict; on removal delete the video that nobody else shows.

        Returns whether a video file was deleted.
        """
        self.store.append_feedback(feedback)
        generation = self.store.read_generation(feedback.generation_id)
        if not feedback.remove or generation.video is None:
            return False
        if self.store.is_video_wanted(generation.video.sha256):
            return False
        for path in {generation.video.path, generation.video.poster}:
            path.unlink(missing_ok=True)
        return True

    def _keep(self, generation: Generation, run: _Run) -> None:
        # The picture is worth more than its record: a broken store is said, and nothing is lost.
        try:
            self.store.append_generation(generation)
        except FeedbackError as exc:
            run.notes.append(f"Not kept: {exc.message} {exc.hint}")

    def choose_renderer(self, options: Options) -> Renderer:
        """Return the renderer that the options ask for.

        Raises
        ------
        ConfigurationError
            The kernel renderer was asked for outside of a kernel.
        """
        name = options.renderer
        if name == "auto":
            name = "kernel" if options.manim_args else "worker"
        if name not in self.renderers:
            raise ConfigurationError(
                f"There is no {name} renderer here.",
                hint="--renderer kernel and manim's own flags work in a notebook cell only.",
                setting="renderer",
            )
        return self.renderers[name]

    def build_model(self, options: Options) -> LanguageModel | None:
        """Return the model that writes, or None where the built-in library does."""
        if options.offline or not options.model:
            return None
        return self._build_model(options.model, base_url=options.base_url)

    @property
    def library(self) -> SceneLibrary:
        """The built-in scenes."""
        return self._library


@dataclass
class _Run:
    """What one call of ``Pipeline.run`` gathers."""

    pipeline: Pipeline
    prompt: Prompt
    on_event: EventListener
    variables: dict[str, Any]
    attempts: list[Attempt] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scene: CheckedScene | None = None
    video: RenderedVideo | None = None
    generation_id: str = field(default_factory=build_generation_id)
    started: float = field(default_factory=time.perf_counter)

    def finish(self, status: Status, error: ErrorReport | None) -> Generation:
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
        check_environment(self.pipeline.media_dir)
        options = self.prompt.options
        renderer = self.pipeline.choose_renderer(options)
        model = self.pipeline.build_model(options)
        self.on_event(Writing())
        if not options.code_only:
            renderer.warm_up()
        if model is None:
            self._write_with_library()
        else:
            self._write_with_model(model)

    def _write_with_library(self) -> None:
        began = time.perf_counter()
        draft = self.pipeline.library.write(self.prompt)
        self.notes.extend(draft.notes)
        attempt = Attempt(code=draft.code, writing_s=_seconds_since(began))
        self._check_and_render(attempt, lambda: draft.code)

    def _write_with_model(self, model: LanguageModel) -> None:
        # Formulas need LaTeX only where the user asks for it.
        has_formulas = self.prompt.options.math != "latex" or has_latex()
        messages = build_messages(self.prompt, has_latex=has_formulas)
        for number in range(1, self.prompt.options.attempts + 1):
            began = time.perf_counter()
            completion = self._complete(model, messages)
            attempt = Attempt(completion=completion, writing_s=_seconds_since(began))
            try:
                self._check_and_render(attempt, functools.partial(self._extract, completion))
            except (SceneCodeError, RenderError) as exc:
                if number == self.prompt.options.attempts:
                    raise
                findings = self.attempts[-1].findings or (_build_finding(exc),)
                self.on_event(Repairing(attempt=number, findings=findings))
                messages = build_repair_messages(
                    messages,
                    reply=completion.text,
                    findings=findings,
                    source=_find_source(exc, self.attempts[-1]),
                )
            else:
                return

    def _complete(self, model: LanguageModel, messages: list[Message]) -> Completion:
        tokens = 0

        def report(delta: str) -> None:
            nonlocal tokens
            tokens += 1
            self.on_event(Writing(text_delta=delta, tokens=tokens))

        return model.complete(messages, on_delta=report, seed=self.prompt.options.seed)

    def _extract(self, completion: Completion) -> SceneCode:
        return extract_scene(completion, name=self.prompt.options.name)

    def _check_and_render(self, attempt: Attempt, read_code: Callable[[], SceneCode]) -> None:
        """Take one draft to its video; the attempt is recorded however it ends."""
        facts: dict[str, Any] = {}
        try:
            facts["code"] = read_code()
            self.on_event(Checking(code=facts["code"]))
            self.scene = check_scene(facts["code"])
            facts["findings"] = self.scene.findings
            if not self.prompt.options.code_only:
                began = time.perf_counter()
                self.video = self.render(self.scene)
                self.notes.extend(self.video.notes)
                facts["rendering_s"] = _seconds_since(began)
        except ShapeRotatorError as exc:
            facts["error"] = ErrorReport(**exc.as_dict())
            if isinstance(exc, CheckFailedError):
                facts["findings"] = tuple(Finding(**finding) for finding in exc.findings)
            raise
        finally:
            self.attempts.append(attempt.model_copy(update=facts))

    def render(self, scene: CheckedScene) -> RenderedVideo:
        """Draw a checked scene, sending a Rendering event for every report of progress."""
        self.on_event(Rendering(scene=scene))

        def report(done: int, total: int | None) -> None:
            self.on_event(Rendering(scene=scene, done=done, total=total))

        options = self.prompt.options
        return self.pipeline.choose_renderer(options).render(
            scene,
            build_request(options, self.pipeline.media_dir),
            variables=self.variables,
            on_progress=report,
        )


def _build_finding(error: SceneCodeError | RenderError) -> Finding:
    line = getattr(error, "line", None)
    return Finding(
        rule=type(error).__name__,
        severity="error",
        message=error.message,
        hint=error.hint,
        line=line,
    )


def _find_source(error: ShapeRotatorError, attempt: Attempt) -> str:
    return attempt.code.source if attempt.code else getattr(error, "source", "")


def _seconds_since(began: float) -> float:
    return round(time.perf_counter() - began, 3)
