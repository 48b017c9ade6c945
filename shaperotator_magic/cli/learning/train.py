"""Fine-tune a model on a dataset folder of 'shaperotator dataset build'.

The base is a folder, a name on Hugging Face, an earlier run, or 'tiny': a few million random
weights, for trying the way. A run that was stopped goes on with the same command. OUT then holds
the adapter, with --merge also the whole weights, and a card with the figures. Put 'shaperotator'
into OUT's name: models of such a name are sent the short prompt that they were trained on.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from shaperotator_magic.cli.terminal import print_notice, print_result
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.learning.training.plan import METHODS
from shaperotator_magic.learning.training.running import Order, merge_run, run_training

_QUIET_S = 10.0
_NUMBERS: tuple[tuple[str, type, str], ...] = (
    ("epochs", float, "passes over the rows"),
    ("steps", int, "at most so many steps"),
    ("rate", float, "learning rate"),
    ("batch", int, "rows of one step; for GRPO replies"),
    ("at_once", int, "rows that are computed at once; fewer need less memory"),
    ("longest", int, "rows of more tokens are left out"),
    ("longest_reply", int, "tokens of a reply in GRPO"),
    ("rank", int, "the adapter's rank; 0 trains all weights"),
    ("group", int, "replies that GRPO compares"),
    ("pull", float, "how strongly GRPO is held near its base"),
    ("patience", int, "measurements without a lower held-out loss, then it stops"),
    ("seed", int, "seed of all that is random"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("data", type=Path, metavar="DIR", nargs="?", help="folder of the dataset")
    parser.add_argument("--base", metavar="MODEL", help="what is trained")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT")
    parser.add_argument("--method", choices=METHODS, default="sft", help="default: sft")
    parser.add_argument(
        "--merge", action="store_true", help="write whole weights, too; alone, of a finished run"
    )
    parser.add_argument("--cpu", action="store_true", help="go on without a GPU, however long")
    parser.add_argument(
        "--no-4bit", action="store_true", help="keep the base's weights as they are on a GPU"
    )
    for name, kind, said in _NUMBERS:
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, metavar="N", help=said)


def run(arguments: argparse.Namespace) -> int:
    """Train, and say what came out."""
    if arguments.data is None and arguments.base is None and arguments.merge:
        merge_run(arguments.output)
        print_result(str(arguments.output / "model"))
        return 0
    if arguments.data is None or not arguments.base:
        raise ConfigurationError(
            "A dataset and a base are needed.",
            hint="shaperotator train DIR --base MODEL -o OUT",
        )
    said = {name: getattr(arguments, name) for name, _, _ in _NUMBERS}
    said["is_quantised"] = False if arguments.no_4bit else None
    state = run_training(
        Order(
            method=arguments.method,
            base=arguments.base,
            data=arguments.data,
            output=arguments.output,
            said=said,
            has_merge=arguments.merge,
            is_forced=arguments.cpu,
        ),
        _Steps(),
    )
    _print_figures(state["figures"])
    print_result(str(arguments.output / "README.md"))
    return 0


class _Steps:
    """Prints a line of the log from time to time, and every measurement of the held-out rows."""

    def __init__(self) -> None:
        self._next_at = 0.0

    def __call__(self, row: dict[str, Any]) -> None:
        now = time.monotonic()
        if "eval_loss" in row:
            print_notice(f"step {row['step']}: held-out loss {float(row['eval_loss']):.3f}")
        elif now >= self._next_at:
            self._next_at = now + _QUIET_S
            reward = f", reward {float(row['reward']):.3f}" if "reward" in row else ""
            print_notice(f"step {row['step']}: loss {float(row['loss']):.3f}{reward}")


def _print_figures(figures: dict[str, Any]) -> None:
    for name, value in figures.items():
        shown = f"{value:.4g}" if isinstance(value, float) else value
        print_result(f"{name.replace('_', ' '):26} {shown}")
