"""A progress bar for terminals; silent where stderr is not one.

Runs in a command's process.
"""

from __future__ import annotations

import shutil
from types import TracebackType
from typing import Self, TextIO

from shaperotator_magic.core.control_characters import show_controls

_BAR_CELLS = 30
_WIDEST = 120


class ProgressBar:
    """One line that is written over, and cleared at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_shown = stream.isatty()
        self._width = min(shutil.get_terminal_size().columns - 1, _WIDEST)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.say("")

    def show(self, done: int, total: int | None) -> None:
        """Show the frames drawn so far, and the share of all where their number is known."""
        if not total:
            self.say(f"{done} frames")
            return
        filled = min(_BAR_CELLS, _BAR_CELLS * done // total)
        self.say(f"{'█' * filled}{'░' * (_BAR_CELLS - filled)} {done} of {total} frames")

    def say(self, text: str) -> None:
        """Write over the line."""
        if self._is_shown:
            self._stream.write(f"\r\x1b[K{show_controls(text)[: self._width]}")
            self._stream.flush()
