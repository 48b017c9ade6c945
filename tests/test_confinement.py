"""The layers one by one: what a confined process can still do, and each trap that was met."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shaperotator_magic.rendering.isolation import (
    landlock,
    readable,
    seccomp,
)
from shaperotator_magic.rendering.isolation.confining import Layers
from shaperotator_magic.rendering.isolation.isolation import probe_isolation
from shaperotator_magic.rendering.isolation.syscalls import ARCHITECTURES, find_number

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

HERE = probe_isolation()
needs_landlock = pytest.mark.skipif(not HERE.landlock_abi, reason="this kernel has no Landlock")
needs_seccomp = pytest.mark.skipif(not HERE.has_seccomp, reason="this kernel has no seccomp")

ABIS = [abi for abi in (1, 2, 3, 4, 6, 7) if abi <= max(1, HERE.landlock_abi)]

# Runs in a process of its own: confines it as a scene's, then tries one thing after another.
PROBE = """
import ctypes, fcntl, json, os, resource, signal, socket, sys, threading
from pathlib import Path
from shaperotator_magic.rendering.isolation.isolation import probe_isolation
from shaperotator_magic.rendering.isolation.confining import Layers, confine_scene
from shaperotator_magic.rendering.isolation.readable import find_readable
job, given, private = map(Path, sys.argv[1:4])
layers = Layers.from_dict(json.loads(sys.argv[4]))
confine_scene(job, layers, readable=(*find_readable(), given), cpu_s=20, has_own_users=False)
os.chdir(job)
libc = ctypes.CDLL(None, use_errno=True)

def call(name, *arguments):
    from shaperotator_magic.rendering.isolation.syscalls import find_number
    if libc.syscall(find_number(name), *arguments) < 0:
        raise OSError(ctypes.get_errno(), name)

def start_thread():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()

def write_own():
    with open("own", "wb") as file:
        file.write(b"12345")
        file.truncate(3)
    os.rename("own", "renamed")

def set_owner():
    read, _ = os.pipe()
    fcntl.fcntl(read, 8, os.getppid())

attempts = {
    "read what is given": given.read_bytes,
    "write in its folder": write_own,
    "start a thread": start_thread,
    "import more": lambda: __import__("wave"),
    "read a private file": private.read_bytes,
    "list a private folder": lambda: os.listdir(private.parent),
    "write a private file": lambda: private.write_bytes(b"x"),
    "truncate what is given": lambda: os.truncate(given, 0),
    "open with O_TRUNC": lambda: os.open(given, os.O_RDONLY | os.O_TRUNC),
    "open with mode 3": lambda: os.open(given, 3 | os.O_TRUNC),
    "chmod": lambda: os.chmod(given, 0o777),
    "chown": lambda: os.chown(given, os.getuid(), os.getgid()),
    "setxattr": lambda: os.setxattr(given, "user.x", b"1"),
    "symlink": lambda: os.symlink(private, "link"),
    "hard link": lambda: os.link(given, "other-name"),
    "fifo": lambda: os.mkfifo("pipe"),
    "tcp": lambda: socket.socket(),
    "udp": lambda: socket.socket(type=socket.SOCK_DGRAM),
    "unix socket": lambda: socket.socketpair(),
    "fork": lambda: os.fork() or os._exit(0),
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "signal another": lambda: os.kill(os.getppid(), 0),
    "signal by the kernel": set_owner,
    "outlive the parent": lambda: call("prctl", 1, 0, 0, 0, 0) or libc.prctl(1, 0) and 1 / 0,
    "limit another": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE),
    "slow others down": lambda: os.setpriority(os.PRIO_USER, 0, 19),
    "lock what all read": lambda: fcntl.flock(open(given), fcntl.LOCK_EX),
    "trace": lambda: call("ptrace", 16, os.getppid(), 0, 0),
    "new namespace": lambda: call("unshare", 0x10000000),
    "io_uring": lambda: call("io_uring_setup", 1, 0),
    "keyring": lambda: call("add_key", b"user", b"x", b"y", 1, -3),
    "bpf": lambda: call("bpf", 0, 0, 0),
    "handle": lambda: call("name_to_handle_at", -100, bytes(given), 0, 0, 0),
}
said = {}
for name, attempt in attempts.items():
    try:
        attempt()
        said[name] = True
    except (OSError, RuntimeError):
        said[name] = False
