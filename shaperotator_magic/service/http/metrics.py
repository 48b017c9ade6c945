"""Counters for Prometheus. Labels are routes and states, never prompts, users or identifiers.

Runs in the service's web process.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from shaperotator_magic.service.service import Service

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Requests by route and status, their times, and tasks by state."""

    def __init__(self, service: Service) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_TaskCollector(service))
        self._requests = Counter(
            "shaperotator_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "shaperotator_request_seconds",
            "Time until an answer began.",
            ["method", "route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request that was answered."""
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)

    def build_response(self) -> Response:
        """Return what Prometheus reads."""
        return Response(
            generate_latest(self._registry), media_type="text/plain; version=0.0.4; charset=utf-8"
        )


class Meter:
    """ASGI middleware that counts requests and measures the time until their answer begins."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.count(scope, message["status"], time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, note)


_METHODS = {"GET", "HEAD", "POST", "DELETE"}


class _TaskCollector(Collector):
    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        """Count the tasks in the store."""
        family = GaugeMetricFamily("shaperotator_tasks", "Tasks in the store.", labels=["status"])
        for status, count in self._service.tasks.count_by_status().items():
            family.add_metric([status], count)
        yield family
