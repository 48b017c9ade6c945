"""Language models that a server on this machine offers: they need no key and cost nothing.

Only the loopback address is probed, on the default ports of such servers, all at once.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import queue
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["LocalServer", "find_local_servers"]

PORTS: Mapping[int, str] = {
    11434: "Ollama",
    1234: "LM Studio",
    8080: "llama.cpp",
    8000: "vLLM",
}
_HOST = "127.0.0.1"
_LARGEST_ANSWER_BYTES = 200_000
_MOST_MODELS = 6
# A name becomes a part of a command, so it may contain no character that a command interprets.
_NAME = re.compile(r"[A-Za-z0-9][\w.:/@+-]{0,119}")
_NO_WRITER = re.compile(r"embed|rerank|whisper|clip", re.IGNORECASE)


@dataclass(frozen=True)
class LocalServer:
    """A server that answers on this machine; ``name`` is the program that uses its port."""

    name: str
    base_url: str
    models: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as JSON has them."""
        return {**asdict(self), "models": list(self.models)}


def find_local_servers(
    ports: Mapping[int, str] = PORTS, *, timeout_s: float = 0.3
) -> tuple[LocalServer, ...]:
    """Return the servers on this machine that list models, in the order of the ports.

    Parameters
    ----------
    ports
        Ports of the loopback address, and the name of what listens there by default.
    timeout_s
        Seconds for all of them; what has not answered then is not waited for.
    """
    answers: queue.SimpleQueue[tuple[int, tuple[str, ...]]] = queue.SimpleQueue()

    def ask(port: int) -> None:
        answers.put((port, _list_models(port, timeout_s)))

    deadline = time.monotonic() + timeout_s
    for port in ports:
        threading.Thread(target=ask, args=(port,), daemon=True).start()
    models: dict[int, tuple[str, ...]] = {}
    with contextlib.suppress(queue.Empty):
        while len(models) < len(ports):
            port, names = answers.get(timeout=max(0.0, deadline - time.monotonic()))
            models[port] = names
    return tuple(
        LocalServer(name, f"http://{_HOST}:{port}/v1", models[port])
        for port, name in ports.items()
        if models.get(port)
    )


def _list_models(port: int, timeout_s: float) -> tuple[str, ...]:
    """Return the models that can write, as far as the answer is one of the OpenAI API's kind."""
    connection = http.client.HTTPConnection(_HOST, port, timeout=timeout_s)
    try:
        connection.request("GET", "/v1/models", headers={"Accept": "application/json"})
        body = json.loads(connection.getresponse().read(_LARGEST_ANSWER_BYTES))
        names = [str(entry["id"]) for entry in body["data"]]
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError, RecursionError):
        return ()
    finally:
        connection.close()
    fit = [name for name in names if _NAME.fullmatch(name) and not _NO_WRITER.search(name)]
    return tuple(fit[:_MOST_MODELS])
