"""The recorded model server, spoken to by the real client and from another process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletion

from shaperotator_magic.core.records import Usage
from shaperotator_magic.testing import (
    RecordedModelServer,
    Reply,
    load_recorded_replies,
    play_recorded,
)

REPLIES = Path(__file__).parent / "data" / "replies"


def build_client(server: RecordedModelServer, key: str = "any") -> openai.OpenAI:
    return openai.OpenAI(base_url=server.base_url, api_key=key, max_retries=0)


def ask_for_completion(client: openai.OpenAI, *texts: str) -> ChatCompletion:
    """Ask without streaming; texts are the turns of user and assistant."""
    roles = ["user", "assistant"] * len(texts)
    messages: Any = [{"role": r, "content": t} for r, t in zip(roles, texts, strict=False)]
    return client.chat.completions.create(model="m", messages=messages)


def ask(client: openai.OpenAI, *texts: str) -> str:
    return str(ask_for_completion(client, *texts).choices[0].message.content)


def test_load_recorded_replies_reads_all_with_their_repairs() -> None:
    recorded = load_recorded_replies(REPLIES)
    assert len(recorded) == 26
    assert {row.id: len(row.repairs) for row in recorded if row.repairs} == {"12": 1, "29": 1}
    assert [row.renders_at for row in recorded if row.repairs] == [2, 2]
    assert all("class " in row.reply and row.prompt for row in recorded)


def test_load_recorded_replies_with_empty_folder_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"verdicts\.jsonl"):
        load_recorded_replies(tmp_path)


def test_server_without_streaming_answers_in_one_piece_with_usage() -> None:
    with RecordedModelServer([Reply("hello", usage=Usage(completion_tokens=5))]) as server:
        reply = ask_for_completion(build_client(server), "hi")
    assert reply.choices[0].message.content == "hello"
    assert reply.usage is not None
    assert reply.usage.completion_tokens == 5
    assert server.disconnects == 0


def test_server_plays_a_queue_in_order_and_then_refuses() -> None:
    with RecordedModelServer(["one", "two"]) as server:
        client = build_client(server)
        assert [ask(client, "a"), ask(client, "b")] == ["one", "two"]
        with pytest.raises(openai.BadRequestError, match="holds no more replies"):
            ask(client, "c")
    assert [request.user_texts for request in server.requests] == [["a"], ["b"], ["c"]]


def test_server_with_key_refuses_another_one() -> None:
    with RecordedModelServer(["one"], key="right") as server:
        with pytest.raises(openai.AuthenticationError):
            ask(build_client(server, "wrong"), "a")
        assert ask(build_client(server, "right"), "a") == "one"


def test_server_lists_its_models() -> None:
    with RecordedModelServer(models=["a", "b"]) as server:
        assert [row.id for row in build_client(server).models.list()] == ["a", "b"]


def test_play_recorded_answers_a_failed_attempt_with_its_repair() -> None:
    row = next(row for row in load_recorded_replies(REPLIES) if row.id == "12")
    with RecordedModelServer(play_recorded([row])) as server:
        client = build_client(server)
        asked = f"Make a scene.\n\n{row.prompt}\n"
        assert ask(client, asked) == row.reply
        assert ask(client, asked, row.reply, "It fails.") == row.repairs[0]
        assert ask(client, asked, row.reply, "It fails.", "again", "Still.") == row.repairs[0]


def test_play_recorded_with_unknown_prompt_is_refused() -> None:
    script = play_recorded(load_recorded_replies(REPLIES))
    with (
        RecordedModelServer(script) as server,
        pytest.raises(openai.BadRequestError, match="No reply is recorded"),
    ):
        ask(build_client(server), "the capital of France")


def test_server_handles_several_clients_at_once() -> None:
    with RecordedModelServer([Reply("slow", delay_s=30), "quick"]) as server:
        waiting = build_client(server).with_options(timeout=0.3)
        with pytest.raises(openai.APITimeoutError):
            ask(waiting, "a")
        assert ask(build_client(server), "b") == "quick"
        assert server.wait_for_disconnect()


def test_module_run_as_a_process_serves_recorded_replies() -> None:
    command = [sys.executable, "-m", "shaperotator_magic.testing", "--replies", str(REPLIES)]
    row = load_recorded_replies(REPLIES)[0]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            base_url = process.stdout.readline().strip()
            client = openai.OpenAI(base_url=base_url, api_key="any", max_retries=0)
            assert ask(client, row.prompt) == row.reply
        finally:
            process.send_signal(signal.SIGINT)
    assert process.returncode == 0


def test_verdicts_name_only_files_that_are_there() -> None:
    rows = [json.loads(line) for line in (REPLIES / "verdicts.jsonl").read_text().splitlines()]
    named = [name for row in rows for name in (row["reply"], *row["fixes"])]
    assert sorted(named) == sorted(f"{p.parent.name}/{p.name}" for p in REPLIES.glob("*/*.md"))
