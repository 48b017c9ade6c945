"""The pipeline behind ``--remote URL``: the same face as the local one, the work done elsewhere.

The scene that comes back is checked here by our own checks before anybody may inject it, and the
video is taken only if it is the one that the service says it made. What the service does not do,
or does not do in time, is said in two lines; the sentence, and everything made before, stays.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit
from uuid import uuid4

from pydantic import ValidationError

from shaperotator_magic.attempts import EventListener, Run
from shaperotator_magic.checking.gate import check_scene
from shaperotator_magic.errors import (
    ConfigurationError,
    ServiceError,
    ServiceUnavailableError,
    UnauthorizedError,
    build_error,
)
from shaperotator_magic.pipeline import Pipeline
from shaperotator_magic.records import (
    CheckedScene,
    ErrorReport,
    FeedbackRecord,
    Generation,
    Options,
    Prompt,
    RenderedVideo,
    Status,
    Writing,
)
from shaperotator_magic.service.wire import read_code, read_event

if TYPE_CHECKING:
    import httpx

_CONNECT_TIMEOUT_S = 5.0
_SILENCE_S = 30.0
_CANCEL_TIMEOUT_S = 3.0
_RECONNECTS = 6
_LARGEST_VIDEO_BYTES = 500_000_000
_SENT = (
    "quality", "resolution", "fps", "name", "math", "offline", "model", "attempts", "timeout_s",
    "still", "code_only", "seed",
)  # fmt: skip


class RemotePipeline(Pipeline):
    """Runs a prompt here, or at the service that its options name."""

    def build_run(self, prompt: Prompt, on_event: EventListener, variables: dict[str, Any]) -> Run:
        """Return a run that goes on here or there."""
        kind = RemoteRun if prompt.options.remote else Run
        return kind(self, prompt, on_event, variables)

    def record_feedback(self, feedback: FeedbackRecord) -> bool:
        """Keep a verdict here, and at the service that made the result.

        Raises
        ------
        ServiceError
            The service did not take it; it is kept here all the same.
        """
        generation = self.store.read_generation(feedback.generation_id)
        deleted = super().record_feedback(feedback)
        options = generation.prompt.options
        if options.remote and generation.task_id:
            with RemoteService(options) as service:
                service.send_feedback(generation.task_id, feedback)
        return deleted


class RemoteRun(Run):
    """One run at a service; see ``Run``."""

    task_id: str | None = None

    def finish(self, status: Status, error: ErrorReport | None) -> Generation:
        """Return the record of this run, with the task that did the work."""
        made = super().finish(status, error)
        return made.model_copy(update={"task_id": self.task_id})

    def write_and_render(self) -> None:
        """Have it done, and tell what happens."""
        _refuse_local_matters(self.prompt, self.variables)
        self.on_event(Writing())
        with RemoteService(self.prompt.options) as service:
            self.notes.extend(service.notes)
            self.task_id = service.submit(self.prompt)
            try:
                for message in service.listen(self.task_id):
                    self._tell(message)
            except KeyboardInterrupt:
                service.cancel(self.task_id)
                raise
            self._take(service, service.read_task(self.task_id))

    def _tell(self, message: Mapping[str, Any]) -> None:
        if message.get("type") == "checking":
            self.scene = check_scene(read_code(message))
        event = read_event(message, self.scene)
        if event is not None:
            self.on_event(event)

    def _take(self, service: RemoteService, task: Mapping[str, Any]) -> None:
        made = _read_generation(task)
        self.notes.extend(str(note) for note in task.get("notes", ()))
        if made is not None:
            self.attempts.extend(made.attempts)
        if task.get("error"):
            raise build_error(task["error"])
        if made is None or made.scene is None:
            raise ServiceError(f"The task was {task.get('status')} at the service.")
        # Once more: what is injected is what came with the result, whatever was told before.
        self.scene: CheckedScene | None = check_scene(made.scene.code)
        if made.video is not None:
            self.video = service.download(made.video, self.pipeline.media_dir)


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
        self._client = _build_client(self._url, token)

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
        body = {"prompt": prompt.text, "options": _pick_options(prompt.options)}
        return str(self._ask("POST", "/generate", json=body)["task_id"])

    def listen(self, task_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield what the task says until it has ended; lost connections are opened again."""
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
                if failures > _RECONNECTS:
                    raise self._build_loss(task_id) from exc
            if failures > _RECONNECTS:
                raise self._build_loss(task_id)
            time.sleep(min(5.0, 0.25 * 2**failures))

    def read_task(self, task_id: str) -> dict[str, Any]:
        """Return the task with its whole run."""
        return self._ask("GET", f"/tasks/{task_id}")

    def cancel(self, task_id: str) -> None:
        """Ask for the end of a task, and wait no longer than three seconds for the answer."""
        import httpx

        with contextlib.suppress(httpx.HTTPError):
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
        """Fetch a video and its poster into the local folder.

        Raises
        ------
        ServiceError
            What came is not what the service says it made.
        """
        content = self._fetch(video.path.name)
        if hashlib.sha256(content).hexdigest() != video.sha256:
            raise ServiceError(
                "The video that came is not the one that the service made.",
                hint="Run the cell again.",
            )
        poster = content if video.poster == video.path else self._fetch(video.poster.name)
        stem = media_dir / video.sha256
        places = {
            "path": _place(content, stem.with_suffix(video.path.suffix)),
            "poster": _place(poster, stem.with_suffix(".poster.png")),
        }
        return video.model_copy(update=places)

    # --- one request ------------------------------------------------------------------

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        with self._explained():
            answer = self._client.request(method, path, **options)
            found = self._read(answer)
        if not isinstance(found, dict):
            self._refuse_answer()
        return found

    def _fetch(self, name: str) -> bytes:
        content = bytearray()
        with self._explained(), self._client.stream("GET", f"/videos/{name}") as answer:
            if answer.status_code != 200:  # noqa: PLR2004 - OK
                answer.read()
                self._read(answer)
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > _LARGEST_VIDEO_BYTES:
                    raise ServiceError("The video is larger than 500 MB.", hint="Use -q low.")
        return bytes(content)

    def _stream(
        self, task_id: str, after: int
    ) -> Iterator[tuple[int | None, str, Mapping[str, Any]]]:
        headers = {"Last-Event-ID": str(after)} if after else {}
        path = f"/tasks/{task_id}/events"
        with self._client.stream("GET", path, headers=headers) as answer:
            if answer.status_code != 200:  # noqa: PLR2004 - OK
                answer.read()
                self._read(answer)
            number, kind = None, ""
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    number = int(value)
                elif name == "event":
                    kind = value
                elif name == "data":
                    yield number, kind, json.loads(value)
                    number = None

    def _read(self, answer: httpx.Response) -> Any:
        try:
            body = answer.json()
        except ValueError:
            body = None
        if answer.is_success:
            return body
        error = body.get("error") if isinstance(body, dict) else None
        if not isinstance(error, dict):
            self._refuse_answer(answer.status_code)
        found = build_error(error)
        if isinstance(found, UnauthorizedError):
            raise UnauthorizedError(
                f"The service at {self._url} does not know this token.",
                hint="Set SHAPEROTATOR_TOKEN to the token that you were given there.",
            )
        raise found

    def _refuse_answer(self, status: int | None = None) -> NoReturn:
        what = f"answered {status}" if status else "answered something else"
        raise ServiceUnavailableError(
            f"{self._url} {what}, not as a shape-rotator service does.",
            hint="Check the address of --remote; a proxy in between may be at fault.",
        )

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        import httpx

        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
            raise ServiceUnavailableError(
                f"The service at {self._url} cannot be reached.",
                hint="Is it running? Without --remote the cell runs here.",
            ) from exc
        except httpx.TimeoutException as exc:
            raise ServiceUnavailableError(
                f"The service at {self._url} has not answered for {_SILENCE_S:.0f} s.",
                hint="Run the cell again later; without --remote it runs here.",
            ) from exc
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise ServiceUnavailableError(
                f"The connection to {self._url} broke off.", hint="Run the cell again."
            ) from exc

    def _build_loss(self, task_id: str) -> ServiceUnavailableError:
        return ServiceUnavailableError(
            f"The service at {self._url} was lost while it worked.",
            hint=f"The result may come there later: {self._url}/#{task_id}",
        )


