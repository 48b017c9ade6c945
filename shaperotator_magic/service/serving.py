"""Assembles the parts of the service, and serves until a signal stops it.

The first process reads the model's key from its environment, hands it over in a file without a
name, and starts itself again without it: from then on only the relay has it.

Runs in the service's web process.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.styles.choosing import offer_styles
from shaperotator_magic.keeping.tasks import TaskStore
from shaperotator_magic.service.config import ServiceConfig, check_address, check_values
from shaperotator_magic.service.http.connections import Connections, fit_connections
from shaperotator_magic.service.retention import expire_caches
from shaperotator_magic.service.service import Service, Writers
from shaperotator_magic.service.tasks.cluster import ClusterExecutor
from shaperotator_magic.service.tasks.executors import Executor, LocalExecutor
from shaperotator_magic.service.tasks.hub import Hub
from shaperotator_magic.service.tasks.relay import KEY_NAMES, Relay, hide_process
from shaperotator_magic.service.tasks.scheduler import Places, Scheduler
from shaperotator_magic.service.tasks.stills import StillService
from shaperotator_magic.service.videos import open_storage

if TYPE_CHECKING:
    from fastapi import FastAPI

    from shaperotator_magic.service.http.server import Server

KEY_FD = "SHAPEROTATOR_KEY_FD"
_SWEEP_EVERY_S = 600.0
_INSTALL_HINT = 'Run: pip install "shaperotator-magic[service]"'

logger = logging.getLogger(__name__)


def serve(config: ServiceConfig) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises
    ------
    ConfigurationError
        A package is missing, a value cannot be, the address is taken or cannot be served safely,
        or another service uses the same folder.
    """
    _require_packages()
    check_values(config)
    check_address(config)
    limits = config.connections
    limits = replace(limits, most=fit_connections(limits))
    config = replace(config, connections=limits)
    with _listening(config) as listener, running_app(config) as app:
        logger.info("shaperotator serves at %s", _name_address(listener))
        signal.signal(signal.SIGTERM, _end)  # uvicorn hands it back when the last answer is out
        server = _build_server(app, config)
        server.run(sockets=[listener])
        if not server.started:
            raise ConfigurationError(
                "The service could not be started.", hint="What went wrong stands above."
            )


def _build_server(app: FastAPI, config: ServiceConfig) -> Server:
    from shaperotator_magic.service.http.server import Server

    limits, proxies = config.connections, config.trusted_proxies
    connections = Connections(
        most=limits.most, most_per_address=limits.most_per_address, proxies=proxies
    )
    return Server(app, connections=connections, limits=limits, proxies=proxies)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _require_packages() -> None:
    """Import the packages of the service, and raise an error that names a missing one."""
    for name in ("fastapi", "httptools", "prometheus_client", "uvicorn"):
        try:
            importlib.import_module(name)
        except ImportError as exc:
            raise ConfigurationError(
                f"The service needs the package {exc.name}, which is not installed.",
                hint=_INSTALL_HINT,
            ) from exc


