"""One service as its client sees it: requests, the stream of a task's messages, downloads.

A video is accepted only with the hash that the service reports. A failure of the service, or a time
limit, is reported in two lines.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from pydantic import ValidationError

from shaperotator_magic.core.atomic_files import replacing
from shaperotator_magic.core.bounded_http import (
    BoundedCalls,
    BoundError,
    Bounds,
)
from shaperotator_magic.core.errors import (
    ConfigurationError,
    ServiceError,
    ServiceUnavailableError,
)
from shaperotator_magic.core.records import FeedbackRecord, Options, Prompt, RenderedVideo
from shaperotator_magic.rendering.exchange.geometry import GeometryError, check_geometry
from shaperotator_magic.service.client.explaining import Explainer
from shaperotator_magic.service.client.sending import pick_options
from shaperotator_magic.service.videos import LARGEST_LIVE_BYTES, name_live

if TYPE_CHECKING:
    import httpx

_CONNECT_TIMEOUT_S = 5.0
_SILENCE_S = 30.0
_CANCEL_TIMEOUT_S = 3.0
_RECONNECTS = 6
_LARGEST_VIDEO_BYTES = 500_000_000
_LARGEST_BODY_BYTES = 8_000_000
_LARGEST_EVENT_BYTES = 2_000_000
_ANSWER_BOUNDS = Bounds(seconds=60.0, body_bytes=_LARGEST_BODY_BYTES)
_VIDEO_BOUNDS = Bounds(seconds=900.0, body_bytes=_LARGEST_VIDEO_BYTES)
# What the task says meanwhile waits for it.
_LIVE_BOUNDS = Bounds(seconds=5.0, body_bytes=LARGEST_LIVE_BYTES)
# A task may wait in a queue; after an hour its result can be seen on the page.
_LISTENING_BOUNDS = Bounds(3600.0, _LARGEST_BODY_BYTES, event_bytes=_LARGEST_EVENT_BYTES)
_SHA256 = re.compile("[0-9a-f]{64}")


class RemoteService:
    """One service, as its client sees it; a context manager.

    ``notes`` are sentences that the user should read.

    Raises
    ------
    ConfigurationError
        The address is not one, or the package httpx is missing.
    """

    def __init__(self, options: Options) -> None:
        self._url = (options.remote or "").rstrip("/")
        parts = urlsplit(self._url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConfigurationError(
                f"{self._url!r} is not the address of a service.",
                hint="Write it whole, such as --remote https://shapes.example",
                setting="remote",
            )
        secret = options.token.get_secret_value() if options.token else ""
        token = secret or os.environ.get("SHAPEROTATOR_TOKEN", "")
        is_local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        is_bare = bool(token) and parts.scheme == "http" and not is_local
        self.notes = ["The token travels unencrypted: use https."] if is_bare else []
        self._calls = BoundedCalls()
        self._explainer = Explainer(self._url, self._calls, silence_s=_SILENCE_S)
        self._client = _build_client(self._url, token, self._calls)

    def __enter__(self) -> RemoteService:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._client.close()

    def submit(self, prompt: Prompt) -> str:
        """Send a prompt; returns the task.

        Raises
        ------
        ServiceError
            The service refuses it: the token, a limit, an option, a full queue.
        ServiceUnavailableError
            It does not answer.
        """
        options = pick_options(prompt.options)
        if prompt.excluded:
            options["excluded"] = list(prompt.excluded)
        body: dict[str, Any] = {"prompt": prompt.text, "options": options}
        if prompt.inputs:
            body["inputs"] = [
                {"name": given.name, "content": given.content} for given in prompt.inputs
            ]
        accepted = self._ask("POST", "/generate", json=body)
        with understood():
            return str(accepted["task_id"])

    def listen(self, task_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield the messages of a task until it ends, for an hour at most; reconnect if needed."""
        with self._calls.call(_LISTENING_BOUNDS), self._explainer.bounded():
            yield from self._listen(task_id)

    def _listen(self, task_id: str) -> Iterator[Mapping[str, Any]]:
        import httpx

        seen = 0
        failures = 0
        while True:
            try:
                for number, kind, data in self._stream(task_id, seen):
                    failures = 0
                    if kind == "message":
                        seen = number or seen
                        yield data
                    elif data.get("status") in {"completed", "failed", "cancelled"}:
                        return
                failures += 1
            except (httpx.HTTPError, ValueError, ServiceUnavailableError) as exc:
                failures += 1
                if failures > _RECONNECTS or self._calls.is_late:
                    raise self._build_loss(task_id) from exc
            if failures > _RECONNECTS:
                raise self._build_loss(task_id)
            time.sleep(min(5.0, 0.25 * 2**failures))

    def read_task(self, task_id: str) -> dict[str, Any]:
        """Return the task with its whole run."""
        return self._ask("GET", f"/tasks/{task_id}")

    def cancel(self, task_id: str) -> None:
        """Request the cancellation of a task, and wait at most three seconds for the answer."""
        import httpx

        bounds = Bounds(_CANCEL_TIMEOUT_S, _LARGEST_BODY_BYTES)
        with contextlib.suppress(httpx.HTTPError, BoundError), self._calls.call(bounds):
            self._client.delete(f"/tasks/{task_id}", timeout=_CANCEL_TIMEOUT_S)

    def send_feedback(self, task_id: str, feedback: FeedbackRecord) -> None:
        """Send a verdict."""
        body = {
            "task_id": task_id,
            "is_positive": feedback.is_positive,
            "remove": feedback.remove,
            "comment": feedback.comment,
        }
        if feedback.is_positive is not None or feedback.remove or feedback.comment:
            self._ask("POST", "/feedback", json=body)

    def download(self, video: RenderedVideo, media_dir: Path) -> RenderedVideo:
        """Fetch a video, its poster and its shapes into the local folder.

        Raises
        ------
        ServiceError
            The file does not have the hash that the service reported.
        """
        if not _SHA256.fullmatch(video.sha256):
            raise _build_mismatch()
        stem = media_dir / video.sha256
        path = stem.with_suffix(".png" if video.media_type == "image/png" else ".mp4")
        media_dir.mkdir(parents=True, exist_ok=True)
        self._fetch(video.path.name, path, sha256=video.sha256)
        poster = stem.with_suffix(".poster.png")
        self._fetch(video.poster.name, poster)
        return video.model_copy(
            update={"path": path, "poster": poster, "geometry": self._fetch_geometry(video, stem)}
        )

    def download_live(self, task_id: str, path: Path) -> None:
        """Fetch what is drawn so far of a task's video.

        Raises
        ------
        ShapeRotatorError
            The task has ended meanwhile, or it does not come in time.
        """
        self._fetch(name_live(task_id), path, bounds=_LIVE_BOUNDS)

    def _fetch_geometry(self, video: RenderedVideo, stem: Path) -> Path | None:
        """Fetch the shapes, if they are what they should be; the video is shown without them."""
        if video.geometry is None:
            return None
        path = stem.with_suffix(".srg")
        self._fetch(video.geometry.name, path)
        try:
            check_geometry(path.read_bytes())
        except GeometryError:
            path.unlink()
            return None
        return path

    # --- one request ------------------------------------------------------------------

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        with self._calls.call(_ANSWER_BOUNDS), self._explainer.explained():
            answer = self._client.request(method, path, **options)
            found = self._explainer.read(answer)
        if not isinstance(found, dict):
            self._explainer.refuse_answer()
        return found

    def _fetch(
        self, name: str, path: Path, *, sha256: str | None = None, bounds: Bounds | None = None
    ) -> None:
        """Write a file of the service to ``path``, where it has the digest that it should have."""
        digest = hashlib.sha256()
        with replacing(path) as unfinished:
            with (
                self._calls.call(bounds or _VIDEO_BOUNDS),
                self._explainer.explained(),
                self._client.stream("GET", f"/videos/{quote(name)}") as answer,
                unfinished.open("xb") as file,
            ):
                if answer.status_code != 200:  # noqa: PLR2004 - OK
                    answer.read()
                    self._explainer.read(answer)
                for chunk in answer.iter_bytes():
                    digest.update(chunk)
                    file.write(chunk)
            if sha256 is not None and digest.hexdigest() != sha256:
                raise _build_mismatch()

    def _stream(
        self, task_id: str, after: int
    ) -> Iterator[tuple[int | None, str, Mapping[str, Any]]]:
        headers = {"Last-Event-ID": str(after)} if after else {}
        path = f"/tasks/{task_id}/events"
        with self._client.stream("GET", path, headers=headers) as answer:
            if answer.status_code != 200:  # noqa: PLR2004 - OK
                answer.read()
                self._explainer.read(answer)
            number, kind = None, ""
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    number = int(value)
                elif name == "event":
                    kind = value
                elif name == "data":
                    yield number, kind, _read_object(value)
                    number = None

    def _build_loss(self, task_id: str) -> ServiceUnavailableError:
        return ServiceUnavailableError(
            f"The service at {self._url} was lost while it worked.",
            hint=f"The result may come there later: {self._url}/#{task_id}",
        )


def _build_client(url: str, token: str, calls: BoundedCalls) -> httpx.Client:
    try:
        import httpx
    except ImportError as exc:
        raise ConfigurationError(
            "A service elsewhere needs the package httpx, which is not installed.",
            hint="Run: pip install httpx",
            setting="remote",
        ) from exc
    own = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(
        base_url=url,
        headers={**calls.headers, **own},
        timeout=httpx.Timeout(_SILENCE_S, connect=_CONNECT_TIMEOUT_S),
        event_hooks=calls.event_hooks,
    )


@contextlib.contextmanager
def understood() -> Iterator[None]:
    """Raise ServiceError where an answer does not have the expected form."""
    try:
        yield
    except (ValidationError, AttributeError, LookupError, TypeError) as exc:
        raise ServiceError(
            "The service answers in a form that this version does not know.",
            hint="Use the same version of shaperotator-magic here and there.",
        ) from exc


def _read_object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except RecursionError as exc:
        raise ValueError(text[:80]) from exc
    if not isinstance(found, dict):
        raise ValueError(text[:80])
    return found


def _build_mismatch() -> ServiceError:
    return ServiceError(
        "The video that came is not the one that the service made.", hint="Run the cell again."
    )
