"""The table of settings as arguments of a command, and files that arrive whole."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any
from uuid import uuid4

from shaperotator_magic.errors import ConfigurationError
from shaperotator_magic.options import merge_settings
from shaperotator_magic.settings import SETTINGS, build_argument, read_environment

_DATA_DIR = next(row for row in SETTINGS if row.name == "data_dir")


def add_settings(parser: argparse.ArgumentParser, *, without: Collection[str] = ()) -> None:
    """Add an argument for every setting that has a flag, and ``--data-dir``."""
    for row in SETTINGS:
        if row.flags and row.name not in without:
            parser.add_argument(*row.flags, **build_argument(row))
    parser.add_argument("--data-dir", **build_argument(_DATA_DIR))


def merge_arguments(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return one value a setting: from the command line, else the environment, else its default."""
    return merge_settings(vars(arguments), read_environment())


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file so that nobody meets half of it; the target's folder is made.

    Raises
    ------
    ConfigurationError
        There is no writing there.
    """
    unfinished = target.with_name(f".{uuid4().hex}.unfinished")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(source, unfinished)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as exc:
        raise ConfigurationError(
            f"{target} cannot be written: {exc.strerror}.", hint="Name another file with -o."
        ) from exc
