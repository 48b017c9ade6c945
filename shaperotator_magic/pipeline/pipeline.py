"""Runs prompts: writes, checks and renders scenes, and stores every run.

Joins writing, checking, rendering and keeping, which do not know each other. Every face (the
magics, ``rotate()``, the command line, the service) calls ``Pipeline.run`` and listens to the
events that it sends.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import (
    FeedbackError,
    GenerationCancelled,
    SceneCodeError,
    ShapeRotatorError,
)
from shaperotator_magic.core.records import (
    Cancelled,
    Done,
    ErrorReport,
    Failed,
    FeedbackRecord,
    Generation,
    Prompt,
)
from shaperotator_magic.core.styles.choosing import find_own_styles
from shaperotator_magic.core.styles.finding import Styles
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.pipeline.attempts import EventListener, Run
from shaperotator_magic.pipeline.collaborators import Collaborators
from shaperotator_magic.pipeline.history import find_parent
from shaperotator_magic.pipeline.setting import SettingRun, build_setting
from shaperotator_magic.rendering.renderer import Renderer
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.model.language_model import LanguageModel, build_chat_model
from shaperotator_magic.writing.model.local_models import LocalServer
from shaperotator_magic.writing.model.refining import build_diff
from shaperotator_magic.writing.retrieval.index import Index, load_index

__all__ = ["EventListener", "Pipeline"]


class Pipeline:
    """Turns prompts into generations.

    Parameters
    ----------
    store
        Where runs and feedback are stored.
    renderers
        By name: ``worker``, and ``kernel`` where there is one.
    media_dir
        Folder of finished videos.
    find_servers
        Returns the servers of language models that a user may be offered where the library
        declines; none by default.
    styles
        The style packs that prompts may name; by default the user's.
    longest_timeout_s
        The largest time limit that a prompt may set, for the message where it was not enough; None:
        any. The code that accepts prompts enforces it.
    """

    def __init__(
        self,
        *,
        store: Store,
        renderers: Mapping[str, Renderer],
        media_dir: Path,
        build_model: Callable[..., LanguageModel] = build_chat_model,
        find_servers: Callable[[], Sequence[LocalServer]] = tuple,
        longest_timeout_s: float | None = None,
        styles: Styles | None = None,
    ) -> None:
        self.store = store
        self.renderers = renderers
        self.media_dir = media_dir
        self.longest_timeout_s = longest_timeout_s
        self.styles = styles or find_own_styles()
        self._build_model = build_model
        self.find_servers = find_servers
        self._library: SceneLibrary | None = None
        self._reading = threading.Lock()

    def run(
        self,
        prompt: Prompt,
        on_event: EventListener,
        *,
        generation_id: str | None = None,
        variables: Mapping[str, Any] | None = None,
        started: float | None = None,
    ) -> Generation:
        """Write, check and render one scene, and store the run whatever its end.

        Parameters
        ----------
        prompt
            The sentence and its options. With a ``parent``, the sentence changes the scene of that
            earlier run; the rest of the scene stays.
        on_event
            Called in this thread with every event, the last one Done, Failed or Cancelled.
        generation_id
            Identifier to use; a new one by default.
        variables
            Values of the kernel variables that the scene may use.
        started
            When somebody began to wait for it, as ``time.perf_counter`` says it; now by default.

        Raises
        ------
        ShapeRotatorError
            The run failed; it is in the store with every attempt.
        GenerationCancelled
            KeyboardInterrupt came; the run is in the store as cancelled.
        """
        run = self.build_run(prompt, on_event, dict(variables or {}))
        run.generation_id = generation_id or run.generation_id
        run.started = started or run.started
        return self._run(run, on_event)

    def set_parameters(
        self,
        shown: Generation,
        values: Mapping[str, Any],
        on_event: EventListener = lambda event: None,
        *,
        generation_id: str | None = None,
        variables: Mapping[str, Any] | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Generation:
        """Draw the scene of an earlier run with other values of its parameters.

        The result is a version of that run. Values as they were at first give that run itself.

        Parameters
        ----------
        shown
            The run, or one that has set its parameters already.
        values
            By name: literals, and the text of a formula.
        is_wanted
            Asked while it is drawn: once it says no, the run is ended as if interrupted.

        Raises
        ------
        ParameterError
            A value that cannot be, or with which the rules of layout find something.
        RenderError
            The scene fails with it; nothing of either is kept.
        GenerationCancelled
            As ``run``.
        """
        base = self.find_written(shown)
        prompt = build_setting(base, shown.prompt.values, values)
        if not prompt.values:
            on_event(Done(generation=base))
            return base
        run = SettingRun(
            self.collaborators, prompt, on_event, dict(variables or {}), is_wanted=is_wanted
        )
        run.earlier = base
        run.generation_id = generation_id or run.generation_id
        return self._run(run, on_event)

    def find_written(self, shown: Generation) -> Generation:
        """Return the run that wrote the scene of which a run has only set parameters."""
        return find_parent(self.store, shown.prompt) or shown if shown.prompt.values else shown

    def _run(self, run: Run, on_event: EventListener) -> Generation:
        try:
            run.earlier = run.earlier or find_parent(self.store, run.prompt)
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
        """Return the object that does the work of one prompt."""
        return Run(self.collaborators, prompt, on_event, variables)

    @property
    def collaborators(self) -> Collaborators:
        """The collaborators of a run that begins now."""
        return Collaborators(
            store=self.store,
            renderers=self.renderers,
            media_dir=self.media_dir,
            load_library=self._load_library,
            load_index=self._load_index,
            create_model=self._build_model,
            find_servers=self.find_servers,
            styles=self.styles,
            longest_timeout_s=self.longest_timeout_s,
        )

    def render_again(
        self, generation: Generation, on_event: EventListener, variables: Mapping[str, Any]
    ) -> Generation:
        """Render the scene of an earlier run once more, without writing it again.

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
        run = Run(self.collaborators, generation.prompt, on_event, dict(variables))
        run.earlier = generation
        video = run.render(generation.scene)
        elapsed_s = round(time.perf_counter() - run.started, 3)
        return generation.model_copy(update={"video": video, "elapsed_s": elapsed_s})

    def record_feedback(self, feedback: FeedbackRecord) -> None:
        """Store a verdict."""
        self.store.append_feedback(feedback)

    def delete_video(self, generation: Generation) -> bool:
        """Delete the video of a removed run, unless another run shows it, too.

        Returns whether a video file was deleted.
        """
        video = generation.video
        if video is None or self.store.is_video_wanted(video.sha256):
            return False
        for path in video.files:
            path.unlink(missing_ok=True)
        return True

    def _keep(self, generation: Generation, run: Run) -> None:
        if run.prompt.values and generation.status != "completed":
            return  # a knob that was moved on, or too far: the version before stays
        # A broken store becomes a note: the video matters more than its record.
        try:
            self.store.append_generation(generation)
        except FeedbackError as exc:
            run.notes.append(f"Not kept: {exc.message} {exc.hint}")

    def build_diff(self, generation: Generation) -> str:
        """Return what a refinement changed in its parent's scene, as a unified diff."""
        parent = find_parent(self.store, generation.prompt)
        if parent is None or parent.scene is None or generation.scene is None:
            return ""
        return build_diff(parent.scene.code, generation.scene.code)

    def _load_library(self) -> SceneLibrary:
        # The first run reads the scenes: reading parses, and CPython 3.11 fails where two threads
        # parse at once, as those that only answer a page would.
        with self._reading:
            if self._library is None:
                self._library = SceneLibrary.load()
            return self._library

    def _load_index(self) -> Index:
        with self._reading:  # which parses, too, where nothing is cached
            return load_index(self.media_dir)
