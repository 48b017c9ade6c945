"""Put the parts of the service together, and serve until told to stop.

The first process reads the model's key from its environment, hands it over in a file without a
name, and starts itself again without it: from then on only the relay has it.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from shaperotator_magic.errors import ConfigurationError
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import STORE_NAME
from shaperotator_magic.keeping.tasks import TaskStore
from shaperotator_magic.keeping.tokens import TokenStore
from shaperotator_magic.service.cluster import ClusterExecutor
from shaperotator_magic.service.executors import Executor, LocalExecutor
from shaperotator_magic.service.hub import Hub
from shaperotator_magic.service.relay import KEY_NAMES, Relay, hide_process
from shaperotator_magic.service.retention import expire_caches
from shaperotator_magic.service.scheduler import Places, Scheduler
from shaperotator_magic.service.service import Limits, Service, Writers
from shaperotator_magic.service.videos import open_storage

if TYPE_CHECKING:
    from fastapi import FastAPI

KEY_FD = "SHAPEROTATOR_KEY_FD"
_SWEEP_EVERY_S = 600.0
_INSTALL_HINT = 'Run: pip install "shaperotator-magic[service]"'

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ServiceConfig:
    """What the operator chose; times in seconds and days, sizes in bytes."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8700
    database_url: str | None = None
    videos: str | None = None
    scheduler: str | None = None
    slots: int = 0
    models: tuple[str, ...] = ()
    is_open: bool = False
    public_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    task_timeout_s: float = 900.0
    keep_days: float = 30.0
    keep_bytes: int = 10_000_000_000

    def build_database(self) -> Database:
        """Return the database that tasks, runs and tokens are in."""
        return Database(self.data_dir / STORE_NAME, url=self.database_url, has_pool=True)


def serve(config: ServiceConfig) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises
    ------
    ConfigurationError
        A package is missing, the address cannot be served safely, or another service uses the
        same folder.
    """
    try:
        import httptools  # noqa: F401 - the parser that uvicorn is told to use
        import uvicorn
    except ImportError as exc:
        raise ConfigurationError(
            f"The service needs the package {exc.name}, which is not installed.",
            hint=_INSTALL_HINT,
        ) from exc
    check_address(config)
    with running_app(config) as app:
        uvicorn.run(
            app,
            host=config.host,
            port=config.port,
            http="httptools",
            ws="none",
            proxy_headers=bool(config.trusted_proxies),
            forwarded_allow_ips=",".join(config.trusted_proxies),
            server_header=False,
            access_log=False,
            timeout_keep_alive=20,
            timeout_graceful_shutdown=5,
            limit_concurrency=1000,
            log_level="info",
        )


@contextlib.contextmanager
def running_app(config: ServiceConfig) -> Iterator[FastAPI]:
    """Build the application and what it needs; all of it is ended on leaving."""
    from shaperotator_magic.service.app import build_app

    hide_process()
    with contextlib.ExitStack() as stack:
        stack.enter_context(_lock(config.data_dir))
        service = _build_service(config, stack)
        stop = threading.Event()
        stack.callback(stop.set)
        sweeper = threading.Thread(target=_sweep, args=(service, config, stop), daemon=True)
        sweeper.start()
        yield build_app(service, hosts=config.public_hosts)


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
    )
    scheduler = Scheduler(TaskStore(database), executor, hub, places=places)
    return Service(
        database=database,
        storage=open_storage(places.videos),
        scheduler=scheduler,
        hub=hub,
        limits=config.limits,
        writers=Writers(config.models),
        is_open=config.is_open,
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


def check_address(config: ServiceConfig) -> None:
    """Refuse to serve where anybody could use it without a token.

    Raises
    ------
    ConfigurationError
        Open, but not on loopback; or without tokens, and not open.
    """
    if config.is_open:
        if not _is_loopback(config.host) or config.public_hosts or config.trusted_proxies:
            raise ConfigurationError(
                "A service without tokens is for this machine alone.",
                hint="Leave out --open and make tokens: shaperotator token add NAME",
                setting="open",
            )
        return
    if not TokenStore(config.build_database()).list_tokens():
        raise ConfigurationError(
            "Nobody has a token for this service yet.",
            hint="Make one: shaperotator token add NAME. Only for this machine: --open.",
            setting="token",
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextlib.contextmanager
def _lock(data_dir: Path) -> Iterator[None]:
    """Hold the folder: two services on one store would begin each other's tasks again."""
    import fcntl

    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "service.lock").open("w") as held:
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
        count = service.expire_videos(oldest=oldest.isoformat(), most_bytes=config.keep_bytes)
        expire_caches(config.data_dir / "caches", oldest, most_bytes=config.keep_bytes)
        if count:
            logger.info("%d videos were deleted by age or size", count)
        if stop.wait(_SWEEP_EVERY_S):
            return
