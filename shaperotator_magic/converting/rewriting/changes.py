"""One change of a conversion. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """What was rewritten, as a sentence; ``line`` is of the source before."""

    rule: str
    message: str
    line: int | None = None
