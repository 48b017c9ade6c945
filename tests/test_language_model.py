"""The real openai client against a real server on loopback: nothing is patched."""

from __future__ import annotations

import pickle
import signal
import socket
import threading
import time
import traceback
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from shaperotator_magic.core.errors import (
    ConfigurationError,
    GenerationCancelled,
    ModelError,
    ModelUnavailableError,
    ReplyCutError,
)
from shaperotator_magic.core.records import Completion, Usage
from shaperotator_magic.testing import (
    ChatRequest,
    RecordedModelServer,
    Reply,
    load_recorded_replies,
    play_recorded,
)
from shaperotator_magic.writing.model.api_errors import read_retry_after, redact
from shaperotator_magic.writing.model.language_model import (
    LanguageModel,
    OpenAIChat,
    Patience,
    build_chat_model,
)
from tests.pace import Stopwatch

KEY = "sk-test-0123456789abcdef"
QUICK = Patience(read_timeout_s=5, backoff_s=0.01, longest_wait_s=1.0)
HTML = "<!doctype html><title>Welcome to nginx!</title>"
MESSAGES = [{"role": "user", "content": "Draw a circle."}]


def build_model(server: RecordedModelServer, patience: Patience = QUICK) -> OpenAIChat:
    return OpenAIChat("tiny", base_url=server.base_url, api_key=KEY, patience=patience)


def ask(model: LanguageModel, deltas: list[str] | None = None) -> Completion:
    return model.complete(MESSAGES, on_delta=(deltas if deltas is not None else []).append)


def ignore(_: str) -> None:
    pass


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- replies that work ----------------------------------------------------------------


def test_complete_with_streamed_reply_hands_out_every_piece() -> None:
    deltas: list[str] = []
    with RecordedModelServer([Reply("Ünïcode ∑ " * 20, chunk_chars=7)]) as server:
        completion = ask(build_model(server), deltas)
    assert completion.text == "".join(deltas) == "Ünïcode ∑ " * 20
    assert len(deltas) == 29
    assert completion.usage == Usage(prompt_tokens=100, completion_tokens=200)
    assert (completion.model, completion.finish_reason) == ("tiny", "stop")


def test_complete_hands_out_the_first_piece_before_the_reply_is_complete() -> None:
    pieces: list[str] = []

    def stop(piece: str) -> None:
        pieces.append(piece)
        raise GenerationCancelled

    # The whole reply takes ten minutes.
    with RecordedModelServer([Reply("x" * 600, chunk_chars=1, chunk_delay_s=1.0)]) as server:
        with pytest.raises(GenerationCancelled):
            build_model(server).complete(MESSAGES, on_delta=stop)
        assert server.wait_for_disconnect(60)
    assert pieces == ["x"]


def test_complete_sends_messages_model_seed_and_key() -> None:
    with RecordedModelServer(["ok"], key=KEY) as server:
        build_model(server).complete(MESSAGES, on_delta=ignore, seed=7)
    body = server.requests[0].body
    assert (body["messages"], body["model"], body["seed"]) == (MESSAGES, "tiny", 7)
    assert body["stream"] is True
    assert server.requests[0].has_key


def test_complete_without_seed_sends_none() -> None:
    with RecordedModelServer(["ok"]) as server:
        ask(build_model(server))
    assert "seed" not in server.requests[0].body


def test_complete_without_key_sends_no_authorization() -> None:
    with RecordedModelServer(["ok"]) as server:
        ask(build_chat_model("tiny", base_url=server.base_url, environ={}))
    assert not server.requests[0].has_key


def test_complete_at_a_server_that_refuses_stream_options_works_without_usage() -> None:
    with RecordedModelServer(["one", "two"], has_stream_options=False) as server:
        model = build_model(server)
        assert [ask(model).text, ask(model).text] == ["one", "two"]
        assert ask_usage(server) == [True, False, False]


