"""The REST endpoints, and nothing behind them: HTTP in, methods of ``Service``, HTTP out.

Runs in the service's web process.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Collection
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Route

import shaperotator_magic
from shaperotator_magic.core.errors import (
    FeedbackError,
    InvalidRequestError,
    ServiceUnavailableError,
    ShapeRotatorError,
)
from shaperotator_magic.pipeline.exploring.assets import MODULES, STYLE
from shaperotator_magic.service.bodies import (
    Accepted,
    ErrorBody,
    FeedbackAnswer,
    FeedbackBody,
    GenerateBody,
    HealthBody,
    SetBody,
    StatusBody,
    StillBody,
    StyleBody,
    StyleList,
    TaskBody,
    TaskList,
    describe_models,
)
from shaperotator_magic.service.http.answers import (
    build_error_response,
    build_event_stream,
    build_page,
    build_video_response,
)
from shaperotator_magic.service.http.connections import ConnectionLimits
from shaperotator_magic.service.http.guard import HEALTH_PATH, LOOPBACK_NAMES, Guard
from shaperotator_magic.service.http.metrics import Meter, Metrics
from shaperotator_magic.service.limits import ConcurrencyLimit
from shaperotator_magic.service.service import Service

_DESCRIPTION = "A sentence becomes a moving picture: written, checked and rendered as a task."
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": said}
    for status, said in {
        400: "The request is not well formed.",
        401: "No token, or one that is not known.",
        403: "Not from here.",
        413: "The body is too large.",
        415: "The body is not JSON.",
        421: "Not a host name of this service.",
        422: "A body or a parameter is wrong.",
        429: "Too many requests; see Retry-After.",
        503: "The service cannot do this now.",
    }.items()
}
_NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorBody, "description": "The user has no such thing."}
}
_CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": ErrorBody, "description": "The task has not ended yet."}
}
_VIDEO: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The video or the picture.",
        "content": {"video/mp4": {}, "image/png": {}},
    },
    206: {"description": "The part that Range asked for."},
    304: {"description": "The same as If-None-Match says."},
    416: {"model": ErrorBody, "description": "There is no such part."},
}
_STILL: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture.", "content": {"image/png": {}}},
    204: {"description": "A later request came meanwhile."},
}
_METRICS: dict[int | str, dict[str, Any]] = {
    200: {"description": "Counters.", "content": {"text/plain": {}}},
    401: _REFUSALS[401],
    429: _REFUSALS[429],
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Server-sent events.", "content": {"text/event-stream": {}}}
}


def build_app(
    service: Service,
    *,
    hosts: Collection[str] = (),
    metrics: Metrics | None = None,
    limits: ConnectionLimits | None = None,
) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    service
        What the endpoints do.
    hosts
        Names of this service besides those of loopback.
    metrics
        Counters; new ones by default.
    limits
        Time for a body, and how many requests may be in progress.
    """
    app = FastAPI(
        title="shaperotator-magic",
        description=_DESCRIPTION,
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_run_scheduler,
    )
    app.state.service = service
    app.state.metrics = metrics or Metrics(service)
    _add_tasks(app)
    _add_knobs(app)
    _add_styles(app)
    _add_videos(app)
    _add_operations(app)
    _add_page(app)
    app.add_exception_handler(FeedbackError, _answer_store)
    app.add_exception_handler(ShapeRotatorError, _answer_own)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    names = LOOPBACK_NAMES if service.is_open else LOOPBACK_NAMES | set(hosts)
    # The last one added is the first to see a request.
    app.add_middleware(Meter, metrics=app.state.metrics)
    limits = limits or ConnectionLimits()
    app.add_middleware(
        Guard,
        hosts=names,
        is_open=service.is_open,
        body_timeout_s=limits.body_timeout_s,
        in_progress=ConcurrencyLimit(most=limits.most, most_per_name=limits.most_per_address),
    )
    describe_models(app.openapi(), service.writers.models)  # made once, and served as it is then
    return app


