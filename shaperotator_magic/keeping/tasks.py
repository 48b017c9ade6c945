"""Tasks of the service: written before they are promised, ended exactly once.

A task is claimed by one process, goes through its states, and ends in one transaction together
with its Generation. If the process is killed in between, the row has the state of the task.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, get_args

from shaperotator_magic.core.records import (
    ErrorReport,
    Generation,
    Prompt,
    Status,
    Task,
    TaskStatus,
)
from shaperotator_magic.keeping.database import Database, lock_name
from shaperotator_magic.keeping.store import build_generation_row
from shaperotator_magic.keeping.tables import build_tables

_ENDED = get_args(Status)
_RUNNING = ("writing", "checking", "rendering")


class TaskStore:
    """The tasks in one database.

    Every method raises ``FeedbackError`` where the database cannot be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def _table(self) -> Any:
        return build_tables()["tasks"]

    # --- taking tasks in --------------------------------------------------------------

    def append_task(self, task: Task, *, most_unfinished: int) -> bool:
        """Write a queued task; False where its owner has ``most_unfinished`` tasks already."""
        table = self._table
        with self._database.connect() as connection:
            # Locked, written, and counted then: two requests of one owner cannot both be the last
            # one that fits.
            lock_name(connection, task.owner)
            connection.execute(table.insert().values(**_build_row(task)))
            fits = self._count(connection, task.owner) <= most_unfinished
            if not fits:
                connection.rollback()
            return fits

    def _count(self, connection: Any, owner: str) -> int:
        from sqlalchemy import func, select

        table = self._table
        query = select(func.count()).where(table.c.owner == owner, table.c.status.not_in(_ENDED))
        return int(connection.execute(query).scalar_one())

    # --- reading ----------------------------------------------------------------------

    def read_task(self, task_id: str, *, owner: str | None = None) -> Task | None:
        """Return a task; None where there is none, or where it is not the owner's."""
        table = self._table
        query = table.select().where(table.c.task_id == task_id)
        if owner is not None:
            query = query.where(table.c.owner == owner)
        found = self._read(query)
        return found[0] if found else None

    def list_tasks(self, owner: str, *, limit: int) -> list[Task]:
        """Return the owner's latest tasks that were not removed, newest first."""
        table = self._table
        query = table.select().where(table.c.owner == owner, table.c.is_removed.is_(False))
        return self._read(query.order_by(table.c.created_at.desc()).limit(limit))

    def list_queued_heads(self) -> list[tuple[str, str]]:
        """Return every owner with queued tasks, and the time of the oldest of them."""
        from sqlalchemy import func, select

        table = self._table
        query = (
            select(table.c.owner, func.min(table.c.created_at))
            .where(table.c.status == "queued")
            .group_by(table.c.owner)
        )
        with self._database.connect() as connection:
            return [(owner, created_at) for owner, created_at in connection.execute(query)]

    def count_by_status(self) -> dict[str, int]:
        """Return how many tasks are in each state."""
        from sqlalchemy import func, select

        table = self._table
        query = select(table.c.status, func.count()).group_by(table.c.status)
        with self._database.connect() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(query)}

    def list_videos(self) -> list[Task]:
        """Return the tasks that still have a video, the one that ended longest ago first."""
        table = self._table
        query = table.select().where(table.c.video_name.is_not(None))
        return self._read(query.order_by(table.c.finished_at))

    # --- their course -----------------------------------------------------------------

    def claim_next(self, owner: str) -> Task | None:
        """Take the oldest queued task of an owner and mark it as begun; None if there is none."""
        table = self._table
        oldest = (
            table.select()
            .where(table.c.owner == owner, table.c.status == "queued")
            .order_by(table.c.created_at)
            .limit(1)
        )
        found = self._read(oldest)
        if not found:
            return None
        claim = (
            table.update()
            .where(table.c.task_id == found[0].task_id, table.c.status == "queued")
            .values(status="writing", tries=table.c.tries + 1, started_at=_now())
        )
        return self.read_task(found[0].task_id) if self._execute(claim) else None

    def update_status(self, task_id: str, status: TaskStatus, *, code: str | None = None) -> None:
        """Write how far a running task has come; one that has ended stays as it is."""
        values: dict[str, Any] = {"status": status} | ({"code": code} if code else {})
        self._execute(self._unfinished(task_id).values(**values))

    def requeue(self, task_id: str) -> None:
        """Put a task whose process was lost back into the queue; its place there is its age."""
        self._execute(self._unfinished(task_id).values(status="queued", code=None))

    def list_running(self) -> list[Task]:
        """Return the tasks that were begun and have not ended."""
        return self._read(self._table.select().where(self._table.c.status.in_(_RUNNING)))

    def cancel(self, task_id: str) -> bool:
        """Request the cancellation of a task; True where it was still queued, and so has ended."""
        table = self._table
        queued = self._unfinished(task_id).where(table.c.status == "queued")
        if self._execute(queued.values(status="cancelled", is_cancelled=True, finished_at=_now())):
            return True
        self._execute(self._unfinished(task_id).values(is_cancelled=True))
        return False

    def finish(
        self,
        task_id: str,
        generation: Generation,
        *,
        notes: Sequence[str] = (),
        video_name: str | None = None,
    ) -> bool:
        """End a task and store its run in one transaction; False where it had ended already."""
        video, scene = generation.video, generation.scene
        values = {
            "status": generation.status,
            "finished_at": _now(),
            "error": generation.error.model_dump_json() if generation.error else None,
            "notes": json.dumps(list(notes)),
            "video_name": video_name,
            "size_bytes": video.size_bytes if video and video_name else None,
            **({"code": scene.code.source} if scene else {}),
        }
        with self._database.connect() as connection:
            ended = connection.execute(self._unfinished(task_id).values(**values)).rowcount == 1
            if ended:
                row = build_generation_row(generation)
                connection.execute(build_tables()["generations"].insert().values(**row))
            return ended

    def forget_video(self, task_id: str, *, is_removed: bool = False) -> None:
        """Write that a task's video is gone: by age, or because its owner removed it."""
        values: dict[str, Any] = {"video_name": None, "size_bytes": None}
        values |= {"is_removed": True} if is_removed else {}
        self._execute(self._table.update().where(self._table.c.task_id == task_id).values(**values))

    def _unfinished(self, task_id: str) -> Any:
        table = self._table
        return table.update().where(table.c.task_id == task_id, table.c.status.not_in(_ENDED))

    def _execute(self, statement: Any) -> bool:
        with self._database.connect() as connection:
            return bool(connection.execute(statement).rowcount == 1)

    def _read(self, query: Any) -> list[Task]:
        with self._database.connect() as connection:
            rows = [dict(row._mapping) for row in connection.execute(query)]
        try:
            return [_build_task(row) for row in rows]
        except ValueError as exc:  # what pydantic and json raise
            raise self._database.build_error("holds a task that cannot be read") from exc


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _build_row(task: Task) -> dict[str, Any]:
    row = task.model_dump(mode="json", exclude={"prompt", "error", "notes"})
    return row | {
        "created_at": task.created_at.isoformat(),
        "prompt": task.prompt.model_dump_json(),
        "error": task.error.model_dump_json() if task.error else None,
        "notes": json.dumps(list(task.notes)),
    }


def _build_task(row: dict[str, Any]) -> Task:
    error, notes = row["error"], row["notes"]
    return Task(
        **row
        | {
            "prompt": Prompt.model_validate_json(row["prompt"]),
            "error": ErrorReport.model_validate_json(error) if error else None,
            "notes": tuple(json.loads(notes)) if notes else (),
        }
    )
