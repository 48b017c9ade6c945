"""Connections and transactions of the store: a SQLite file, or a server by its SQLAlchemy URL.

May import errors and (lazily, for it costs 0.1 s) sqlalchemy.

A SQLite file is opened in write-ahead mode with full synchronisation: what a transaction wrote
survives a killed process, and several processes write to one file at once.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shaperotator_magic.core.errors import ConfigurationError, FeedbackError
from shaperotator_magic.keeping.integrity import find_damage, find_kind_fault
from shaperotator_magic.keeping.tables import build_tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_BUSY_TIMEOUT_S = 15.0
_LARGEST_POOL = 20
_MOVED = "was moved or replaced while it was in use"


class Database:
    """Connections to one database, each a transaction.

    Parameters
    ----------
    path
        The SQLite file; its folder and tables are made at the first use.
    url
        A database server to use in place of the file, such as ``postgresql://user@host/name``.
    has_pool
        Pool connections between calls. A server does; a kernel does not, for other kernels use its
        file, and an open handle would hold on to a file that was moved or replaced.
    """

    def __init__(self, path: Path, *, url: str | None = None, has_pool: bool = False) -> None:
        self.path = path
        self._url = url
        self._has_pool = has_pool
        self._has_tables = False
        self._inode: int | None = None  # of the file that open connections use
        self.failed_at = float("-inf")
        """Time of ``time.monotonic`` at which it could last not be used."""

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Open a transaction: committed at the end, rolled back by an exception.

        Raises
        ------
        FeedbackError
            The database is damaged, read-only, out of reach, or not ours.
        """
        from sqlalchemy.exc import IntegrityError, SQLAlchemyError

        try:
            with self._open_engine().begin() as connection:
                yield connection
        except SQLAlchemyError as exc:
            if not isinstance(exc, IntegrityError):
                self.failed_at = time.monotonic()
            reason = str(getattr(exc, "orig", None) or exc).splitlines()[0]
            raise self.build_error(f"cannot be used: {reason}") from exc
        except OSError as exc:
            self.failed_at = time.monotonic()
            raise self.build_error(f"cannot be used: {exc.strerror or exc}") from exc

    def check(self, *, is_thorough: bool = False) -> None:
        """Look whether the store is whole, as it lies on the disk; the file is not changed.

        Parameters
        ----------
        is_thorough
            Read all of a large file, too, as at the start of a service.

        Raises
        ------
        FeedbackError
            It is damaged, was emptied, moved or replaced, or cannot be read.
        """
        if self._url:
            self._ask_server()
            return
        fault = find_kind_fault(self.path)
        if fault is None and self._inode is not None and self._inode != self._find_inode():
            fault = _MOVED
        if fault is None and self.path.exists():
            try:
                damage = find_damage(self.path, is_thorough=is_thorough)
            except (sqlite3.Error, OSError) as exc:
                damage = str(exc)
            fault = f"is damaged: {damage}" if damage else None
        if fault is not None:
            raise self._build_fault(fault)

    def _prepare_file(self) -> None:
        if (fault := find_kind_fault(self.path)) is not None:
            raise self._build_fault(fault)
        self.path.parent.mkdir(parents=True, exist_ok=True)

    def _ask_server(self) -> None:
        from sqlalchemy import text

        with self.connect() as connection:
            connection.execute(text("SELECT 1"))

    def _find_inode(self) -> int | None:
        return self.path.stat().st_ino if self.path.exists() else None

    def _build_fault(self, fault: str) -> FeedbackError:
        return FeedbackError(
            f"The store {self.path} {fault}.",
            hint="The file is kept as it is: put a backup in its place, or move it away to begin "
            "a new one.",
            path=str(self.path),
        )

    def build_error(self, what: str) -> FeedbackError:
        """Return an error that describes what is wrong with this database."""
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
        if self._inode is not None and not self.path.exists():
            raise self._build_fault(_MOVED)  # open connections would go on in the moved file
        if not self._has_tables or not (self._url or self.path.exists()):
            if not self._url:
                self._prepare_file()
            _create_tables(engine)
            self._has_tables = True
            if self._has_pool and not self._url:
                self._inode = self._find_inode()
        return engine


def lock_name(connection: Connection, name: str) -> None:
    """Lock a name until this transaction ends; other transactions wait for it.

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
