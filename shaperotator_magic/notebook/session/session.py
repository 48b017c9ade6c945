"""One notebook session: runs the magic's cells, shows results, defines scenes, records feedback.

Created at the first cell with the magic, not by ``%load_ext``, so that heavy objects are made only
then; it owns them. Scenes are defined in the user's namespace; they run elsewhere, but for
``--renderer kernel``.

Runs in the user's kernel.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from shaperotator_magic.core.errors import (
    ConfigurationError,
    FeedbackError,
    NothingFitsError,
    RenderError,
    SceneCodeError,
    ShapeRotatorError,
)
from shaperotator_magic.core.options import build_options, merge_settings
from shaperotator_magic.core.records import (
    CheckedScene,
    ErrorReport,
    Generation,
    Prompt,
    build_generation_id,
)
from shaperotator_magic.core.settings.folders import find_data_dir
from shaperotator_magic.core.styles.choosing import merge_with_style
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.notebook.card.bundle import build_bundle
from shaperotator_magic.notebook.card.display import ResultDisplay
from shaperotator_magic.notebook.card.shown import ShownGeneration
from shaperotator_magic.notebook.session.background import Background, BackgroundRun
from shaperotator_magic.notebook.session.card_messages import answer
from shaperotator_magic.notebook.session.comm import PageLink
from shaperotator_magic.notebook.session.controls import Controls
from shaperotator_magic.notebook.session.injection import Injected, Injector
from shaperotator_magic.notebook.session.kernel_id import find_kernel_id
from shaperotator_magic.notebook.session.knobs import Knobs
from shaperotator_magic.notebook.session.lines import find_nearest
from shaperotator_magic.notebook.session.listening import CellListener
from shaperotator_magic.notebook.session.logs import logging_kept
from shaperotator_magic.notebook.session.versions import (
    describe_version,
    find_family,
    find_parent,
    inherit_options,
)
from shaperotator_magic.notebook.variables import list_names, pick_variables
from shaperotator_magic.notebook.verdicts.removals import Removals
from shaperotator_magic.pipeline.inputs import take_inputs
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.rendering.exchange.describing import describe_variables
from shaperotator_magic.rendering.kernel import KernelRenderer
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.service.client.remote_pipeline import RemotePipeline
from shaperotator_magic.writing.model.local_models import find_local_servers

Layers = tuple[Mapping[str, Any], ...]
Commands = Mapping[str, Callable[["NotebookSession", list[str]], Any]]

_RUNNING_IS_YOURS = (
    "{name} is a class of this kernel, and nothing of it has run here; %manim {name}, subclassing "
    "it or calling it does, without isolation."
)


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
    commands
        What each command of the line magic does; ``help`` is one of them.
    """

    def __init__(
        self,
        shell: InteractiveShell,
        *,
        read_settings: Callable[[], Layers],
        link: PageLink,
        commands: Commands,
    ) -> None:
        self.shell = shell
        self._commands = commands
        self.read_settings = read_settings
        self.last: Generation | None = None
        self.last_finished: Generation | None = None
        self.removals = Removals()
        self._last_scene: Generation | None = None
        self._displays: dict[str, ResultDisplay] = {}
        self._injected: Injected | None = None
        self.worker = Worker()
        self._injector = Injector(shell.user_ns, self.worker.define)
        self._pipeline: Pipeline | None = None
        self._building = threading.Lock()
        self.kernel_id = find_kernel_id()
        self._link = link
        self._controls = Controls(self.answer, kernel_id=self.kernel_id)
        self.knobs: Knobs = Knobs(self, self.tell)
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
    ) -> Generation | BackgroundRun | None:
        """Run one cell from its prompt to its card; with ``--background``, only begin it.

        None where the library declines: the card shows that, and the cells below run.

        Raises
        ------
        ShapeRotatorError
            The run failed; the card is in the output already.
        GenerationCancelled
            It was interrupted; likewise.
        """
        self._displays[display.generation_id] = display
        try:
            parent = self._find_parent(merge_settings(*layers)["refine"])
            if parent is not None:
                display.title = parent.title
                line, *below = layers
                layers = (line, inherit_options(parent.prompt), *below)
            merged = merge_with_style(self.pipeline.styles, *layers)
            options = build_options(merged, manim_args=manim_args)
            if layers[0].get("send_values") and not merged["with_"]:
                raise ConfigurationError(
                    "--send-values names no variable.",
                    hint="Name those whose values may be sent: --with A,df --send-values",
                    setting="send_values",
                )
            values = pick_variables(merged["with_"], variables)
            described = describe_variables(values, with_values=merged["send_values"])
            files = take_inputs(merged["inputs"], self.data_dir / "media", parent)
        except ShapeRotatorError as exc:
            self._show_early_failure(text, exc, display)
            raise
        prompt = Prompt(
            text=text.rstrip("\n"),
            options=options,
            variables=described,
            parent=parent.generation_id if parent else None,
            question=parent.prompt.first_text if parent else "",
            **files,
        )
        before = parent if display.is_in_place else None
        if merged["background"]:
            return self._begin(prompt, values, display, before)
        return self._run(prompt, values, display, before)

    def run_follow_up(self, prompt: Prompt, *, before: Generation, is_in_place: bool) -> None:
        """Run a prompt that follows from an earlier run, in an output of its own or in that one's.

        The same sentence once more is another version of that run.
        """
        values = pick_variables(list_names(prompt), self.shell.user_ns)
        display = ResultDisplay(
            build_generation_id(),
            Generation(prompt=prompt).title,
            kernel_id=self.kernel_id,
            in_place_of=self.find_display(before.generation_id) if is_in_place else None,
        )
        display.open()
        self._displays[display.generation_id] = display
        is_retry = prompt.text == before.prompt.text
        if is_retry:
            self.retries[display.generation_id] = before.generation_id
        options = prompt.options.model_copy(update={"cache": not is_retry})
        is_sent = any(variable.value for variable in prompt.variables)
        described = describe_variables(values, with_values=is_sent)
        again = prompt.model_copy(update={"options": options, "variables": described})
        self._run(again, values, display, before if display.is_in_place else None)

    def _find_parent(self, named: str | None) -> Generation | None:
        return find_parent(self.pipeline.store, named, self._last_scene) if named else None

    def _run(
        self,
        prompt: Prompt,
        values: Mapping[str, Any],
        display: ResultDisplay,
        before: Generation | None = None,
    ) -> Generation | None:
        self._start_controls()
        # A declined sentence is no failure: its card reports it, and Run All goes on.
        with logging_kept(), contextlib.suppress(NothingFitsError):
            return self.pipeline.run(
                prompt,
                CellListener(self, display, prompt, values, before=before),
                generation_id=display.generation_id,
                variables=values,
                started=display.opened_at,
            )
        return None

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
                prompt,
                listener,
                generation_id=display.generation_id,
                variables=values,
                started=display.opened_at,
            ),
        )

    def _start_controls(self) -> None:
        if not self._link.is_open:
            # No extension has opened a comm, so a widget puts the buttons on the page.
            self._controls.start()

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline on the data folder that is set now."""
        data_dir = self.data_dir
        # A page sends messages in another thread while the first cell runs.
        with self._building:
            if self._pipeline is None or self._pipeline.store.path.parent != data_dir:
                kernel = KernelRenderer(self.shell, self._find_scene_class)
                self._pipeline = RemotePipeline(
                    store=Store(data_dir),
                    renderers={"worker": self.worker, "kernel": kernel},
                    media_dir=data_dir / "media",
                    find_servers=find_local_servers,
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
        """Stop the supervisor and remove the buttons from the page."""
        self.shell.events.unregister("pre_run_cell", self._inject_waiting)
        self._controls.close()
        self.background.close()
        self.knobs.close()
        self.removals.close()
        self.worker.close()

    # --- results ----------------------------------------------------------------------

    def show(self, generation: Generation, display: ResultDisplay, notes: tuple[str, ...]) -> None:
        """Put a finished run's card into its output."""
        display.show(*self.build_bundle(generation, notes))
        self._displays[generation.generation_id] = display

    def build_bundle(
        self, generation: Generation, notes: tuple[str, ...] = ()
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return a run's card as data and metadata, with the versions of which it is one."""
        return build_bundle(
            generation,
            kernel_id=self.kernel_id,
            notes=notes,
            versions=[describe_version(version) for version in self._find_family(generation)],
        )

    def _find_family(self, generation: Generation) -> list[Generation]:
        try:
            return find_family(self.pipeline.store, generation, self.retries)
        except FeedbackError:
            return [generation]  # the video matters more; a note reports that it was not stored

    def find_display(self, generation_id: str) -> ResultDisplay | None:
        """Return the output in which this kernel has shown a run."""
        return self._displays.get(generation_id)

    def list_shown(self) -> list[str]:
        """Return the identifiers of the results that this kernel has shown."""
        return list(self._displays)

    def inject(self, scene: CheckedScene, generation_id: str, values: Mapping[str, Any]) -> str:
        """Inject the scene's definitions into the user's namespace; returns a note for the card.

        That is a name that was taken, and once for each kernel what runs the scene.
        """
        is_first = self._injected is None
        self._injected = self._injector.inject(scene, generation_id=generation_id, variables=values)
        wanted, name = scene.code.scene_name, self._injected.scene_class_name
        notes = (
            [f"{wanted} is taken, so the scene class is named {name}."] if name != wanted else []
        )
        if is_first:
            notes.append(_RUNNING_IS_YOURS.format(name=name))
        return " ".join(notes)

    def inject_later(self, generation: Generation, values: Mapping[str, Any]) -> None:
        """Give a scene to the user before the next cell runs."""
        self._waiting.append((generation, values))

    def _inject_waiting(self, _: object = None) -> None:
        while self._waiting:
            generation, values = self._waiting.pop(0)
            if generation.scene is not None:
                # A scene that cannot be defined here still has its video.
                with contextlib.suppress(SceneCodeError, RenderError):
                    self.inject(generation.scene, generation.generation_id, values)

    def _find_scene_class(self, scene: CheckedScene) -> type[Any]:
        if self._injected is None:
            raise SceneCodeError(f"{scene.code.scene_name} was not injected.", hint="Run it again.")
        return self._injected.scene_class

    def remember(self, generation: Generation) -> None:
        """Make this run the one that ``up``, ``down`` and ``_shape`` mean."""
        self.last = generation
        if generation.status == "completed":
            self.last_finished = generation
        if generation.scene is not None:
            self._last_scene = generation
        self.shell.user_ns["_shape"] = ShownGeneration.build(generation, self.knobs.set_here)

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

    # --- pages ------------------------------------------------------------------------

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send every page something that it has not asked for."""
        self._link.tell(message)
        self._controls.tell(message)

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
            generation.generation_id, generation.title, kernel_id=self.kernel_id
        )
        display.open()
        return display

    # --- line magics ------------------------------------------------------------------

    def run_command(self, words: list[str]) -> Any:
        """Answer ``%shaperotate WORD …``."""
        words = words or ["help"]
        command = self._commands.get(words[0])
        if command is None:
            near = find_nearest(words[0], self._commands)
            meant = f"Did you mean {near}? " if near else ""
            raise ConfigurationError(
                f"%shaperotate has no command {words[0]!r}.",
                hint=f"{meant}Its commands: {', '.join(self._commands)}.",
            )
        return command(self, words[1:])
