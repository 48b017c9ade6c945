"""A page of a command, for a browser on this machine alone.

The server listens on the loopback address. The page's address begins with a secret that is new each
time, and a request must name the server itself as its host: so no page of another site and no other
user can ask or send anything.

Runs in a command's process.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

_LARGEST_BODY = 20_000  # bytes
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
Answer = tuple[int, str, bytes]
NOTHING: Answer = (404, "text/plain", b"There is nothing here.\n")
_STRANGER: Answer = (403, "text/plain", b"This page needs the address that the command printed.\n")
_NO_JSON: Answer = (415, "text/plain", b"Send JSON.\n")
_TOO_LONG: Answer = (413, "text/plain", b"That is too long.\n")


class PrivatePage:
    """Serves a page until it is closed.

    Parameters
    ----------
    answer
        Returns status, type and content for a path below the secret, without its first ``/``, and
        the body of a request that sends JSON, None for one that reads. Several threads call it.
    port
        0: a free one.
    """

    def __init__(self, answer: Callable[[str, bytes | None], Answer], *, port: int = 0) -> None:
        self._answer = answer
        self._secret = secrets.token_urlsafe(24)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _build_handler(self._find))
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """The address of the page, with its secret."""
        return f"http://127.0.0.1:{self._server.server_port}/{self._secret}/"

    def serve(self) -> None:
        """Answer requests until ``close`` is called, or an interrupt comes."""
        self._server.serve_forever(poll_interval=0.2)

    def close(self) -> None:
        """Stop; a call of ``serve`` in another thread returns."""
        self._server.shutdown()
        self._server.server_close()

    def _find(self, path: str, host: str, body: bytes | None) -> Answer:
        secret, _, rest = path.lstrip("/").partition("?")[0].partition("/")
        is_ours = host == f"127.0.0.1:{self._server.server_port}"
        if not is_ours or not secrets.compare_digest(secret.encode(), self._secret.encode()):
            return _STRANGER
        return self._answer(unquote(rest), body)


def _build_handler(
    find: Callable[[str, str, bytes | None], Answer],
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_GET(self) -> None:
            self._send(find(self.path, self.headers.get("host", ""), None))

        def do_POST(self) -> None:
            length = self.headers.get("content-length", "")
            size = int(length) if length.isdecimal() else 0
            if size > _LARGEST_BODY:
                self._send(_TOO_LONG)
                return
            body = self.rfile.read(size)
            # A form of another site cannot send this type without asking first.
            is_json = self.headers.get("content-type") == "application/json"
            host = self.headers.get("host", "")
            self._send(find(self.path, host, body) if is_json else _NO_JSON)

        def _send(self, given: Answer) -> None:
            status, kind, content = given
            self.send_response(status)
            for name, value in _HEADERS.items():
                self.send_header(name, value)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """The address has the secret: nothing of it is printed."""

    return Handler
