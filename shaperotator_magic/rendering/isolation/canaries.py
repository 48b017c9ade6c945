"""Attacks that must fail, tried from a scene's process: proof that the layers hold on this machine.

They are our own code, in a process that is forked and confined exactly like a scene's. A service
runs them before it takes its first job.

Runs in the supervisor and in a scene's process.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shaperotator_magic.rendering.exchange.channel import Send
from shaperotator_magic.rendering.isolation.syscalls import find_number

_CLONE_NEWUSER = 0x10000000
_PTRACE_ATTACH = 16


def try_escapes(job: dict[str, Any], send: Send) -> int:
    """Try every attack on the file ``job["target"]``, which belongs to somebody else."""
    os.chdir(job["folder"])
    target = Path(job["target"])
    send(result={name: _is_held(attack, target) for name, attack in _ATTACKS})
    return 0


def _is_held(attack: Callable[[Path], object], target: Path) -> bool:
    try:
        attack(target)
    except OSError:
        return True
    return False


def _append(target: Path) -> None:
    with target.open("a") as file:
        file.write("x")


def _empty_while_reading(target: Path) -> None:
    os.close(os.open(target, os.O_RDONLY | os.O_TRUNC))


def _read_memory_of_parent(_: Path) -> None:
    os.close(os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY))


def _read_environment_of_parent(_: Path) -> None:
    Path(f"/proc/{os.getppid()}/environ").read_bytes()


def _fork(_: Path) -> None:
    process = os.fork()
    if process == 0:
        os._exit(0)
    os.waitpid(process, 0)


def _start_program(_: Path) -> None:
    # A program that is there would take this process's place: that the kernel looks is enough.
    with contextlib.suppress(FileNotFoundError):
        os.execv("/no/such/program", ["program"])  # noqa: S606 - it must fail


def _reach_the_network(_: Path) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def _keep_other_name(target: Path) -> None:
    Path("link").symlink_to(target)


def _call(name: str, *arguments: int) -> None:
    number = find_number(name)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), name)


_ATTACKS: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("read a file of yours", Path.read_bytes),
    ("write to a file of yours", _append),
    ("empty a file of yours", lambda target: os.truncate(target, 0)),
    ("empty a file while reading it", _empty_while_reading),
    ("change the mode of a file of yours", lambda target: target.chmod(0o777)),
    ("make a file beside it", lambda target: target.with_name("made").write_bytes(b"")),
    ("read the account list", lambda _: Path("/etc/passwd").read_bytes()),
    ("read its parent's environment", _read_environment_of_parent),
    ("read its parent's memory", _read_memory_of_parent),
    ("trace its parent", lambda _: _call("ptrace", _PTRACE_ATTACH, os.getppid(), 0, 0)),
    ("signal its parent", lambda _: os.kill(os.getppid(), signal.SIGCONT)),
    ("fork", _fork),
    ("start a program", _start_program),
    ("reach the network", _reach_the_network),
    ("leave a link for whoever reads its folder", _keep_other_name),
    ("become another user", lambda _: _call("unshare", _CLONE_NEWUSER)),
    ("pass the filter by io_uring", lambda _: _call("io_uring_setup", 1, 0)),
)
