"""A cell shows its card and no log, and the kernel's logging stays as the user has it.

Importing manim gives the root logger a handler at level INFO (0.22, ``make_logger``); from then on
the HTTP client of every library reports its requests into whatever cell is running.

Runs in the user's kernel.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

_CHATTY = ("httpx", "httpx2")


@contextlib.contextmanager
def logging_kept() -> Iterator[None]:
    """Hide HTTP requests from the cell, and restore the root logger after manim's import."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    chatty = [logger for name in _CHATTY if not (logger := logging.getLogger(name)).level]
    for logger in chatty:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for logger in chatty:
            logger.setLevel(logging.NOTSET)
