"""A real chat server on loopback that plays scripted or recorded replies, for tests and demos.

It speaks the part of the OpenAI chat-completions protocol that this package uses, so that tests
drive the real client over real sockets, with streaming, delays, errors and cut-offs on demand.
Nothing leaves the machine. Usable from another process, too::

    python -m shaperotator_magic.testing --replies tests/data/replies --port 0

Imports the records, and otherwise only the standard library.
"""

from __future__ import annotations

import argparse
import json
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Self

from shaperotator_magic.core.records import Usage

__all__ = [
    "ChatRequest",
    "RecordedModelServer",
    "RecordedReply",
    "Reply",
    "load_recorded_replies",
    "play_recorded",
]


_USAGE = Usage(prompt_tokens=100, completion_tokens=200)


@dataclass(frozen=True)
class Reply:
    """What the server does with one chat request.

    ``delay_s`` passes before the first byte, ``chunk_delay_s`` before every piece of
    ``chunk_chars`` characters. ``cut_after_chars`` closes the connection in the middle of a
    streamed reply, ``is_dropped`` before any answer. With a ``status`` of 400 or more, ``error``
    and ``error_code`` are the body; with 200 the error comes inside the stream, after the text.
    ``body`` is sent as it is, in place of everything else, as ``content_type``.
    """

    text: str = ""
    delay_s: float = 0.0
    chunk_chars: int = 24
    chunk_delay_s: float = 0.0
    finish_reason: str | None = "stop"
    cut_after_chars: int | None = None
    is_dropped: bool = False
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    error_code: str | None = None
    refusal: str | None = None
    body: str | None = None
    content_type: str = "application/json"
    usage: Usage | None = _USAGE


@dataclass(frozen=True)
class ChatRequest:
    """One chat request as it came: its JSON body, and whether a key came with it."""

    body: Mapping[str, Any]
    has_key: bool

    @property
    def messages(self) -> list[dict[str, str]]:
        """The conversation that was sent."""
        return list(self.body.get("messages", ()))

    @property
    def user_texts(self) -> list[str]:
        """What the user's messages say, first one first."""
        return [row["content"] for row in self.messages if row["role"] == "user"]


Script = Sequence[Reply | str] | Callable[[ChatRequest], Reply | str]


# --- recorded replies -----------------------------------------------------------------


@dataclass(frozen=True)
class RecordedReply:
    """A prompt with a model's real reply, and its replies to the errors that followed.

    ``renders_at`` is the attempt, counted from 1, whose scene plain manim rendered.
    """

    id: str
    prompt: str
    reply: str
    repairs: tuple[str, ...] = ()
    renders_at: int | None = None


