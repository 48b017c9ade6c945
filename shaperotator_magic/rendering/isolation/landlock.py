"""Landlock: the kernel lets this process open nothing but the named folders (Linux 5.13 and newer).

Every version of the interface ("ABI") covers more; ``restrict`` uses all that the kernel knows, up
to version 7. What a version lacks is closed elsewhere: truncation before version 3 and
signals before version 6 by seccomp.py. Landlock never covers stat, chmod, chown, utime and extended
attributes. Threads that run already are not covered: restrict a process while it has one.
The numbers are those of linux/landlock.h.

Runs in the supervisor and in a scene's process.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

NEWEST_ABI = 7

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # alike on all architectures
_VERSION_FLAG = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 16, 32, 128, 256
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_ALL_OF_ABI_1 = (1 << 13) - 1
_NET_TCP = 3  # bind and connect
_SCOPES = 3  # abstract unix sockets and signals stay within

READ = _READ_FILE | _READ_DIR
EXECUTE = READ | _EXECUTE
# No link, pipe, socket or device can be made: a later reader of the folder meets regular files.
WRITE = READ | _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV


def find_abi() -> int:
    """Return the version of the kernel's Landlock, 0 where it has none or may not use it."""
    found: int = _libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG)
    return max(0, found)


def restrict(rules: Iterable[tuple[Path, int]], *, abi: int) -> None:
    """Take everything from this process and its children but what the rules allow.

    Parameters
    ----------
    rules
        Pairs of a file or folder and READ, EXECUTE or WRITE; what does not exist is skipped.
    abi
        Version to use, at most the kernel's.

    Raises
    ------
    OSError
        The kernel refuses; ``no_new_privs`` must be set before.
    """
    handled = _find_handled(abi)
    attributes = struct.pack("=Q", handled)
    if abi >= 4:  # noqa: PLR2004 - the version that brought it
        attributes += struct.pack("=Q", _NET_TCP)
    if abi >= 6:  # noqa: PLR2004 - the version that brought it
        attributes += struct.pack("=Q", _SCOPES)
    ruleset = _call(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    try:
        for path, access in rules:
            _add_rule(ruleset, path, access & handled)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _find_handled(abi: int) -> int:
    later = ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV))
    return _ALL_OF_ABI_1 | sum(access for since, access in later if abi >= since)


def _add_rule(ruleset: int, path: Path, access: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            access &= _OF_FILES
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", access, opened), 0)
    finally:
        os.close(opened)


def _call(number: int, *arguments: object) -> int:
    answer: int = _libc().syscall(number, *arguments)
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock: {os.strerror(code)}")
    return answer


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
