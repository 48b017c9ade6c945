"""The service without its web: who may do what with tasks, videos and feedback.

The endpoints in ``app.py`` translate between HTTP and these methods. Whatever belongs to somebody
else does not exist: the answer is the same as for what never was.

Runs in the service's web process.
"""

from __future__ import annotations

import logging
import re
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import (
    GenerationNotFoundError,
    InvalidRequestError,
    ShapeRotatorError,
    TaskNotFoundError,
    TaskUnfinishedError,
    TooManyRequestsError,
    UnauthorizedError,
)
from shaperotator_magic.core.options import build_options
from shaperotator_magic.core.provenance import describe_making
from shaperotator_magic.core.records import FeedbackRecord, Generation, Options, Prompt, Task
from shaperotator_magic.core.settings.video import read_pixel_size
from shaperotator_magic.core.styles.choosing import merge_with_style
from shaperotator_magic.core.styles.finding import Styles
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.keeping.tasks import TaskStore
from shaperotator_magic.keeping.tokens import TokenStore
from shaperotator_magic.pipeline.history import join_settings
from shaperotator_magic.pipeline.setting import build_setting
from shaperotator_magic.service.bodies import (
    FeedbackAnswer,
    FeedbackBody,
    GenerateBody,
    SetBody,
    StatusBody,
    StillBody,
    TaskBody,
    TaskSummary,
)
from shaperotator_magic.service.health import Health
from shaperotator_magic.service.limits import Limits, RateLimit
from shaperotator_magic.service.task_videos import TaskVideos
from shaperotator_magic.service.tasks.hub import Hub
from shaperotator_magic.service.tasks.scheduler import Scheduler
from shaperotator_magic.service.tasks.stills import StillService
from shaperotator_magic.service.tasks.uploads import strip_contents, take_inputs
from shaperotator_magic.service.videos import VideoStorage, name_poster

OPEN_OWNER = "local"
_TASK_ID = re.compile(r"[0-9a-f]{32}")
_TOKEN_MEMORY_S = 2.0
_LISTED_TASKS = 50
_QUEUE_RETRY_S = 10.0
_MOST_EARLIER = 20

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Writers:
    """Who writes scenes, and how they look.

    ``models`` are those that users may name, the first one by default; ``styles`` the packs.
    """

    models: tuple[str, ...] = ()
    styles: Styles = field(default_factory=lambda: Styles(takes_paths=False))


