"""A real PostgreSQL in a folder of its own, on loopback; where its programs are installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from tests.running_service import find_free_port

_NOBODY = "nobody"  # its programs refuse to run as root


def find_programs() -> Path | None:
    """Return the folder of ``initdb`` and ``pg_ctl``; Debian does not put it on the path."""
    places = [Path(name) for name in os.environ.get("PATH", "").split(os.pathsep) if name]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in places:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


class RunningPostgres:
    """A running server; ``make_database`` gives the URL of a new database."""

    def __init__(self, port: int) -> None:
        self._port = port

    def make_database(self) -> str:
        import psycopg

        name = f"test_{uuid4().hex}"
        with psycopg.connect(self._build_url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._build_url(name)

    def _build_url(self, name: str) -> str:
        return f"postgresql://shapes:secret-word@127.0.0.1:{self._port}/{name}"


@contextlib.contextmanager
def start_postgres(programs: Path) -> Iterator[RunningPostgres]:
    """Make a cluster with password log-in, start it, and delete it at the end."""
    user = _NOBODY if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    (folder / "password").write_text("secret-word", encoding="utf-8")
    if user:
        shutil.chown(folder, user)
        shutil.chown(folder / "password", user)
    port = find_free_port()

    def run(program: str, *words: str) -> None:
        with (folder / "said").open("ab") as said:
            subprocess.run(
                [programs / program, "--pgdata", folder / "data", *words],
                check=True, cwd=folder, user=user, stdout=said, stderr=said,
                stdin=subprocess.DEVNULL, timeout=600,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            )  # fmt: skip

    try:
        run("initdb", "--username", "shapes", "--auth", "scram-sha-256", "--no-sync",
            "--pwfile", str(folder / "password"), "--encoding", "UTF8")  # fmt: skip
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        run("pg_ctl", "--wait", "--timeout", "90", "--options", options, "start")
        try:
            yield RunningPostgres(port)
        finally:
            run("pg_ctl", "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
