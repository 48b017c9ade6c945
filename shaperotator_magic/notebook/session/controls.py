"""Buttons below the results, put there by one widget that is never displayed.

A displayed widget leaves 'model not found' in saved notebooks. This one only opens its comm: its
script (``static/controls.js``) finds the cards of this kernel on the page and adds the buttons to
them. ``docs/protocol.md`` describes the messages. Where anywidget is missing, the line magics do
the same.

Runs in the user's kernel.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.notebook.session.comm import SLOW_KINDS

SCRIPT = Path(__file__).with_name("static") / "controls.js"


class Controls:
    """The buttons of one kernel.

    Parameters
    ----------
    answer
        Called with the message of a click, in the thread of the message; returns the answer.
    kernel_id
        Only cards of this kernel get buttons.
    """

    def __init__(
        self, answer: Callable[[Mapping[str, Any]], dict[str, Any]], *, kernel_id: str
    ) -> None:
        self._take = answer
        self._kernel_id = kernel_id
        self._widget: Any = None

    def start(self) -> bool:
        """Open the comm, once; returns False where there is no page or no anywidget."""
        if self._widget is None and self._kernel_id and importlib.util.find_spec("anywidget"):
            self._widget = _build_widget(self._kernel_id)
            self._widget.on_msg(lambda _, content, __: self.receive(content))
        return self._widget is not None

    def receive(self, content: Mapping[str, Any]) -> None:
        """Take one message of the page and answer it, what is slow in a thread of its own."""
        if content.get("kind") in SLOW_KINDS:
            threading.Thread(target=self._reply, args=(content,), daemon=True).start()
        else:
            self._reply(content)

    def _reply(self, content: Mapping[str, Any]) -> None:
        answer = self._take(content)
        # `tell` sends a verdict to every page, this one included.
        if answer["kind"] not in {"recorded", "done"}:
            self.tell({**answer, "request": content.get("request")})

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send a message to the page."""
        if self._widget is not None:
            self._widget.send(dict(message))

    def close(self) -> None:
        """Take the buttons off the page."""
        widget, self._widget = self._widget, None
        if widget is not None:
            widget.close()


def _build_widget(kernel_id: str) -> Any:
    import anywidget
    import traitlets

    class Buttons(anywidget.AnyWidget):
        _esm = SCRIPT
        kernel_id = traitlets.Unicode().tag(sync=True)
        # The page sends on the control channel, with the address in the message.
        comm_id = traitlets.Unicode().tag(sync=True)

    widget = Buttons(kernel_id=kernel_id)
    comm = widget.comm
    widget.comm_id = comm.comm_id
    # ipykernel 7.4 sends messages of a comm to the subshell that last published on it, which is
    # the busy one; the front end has chosen a free one, so its choice is left alone.
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda _, default: default
    return widget
