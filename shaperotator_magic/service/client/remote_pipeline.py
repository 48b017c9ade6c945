"""The pipeline behind ``--remote URL``: the interface of the local one, the work done elsewhere.

The scene that comes back is checked here by our own checks before anybody may inject it. Where the
service fails, the sentence, and all earlier results, stay.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import ServiceError, ShapeRotatorError, build_error
from shaperotator_magic.core.records import (
    CheckedScene,
    ErrorReport,
    FeedbackRecord,
    Generation,
    Prompt,
    SceneCode,
    SegmentReady,
    Status,
    Writing,
)
from shaperotator_magic.pipeline.attempts import EventListener, Run
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.service.client.remote_service import RemoteService, understood
from shaperotator_magic.service.client.sending import load_inputs, refuse_local_matters
from shaperotator_magic.service.wire import read_code, read_event


class RemotePipeline(Pipeline):
    """Runs a prompt here, or at the service that its options name."""

    def build_run(self, prompt: Prompt, on_event: EventListener, variables: dict[str, Any]) -> Run:
        """Return a run that goes on here or there."""
        kind = RemoteRun if prompt.options.remote else Run
        return kind(self.collaborators, prompt, on_event, variables)

    def record_feedback(self, feedback: FeedbackRecord) -> None:
        """Store a verdict here, and at the service that made the result.

        Raises
        ------
        ServiceError
            The service did not take it; it is stored here nevertheless.
        """
        generation = self.store.read_generation(feedback.generation_id)
        super().record_feedback(feedback)
        options = generation.prompt.options
        if options.remote and generation.task_id:
            with RemoteService(options) as service:
                service.send_feedback(generation.task_id, feedback)


class RemoteRun(Run):
    """One run at a service; see ``Run``."""

    task_id: str | None = None

    def finish(self, status: Status, error: ErrorReport | None) -> Generation:
        """Return the record of this run, with the task that did the work."""
        made = super().finish(status, error)
        return made.model_copy(update={"task_id": self.task_id})

    def write_and_render(self) -> None:
        """Submit the prompt, and forward the events."""
        refuse_local_matters(self.prompt, self.variables, self.style)
        self.notes.extend(self.prompt.inputs_refused)
        self.on_event(Writing())
        with RemoteService(self.prompt.options) as service:
            self.notes.extend(service.notes)
            self.task_id = service.submit(load_inputs(self.prompt, self.collaborators.media_dir))
            try:
                with tempfile.TemporaryDirectory() as folder:
                    live = Path(folder, "live.mp4")
                    for message in service.listen(self.task_id):
                        self._tell(message)
                        self._show_live(service, message, live)
            except KeyboardInterrupt:
                service.cancel(self.task_id)
                raise
            self._take(service, service.read_task(self.task_id))

    def _show_live(self, service: RemoteService, message: Mapping[str, Any], live: Path) -> None:
        """Fetch what is drawn so far; where that fails, the finished video follows anyway."""
        if message.get("type") != "segment" or self.task_id is None:
            return
        with contextlib.suppress(ShapeRotatorError), understood():
            index, duration_s = int(message["index"]), float(message["duration_s"])
            service.download_live(self.task_id, live)
            size = live.stat().st_size
            self.on_event(
                SegmentReady(index=index, path=live, duration_s=duration_s, size_bytes=size)
            )

    def _allow_own_files(self, code: SceneCode) -> SceneCode:
        """Let a scene read what was given here, whatever the service says that it may read."""
        return code.model_copy(update={"files": tuple(g.name for g in self.prompt.inputs)})

    def _tell(self, message: Mapping[str, Any]) -> None:
        with understood():
            code = read_code(message) if message.get("type") == "checking" else None
        if code is not None:
            self.scene = check_scene(self._allow_own_files(code))
        with understood():
            event = read_event(message, self.scene)
        if event is not None:
            self.on_event(event)

    def _take(self, service: RemoteService, task: Mapping[str, Any]) -> None:
        with understood():
            found = task.get("generation")
            made = Generation.model_validate(found) if found is not None else None
            self.notes.extend(str(note) for note in task.get("notes", ()))
        if made is not None:
            self.attempts.extend(made.attempts)
        with understood():
            error = build_error(task["error"]) if task.get("error") else None
        if error is not None:
            raise error
        if made is None or made.scene is None:
            raise ServiceError(f"The task was {task.get('status')} at the service.")
        # Checked again: the injected scene is that of the result, not that of an earlier event.
        self.scene: CheckedScene | None = check_scene(self._allow_own_files(made.scene.code))
        if made.video is not None:
            self.video = service.download(made.video, self.collaborators.media_dir)