os.utime(given, (1, 1))
said["environment"] = sorted(os.environ)
said["home"] = os.environ["HOME"]
said["core"] = resource.getrlimit(resource.RLIMIT_CORE)
print(json.dumps(said))
"""
ALLOWED = {"read what is given", "write in its folder", "start a thread", "import more"}


def probe(tmp_path: Path, **layers: Any) -> dict[str, Any]:
    """Return which attempts succeed on two files, of which ``given`` may be read."""
    job, given, private = tmp_path / "job", tmp_path / "given", tmp_path / "private" / "file"
    for folder in (job, private.parent):
        folder.mkdir()
    for file in (given, private):
        file.write_text("content")
        file.chmod(0o640)
        os.utime(file, (2, 2))
    arguments = [*map(str, (job, given, private)), json.dumps(Layers(**layers).as_dict())]
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENAI_API_KEY": "sk-secret"},
    )
    assert done.returncode == 0, done.stderr
    assert given.read_text() == "content"
    assert (given.stat().st_mode & 0o777, given.stat().st_mtime) == (0o640, 2)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@needs_landlock
@needs_seccomp
@pytest.mark.parametrize("abi", ABIS)
def test_confined_process_can_use_its_folder_and_nothing_else(tmp_path: Path, abi: int) -> None:
    said = probe(tmp_path, largest_abi=abi)
    assert {name for name, is_done in said.items() if is_done is True} == ALLOWED
    assert said["home"] == str(tmp_path / "job")
    assert not [name for name in said["environment"] if "KEY" in name]
    assert (tmp_path / "private" / "file").read_text() == "content"
    assert said["core"] == [0, 0]


@needs_seccomp
def test_without_landlock_files_are_readable_but_nothing_else_changes(tmp_path: Path) -> None:
    said = probe(tmp_path, landlock=False)
    assert {name for name, is_done in said.items() if is_done is True} - ALLOWED == {
        "read a private file",
        "list a private folder",
        "write a private file",
    }


# --- the filters of system calls, run by an interpreter of their own -----------------------------


def evaluate(rules: seccomp.Rules, architecture: str, name: str, *arguments: int) -> int:
    """Return what the filter answers to a call; arguments are those of the kernel."""
    number = find_number(name, architecture)
    assert number is not None
    audit = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[architecture]
    return run_filter(seccomp.compile_rules(rules, architecture), audit, number, arguments)


def run_filter(code: bytes, audit: int, number: int, arguments: tuple[int, ...]) -> int:
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=IIQ6Q", number, audit, 0, *(value & (2**64 - 1) for value in padded))
    lines = list(struct.iter_unpack("=HBBI", code))
    accumulator = at = 0
    while True:
        kind, if_true, if_false, value = lines[at]
        at += 1
        if kind == 0x06:
            return int(value)
        if kind == 0x20:
            accumulator = struct.unpack_from("=I", data, value)[0]
        elif kind == 0x54:
            accumulator &= value
        else:
            holds = accumulator == value if kind == 0x15 else accumulator >= value
            at += if_true if holds else if_false


REFUSED, MISSING, DONE = seccomp.REFUSE, 0x00050000 | 38, 0x00050000
THREAD = 0x00010000 | 0x00000F00


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("read", (0,), seccomp.ALLOW),
        ("clone", (THREAD,), seccomp.ALLOW),
        ("clone", (17,), REFUSED),
        ("clone", (THREAD | 0x10000000,), REFUSED),
        ("clone3", (), MISSING),
        ("openat2", (), MISSING),
        ("execve", (), REFUSED),
        ("socket", (2, 1), REFUSED),
        ("kill", (77, 9), seccomp.ALLOW),
        ("kill", (78, 9), REFUSED),
        ("kill", (-1, 9), REFUSED),
        ("tgkill", (78, 78, 9), REFUSED),
        ("openat", (-100, 0, os.O_RDONLY), seccomp.ALLOW),
        ("openat", (-100, 0, os.O_WRONLY | os.O_CREAT | 0o1000), seccomp.ALLOW),
        ("openat", (-100, 0, os.O_RDONLY | 0o1000), REFUSED),
        ("openat", (-100, 0, 3 | 0o1000), REFUSED),
        ("openat", (-100, 0, 3), REFUSED),
        ("prctl", (15,), seccomp.ALLOW),
        ("prctl", (1,), REFUSED),
        ("ioctl", (0, 0x5401), seccomp.ALLOW),
        ("ioctl", (0, 0x5412), 0x00050000 | 25),
        ("fcntl", (3, 3), seccomp.ALLOW),
        ("fcntl", (3, 8), REFUSED),
        ("fcntl", (3, 10), REFUSED),
        ("prlimit64", (0, 7), seccomp.ALLOW),
        ("prlimit64", (1, 7), REFUSED),
        ("utimensat", (), DONE),
        ("bpf", (), REFUSED),
    ],
)
def test_scene_filter_answers(
    architecture: str, name: str, arguments: tuple[int, ...], answer: int
) -> None:
    assert evaluate(seccomp.build_scene_rules(77), architecture, name, *arguments) == answer


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("execve", (), seccomp.ALLOW),
        ("clone", (17,), seccomp.ALLOW),
        ("clone", (17 | 0x10000000,), REFUSED),
        ("socket", (2, 1), REFUSED),
        ("io_uring_setup", (), REFUSED),
        ("ptrace", (), REFUSED),
        ("ioctl", (0, 0x5412), REFUSED),
        ("kill", (78, 9), seccomp.ALLOW),
    ],
)
def test_server_filter_answers(
    architecture: str, name: str, arguments: tuple[int, ...], answer: int
) -> None:
    assert evaluate(seccomp.build_supervisor_rules(), architecture, name, *arguments) == answer


def test_filter_ends_a_process_of_another_architecture_and_refuses_x32() -> None:
    code = seccomp.compile_rules(seccomp.build_scene_rules(77), "x86_64")
    assert run_filter(code, 0x40000003, 0, ()) == 0x80000000  # i386, by int 0x80
    assert run_filter(code, 0xC000003E, 0x40000000 | 41, ()) == REFUSED


# --- what is readable -----------------------------------------------------------------------------


def test_readable_is_neither_home_nor_where_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "project" / "package"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (tmp_path / "project" / "secret.env").touch()
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.setenv("HOME", str(tmp_path))
    for entry in ("", str(tmp_path / "notebooks"), str(tmp_path / "project"), str(tmp_path)):
        monkeypatch.syspath_prepend(entry)
    found = readable.find_readable()
    assert package in found
    wide = {tmp_path, tmp_path / "project", tmp_path / "notebooks", Path("/"), Path("/etc")}
    assert not wide & set(found)
    assert tmp_path / "notebooks" not in readable.find_import_path()


def test_readable_holds_interpreter_packages_and_fonts() -> None:
    import numpy

    found = readable.find_readable()
    for needed in (Path(os.__file__), Path(numpy.__file__), Path(readable.__file__)):
        assert any(needed.resolve().is_relative_to(folder) for folder in found)


def test_landlock_newest_version_is_what_is_asked_for_at_most() -> None:
    assert landlock.find_abi() >= 0
    assert Layers().largest_abi == landlock.NEWEST_ABI == 7


def test_layers_survive_the_way_to_the_render_process() -> None:
    layers = Layers(namespaces=False, largest_abi=2)
    assert Layers.from_dict(json.loads(json.dumps(layers.as_dict()))) == layers
