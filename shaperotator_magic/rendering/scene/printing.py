"""What a scene prints, and warnings of manim and Python, with the lines that caused them.

Runs in a scene's process. Bounded: a scene may print for ever.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import warnings
from types import FrameType
from typing import Any, TextIO

MOST_LINES = 50
LONGEST_LINE = 300
# manim lists every font of the machine.
_FONT_MISSING = re.compile(r"^Font (.+?) not in \[.*", re.DOTALL)


class Printed:
    """Collects lines that are also written to the log.

    Parameters
    ----------
    scene_file
        The file name that the scene was compiled with.
    """

    def __init__(self, scene_file: str) -> None:
        self._scene_file = scene_file
        self._lines: list[str] = []
        self._omitted = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """The first 50 lines; a last entry counts what is missing."""
        more = (f"… and {self._omitted} more lines.",) if self._omitted else ()
        return (*self._lines, *more)

    def collect(self) -> None:
        """Begin: take stdout, manim's log from warnings on, and Python's warnings."""
        import manim

        sys.stdout = _Tee(sys.stdout, self)
        for handler in manim.logger.handlers:
            handler.setLevel(logging.ERROR)  # it would print them, too
        manim.logger.setLevel(logging.WARNING)
        manim.logger.addHandler(_WarningHandler(self))
        warnings.showwarning = self._take_warning

    def add(self, text: str) -> None:
        """Add a line that the scene's present line has printed."""
        line = self._find_line()
        where = f"line {line}: " if line else ""
        for part in text.splitlines():
            self._append(f"{where}{part}")

    def _append(self, text: str) -> None:
        if not text.strip() or text in self._lines[-1:]:
            return
        if len(self._lines) >= MOST_LINES:
            self._omitted += 1
            return
        is_long = len(text) > LONGEST_LINE
        self._lines.append(f"{text[: LONGEST_LINE - 1]}…" if is_long else text)

    def _find_line(self) -> int | None:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != self._scene_file:
            frame = frame.f_back
        return frame.f_lineno if frame is not None else None

    def _take_warning(
        self, message: Warning | str, category: type[Warning], *_: Any, **__: Any
    ) -> None:
        # Of the libraries' own deprecations a scene's author can do nothing.
        if self._find_line() and not issubclass(category, DeprecationWarning):
            self.add(f"{category.__name__}: {message}")


class _Tee(io.TextIOBase):
    """Writes through, and adds complete lines to the collection."""

    def __init__(self, stream: TextIO, printed: Printed) -> None:
        self._stream = stream
        self._printed = printed
        self._rest = ""

    def write(self, text: str) -> int:
        """Write a piece of text."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._printed.add(line)
        self._rest = self._rest[-LONGEST_LINE:]
        return self._stream.write(text)

    def flush(self) -> None:
        """Flush what it writes to."""
        self._stream.flush()

    def writable(self) -> bool:
        """Return True: it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the descriptor of the stream itself."""
        return self._stream.fileno()


class _WarningHandler(logging.Handler):
    def __init__(self, printed: Printed) -> None:
        super().__init__(level=logging.WARNING)
        self._printed = printed

    def emit(self, record: logging.LogRecord) -> None:
        missing = r"Font \1 is not installed here; another one is used."
        message = _FONT_MISSING.sub(missing, record.getMessage())
        self._printed.add(f"{record.levelname.capitalize()}: {message}")
