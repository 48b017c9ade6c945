"""Which connections may stay open: time limits, bounds, and capacity for new clients.

A connection waits from its beginning, and from the end of each response, until a whole request
has come. Where a bound is reached, the connection that has waited longest makes room for a new
one: slow clients, even many of them, cannot exclude others.

Runs in the service's web process.
"""

from __future__ import annotations

import functools
import ipaddress
import logging
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

RESERVED = 16
"""Connections beyond each bound: requests that are refused, and ``/healthz``, find room there."""

_OTHER_FILES = 128
_REPORT_EVERY_S = 60.0
_IPV6_PREFIX = 64  # what one customer of a provider has at least

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ConnectionLimits:
    """How long connections may be slow, and how many there may be.

    Attributes
    ----------
    header_timeout_s
        From the first byte of a request, or the begin of the connection, to the end of its headers.
    body_timeout_s
        From the end of the headers to the end of the body.
    idle_timeout_s
        From a response to the next request.
    stall_timeout_s
        A client that takes less than 16 KiB of what waits for it in this time is gone.
    most
        Requests in progress; also bounded by how many files the process may open.
    most_per_address
        Requests in progress of one client address. An IPv6 address stands for its /64 network.
    """

    header_timeout_s: float = 10.0
    body_timeout_s: float = 30.0
    idle_timeout_s: float = 20.0
    stall_timeout_s: float = 60.0
    most: int = 1000
    most_per_address: int = 250


def fit_connections(limits: ConnectionLimits) -> int:
    """Return how many requests may be in progress, given how many files may be open.

    A request may need two: its connection, and the video that it reads.
    """
    import resource  # POSIX alone

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return limits.most
    fitting = max(1, (soft - _OTHER_FILES) // 2 - RESERVED)
    if fitting < limits.most:
        logger.warning(
            "No more than %d connections: this process may open %d files (LimitNOFILE, ulimit -n)",
            fitting,
            soft,
        )
    return min(limits.most, fitting)


@functools.lru_cache(maxsize=4096)
def name_client(address: str) -> str:
    """Return what a client is counted by: its IPv4 address, or its IPv6 network."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False))
    return str(parsed)


@functools.lru_cache(maxsize=4096)
def _parse_network(address: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(address, strict=False)
    except ValueError:
        return None


class Connection(Protocol):
    """What the bounds need of a connection."""

    address: str

    @property
    def is_sending(self) -> bool:
        """Whether a part of a response has not left this process yet."""

    def abort(self) -> None:
        """Close it at once, whatever is still to be sent."""

    def enforce(self, now_s: float) -> None:
        """Close it if it has been slow for too long, by the event loop's clock."""


class Connections:
    """The open connections; for the thread of the event loop alone.

    Parameters
    ----------
    most
        Connections in all, besides the reserved ones.
    most_per_address
        Connections of one address, besides the reserved ones.
    proxies
        Addresses and networks of trusted proxies: each stands for many clients.
    """

    def __init__(self, *, most: int, most_per_address: int, proxies: Sequence[str] = ()) -> None:
        self._most = most + RESERVED
        self._most_per_address = most_per_address + RESERVED
        self._proxies = [n for n in map(_parse_network, proxies) if n is not None]
        self._open: set[Connection] = set()
        self._counts: Counter[str] = Counter()
        # The one that has waited longest is the first.
        self._waiting: dict[Connection, None] = {}
        self._waiting_of: defaultdict[str, dict[Connection, None]] = defaultdict(dict)
        self._report = _Report()

    def admit(self, connection: Connection) -> bool:
        """Count a new connection, which waits for its first request.

        Where a bound is reached, another one that waits is closed. Returns False, and counts
        nothing, where there is none.
        """
        address = connection.address
        is_crowded = self._counts[address] >= self._most_per_address
        if is_crowded and not self._is_proxy(address) and not self.displace(address):
            self._report.refused += 1
            return False
        if len(self._open) >= self._most and not self.displace():
            self._report.refused += 1
            return False
        self._open.add(connection)
        self._counts[address] += 1
        self.wait(connection)
        return True

    def displace(self, address: str | None = None) -> bool:
        """Close the connection that has waited longest, of one address or of all.

        One whose last response has left is preferred. Returns whether there was one.
        """
        waiting = self._waiting if address is None else self._waiting_of[address]
        if not waiting:
            return False
        chosen = next((c for c in waiting if not c.is_sending), next(iter(waiting)))
        self.remove(chosen)
        chosen.abort()
        self._report.displaced += 1
        return True

    def wait(self, connection: Connection) -> None:
        """Note that an open connection waits for a request from now on."""
        if connection in self._open:
            self.answer(connection)
            self._waiting[connection] = None
            self._waiting_of[connection.address][connection] = None

    def answer(self, connection: Connection) -> None:
        """Note that a whole request has come by this connection."""
        self._waiting.pop(connection, None)
        self._waiting_of[connection.address].pop(connection, None)

    def remove(self, connection: Connection) -> None:
        """Note that a connection is closed; one that is not counted is fine."""
        if connection not in self._open:
            return
        self._open.remove(connection)
        self.answer(connection)
        self._counts[connection.address] -= 1
        if not self._counts[connection.address]:
            del self._counts[connection.address], self._waiting_of[connection.address]

    def enforce(self, now_s: float) -> None:
        """Close the connections that are too slow; once a minute, log what was closed for room."""
        for connection in list(self._open):
            connection.enforce(now_s)
        self._report.write(now_s)

    def _is_proxy(self, address: str) -> bool:
        network = _parse_network(address)
        return network is not None and any(network.overlaps(proxy) for proxy in self._proxies)


@dataclass
class _Report:
    """How many connections were closed because of the bounds since the last log line."""

    displaced: int = 0
    refused: int = 0
    written_at_s: float = -math.inf

    def write(self, now_s: float) -> None:
        if now_s - self.written_at_s < _REPORT_EVERY_S or not (self.displaced or self.refused):
            return
        logger.warning(
            "There were too many connections: %d that waited were closed, %d were not let in",
            self.displaced,
            self.refused,
        )
        self.displaced = self.refused = 0
        self.written_at_s = now_s
