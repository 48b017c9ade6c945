"""The kernel's end of the conversation with a page: a comm target that answers while a cell runs.

Comm messages normally come on the shell channel and wait for the running cell: always in ipykernel
6, and in 7 whenever the cell has published on the same comm. The control channel is served by a
thread of its own, so the same messages are taken there, too. ``docs/protocol.md`` describes them.
Imports nothing heavy: ``%load_ext`` installs it.

Runs in the user's kernel.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

TARGET = "shaperotator"
PROTOCOL = 1

_COMM_MESSAGES = ("comm_open", "comm_msg", "comm_close")
_MOST_PAGES = 8
# What takes more than a moment gets a thread: the control channel also brings the interrupts.
SLOW_KINDS = frozenset(["download", "still", "set"])

Answerer = Callable[[Mapping[str, Any]], dict[str, Any]]


class PageLink:
    """The pages that talk to this kernel.

    Parameters
    ----------
    answer
        Called with every message but hello, in the thread in which it came; returns the answer.
    """

    def __init__(self, answer: Answerer) -> None:
        self._answer = answer
        self._comms: list[Any] = []
        self._kernel: Any = None
        self._added: list[str] = []
        self._sign: Any = None

    def install(self, shell: InteractiveShell) -> bool:
        """Take conversations from now on; False where there is no kernel to take them."""
        self._kernel = getattr(shell, "kernel", None)
        manager = getattr(self._kernel, "comm_manager", None)
        if manager is None:
            return False
        manager.register_target(TARGET, self._open)
        # Says to a page that asks for the comms of this target that the magics are loaded.
        from comm import create_comm  # ipykernel brings it

        self._sign = create_comm(target_name=TARGET, primary=False)
        manager.comms[self._sign.comm_id] = self._sign
        handlers = getattr(self._kernel, "control_handlers", None)
        if isinstance(handlers, dict):
            self._added = [kind for kind in _COMM_MESSAGES if kind not in handlers]
            handlers.update({kind: getattr(manager, kind) for kind in self._added})
        return True

    def uninstall(self) -> None:
        """End every conversation and take no more."""
        if self._kernel is None:
            return
        for comm in self._comms:
            comm.close()
        self._comms.clear()
        self._kernel.comm_manager.comms.pop(self._sign.comm_id, None)
        self._kernel.comm_manager.unregister_target(TARGET, self._open)
        for kind in self._added:
            self._kernel.control_handlers.pop(kind, None)
        self._kernel = None

    @property
    def is_open(self) -> bool:
        """Whether a page has opened a comm."""
        return bool(self._comms)

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send a message to every page."""
        for comm in list(self._comms):
            comm.send(dict(message))

    def _open(self, comm: Any, message: Mapping[str, Any]) -> None:
        # ipykernel 7.4 would send later messages to the subshell that last published here.
        if hasattr(comm, "_reply_subshell_for"):
            comm._reply_subshell_for = lambda _, default: default
        # A reloaded page never closes its comm, so the oldest one is dropped.
        self._comms = [*self._comms, comm][-_MOST_PAGES:]
        comm.on_msg(lambda received: self._receive(comm, received))
        comm.on_close(lambda _: self._comms.remove(comm) if comm in self._comms else None)
        request = message["content"]["data"].get("request")
        comm.send({"kind": "hello", "protocol": PROTOCOL, "request": request})

    def _receive(self, comm: Any, received: Mapping[str, Any]) -> None:
        content = received["content"]["data"]
        if content.get("kind") in SLOW_KINDS:
            thread = threading.Thread(target=self._reply, args=(comm, content), daemon=True)
            thread.start()
        else:
            self._reply(comm, content)

    def _reply(self, comm: Any, content: Mapping[str, Any]) -> None:
        comm.send({**self._answer(content), "request": content.get("request")})