@contextlib.contextmanager
def _listening(config: ServiceConfig) -> Iterator[socket.socket]:
    """Take the address before anything is started that would have to be stopped again."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    except OSError as exc:
        raise _build_address_error(config, exc) from exc
    with listener:
        try:
            listener.bind(address)
        except OSError as exc:
            raise _build_address_error(config, exc) from exc
        yield listener


def _build_address_error(config: ServiceConfig, error: OSError) -> ConfigurationError:
    is_taken = error.errno == errno.EADDRINUSE
    reason = "another program does" if is_taken else (error.strerror or str(error)).lower()
    return ConfigurationError(
        f"The service cannot listen at {config.host}, port {config.port}: {reason}.",
        hint=f"Choose another {'--port' if is_taken else '--host or --port'}.",
        setting="port" if is_taken else "host",
    )


def _name_address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.contextmanager
def running_app(config: ServiceConfig) -> Iterator[FastAPI]:
    """Build the application and what it needs; all of it is ended on leaving."""
    from shaperotator_magic.service.http.app import build_app

    hide_process()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_lock(config.data_dir))
        service = _build_service(config, stack)
        stop = threading.Event()
        stack.callback(stop.set)
        sweeper = threading.Thread(target=_sweep, args=(service, config, stop), daemon=True)
        sweeper.start()
        yield build_app(service, hosts=config.public_hosts, limits=config.connections)


def _build_service(config: ServiceConfig, stack: contextlib.ExitStack) -> Service:
    database = config.build_database()
    videos = config.videos or str(config.data_dir / "videos")
    hub = Hub()
    executor: Executor = (
        ClusterExecutor(config.scheduler)
        if config.scheduler
        else LocalExecutor(config.slots or os.cpu_count() or 1)
    )
    stack.callback(executor.close)
    places = Places(
        caches=config.data_dir / "caches",
        videos=videos if "://" in videos else str(Path(videos).resolve()),
        relay=_start_relay(config, stack) if executor.has_relay else None,
        task_timeout_s=config.task_timeout_s,
        render_timeout_s=config.limits.render_timeout_s,
        styles_dir=config.styles_dir,
    )
    scheduler = Scheduler(TaskStore(database), executor, hub, places=places)
    stills = StillService(is_offered=executor.has_relay)
    stack.callback(stills.close)
    return Service(
        database=database,
        storage=open_storage(places.videos),
        scheduler=scheduler,
        hub=hub,
        limits=config.limits,
        writers=Writers(config.models, offer_styles(config.styles_dir)),
        is_open=config.is_open,
        stills=stills,
    )


def _start_relay(config: ServiceConfig, stack: contextlib.ExitStack) -> str | None:
    if not config.models:
        return None
    folder = Path(tempfile.mkdtemp(prefix="shaperotator-relay-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    descriptor = os.environ.get(KEY_FD)
    relay = Relay(folder, key_fd=int(descriptor) if descriptor else None)
    stack.callback(relay.close)
    return str(relay.socket_path)


def hand_over_key() -> None:
    """Start this program again without the key in its environment, where there is one.

    The key goes into a file in memory that only a descriptor leads to; this process becomes the
    new one, and nothing of its memory stays.
    """
    key = next((os.environ[name] for name in KEY_NAMES if os.environ.get(name)), None)
    if key is None or sys.platform != "linux":
        return
    descriptor = os.memfd_create("key", 0)
    os.write(descriptor, key.encode())
    os.set_inheritable(descriptor, True)
    environ = {name: value for name, value in os.environ.items() if name not in KEY_NAMES}
    environ[KEY_FD] = str(descriptor)
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environ)  # noqa: S606 - itself


@contextlib.contextmanager
def _lock(data_dir: Path) -> Iterator[None]:
    """Hold the folder: two services on one store would begin each other's tasks again."""
    import fcntl

    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        held = (data_dir / "service.lock").open("w")
    except OSError as exc:
        raise ConfigurationError(
            f"The folder {data_dir} cannot be used: {exc.strerror}.",
            hint="Choose another --data-dir.",
            setting="data_dir",
        ) from exc
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise ConfigurationError(
                f"Another service uses {data_dir}.",
                hint="Stop it, or choose another --data-dir.",
                setting="data_dir",
            ) from exc
        yield


def _sweep(service: Service, config: ServiceConfig, stop: threading.Event) -> None:
    """Delete what is too old or too much, every ten minutes."""
    while True:
        oldest = datetime.now(UTC) - timedelta(days=config.keep_days)
        count = service.videos.expire(oldest=oldest.isoformat(), most_bytes=config.keep_bytes)
        expire_caches(config.data_dir / "caches", oldest, most_bytes=config.keep_bytes)
        if count:
            logger.info("%d videos were deleted by age or size", count)
        if stop.wait(_SWEEP_EVERY_S):
            return
