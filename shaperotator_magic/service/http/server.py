"""uvicorn's server with limits on connections: it accepts them itself, and times each of them.

asyncio's own accept loop logs every failed attempt and repeats it without pause, and uvicorn
limits neither headers nor clients that do not read.

Runs in the service's web process.
"""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import math
import socket
import struct
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shaperotator_magic.core.errors import InvalidRequestError
from shaperotator_magic.service.http.connections import ConnectionLimits, Connections, name_client

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn.server import ServerState

LARGEST_HEAD_BYTES = 65_536
_LEAST_TAKEN_BYTES = 16_384
_ENFORCE_EVERY_S = 0.5

_BACKLOG = 2048
_ACCEPTED_AT_ONCE = 32
_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 1.0
_DISPLACED_AT_ONCE = 8
_REPORT_EVERY_S = 60.0

# Of struct tcp_info (linux/tcp.h): where segments in flight, bytes acknowledged, and bytes that
# were not sent yet stand.
_TCP_INFO_BYTES = 148
_IN_FLIGHT = struct.Struct("@24xI")
_ACKNOWLEDGED = struct.Struct("@120xQ")
_NOT_SENT = struct.Struct("@144xI")

logger = logging.getLogger(__name__)


class LimitedProtocol(HttpToolsProtocol):
    """One HTTP/1.1 connection, counted among the others and closed when it is too slow.

    Parameters
    ----------
    connections
        All connections of the server.
    limits
        The time limits. The application enforces that of bodies, for it can answer.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        *,
        connections: Connections,
        limits: ConnectionLimits,
    ) -> None:
        super().__init__(config, server_state, app_state)
        self.address = ""
        self._others = connections
        self._limits = limits
        self._head_since_s: float | None = None
        self._head_bytes = 0
        self._requests = 0  # whose headers have come, and whose response is not complete
        self._taken_bytes = 0
        self._taken_since_s = 0.0

    @property
    def is_sending(self) -> bool:
        """See ``Connection.is_sending``."""
        return self.transport.get_write_buffer_size() > 0

    def abort(self) -> None:
        """See ``Connection.abort``."""
        self.transport.abort()

    def enforce(self, now_s: float) -> None:
        """See ``Connection.enforce``."""
        head_since_s = self._head_since_s
        if self._has_stalled(now_s):
            self.abort()
        elif head_since_s is not None and now_s - head_since_s > self._limits.header_timeout_s:
            self._refuse_head(408, f"The headers did not come within {self._describe_limit()}.")

    # --- what asyncio and the parser report --------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection, or close it where there is no room."""
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self.address = name_client(peer[0])
        self._taken_since_s = self.loop.time()
        self._begin_head()
        if not self._others.admit(self):
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the connection no longer."""
        self._others.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Begin to wait for headers where nothing else is going on; bound their size."""
        if self._head_since_s is None and not self._requests:
            self._begin_head()
            self._others.wait(self)
        super().data_received(data)
        if self._head_since_s is not None:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD_BYTES:
                self._refuse_head(431, f"The headers have more than {LARGEST_HEAD_BYTES} bytes.")

    def on_headers_complete(self) -> None:
        """End the wait for headers."""
        self._head_since_s = None
        self._requests += 1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the wait for a request."""
        self._others.answer(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._requests -= 1
        super().on_response_complete()
        if not self._requests:
            self._others.wait(self)

    # --- limits -------------------------------------------------------------------------

    def _begin_head(self) -> None:
        self._head_since_s = self.loop.time()
        self._head_bytes = 0

    def _refuse_head(self, status: int, message: str) -> None:
        self._head_since_s = None
        if self._head_bytes and not self.transport.is_closing():
            self.transport.write(_build_refusal(status, message))
        self.transport.close()

    def _describe_limit(self) -> str:
        return f"{self._limits.header_timeout_s:g} s"

    def _has_stalled(self, now_s: float) -> bool:
        """Whether the client has not taken enough of what waits for it.

        What the kernel still holds counts, too: it holds megabytes, so that this process alone
        would see no progress of a slow but patient reader for minutes.
        """
        connection = self.transport.get_extra_info("socket")
        facts = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
        (taken_bytes,) = _ACKNOWLEDGED.unpack_from(facts)
        is_pending = self.is_sending or any(
            field.unpack_from(facts)[0] for field in (_IN_FLIGHT, _NOT_SENT)
        )
        if not is_pending or taken_bytes - self._taken_bytes >= _LEAST_TAKEN_BYTES:
            self._taken_bytes, self._taken_since_s = taken_bytes, now_s
        return now_s - self._taken_since_s > self._limits.stall_timeout_s


def _build_refusal(status: int, message: str) -> bytes:
    body = json.dumps({"error": InvalidRequestError(message).as_dict()}).encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body


class Acceptor:
    """Accepts connections, a few at a time; pauses when the process has no files left.

    Parameters
    ----------
    listener
        A bound socket; its creator closes it.
    build_protocol
        Called for each connection.
    """

    def __init__(
        self,
        listener: socket.socket,
        build_protocol: Callable[[], asyncio.Protocol],
        connections: Connections,
    ) -> None:
        self._listener = listener
        self._build_protocol = build_protocol
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._pause_s = _FIRST_PAUSE_S
        self._report_at_s = 0.0
        self._retry: asyncio.TimerHandle | None = None
        self._adopting: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Listen, and accept from now on."""
        self._listener.setblocking(False)
        self._listener.listen(_BACKLOG)
        self._loop.add_reader(self._listener, self._accept)

    def stop(self) -> None:
        """Accept no more."""
        self._loop.remove_reader(self._listener)
        if self._retry is not None:
            self._retry.cancel()

    def _accept(self) -> None:
        for _ in range(_ACCEPTED_AT_ONCE):
            try:
                connection, _address = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as exc:
                self._pause(exc)
                return
            self._pause_s = _FIRST_PAUSE_S
            connection.setblocking(False)
            task = self._loop.create_task(self._adopt(connection))
            self._adopting.add(task)
            task.add_done_callback(self._adopting.discard)

    async def _adopt(self, connection: socket.socket) -> None:
        await self._loop.connect_accepted_socket(self._build_protocol, connection)

    def _pause(self, error: OSError) -> None:
        """Stop accepting for a moment: the listener stays ready, so that it would be tried again
        at once, and in vain. Connections that wait give their files back meanwhile.
        """
        if self._loop.time() >= self._report_at_s:
            self._report_at_s = self._loop.time() + _REPORT_EVERY_S
            logger.warning("No connection can be accepted for now: %s", error.strerror)
        if error.errno in (errno.EMFILE, errno.ENFILE):
            for _ in range(_DISPLACED_AT_ONCE):
                self._connections.displace()
        self._loop.remove_reader(self._listener)
        self._retry = self._loop.call_later(self._pause_s, self._resume)
        self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)

    def _resume(self) -> None:
        self._loop.add_reader(self._listener, self._accept)
        self._accept()


