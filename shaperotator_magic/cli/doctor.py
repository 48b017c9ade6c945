"""Say what this machine has and what it lacks. Exit code 2 where nothing can be rendered."""

from __future__ import annotations

import argparse

from shaperotator_magic.cli.terminal import print_result
from shaperotator_magic.core.settings.folders import find_data_dir
from shaperotator_magic.rendering.worker.environment import probe_environment

_MARKS = {"note": "ok", "warning": "!", "error": "!!"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--data-dir", metavar="DIR", help="folder of the results")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for every check."""
    found = probe_environment(find_data_dir(arguments.data_dir))
    for finding in found:
        hint = f"  {finding.hint}" if finding.hint else ""
        print_result(f"{_MARKS[finding.severity]:3}{finding.message}{hint}")
    return 2 if any(finding.severity == "error" for finding in found) else 0
