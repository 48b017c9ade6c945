"""The name of our own MIME type. Imports nothing.

Runs in the user's kernel.
"""

from __future__ import annotations

MIME_TYPE = "application/vnd.shaperotator.v1+json"
