"""A mark in every file that sharing makes: only such a file is written over.

Runs in the user's kernel, or in ``shaperotator share``.
"""

from __future__ import annotations

from pathlib import Path

from shaperotator_magic.core.errors import ConfigurationError

MARK = "made by shaperotator-magic share"


def check_overwriting(path: Path) -> None:
    """Refuse to write over a file that sharing did not make.

    Raises
    ------
    ConfigurationError
        It is there, and has no mark.
    """
    if path.is_file() and MARK.encode() not in path.read_bytes():
        raise ConfigurationError(
            f"{path} is there already, and was not made by share.",
            hint="Name another file with -o, or write over it with --force.",
        )


def check_copying(source: Path, target: Path) -> None:
    """Refuse to copy a file over another one with other content.

    Raises
    ------
    ConfigurationError
        Such a file is there.
    """
    if target.is_file() and target.read_bytes() != source.read_bytes():
        raise ConfigurationError(
            f"{target} is there already, and is another video.",
            hint="Name another folder with -o, or write over it with --force.",
        )
