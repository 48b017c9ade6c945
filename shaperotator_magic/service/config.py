"""What the operator of the service chose, and whether it can be.

Runs in the service's web process.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import STORE_NAME
from shaperotator_magic.keeping.tokens import TokenStore
from shaperotator_magic.service.http.connections import ConnectionLimits
from shaperotator_magic.service.limits import Limits

_LARGEST_PORT = 65535
_HOST_NAME = re.compile(r"[a-z0-9._-]+|[0-9a-f:]+", re.IGNORECASE)


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
    styles_dir: str | None = None
    is_open: bool = False
    public_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    connections: ConnectionLimits = field(default_factory=ConnectionLimits)
    task_timeout_s: float = 900.0
    keep_days: float = 30.0
    keep_bytes: int = 10_000_000_000

    def build_database(self) -> Database:
        """Return the database that tasks, runs and tokens are in."""
        return Database(self.data_dir / STORE_NAME, url=self.database_url, has_pool=True)


def check_values(config: ServiceConfig) -> None:
    """Refuse what cannot be meant.

    Raises
    ------
    ConfigurationError
        Names the option.
    """
    limits = config.limits
    if not 0 <= config.port <= _LARGEST_PORT:
        _refuse("port", config.port, f"ports are numbers up to {_LARGEST_PORT}")
    if config.slots < 0:
        _refuse("slots", config.slots, "at least one task has to run; leave it out for one a core")
    at_least = {
        "queue": (limits.most_unfinished, 1),
        "burst": (limits.generate_burst, 1),
        "largest": (limits.largest_height_px, 2),
        "connections": (config.connections.most, 1),
        "connections-per-address": (config.connections.most_per_address, 1),
    }
    for option, (value, least) in at_least.items():
        if value < least:
            _refuse(option, value, f"it has to be {least} or more")
    above_zero = {
        "rate": limits.generate_per_minute,
        "render-timeout": limits.render_timeout_s,
        "header-timeout": config.connections.header_timeout_s,
        "body-timeout": config.connections.body_timeout_s,
        "idle-timeout": config.connections.idle_timeout_s,
        "stall-timeout": config.connections.stall_timeout_s,
        "keep-days": config.keep_days,
        "keep-gb": config.keep_bytes / 1e9,
    }
    for option, amount in above_zero.items():
        if not amount > 0:
            _refuse(option, amount, "it has to be more than 0")
    _check_names(config)
    if config.styles_dir and not Path(config.styles_dir).is_dir():
        _refuse("styles", config.styles_dir, "there is no such folder")


def _check_names(config: ServiceConfig) -> None:
    for proxy in config.trusted_proxies:
        try:
            network = ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            _refuse("proxy", proxy, "it is the proxy's IP address, such as 127.0.0.1")
        if network.prefixlen == 0:
            _refuse("proxy", proxy, "then everybody could give any address as theirs")
    for name in config.public_hosts:
        if not _HOST_NAME.fullmatch(name):
            _refuse("public-host", name, "it is a name alone, such as shapes.example")


def _refuse(option: str, value: object, reason: str) -> NoReturn:
    raise ConfigurationError(
        f"--{option} {value} is not possible: {reason}.",
        hint="shaperotator serve --help lists the options.",
        setting=option.replace("-", "_"),
    )


def check_address(config: ServiceConfig) -> None:
    """Refuse to serve where anybody could use it without a token.

    Raises
    ------
    ConfigurationError
        Open, but not on loopback; or without tokens, and not open.
    FeedbackError
        The store is damaged or out of reach.
    """
    database = config.build_database()
    database.check(is_thorough=True)
    tokens = TokenStore(database).list_tokens()
    if config.is_open:
        if not _is_loopback(config.host) or config.public_hosts or config.trusted_proxies:
            raise ConfigurationError(
                "A service without tokens is for this machine alone.",
                hint="Leave out --open and make tokens: shaperotator token add NAME",
                setting="open",
            )
        return
    if not tokens:
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
