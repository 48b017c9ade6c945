"""One notebook session: runs cells, shows their results, injects their scenes, takes feedback.

Made when the first cell runs; everything heavy that a kernel needs hangs from here.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from shaperotator_magic.errors import (
    ConfigurationError,
    SceneCodeError,
    ShapeRotatorError,
)
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.notebook.background import Background, BackgroundRun
from shaperotator_magic.notebook.bundle import build_bundle
from shaperotator_magic.notebook.comm import PageLink
from shaperotator_magic.notebook.commands import COMMANDS, run_help
from shaperotator_magic.notebook.controls import Controls
from shaperotator_magic.notebook.conversation import answer, build_recorded
from shaperotator_magic.notebook.display import ResultDisplay
from shaperotator_magic.notebook.injection import Injected, inject
from shaperotator_magic.notebook.kernel_id import find_kernel_id
from shaperotator_magic.notebook.listening import CellListener
from shaperotator_magic.notebook.logs import logging_kept
from shaperotator_magic.notebook.variables import list_names, pick_variables
from shaperotator_magic.notebook.versions import (
    describe_version,
    find_family,
    find_parent,
    inherit_options,
)
from shaperotator_magic.options import build_options, merge_settings
from shaperotator_magic.pipeline import Pipeline
from shaperotator_magic.records import (
    CheckedScene,
    ErrorReport,
    FeedbackRecord,
    Generation,
    Prompt,
    build_generation_id,
)
from shaperotator_magic.rendering.describing import describe_variables
from shaperotator_magic.rendering.kernel import KernelRenderer
from shaperotator_magic.rendering.worker import Worker
from shaperotator_magic.service.client import RemotePipeline
from shaperotator_magic.settings import find_data_dir

Layers = tuple[Mapping[str, Any], ...]


class NotebookSession:
    """What stands behind the magics in one kernel.

    Parameters
    ----------
    shell
        The IPython shell whose user owns the scenes.
    read_settings
        Returns the layers below the line: traits, then environment.
    link
        The pages that talk to this kernel.
    """

    def __init__(
        self, shell: InteractiveShell, *, read_settings: Callable[[], Layers], link: PageLink
    ) -> None:
        self.shell = shell
        self.read_settings = read_settings
        self.last: Generation | None = None
        self._last_scene: Generation | None = None
        self._displays: dict[str, ResultDisplay] = {}
        self._injected: Injected | None = None
        self._worker = Worker()
        self._pipeline: Pipeline | None = None
        self._building = threading.Lock()
        self._kernel_id = find_kernel_id()
        self._link = link
        self._controls = Controls(self.answer, kernel_id=self._kernel_id)
        self.retries: dict[str, str] = {}
        self.background = Background()
        self._waiting: list[tuple[Generation, Mapping[str, Any]]] = []
        shell.events.register("pre_run_cell", self._inject_waiting)

    # --- cells ------------------------------------------------------------------------

    def run_cell(
        self,
        text: str,
        *,
        layers: Layers,
        manim_args: tuple[str, ...],
        variables: Mapping[str, Any],
        display: ResultDisplay,
    ) -> Generation | BackgroundRun:
        """Run one cell from its prompt to its card; with ``--background``, only begin it.

        Raises
        ------
        ShapeRotatorError
            The run failed; the card is in the output already.
        GenerationCancelled
            It was interrupted; likewise.
        """
        merged = merge_settings(*layers)
        self._displays[display.generation_id] = display
        try:
            parent = self._find_parent(merged["refine"])
            if parent is not None:
                line, *below = layers
                merged = merge_settings(line, inherit_options(parent.prompt), *below)
            options = build_options(merged, manim_args=manim_args)
            if layers[0].get("send_values") and not merged["with_"]:
                raise ConfigurationError(
                    "--send-values names no variable.",
                    hint="Name those whose values may be sent: --with A,df --send-values",
                    setting="send_values",
                )
            values = pick_variables(merged["with_"], variables)
            described = describe_variables(values, with_values=merged["send_values"])
        except ShapeRotatorError as exc:
            self._show_early_failure(text, exc, display)
            raise
        prompt = Prompt(
            text=text.rstrip("\n"),
            options=options,
            variables=described,
            parent=parent.generation_id if parent else None,
        )
        before = parent if display.is_in_place else None
        if merged["background"]:
            return self._begin(prompt, values, display, before)
        return self._run(prompt, values, display, before)

    def run_follow_up(self, prompt: Prompt, *, before: Generation, is_in_place: bool) -> Generation:
        """Run an earlier prompt once more, in an output of its own or in that of the earlier."""
        values = pick_variables(list_names(prompt), self.shell.user_ns)
        display = ResultDisplay(
            build_generation_id(),
            before.title,
            kernel_id=self._kernel_id,
            in_place_of=self.find_display(before.generation_id) if is_in_place else None,
        )
        display.open()
        self._displays[display.generation_id] = display
        self.retries[display.generation_id] = before.generation_id
        options = prompt.options.model_copy(update={"cache": False})
        is_sent = any(variable.value for variable in prompt.variables)
        described = describe_variables(values, with_values=is_sent)
        again = prompt.model_copy(update={"options": options, "variables": described})
        return self._run(again, values, display, before if display.is_in_place else None)

    def _find_parent(self, named: str | None) -> Generation | None:
        return find_parent(self.pipeline.store, named, self._last_scene) if named else None

    def _run(
        self,
        prompt: Prompt,
        values: Mapping[str, Any],
        display: ResultDisplay,
        before: Generation | None = None,
    ) -> Generation:
        self._start_controls()
        with logging_kept():
            return self.pipeline.run(
                prompt,
                CellListener(self, display, prompt, values, before=before),
                generation_id=display.generation_id,
                variables=values,
            )

    def _begin(
        self,
        prompt: Prompt,
        values: Mapping[str, Any],
        display: ResultDisplay,
        before: Generation | None,
    ) -> BackgroundRun:
        self._start_controls()
        listener = CellListener(self, display, prompt, values, before=before, is_background=True)
        pipeline = self.background.build_pipeline(self.pipeline)
        return self.background.begin(
            display.generation_id,
            lambda: pipeline.run(
                prompt, listener, generation_id=display.generation_id, variables=values
            ),
        )

    def _start_controls(self) -> None:
        if not self._link.is_open:
            # No extension has said hello, so a widget puts the buttons on the page.
            self._controls.start()

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline on the data folder that is set now."""
        data_dir = self.data_dir
        # A page asks in a thread of its own while the first cell runs.
        with self._building:
            if self._pipeline is None or self._pipeline.store.path.parent != data_dir:
                kernel = KernelRenderer(self.shell, self._find_scene_class)
                self._pipeline = RemotePipeline(
                    store=Store(data_dir),
                    renderers={"worker": self._worker, "kernel": kernel},
                    media_dir=data_dir / "media",
                )
            return self._pipeline

    @property
    def settings(self) -> dict[str, Any]:
        """The settings below the line, merged."""
        return merge_settings(*self.read_settings())

    @property
    def data_dir(self) -> Path:
        """Where videos and the store live."""
        return find_data_dir(self.settings["data_dir"])

    def close(self) -> None:
        """Stop the render process and take the buttons off the page."""
        self.shell.events.unregister("pre_run_cell", self._inject_waiting)
        self._controls.close()
        self.background.close()
        self._worker.close()

    # --- results ----------------------------------------------------------------------

    def show(self, generation: Generation, display: ResultDisplay, notes: tuple[str, ...]) -> None:
        """Put a finished run's card into its output."""
        display.show(*self.build_bundle(generation, notes))
        self._displays[generation.generation_id] = display

    def build_bundle(
        self, generation: Generation, notes: tuple[str, ...] = ()
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return a run's card as data and metadata, with the versions of which it is one."""
        family = find_family(self.pipeline.store, generation, self.retries)
        return build_bundle(
            generation,
            kernel_id=self._kernel_id,
            notes=notes,
            versions=[describe_version(version) for version in family],
        )

    def find_display(self, generation_id: str) -> ResultDisplay | None:
        """Return the output in which this kernel has shown a run."""
        return self._displays.get(generation_id)

    def inject(self, scene: CheckedScene, generation_id: str, values: Mapping[str, Any]) -> str:
        """Give the scene's definitions to the user; returns a sentence when a name was taken."""
        self._injected = inject(
            scene, self.shell.user_ns, generation_id=generation_id, variables=values
        )
        wanted, name = scene.code.scene_name, self._injected.scene_class_name
        return "" if name == wanted else f"{wanted} is yours, so the scene class is named {name}."

    def inject_later(self, generation: Generation, values: Mapping[str, Any]) -> None:
        """Give a scene to the user before the next cell runs."""
        self._waiting.append((generation, values))

    def _inject_waiting(self, _: object = None) -> None:
        while self._waiting:
            generation, values = self._waiting.pop(0)
            if generation.scene is not None:
                # A scene that cannot be defined here is still there to be looked at.
                with contextlib.suppress(SceneCodeError):
                    self.inject(generation.scene, generation.generation_id, values)

    def _find_scene_class(self, scene: CheckedScene) -> type[Any]:
        if self._injected is None:
            raise SceneCodeError(f"{scene.code.scene_name} was not injected.", hint="Run it again.")
        return self._injected.scene_class

    def remember(self, generation: Generation) -> None:
        """Make this run the one that ``up``, ``down`` and ``_shape`` mean."""
        self.last = generation
        if generation.scene is not None:
            self._last_scene = generation
        self.shell.user_ns["_shape"] = generation

    def _show_early_failure(
        self, text: str, error: ShapeRotatorError, display: ResultDisplay
    ) -> None:
        report = ErrorReport(**error.as_dict())
        generation = Generation(
            generation_id=display.generation_id,
            prompt=Prompt(text=text),
            status="failed",
            error=report,
        )
        self.show(generation, display, ())

    # --- feedback ---------------------------------------------------------------------

    def record_feedback(self, feedback: FeedbackRecord) -> None:
        """Keep a verdict, from a button or from a line magic."""
        self.pipeline.record_feedback(feedback)
        display = self._displays.get(feedback.generation_id)
        if feedback.remove and display is not None:
            display.show_removed()

    def confirm(self, feedback: FeedbackRecord) -> None:
        """Show on every page what was recorded, wherever it was given."""
        told = build_recorded(feedback)
        self._link.tell(told)
        self._controls.tell(told)

    # --- pages ------------------------------------------------------------------------

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a message of the page, in whatever thread it came."""
        return answer(self, message)

    def choose(self, generation: Generation) -> None:
        """Make a version the present one: the last result, and the scene in the kernel."""
        self.remember(generation)
        if not generation.came_from:
            self.inject_later(generation, {})

    def cancel(self, generation_id: str) -> bool:
        """Stop a run in the background; False where this is none of them."""
        return self.background.cancel(generation_id)

    def build_display(self, generation: Generation) -> ResultDisplay:
        """Open a new output for an earlier run."""
        display = ResultDisplay(
            generation.generation_id, generation.title, kernel_id=self._kernel_id
        )
        display.open()
        return display

    # --- line magics ------------------------------------------------------------------

    def run_command(self, words: list[str]) -> Any:
        """Answer ``%shaperotate WORD …``."""
        if not words:
            return run_help(self, [])
        command = COMMANDS.get(words[0])
        if command is None:
            raise ConfigurationError(
                f"%shaperotate has no command {words[0]!r}.",
                hint=f"Its commands: {', '.join(COMMANDS)}. A prompt goes below %%shaperotate.",
            )
        return command(self, words[1:])