def ask_usage(server: RecordedModelServer) -> list[bool]:
    return ["stream_options" in request.body for request in server.requests]


def test_complete_at_a_server_that_does_not_stream_reads_the_whole_reply() -> None:
    body = (
        '{"choices": [{"message": {"content": "whole"}, "finish_reason": "stop"}],'
        ' "usage": {"prompt_tokens": 3, "completion_tokens": 4}}'
    )
    deltas: list[str] = []
    with RecordedModelServer([Reply(body=body)]) as server:
        completion = ask(build_model(server), deltas)
    assert (completion.text, deltas) == ("whole", ["whole"])
    assert completion.usage == Usage(prompt_tokens=3, completion_tokens=4)


def test_complete_plays_all_recorded_replies_byte_for_byte(replies_dir: Path) -> None:
    recorded = load_recorded_replies(replies_dir)
    with RecordedModelServer(play_recorded(recorded)) as server:
        model = build_model(server)
        for row in recorded:
            messages = [{"role": "user", "content": row.prompt}]
            assert model.complete(messages, on_delta=ignore).text == row.reply


@pytest.fixture
def replies_dir() -> Path:
    return Path(__file__).parent / "data" / "replies"


# --- trying again ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure",
    [
        Reply(status=429, error="Rate limit reached."),
        Reply(status=429, error="Wait.", headers={"Retry-After": "0.05"}),
        Reply(status=500, error="The server had an error."),
        Reply(status=503, body=HTML, content_type="text/html"),
        Reply(is_dropped=True),
    ],
    ids=["429", "429-retry-after", "500", "503-html", "dropped"],
)
def test_complete_after_a_passing_failure_tries_again(failure: Reply) -> None:
    with RecordedModelServer([failure, failure, "third time"]) as server:
        assert ask(build_model(server)).text == "third time"
    assert len(server.requests) == 3


def test_complete_waits_as_long_as_retry_after_asks() -> None:
    busy = Reply(status=429, error="Wait.", headers={"Retry-After": "0.4"})
    with RecordedModelServer([busy, "ok"]) as server:
        started = time.monotonic()
        ask(build_model(server))
    assert time.monotonic() - started >= 0.4


def test_complete_with_long_retry_after_gives_up_at_once_and_reports_it() -> None:
    until = format_datetime(datetime.fromtimestamp(time.time() + 90, UTC), usegmt=True)
    with RecordedModelServer([Reply(status=429, headers={"Retry-After": until})]) as server:
        error = catch(build_model(server))
    assert isinstance(error, ModelUnavailableError)
    assert error.retry_after_s == pytest.approx(90, abs=10)
    assert error.hint.startswith("Run the cell again in ")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3", 3.0),
        ("-1", 0.0),
        ("", None),
        ("soon", None),
        ("inf", None),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2026 07:00:00 GMT", 0.0),
    ],
)
def test_read_retry_after_takes_seconds_and_dates(text: str, seconds: float | None) -> None:
    now = datetime(2026, 10, 21, 7, 28, tzinfo=UTC)
    assert read_retry_after({"retry-after": text}, now=now) == seconds


# --- failures -------------------------------------------------------------------------


def catch(model: LanguageModel) -> ModelError:
    with pytest.raises(ModelError) as caught:
        ask(model)
    return caught.value


def refuse(status: int, message: str, code: str | None = None) -> Reply:
    return Reply(status=status, error=message, error_code=code)


