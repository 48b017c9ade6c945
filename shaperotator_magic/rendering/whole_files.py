"""Files that are there whole or not at all, whoever looks and whenever the writing stops."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a place to write a file to, and put it where it belongs in one step.

    It has a name of its own until then, so that two may write the same at once. Where an error
    comes, nothing is left of it, and what was there before stays.
    """
    unfinished = path.with_name(f".{uuid4().hex}.unfinished")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
