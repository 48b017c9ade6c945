"""Whether the service can work: its store is intact, and there is free space.

The cause goes to the log, once; clients get a status and no path of the machine.

Runs in the service's web process.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from shaperotator_magic.core.errors import FeedbackError, ServiceUnavailableError
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.rendering.worker.environment import LEAST_FREE_BYTES

_RETRY_AFTER_S = 30.0
_FAILURE_COUNTS_S = 5.0
_SHARE = 20
"""A probe is repeated after 20 times its own duration, however large the store is."""
_LONGEST_WAIT_S = 0.05
_LOG_AGAIN_S = 60.0

logger = logging.getLogger(__name__)


class Health:
    """State of the store and of the disk, probed on request and cached in between.

    Parameters
    ----------
    database
        The store; a failure of any use of it counts for five seconds.
    folders
        Where tasks need room.
    """

    def __init__(self, database: Database, folders: Sequence[Path]) -> None:
        self._database = database
        self._folders = folders
        self._probing = threading.Lock()
        self._fault = self._logged = ""
        self._logged_at = float("-inf")
        self._next_probe_at = float("-inf")
        self._probe_took_s = 0.0

    @property
    def is_good(self) -> bool:
        """Whether a task could be done now."""
        return not self._find_fault()

    def check(self) -> None:
        """Refuse what could not be done.

        Raises
        ------
        ServiceUnavailableError
            Something is wrong; the log has the reason.
        """
        if self._find_fault():
            raise self._build_error()

    def report(self, error: FeedbackError) -> ServiceUnavailableError:
        """Log why the store could not be used, and return the error for the client."""
        self._note(error.message)
        self._next_probe_at = float("-inf")  # the next request finds the cause
        return self._build_error()

    def _build_error(self) -> ServiceUnavailableError:
        return ServiceUnavailableError(
            "The service cannot use its store, or has no room to work in.",
            hint="Tell whoever runs it: its log says what is wrong. Try again later.",
            retry_after_s=_RETRY_AFTER_S,
        )

    def _find_fault(self) -> str:
        is_due = time.monotonic() >= self._next_probe_at
        if is_due and self._probe_took_s <= _LONGEST_WAIT_S:
            with self._probing:
                self._probe()
        elif is_due and self._probing.acquire(blocking=False):
            # A large store: no request waits for the probe; the last result stands until then.
            threading.Thread(target=self._probe_in_background, daemon=True).start()
        return self._fault or ("The store failed." if self._has_just_failed() else "")

    def _has_just_failed(self) -> bool:
        return time.monotonic() < self._database.failed_at + _FAILURE_COUNTS_S

    def _probe_in_background(self) -> None:
        try:
            self._probe()
        finally:
            self._probing.release()

    def _probe(self) -> None:
        began = time.monotonic()
        if began < self._next_probe_at:
            return  # another request has just probed
        fault = self._find_lack_of_room()
        try:
            self._database.check()
        except FeedbackError as exc:
            fault = exc.message
        self._probe_took_s = time.monotonic() - began
        self._next_probe_at = time.monotonic() + _SHARE * self._probe_took_s
        self._note(fault)

    def _note(self, fault: str) -> None:
        now = time.monotonic()
        is_new = fault != self._logged or now > self._logged_at + _LOG_AGAIN_S
        if fault and is_new:
            logger.error("unhealthy: %s", fault)
            self._logged, self._logged_at = fault, now
        elif self._logged and not fault and not self._has_just_failed():
            logger.info("healthy again")
            self._logged = ""
        self._fault = fault

    def _find_lack_of_room(self) -> str:
        for folder in self._folders:
            try:
                free_bytes = shutil.disk_usage(folder).free
                is_read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
            except OSError as exc:
                return f"{folder} cannot be used: {exc.strerror}."
            if is_read_only:
                return f"{folder} is mounted read-only."
            if free_bytes < LEAST_FREE_BYTES:
                least = LEAST_FREE_BYTES // 1_000_000
                return f"{folder} has {free_bytes // 1_000_000} MB left, and {least} are needed."
        return ""