PLAY = Reply("from manim import *\n" * 5)
FAILURES: list[tuple[str, Reply, type[ModelError], str, str]] = [
    # name, reply, class, words of the message, words of the hint
    ("no-permission", refuse(403, "No access to tiny."), ModelError, "403", "--model"),
    ("not-found", Reply(status=404, body="404", content_type="text/plain"), ModelError, "", ""),
    ("quota", refuse(429, "Over.", "insufficient_quota"), ModelError, "quota", "--offline"),
    ("payment", refuse(402, "Insufficient balance"), ModelError, "quota", "credit"),
    ("busy", refuse(429, "Slow down."), ModelUnavailableError, "429", "again"),
    ("5xx", refuse(502, "Bad gateway"), ModelUnavailableError, "502", "again"),
    (
        "too-long",
        refuse(400, "This model's maximum context length is 8192 tokens."),
        ModelError,
        "too long",
        "Shorten",
    ),
    ("too-large", Reply(status=413, body=HTML), ModelError, "too long", "Shorten"),
    ("bad-request", refuse(400, "No such thing"), ModelError, "No such thing", "--model"),
    ("bad-seed", refuse(400, "Unsupported parameter: 'seed'"), ModelError, "seed", "--seed"),
    ("filter", refuse(400, "No.", "content_filter"), ModelError, "filter", "other words"),
    ("filtered", Reply("fro", finish_reason="content_filter"), ModelError, "filter", "other words"),
    ("declined", Reply(refusal="I can't do that."), ModelError, "I can't do that.", "other words"),
    (
        "cut-off",
        Reply("class A", finish_reason="length"),
        ReplyCutError,
        "cut off",
        "shorter prompt",
    ),
    (
        "breaks-off",
        Reply("x" * 99, cut_after_chars=50),
        ModelUnavailableError,
        "broke off",
        "again",
    ),
    (
        "stops-quietly",
        Reply("abc", finish_reason=None),
        ModelUnavailableError,
        "broke off",
        "again",
    ),
    ("in-stream", Reply("abc", error="Overloaded"), ModelUnavailableError, "Overloaded", "again"),
    ("html", Reply(body=HTML, content_type="text/html"), ModelError, "OpenAI-compatible", "/v1"),
    ("other-json", Reply(body='{"hello": 1}'), ModelError, "OpenAI-compatible", "/v1"),
    ("json-list", Reply(body="[1]"), ModelError, "OpenAI-compatible", "/v1"),
    ("json-error", Reply(body='{"error": "loading"}'), ModelUnavailableError, "loading", "again"),
    (
        "garbled-events",
        Reply(body="data: {nonsense\n\n", content_type="text/event-stream"),
        ModelError,
        "OpenAI-compatible",
        "/v1",
    ),
    (
        "strange-events",
        Reply(body="data: [5]\n\n", content_type="text/event-stream"),
        ModelError,
        "OpenAI-compatible",
        "/v1",
    ),
    (
        "content-is-no-text",
        Reply(body='{"choices": [{"message": {"content": [{"type": "text"}]}}]}'),
        ModelError,
        "OpenAI-compatible",
        "/v1",
    ),
    (
        "no-events",
        Reply(body="", content_type="text/event-stream"),
        ModelError,
        "OpenAI-compatible",
        "/v1",
    ),
]


@pytest.mark.parametrize(
    ("reply", "kind", "message", "hint"),
    [row[1:] for row in FAILURES],
    ids=[row[0] for row in FAILURES],
)
def test_complete_when_it_fails_says_what_and_what_to_do(
    reply: Reply, kind: type[ModelError], message: str, hint: str
) -> None:
    with RecordedModelServer(lambda _: reply) as server:
        error = catch(build_model(server))
    assert type(error) is kind
    assert message in error.message
    assert hint in error.hint
    assert "\n" not in error.message + error.hint
    assert len(error.message) < 300
    assert error.model == "tiny"
    assert "<" not in error.message
    assert type(pickle.loads(pickle.dumps(error))) is kind


def test_complete_with_wrong_key_says_which_variable() -> None:
    with RecordedModelServer(key="another") as server:
        error = catch(build_model(server))
    assert "does not accept the API key (401)" in error.message
    assert "OPENAI_API_KEY" in error.hint


def test_complete_without_the_key_that_a_server_wants_says_so() -> None:
    with RecordedModelServer(key="another") as server:
        error = catch(build_chat_model("tiny", base_url=server.base_url, environ={}))
    assert "OPENAI_API_KEY is not set" in error.message


