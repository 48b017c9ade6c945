"""A model's server that means harm costs bounded memory and time, and learns no more than it was
told: the real openai client against a real server."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator

import pytest

from shaperotator_magic.core.bounded_http import BoundedCalls
from shaperotator_magic.core.errors import ModelError, ModelUnavailableError
from shaperotator_magic.testing import RecordedModelServer
from shaperotator_magic.writing.model.language_model import OpenAIChat, Patience
from tests.hostile_server import (
    Answer,
    HostileServer,
    build_head,
    drip_body,
    drip_comments,
    drip_headers,
    send_bomb,
    send_endless,
    send_redirect,
)

MESSAGES = [{"role": "user", "content": "a prompt that is nobody else's business"}]
EVENTS = "text/event-stream"
JSON = "application/json"
SLOW = Patience(read_timeout_s=5, reply_timeout_s=0.6, tries=2, backoff_s=0.01)


def catch(server: HostileServer, patience: Patience | None = None) -> ModelError:
    model = OpenAIChat("tiny", base_url=f"{server.url}/v1", api_key="sk-key", patience=patience)
    with pytest.raises(ModelError) as caught:
        model.complete(MESSAGES, on_delta=lambda _: None)
    return caught.value


# --- size -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [JSON, EVENTS])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw"])
def test_bomb_is_stopped(kind: str, encoding: str) -> None:
    with HostileServer(send_bomb(megabytes=100, kind=kind, encoding=encoding)) as server:
        error = catch(server)
    assert error.message.startswith("The reply of http://127.0.0.1:")
    assert "larger than a scene can be" in error.message


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_packing_that_was_not_offered_is_refused(encoding: str) -> None:
    with HostileServer(send_bomb(megabytes=1, kind=JSON, encoding=encoding)) as server:
        assert "packed in a way that was not asked for" in catch(server).message


_MEASURE = """
    import resource, sys
    from shaperotator_magic.core.errors import ModelError
    from shaperotator_magic.writing.model.language_model import OpenAIChat
    model = OpenAIChat("tiny", base_url=sys.argv[1] + "/v1", api_key="sk-key")
    model.list_models()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        model.complete([{"role": "user", "content": "x"}], on_delta=lambda _: None)
    except ModelError as exc:
        print(exc.message, file=sys.stderr)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.service
@pytest.mark.parametrize(
    ("kind", "status"), [(JSON, 200), (EVENTS, 200), (JSON, 400), ("text/html", 503)]
)
def test_bomb_of_800_megabytes_costs_little_memory(kind: str, status: int) -> None:
    bomb = send_bomb(megabytes=800, kind=kind, status=status)

    def answer(line: str) -> Iterator[bytes]:
        if line.startswith("GET"):
            yield build_head(content_type=JSON, content_length="2") + b"{}"
        else:
            yield from bomb(line)

    with HostileServer(answer) as server:
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(_MEASURE), server.url],
            capture_output=True, check=True, text=True, timeout=600,
        )  # fmt: skip
    assert "larger than a scene can be" in done.stderr
    assert int(done.stdout) < 64


@pytest.mark.parametrize("piece", [b"a" * 65536, b"data: a\n" * 8192], ids=["line", "event"])
def test_endless_event_is_stopped(piece: bytes) -> None:
    with HostileServer(send_endless(EVENTS, piece)) as server:
        assert "larger than a scene can be" in catch(server).message
        assert server.gone.wait(5)


def test_nested_body_is_no_answer() -> None:
    def answer(_: str) -> Iterator[bytes]:
        yield build_head(content_type=JSON, content_length="1000000") + b"[" * 1_000_000

    with HostileServer(answer) as server:
        assert "does not answer like an OpenAI-compatible server" in catch(server).message


# --- where it goes --------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_to_another_origin_is_not_followed(status: int) -> None:
    with RecordedModelServer(["stolen"]) as other:
        there = f"{other.base_url}/chat/completions"
        with HostileServer(send_redirect(there, status)) as server:
            error = catch(server)
    origin = other.base_url.removesuffix("/v1")
    assert other.requests == []
    assert len(server.requests) == 1
    assert error.message.endswith(f"nothing was sent there: {origin}.")
    assert "--base-url" in error.hint


@pytest.mark.parametrize("there", ["//localhost:1/v1", "https://127.0.0.1/", "http://[::1]/"])
def test_redirect_to_another_name_port_or_scheme_is_not_followed(there: str) -> None:
    with HostileServer(send_redirect(there)) as server:
        assert "sends requests on to another address" in catch(server).message


def test_redirect_within_the_origin_is_followed() -> None:
    def answer(line: str) -> Iterator[bytes]:
        if "/elsewhere" not in line:
            yield from send_redirect("/elsewhere")(line)
            return
        body = b'{"choices": [{"message": {"content": "ok"}, "finish_reason": "stop"}]}'
        yield build_head(content_type=JSON, content_length=str(len(body))) + body

    with HostileServer(answer) as server:
        model = OpenAIChat("tiny", base_url=f"{server.url}/v1")
        assert model.complete(MESSAGES, on_delta=lambda _: None).text == "ok"


def test_redirect_for_ever_ends() -> None:
    with HostileServer(send_redirect("/v1/again")) as server:
        catch(server, SLOW)
    assert len(server.requests) < 100


# --- time -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [drip_headers(), drip_body(EVENTS), drip_body(JSON), drip_comments()],
    ids=["headers", "events", "body", "comments"],
)
def test_reply_that_drips_is_stopped_in_time(answer: Answer) -> None:
    with HostileServer(answer) as server:
        began = time.monotonic()
        error = catch(server, SLOW)
        assert time.monotonic() - began < 3
        assert server.gone.wait(5)
    assert isinstance(error, ModelUnavailableError)
    assert error.message == "The reply of tiny was not complete after 0.6 s and was stopped."
    assert "--reply-timeout" in error.hint


def test_list_of_models_that_drips_is_stopped_in_time() -> None:
    with HostileServer(drip_body(JSON)) as server:
        model = OpenAIChat("t", base_url=server.url, patience=Patience(listing_timeout_s=0.3))
        began = time.monotonic()
        assert model.list_models() == []
        assert time.monotonic() - began < 3


def test_request_outside_of_a_bounded_call_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="outside of a bounded call"):
        assert BoundedCalls().is_late
