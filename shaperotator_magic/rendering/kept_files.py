"""Files that are kept by a key, checked when they are read, bounded in size altogether.

Each has a line with a hash of the rest, a line of JSON that describes it, and its content. It is
written in one step and never changed, so a reader never meets half of one, and what does not have
its hash is not used.
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

from shaperotator_magic.rendering.whole_files import written_whole

_ABANDONED_AFTER_S = 3600


class KeptFiles:
    """The files of one folder, which is made when the first is written.

    Parameters
    ----------
    largest_bytes
        Beyond this those that were longest not used are deleted.
    """

    def __init__(self, folder: Path, *, largest_bytes: int) -> None:
        self._folder = folder
        self._largest_bytes = largest_bytes

    def read(self, name: str) -> tuple[Any, bytes] | None:
        """Return what describes a file and its content; None where there is none that is whole."""
        place = self._folder / name
        try:
            told, _, content = place.read_bytes().partition(b"\n")
            if hashlib.sha256(content).hexdigest().encode() != told:
                return None
            now = time.time()
            os.utime(place, (now, now))
        except OSError:
            return None
        header, _, rest = content.partition(b"\n")
        return json.loads(header), rest

    def write(self, name: str, header: Any, content: bytes) -> None:
        """Keep a file, in place of an earlier one of its name."""
        self._folder.mkdir(parents=True, exist_ok=True)
        whole = b"\n".join([json.dumps(header).encode(), content])
        told = hashlib.sha256(whole).hexdigest().encode()
        with written_whole(self._folder / name) as unfinished:
            unfinished.write_bytes(told + b"\n" + whole)

    def forget(self, name: str) -> None:
        """Delete a file, if it is there."""
        (self._folder / name).unlink(missing_ok=True)

    def make_room(self) -> None:
        """Delete what is too much."""
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
            with contextlib.suppress(FileNotFoundError):  # another process made room as well
                facts = path.stat()
                yield path, facts.st_mtime, facts.st_size
