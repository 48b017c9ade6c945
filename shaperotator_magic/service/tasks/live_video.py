"""What is drawn so far of a task's video, put where finished videos are, for the page and clients.

Runs in a runner, a process that the service starts.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from shaperotator_magic.core.errors import ServiceUnavailableError
from shaperotator_magic.core.records import SegmentReady
from shaperotator_magic.service.videos import (
    LARGEST_LIVE_BYTES,
    VideoStorage,
    name_live,
    open_storage,
)

_LEAST_PAUSE_S = 1.0


class LiveVideo:
    """The growing video of one task; the service deletes it when the task has ended.

    Parameters
    ----------
    location
        As for ``open_storage``.
    """

    def __init__(self, task_id: str, location: str) -> None:
        self._name = name_live(task_id)
        self._location = location
        self._storage: VideoStorage | None = None
        self._next_at = 0.0

    def publish(self, segment: SegmentReady) -> bool:
        """Replace the video by a longer one; False where it is too soon, too large or impossible.

        The task goes on where it cannot be stored: its end will say so.
        """
        if time.monotonic() < self._next_at or segment.size_bytes > LARGEST_LIVE_BYTES:
            return False
        try:
            self._publish(segment)
        except (ServiceUnavailableError, OSError) as exc:
            sys.stderr.write(f"{self._name}: {exc}\n")
            return False
        finally:
            self._next_at = time.monotonic() + _LEAST_PAUSE_S
        return True

    def _publish(self, segment: SegmentReady) -> None:
        self._storage = self._storage or open_storage(self._location)
        with tempfile.TemporaryDirectory() as folder:
            part = Path(folder, self._name)
            with segment.path.open("rb") as growing:
                part.write_bytes(growing.read(segment.size_bytes))
            self._storage.publish(part, self._name)