def _build_client(url: str, token: str) -> httpx.Client:
    try:
        import httpx
    except ImportError as exc:
        raise ConfigurationError(
            "A service elsewhere needs the package httpx, which is not installed.",
            hint="Run: pip install httpx",
            setting="remote",
        ) from exc
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    timeout = httpx.Timeout(_SILENCE_S, connect=_CONNECT_TIMEOUT_S)
    return httpx.Client(base_url=url, headers=headers, timeout=timeout)


def _refuse_local_matters(prompt: Prompt, variables: Mapping[str, Any]) -> None:
    options = prompt.options
    matters = {
        "--with: variables stay in this kernel": variables,
        "--renderer kernel": options.renderer == "kernel",
        "manim's own flags": options.manim_args,
        "--refine": prompt.parent,
        "--base-url: the service has its own": options.base_url,
    }
    refused = [said for said, is_given in matters.items() if is_given]
    if refused:
        raise ConfigurationError(
            f"A service elsewhere does not take {refused[0]}.",
            hint="Leave it out, or leave out --remote (and unset SHAPEROTATOR_REMOTE).",
            setting="remote",
        )


def _pick_options(options: Options) -> dict[str, Any]:
    default = Options()
    said = {name: getattr(options, name) for name in _SENT}
    picked = {name: value for name, value in said.items() if value != getattr(default, name)}
    return picked if options.cache else picked | {"no_cache": True}


def _read_generation(task: Mapping[str, Any]) -> Generation | None:
    if task.get("generation") is None:
        return None
    try:
        return Generation.model_validate(task["generation"])
    except ValidationError as exc:
        raise ServiceError(
            "The service answers in a form that this version does not know.",
            hint="Use the same version of shaperotator-magic here and there.",
        ) from exc


def _place(content: bytes, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{uuid4().hex}.unfinished")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path
