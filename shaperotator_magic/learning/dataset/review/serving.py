"""The page on which a person decides, for a browser on this machine alone.

The server listens on the loopback interface. Every request needs a token that is new each time,
and the server's own address as its host, so that no page of another site can ask.

Runs in a command's process.
"""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from shaperotator_magic.core.provenance import describe_writer
from shaperotator_magic.learning.dataset.review.decisions import DECISIONS, Decisions
from shaperotator_magic.learning.dataset.review.items import Item
from shaperotator_magic.learning.sheets import build_sheet

_PAGE = Path(__file__).with_name("review.html")
_LARGEST_BODY = 10_000
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; img-src 'self'; connect-src 'self'; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
Answer = tuple[int, str, bytes]
_NOTHING: Answer = (404, "text/plain", b"There is nothing here.\n")


class ReviewServer:
    """Serves the items of a store until it is closed.

    Parameters
    ----------
    items
        What is asked about.
    decisions
        Where the answers are kept.
    """

    def __init__(self, items: Sequence[Item], decisions: Decisions) -> None:
        self._items = {item.key: item for item in items}
        self._decisions = decisions
        self._token = secrets.token_urlsafe(24)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _build_handler(self.answer))
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """The address of the page, with its token."""
        return f"http://127.0.0.1:{self._server.server_port}/?token={self._token}"

    def serve(self) -> None:
        """Answer requests until ``close`` is called."""
        self._server.serve_forever(poll_interval=0.2)

    def close(self) -> None:
        """Stop; a call of ``serve`` returns."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, host: str, body: bytes | None) -> Answer:
        """Return status, type and content for a request; ``body`` is None for one that reads."""
        parts = urlsplit(path)
        token = (parse_qs(parts.query).get("token") or [""])[0]
        is_ours = host == f"127.0.0.1:{self._server.server_port}"
        if not is_ours or not secrets.compare_digest(token.encode(), self._token.encode()):
            return 403, "text/plain", b"This page needs the address that the command printed.\n"
        if body is not None:
            return self._decide(body) if parts.path == "/decide" else _NOTHING
        return self._show(parts.path)

    def _show(self, path: str) -> Answer:
        if path == "/":
            return 200, "text/html; charset=utf-8", _PAGE.read_bytes()
        if path == "/items":
            rows = [self._describe(item) for item in self._items.values()]
            return 200, "application/json", json.dumps(rows).encode()
        item = self._items.get(path.removeprefix("/sheet/"))
        video = item.generation.video if item else None
        sheet = build_sheet(video) if video else None
        if sheet is None:
            return _NOTHING
        content = io.BytesIO()
        sheet.save(content, format="PNG")
        return 200, "image/png", content.getvalue()

    def _describe(self, item: Item) -> dict[str, object]:
        generation = item.generation
        code = generation.scene.code if generation.scene else None
        return {
            "key": item.key,
            "decision": self._decisions.find(item.key),
            "asked": generation.prompt.text,
            "first": generation.prompt.question,
            "writer": " · ".join(describe_writer(code, generation.attempts)) if code else "",
            "code": code.source if code else "",
            "rows": list(item.rows),
            "warning": item.warning,
        }

    def _decide(self, body: bytes) -> Answer:
        try:
            said = json.loads(body)
            key, decision = said["key"], said["decision"]
        except (ValueError, KeyError, TypeError):
            return 422, "text/plain", b"A decision has a key and a decision.\n"
        if key not in self._items or decision not in DECISIONS:
            return 422, "text/plain", b"There is no such result or decision.\n"
        self._decisions.append(key, decision)
        return 200, "application/json", b"{}"


def _build_handler(
    answer: Callable[[str, str, bytes | None], Answer],
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_GET(self) -> None:
            self._send(answer(self.path, self.headers.get("host", ""), None))

        def do_POST(self) -> None:
            length = self.headers.get("content-length", "")
            size = int(length) if length.isdecimal() else 0
            if size > _LARGEST_BODY:
                self._send((413, "text/plain", b"That is too long.\n"))
                return
            self._send(answer(self.path, self.headers.get("host", ""), self.rfile.read(size)))

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
            """The address has the token: nothing of it is printed."""

    return Handler
