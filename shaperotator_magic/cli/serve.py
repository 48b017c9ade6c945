"""Serve the pipeline to other people: REST endpoints, and a page at /.

Users need tokens (shaperotator token add NAME); --open does without, for this machine alone.
Scenes are rendered in confined processes; where this machine cannot confine them, nothing is
served. docs/deploy.md says how to put it on a network.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from shaperotator_magic.cli.terminal import LogFormatter
from shaperotator_magic.core.settings.folders import find_data_dir
from shaperotator_magic.core.settings.reading import read_environment
from shaperotator_magic.service.config import ServiceConfig
from shaperotator_magic.service.http.connections import ConnectionLimits
from shaperotator_magic.service.http.logs import LogThrottle
from shaperotator_magic.service.limits import Limits
from shaperotator_magic.service.serving import hand_over_key, serve

_DEFAULTS = Limits()
_CONNECTIONS = ConnectionLimits()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)")
    add("--port", type=int, default=8700, help="port to listen at (default: 8700)")
    add_store_arguments(parser)
    add("--open", action="store_true", help="no tokens; only on loopback, for this machine alone")
    add("--model", action="append", default=[], help="model to offer; the first is the default")
    add("--styles", metavar="FOLDER", help="style packs to offer beside the built-in ones")
    add("--slots", type=int, default=0, help="tasks at a time (default: one a core)")
    add("--videos", metavar="LOCATION", help="folder or fsspec URL (default: in the data folder)")
    add("--scheduler", metavar="tcp://HOST:PORT", help="run tasks on this Dask cluster")
    add("--public-host", action="append", default=[], metavar="NAME", help="name in addresses")
    add("--proxy", action="append", default=[], metavar="IP", help="proxy to believe addresses of")
    _add_limits(parser)
    _add_connection_limits(parser)


def add_store_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments for the database of tasks, runs and tokens."""
    parser.add_argument("--data-dir", metavar="DIR", help="folder of the store and the videos")
    parser.add_argument("--database", metavar="URL", help="postgresql://… in place of SQLite")


def _add_limits(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--queue", type=int, default=_DEFAULTS.most_unfinished, help="unfinished tasks a user")
    add("--rate", type=float, default=_DEFAULTS.generate_per_minute, help="prompts a minute")
    add("--burst", type=int, default=_DEFAULTS.generate_burst, help="prompts at once")
    add("--largest", type=int, default=_DEFAULTS.largest_height_px, help="height in pixels")
    add("--render-timeout", type=float, default=_DEFAULTS.render_timeout_s, help="seconds")
    add("--keep-days", type=float, default=30.0, help="age at which videos are deleted")
    add("--keep-gb", type=float, default=10.0, help="size beyond which the oldest are deleted")


def _add_connection_limits(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    for what, default_s, said in (
        ("header", _CONNECTIONS.header_timeout_s, "for the headers of a request"),
        ("body", _CONNECTIONS.body_timeout_s, "for its body"),
        ("idle", _CONNECTIONS.idle_timeout_s, "between two requests"),
        ("stall", _CONNECTIONS.stall_timeout_s, "in which a client takes less than 16 KiB"),
    ):
        add(f"--{what}-timeout", type=float, default=default_s, help=f"seconds {said}")
    add("--connections", type=int, default=_CONNECTIONS.most, help="requests in progress")
    add(
        "--connections-per-address",
        type=int,
        default=_CONNECTIONS.most_per_address,
        help="requests in progress of one client address",
    )


def find_service_dir(configured: str | None) -> Path:
    """Return the service's folder: apart from the one that notebooks use."""
    return Path(configured).expanduser() if configured else find_data_dir() / "service"


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    hand_over_key()
    _configure_logging()
    model = read_environment().get("model")
    serve(
        ServiceConfig(
            data_dir=find_service_dir(arguments.data_dir),
            host=arguments.host,
            port=arguments.port,
            database_url=arguments.database,
            videos=arguments.videos,
            scheduler=arguments.scheduler,
            slots=arguments.slots,
            models=tuple(arguments.model or ([model] if model else [])),
            styles_dir=str(Path(arguments.styles).resolve()) if arguments.styles else None,
            is_open=arguments.open,
            public_hosts=tuple(arguments.public_host),
            trusted_proxies=tuple(arguments.proxy),
            limits=Limits(
                most_unfinished=arguments.queue,
                generate_per_minute=arguments.rate,
                generate_burst=arguments.burst,
                largest_height_px=arguments.largest,
                render_timeout_s=arguments.render_timeout,
            ),
            connections=ConnectionLimits(
                header_timeout_s=arguments.header_timeout,
                body_timeout_s=arguments.body_timeout,
                idle_timeout_s=arguments.idle_timeout,
                stall_timeout_s=arguments.stall_timeout,
                most=arguments.connections,
                most_per_address=arguments.connections_per_address,
            ),
            keep_days=arguments.keep_days,
            keep_bytes=int(arguments.keep_gb * 1e9),
        )
    )
    return 0


_FOREIGN_LOGGERS = ("uvicorn", "uvicorn.error", "uvicorn.asgi", "asyncio")


def _configure_logging() -> None:
    log = logging.StreamHandler()
    log.setFormatter(LogFormatter("%(levelname)s %(name)s: %(message)s"))
    log.addFilter(LogThrottle())
    # Whatever an import has set up: every logger writes through this one.
    logging.basicConfig(level=logging.INFO, handlers=[log], force=True)
    for name in _FOREIGN_LOGGERS:
        foreign = logging.getLogger(name)
        foreign.handlers.clear()
        foreign.propagate = True
