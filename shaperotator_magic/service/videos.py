"""Where finished videos are stored: a folder, or any location that fsspec knows.

Names are made by the service, ``TASK.mp4``, ``TASK.png``, ``TASK.poster.png`` and ``TASK.srg``, and
``TASK.live.mp4`` while it is drawn, so that the task, and with it the owner, is known from the
name; any other name does not exist.

Runs in the service's web process.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from shaperotator_magic.core.atomic_files import replacing
from shaperotator_magic.core.errors import ConfigurationError, ServiceUnavailableError

_NAME = re.compile(r"([0-9a-f]{32})(\.mp4|\.png|\.poster\.png|\.srg|\.live\.mp4)")
_LIVE = ".live.mp4"
LARGEST_LIVE_BYTES = 4_000_000  # a reader fetches the whole video so far each time
_CHUNK_BYTES = 262_144


def find_task_id(name: str) -> str | None:
    """Return the task that a video's name belongs to; None for what is no such name."""
    found = _NAME.fullmatch(name)
    return found[1] if found else None


def name_video(task_id: str, media_type: str) -> str:
    """Return the name of a task's video, or of its still picture."""
    return f"{task_id}.mp4" if media_type == "video/mp4" else f"{task_id}.png"


def name_poster(task_id: str) -> str:
    """Return the name of a task's poster."""
    return f"{task_id}.poster.png"


def name_geometry(task_id: str) -> str:
    """Return the name of the shapes of a task's video."""
    return f"{task_id}.srg"


def name_live(task_id: str) -> str:
    """Return the name of what is drawn so far of a task's video."""
    return f"{task_id}{_LIVE}"


def is_growing(name: str) -> bool:
    """Return whether the file of this name is replaced by longer ones."""
    return name.endswith(_LIVE)


@dataclass
class OpenVideo:
    """A video that can be read; the reader closes it by reading to its end, or by ``close``."""

    stream: BinaryIO
    size_bytes: int

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to, and not including, ``end``, and close."""
        with self.stream:
            self.stream.seek(start)
            while start < end:
                chunk = self.stream.read(min(_CHUNK_BYTES, end - start))
                if not chunk:
                    return
                start += len(chunk)
                yield chunk

    def close(self) -> None:
        """Give the file back unread."""
        self.stream.close()


class VideoStorage(Protocol):
    """Stores videos by name."""

    def publish(self, source: Path, name: str) -> None:
        """Put a file into the storage; it is there whole, or not at all.

        Raises
        ------
        ServiceUnavailableError
            It cannot be written there.
        """

    def open(self, name: str) -> OpenVideo | None:
        """Open a video to read it; None where there is none."""

    def delete(self, name: str) -> None:
        """Delete a video; what is no file of ours, or not there, is left alone."""


def open_storage(location: str) -> VideoStorage:
    """Return the storage at a folder or at a URL such as ``s3://bucket/videos``.

    Raises
    ------
    ConfigurationError
        The location needs a package that is not installed, or is not understood.
    """
    if "://" not in location:
        return FolderStorage(Path(location))
    try:
        from fsspec.core import url_to_fs

        filesystem, root = url_to_fs(location)
    except ImportError as exc:
        raise ConfigurationError(
            f"Videos at {location.partition(':')[0]}:// need a package that is missing: {exc}",
            hint='Run: pip install "shaperotator-magic[cluster]", and the one that it names.',
            setting="videos",
        ) from exc
    except ValueError as exc:
        raise ConfigurationError(
            f"The location of the videos is not understood: {exc}",
            hint="Name a folder, or a URL that fsspec knows.",
            setting="videos",
        ) from exc
    return RemoteStorage(filesystem, root)


class FolderStorage:
    """Videos in one folder of this machine. Links in it are not followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def publish(self, source: Path, name: str) -> None:
        """See ``VideoStorage.publish``."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with replacing(self._folder / name) as unfinished:
                shutil.copyfile(source, unfinished)
        except OSError as exc:
            raise _refuse(exc) from exc

    def open(self, name: str) -> OpenVideo | None:
        """See ``VideoStorage.open``."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            descriptor = os.open(self._folder / name, flags | getattr(os, "O_BINARY", 0))
        except OSError:
            return None
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            os.close(descriptor)
            return None
        return OpenVideo(os.fdopen(descriptor, "rb"), facts.st_size)

    def delete(self, name: str) -> None:
        """See ``VideoStorage.delete``."""
        with contextlib.suppress(IsADirectoryError, PermissionError):
            (self._folder / name).unlink(missing_ok=True)


class RemoteStorage:
    """Videos in a file system of fsspec's, which several machines reach."""

    def __init__(self, filesystem: Any, root: str) -> None:
        self._filesystem = filesystem
        self._root = root.rstrip("/")

    def publish(self, source: Path, name: str) -> None:
        """See ``VideoStorage.publish``."""
        try:
            self._filesystem.makedirs(self._root, exist_ok=True)
            # One call, one object: object stores show it when it is whole. Where it is a plain
            # folder, a half copied file is replaced when the task runs again.
            self._filesystem.put_file(str(source), self._path(name))
        except OSError as exc:
            raise _refuse(exc) from exc

    def open(self, name: str) -> OpenVideo | None:
        """See ``VideoStorage.open``."""
        path = self._path(name)
        try:
            facts = self._filesystem.info(path)
            if facts["type"] != "file":
                return None
            return OpenVideo(self._filesystem.open(path, "rb"), int(facts["size"]))
        except OSError:
            return None

    def delete(self, name: str) -> None:
        """See ``VideoStorage.delete``."""
        with contextlib.suppress(FileNotFoundError, IsADirectoryError, PermissionError):
            self._filesystem.rm_file(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"


def _refuse(error: OSError) -> ServiceUnavailableError:
    return ServiceUnavailableError(
        f"The finished video cannot be stored: {error.strerror or error}.",
        hint="Tell whoever runs the service; the scene's code is kept.",
    )
