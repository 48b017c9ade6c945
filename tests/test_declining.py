"""What the library says where it declines, and which models on this machine it names."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from shaperotator_magic.core.errors import NothingFitsError
from shaperotator_magic.core.records import Prompt
from shaperotator_magic.writing.library.declining import offer_models
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.library.telling import CONFIGURE
from shaperotator_magic.writing.model.local_models import LocalServer, find_local_servers

OLLAMA = LocalServer("Ollama", "http://127.0.0.1:11434/v1", ("llama3.2", "qwen2.5-coder:7b"))

Serve = Callable[[Any], int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that answers /v1/models with a text, or after a pause; returns its port."""
    servers = []

    def start(answer: Any) -> int:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if isinstance(answer, float):
                    time.sleep(answer)
                body = answer if isinstance(answer, str) else json.dumps(answer)
                self.send_response(200 if self.path == "/v1/models" else 404)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        return int(server.server_address[1])

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


# --- models on this machine -----------------------------------------------------------


def test_servers_that_list_models_are_found_with_what_can_write(serve: Serve) -> None:
    port = serve({"data": [{"id": "llama3.2"}, {"id": "nomic-embed-text"}]})
    (found,) = find_local_servers({port: "Ollama", serve("<html>"): "vLLM"})
    assert found == LocalServer("Ollama", f"http://127.0.0.1:{port}/v1", ("llama3.2",))


def test_slow_servers_are_not_waited_for(serve: Serve) -> None:
    ports = {serve(1.5): "LM Studio", serve({"data": [{"id": "m"}]}): "Ollama"}
    began = time.monotonic()
    (found,) = find_local_servers(ports, timeout_s=0.3)
    assert found.name == "Ollama" and time.monotonic() - began < 0.6


@pytest.mark.parametrize(
    "answer",
    [[], {"data": None}, {"data": [{"name": "m"}]}, {"data": [{"id": 'm"\n%rm -rf'}]}, "[" * 9999],
)
def test_answers_of_another_kind_offer_nothing(serve: Serve, answer: Any) -> None:
    assert find_local_servers({serve(answer): "Ollama"}) == ()


# --- what is said ---------------------------------------------------------------------


def test_sentence_with_every_scene_shown_is_told_that_there_is_no_other() -> None:
    library = SceneLibrary.load()
    names = tuple(scene.name for scene in library.scenes)
    with pytest.raises(NothingFitsError, match="no other scene"):
        library.write(Prompt(text="eigenvectors of a matrix", excluded=names))


@pytest.mark.parametrize(
    ("servers", "configured", "said"),
    [
        ((), None, "ShapeRotatorMagics.model"),
        ((OLLAMA,), None, "%shaperotate use llama3.2"),
        ((OLLAMA,), "gpt-9", "Without --offline, gpt-9 writes it"),
    ],
)
def test_model_at_hand_is_named(
    servers: tuple[LocalServer, ...], configured: str | None, said: str
) -> None:
    error = NothingFitsError("No.", hint=CONFIGURE, nearest=["a"])
    offered = offer_models(error, servers, configured=configured)
    assert said in offered.hint and offered.nearest == ["a"]
    assert offered.details["servers"] == [server.as_dict() for server in servers]
