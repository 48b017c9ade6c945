"""Temporary folders with a lock that shows whether their owner still runs.

The owner holds a lock on the folder as long as it lives; the system releases the lock when the
process is killed, also in another container. Without such locks (Windows), nothing is swept.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from shaperotator_magic.rendering.exchange.folders import delete_folder

if sys.platform != "win32":
    import fcntl

_HAS_LOCKS = sys.platform != "win32"


class OwnedFolder:
    """A new folder below the system's folder for temporary files; this process is its owner.

    It gets its name when it is locked, so that a folder of that name without a lock is abandoned;
    where the file system has no locks, it has another name, and is never swept.
    """

    def __init__(self, prefix: str) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=f".{prefix}")).resolve()
        self._descriptor = _open(self.path) if _HAS_LOCKS else None
        if self._descriptor is not None and _lock(self._descriptor):
            self.path = self.path.rename(self.path.with_name(f"{prefix}{uuid4().hex}"))

    def __enter__(self) -> OwnedFolder:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.delete()

    def delete(self) -> None:
        """Delete the folder with all that is in it."""
        delete_folder(self.path)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def sweep_folders(prefix: str) -> int:
    """Delete folders whose owner has died, and return how many there were.

    Only folders of this user are touched; a link that has such a name is not one.
    """
    if not _HAS_LOCKS:
        return 0
    return sum(_sweep(path) for path in _list(prefix))


def _list(prefix: str) -> Iterator[Path]:
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(prefix) and entry.is_dir(follow_symlinks=False):
                yield Path(entry.path)


def _sweep(path: Path) -> bool:
    with contextlib.suppress(OSError):
        descriptor = _open(path)
        try:
            if os.fstat(descriptor).st_uid == os.geteuid() and _lock(descriptor):
                delete_folder(path)
                return True
        finally:
            os.close(descriptor)
    return False


def _open(path: Path) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    with contextlib.suppress(PermissionError):
        return os.open(path, flags)
    # A scene may have closed it; the owner may open it again.
    if not stat.S_ISDIR(path.lstat().st_mode):
        raise NotADirectoryError(path)
    path.chmod(stat.S_IRWXU)
    return os.open(path, flags)


def _lock(descriptor: int) -> bool:
    """Lock a folder; False where another process has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
