"""Removed results can be brought back until the kernel ends: their files wait in a folder.

The folder is deleted when the kernel ends; that of a killed kernel is swept by the next one.

Runs in the user's kernel.
"""

from __future__ import annotations

import atexit
import shutil
from pathlib import Path
from uuid import uuid4

from shaperotator_magic.core.records import Generation
from shaperotator_magic.rendering.exchange.owned_folders import OwnedFolder, sweep_folders

_FOLDER_PREFIX = "shaperotator-removed-"


class Removals:
    """The removed results of one kernel that can still be brought back."""

    def __init__(self) -> None:
        self._folder: OwnedFolder | None = None
        self._removed: dict[str, tuple[Path, ...]] = {}
        self._kept: dict[Path, Path] = {}
        sweep_folders(_FOLDER_PREFIX)

    @property
    def latest(self) -> str | None:
        """The identifier of the result that was removed last."""
        return next(reversed(self._removed), None)

    def can_restore(self, generation_id: str) -> bool:
        """Return whether a result was removed here and can be brought back."""
        return generation_id in self._removed

    def put_away(self, generation: Generation, *, is_wanted: bool) -> None:
        """Move the files of a removed result out of sight.

        Parameters
        ----------
        is_wanted
            Another result shows the same video: the files stay where they are.
        """
        video = generation.video
        paths = video.files if video is not None else ()
        self._removed[generation.generation_id] = paths
        for path in () if is_wanted else paths:
            if path.exists():
                kept = self._find_folder() / uuid4().hex
                shutil.move(path, kept)
                self._kept[path] = kept

    def forget(self, generation_id: str) -> None:
        """Delete the files of a removed result at once, where it was removed before."""
        for path in self._removed.pop(generation_id, ()):
            kept = self._kept.pop(path, None)
            if kept is not None:
                kept.unlink()

    def restore(self, generation_id: str) -> None:
        """Move the files of a result back to where they were."""
        for path in self._removed.pop(generation_id):
            kept = self._kept.pop(path, None)
            if kept is not None and not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(kept, path)

    def close(self) -> None:
        """Delete what was removed."""
        self._removed.clear()
        self._kept.clear()
        if self._folder is not None:
            atexit.unregister(self.close)
            self._folder.delete()
            self._folder = None

    def _find_folder(self) -> Path:
        if self._folder is None:
            self._folder = OwnedFolder(_FOLDER_PREFIX)
            atexit.register(self.close)
        return self._folder.path
