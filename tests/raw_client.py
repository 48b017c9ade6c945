"""A client that says exactly what a test tells it, as slowly as the test likes."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import time

PATIENCE_S = 30.0
BEGUN = b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: "
"""A request that needs no more than two line ends."""


class Client:
    """One connection from an address of loopback; by TLS where it is told whom to trust."""

    def __init__(
        self,
        port: int,
        *,
        address: str = "127.0.0.1",
        buffer_bytes: int = 0,
        host: str = "127.0.0.1",
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self.began = time.monotonic()  # a server may count from the first packet on
        self._socket = socket.socket()
        if buffer_bytes:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        self._socket.settimeout(PATIENCE_S)
        self._socket.bind((address, 0))
        self._socket.connect(("127.0.0.1", port))
        if trusted is not None:
            self._socket = trusted.wrap_socket(self._socket, server_hostname=host)
        self._host = host

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def ask(self, path: str, *headers: str, method: str = "GET") -> None:
        lines = [f"{method} {path} HTTP/1.1", f"host: {self._host}", *headers, "", ""]
        self.send("\r\n".join(lines).encode())

    def read_answer(self) -> tuple[bytes, bytes]:
        """Return the head and the body of one response."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = self._socket.recv(1)
            assert byte, f"closed after {head!r}"
            head += byte
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return head, self.read(length)

    def read(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count and (chunk := self._socket.recv(count - len(data))):
            data += chunk
        return bytes(data)

    def read_to_end(self) -> bytes:
        """Return what comes until the server closes."""
        data = bytearray()
        with contextlib.suppress(ConnectionResetError):
            while chunk := self._socket.recv(65_536):
                data += chunk
        return bytes(data)

    def dribble_to_end(self, sent: bytes = b"a") -> bytes:
        """Send something now and then until the server closes; return what came."""
        data = bytearray()
        self._socket.settimeout(0.05)
        while self.age_s < PATIENCE_S:
            try:
                chunk = self._socket.recv(65_536)
            except TimeoutError:
                with contextlib.suppress(OSError):
                    self.send(sent)
                continue
            except OSError:
                return bytes(data)
            if not chunk:
                return bytes(data)
            data += chunk
        raise AssertionError("the server waits for ever")

    def is_closed(self) -> bool:
        """Whether the server has closed it by now."""
        if not select.select([self._socket], [], [], 0)[0]:
            return False
        try:
            return not self._socket.recv(1, socket.MSG_PEEK)
        except ConnectionResetError:
            return True

    @property
    def age_s(self) -> float:
        return time.monotonic() - self.began


def read_status(head: bytes) -> int:
    return int(head.split()[1])