def load_recorded_replies(folder: Path | str) -> list[RecordedReply]:
    """Read ``verdicts.jsonl`` in ``folder`` and the replies that its rows name.

    Raises
    ------
    FileNotFoundError
        The folder holds no ``verdicts.jsonl``, or a reply that it names is missing.
    """
    root = Path(folder)
    lines = (root / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    return [_load_row(root, json.loads(line)) for line in lines if line.strip()]


def _load_row(root: Path, row: Mapping[str, Any]) -> RecordedReply:
    attempts = [number for number in (1, 2, 3) if row.get(f"render_at_{number}")]
    return RecordedReply(
        id=row["id"],
        prompt=row["prompt"],
        reply=(root / row["reply"]).read_text(encoding="utf-8"),
        repairs=tuple((root / name).read_text(encoding="utf-8") for name in row.get("fixes", ())),
        renders_at=attempts[0] if attempts else None,
    )


def play_recorded(
    recorded: Sequence[RecordedReply], *, chunk_delay_s: float = 0.0
) -> Callable[[ChatRequest], Reply]:
    """Return a script that answers each recorded prompt with its own recorded reply.

    A prompt is known by its text inside the first user message. Every assistant message in the
    conversation counts as an attempt that failed: then the next repair is played, or the last
    reply again where nothing more was recorded. Any other prompt is answered with status 400.
    """
    by_length = sorted(recorded, key=lambda row: len(row.prompt), reverse=True)

    def choose(request: ChatRequest) -> Reply:
        asked = request.user_texts[0] if request.user_texts else ""
        for row in by_length:
            if row.prompt in asked:
                return Reply(_pick_attempt(row, request), chunk_delay_s=chunk_delay_s)
        return Reply(status=400, error="No reply is recorded for this prompt.")

    return choose


def _pick_attempt(row: RecordedReply, request: ChatRequest) -> str:
    failed = sum(message["role"] == "assistant" for message in request.messages)
    replies = (row.reply, *row.repairs)
    return replies[min(failed, len(replies) - 1)]


# --- the server -----------------------------------------------------------------------


class RecordedModelServer:
    """An OpenAI-compatible chat server on a free port of 127.0.0.1; a context manager.

    Parameters
    ----------
    script
        Replies in order, or a function from the request to its reply. A plain string is a
        ``Reply`` of that text. A request after the last reply is answered with status 400.
    key
        The API key that clients must send; None takes every client.
    models
        The models offered; any other name is answered with 404. None takes every name.
    has_stream_options
        False refuses ``stream_options`` with 400, as some servers do.

    Attributes
    ----------
    requests
        The chat requests that came, in order, refused ones included.
    disconnects
        How many clients went away before their reply was complete.
    """

    def __init__(
        self,
        script: Script = (),
        *,
        port: int = 0,
        key: str | None = None,
        models: Sequence[str] | None = None,
        has_stream_options: bool = True,
    ) -> None:
        self.key = key
        self.models = models
        self.has_stream_options = has_stream_options
        self.requests: list[ChatRequest] = []
        self.disconnects = 0
        self._script = script if callable(script) else deque(script)
        self._changed = threading.Condition()
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def base_url(self) -> str:
        """What an OpenAI client takes as its base URL."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def wait_for_disconnect(self, timeout_s: float = 5.0) -> bool:
        """Wait until a client has gone away early; False when none has after ``timeout_s``."""
        with self._changed:
            return self._changed.wait_for(lambda: self.disconnects > 0, timeout_s)

    def wait_for_request(self, timeout_s: float = 5.0) -> bool:
        """Wait until a chat request has come; False when none has after ``timeout_s``."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.requests) > 0, timeout_s)

    def choose_reply(self, request: ChatRequest, authorization: str) -> Reply:
        """Note the request and return what the script, or a rule of the server, answers."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            return self._refuse(request, authorization) or self._next_reply(request)

    def note_disconnect(self) -> None:
        """Count a client that went away early."""
        with self._changed:
            self.disconnects += 1
            self._changed.notify_all()

    def _refuse(self, request: ChatRequest, authorization: str) -> Reply | None:
        if self.key is not None and authorization != f"Bearer {self.key}":
            # Real servers echo the key, whole or in part: clients must not pass that on.
            sent = authorization.removeprefix("Bearer ")
            message = f"Incorrect API key provided: {sent}."
            return Reply(status=401, error=message, error_code="invalid_api_key")
        model = request.body.get("model", "")
        if self.models is not None and model not in self.models:
            message = f"The model `{model}` does not exist."
            return Reply(status=404, error=message, error_code="model_not_found")
        if not self.has_stream_options and "stream_options" in request.body:
            return Reply(status=400, error="Unrecognized request argument: stream_options")
        return None

    def _next_reply(self, request: ChatRequest) -> Reply:
        if callable(self._script):
            reply = self._script(request)
        elif self._script:
            reply = self._script.popleft()
        else:
            reply = Reply(status=400, error="The script holds no more replies.")
        return Reply(reply) if isinstance(reply, str) else reply


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    owner: RecordedModelServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep silent about clients that vanish; they are counted where it matters."""


class _ClientGone(Exception):  # noqa: N818 - a signal inside this module, not an error
    pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    default_headers: ClassVar[dict[str, str]] = {"Cache-Control": "no-store"}

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: stderr belongs to the test."""

    def do_GET(self) -> None:
        if self.path.rstrip("/") != "/v1/models":
            self._send(404, "text/plain", "404 page not found")
            return
        names = self.server.owner.models or ("recorded",)
        rows = [{"id": n, "object": "model", "created": 0, "owned_by": "tests"} for n in names]
        self._send_json(200, {"object": "list", "data": rows})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path.rstrip("/") != "/v1/chat/completions":
            self._send(404, "text/plain", "404 page not found")
            return
        authorization = self.headers.get("Authorization", "")
        request = ChatRequest(json.loads(raw), has_key=bool(authorization))
        reply = self.server.owner.choose_reply(request, authorization)
        try:
            self._answer(request, reply)
        except (_ClientGone, BrokenPipeError, ConnectionResetError):
            self.close_connection = True
            self.server.owner.note_disconnect()

    def _answer(self, request: ChatRequest, reply: Reply) -> None:
        self._pause(reply.delay_s)
        if reply.is_dropped:
            self.close_connection = True
        elif reply.body is not None:
            self._send(reply.status, reply.content_type, reply.body, reply.headers)
        elif reply.status >= 400:  # noqa: PLR2004 - where HTTP errors begin
            self._send_json(reply.status, {"error": _error_body(reply)}, reply.headers)
        elif request.body.get("stream"):
            self._stream(request, reply)
        else:
            self._send_json(200, _whole_completion(request, reply), reply.headers)

    def _pause(self, seconds: float) -> None:
        """Wait, but notice at once when the client closes its side."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select([self.connection], [], [], left)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise _ClientGone
            if readable:  # a client that already sends its next request; let it wait
                time.sleep(left)

    def _stream(self, request: ChatRequest, reply: Reply) -> None:
        self._send_head(200, "text/event-stream", reply.headers)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        end = reply.cut_after_chars
        for piece in _pieces(reply.text[:end], reply.chunk_chars):
            self._pause(reply.chunk_delay_s)
            self._send_event(_chunk(request, {"content": piece}))
        if end is not None:
            self.close_connection = True
            return
        for event in _last_events(request, reply):
            self._send_event(event)
        self._send_event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _send_event(self, data: Mapping[str, Any] | str) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        line = f"data: {text}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
        self.wfile.flush()

    def _send_json(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        self._send(status, "application/json", json.dumps(body), headers)

    def _send(
        self, status: int, media_type: str, text: str, headers: Mapping[str, str] | None = None
    ) -> None:
        data = text.encode()
        self._send_head(status, media_type, headers or {})
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _send_head(self, status: int, media_type: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        given = {"Content-Type": media_type, **self.default_headers, **headers}
        for name, value in given.items():
            self.send_header(name, value)


# --- what goes over the wire ----------------------------------------------------------


def _pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def _error_body(reply: Reply) -> dict[str, Any]:
    kind = "server_error" if reply.status >= 500 else "invalid_request_error"  # noqa: PLR2004
    message = reply.error or f"Status {reply.status}."
    return {"message": message, "type": kind, "param": None, "code": reply.error_code}


def _usage_body(usage: Usage) -> dict[str, int]:
    total = usage.prompt_tokens + usage.completion_tokens
    return {**usage.model_dump(), "total_tokens": total}


def _head(request: ChatRequest, kind: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-recorded",
        "object": kind,
        "created": int(time.time()),
        "model": request.body.get("model", ""),
    }


def _chunk(
    request: ChatRequest, delta: Mapping[str, str], finish_reason: str | None = None
) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {**_head(request, "chat.completion.chunk"), "choices": [choice]}


def _last_events(request: ChatRequest, reply: Reply) -> list[dict[str, Any]]:
    if reply.error is not None:
        return [{"error": _error_body(reply)}]
    events = [_chunk(request, {"refusal": reply.refusal})] if reply.refusal else []
    events.append(_chunk(request, {}, reply.finish_reason))
    wants_usage = (request.body.get("stream_options") or {}).get("include_usage")
    if wants_usage and reply.usage is not None:
        last = {**_head(request, "chat.completion.chunk"), "choices": []}
        events.append({**last, "usage": _usage_body(reply.usage)})
    return events


def _whole_completion(request: ChatRequest, reply: Reply) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.text, "refusal": reply.refusal}
    choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
    body = {**_head(request, "chat.completion"), "choices": [choice]}
    return body if reply.usage is None else {**body, "usage": _usage_body(reply.usage)}


def _main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m shaperotator_magic.testing")
    parser.add_argument("--replies", required=True, help="folder with verdicts.jsonl and replies")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--chunk-delay", type=float, default=0.0, help="seconds before each piece")
    options = parser.parse_args(arguments)
    script = play_recorded(
        load_recorded_replies(options.replies), chunk_delay_s=options.chunk_delay
    )
    with RecordedModelServer(script, port=options.port) as server:
        print(server.base_url, flush=True)  # noqa: T201 - the one thing its caller needs to know
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    _main()