class Server(uvicorn.Server):
    """uvicorn's server for one listener, with limits on its connections.

    Parameters
    ----------
    app
        The application; it enforces the limits of requests.
    connections
        The bounds on connections.
    limits
        The time limits of connections.
    proxies
        Addresses of proxies whose word for the client's address is taken.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        connections: Connections,
        limits: ConnectionLimits,
        proxies: tuple[str, ...],
    ) -> None:
        config = uvicorn.Config(
            app,
            loop="asyncio",  # other sockets do not report what a client has acknowledged
            http="httptools",
            ws="none",
            proxy_headers=bool(proxies),
            forwarded_allow_ips=",".join(proxies),
            server_header=False,
            access_log=False,
            timeout_keep_alive=math.ceil(limits.idle_timeout_s),
            timeout_graceful_shutdown=5,
            log_config=None,
            log_level="warning",
        )
        super().__init__(config)
        self._connections = connections
        self._limits = limits
        self._acceptor: Acceptor | None = None
        self._enforcing: asyncio.TimerHandle | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then accept connections."""
        await super().startup(sockets=[])
        if self.started and sockets:
            self._acceptor = Acceptor(sockets[0], self._build_protocol, self._connections)
            self._acceptor.start()
            self._enforce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more, and let the requests in progress end."""
        if self._acceptor is not None:
            self._acceptor.stop()
        if self._enforcing is not None:
            self._enforcing.cancel()
        await super().shutdown(sockets)

    def _build_protocol(self) -> LimitedProtocol:
        return LimitedProtocol(
            self.config,
            self.server_state,
            self.lifespan.state,
            connections=self._connections,
            limits=self._limits,
        )

    def _enforce(self) -> None:
        loop = asyncio.get_running_loop()
        self._enforcing = loop.call_later(_ENFORCE_EVERY_S, self._enforce)
        self._connections.enforce(loop.time())
