"""The process that holds the model's key, and calls the model for the others.

    python -m shaperotator_magic.service.tasks.relay --socket PATH [--key-fd N]

Tasks run in processes that start the processes in which generated code runs; a key in any of them
would be one bug away from that code. So none of them has it: they send their messages to this
process over a socket that only this user may open, and receive the reply in chunks. It is nobody's
parent, and nobody may look into it.

    in   {"model": "…", "messages": […], "seed": 3}
    out  {"delta": "…"} …, then {"completion": {…}} or {"error": {…}}

Runs in a process of its own beside the service's runners.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import (
    ConfigurationError,
    ModelUnavailableError,
    ShapeRotatorError,
    build_error,
)
from shaperotator_magic.core.records import Completion
from shaperotator_magic.core.settings.reading import read_environment
from shaperotator_magic.writing.model.language_model import Message, build_chat_model

KEY_NAMES = ("OPENAI_API_KEY",)
KEY_FILE = "SHAPEROTATOR_KEY_FILE"
_MODULE = "shaperotator_magic.service.tasks.relay"
_START_TIMEOUT_S = 30.0
_LONGEST_KEY_BYTES = 4096
_LONGEST_REQUEST_BYTES = 4_000_000
_PR_SET_DUMPABLE = 4


# --- the client's side ----------------------------------------------------------------


class RelayedModel:
    """A language model that is called through the relay; see ``LanguageModel``."""

    def __init__(self, name: str, socket_path: Path) -> None:
        self.name = name
        self._socket_path = socket_path

    def complete(
        self,
        messages: Sequence[Message],
        *,
        on_delta: Callable[[str], None],
        seed: int | None = None,
    ) -> Completion:
        """Return the whole reply; an interrupt closes the connection, and the model stops.

        Raises
        ------
        ModelError
            As the chat API's client raised it.
        ModelUnavailableError
            The relay is gone.
        """
        request = {"model": self.name, "messages": list(messages), "seed": seed}
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self._socket_path))
                connection.sendall(json.dumps(request).encode() + b"\n")
                with connection.makefile("rb") as lines:
                    for line in lines:
                        message = json.loads(line)
                        if "delta" in message:
                            on_delta(message["delta"])
                        elif "error" in message:
                            raise build_error(message["error"])
                        else:
                            return Completion.model_validate(message["completion"])
        except (OSError, ValueError) as exc:
            raise self._build_loss() from exc
        raise self._build_loss()

    def _build_loss(self) -> ModelUnavailableError:
        return ModelUnavailableError(
            "The process that asks the model has ended.",
            hint="Try again in a moment; it is started anew.",
            model=self.name,
        )


class Relay:
    """The parent's end: starts the relay, and starts it again when it has died.

    Parameters
    ----------
    folder
        Folder of the socket; only this user may enter it.
    key_fd
        Descriptor of a file with the key, which this process has never read. None: the relay
        reads the file that ``SHAPEROTATOR_KEY_FILE`` names, or works without a key.
    """

    def __init__(self, folder: Path, *, key_fd: int | None) -> None:
        self.socket_path = folder / "model.sock"
        self._key_fd = key_fd
        self._is_closing = threading.Event()
        self._process = self._start()
        threading.Thread(target=self._keep_alive, daemon=True).start()

    def close(self) -> None:
        """End the relay."""
        self._is_closing.set()
        self._process.kill()
        self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self.socket_path.unlink(missing_ok=True)
        command = [sys.executable, "-m", _MODULE, "--socket", str(self.socket_path)]
        if self._key_fd is not None:
            command += ["--key-fd", str(self._key_fd)]
        process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=() if self._key_fd is None else (self._key_fd,),
            start_new_session=True,
        )
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self.socket_path.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise ConfigurationError(
                    "The process that asks the model does not start.",
                    hint="What it said stands above.",
                )
            time.sleep(0.02)
        return process

    def _keep_alive(self) -> None:
        while not self._is_closing.is_set():
            self._process.wait()
            if not self._is_closing.wait(1.0):
                with contextlib.suppress(ConfigurationError):
                    self._process = self._start()


# --- the process itself ---------------------------------------------------------------


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        """Answer one request; a client that goes away ends the request to the model."""
        line = self.rfile.readline(_LONGEST_REQUEST_BYTES)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            try:
                completion = self._ask(json.loads(line))
            except ShapeRotatorError as exc:
                self._say(error=exc.as_dict())
            else:
                self._say(completion=completion.model_dump(mode="json"))

    def _ask(self, request: dict[str, Any]) -> Completion:
        environ = self.server.environ
        model = build_chat_model(
            request["model"],
            base_url=None,
            environ=environ,
            reply_timeout_s=read_environment(environ).get("reply_timeout_s"),
        )
        return model.complete(
            request["messages"],
            on_delta=lambda delta: self._say(delta=delta),
            seed=request.get("seed"),
        )

    def _say(self, **said: Any) -> None:
        self.wfile.write(json.dumps(said).encode() + b"\n")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: str, environ: dict[str, str]) -> None:
        self.environ = environ
        super().__init__(path, _Handler)


def main() -> int:
    """Serve until the parent dies."""
    parser = argparse.ArgumentParser(prog=__spec__.name)
    parser.add_argument("--socket", required=True)
    parser.add_argument("--key-fd", type=int)
    arguments = parser.parse_args()
    hide_process()
    environ = dict(os.environ)
    key = _read_key(arguments.key_fd)
    if key:
        environ["OPENAI_API_KEY"] = key
    os.umask(0o077)
    with _Server(arguments.socket, environ) as server:
        threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
        server.serve_forever()
    return 0


def hide_process() -> None:
    """Forbid other processes of this user to read this one's memory and environment."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _read_key(descriptor: int | None) -> str:
    if descriptor is not None:
        # By position: the parent's descriptor shares its offset, and a restart reads it again.
        return os.pread(descriptor, _LONGEST_KEY_BYTES, 0).decode().strip()
    named = os.environ.get(KEY_FILE)
    return Path(named).read_text(encoding="utf-8").strip() if named else ""


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
