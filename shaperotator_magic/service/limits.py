"""The limits of users: their values, rates by token bucket, and concurrency; both by name.

Runs in the service's web process.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shaperotator_magic.core.errors import ServiceUnavailableError, TooManyRequestsError

_MOST_NAMES = 10_000
_CROWDED_HINT = "Try again in a few seconds."
_CROWDED_RETRY_S = 5.0


@dataclass(frozen=True)
class Limits:
    """The limits of one user of the service.

    ``most_unfinished`` tasks a user may be queued or running; ``largest_height_px`` and
    ``render_timeout_s`` bound one render; the rates are requests a minute for one user.
    """

    most_unfinished: int = 10
    largest_height_px: int = 1080
    render_timeout_s: float = 60.0
    generate_burst: int = 10
    generate_per_minute: float = 30.0
    read_burst: int = 200
    read_per_minute: float = 1200.0


@dataclass
class _Bucket:
    tokens: float
    changed_at: float


class RateLimit:
    """``burst`` requests at once for each name, then ``per_minute``.

    Beyond ten thousand names those that were used longest ago are forgotten.
    """

    def __init__(
        self, *, burst: int, per_minute: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._per_s = per_minute / 60
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def spend(self, name: str) -> None:
        """Take one request.

        Raises
        ------
        TooManyRequestsError
            None is left; one is available after ``retry_after_s``.
        """
        with self._lock:
            bucket = self._fill(name)
            self._check(bucket)
            bucket.tokens -= 1

    def check(self, name: str) -> None:
        """Raise as ``spend`` does, but take nothing."""
        with self._lock:
            self._check(self._fill(name))

    def _check(self, bucket: _Bucket) -> None:
        if bucket.tokens < 1:
            wait_s = max(1.0, (1 - bucket.tokens) / self._per_s)
            raise TooManyRequestsError(
                "Too many requests.",
                hint=f"Try again in {wait_s:.0f} s.",
                retry_after_s=round(wait_s, 1),
            )

    def _fill(self, name: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.pop(name, None) or _Bucket(float(self._burst), now)
        added = (now - bucket.changed_at) * self._per_s
        bucket.tokens = min(float(self._burst), bucket.tokens + added)
        bucket.changed_at = now
        self._buckets[name] = bucket  # at the end: the order is that of use
        if len(self._buckets) > _MOST_NAMES:
            del self._buckets[next(iter(self._buckets))]
        return bucket


class ConcurrencyLimit:
    """``most`` requests in progress in all, ``most_per_name`` for each name; for one thread."""

    def __init__(self, *, most: int, most_per_name: int) -> None:
        self._most = most
        self._most_per_name = most_per_name
        self._counts: Counter[str] = Counter()

    @contextlib.contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Count one request until the end of the block.

        Raises
        ------
        ServiceUnavailableError
            There are too many in all.
        TooManyRequestsError
            There are too many of this name.
        """
        if self._counts.total() >= self._most:
            raise ServiceUnavailableError(
                "The service has as many requests in progress as it can answer.",
                hint=_CROWDED_HINT,
                retry_after_s=_CROWDED_RETRY_S,
            )
        if self._counts[name] >= self._most_per_name:
            raise TooManyRequestsError(
                "Too many requests of one address are in progress.",
                hint=_CROWDED_HINT,
                retry_after_s=_CROWDED_RETRY_S,
            )
        self._counts[name] += 1
        try:
            yield
        finally:
            self._counts[name] -= 1
            if not self._counts[name]:
                del self._counts[name]
