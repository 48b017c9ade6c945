"""How often somebody may ask: token buckets by name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from shaperotator_magic.errors import TooManyRequestsError

_MOST_NAMES = 10_000


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
            There is none left; ``retry_after_s`` says when there will be one.
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
