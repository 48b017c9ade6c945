"""The bounds on connections by themselves, and the log that strangers cannot fill."""

from __future__ import annotations

import logging
import resource
from dataclasses import dataclass

import pytest

from shaperotator_magic.core.errors import ServiceUnavailableError, TooManyRequestsError
from shaperotator_magic.service.http.connections import (
    RESERVED,
    ConnectionLimits,
    Connections,
    fit_connections,
    name_client,
)
from shaperotator_magic.service.http.logs import LogThrottle
from shaperotator_magic.service.limits import ConcurrencyLimit


@dataclass(eq=False)
class FakeConnection:
    address: str = "192.0.2.1"
    is_sending: bool = False
    is_aborted: bool = False

    def abort(self) -> None:
        self.is_aborted = True

    def enforce(self, now_s: float) -> None:
        raise AssertionError


def admit(connections: Connections, count: int, address: str) -> list[FakeConnection]:
    admitted = [FakeConnection(address) for _ in range(count)]
    assert all(connections.admit(connection) for connection in admitted)
    return admitted


def list_aborted(connections: list[FakeConnection]) -> list[int]:
    return [number for number, connection in enumerate(connections) if connection.is_aborted]


def test_longest_waiting_connection_makes_room() -> None:
    connections = Connections(most=4, most_per_address=100)
    known = admit(connections, 4 + RESERVED, "192.0.2.1")
    connections.answer(known[0])  # busy: it is not closed
    connections.answer(known[1])
    connections.wait(known[1])  # waits again, since a moment ago
    assert connections.admit(FakeConnection("192.0.2.9"))
    assert list_aborted(known) == [2]


def test_connection_whose_response_has_left_is_preferred() -> None:
    connections = Connections(most=1, most_per_address=100)
    known = admit(connections, 1 + RESERVED, "192.0.2.1")
    for connection in known[:3]:
        connection.is_sending = True
    assert connections.admit(FakeConnection())
    assert list_aborted(known) == [3]


def test_connection_is_not_admitted_where_all_are_busy() -> None:
    connections = Connections(most=1, most_per_address=100)
    for connection in admit(connections, 1 + RESERVED, "192.0.2.1"):
        connections.answer(connection)
    assert not connections.admit(FakeConnection("192.0.2.9"))


def test_closed_connections_are_counted_no_longer() -> None:
    connections = Connections(most=1, most_per_address=1)
    for _ in range(3):
        for connection in admit(connections, 1 + RESERVED, "192.0.2.1"):
            connections.answer(connection)
            connections.remove(connection)
            connections.remove(connection)


def test_address_makes_room_for_itself() -> None:
    connections = Connections(most=100, most_per_address=2)
    other = admit(connections, 1, "192.0.2.9")
    known = admit(connections, 2 + RESERVED, "192.0.2.1")
    admit(connections, 1, "192.0.2.1")
    assert (list_aborted(known), list_aborted(other)) == ([0], [])


def test_proxy_stands_for_many_clients() -> None:
    connections = Connections(most=100, most_per_address=1, proxies=("192.0.2.0/24",))
    assert not list_aborted(admit(connections, 50, "192.0.2.1"))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_client_is_named_by_what_it_can_choose_from(address: str, name: str) -> None:
    assert name_client(address) == name


@pytest.mark.parametrize(("files", "most"), [(1024, 432), (100_000, 1000), (10, 1)])
def test_connections_fit_into_the_files_that_may_be_open(
    files: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    assert fit_connections(ConnectionLimits()) == most


def test_concurrency_is_bounded_by_name_and_in_all() -> None:
    limit = ConcurrencyLimit(most=3, most_per_name=2)
    with limit.hold("ann"):
        with limit.hold("ann"):
            with pytest.raises(TooManyRequestsError), limit.hold("ann"):
                pass
            with limit.hold("ben"), pytest.raises(ServiceUnavailableError), limit.hold("cem"):
                pass
        with limit.hold("ann"):
            pass


class Log:
    """Counts what gets through a throttle whose minutes are ours."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._throttle = LogThrottle(most_per_minute=2, clock=lambda: self.now_s)

    def write(self, message: str, *, level: int = logging.WARNING, name: str = "a") -> str | None:
        record = logging.LogRecord(name, level, "", 0, message, (), None)
        return record.getMessage() if self._throttle.filter(record) else None


def test_same_warning_is_written_a_few_times_a_minute() -> None:
    log = Log()
    assert [log.write("full") for _ in range(5)] == ["full", "full", None, None, None]
    assert log.write("other") == "other"
    assert log.write("full", name="b") == "full"
    assert log.write("full", level=logging.INFO) == "full"
    log.now_s = 60.0
    assert log.write("full") == "full (3 more like this were omitted)"
    assert log.write("full") == "full"
