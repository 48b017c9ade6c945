"""Bounds on what another computer answers: its size unpacked, its time as a whole, its address.

Works with httpx, and with whatever client of the same shape the ``openai`` package brings, through
event hooks. Imports nothing of ours.

Runs in every process.
"""

from __future__ import annotations

import contextlib
import functools
import socket
import sys
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_PIECE_BYTES = 65_536
_GZIP_OR_ZLIB = 47
_RAW_DEFLATE = -15
_UNPACKED = frozenset({"gzip", "x-gzip", "deflate"})
_EVENT_ENDS = (b"\n\n", b"\r\r", b"\n\r\n")
_OPENINGS = (".connect_tcp.complete", ".start_tls.complete")


class BoundError(Exception):
    """An answer passed a bound, and its connection was closed."""


class AnswerTooLargeError(BoundError):
    """It has more bytes, as it came or unpacked, than were allowed."""


class AnswerTooSlowError(BoundError):
    """It was not complete in time."""


class AnswerPackedError(BoundError):
    """It is packed in a way that was not offered, so that its size cannot be bounded."""


class ForeignRedirectError(BoundError):
    """It sends the request on to another origin, which was not followed."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.origin = origin


@dataclass(frozen=True)
class Bounds:
    """What one call may take: seconds from its begin to the last byte, and bytes when unpacked."""

    seconds: float
    body_bytes: int
    stream_bytes: int = 64_000_000
    """Of a stream of events in all."""
    event_bytes: int = 1_000_000


class BoundedCalls:
    """The bounds of one client: its event hooks, its headers, and the calls that are bounded.

    A client without these headers would keep connections open, whose sockets are not known here.
    """

    headers: Mapping[str, str] = {"Accept-Encoding": "gzip, deflate", "Connection": "close"}

    def __init__(self) -> None:
        self._calls = threading.local()

    @property
    def event_hooks(self) -> dict[str, list[Callable[[Any], None]]]:
        """What the client takes under this name."""
        return {"request": [self._watch], "response": [self._bound]}

    @property
    def is_late(self) -> bool:
        """Whether the call of this thread took too long, so that its connection was closed."""
        return self._call.is_late

    @contextlib.contextmanager
    def call(self, bounds: Bounds) -> Iterator[None]:
        """Bound every request of this thread until the end of the block.

        Raises
        ------
        BoundError
            Out of any use of the client, possibly as the cause of an error of its own.
        """
        before, call = getattr(self._calls, "current", None), _Call(bounds)
        self._calls.current = call
        try:
            yield
        finally:
            self._calls.current = before
            call.end()

    @property
    def _call(self) -> _Call:
        found: _Call | None = getattr(self._calls, "current", None)
        if found is None:
            raise RuntimeError("a request outside of a bounded call")
        return found

    def _watch(self, request: Any) -> None:
        self._call.check_time()
        request.extensions["trace"] = self._call.trace

    def _bound(self, response: Any) -> None:
        if response.has_redirect_location:
            _check_origin(response)
        packing = response.headers.pop("content-encoding", "identity").strip().lower()
        if packing not in {*_UNPACKED, "identity", ""}:
            raise AnswerPackedError(packing)
        is_packed = packing in _UNPACKED
        chunks = self._call.read(response.stream, response.headers, is_packed=is_packed)
        response.stream = _derive_stream(response)(chunks, response.stream.close)


class _Call:
    """One bounded call: a clock that closes its connections, and counted bytes."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._sockets: list[socket.socket] = []
        self._changing = threading.Lock()
        self.is_late = False
        self._clock = threading.Timer(bounds.seconds, self._expire)
        self._clock.daemon = True
        self._clock.start()

    def end(self) -> None:
        self._clock.cancel()

    def check_time(self) -> None:
        if self.is_late:
            raise AnswerTooSlowError

    def trace(self, event: str, facts: Mapping[str, Any]) -> None:
        """Record every connection that is opened: the client waits for it without a bound."""
        if not event.endswith(_OPENINGS):
            return
        opened = facts["return_value"].get_extra_info("socket")
        with self._changing:
            self._sockets.append(opened)
            is_late = self.is_late
        if is_late:
            _close(opened)

    def _expire(self) -> None:
        with self._changing:
            self.is_late = True
            sockets = list(self._sockets)
        for opened in sockets:
            _close(opened)

    def read(
        self, chunks: Iterable[bytes], headers: Mapping[str, str], *, is_packed: bool
    ) -> Iterator[bytes]:
        """Yield what comes, unpacked, until a bound is passed."""
        is_stream = "text/event-stream" in headers.get("content-type", "")
        limit = self._bounds.stream_bytes if is_stream else self._bounds.body_bytes
        pieces = _unpack(_count(chunks, limit)) if is_packed else chunks
        if is_stream:
            pieces = _count_events(pieces, self._bounds.event_bytes)
        try:
            for piece in _count(pieces, limit):
                self.check_time()
                yield piece
        except BoundError:
            raise
        except Exception:
            self.check_time()  # the client may raise any error after that
            raise
        self.check_time()


def _close(opened: socket.socket) -> None:
    # Of the connection itself, so that a thread that reads it, encrypted or not, sees its end.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(opened, socket.SHUT_RDWR)


def _count(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > limit:
            raise AnswerTooLargeError(limit)
        yield chunk


def _count_events(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Refuse an event that is too large to hold in memory."""
    open_bytes, before = 0, b""
    for chunk in chunks:
        seen = before + chunk
        ends = [seen.rfind(end) + len(end) for end in _EVENT_ENDS if end in seen]
        open_bytes = len(seen) - max(ends) if ends else open_bytes + len(chunk)
        if open_bytes > limit:
            raise AnswerTooLargeError(limit)
        before = seen[-2:]
        yield chunk


def _unpack(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress in parts of a bounded size, however much is in a chunk."""
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    is_first = True
    for chunk in chunks:
        rest = chunk
        while rest and not unpacker.eof:
            try:
                piece = unpacker.decompress(rest, _PIECE_BYTES)
            except zlib.error as exc:
                if not is_first:
                    raise AnswerPackedError(str(exc)) from exc
                unpacker = zlib.decompressobj(_RAW_DEFLATE)  # as some servers mean 'deflate'
                is_first = False
                continue
            is_first, rest = False, unpacker.unconsumed_tail
            yield piece
    while tail := unpacker.decompress(unpacker.unconsumed_tail, _PIECE_BYTES):
        yield tail


def _check_origin(response: Any) -> None:
    here = response.request.url
    there = here.join(response.headers["location"])
    if (there.scheme, there.host, there.port) != (here.scheme, here.host, here.port):
        port = f":{there.port}" if there.port else ""
        raise ForeignRedirectError(f"{there.scheme}://{there.host}{port}")


class _BoundedStream:
    def __init__(self, chunks: Iterator[bytes], close: Callable[[], None]) -> None:
        self._chunks = chunks
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def close(self) -> None:
        self._close()


def _derive_stream(response: Any) -> Callable[..., Any]:
    """Return the stream as a class of the client's own library, which requires one."""
    library = sys.modules[type(response).__module__.partition(".")[0]]
    return _make_stream_class(library.SyncByteStream)


@functools.cache
def _make_stream_class(base: type[Any]) -> type[Any]:
    return type("BoundedStream", (_BoundedStream, base), {})
