"""Answers that are more than a JSON body: errors, parts of videos, event streams, the page.

Runs in the service's web process.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from shaperotator_magic.core.errors import ShapeRotatorError, UnauthorizedError
from shaperotator_magic.service.http.guard import PAGE_HEADERS
from shaperotator_magic.service.service import Service
from shaperotator_magic.service.tasks.hub import Numbered, Subscription
from shaperotator_magic.service.videos import OpenVideo, is_growing
from shaperotator_magic.service.wire import Message

_MEDIA_TYPES = {
    "mp4": "video/mp4",
    "png": "image/png",
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "srg": "application/octet-stream",
    "html": "text/html",
}
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_HEARTBEAT_S = 10.0


def build_error_response(
    error: ShapeRotatorError, *, headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return the one shape of an error, with the status of its class."""
    extra = dict(headers or {})
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is not None:
        extra["retry-after"] = str(max(1, round(retry_after_s)))
    if isinstance(error, UnauthorizedError):
        extra["www-authenticate"] = "Bearer"
    return JSONResponse({"error": error.as_dict()}, error.http_status, headers=extra)


# --- videos ---------------------------------------------------------------------------


def build_video_response(request: Request, video: OpenVideo, tag: str, name: str) -> Response:
    """Return a video or the requested range of it; its file is closed in any case."""
    headers = {
        "accept-ranges": "bytes",
        "etag": tag,
        "cache-control": "no-store" if is_growing(name) else "private, max-age=3600",
        "content-disposition": f'inline; filename="{name}"',
    }
    if tag in request.headers.get("if-none-match", ""):
        video.close()
        return Response(status_code=304, headers=headers)
    part = _read_range(request, video.size_bytes, tag)
    if part is None:
        video.close()
        headers["content-range"] = f"bytes */{video.size_bytes}"
        return Response(status_code=416, headers=headers)
    start, end = part
    is_whole = (start, end) == (0, video.size_bytes)
    headers["content-length"] = str(end - start)
    if not is_whole:
        headers["content-range"] = f"bytes {start}-{end - 1}/{video.size_bytes}"
    media_type = _MEDIA_TYPES[name.rpartition(".")[2]]
    status = 200 if is_whole else 206
    if request.method == "HEAD":
        video.close()
        return Response(status_code=status, headers=headers, media_type=media_type)
    return StreamingResponse(
        video.read(start, end), status_code=status, headers=headers, media_type=media_type
    )


def _read_range(request: Request, size: int, tag: str) -> tuple[int, int] | None:
    """Return the first byte and the one after the last; None for a part that there is not.

    What is no single range of bytes is answered with the whole, as RFC 9110 allows.
    """
    found = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if found is None or found.group(0) == "bytes=-":
        return 0, size
    if request.headers.get("if-range", tag) != tag:
        return 0, size
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
    return (start, end) if start < end else None


# --- events ---------------------------------------------------------------------------


async def build_event_stream(
    request: Request, service: Service, owner: str, task_id: str
) -> StreamingResponse:
    """Return a task's messages as server-sent events.

    The first event is ``status`` with the body of ``GET /status``, then come the messages of the
    run, those before the connection included; the last event is ``status`` again, once it ended.

    Raises
    ------
    TaskNotFoundError
        The owner has no such task.
    """
    task = await run_in_threadpool(service.find_task, owner, task_id)
    text = request.headers.get("last-event-id", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004
    stream = _stream(service, owner, task.task_id, after)
    return StreamingResponse(
        stream, media_type="text/event-stream", headers={"x-accel-buffering": "no"}
    )


async def _stream(service: Service, owner: str, task_id: str, after: int) -> AsyncIterator[bytes]:
    subscription = Subscription(asyncio.get_running_loop())
    earlier = service.hub.subscribe(task_id, subscription, after=after)
    try:
        async for event in _send(service, owner, task_id, subscription, earlier):
            yield event
    finally:
        service.hub.unsubscribe(task_id, subscription)


async def _send(
    service: Service, owner: str, task_id: str, subscription: Subscription, earlier: list[Numbered]
) -> AsyncIterator[bytes]:
    async def read_status() -> tuple[bool, bytes]:
        task = await run_in_threadpool(service.find_task, owner, task_id)
        body = service.describe_status(task).model_dump(mode="json")
        return task.has_ended, _build_event("status", body)

    has_ended, status = await read_status()
    yield status
    if has_ended:
        return
    for number, message in earlier:
        yield _build_event("message", message, number)
    while True:
        try:
            numbered = await subscription.receive(_HEARTBEAT_S)
        except TimeoutError:
            # A task may have ended without a word to this stream: it was cancelled in the queue,
            # or ran in another process that shares the store.
            has_ended, status = await read_status()
            yield status if has_ended else b": still here\n\n"
            if has_ended:
                return
            continue
        if numbered is None:
            _, status = await read_status()
            yield status
            return
        yield _build_event("message", numbered[1], numbered[0])


def _build_event(kind: str, data: Message, number: int | None = None) -> bytes:
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {kind}\ndata: {json.dumps(data)}\n\n".encode()


# --- the page -------------------------------------------------------------------------


def build_page(path: str) -> Callable[[], Any]:
    """Return the endpoint that answers one file of the page."""
    name = path.lstrip("/") or "page.html"
    room, folder = ("service.http", "page") if "/" not in name else ("pipeline.exploring", "static")
    place = files(f"shaperotator_magic.{room}").joinpath(folder, name.rpartition("/")[2])
    content = place.read_bytes()
    media_type = _MEDIA_TYPES[name.rpartition(".")[2]]

    async def read_page() -> Response:
        return Response(content, media_type=media_type, headers=PAGE_HEADERS)

    return read_page
