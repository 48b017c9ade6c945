"""The table of settings as arguments of a command.

Runs in a command's process.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping
from typing import Any

from shaperotator_magic.core.settings.reading import build_argument, read_environment
from shaperotator_magic.core.settings.table import SETTINGS
from shaperotator_magic.core.styles.choosing import find_own_styles, merge_with_style

_DATA_DIR = next(row for row in SETTINGS if row.name == "data_dir")


def add_settings(parser: argparse.ArgumentParser, *, without: Collection[str] = ()) -> None:
    """Add an argument for every setting that has a flag, and ``--data-dir``."""
    for row in SETTINGS:
        if row.flags and row.name not in without:
            parser.add_argument(*row.flags, **build_argument(row))
    parser.add_argument("--data-dir", **build_argument(_DATA_DIR))


def merge_arguments(arguments: argparse.Namespace, *below: Mapping[str, Any]) -> dict[str, Any]:
    """Return one value a setting: from the command line, else the environment, else its default.

    ``below`` are layers that come before the defaults.
    """
    return merge_with_style(find_own_styles(), vars(arguments), read_environment(), *below)
