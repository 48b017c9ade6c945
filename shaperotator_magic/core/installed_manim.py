"""Where the manim is that is installed here, found without importing it.

Runs in every process.
"""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path


@functools.cache
def find_manim() -> Path | None:
    """Return the folder of the installed manim; None where there is none."""
    spec = importlib.util.find_spec("manim")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0]) if folders else None
