"""A cache of files by key: verified when they are read, bounded in total size.

A file holds a line with the SHA-256 of the rest, a line of JSON (its header), and its content. It
is written atomically and never changed, so that no reader meets an incomplete one. A file whose
hash differs is ignored.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shaperotator_magic.core.atomic_files import replacing

_ABANDONED_AFTER_S = 3600


class FileCache:
    """The cached files of one folder, which is created with the first of them.

    Parameters
    ----------
    largest_bytes
        Beyond this the least recently used files are deleted.
    """

    def __init__(self, folder: Path, *, largest_bytes: int) -> None:
        self._folder = folder
        self._largest_bytes = largest_bytes

    def read(self, name: str) -> tuple[Any, bytes] | None:
        """Return the header and the content of a file; None where it is missing or damaged."""
        place = self._folder / name
        try:
            digest, _, content = place.read_bytes().partition(b"\n")
            if hashlib.sha256(content).hexdigest().encode() != digest:
                return None
            now = time.time()
            os.utime(place, (now, now))
        except OSError:
            return None
        header, _, rest = content.partition(b"\n")
        return json.loads(header), rest

    def write(self, name: str, header: Any, content: bytes) -> None:
        """Store a file; an earlier one of its name is replaced."""
        self._folder.mkdir(parents=True, exist_ok=True)
        whole = b"\n".join([json.dumps(header).encode(), content])
        digest = hashlib.sha256(whole).hexdigest().encode()
        with replacing(self._folder / name) as unfinished:
            unfinished.write_bytes(digest + b"\n" + whole)

    def forget(self, name: str) -> None:
        """Delete a file, if it is there."""
        (self._folder / name).unlink(missing_ok=True)

    def evict(self) -> None:
        """Delete the least recently used files beyond the limit, and abandoned ones."""
        files = sorted(self._list(), key=lambda file: file[1])
        excess = sum(size for _, _, size in files) - self._largest_bytes
        now = time.time()
        for path, used_at, size in files:
            is_abandoned = path.suffix == ".unfinished" and used_at < now - _ABANDONED_AFTER_S
            if excess > 0 or is_abandoned:
                path.unlink(missing_ok=True)
                excess -= size

    def _list(self) -> Iterator[tuple[Path, float, int]]:
        for path in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process evicted it
                facts = path.stat()
                yield path, facts.st_mtime, facts.st_size
