"""Whether a SQLite file is whole. It is read by a connection of its own, and never changed.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from pathlib import Path
from urllib.parse import quote

_WHOLE_UP_TO_BYTES = 256_000_000
"""Of larger files only the tables that the service updates are checked. Generations, which are most
of a file and only appended to, are left out."""
_SMALL_TABLES = ("tasks", "tokens", "feedback")
_TIMEOUT_S = 5.0
_BEING_MADE_S = 1.0
_TICK_S = 0.05


def find_kind_fault(path: Path) -> str | None:
    """Return why a path cannot be a store that there was before; None where it may be.

    A file of 0 bytes held something once: ours are never empty, but for the moment in which another
    process makes one, which is waited for.
    """
    deadline = time.monotonic() + _BEING_MADE_S
    while True:
        try:
            facts = path.stat()
        except OSError:
            return None  # there is none, or creating one will raise the reason
        if not stat.S_ISREG(facts.st_mode):
            return "is no regular file"
        if facts.st_size:
            return None
        if time.monotonic() > deadline or time.time() > facts.st_mtime + _BEING_MADE_S:
            return "is empty (0 bytes): what was in it is gone"
        time.sleep(_TICK_S)


def find_damage(path: Path, *, is_thorough: bool = False) -> str | None:
    """Return what is damaged in a store; None where nothing is.

    Parameters
    ----------
    path
        The file, which is there.
    is_thorough
        Read all of it, whatever its size: about 0.25 s for 100 MB.

    Raises
    ------
    sqlite3.Error
        It cannot be read at all.
    """
    is_whole = is_thorough or path.stat().st_size <= _WHOLE_UP_TO_BYTES
    # Another cache would not show what has changed in the file.
    address = f"file:{quote(os.fspath(path.absolute()))}?mode=ro&cache=private"
    connection = sqlite3.connect(address, uri=True, timeout=_TIMEOUT_S)
    try:
        checks = ["PRAGMA quick_check(1)"]
        if not is_whole:
            checks = [f"PRAGMA quick_check({table})" for table in _SMALL_TABLES]
        for check in checks:
            found = str(connection.execute(check).fetchone()[0])
            if found != "ok":
                return " ".join(found.split())
    finally:
        connection.close()
    return None
