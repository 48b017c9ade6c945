"""An HTTP server on loopback that answers as one would that means harm: bombs, redirects, drips."""

from __future__ import annotations

import contextlib
import itertools
import socket
import socketserver
import threading
import zlib
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

Answer = Callable[[str], Iterator[bytes]]
"""From the first line of a request to the bytes that are sent, one piece after the other."""

DRIP_S = 0.05
_ZEROS = bytes(1_000_000)


class HostileServer:
    """Answers every request by the same script, until its client has gone.

    Attributes
    ----------
    requests
        What came, as far as it was read: first line, headers and body.
    gone
        Set when a client went away while its answer was still being sent.
    """

    def __init__(self, answer: Answer) -> None:
        self.requests: list[bytes] = []
        self.gone = threading.Event()
        self._answer = answer
        self._closing = threading.Event()
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                server._handle(self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handle(self, connection: socket.socket) -> None:
        request = self._read_request(connection)
        self.requests.append(request)
        try:
            for piece in self._answer(request.partition(b"\r\n")[0].decode()):
                connection.sendall(piece)
                if self._closing.is_set():
                    return
        except OSError:
            self.gone.set()

    def _read_request(self, connection: socket.socket) -> bytes:
        request = b""
        with contextlib.suppress(OSError):
            while b"\r\n\r\n" not in request:
                request += connection.recv(65536)
            head, _, body = request.partition(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            lengths = [
                int(ln.partition(b":")[2]) for ln in lines if ln.startswith(b"content-length")
            ]
            while len(body) < sum(lengths):
                body += connection.recv(65536)
            request = head + b"\r\n\r\n" + body
        return request


def build_head(status: int = 200, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def send_bomb(*, megabytes: int, status: int = 200, kind: str, encoding: str = "gzip") -> Answer:
    """Return an answer that is a thousandth of its size until it is unpacked."""
    window = {"gzip": 31, "deflate": 15, "raw": -15}.get(encoding, 31)
    name = "deflate" if encoding == "raw" else encoding

    def answer(_: str) -> Iterator[bytes]:
        yield build_head(status, content_type=kind, content_encoding=name, connection="close")
        packer = zlib.compressobj(9, zlib.DEFLATED, window)
        for _ in range(megabytes):
            yield packer.compress(_ZEROS)
        yield packer.flush()

    return answer


def send_redirect(location: str, status: int = 307) -> Answer:
    def answer(_: str) -> Iterator[bytes]:
        yield build_head(status, location=location, content_length="0")

    return answer


def drip(*, before: bytes, drops: Iterator[bytes]) -> Answer:
    """Return an answer that goes on for ever, a few bytes at a time."""

    def answer(_: str) -> Iterator[bytes]:
        yield before
        pause = threading.Event()
        for drop in drops:
            pause.wait(DRIP_S)
            yield drop

    return answer


def drip_headers() -> Answer:
    return drip(before=b"HTTP/1.1 200 OK\r\nx-a: ", drops=itertools.repeat(b"a"))


def drip_body(kind: str) -> Answer:
    return drip(before=build_head(content_type=kind), drops=itertools.repeat(b" "))


def drip_comments() -> Answer:
    """Return a stream of events of which none comes."""
    return drip(
        before=build_head(content_type="text/event-stream"), drops=itertools.repeat(b": wait\n\n")
    )


def send_endless(kind: str, piece: bytes) -> Answer:
    def answer(_: str) -> Iterator[bytes]:
        yield build_head(content_type=kind)
        while True:
            yield piece

    return answer
