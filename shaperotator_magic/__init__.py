"""shaperotator_magic: a sentence in a notebook cell becomes a moving picture."""

from __future__ import annotations

__version__ = "0.1.0"
