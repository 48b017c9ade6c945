"""Classifies exceptions of the chat API's client: a connection that failed, a limit exceeded.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from shaperotator_magic.core.bounded_http import (
    AnswerPackedError,
    AnswerTooLargeError,
    AnswerTooSlowError,
    BoundError,
    ForeignRedirectError,
)
from shaperotator_magic.writing.model.api_errors import Failure, Kind, quote

_BOUND_KINDS: tuple[tuple[type[BoundError], Kind], ...] = (
    (AnswerTooSlowError, "too_slow"),
    (AnswerTooLargeError, "too_large"),
    (AnswerPackedError, "packed"),
)
_CONNECTION_KINDS: tuple[tuple[Kind, type[Exception]], ...] = (
    ("unknown_host", socket.gaierror),
    ("refused", ConnectionRefusedError),
    ("certificate", ssl.SSLCertVerificationError),
)


def find_bound_failure(exc: Exception) -> Failure | None:
    """Return the limit that an answer exceeded, or where it was redirected; else None."""
    for cause in _walk_causes(exc):
        if isinstance(cause, ForeignRedirectError):
            return Failure("redirected", quote(cause.origin))
        for error, kind in _BOUND_KINDS:
            if isinstance(cause, error):
                return Failure(kind)
    return None


def find_connection_failure(exc: Exception) -> Failure:
    """Return why a connection was not made; the failure's ``message`` is the system's own."""
    causes = list(_walk_causes(exc))
    for kind, error in _CONNECTION_KINDS:
        if any(isinstance(cause, error) for cause in causes):
            return Failure(kind)
    return Failure("unreachable", str(causes[-1]))


def is_http_error(exc: Exception, kind: str = "") -> bool:
    """Return whether an exception is one of the client's HTTP library, with this in its name."""
    is_foreign = type(exc).__module__.partition(".")[0] in {"httpx", "httpx2"}
    return is_foreign and kind in type(exc).__name__


def _walk_causes(exc: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = exc
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
