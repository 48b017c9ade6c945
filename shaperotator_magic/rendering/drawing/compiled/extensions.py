"""Loads the compiled modules, which are optional: hatch_build.py compiles every ``_*.c`` here.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import Any

_PACKAGE = __name__.rpartition(".")[0]
NAMES = ("_drawing", "_objects")


def load_extension(name: str) -> Any:
    """Return a compiled module of this package, None where it was not built."""
    try:
        return importlib.import_module(f"{_PACKAGE}.{name}")
    except ImportError:
        return None


def list_built() -> list[str]:
    """Return which of them were built, without loading any."""
    return [name for name in NAMES if find_spec(f"{_PACKAGE}.{name}") is not None]
