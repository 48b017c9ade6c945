"""Why a file is not used.

Runs in every process.
"""

from __future__ import annotations


class InputRefused(ValueError):  # noqa: N818 - it refuses a file, and is no error of ours
    """One file is left out, and the rest goes on; the text is a sentence for the user."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name or 'It'} is left out: {reason}.")
        self.reason = reason