@contextlib.asynccontextmanager
async def _run_scheduler(app: FastAPI) -> AsyncIterator[None]:
    app.state.service.scheduler.start()
    yield
    app.state.service.scheduler.stop()


# --- what endpoints depend on ---------------------------------------------------------


async def _find_service(request: Request) -> Service:
    # A coroutine: what is no coroutine FastAPI hands to another thread.
    service: Service = request.app.state.service
    return service


def _find_owner(request: Request) -> str:
    address = request.client.host if request.client else ""
    service: Service = request.app.state.service
    return service.identify(request.headers.get("authorization", ""), address)


_Service = Annotated[Service, Depends(_find_service)]
_Owner = Annotated[str, Depends(_find_owner)]


# --- tasks ----------------------------------------------------------------------------


def _add_tasks(app: FastAPI) -> None:
    @app.post("/generate", status_code=202, responses=_REFUSALS, tags=["tasks"])
    def generate(service: _Service, owner: _Owner, body: GenerateBody) -> Accepted:
        """Take a prompt in; the answer comes at once, the video later."""
        task = service.submit(owner, body)
        return Accepted(task_id=task.task_id, status=task.status)

    @app.get("/status/{task_id}", responses=_REFUSALS | _NOT_FOUND, tags=["tasks"])
    def read_status(service: _Service, owner: _Owner, task_id: str) -> StatusBody:
        """Return the progress of a task."""
        return service.describe_status(service.find_task(owner, task_id))

    @app.post("/feedback", responses=_REFUSALS | _NOT_FOUND | _CONFLICT, tags=["tasks"])
    def give_feedback(service: _Service, owner: _Owner, body: FeedbackBody) -> FeedbackAnswer:
        """Store a verdict on a result; ``remove`` deletes its video."""
        return service.record_feedback(owner, body)

    @app.get("/tasks", responses=_REFUSALS, tags=["tasks"])
    def list_tasks(service: _Service, owner: _Owner) -> TaskList:
        """List the latest tasks, newest first."""
        return TaskList(tasks=service.list_tasks(owner))

    @app.get("/tasks/{task_id}", responses=_REFUSALS | _NOT_FOUND, tags=["tasks"])
    def read_task(service: _Service, owner: _Owner, task_id: str) -> TaskBody:
        """Return a task with everything that is stored of its run."""
        return service.describe_task(service.find_task(owner, task_id))

    @app.delete("/tasks/{task_id}", responses=_REFUSALS | _NOT_FOUND, tags=["tasks"])
    def cancel_task(service: _Service, owner: _Owner, task_id: str) -> StatusBody:
        """Cancel a task; one that has ended stays as it is."""
        return service.describe_status(service.cancel(owner, task_id))

    @app.get(
        "/tasks/{task_id}/events",
        responses=_REFUSALS | _NOT_FOUND | _STREAM,
        response_class=Response,
        tags=["tasks"],
    )
    async def stream_events(
        request: Request, service: _Service, owner: _Owner, task_id: str
    ) -> Any:
        """Send what a task says while it runs, and its status at the end."""
        return await build_event_stream(request, service, owner, task_id)


def _add_knobs(app: FastAPI) -> None:
    @app.post("/set", status_code=202, responses=_REFUSALS | _NOT_FOUND | _CONFLICT, tags=["tasks"])
    def set_parameters(service: _Service, owner: _Owner, body: SetBody) -> Accepted:
        """Draw the scene of a task with other values of its parameters: a task of its own."""
        task = service.set_parameters(owner, body)
        return Accepted(task_id=task.task_id, status=task.status)

    @app.post(
        "/stills",
        responses=_REFUSALS | _NOT_FOUND | _CONFLICT | _STILL,
        response_class=Response,
        tags=["tasks"],
    )
    def draw_still(service: _Service, owner: _Owner, body: StillBody) -> Response:
        """Draw one picture of a task with other values, while a knob moves."""
        picture = service.draw_still(owner, body)
        if picture is None:
            return Response(status_code=204)
        return Response(picture, media_type="image/png", headers={"Cache-Control": "no-store"})


