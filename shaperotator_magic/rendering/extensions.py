"""The compiled modules, which are optional: hatch_build.py says when they are made."""

from __future__ import annotations

import importlib
from typing import Any


def load_extension(name: str) -> Any:
    """Return a compiled module of this package, None where it was not built."""
    try:
        return importlib.import_module(f"shaperotator_magic.rendering.{name}")
    except ImportError:
        return None