class Service:
    """Everything that the endpoints do.

    Parameters
    ----------
    is_open
        Every request is of the one owner ``local``, and no token is required.
    stills
        Draws stills while knobs move; without it there are none.
    """

    def __init__(
        self,
        *,
        database: Database,
        storage: VideoStorage,
        scheduler: Scheduler,
        hub: Hub,
        limits: Limits,
        writers: Writers,
        is_open: bool,
        stills: StillService | None = None,
    ) -> None:
        self.tasks = TaskStore(database)
        self.scheduler = scheduler
        self.hub = hub
        self.is_open = is_open
        self._tokens = TokenStore(database)
        self._store = Store(database.path.parent, database=database)
        self.videos = TaskVideos(self.tasks, storage, hub)
        self._limits = limits
        self.writers = writers
        self._stills = stills or StillService(is_offered=False)
        folder = database.path.parent
        self.health = Health(database, [folder, Path(tempfile.gettempdir())])
        scheduler.begin_only_while(lambda: self.health.is_good)
        scheduler.read_earlier_with(self.list_earlier)
        scheduler.when_ended(self.videos.delete_live)
        self._known: dict[str, tuple[str, float]] = {}
        self._refused = RateLimit(burst=20, per_minute=20)
        self._reads = RateLimit(burst=limits.read_burst, per_minute=limits.read_per_minute)
        self._generates = RateLimit(
            burst=limits.generate_burst, per_minute=limits.generate_per_minute
        )

    # --- who asks ---------------------------------------------------------------------

    def identify(self, authorization: str, address: str) -> str:
        """Return the owner of a request, and count the request.

        Raises
        ------
        UnauthorizedError
            There is no token, or one that is not known.
        TooManyRequestsError
            The owner sends too many requests, or the address tried too many wrong tokens.
        """
        owner = OPEN_OWNER if self.is_open else self._find_owner(authorization)
        if owner is None:
            self._refused.spend(address)
            raise UnauthorizedError(
                "The service needs a token that it knows.",
                hint="Send 'Authorization: Bearer TOKEN'; whoever runs the service makes tokens.",
            )
        self._reads.spend(owner)
        return owner

    def _find_owner(self, authorization: str) -> str | None:
        kind, _, token = authorization.partition(" ")
        token = token.strip()
        if kind.lower() != "bearer" or not token:
            return None
        now = time.monotonic()
        known = self._known.get(token)
        if known and known[1] > now:
            return known[0]
        self._known.pop(token, None)
        owner = self._tokens.find_owner(token)
        if owner is not None:
            self._known[token] = (owner, now + _TOKEN_MEMORY_S)
        return owner

    # --- tasks ------------------------------------------------------------------------

    def submit(self, owner: str, body: GenerateBody) -> Task:
        """Take a task in; it is on disk on return.

        Raises
        ------
        TooManyRequestsError
            The owner sends too many requests, or has too many unfinished tasks.
        InvalidRequestError
            The options contradict each other, or exceed the limits of this service.
        ServiceUnavailableError
            The store is ill, or there is too little room: the task could not be done.
        """
        self._generates.spend(owner)
        self.health.check()
        parent = self._find_parent(owner, body.refine) if body.refine else None
        prompt = Prompt(
            text=body.prompt,
            options=self._build_options(body),
            parent=parent.generation_id if parent else None,
            question=parent.prompt.first_text if parent else "",
            excluded=tuple(body.options.excluded or body.excluded),
            **take_inputs(body, parent),
        )
        return self._append(Task(owner=owner, prompt=prompt))

    def set_parameters(self, owner: str, body: SetBody) -> Task:
        """Take in a task that draws the scene of another one with other values.

        Values as they were at first are no task: the one that they are of is returned.

        Raises
        ------
        TaskNotFoundError
            The owner has no such task.
        TaskUnfinishedError
            It has not ended yet.
        ParameterError, SceneCodeError
            Its scene has no such parameter, or it cannot have this value.
        TooManyRequestsError, ServiceUnavailableError
            As ``submit``.
        """
        base, earlier = self._find_set(owner, body)
        prompt = build_setting(base, earlier, body.values)
        if not prompt.values:
            return self.find_task(owner, base.generation_id)
        self._generates.spend(owner)
        self.health.check()
        return self._append(Task(owner=owner, prompt=prompt))

    def draw_still(self, owner: str, body: StillBody) -> bytes | None:
        """Return a PNG of a task's scene with other values; None where a later call came meanwhile.

        Raises
        ------
        TaskNotFoundError, TaskUnfinishedError, ParameterError, SceneCodeError
            As ``set_parameters``.
        RenderError
            The scene fails with these values.
        ServiceUnavailableError
            There are no stills here, or none now.
        """
        base, earlier = self._find_set(owner, body)
        return self._stills.draw(owner, base, earlier, body.values, at_s=body.at_s)

    def _find_set(self, owner: str, body: SetBody) -> tuple[Generation, dict[str, Any]]:
        """Return the run that a writer made, and what was set of it before."""
        shown = self._find_parent(owner, body.task_id)
        is_set = bool(shown.prompt.values)
        base = self._find_parent(owner, shown.prompt.parent or "") if is_set else shown
        return base, {} if body.is_reset else shown.prompt.values

    def _append(self, task: Task) -> Task:
        if not self.tasks.append_task(task, most_unfinished=self._limits.most_unfinished):
            raise TooManyRequestsError(
                f"{self._limits.most_unfinished} of your tasks are not finished yet.",
                hint="Wait for one of them, or cancel one.",
                retry_after_s=_QUEUE_RETRY_S,
            )
        self.scheduler.wake()
        return task

    def _find_parent(self, owner: str, task_id: str) -> Generation:
        task = self.find_task(owner, task_id)
        parent = self._read_generation(task)
        if parent is None or parent.scene is None:
            raise TaskUnfinishedError(
                f"The task is {task.status}; there is no scene to change.",
                hint="Refine a task that has completed.",
            )
        return parent

    def list_earlier(self, task: Task) -> tuple[Generation, ...]:
        """Return the runs that a task refines, the latest first."""
        found: dict[str, Generation] = {}
        parent = task.prompt.parent
        while parent is not None and parent not in found and len(found) < _MOST_EARLIER:
            try:
                found[parent] = self._store.read_generation(parent)
            except GenerationNotFoundError:
                break
            parent = found[parent].prompt.parent
        return tuple(found.values())

    def _build_options(self, body: GenerateBody) -> Options:
        given = {**GenerateBody.read_given(body), **body.options.read_given()}
        model = given.get("model")
        if model is not None and model not in self.writers.models:
            raise InvalidRequestError(
                "This service does not offer that model.",
                hint=f"It offers: {', '.join(self.writers.models) or 'the built-in library'}.",
                fields=["model"],
            )
        default = {
            "model": next(iter(self.writers.models), None),
            "timeout_s": self._limits.render_timeout_s,
            "renderer": "worker",
        }
        try:
            merged = merge_with_style(self.writers.styles, given, default)
            options = build_options(merged)
            _, height_px = read_pixel_size(options.quality, options.resolution)
        except ShapeRotatorError as exc:
            raise InvalidRequestError(exc.message, hint=exc.hint, fields=["options"]) from exc
        if height_px > self._limits.largest_height_px:
            raise InvalidRequestError(
                f"This service draws at most {self._limits.largest_height_px} pixels high.",
                hint="Ask for a lower quality or resolution.",
                fields=["quality", "resolution"],
            )
        timeout_s = min(options.timeout_s, self._limits.render_timeout_s)
        return options.model_copy(update={"timeout_s": timeout_s})

    def find_task(self, owner: str, task_id: str) -> Task:
        """Return a task of the owner's.

        Raises
        ------
        TaskNotFoundError
            There is none, or it is somebody else's, or it was removed.
        """
        compact = task_id.replace("-", "").lower()
        found = self.tasks.read_task(compact, owner=owner) if _TASK_ID.fullmatch(compact) else None
        if found is None:
            raise TaskNotFoundError("You have no such task.", hint="GET /tasks lists yours.")
        return found

    def list_tasks(self, owner: str) -> list[TaskSummary]:
        """Return the owner's latest tasks, without their code: lists are requested often."""
        found = self.tasks.list_tasks(owner, limit=_LISTED_TASKS)
        summaries = (self._summarize(task) for task in join_settings(found))
        return [summary.model_copy(update={"code": None}) for summary in summaries]

    def describe_status(self, task: Task) -> StatusBody:
        """Return what ``GET /status`` answers."""
        generation = self._read_generation(task)
        parameters = list(generation.parameters) if generation else []
        return StatusBody(**self._describe(task), parameters=parameters)

    def describe_task(self, task: Task) -> TaskBody:
        """Return a task with its whole run."""
        generation = self._read_generation(task)
        code = generation.scene.code if generation and generation.scene else None
        return TaskBody(
            **self._summarize(task).model_dump(),
            notes=list(task.notes),
            making=describe_making(generation, code) if generation else "",
            generation=strip_contents(generation) if generation else None,
        )

    def cancel(self, owner: str, task_id: str) -> Task:
        """Request the cancellation of a task; one that has ended stays as it is."""
        task = self.find_task(owner, task_id)
        if not task.has_ended:
            self.scheduler.cancel(task.task_id)
        return self.find_task(owner, task_id)

    def record_feedback(self, owner: str, body: FeedbackBody) -> FeedbackAnswer:
        """Store a verdict; on removal the video is deleted.

        Raises
        ------
        TaskNotFoundError
            The owner has no such task.
        TaskUnfinishedError
            It has not ended yet.
        """
        task = self.find_task(owner, body.task_id)
        if not task.has_ended or (generation := self._read_generation(task)) is None:
            raise TaskUnfinishedError(
                f"The task is {task.status}; there is no result to judge.",
                hint="Wait until it has ended.",
            )
        if body.read_verdict() is not None and generation.status != "completed":
            raise TaskUnfinishedError(
                f"The task is {task.status}; there is no result to judge.",
                hint="Ask again, or remove it.",
            )
        self._store.append_feedback(
            FeedbackRecord(
                generation_id=generation.generation_id,
                is_positive=body.read_verdict(),
                remove=body.remove,
                comment=body.comment,
            )
        )
        if body.remove:
            self.videos.delete(task)
            self.tasks.forget_video(task.task_id, is_removed=True)
        return FeedbackAnswer(task_id=task.task_id, removed=body.remove)

    # --- views ------------------------------------------------------------------------

    def _describe(self, task: Task) -> dict[str, Any]:
        error = task.error.model_dump(mode="json") if task.error else None
        progress = 1.0 if task.status == "completed" else self.hub.find_progress(task.task_id)
        return {
            "task_id": task.task_id,
            "status": task.status,
            "progress": progress,
            "code": task.code,
            "video_url": f"/videos/{task.video_name}" if task.video_name else None,
            "live_url": self.videos.find_live(task),
            "error": error,
        }

    def _summarize(self, task: Task) -> TaskSummary:
        poster = f"/videos/{name_poster(task.task_id)}" if task.video_name else None
        return TaskSummary(
            **self._describe(task),
            prompt=task.prompt.text,
            question=task.prompt.question,
            created_at=task.created_at.isoformat(),
            poster_url=poster,
        )

    def _read_generation(self, task: Task) -> Generation | None:
        if not task.has_ended:
            return None
        try:
            return self._store.read_generation(task.task_id)
        except GenerationNotFoundError:
            return None
