"""One database: a SQLite file, or a server that SQLAlchemy knows by its URL.

May import errors and (lazily, for it costs 0.1 s) sqlalchemy.

A SQLite file is opened in write-ahead mode with full synchronisation: what a transaction wrote
survives a killed process, and several processes write to one file at once.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shaperotator_magic.errors import ConfigurationError, FeedbackError
from shaperotator_magic.keeping.tables import build_tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_BUSY_TIMEOUT_S = 15.0
_LARGEST_POOL = 20


class Database:
    """Connections to one database, each a transaction.

    Parameters
    ----------
    path
        The SQLite file; its folder and tables are made at the first use.
    url
        A database server to use in place of the file, such as ``postgresql://user@host/name``.
    has_pool
        Keep connections open for the next call. A server does; a kernel does not, for its file is
        used by other kernels, and an open handle would keep a moved or replaced file alive.
    """

    def __init__(self, path: Path, *, url: str | None = None, has_pool: bool = False) -> None:
        self.path = path
        self._url = url
        self._has_pool = has_pool
        self._has_tables = False

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Open a transaction: committed at the end, rolled back by an exception.

        Raises
        ------
        FeedbackError
            The database is damaged, read-only, out of reach, or not ours.
        """
        from sqlalchemy.exc import SQLAlchemyError

        try:
            with self._open_engine().begin() as connection:
                yield connection
        except SQLAlchemyError as exc:
            reason = str(getattr(exc, "orig", None) or exc).splitlines()[0]
            raise self.build_error(f"cannot be used: {reason}") from exc
        except OSError as exc:
            raise self.build_error(f"cannot be used: {exc.strerror or exc}") from exc

    def build_error(self, what: str) -> FeedbackError:
        """Return the error that says what is wrong with this database."""
        if self._url:
            return FeedbackError(
                f"The database server {what}.", hint="Check its URL, and that it runs."
            )
        return FeedbackError(
            f"The store {self.path} {what}.",
            hint="Move the file away, or set SHAPEROTATOR_DATA_DIR to a folder you can write to.",
            path=str(self.path),
        )

    def _open_engine(self) -> Engine:
        engine = (
            _engine_of_url(self._url) if self._url else _engine_of_file(self.path, self._has_pool)
        )
        if not self._has_tables or not (self._url or self.path.exists()):
            if not self._url:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            _create_tables(engine)
            self._has_tables = True
        return engine


def lock_name(connection: Connection, name: str) -> None:
    """Hold off whoever locks the same name, until this transaction ends.

    PostgreSQL alone needs it, where a transaction does not see what others have not committed; in
    SQLite the first write of a transaction holds off all others.
    """
    from sqlalchemy import text

    if connection.dialect.name == "postgresql":
        query = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
        connection.execute(query, {"name": name})


@functools.lru_cache(maxsize=8)
def _engine_of_file(path: Path, has_pool: bool) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    pool: dict[str, Any] = (
        {"pool_size": _LARGEST_POOL, "max_overflow": _LARGEST_POOL}
        if has_pool
        else {"poolclass": NullPool}
    )
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": _BUSY_TIMEOUT_S, "check_same_thread": False},
        **pool,
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


@functools.lru_cache(maxsize=8)
def _engine_of_url(url: str) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    # psycopg 3 is the driver of our extra; SQLAlchemy would look for psycopg2.
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            url = f"postgresql+psycopg://{url.removeprefix(prefix)}"
    try:
        return create_engine(
            url, pool_size=_LARGEST_POOL, max_overflow=_LARGEST_POOL, pool_pre_ping=True
        )
    except ModuleNotFoundError as exc:
        raise ConfigurationError(
            f"The database needs the package {exc.name}, which is not installed.",
            hint='Run: pip install "shaperotator-magic[postgres]"',
            setting="database",
        ) from exc
    except (ArgumentError, NoSuchModuleError) as exc:
        raise ConfigurationError(
            "The URL of the database is not understood.",
            hint="Write it like postgresql://user:password@host/name.",
            setting="database",
        ) from exc


def _create_tables(engine: Engine) -> None:
    from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

    metadata = next(iter(build_tables().values())).metadata
    # Two threads or processes may make them in the same instant: each round at least one table
    # more is there, whoever made it.
    for _ in range(len(metadata.tables)):
        try:
            metadata.create_all(engine)
        except (OperationalError, ProgrammingError, IntegrityError) as exc:
            if "already exists" not in str(exc):
                raise
        else:
            return
    metadata.create_all(engine)
