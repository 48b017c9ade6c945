"""Bubblewrap: the supervisor gets a file system, a network and a process table of its own.

It needs the ``bwrap`` program and a system that lets ordinary users create namespaces. Docker,
JupyterHub and Ubuntu 24.04 often do not; then Landlock and seccomp are the only layers.

Runs in the supervisor and in a scene's process.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

INSIDE = Path("/shaperotator")
"""Where the working folder is found inside: a scene learns nothing from its own path."""

_TRIAL_TIMEOUT_S = 10
_APART = (
    "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
    "--hostname", "scene",
)  # fmt: skip
_USUAL_LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
# Cleans up also when the caller was killed, and is one process with one thread:
# --die-with-parent ends bubblewrap with the thread that started it.
_KEEPER = '"$@"; status=$?; rm -rf -- "$0"; exit $status'


@functools.cache
def find_bubblewrap() -> str | None:
    """Return the path of a ``bwrap`` that works here, None where there is none.

    Tries it with every namespace that is used later, a new /proc included.
    """
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        return None
    command = [
        bubblewrap, *_APART, "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev",
        "--", "true",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TRIAL_TIMEOUT_S, check=False)  # noqa: S603 - a fixed command
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else bubblewrap


def wrap_command(command: list[str], folder: Path, readable: Iterable[Path]) -> list[str]:
    """Return a command that runs another one in namespaces of its own.

    Parameters
    ----------
    folder
        The one folder that it can write to, found inside at ``INSIDE``; deleted when it ends.
    readable
        Files and folders that exist inside, read-only, besides /usr.
    """
    bubblewrap = find_bubblewrap()
    assert bubblewrap is not None  # noqa: S101 - find_bubblewrap was called before
    shell = ["/bin/sh", "-c", _KEEPER, str(folder)]
    return [
        *shell, bubblewrap, *_APART,
        "--ro-bind", "/usr", "/usr", *_build_links(),
        "--proc", "/proc", "--dev", "/dev", "--dir", "/tmp",  # noqa: S108 - empty and read-only
        *_build_binds(readable),
        "--bind", str(folder), str(INSIDE), "--chdir", str(INSIDE), "--remount-ro", "/",
        "--", *command,
    ]  # fmt: skip


def _build_links() -> Iterator[str]:
    for name in _USUAL_LINKS:
        if os.path.islink(name):  # noqa: PTH114 - beside readlink, which has no like in pathlib
            yield from ("--symlink", os.readlink(name), name)  # noqa: PTH115 - kept relative
        elif Path(name).is_dir():
            yield from ("--ro-bind", name, name)


def _build_binds(readable: Iterable[Path]) -> Iterator[str]:
    covered = [Path("/usr"), Path("/dev"), *map(Path, _USUAL_LINKS)]
    for path in sorted(set(readable), key=lambda path: len(path.parts)):
        if not any(path.is_relative_to(above) for above in covered):
            covered.append(path)
            yield from ("--ro-bind-try", str(path), str(path))
