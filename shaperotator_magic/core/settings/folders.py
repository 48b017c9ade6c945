"""Where videos, the store and the caches are kept.

Runs in every process.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def find_data_dir(configured: str | None = None) -> Path:
    """Return the folder for videos and the store; it is not created here."""
    return _find_configured(configured) or platformdirs.user_data_path("shaperotator")


def find_cache_dir(configured: str | None = None) -> Path:
    """Return the folder for what can be made again; a configured data folder holds that, too."""
    return _find_configured(configured) or platformdirs.user_cache_path("shaperotator")


def _find_configured(configured: str | None) -> Path | None:
    chosen = configured or os.environ.get("SHAPEROTATOR_DATA_DIR")
    return Path(chosen).expanduser() if chosen else None
