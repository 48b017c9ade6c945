"""One run: prompt -> scene code -> checked scene -> video, with repair, kept in the store.

Joins writing, checking, rendering and keeping, which do not know each other. Every face (the
magics, ``rotate()``, the command line, the service) calls ``Pipeline.run`` and listens to the
events that it sends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.attempts import EventListener, Run
from shaperotator_magic.errors import (
    ConfigurationError,
    FeedbackError,
    GenerationCancelled,
    SceneCodeError,
    ShapeRotatorError,
)
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.records import (
    Cancelled,
    Done,
    ErrorReport,
    Failed,
    FeedbackRecord,
    Generation,
    Options,
    Prompt,
)
from shaperotator_magic.rendering.renderer import Rehearser, Renderer
from shaperotator_magic.writing.language_model import LanguageModel, build_chat_model
from shaperotator_magic.writing.library import SceneLibrary
from shaperotator_magic.writing.refining import build_diff

__all__ = ["EventListener", "Pipeline"]


_MOST_LIKED = 30


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
    longest_timeout_s
        The most that a prompt may ask for, which is said where it was not enough; None where
        anything may be asked for. Whoever takes prompts in keeps to it.
    """

    def __init__(
        self,
        *,
        store: Store,
        renderers: Mapping[str, Renderer],
        media_dir: Path,
        build_model: Callable[..., LanguageModel] = build_chat_model,
        longest_timeout_s: float | None = None,
    ) -> None:
        self.store = store
        self.renderers = renderers
        self.media_dir = media_dir
        self.longest_timeout_s = longest_timeout_s
        self._build_model = build_model
        self._library: SceneLibrary | None = None
        self._reading = threading.Lock()

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
            The sentence and its options. With a ``parent`` it says what to change in the scene of
            that earlier run; what it does not name stays as it is.
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
        run = self.build_run(prompt, on_event, dict(variables or {}))
        run.generation_id = generation_id or run.generation_id
        try:
            run.earlier = self.find_parent(prompt)
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

    def build_run(self, prompt: Prompt, on_event: EventListener, variables: dict[str, Any]) -> Run:
        """Return what does the work of one prompt."""
        return Run(self, prompt, on_event, variables)

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
        run = Run(self, generation.prompt, on_event, dict(variables))
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
        video = generation.video
        for path in {video.path, video.poster, video.small_path}:
            path.unlink(missing_ok=True)
        return True

    def _keep(self, generation: Generation, run: Run) -> None:
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

    def find_rehearser(self, options: Options) -> Rehearser | None:
        """Return what runs scenes without drawing them, where the options' renderer allows it."""
        worker = self.renderers.get("worker")
        is_chosen = self.choose_renderer(options) is worker
        return worker if is_chosen and isinstance(worker, Rehearser) else None

    def find_parent(self, prompt: Prompt) -> Generation | None:
        """Return the run that a prompt refines, None where it refines none.

        Raises
        ------
        GenerationNotFoundError
            It is not in the store.
        SceneCodeError
            It has no scene that could be changed.
        """
        if prompt.parent is None:
            return None
        parent = self.store.read_generation(prompt.parent)
        if parent.scene is None:
            raise SceneCodeError(
                f"{parent.generation_id} has no scene to change.",
                hint="Ask for it anew with %%shaperotate.",
            )
        return parent

    def list_prompts(self, generation: Generation | None) -> list[str]:
        """Return the sentences that led to a run, the first one first."""
        texts: list[str] = []
        known: set[str] = set()
        while generation is not None and generation.generation_id not in known:
            texts.append(generation.prompt.text)
            known.add(generation.generation_id)
            generation = self.find_parent(generation.prompt)
        return texts[::-1]

    def list_liked(self) -> list[Generation]:
        """Return the latest runs that a person liked last and did not remove, newest first."""
        liked: dict[str, None] = {}
        for feedback in self.store.read_feedback():
            if feedback.is_positive is not None or feedback.remove:
                liked.pop(feedback.generation_id, None)
            if feedback.is_positive and not feedback.remove:
                liked[feedback.generation_id] = None
        return [self.store.read_generation(name) for name in list(liked)[: -_MOST_LIKED - 1 : -1]]

    def build_diff(self, generation: Generation) -> str:
        """Return what a refinement changed in its parent's scene, as a unified diff."""
        parent = self.find_parent(generation.prompt)
        if parent is None or parent.scene is None or generation.scene is None:
            return ""
        return build_diff(parent.scene.code, generation.scene.code)

    @property
    def library(self) -> SceneLibrary:
        """The built-in scenes, read by the first run: reading parses, and CPython 3.11 fails where
        two threads parse at once, as those that only answer a page would.
        """
        with self._reading:
            if self._library is None:
                self._library = SceneLibrary.load()
            return self._library
