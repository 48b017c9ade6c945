"""Serves the page for grading to this machine's browser, and writes every grade at once.

It listens on the loopback address; its address holds a secret, so that no other page or user can
send grades.

Runs in a command's process.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from shaperotator_magic.learning.grading.grades import GradeBook
from shaperotator_magic.learning.grading.page import Card, build_page

__all__ = ["Shown", "build_server"]

_LARGEST_BODY = 20_000
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self'; "
    "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Shown:
    """One result on the page: where its sheet and video lie, and which book takes its grade."""

    name: str
    prompt: str
    book: GradeBook
    sheet: Path | None
    video: Path | None
    media_type: str = "video/mp4"


def build_server(shown: Mapping[str, Shown], *, port: int = 0) -> tuple[ThreadingHTTPServer, str]:
    """Return the server and its address; ``shown`` are the results by key, in their order."""
    secret = secrets.token_urlsafe(16)
    handler = partial(_Handler, shown, secret)
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    return server, f"http://127.0.0.1:{server.server_address[1]}/{secret}/"


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, shown: Mapping[str, Shown], secret: str, *more: Any) -> None:
        self._shown = shown
        self._secret = secret
        super().__init__(*more)

    def do_GET(self) -> None:
        """Answer the page, a sheet or a video."""
        kind, _, key = self._read_path().partition("/")
        shown = self._shown.get(unquote(key))
        if kind == "" and not key:
            self._answer(build_page(self._list_cards()).encode(), "text/html; charset=utf-8")
        elif kind == "sheet" and shown and shown.sheet:
            self._answer(shown.sheet.read_bytes(), "image/jpeg")
        elif kind == "video" and shown and shown.video:
            self._answer(shown.video.read_bytes(), shown.media_type)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """Take a grade."""
        length = self.headers.get("Content-Length", "")
        is_json = self.headers.get("Content-Type") == "application/json"
        if self._read_path() != "grade" or not is_json or not length.isdigit():
            self.send_error(404)
            return
        try:
            row = json.loads(self.rfile.read(min(int(length), _LARGEST_BODY)))
            shown = self._shown[row["key"]]
            shown.book.write(shown.name, row["grade"], str(row["note"]))
        except (ValueError, KeyError, TypeError):
            self.send_error(422)
            return
        self._answer(b"{}", "application/json")

    def _list_cards(self) -> list[Card]:
        cards = []
        for key, shown in self._shown.items():
            said = shown.book.grades.get(shown.name)
            card = Card(key, shown.prompt, shown.sheet is not None)
            if said is not None:
                card = Card(key, shown.prompt, shown.sheet is not None, said.grade, said.note)
            cards.append(card)
        return cards

    def _read_path(self) -> str:
        """Return the path below the secret; None of ours where that is missing."""
        secret, _, rest = self.path.lstrip("/").partition("?")[0].partition("/")
        is_ours = secrets.compare_digest(secret.encode(), self._secret.encode())
        return rest if is_ours and self._is_own_host() else "nothing"

    def _is_own_host(self) -> bool:
        """Whether the request names this machine: another page's name may lead here, too."""
        return self.headers.get("Host", "").partition(":")[0] in {"127.0.0.1", "localhost"}

    def _answer(self, content: bytes, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *words: Any) -> None:
        """Say nothing of requests: the terminal has the address and the result."""