def _add_styles(app: FastAPI) -> None:
    @app.get("/styles", responses=_REFUSALS, tags=["tasks"])
    def list_styles(service: _Service, owner: _Owner) -> StyleList:
        """List the style packs that a prompt may name."""
        packs = service.writers.styles.list_packs()
        return StyleList(styles=[StyleBody(name=pack.name, about=pack.about) for pack in packs])


def _add_videos(app: FastAPI) -> None:
    @app.api_route(
        "/videos/{video_name}",
        methods=["GET"],
        responses=_REFUSALS | _NOT_FOUND | _VIDEO,
        response_class=Response,
        tags=["videos"],
    )
    @app.head("/videos/{video_name}", include_in_schema=False)
    def read_video(request: Request, service: _Service, owner: _Owner, video_name: str) -> Any:
        """Return a video, a still picture or a poster; Range, ETag and HEAD are understood."""
        return build_video_response(request, *service.videos.open(owner, video_name), video_name)


# --- operations -----------------------------------------------------------------------


def _add_operations(app: FastAPI) -> None:
    @app.get(HEALTH_PATH, responses={503: {"model": ErrorBody}}, tags=["operations"])
    def check_health(service: _Service) -> HealthBody:
        """Return whether the service works; needs no token."""
        if not service.scheduler.is_alive:
            raise ServiceUnavailableError("The queue stands still.", hint="Restart the service.")
        service.health.check()
        service.tasks.count_by_status()
        return HealthBody(version=shaperotator_magic.__version__)

    @app.get(
        "/metrics",
        responses=_METRICS,
        response_class=Response,
        tags=["operations"],
    )
    def read_metrics(request: Request, service: _Service) -> Any:
        """Return counters for Prometheus; from another machine it needs a token."""
        address = request.client.host if request.client else ""
        if address not in LOOPBACK_NAMES:
            _find_owner(request)
        return app.state.metrics.build_response()


def _add_page(app: FastAPI) -> None:
    player = (f"/player/{name}" for name in (*MODULES, STYLE))
    for path in ("/", "/page.js", "/live.js", "/page.css", "/icon.svg", *player):
        app.add_api_route(path, build_page(path), methods=["GET", "HEAD"], include_in_schema=False)


# --- errors ---------------------------------------------------------------------------


async def _answer_own(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ShapeRotatorError)  # noqa: S101 - registered for it alone
    return build_error_response(error)


async def _answer_store(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, FeedbackError)  # noqa: S101 - registered for it alone
    return build_error_response(request.app.state.service.health.report(error))


async def _answer_invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
    rows = error.errors()[:5]
    fields = [".".join(str(part)[:80] for part in row["loc"][1:]) or "body" for row in rows]
    reasons = [f"{field}: {row['msg']}" for field, row in zip(fields, rows, strict=True)]
    refusal = InvalidRequestError(
        "The request is not as this endpoint takes it.",
        hint="; ".join(reasons)[:500],
        fields=fields,
    )
    return build_error_response(refusal)


async def _answer_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    said = {404: "There is nothing at this path.", 405: "This path does not take that method."}
    message = said.get(error.status_code, "The request cannot be answered.")
    refusal = InvalidRequestError(message, http_status=error.status_code)
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["allow"] = ", ".join(sorted(_find_methods(request)))
    return build_error_response(refusal, headers=headers)


def _find_methods(request: Request) -> set[str]:
    """Return what the path takes: it may have a route for each method, of which one refused."""
    methods: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, Route) and route.path_regex.match(request.url.path):
            methods |= route.methods or set()
    return methods
