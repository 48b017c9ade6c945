"""Seccomp: which system calls a process may make at all.

There are two filters, and a scene's process has both. ``build_supervisor_rules`` is for the
supervisor and all that it starts, the compilers of formulas included: a list of what is refused
(sockets, tracing, kernel interfaces that nobody here needs). ``build_scene_rules`` is for a scene's
process: a list of what is allowed; everything else is refused. That process can make or signal no
other process, and change no file's mode, owner, times or attributes, which Landlock does not cover.

Runs in the supervisor and in a scene's process.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shaperotator_magic.rendering.isolation.syscalls import AUDIT_ARCHITECTURES, find_number

_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

# struct seccomp_data: number, architecture, instruction pointer, six arguments of 64 bits.
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06

ALLOW = 0x7FFF0000
_KILL = 0x80000000
_ERRNO = 0x00050000
REFUSE = _ERRNO | errno.EPERM
_PRETEND_MISSING = _ERRNO | errno.ENOSYS
_PRETEND_DONE = _ERRNO  # returns 0 and does nothing
_NOT_SUPPORTED = _ERRNO | errno.EOPNOTSUPP
_NOT_A_TERMINAL = _ERRNO | errno.ENOTTY

_X32_BIT = 0x40000000

_CLONE_THREAD = 0x00010000
_CLONE_NEW = 0x7E020000  # every namespace
_ACCESS_MODE = 3
_O_TRUNC = 0o1000
# PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_GET_SECCOMP, PR_CAPBSET_READ,
# PR_GET_NO_NEW_PRIVS, PR_SET_VMA: a scene may not, for example, outlive its parent.
_HARMLESS_PRCTL = (2, 3, 15, 16, 21, 23, 39, 0x53564D41)
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX; not those that type into a terminal.
_HARMLESS_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# Duplicates, flags, locks, sizes and seals; not F_SETOWN and F_SETSIG, by which the kernel would
# send a signal to another process in the scene's name.
_HARMLESS_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 9, 36, 37, 38, 1030, 1031, 1032, 1033, 1034)

_FREE = """
    access alarm arch_prctl brk chdir clock_getres clock_gettime clock_nanosleep close close_range
    copy_file_range dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2
    epoll_wait eventfd eventfd2 exit exit_group faccessat faccessat2 fadvise64 fallocate fchdir
    fdatasync fstat fstatfs fsync ftruncate futex futex_waitv get_robust_list getcpu getcwd
    getdents getdents64 getegid geteuid getgid getgroups getitimer getpgid getpgrp getpid getppid
    getpriority getrandom getresgid getresuid getrlimit getrusage getsid gettid gettimeofday getuid
    lseek lstat madvise membarrier mincore mkdir mkdirat mmap mprotect mremap msync munmap nanosleep
    newfstatat pause pipe pipe2 poll ppoll pread64 preadv preadv2 pselect6 pwrite64 pwritev pwritev2
    read readahead readlink readlinkat readv rename renameat renameat2 restart_syscall rmdir rseq
    rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait
    sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getparam
    sched_getscheduler sched_yield select sendfile set_robust_list set_tid_address setitimer
    setrlimit sigaltstack splice stat statfs statx sync_file_range sysinfo time times umask uname
    unlink unlinkat wait4 waitid write writev
""".split()

_REFUSED_TO_ALL = """
    accept accept4 acct add_key adjtimex bind bpf chroot clock_adjtime clock_settime connect
    delete_module fanotify_init finit_module fsconfig fsmount fsopen fspick init_module
    io_setup io_submit io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp
    kexec_file_load kexec_load keyctl listen lookup_dcookie mbind memfd_secret migrate_pages
    modify_ldt mount mount_setattr move_mount move_pages mq_open msgget name_to_handle_at nfsservctl
    open_by_handle_at open_tree perf_event_open personality pidfd_getfd pidfd_open
    pidfd_send_signal pivot_root process_madvise process_mrelease process_vm_readv process_vm_writev
    ptrace quotactl quotactl_fd reboot recvmsg request_key semget sendmmsg sendmsg sendto
    set_mempolicy setdomainname sethostname setns settimeofday shmat shmget socket socketpair
    swapoff swapon syslog umount2 unshare userfaultfd ustat vhangup vmsplice
