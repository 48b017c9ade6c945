"""What a service, or the way to it, did to its client, in the two lines that the user reads.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from shaperotator_magic.core.bounded_http import (
    AnswerTooSlowError,
    BoundedCalls,
    BoundError,
    ForeignRedirectError,
)
from shaperotator_magic.core.errors import (
    ServiceError,
    ServiceUnavailableError,
    UnauthorizedError,
    build_error,
)

if TYPE_CHECKING:
    import httpx


class Explainer:
    """Errors of the client of the service at ``url``; ``silence_s`` is how long it waits."""

    def __init__(self, url: str, calls: BoundedCalls, *, silence_s: float) -> None:
        self._url = url
        self._calls = calls
        self._silence_s = silence_s

    def read(self, answer: httpx.Response) -> Any:
        """Return the JSON body of an answer.

        Raises
        ------
        ShapeRotatorError
            The one that the service describes, or that it describes none.
        """
        try:
            body = answer.json()
        except (ValueError, RecursionError):
            body = None
        if answer.is_success:
            return body
        error = body.get("error") if isinstance(body, dict) else None
        if not isinstance(error, dict):
            self.refuse_answer(answer.status_code)
        found = build_error(error)
        if isinstance(found, UnauthorizedError):
            raise UnauthorizedError(
                f"The service at {self._url} does not know this token.",
                hint="Set SHAPEROTATOR_TOKEN to the token that you were given there.",
            )
        raise found

    def refuse_answer(self, status: int | None = None) -> NoReturn:
        """Raise the error of an unreachable service."""
        what = f"answered {status}" if status else "answered something else"
        raise ServiceUnavailableError(
            f"{self._url} {what}, not as a shape-rotator service does.",
            hint="Check the address of --remote; a proxy in between may be at fault.",
        )

    @contextlib.contextmanager
    def bounded(self) -> Iterator[None]:
        """Raise the error of the bound that an answer exceeded."""
        try:
            yield
        except ForeignRedirectError as exc:
            raise ServiceError(
                f"The service at {self._url} sends requests on to another address, and nothing "
                f"was sent there: {exc.origin}.",
                hint="Where that address is right, name it with --remote.",
            ) from exc
        except AnswerTooSlowError as exc:
            raise self._build_slowness() from exc
        except BoundError as exc:
            raise ServiceError(
                f"The answer of {self._url} is larger than any result, or packed in a way that "
                "was not asked for; it was stopped.",
                hint="Check the address of --remote; a proxy in between may be at fault.",
            ) from exc

    def _build_slowness(self) -> ServiceUnavailableError:
        return ServiceUnavailableError(
            f"The answer of {self._url} did not come to an end in time and was stopped.",
            hint="Run the cell again later; without --remote it runs here.",
        )

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Raise the error of the exceeded bound, or of the lost connection."""
        with self.bounded(), self._connected():
            yield

    @contextlib.contextmanager
    def _connected(self) -> Iterator[None]:
        import httpx

        try:
            yield
        except httpx.HTTPError as exc:
            if self._calls.is_late:
                raise self._build_slowness() from exc
            raise self._build_connection_error(exc) from exc
        except httpx.InvalidURL as exc:
            raise self._build_connection_error(exc) from exc

    def _build_connection_error(self, exc: Exception) -> ServiceUnavailableError:
        import httpx

        if isinstance(exc, httpx.ConnectError | httpx.ConnectTimeout):
            return ServiceUnavailableError(
                f"The service at {self._url} cannot be reached.",
                hint="Is it running? Without --remote the cell runs here.",
            )
        if isinstance(exc, httpx.TimeoutException):
            return ServiceUnavailableError(
                f"The service at {self._url} has not answered for {self._silence_s:.0f} s.",
                hint="Run the cell again later; without --remote it runs here.",
            )
        return ServiceUnavailableError(
            f"The connection to {self._url} broke off.", hint="Run the cell again."
        )
