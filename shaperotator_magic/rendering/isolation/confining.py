"""How a process confines itself: all layers, in their order.

Runs in the supervisor (``confine_supervisor``) and in its forks (``confine_scene``).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from shaperotator_magic.rendering.isolation import landlock, seccomp
from shaperotator_magic.rendering.isolation.landlock import NEWEST_ABI
from shaperotator_magic.rendering.isolation.limits import Limits, limit_process

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38

_COMPILER_LIMITS = Limits(memory_bytes=1_500_000_000, file_bytes=50_000_000)
_COMPILER_CPU_S = 60.0

# What a scene finds in its environment besides its own folder.
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "FONTCONFIG_PATH", "FONTCONFIG_FILE")


@dataclass(frozen=True)
class Layers:
    """Which layers are applied: all of them, unless a test measures what one is worth.

    No option, setting or environment variable leads here.
    """

    namespaces: bool = True
    landlock: bool = True
    seccomp: bool = True
    server_seccomp: bool = True
    process_limits: bool = True
    watchdog: bool = True
    largest_abi: int = NEWEST_ABI
    limits: Limits = field(default_factory=Limits)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as JSON-able data, for the supervisor."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Layers:
        """Return what ``as_dict`` was made from."""
        return cls(**{**data, "limits": Limits(**data["limits"])})


def confine_supervisor(layers: Layers) -> None:
    """Confine the supervisor, and with it all that it starts; before manim is imported."""
    if sys.platform == "linux":
        forbid_new_rights()
        if layers.server_seccomp and seccomp.is_available():
            seccomp.install(seccomp.build_supervisor_rules())


def confine_compilers(folder: Path, layers: Layers, *, readable: tuple[Path, ...]) -> None:
    """Leave the compilers of one formula their own files, one folder and a minute.

    They may start programs: each other, and what lies in the folders that hold them.
    """
    os.umask(0o077)
    if layers.process_limits:
        limit_process(_COMPILER_LIMITS, cpu_s=_COMPILER_CPU_S, has_own_users=False)
    if sys.platform != "linux":
        return
    forbid_new_rights()
    abi = min(landlock.find_abi(), layers.largest_abi)
    if layers.landlock and abi:
        rules = [(path, landlock.EXECUTE) for path in readable]
        written = [(folder, landlock.WRITE), (Path(os.devnull), landlock.WRITE)]
        landlock.restrict([*rules, *written], abi=abi)


def confine_scene(
    folder: Path, layers: Layers, *, readable: tuple[Path, ...], cpu_s: float, has_own_users: bool
) -> None:
    """Leave a scene's process nothing but its folder and its time; no scene code ran before.

    Parameters
    ----------
    folder
        The one place that it may write to.
    readable
        What it may read besides, as ``readable.find_readable`` gives it.
    cpu_s
        Processor seconds that it may spend.
    has_own_users
        See ``limit_process``.
    """
    _clear_environment(folder)
    os.umask(0o077)
    if layers.process_limits:
        limit_process(layers.limits, cpu_s=cpu_s, has_own_users=has_own_users)
    if sys.platform != "linux":
        return
    forbid_new_rights()
    abi = min(landlock.find_abi(), layers.largest_abi)
    if layers.landlock and abi:
        readable_rules = [(path, landlock.READ) for path in readable]
        written = [(folder, landlock.WRITE), (Path(os.devnull), landlock.WRITE)]
        landlock.restrict([*readable_rules, *written], abi=abi)
    if layers.seccomp and seccomp.is_available():
        seccomp.install(seccomp.build_scene_rules(os.getpid()))


def forbid_new_rights() -> None:
    """Make programs with more rights than their caller ordinary ones, here and below."""
    if ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError("the kernel does not forbid new rights")


def die_with_parent(parent: int) -> None:
    """End this process when its parent ends, also when that has happened already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _clear_environment(folder: Path) -> None:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    os.environ.clear()
    places = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP"), str(folder))
    os.environ.update({**kept, **places})
    tempfile.tempdir = str(folder)
