"""Seccomp: which system calls a process may make at all."""

from __future__ import annotations

import ctypes
import errno
import platform
import sys

_AUDIT_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2


def is_available() -> bool:
    """Tell whether this kernel filters system calls, and this architecture's numbers are known."""
    if platform.machine() not in _AUDIT_ARCHITECTURES or sys.maxsize < 2**32:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    # A filter at address 0 is refused with EFAULT where filters are known, with EINVAL elsewhere.
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, 0, 0, 0)
    return ctypes.get_errno() == errno.EFAULT
