"""Bounds the age and the total size of the caches of all owners.

Runs in the service's web process.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path


def expire_caches(folder: Path, oldest: datetime, *, most_bytes: int) -> int:
    """Delete cached files not used since ``oldest``, then the oldest beyond ``most_bytes``.

    A cache that misses a file draws the scene again. Returns how many files were deleted.
    """
    found: list[tuple[float, int, Path]] = []
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            facts = path.lstat()
            if not path.is_dir():
                found.append((facts.st_mtime, facts.st_size, path))
    excess = sum(size for _, size, _ in found) - most_bytes
    count = 0
    for changed_at, size, path in sorted(found):
        if changed_at >= oldest.timestamp() and excess <= 0:
            break
        with contextlib.suppress(OSError):
            path.unlink()
            excess -= size
            count += 1
    return count
