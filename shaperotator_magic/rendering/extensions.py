"""The compiled modules, which are optional: hatch_build.py says when they are made."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import Any

_PACKAGE = "shaperotator_magic.rendering"
_NAMES = ("_drawing", "_objects")


def load_extension(name: str) -> Any:
    """Return a compiled module of this package, None where it was not built."""
    try:
        return importlib.import_module(f"{_PACKAGE}.{name}")
    except ImportError:
        return None


def list_built() -> list[str]:
    """Return which of them were built, without loading any."""
    return [name for name in _NAMES if find_spec(f"{_PACKAGE}.{name}") is not None]
