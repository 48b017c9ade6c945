"""Serve a trained model behind OpenAI's API, with Transformers' own server.

It listens on this machine alone. What then writes with it: --model NAME --base-url
http://127.0.0.1:PORT/v1, where NAME is printed when it starts. For more than one person, other
servers (vLLM, llama.cpp) load the same folder OUT/model: docs/training.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from shaperotator_magic.cli.terminal import print_notice
from shaperotator_magic.learning.training.run_folder import RunFolder
from shaperotator_magic.learning.training.running import merge_run
from shaperotator_magic.learning.training.serving import become_server, check_server, name_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("output", type=Path, metavar="OUT", help="folder of a finished run")
    parser.add_argument("--port", type=int, default=8001, help="default: 8001")


def run(arguments: argparse.Namespace) -> int:
    """Merge the weights where that was not done, and become the server."""
    check_server()
    if not RunFolder(arguments.output).model.is_dir():
        merge_run(arguments.output)
    address = f"http://127.0.0.1:{arguments.port}/v1"
    print_notice(f"--model {name_model(arguments.output)} --base-url {address}")
    become_server(arguments.output, arguments.port)
    return 0
