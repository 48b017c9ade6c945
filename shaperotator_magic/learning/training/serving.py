"""Serves a trained model behind OpenAI's API with Transformers' own server, on this machine alone.

Runs in a command's process, which becomes the server.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.learning.training.run_folder import RunFolder

__all__ = ["become_server", "build_command", "check_server", "name_model"]

_PACKAGES = ("torch", "transformers", "fastapi", "uvicorn", "openai")


def check_server() -> None:
    """Refuse to begin without the server's packages.

    Raises
    ------
    ConfigurationError
        Names what is missing.
    """
    missing = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            f"Serving a model needs {', '.join(missing)}.",
            hint='Install them with: pip install "shaperotator-magic[train]"',
            setting="train",
        )


def name_model(output: Path) -> str:
    """Return the name by which a served run is asked for: its folder's, and what is in it."""
    return f"{output.resolve().name}/{RunFolder(output).model.name}"


def build_command(output: Path, port: int) -> list[str]:
    """Return the command that serves a run; it is to be started in the folder above the run's.

    The name of a model is its path, so the path is short.
    """
    program = Path(sys.executable).with_name("transformers")
    command = [str(program), "serve", name_model(output), "--host", "127.0.0.1"]
    return [*command, "--port", str(port)]


def become_server(output: Path, port: int) -> None:
    """Replace this process by the server of a run."""
    command = build_command(output, port)
    os.chdir(output.resolve().parent)
    os.execv(command[0], command)  # noqa: S606 - the installed program, with our own words