""".split()


@dataclass(frozen=True)
class Check:
    """One argument of a call: its low 32 bits, masked, must be among the values."""

    argument: int
    among: tuple[int, ...]
    mask: int = 0xFFFFFFFF


@dataclass(frozen=True)
class Rule:
    """What becomes of one system call when its check holds, and when it does not."""

    name: str
    action: int
    check: Check | None = None
    otherwise: int = REFUSE


@dataclass(frozen=True)
class Rules:
    """A whole filter: the rules, and what becomes of every call that none of them names."""

    rules: tuple[Rule, ...]
    default: int


def build_scene_rules(process: int) -> Rules:
    """Return what a scene's process may call.

    Parameters
    ----------
    process
        Its own number: nobody else can be signalled.
    """
    own = Check(0, (process,))
    checked = (
        Rule("kill", ALLOW, own),
        Rule("tgkill", ALLOW, own),
        Rule("clone", ALLOW, Check(0, (_CLONE_THREAD,), _CLONE_THREAD | _CLONE_NEW)),
        Rule("prctl", ALLOW, Check(0, _HARMLESS_PRCTL)),
        Rule("ioctl", ALLOW, Check(1, _HARMLESS_IOCTL), _NOT_A_TERMINAL),
        Rule("fcntl", ALLOW, Check(1, _HARMLESS_FCNTL)),
        Rule("prlimit64", ALLOW, Check(0, (0, process))),
        Rule("open", ALLOW, _build_open_check(1)),
        Rule("openat", ALLOW, _build_open_check(2)),
    )
    allowed = tuple(Rule(name, ALLOW) for name in _FREE)
    return Rules((*allowed, *checked, *_build_pretences()), default=REFUSE)


def _build_open_check(argument: int) -> Check:
    # Before Landlock's version 3, O_TRUNC empties a file that may only be read; with the access
    # mode 3 the kernel checks no right at all.
    truncating = (_O_TRUNC | 1, _O_TRUNC | 2)
    return Check(argument, (0, 1, 2, *truncating), _O_TRUNC | _ACCESS_MODE)


def _build_pretences() -> Iterator[Rule]:
    # The C library then takes clone and openat, whose flags a filter can read.
    for name in ("clone3", "openat2"):
        yield Rule(name, _PRETEND_MISSING)
    # manim sets the time of its files after reading them; the time does not matter.
    for name in ("utime", "utimes", "futimesat", "utimensat"):
        yield Rule(name, _PRETEND_DONE)
    for name in ("getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr"):
        yield Rule(name, _NOT_SUPPORTED)


def build_supervisor_rules() -> Rules:
    """Return what the supervisor and all that it starts may call."""
    refused = tuple(Rule(name, REFUSE) for name in _REFUSED_TO_ALL)
    checked = (
        Rule("clone", ALLOW, Check(0, (0,), _CLONE_NEW)),
        Rule("clone3", _PRETEND_MISSING),
        Rule("prlimit64", ALLOW, Check(0, (0,))),
        Rule("ioctl", REFUSE, Check(1, (0x5412, 0x541C)), ALLOW),  # TIOCSTI, TIOCLINUX
    )
    return Rules((*refused, *checked), default=ALLOW)


def is_available() -> bool:
    """Return whether the kernel filters system calls and the architecture is a known one."""
    if platform.machine() not in AUDIT_ARCHITECTURES or sys.maxsize < 2**32:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    # A filter at address 0 is refused with EFAULT where filters are known, with EINVAL elsewhere.
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, 0, 0, 0)
    return ctypes.get_errno() == errno.EFAULT


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def install(rules: Rules) -> None:
    """Put a filter on this process, its later threads and all that it starts; it never comes off.

    Raises
    ------
    OSError
        The kernel refuses; ``no_new_privs`` must be set before.
    """
    code = compile_rules(rules, platform.machine())
    held = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(held, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel refuses the filter of system calls")


def compile_rules(rules: Rules, architecture: str) -> bytes:
    """Return a filter as the kernel's instructions (linux/bpf_common.h), eight bytes each."""
    head = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_IF_EQUAL, 1, 0, AUDIT_ARCHITECTURES[architecture]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    if architecture == "x86_64":
        head += [(_IF_AT_LEAST, 0, 1, _X32_BIT), (_RETURN, 0, 0, REFUSE)]
    body = [line for rule in rules.rules for line in _compile_rule(rule, architecture)]
    lines = [*head, *body, (_RETURN, 0, 0, rules.default)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


Lines = Iterable[tuple[int, int, int, int]]


def _compile_rule(rule: Rule, architecture: str) -> Lines:
    number = find_number(rule.name, architecture)
    if number is None:
        return []
    block = list(_compile_outcome(rule))
    return [(_IF_EQUAL, 0, len(block), number), *block]


def _compile_outcome(rule: Rule) -> Lines:
    if rule.check is None:
        return [(_RETURN, 0, 0, rule.action)]
    values = rule.check.among
    compared = [
        (_IF_EQUAL, len(values) - place, 0, value & 0xFFFFFFFF)
        for place, value in enumerate(values)
    ]
    return [
        (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * rule.check.argument),
        (_AND, 0, 0, rule.check.mask),
        *compared,
        (_RETURN, 0, 0, rule.otherwise),
        (_RETURN, 0, 0, rule.action),
    ]
