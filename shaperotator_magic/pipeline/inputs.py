"""``--input``: the user's files are read, checked and stored before a prompt is made of them.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shaperotator_magic.checking.inputs.reading import read_files
from shaperotator_magic.core.records import Generation
from shaperotator_magic.rendering.caching.input_store import InputStore


def take_inputs(
    named: str, media_dir: Path, parent: Generation | None = None, *, folder: Path | None = None
) -> dict[str, Any]:
    """Return the fields of a prompt that hold its files; those of the parent where none is named.

    Parameters
    ----------
    named
        What ``--input`` says, empty where it stands not there.
    folder
        Where the files lie; the working folder by default.

    Raises
    ------
    ConfigurationError
        No file that is named can be used.
    """
    if not named:
        return {"inputs": parent.prompt.inputs if parent else ()}
    given = read_files(named, folder or Path.cwd())
    InputStore(media_dir).write(given.inputs, given.contents)
    return {"inputs": given.inputs, "inputs_refused": given.refused}
