"""Fixtures that every test shares: a home of its own, no keys, no surprises from the machine."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

# A shell starts what it runs in the background with interrupts ignored, and children inherit that;
# the tests that interrupt would then wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Move the data folder into tmp_path and unset everything that reaches a model."""
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "SHAPEROTATOR_")):
            monkeypatch.delenv(name)
    data_dir = tmp_path / "data"
    monkeypatch.setenv("SHAPEROTATOR_DATA_DIR", str(data_dir))
    return data_dir