def test_complete_with_unknown_model_lists_the_offered_ones_nearest_first() -> None:
    with RecordedModelServer(models=["gemma", "tiny-2", *"abcdefghij"], key=KEY) as server:
        error = catch(build_model(server))
    assert "does not offer the model 'tiny' (404)" in error.message
    assert "it offers tiny-2, gemma, a, b, c, d, e, f." in error.hint


def test_complete_at_a_wrong_path_says_how_the_address_ends() -> None:
    with RecordedModelServer() as server:
        address = server.base_url.removesuffix("/v1")
        error = catch(OpenAIChat("tiny", base_url=address, api_key=KEY, patience=QUICK))
    assert error.message == f"{address} has no chat completions (404)."
    assert "/v1" in error.hint


def test_complete_at_a_refused_port_says_that_nothing_answers() -> None:
    address = f"http://127.0.0.1:{find_free_port()}/v1"
    error = catch(OpenAIChat("tiny", base_url=address, patience=QUICK))
    assert isinstance(error, ModelUnavailableError)
    assert error.message == f"Nothing answers at {address}: the connection was refused."


def test_complete_at_an_unknown_host_says_that_it_is_unknown() -> None:
    error = catch(OpenAIChat("tiny", base_url="http://nowhere.invalid/v1", patience=QUICK))
    assert error.message == "No server is known at http://nowhere.invalid/v1."


def test_complete_at_a_server_without_tls_says_that_the_connection_failed() -> None:
    with RecordedModelServer() as server:
        address = server.base_url.replace("http:", "https:")
        error = catch(OpenAIChat("tiny", base_url=address, patience=QUICK))
    assert error.message.startswith(f"The connection to {address} failed: ")


@pytest.mark.parametrize("proxy", ["socks5://me:secret@127.0.0.1:1", "odd://me:secret@host"])
def test_complete_with_an_unusable_proxy_says_so(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(ConfigurationError, match="proxy") as caught:
        ask(OpenAIChat("tiny", base_url="http://nowhere.invalid/v1"))
    assert "secret" not in str(caught.value.as_dict())


def test_complete_at_a_silent_server_times_out_once() -> None:
    patience = Patience(read_timeout_s=0.2)
    with RecordedModelServer([Reply("late", delay_s=5)]) as server:
        error = catch(build_model(server, patience))
    assert isinstance(error, ModelUnavailableError)
    assert error.message == "tiny sent nothing for 0.2 s."
    assert len(server.requests) == 1


def test_complete_when_the_reply_falls_silent_times_out() -> None:
    patience = Patience(read_timeout_s=0.2)
    with RecordedModelServer([Reply("ab", chunk_chars=1, chunk_delay_s=0.5)]) as server:
        assert "sent nothing" in catch(build_model(server, patience)).message


def test_complete_with_an_endless_reply_stops_it() -> None:
    with RecordedModelServer(
        [Reply("a" * 900_000, chunk_chars=90_000, chunk_delay_s=0.05)]
    ) as server:
        assert "did not come to an end" in catch(build_model(server)).message
        assert server.wait_for_disconnect()


# --- stopping -------------------------------------------------------------------------


class StopError(Exception):
    pass


def test_complete_when_on_delta_raises_drops_the_connection() -> None:
    def stop(_: str) -> None:
        raise StopError

    with RecordedModelServer([Reply("x" * 999, chunk_delay_s=0.05)]) as server:
        with pytest.raises(StopError):
            build_model(server).complete(MESSAGES, on_delta=stop)
        assert server.wait_for_disconnect()


@pytest.mark.parametrize(
    "reply", [Reply("x" * 99, chunk_delay_s=30), Reply(delay_s=30)], ids=["streaming", "waiting"]
)
def test_complete_when_interrupted_drops_the_connection_at_once(reply: Reply) -> None:
    with RecordedModelServer([reply]) as server:
        interrupter = threading.Thread(target=interrupt_after_request, args=(server,))
        interrupter.start()
        with pytest.raises(KeyboardInterrupt):
            ask(build_model(server, Patience()))
        with Stopwatch() as watch:
            assert server.wait_for_disconnect(60)
        assert watch.seconds < 1
        interrupter.join()


def interrupt_after_request(server: RecordedModelServer) -> None:
    assert server.wait_for_request(60)
    time.sleep(0.1)
    # A real signal: it also wakes the main thread from waiting for the socket.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


# --- keys -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        refuse(401, f"Incorrect API key provided: {KEY}."),
        refuse(403, f"{KEY} may not."),
        refuse(400, f"Bearer {KEY}?"),
        refuse(500, f"Crashed with {KEY}"),
        Reply("ab", error=f"Crashed with {KEY}"),
        Reply(body=f'{{"error": "no {KEY}"}}'),
    ],
    ids=["401", "403", "400", "500", "in-stream", "json"],
)
def test_complete_when_the_server_repeats_the_key_never_shows_it(reply: Reply) -> None:
    with RecordedModelServer(lambda _: reply) as server:
        model = build_model(server)
        error = catch(model)
    shown = "".join(traceback.format_exception(error))
    assert KEY not in shown + repr(error) + repr(error.as_dict()) + repr(model)


