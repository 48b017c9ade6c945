"""The tables of the store: runs, feedback, tasks of the service, and its tokens.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table


@functools.cache
def build_tables() -> dict[str, Table]:
    """Return the tables by name; sqlalchemy is imported here."""
    from sqlalchemy import MetaData

    metadata = MetaData()
    _add_runs(metadata)
    _add_service(metadata)
    return dict(metadata.tables)


def _add_runs(metadata: MetaData) -> None:
    from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

    Table(
        "generations",
        metadata,
        Column("generation_id", String(32), primary_key=True),
        Column("created_at", String(40), index=True, nullable=False),
        Column("status", String(16), nullable=False),
        Column("title", Text, nullable=False),
        Column("scene_name", Text),
        Column("video_sha256", String(64), index=True),
        # The whole Generation as JSON: prompt, attempts, code, findings, errors, timings, usage.
        Column("record", Text, nullable=False),
    )
    Table(
        "feedback",
        metadata,
        Column("feedback_id", Integer, primary_key=True, autoincrement=True),
        Column("generation_id", String(32), ForeignKey("generations.generation_id"), index=True),
        Column("is_positive", Boolean),
        Column("remove", Boolean, nullable=False),
        Column("comment", Text, nullable=False),
        Column("created_at", String(40), nullable=False),
    )


def _add_service(metadata: MetaData) -> None:
    from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

    tasks = Table(
        "tasks",
        metadata,
        Column("task_id", String(32), primary_key=True),
        Column("owner", String(64), nullable=False),
        Column("status", String(16), nullable=False),
        Column("prompt", Text, nullable=False),  # a Prompt as JSON
        Column("tries", Integer, nullable=False),
        Column("is_cancelled", Boolean, nullable=False),  # the owner requested it
        Column("created_at", String(40), nullable=False),
        Column("started_at", String(40)),
        Column("finished_at", String(40), index=True),
        Column("code", Text),
        Column("error", Text),  # an ErrorReport as JSON
        Column("notes", Text),  # a list of sentences as JSON
        Column("video_name", String(64)),
        Column("size_bytes", BigInteger),
        Column("is_removed", Boolean, nullable=False),
    )
    Index("ix_tasks_status_owner", tasks.c.status, tasks.c.owner, tasks.c.created_at)
    Index("ix_tasks_owner", tasks.c.owner, tasks.c.created_at)
    Table(
        "tokens",
        metadata,
        Column("token_sha256", String(64), primary_key=True),
        Column("owner", String(64), index=True, nullable=False),
        Column("created_at", String(40), nullable=False),
    )
