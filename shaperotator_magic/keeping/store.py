"""Generations and feedback in one SQLite file, through SQLAlchemy.

May import records, errors and (lazily, for it costs 0.1 s) sqlalchemy.

The file is opened in write-ahead mode with full synchronisation: a row that ``append_…`` has
returned from survives a killed process, and several kernels write to one file at once.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from shaperotator_magic.errors import FeedbackError, GenerationNotFoundError
from shaperotator_magic.records import FeedbackRecord, Generation

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

STORE_NAME = "shaperotator.db"
_BUSY_TIMEOUT_S = 15.0
_SHORTEST_PREFIX = 4


class Store:
    """The remembered runs of one data folder.

    Parameters
    ----------
    data_dir
        Folder that holds ``shaperotator.db``; it is made at the first write.

    Raises
    ------
    FeedbackError
        From every method: the file is damaged, read-only, or not ours.
    """

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / STORE_NAME

    def append_generation(self, generation: Generation) -> None:
        """Write one finished run, with every attempt; the row is on disk on return."""
        row = {
            "generation_id": generation.generation_id,
            "created_at": generation.created_at.isoformat(),
            "status": generation.status,
            "title": generation.title,
            "scene_name": generation.scene.code.scene_name if generation.scene else None,
            "video_sha256": generation.video.sha256 if generation.video else None,
            "record": generation.model_dump_json(),
        }
        with self._connect() as connection:
            connection.execute(_tables()["generations"].insert().values(**row))

    def read_generation(self, generation_id: str) -> Generation:
        """Return the run with this identifier, or with this beginning of it (4 digits or more).

        Raises
        ------
        GenerationNotFoundError
            No run, or more than one, has it.
        """
        column = _tables()["generations"].c.generation_id
        is_long_enough = len(generation_id) >= _SHORTEST_PREFIX
        wanted = column.startswith(generation_id, autoescape=True)
        found = self._read_generations(wanted, limit=2) if is_long_enough else []
        if len(found) != 1:
            state = "More than one result begins with" if found else "No result has the identifier"
            raise GenerationNotFoundError(
                f"{state} {generation_id!r}.",
                hint="'%shaperotate list' shows the identifiers.",
                generation_id=generation_id,
            )
        return found[0]

    def list_generations(self, *, limit: int = 20) -> list[Generation]:
        """Return the latest runs, newest first."""
        return self._read_generations(None, limit=limit)

    def append_feedback(self, feedback: FeedbackRecord) -> None:
        """Write what a person said of a run.

        Raises
        ------
        GenerationNotFoundError
            There is no such run, so the verdict would be about nothing.
        """
        self.read_generation(feedback.generation_id)
        values = feedback.model_dump(mode="json")
        with self._connect() as connection:
            connection.execute(_tables()["feedback"].insert().values(**values))

    def read_feedback(self, generation_id: str | None = None) -> list[FeedbackRecord]:
        """Return the verdicts, oldest first: of one run, or of all."""
        table = _tables()["feedback"]
        query = table.select().order_by(table.c.feedback_id)
        if generation_id is not None:
            query = query.where(table.c.generation_id == generation_id)
        with self._connect() as connection:
            rows = [dict(row._mapping) for row in connection.execute(query)]
        for row in rows:
            del row["feedback_id"]
        return [FeedbackRecord(**row) for row in rows]

    def is_video_wanted(self, sha256: str) -> bool:
        """Tell whether a run that nobody removed still shows this video."""
        generations, feedback = _tables()["generations"], _tables()["feedback"]
        removed = (
            feedback.select().where(feedback.c.remove).with_only_columns(feedback.c.generation_id)
        )
        query = generations.select().where(
            generations.c.video_sha256 == sha256, generations.c.generation_id.not_in(removed)
        )
        with self._connect() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def _read_generations(self, wanted: Any, *, limit: int) -> list[Generation]:
        table = _tables()["generations"]
        query = table.select().with_only_columns(table.c.record)
        query = query if wanted is None else query.where(wanted)
        newest_first = query.order_by(table.c.created_at.desc()).limit(limit)
        with self._connect() as connection:
            texts = list(connection.execute(newest_first).scalars())
        try:
            return [Generation.model_validate_json(text) for text in texts]
        except ValidationError as exc:
            raise self._failed("holds a row that this version cannot read") from exc

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        from sqlalchemy.exc import SQLAlchemyError

        try:
            with _open_engine(self.path).begin() as connection:
                yield connection
        except SQLAlchemyError as exc:
            reason = str(getattr(exc, "orig", None) or exc).splitlines()[0]
            raise self._failed(f"cannot be used: {reason}") from exc
        except OSError as exc:
            raise self._failed(f"cannot be used: {exc.strerror or exc}") from exc

    def _failed(self, what: str) -> FeedbackError:
        return FeedbackError(
            f"The store {self.path} {what}.",
            hint="Move the file away, or set SHAPEROTATOR_DATA_DIR to a folder you can write to.",
            path=str(self.path),
        )


@functools.cache
def _tables() -> dict[str, Table]:
    from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, String, Table, Text

    metadata = MetaData()
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
    return dict(metadata.tables)


@functools.lru_cache(maxsize=4)
def _engine(path: Path) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    # One connection a call: the file is used from cells, button threads and other kernels, and
    # an open handle would keep a moved or replaced file alive.
    engine = create_engine(
        f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": _BUSY_TIMEOUT_S}
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _open_engine(path: Path) -> Engine:
    engine = _engine(path)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _create_tables(engine)
    return engine


def _create_tables(engine: Engine) -> None:
    from sqlalchemy.exc import OperationalError

    metadata = next(iter(_tables().values())).metadata
    try:
        metadata.create_all(engine)
    except OperationalError as exc:
        # Two kernels may make the file in the same instant; the second finds the tables there.
        if "already exists" not in str(exc):
            raise
