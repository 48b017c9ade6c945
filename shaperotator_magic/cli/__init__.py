"""``shaperotator COMMAND …``: the engine in a terminal.

Every command is a module with ``add_arguments(parser)`` and ``run(arguments) -> int``, imported
when it is called. Exit codes: 0 done, 1 a model, a server or the machine failed, 2 refused or
unusable input, 3 the scene failed, 4 a limit was hit, 130 interrupted. An error is one line on
stderr, and a second one on how to fix it. Where the library declines a sentence, further lines list
what it understood and what it can draw.

Runs in a process of its own. May import every other room.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import signal
import sys
from collections.abc import Sequence
from importlib import metadata

from shaperotator_magic.cli.early_start import start_renderer
from shaperotator_magic.cli.terminal import print_notice
from shaperotator_magic.core.errors import (
    ConfigurationError,
    NothingFitsError,
    RenderError,
    RenderLimitError,
    RenderTimeoutError,
    SceneCodeError,
    ShapeRotatorError,
    VariableError,
)
from shaperotator_magic.rendering.worker.pipe import WorkerPipe

DONE, FAILED, REFUSED, SCENE_FAILED, LIMIT_HIT, INTERRUPTED = 0, 1, 2, 3, 4, 130

# name: (module, help)
COMMANDS = {
    "render": ("shaperotator_magic.cli.render", "render a scene file to a video"),
    "convert": ("shaperotator_magic.cli.convert", "convert old scenes to today's manim"),
    "generate": ("shaperotator_magic.cli.generate", "turn a sentence into a video"),
    "eval": ("shaperotator_magic.cli.learning.eval", "measure a model on a file of prompts"),
    "dataset": ("shaperotator_magic.cli.learning.dataset", "make, check and review training data"),
    "grade": ("shaperotator_magic.cli.learning.grade", "grade an evaluation's results by eye"),
    "train": ("shaperotator_magic.cli.learning.train", "fine-tune a model on a dataset"),
    "serve-model": (
        "shaperotator_magic.cli.learning.serve_model",
        "serve a fine-tuned model behind OpenAI's API",
    ),
    "share": ("shaperotator_magic.cli.share", "make a notebook ready to be sent"),
    "serve": ("shaperotator_magic.cli.serve", "serve the pipeline to other people"),
    "token": ("shaperotator_magic.cli.token", "make, list and remove tokens of the service"),
    "doctor": ("shaperotator_magic.cli.doctor", "say what this machine has and lacks"),
}

# The first class that fits decides; what is not listed is FAILED.
_EXIT_CODES: tuple[tuple[type[ShapeRotatorError], int], ...] = (
    (RenderTimeoutError, LIMIT_HIT),
    (RenderLimitError, LIMIT_HIT),
    (RenderError, SCENE_FAILED),
    (SceneCodeError, REFUSED),
    (ConfigurationError, REFUSED),
    (VariableError, REFUSED),
    (NothingFitsError, REFUSED),
)
# How the operating system ends a process that spent its memory, its time or its disk.
_LIMIT_SIGNALS = {getattr(signal, name, None) for name in ("SIGKILL", "SIGXCPU", "SIGXFSZ")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] not in COMMANDS:
        return _explain(words)
    with contextlib.ExitStack() as cleanup:
        pipe = start_renderer(words)
        if pipe is not None:
            cleanup.callback(pipe.close)
        return _run(words, pipe)


def _run(words: list[str], pipe: WorkerPipe | None) -> int:
    module = importlib.import_module(COMMANDS[words[0]][0])
    parser = argparse.ArgumentParser(
        prog=f"shaperotator {words[0]}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    parser.set_defaults(pipe=pipe)
    parsed = parser.parse_args(words[1:])
    try:
        return int(module.run(parsed))
    except ShapeRotatorError as exc:
        _say(exc)
        return find_exit_code(exc)
    except KeyboardInterrupt:
        print_notice("shaperotator: stopped")
        return INTERRUPTED


def find_exit_code(error: ShapeRotatorError) -> int:
    """Return the exit code of an error."""
    returncode = getattr(error, "returncode", None)
    if returncode is not None and -returncode in _LIMIT_SIGNALS:
        return LIMIT_HIT
    return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), FAILED)


def _say(error: ShapeRotatorError) -> None:
    line = getattr(error, "line", None)
    where = f"line {line}: " if line else ""
    lines = [f"shaperotator: {where}{error.message}", *_list_instead(error), error.hint]
    print_notice("\n".join(" ".join(text.split()) for text in lines if text))


def _list_instead(error: ShapeRotatorError) -> list[str]:
    """Return what the library understood of a sentence that it declines, and what it can draw."""
    if not isinstance(error, NothingFitsError):
        return []
    proposals = [f'It can draw: "{sentence}"' for sentence in error.nearest]
    return [error.understood, *proposals, *(f"Scenes on {line}" for line in error.subjects)]


def _explain(words: list[str]) -> int:
    """Answer ``--help`` and ``--version``, and refuse a command that there is not."""
    width = max(map(len, COMMANDS))
    rows = "\n".join(f"  {name:{width}}  {said}" for name, (_, said) in COMMANDS.items())
    version = metadata.version("shaperotator-magic")
    parser = argparse.ArgumentParser(
        prog="shaperotator",
        description=f"A sentence or a scene file becomes a moving picture.\n\ncommands:\n{rows}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"shaperotator {version}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    parser.parse_args(words)
    return REFUSED
