"""Stopping what may not happen while definitions are assembled.

``watching_calls`` refuses every call of a function that the scene's source defines; it holds in
both processes. ``Auditor`` refuses, in the confined process alone, whatever Python's audit hooks
report beyond a short list: an audit hook cannot be taken away again, so a kernel gets none.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any

# Reading an attribute of a function, what NumPy and namedtuple ask of their caller, and what Python
# does itself when a watch refuses a call.
_ALLOWED_EVENTS = frozenset(
    {"object.__getattr__", "sys._getframe", "sys._getframemodulename", "sys.setprofile"}
)
# dataclass() and namedtuple() compile methods of names alone; functions are made of code objects.
_ALLOWED_WHILE_MAKING = _ALLOWED_EVENTS | {
    "compile",
    "exec",
    "builtins.id",
    "code.__new__",
    "function.__new__",
    "object.__setattr__",
    "object.__delattr__",
}


class ForbiddenCallError(Exception):
    """A function of the scene's own would have run; the message names it and its line."""


class ForbiddenEventError(Exception):
    """Something was tried that no definition needs; the message names the audit event."""


@contextlib.contextmanager
def watching_calls(file: str, *, allowed: set[CodeType] | None = None) -> Iterator[None]:
    """Refuse every frame whose code was compiled for ``file``, before its first instruction.

    Parameters
    ----------
    file
        The file name that the scene's source was compiled with.
    allowed
        Code objects of that file that may run: the expressions that are evaluated on purpose.

    Raises
    ------
    ForbiddenCallError
        In the caller, out of whatever made the call; and again at the end, for a library could
        catch it on its way.
    """
    allowed = allowed if allowed is not None else set()
    refused: list[str] = []

    def refuse(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename == file and code not in allowed:
            refused.append(
                f"{code.co_name}() of the scene's own (line {code.co_firstlineno}) would run "
                "while the scene is defined."
            )
            raise ForbiddenCallError(refused[0])

    before = sys.getprofile()
    sys.setprofile(refuse)
    try:
        yield
    finally:
        sys.setprofile(before)
    if refused:
        raise ForbiddenCallError(refused[0])


class Auditor:
    """Refuses audit events while definitions are made and their expressions evaluated.

    One for a process: its hook stays for as long as the process lives.
    """

    def __init__(self) -> None:
        self._allowed: frozenset[str] | None = None  # None: nothing is refused
        self._evaluated: CodeType | None = None
        self._refused = ""
        sys.addaudithook(self._look)

    def making(self) -> contextlib.AbstractContextManager[None]:
        """Refuse what no class, function or field needs to be made: files, programs, sockets …"""
        return self._refusing(_ALLOWED_WHILE_MAKING, None)

    def evaluating(self, code: CodeType) -> contextlib.AbstractContextManager[None]:
        """Refuse, besides, every compilation and every execution but that of one code object."""
        return self._refusing(_ALLOWED_EVENTS, code)

    @contextlib.contextmanager
    def _refusing(self, allowed: frozenset[str], code: CodeType | None) -> Iterator[None]:
        # The refusal is raised again at the end, for a library could catch it on its way.
        before = self._allowed, self._evaluated
        self._allowed, self._evaluated, self._refused = allowed, code, ""
        try:
            yield
        finally:
            self._allowed, self._evaluated = before
        if self._refused:
            raise ForbiddenEventError(self._refused)

    def _look(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._allowed is None or event in self._allowed:
            return
        if event == "exec" and arguments[0] is self._evaluated:
            return
        if event == "import" and arguments and arguments[0] in sys.modules:
            return
        self._allowed = None  # building the message must not be refused in turn
        self._refused = f"'{event}' would happen while the scene is defined."
        raise ForbiddenEventError(self._refused)
