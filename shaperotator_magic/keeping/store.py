"""The store: reads and writes generations and feedback, in a SQLite file or a database server.

A row is durable once ``append_…`` has returned: it survives a killed process. Runs in the caller's
process. May import records, errors and its own room.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shaperotator_magic.core.errors import GenerationNotFoundError
from shaperotator_magic.core.records import FeedbackRecord, Generation
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.tables import build_tables

STORE_NAME = "shaperotator.db"
_SHORTEST_PREFIX = 4


class Store:
    """The stored runs of one data folder.

    Parameters
    ----------
    data_dir
        Folder that holds ``shaperotator.db``; it is made at the first write.
    database
        Another database to use in place of that file.

    Raises
    ------
    FeedbackError
        From every method: the file is damaged, read-only, or not ours.
    """

    def __init__(self, data_dir: Path, *, database: Database | None = None) -> None:
        self.path = data_dir / STORE_NAME
        self._database = database or Database(self.path)

    def append_generation(self, generation: Generation) -> None:
        """Write one finished run, with every attempt; the row is on disk on return."""
        row = build_generation_row(generation)
        with self._database.connect() as connection:
            connection.execute(build_tables()["generations"].insert().values(**row))

    def read_generation(self, generation_id: str) -> Generation:
        """Return the run with this identifier, or with this beginning of it (4 digits or more).

        Raises
        ------
        GenerationNotFoundError
            No run, or more than one, has it.
        """
        column = build_tables()["generations"].c.generation_id
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

    def list_readable(self) -> tuple[list[Generation], int]:
        """Return all runs, oldest first, and how many rows another version wrote otherwise."""
        table = build_tables()["generations"]
        query = table.select().with_only_columns(table.c.record)
        in_order = query.order_by(table.c.created_at, table.c.generation_id)
        with self._database.connect() as connection:
            texts = list(connection.execute(in_order).scalars())
        found = [generation for text in texts if (generation := _read(text)) is not None]
        return found, len(texts) - len(found)

    def find_scene(self, name: str | None) -> Generation | None:
        """Return the latest run that has a scene of this class name; None: of any name."""
        column = build_tables()["generations"].c.scene_name
        wanted = column.is_not(None) if name is None else column == name
        found = self._read_generations(wanted, limit=1)
        return found[0] if found else None

    def list_children(self, generation_id: str) -> list[Generation]:
        """Return the runs that refine this one, newest first."""
        # Quotes inside of texts are escaped in JSON, so only the field itself matches.
        wanted = f'"parent":"{generation_id}"'
        column = build_tables()["generations"].c.record
        return self._read_generations(column.contains(wanted, autoescape=True), limit=100)

    def append_feedback(self, feedback: FeedbackRecord) -> None:
        """Append the verdict of a person on a run.

        Raises
        ------
        GenerationNotFoundError
            There is no such run, so the verdict would be about nothing.
        """
        self.read_generation(feedback.generation_id)
        values = feedback.model_dump(mode="json")
        with self._database.connect() as connection:
            connection.execute(build_tables()["feedback"].insert().values(**values))

    def read_feedback(self, generation_id: str | None = None) -> list[FeedbackRecord]:
        """Return the verdicts, oldest first: of one run, or of all."""
        table = build_tables()["feedback"]
        query = table.select().order_by(table.c.feedback_id)
        if generation_id is not None:
            query = query.where(table.c.generation_id == generation_id)
        with self._database.connect() as connection:
            rows = [dict(row._mapping) for row in connection.execute(query)]
        for row in rows:
            del row["feedback_id"]
        return [FeedbackRecord(**row) for row in rows]

    def withdraw_removal(self, generation_id: str) -> None:
        """Forget that a run was removed; what else was said of it stays."""
        table = build_tables()["feedback"]
        is_removal = (table.c.generation_id == generation_id) & table.c.remove
        is_nothing_else = table.c.is_positive.is_(None) & (table.c.comment == "")
        with self._database.connect() as connection:
            connection.execute(table.delete().where(is_removal & is_nothing_else))
            connection.execute(table.update().where(is_removal).values(remove=False))

    def list_removed(self) -> set[str]:
        """Return the identifiers of the runs that were removed."""
        table = build_tables()["feedback"]
        query = table.select().with_only_columns(table.c.generation_id).where(table.c.remove)
        with self._database.connect() as connection:
            return set(connection.execute(query).scalars())

    def is_video_wanted(self, sha256: str) -> bool:
        """Return whether a run that was not removed still shows this video."""
        generations, feedback = build_tables()["generations"], build_tables()["feedback"]
        removed = (
            feedback.select().where(feedback.c.remove).with_only_columns(feedback.c.generation_id)
        )
        query = generations.select().where(
            generations.c.video_sha256 == sha256, generations.c.generation_id.not_in(removed)
        )
        with self._database.connect() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def _read_generations(self, wanted: Any, *, limit: int) -> list[Generation]:
        table = build_tables()["generations"]
        query = table.select().with_only_columns(table.c.record)
        query = query if wanted is None else query.where(wanted)
        newest_first = query.order_by(table.c.created_at.desc()).limit(limit)
        with self._database.connect() as connection:
            texts = list(connection.execute(newest_first).scalars())
        try:
            return [Generation.model_validate_json(text) for text in texts]
        except ValidationError as exc:
            raise self._database.build_error("holds a row that this version cannot read") from exc


def _read(text: str) -> Generation | None:
    try:
        return Generation.model_validate_json(text)
    except ValidationError:
        return None


def build_generation_row(generation: Generation) -> dict[str, Any]:
    """Return the row of the table ``generations`` for a run."""
    return {
        "generation_id": generation.generation_id,
        "created_at": generation.created_at.isoformat(),
        "status": generation.status,
        "title": generation.title,
        "scene_name": generation.scene.code.scene_name if generation.scene else None,
        "video_sha256": generation.video.sha256 if generation.video else None,
        "record": generation.model_dump_json(),
    }
