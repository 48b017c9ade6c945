"""The one place that talks to a language model: the ``openai`` client and chat completions.

Any OpenAI-compatible address will do. The client is imported when the first request is made.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, Protocol
from urllib.parse import urlsplit

from shaperotator_magic.core.bounded_http import BoundedCalls, BoundError, Bounds
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Completion
from shaperotator_magic.writing.model.api_errors import (
    KEY_HINT,
    Asked,
    Failure,
    explain,
    quote,
    read_retry_after,
    redact,
)
from shaperotator_magic.writing.model.connection_failures import (
    find_bound_failure,
    find_connection_failure,
    is_http_error,
)
from shaperotator_magic.writing.model.streamed_reply import (
    Piece,
    StreamedReply,
    read_chunk,
    read_whole,
)

if TYPE_CHECKING:
    import openai

__all__ = ["LanguageModel", "Message", "OpenAIChat", "Patience", "build_chat_model"]

OPENAI_URL = "https://api.openai.com/v1"
MAX_REPLY_CHARS = 200_000
_LARGEST_BODY_BYTES = 3_000_000  # a reply in one piece, with every character escaped

Message = dict[str, str]


class LanguageModel(Protocol):
    """What the pipeline needs of a model."""

    @property
    def name(self) -> str:
        """The model's name, as it is stored with what it wrote."""

    def complete(
        self,
        messages: Sequence[Message],
        *,
        on_delta: Callable[[str], None],
        seed: int | None = None,
    ) -> Completion:
        """Return the whole reply; ``on_delta`` gets its pieces as they come."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server, and how often to try.

    ``read_timeout_s`` is the longest silence, not the length of the reply: a model on a slow
    machine reads a prompt for a minute before its first word. ``reply_timeout_s`` bounds the whole,
    further tries included. A server that requests more than ``longest_wait_s`` with ``Retry-After``
    is not waited for.
    """

    connect_timeout_s: float = 10.0
    read_timeout_s: float = 120.0
    tries: int = 3
    backoff_s: float = 0.5
    longest_wait_s: float = 20.0
    listing_timeout_s: float = 3.0
    reply_timeout_s: float = 600.0


def build_chat_model(
    model: str,
    *,
    base_url: str | None,
    environ: Mapping[str, str] = os.environ,
    reply_timeout_s: float | None = None,
) -> OpenAIChat:
    """Return a model at ``base_url``, else at ``OPENAI_BASE_URL``, else at OpenAI itself.

    The key is ``OPENAI_API_KEY``. Other servers than OpenAI's may do without one.

    Raises
    ------
    ConfigurationError
        The key is missing or cannot be one, or the base URL is not an http address.
    """
    url = (base_url or environ.get("OPENAI_BASE_URL") or OPENAI_URL).strip()
    key = environ.get("OPENAI_API_KEY", "").strip() or None
    if not url.lower().startswith(("http://", "https://")) or not urlsplit(url).hostname:
        raise ConfigurationError(
            f"The base URL {_without_secrets(url)!r} is not an http address.",
            hint="Write it whole, such as http://localhost:11434/v1.",
            setting="base_url",
        )
    if key is None and urlsplit(url).hostname == "api.openai.com":
        raise ConfigurationError(
            "OPENAI_API_KEY is not set, and OpenAI needs it.",
            hint=f"{KEY_HINT} Other servers: --base-url. Without a model: --offline.",
            setting="OPENAI_API_KEY",
        )
    if key is not None and not (key.isascii() and key.isprintable() and " " not in key):
        raise ConfigurationError(
            "OPENAI_API_KEY holds characters that no key has, such as spaces or quotes.",
            hint="Copy the key again, without line breaks.",
            setting="OPENAI_API_KEY",
        )
    patience = Patience() if reply_timeout_s is None else Patience(reply_timeout_s=reply_timeout_s)
    return OpenAIChat(model, base_url=url, api_key=key, patience=patience)