def test_redact_with_a_short_key_leaves_other_words_alone() -> None:
    assert redact("none of nonesuch", "none") == "[key] of nonesuch"


def test_repr_leaves_out_user_password_and_query_of_the_address() -> None:
    model = OpenAIChat("tiny", base_url="https://me:secret@host.example/v1?key=secret")
    assert repr(model) == "OpenAIChat('tiny', base_url='https://host.example/v1')"


# --- build_chat_model -----------------------------------------------------------------


@pytest.mark.parametrize("environ", [{}, {"OPENAI_API_KEY": " "}], ids=["unset", "blank"])
@pytest.mark.parametrize("base_url", [None, "https://api.openai.com/v1"])
def test_build_chat_model_for_openai_without_key_is_refused(
    environ: dict[str, str], base_url: str | None
) -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY is not set") as caught:
        build_chat_model("gpt", base_url=base_url, environ=environ)
    assert caught.value.setting == "OPENAI_API_KEY"
    assert "--offline" in caught.value.hint


def test_build_chat_model_takes_the_address_from_the_environment() -> None:
    model = build_chat_model("m", base_url=None, environ={"OPENAI_BASE_URL": "http://box:1/v1"})
    assert "http://box:1/v1" in repr(model)


@pytest.mark.parametrize("base_url", ["localhost:11434/v1", "ftp://host/v1", "http:///v1"])
def test_build_chat_model_with_an_address_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(ConfigurationError, match="is not an http address") as caught:
        build_chat_model("m", base_url=base_url, environ={})
    assert caught.value.setting == "base_url"


@pytest.mark.parametrize("key", ["sk-a\nsk-b", "sk-“x”", "sk a"])
def test_build_chat_model_with_a_key_that_cannot_be_sent_is_refused(key: str) -> None:
    with pytest.raises(ConfigurationError, match="characters that no key has") as caught:
        build_chat_model("m", base_url=None, environ={"OPENAI_API_KEY": key})
    assert key not in str(caught.value.as_dict())


def test_build_chat_model_strips_the_line_break_of_a_pasted_key() -> None:
    with RecordedModelServer(["ok"], key=KEY) as server:
        environ = {"OPENAI_API_KEY": KEY + "\n"}
        assert ask(build_chat_model("m", base_url=server.base_url, environ=environ)).text == "ok"


def test_script_by_function_sees_the_request() -> None:
    def echo(request: ChatRequest) -> Reply:
        return Reply(request.user_texts[-1].upper())

    with RecordedModelServer(echo) as server:
        assert ask(build_model(server)).text == "DRAW A CIRCLE."
