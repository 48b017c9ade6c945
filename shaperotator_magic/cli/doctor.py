"""Say what this machine has and what it lacks. Exit code 2 where nothing can be rendered."""

from __future__ import annotations

import argparse
import sys

from shaperotator_magic.rendering.environment import probe_environment
from shaperotator_magic.settings import find_data_dir

_MARKS = {"note": "ok", "warning": "!", "error": "!!"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--data-dir", metavar="DIR", help="folder of the results")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for everything that was looked at."""
    found = probe_environment(find_data_dir(arguments.data_dir))
    for finding in found:
        hint = f"  {finding.hint}" if finding.hint else ""
        sys.stdout.write(f"{_MARKS[finding.severity]:3}{finding.message}{hint}\n")
    return 2 if any(finding.severity == "error" for finding in found) else 0
