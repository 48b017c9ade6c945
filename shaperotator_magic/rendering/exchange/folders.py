"""Folders that a scene filled: measured and deleted safely.

A scene can nest thousands of folders, beyond the longest path and Python's recursion limit, and
make folders without permissions. Nothing here follows a link or builds a long path.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

_STEPS_DOWN = 50


@dataclass(frozen=True)
class FolderSize:
    """What is in a folder, counted until a bound was passed."""

    files: int
    """Files and folders."""
    size_bytes: int
    """What they take on the disk; a hole in a file takes nothing."""
    depth: int


def measure_folder(folder: Path, *, most_files: int, most_depth: int) -> FolderSize:
    """Count what a folder holds; stops soon after one of the bounds is passed."""
    files = size_bytes = depth = 0
    waiting = [(str(folder), 1)]
    while waiting and files <= most_files and depth <= most_depth:
        path, depth_here = waiting.pop()
        depth = max(depth, depth_here)
        for facts, inner in _list(path):
            files += 1
            size_bytes += facts.st_blocks * 512
            if stat.S_ISDIR(facts.st_mode):
                waiting.append((inner, depth_here + 1))
            if files > most_files:
                break
    return FolderSize(files, size_bytes, depth)


def _list(path: str) -> Iterator[tuple[os.stat_result, str]]:
    with contextlib.suppress(OSError), os.scandir(path) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):  # it is gone again
                yield entry.stat(follow_symlinks=False), entry.path


def delete_folder(folder: Path) -> None:
    """Delete a folder with all that is in it; nothing may write to it any more.

    Where something cannot be deleted, such as a file of another user, it stays.
    """
    if not hasattr(os, "O_NOFOLLOW"):
        shutil.rmtree(folder, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        _open_up(folder)
        _Deletion(folder).run()
        folder.rmdir()


class _Deletion:
    """Empties one folder by descriptors; what lies too deep is first moved to the top."""

    def __init__(self, folder: Path) -> None:
        self._top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        self._moved = 0

    def run(self) -> None:
        try:
            before = -1
            while self._moved != before:
                before = self._moved
                self._empty(self._top, 0)
        finally:
            os.close(self._top)

    def _empty(self, descriptor: int, steps: int) -> None:
        for name in os.listdir(descriptor):
            try:
                os.unlink(name, dir_fd=descriptor)
            except (IsADirectoryError, PermissionError):
                with contextlib.suppress(OSError):
                    self._delete_inner(name, descriptor, steps)
            except OSError:
                continue

    def _delete_inner(self, name: str, descriptor: int, steps: int) -> None:
        if not stat.S_ISDIR(os.lstat(name, dir_fd=descriptor).st_mode):
            return
        os.chmod(name, stat.S_IRWXU, dir_fd=descriptor)
        if steps >= _STEPS_DOWN:
            to_top = {"src_dir_fd": descriptor, "dst_dir_fd": self._top}
            os.rename(name, uuid4().hex, **to_top)  # noqa: PTH104 - by descriptor
            self._moved += 1
            return
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
        try:
            self._empty(inner, steps + 1)
        finally:
            os.close(inner)
        os.rmdir(name, dir_fd=descriptor)


def _open_up(folder: Path) -> None:
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise NotADirectoryError(folder)
    folder.chmod(stat.S_IRWXU)
