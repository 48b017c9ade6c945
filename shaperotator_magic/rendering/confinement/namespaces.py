"""Bubblewrap: the render process gets a file system, a network and a process table of its own.

It needs the ``bwrap`` program and a system that lets ordinary users make namespaces. Docker,
JupyterHub and Ubuntu 24.04 often do not; then Landlock and seccomp hold alone.
"""

from __future__ import annotations

import shutil
import subprocess

_TRIAL_TIMEOUT_S = 10


def find_bubblewrap() -> str | None:
    """Return the path of the ``bwrap`` program."""
    return shutil.which("bwrap")


def can_make_namespaces() -> bool:
    """Try whether bubblewrap gets every namespace that it is asked for, a fresh /proc included."""
    bubblewrap = find_bubblewrap()
    if bubblewrap is None:
        return False
    command = [
        bubblewrap, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL",
        "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--", "true",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TRIAL_TIMEOUT_S, check=False)  # noqa: S603 - a fixed command
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
