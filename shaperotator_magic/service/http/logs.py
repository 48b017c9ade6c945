"""A log that strangers cannot fill: the same warning is written a few times a minute.

Runs in the service's web process.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable

_PERIOD_S = 60.0


class LogThrottle(logging.Filter):
    """Lets each kind of warning or error through ``most_per_minute`` times.

    A kind is a logger, a message before its arguments, and a type of exception. The first line
    of a kind in a later minute has the number of omitted ones.
    """

    def __init__(
        self, *, most_per_minute: int = 20, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._most = most_per_minute
        self._clock = clock
        self._until_s = clock() + _PERIOD_S
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._omitted: Counter[tuple[str, str, str]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to write a record."""
        if record.levelno < logging.WARNING:
            return True
        if self._clock() >= self._until_s:
            self._begin_period()
        kind = (record.name, str(record.msg), _name_exception(record))
        self._counts[kind] += 1
        if self._counts[kind] > self._most:
            return False
        omitted = self._omitted.pop(kind, 0)
        if omitted:
            record.msg = f"{record.msg} ({omitted} more like this were omitted)"
        return True

    def _begin_period(self) -> None:
        self._until_s = self._clock() + _PERIOD_S
        self._omitted = Counter(
            {kind: n - self._most for kind, n in self._counts.items() if n > self._most}
        )
        self._counts.clear()


def _name_exception(record: logging.LogRecord) -> str:
    kind = record.exc_info[0] if record.exc_info else None
    return kind.__name__ if kind else ""
