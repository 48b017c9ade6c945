"""ASGI middleware: checks every request before the application reads it; adds security headers.

Host and Origin must name this service; a body must be small, delimited in one way only, and strict
JSON. The headers forbid browsers to guess types, to embed an answer in a frame, and to run scripts
in it (in a page: others than this service's own).

Runs in the service's web process.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Iterable, MutableMapping
from contextlib import ExitStack
from typing import Any, NoReturn
from urllib.parse import urlsplit

from shaperotator_magic.core.errors import InvalidRequestError, ServiceError
from shaperotator_magic.service.http.connections import name_client
from shaperotator_magic.service.limits import ConcurrencyLimit

LARGEST_BODY_BYTES = 16_384
UPLOAD_PATH = "/generate"
LARGEST_UPLOAD_BYTES = 3_000_000
"""Of a prompt that brings files along, in base64."""
_MOST_CONCURRENT_UPLOADS = 4
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
HEALTH_PATH = "/healthz"
_LONGEST_PATH = 2_000

_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_App = Callable[[_Scope, _Receive, _Send], Awaitable[None]]

API_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "cache-control": "private, no-store",
}
PAGE_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "media-src blob:; img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "cache-control": "no-cache",
}
_ALL_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """ASGI middleware around the whole application.

    Parameters
    ----------
    hosts
        Names that this service answers to, without ports.
    is_open
        Without tokens: requests that a proxy passed on are refused, too.
    body_timeout_s
        Time for a whole body.
    in_progress
        Requests at once, by client address; ``/healthz`` is not counted.
    """

    def __init__(
        self,
        app: _App,
        *,
        hosts: Collection[str],
        is_open: bool,
        body_timeout_s: float,
        in_progress: ConcurrencyLimit,
    ) -> None:
        self._app = app
        self._body_timeout_s = body_timeout_s
        self._in_progress = in_progress
        self._hosts = frozenset(hosts)
        self._is_open = is_open
        # One of each address: what comes here is held in memory before anybody is asked who it is.
        self._uploads = ConcurrencyLimit(most=_MOST_CONCURRENT_UPLOADS, most_per_name=1)

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """Check one request, and pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        dressed = _Dresser(send)
        with ExitStack() as held:
            try:
                headers = _read_headers(scope["headers"])
                self._check_address(scope, headers)
                body = await self._read_body(scope, headers, receive)
                if scope["path"] != HEALTH_PATH:
                    held.enter_context(self._in_progress.hold(_name_client(scope)))
            except ServiceError as exc:
                await _answer(exc, dressed)
                return
            except ConnectionError:
                return
            await self._app(scope, _Replay(body, receive), dressed)

    def _check_address(self, scope: _Scope, headers: dict[str, str]) -> None:
        if _read_host_name(headers.get("host", "")) not in self._hosts:
            _refuse(421, "This service does not answer to that host name.", _HOST_HINT)
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).hostname not in self._hosts:
            _refuse(403, "Pages of other origins may not use this service.")
        if self._is_open and ("x-forwarded-for" in headers or "forwarded" in headers):
            _refuse(403, "A service without tokens answers nobody behind a proxy.", _OPEN_HINT)
        if len(scope["path"]) > _LONGEST_PATH:
            _refuse(404, "There is nothing at this path.")

    async def _read_body(self, scope: _Scope, headers: dict[str, str], receive: _Receive) -> bytes:
        if "transfer-encoding" in headers and "content-length" in headers:
            _refuse(400, "The request has two lengths.")
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            _refuse(400, "The length of the request is not a number.")
        largest = self._find_largest(scope, headers)
        if len(length) > len(str(largest)) + 4 or int(length) > largest:
            _refuse(413, f"The body has more than {largest} bytes.")
        try:
            with ExitStack() as held:
                if int(length) > LARGEST_BODY_BYTES:
                    held.enter_context(self._uploads.hold(_name_client(scope)))
                async with asyncio.timeout(self._body_timeout_s):
                    body = await _receive_body(receive, max(int(length), LARGEST_BODY_BYTES))
        except TimeoutError:
            _refuse(408, f"The body did not come within {self._body_timeout_s:g} s.")
        if scope["method"] == "POST" and body:  # nothing else takes a body
            _check_type(headers.get("content-type", ""))
            _check_json(body)
        return body

    def _find_largest(self, scope: _Scope, headers: dict[str, str]) -> int:
        """Files come with prompts alone, and where tokens are needed, with a token."""
        may_upload = scope["path"] == UPLOAD_PATH and (self._is_open or "authorization" in headers)
        return LARGEST_UPLOAD_BYTES if may_upload else LARGEST_BODY_BYTES


_HOST_HINT = "Start it with --public-host NAME for every name that people use."
_OPEN_HINT = "Make tokens with 'shaperotator token add NAME', and start it without --open."


def _name_client(scope: _Scope) -> str:
    client = scope.get("client")
    return name_client(client[0]) if client else ""


async def _receive_body(receive: _Receive, largest: int) -> bytes:
    body = bytearray()
    is_more = True
    while is_more:
        message = await receive()
        if message["type"] != "http.request":
            raise ConnectionError
        body += message.get("body", b"")
        is_more = message.get("more_body", False)
        if len(body) > largest:
            _refuse(413, f"The body has more than {largest} bytes.")
    return bytes(body)


def _read_headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, value in pairs:
        name = raw_name.decode("latin-1").lower()
        if name in headers and name in {"host", "origin", "content-length", "authorization"}:
            _refuse(400, "A header stands twice in the request.")
        headers[name] = value.decode("latin-1")
    return headers


def _read_host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _check_type(content_type: str) -> None:
    kind, _, rest = content_type.partition(";")
    charset = rest.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != "application/json" or charset not in {"", "utf-8", "utf8"}:
        _refuse(415, "The body must be JSON.", "Send it with content-type: application/json.")


def _check_json(body: bytes) -> None:
    """Refuse what parsers read in different ways: NaN, doubled keys, depth, other encodings."""
    try:
        json.loads(body.decode("utf-8"), parse_constant=_fail, object_pairs_hook=_check_keys)
    except (ValueError, RecursionError) as exc:
        raise InvalidRequestError(
            "The body is not valid JSON.",
            hint="Numbers must be finite, keys stand once, text is UTF-8.",
            http_status=400,
        ) from exc


def _fail(name: str) -> NoReturn:
    raise ValueError(name)


def _check_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(http_status: int, message: str, hint: str = "") -> NoReturn:
    raise InvalidRequestError(message, hint=hint, http_status=http_status)


class _Replay:
    """Hands the body that was read to the application, and then what else comes."""

    def __init__(self, body: bytes, receive: _Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> MutableMapping[str, Any]:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


class _Dresser:
    """Puts the headers on that every answer carries, below those that it has already."""

    def __init__(self, send: _Send) -> None:
        self._send = send

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            own = list(message.get("headers", ()))
            names = {name.lower() for name, _ in own}
            added = [
                (name.encode(), value.encode())
                for name, value in (_ALL_HEADERS | API_HEADERS).items()
                if name.encode() not in names
            ]
            message = {**message, "headers": [*own, *added]}
        await self._send(message)


async def _answer(error: ServiceError, send: _Send) -> None:
    body = json.dumps({"error": error.as_dict()}).encode()
    retry_after_s = getattr(error, "retry_after_s", None)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        # The rest of the body, if any, is not read; the connection cannot be used again.
        (b"connection", b"close"),
    ]
    if retry_after_s is not None:
        headers.append((b"retry-after", str(round(retry_after_s)).encode()))
    await send({"type": "http.response.start", "status": error.http_status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
