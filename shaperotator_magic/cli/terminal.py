"""What the commands print: every line goes through here, with control characters as signs.

Runs in a command's process.
"""

from __future__ import annotations

import logging
import sys

from shaperotator_magic.core.control_characters import show_controls


def print_result(text: str) -> None:
    """Print a line, or several, to stdout."""
    sys.stdout.write(f"{show_controls(text, is_multiline=True)}\n")


def print_notice(text: str) -> None:
    """Print what is no result to stderr."""
    sys.stderr.write(f"{show_controls(text, is_multiline=True)}\n")


def print_source(source: str) -> None:
    """Print a scene's source to stdout: exactly into a file or a pipe, with signs to a terminal."""
    is_terminal = sys.stdout.isatty()
    sys.stdout.write(show_controls(source, is_multiline=True) if is_terminal else source)


class LogFormatter(logging.Formatter):
    """Formats a record as one line, and a traceback below it. Control characters are escaped."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return the record's line."""
        return show_controls(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and what belongs to it."""
        return show_controls(super().format(record), is_multiline=True)