def _without_secrets(url: str) -> str:
    """Return the address without user, password and query, which may hold a key."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2].partition('?')[0]}"


class OpenAIChat:
    """A model behind an OpenAI-compatible address; streams, retries, and explains failures.

    Parameters
    ----------
    base_url
        Address with its version, such as ``http://localhost:11434/v1``.
    api_key
        Sent as a bearer token; None sends none. It is in no message, repr or detail of an error.
    """

    def __init__(
        self,
        model: str,
        *,
        base_url: str = OPENAI_URL,
        api_key: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.name = model
        self._base_url = base_url
        self._api_key = api_key
        self._patience = patience or Patience()
        self._is_usage_refused = False
        self._calls = BoundedCalls()

    def __repr__(self) -> str:
        return f"OpenAIChat({self.name!r}, base_url={_without_secrets(self._base_url)!r})"

    def complete(
        self,
        messages: Sequence[Message],
        *,
        on_delta: Callable[[str], None],
        seed: int | None = None,
    ) -> Completion:
        """Request one reply, and wait for it.

        Until the reply begins, 408, 409, 429, 5xx and failed connections are tried again, as
        ``Patience`` says; once it has begun, nothing is. Any exception out of ``on_delta``, and
        KeyboardInterrupt, closes the connection at once, so that the server stops writing.

        Raises
        ------
        ModelUnavailableError
            Time-out, no connection, 429, 5xx, or a reply that breaks off.
        ModelError
            Everything else that the server refused, or a reply that was cut off at its limit,
            filtered or declined; a redirect to another origin, or more bytes than a scene has.
        """
        with self._calls.call(Bounds(self._patience.reply_timeout_s, _LARGEST_BODY_BYTES)):
            return self._complete(messages, on_delta, seed)

    def _complete(
        self, messages: Sequence[Message], on_delta: Callable[[str], None], seed: int | None
    ) -> Completion:
        reply = StreamedReply()
        with closing(self._read_pieces(self._open(messages, seed))) as pieces:
            for piece in pieces:
                reply.add(piece)
                if piece.text:
                    on_delta(piece.text)
                if reply.size > MAX_REPLY_CHARS:
                    self._fail(Failure("endless"))
        if failure := reply.find_failure():
            self._fail(failure)
        return Completion(
            text=reply.text,
            model=self.name,
            usage=reply.usage,
            finish_reason=reply.finish_reason,
        )

    def list_models(self) -> list[str]:
        """Return the names that ``GET /models`` lists; empty where it does not answer soon."""
        longest_s = self._patience.listing_timeout_s
        client = self._client.with_options(timeout=longest_s)
        with self._calls.call(Bounds(longest_s, _LARGEST_BODY_BYTES)):
            try:
                return [row.id for row in client.models.list(extra_headers=self._headers).data]
            except self._reply_errors:
                return []

    # --- asking ---

    @cached_property
    def _client(self) -> openai.OpenAI:
        import openai

        patience = self._patience
        timeout = openai.Timeout(patience.read_timeout_s, connect=patience.connect_timeout_s)
        try:
            return openai.OpenAI(
                api_key=self._api_key or "none",
                base_url=self._base_url,
                max_retries=0,  # retried here, where Retry-After is bounded and reported
                timeout=timeout,
                http_client=openai.DefaultHttpxClient(
                    event_hooks=self._calls.event_hooks, headers=self._calls.headers
                ),
            )
        except (ImportError, ValueError) as exc:
            raise ConfigurationError(
                "The proxy that the environment names cannot be used.",
                hint="Check HTTPS_PROXY and ALL_PROXY; a SOCKS proxy needs: pip install socksio",
                setting="ALL_PROXY",
            ) from exc

    @cached_property
    def _headers(self) -> dict[str, Any]:
        import openai

        return {} if self._api_key else {"Authorization": openai.Omit()}

    @cached_property
    def _foreign_errors(self) -> tuple[type[Exception], ...]:
        import openai

        # Older clients let errors of their HTTP library through while they stream.
        loaded = (sys.modules.get(name) for name in ("httpx", "httpx2"))
        found = [module.HTTPError for module in loaded if module is not None]
        return (openai.OpenAIError, BoundError, ValueError, *found)

    @cached_property
    def _reply_errors(self) -> tuple[type[Exception], ...]:
        # The client builds its records unchecked: a body of another shape fails where it is read.
        return (*self._foreign_errors, TypeError, AttributeError, LookupError, RecursionError)

    def _open(self, messages: Sequence[Message], seed: int | None) -> openai.Stream[Any]:
        tries_left = self._patience.tries
        while True:
            try:
                return self._request(messages, seed)
            except self._foreign_errors as exc:
                tries_left -= 1
                failure = self._read_failure(exc)
                if self._refuses_usage(failure):
                    continue
                wait_s = self._find_wait_s(failure, tries_left)
                if wait_s is None:
                    self._fail(failure, exc)
            time.sleep(wait_s)

    def _request(self, messages: Sequence[Message], seed: int | None) -> openai.Stream[Any]:
        extra: dict[str, Any] = {} if seed is None else {"seed": seed}
        if not self._is_usage_refused:
            extra["stream_options"] = {"include_usage": True}
        rows: Any = list(messages)
        stream: openai.Stream[Any] = self._client.chat.completions.create(
            model=self.name, messages=rows, stream=True, extra_headers=self._headers, **extra
        )
        return stream

    def _refuses_usage(self, failure: Failure) -> bool:
        """Whether the server refused to count tokens; the next request omits that option."""
        if self._is_usage_refused or failure.status not in {400, 422}:
            return False
        self._is_usage_refused = "stream_options" in failure.message
        return self._is_usage_refused

    def _find_wait_s(self, failure: Failure, tries_left: int) -> float | None:
        if tries_left <= 0 or not failure.is_worth_another_try:
            return None
        if failure.retry_after_s is None:
            return float(self._patience.backoff_s * 2 ** (self._patience.tries - tries_left - 1))
        is_too_long = failure.retry_after_s > self._patience.longest_wait_s
        return None if is_too_long else failure.retry_after_s

    # --- reading ---

    def _read_pieces(self, stream: openai.Stream[Any]) -> Generator[Piece]:
        has_begun = False
        with stream:
            try:
                if "text/event-stream" not in _media_type(stream):
                    yield self._read_whole(stream)
                    return
                for chunk in stream:
                    yield read_chunk(chunk)
                    has_begun = True
            except self._reply_errors as exc:
                self._fail(self._read_failure(exc, has_begun=has_begun, is_reply=True), exc)

    def _read_whole(self, stream: openai.Stream[Any]) -> Piece:
        """Read the answer of a server that does not stream although it was requested."""
        body = json.loads(stream.response.read())
        if error := body.get("error"):
            self._fail(Failure("in_stream", self._clean(_message_of(error))))
        return read_whole(body)

    # --- failing ---

    def _fail(self, failure: Failure, cause: Exception | None = None) -> NoReturn:
        offered = self.list_models() if failure.status == 404 else ()  # noqa: PLR2004 - HTTP
        asked = Asked(
            model=self.name,
            server=_without_secrets(self._base_url),
            has_key=self._api_key is not None,
            read_timeout_s=self._patience.read_timeout_s,
            reply_timeout_s=self._patience.reply_timeout_s,
            offered=offered,
        )
        raise explain(failure, asked) from cause

    def _read_failure(
        self, exc: Exception, *, has_begun: bool = False, is_reply: bool = False
    ) -> Failure:
        import openai

        message = self._find_message(exc)
        bound = Failure("too_slow") if self._calls.is_late else find_bound_failure(exc)
        if bound is not None:
            return bound
        if isinstance(exc, openai.APIStatusError):
            return Failure(
                "status",
                message,
                status=exc.status_code,
                code=str(exc.code or ""),
                retry_after_s=read_retry_after(exc.response.headers),
            )
        if isinstance(exc, openai.APITimeoutError) or is_http_error(exc, "Timeout"):
            is_connecting = "Connect" in type(exc.__cause__).__name__
            return Failure("connect_timeout" if is_connecting else "read_timeout")
        if isinstance(exc, openai.APIConnectionError) or is_http_error(exc):
            return Failure("broken") if is_reply else self._read_connection_failure(exc)
        if isinstance(exc, openai.APIError):
            return Failure("in_stream", message, code=str(exc.code or ""))
        return Failure("broken" if has_begun else "unreadable")

    def _read_connection_failure(self, exc: Exception) -> Failure:
        found = find_connection_failure(exc)
        return dataclasses.replace(found, message=self._clean(found.message))

    def _find_message(self, exc: Exception) -> str:
        # The key is taken out of the client's own error too: a full traceback would print it.
        if self._api_key:
            exc.args = tuple(
                redact(part, self._api_key) if isinstance(part, str) else part for part in exc.args
            )
        return self._clean(_message_of(getattr(exc, "body", None)))

    def _clean(self, text: str) -> str:
        return quote(redact(text, self._api_key))


def _message_of(body: object) -> str:
    """Find the words in an error body: ``{"error": {"message": …}}`` and its many relatives."""
    if isinstance(body, Mapping):
        return _message_of(body.get("message") or body.get("error") or body.get("detail") or "")
    return body if isinstance(body, str) and not body.lstrip().startswith("<") else ""


def _media_type(stream: openai.Stream[Any]) -> str:
    return str(stream.response.headers.get("content-type", ""))
