"""The videos of tasks: who may see them, and when they are deleted.

Runs in the service's web process.
"""

from __future__ import annotations

import logging

from shaperotator_magic.core.errors import FeedbackError, TaskNotFoundError
from shaperotator_magic.core.records import Task
from shaperotator_magic.keeping.tasks import TaskStore
from shaperotator_magic.service.tasks.hub import Hub
from shaperotator_magic.service.videos import (
    OpenVideo,
    VideoStorage,
    find_task_id,
    name_geometry,
    name_live,
    name_poster,
)

logger = logging.getLogger(__name__)


class TaskVideos:
    """The files of all tasks, in one storage."""

    def __init__(self, tasks: TaskStore, storage: VideoStorage, hub: Hub) -> None:
        self._tasks = tasks
        self._storage = storage
        self._hub = hub

    def open(self, owner: str, name: str) -> tuple[OpenVideo, str]:
        """Return an open video, poster or file of shapes of the owner's, and its entity tag.

        While a task runs there is what is drawn so far of its video.

        Raises
        ------
        TaskNotFoundError
            There is none, or it is somebody else's.
        """
        task_id = find_task_id(name)
        task = self._tasks.read_task(task_id, owner=owner) if task_id else None
        is_there = task is not None and name in _list_files(task)
        video = self._storage.open(name) if is_there else None
        if video is None:
            raise TaskNotFoundError("You have no such video.", hint="GET /tasks lists yours.")
        return video, f'"{name}-{video.size_bytes:x}"'

    def find_live(self, task: Task) -> str | None:
        """Return the address of what is drawn so far; it is another one with every part."""
        index = None if task.has_ended else self._hub.find_live(task.task_id)
        return None if index is None else f"/videos/{name_live(task.task_id)}?part={index}"

    def delete(self, task: Task) -> None:
        """Delete the files of a task."""
        for name in _list_files(task):
            self._storage.delete(name)

    def delete_live(self, task_id: str) -> None:
        """Delete what was shown while a task ran; where that fails, the log says so."""
        try:
            self._storage.delete(name_live(task_id))
        except OSError as exc:
            logger.error("%s stays where it is: %s", name_live(task_id), exc)

    def expire(self, *, oldest: str, most_bytes: int) -> int:
        """Delete videos of tasks that ended before ``oldest``, and what exceeds the size.

        Parameters
        ----------
        oldest
            Time in ISO format, UTC.
        most_bytes
            Beyond this the oldest ones go.

        Returns
        -------
        int
            How many videos were deleted.
        """
        try:
            kept = self._tasks.list_videos()
        except FeedbackError as exc:
            logger.error("no videos are deleted: %s", exc.message)
            return 0
        excess = sum(task.size_bytes or 0 for task in kept) - most_bytes
        count = 0
        for task in kept:
            is_old = task.finished_at is not None and task.finished_at.isoformat() < oldest
            if not is_old and excess <= 0:
                continue
            self.delete(task)
            self._tasks.forget_video(task.task_id)
            excess -= task.size_bytes or 0
            count += 1
        return count


def _list_files(task: Task) -> set[str]:
    """Return the names under which a task's files are kept, where it has them."""
    if not task.has_ended:
        return {name_live(task.task_id)}
    if not task.video_name:
        return set()
    return {name_poster(task.task_id), name_geometry(task.task_id), task.video_name}
