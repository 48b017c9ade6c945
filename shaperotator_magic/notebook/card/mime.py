"""The MIME type of a card's data, by which JupyterLab chooses our renderer.

Imports nothing, for rooms that need only this name. ``labextension/src`` has the same one.

Runs in the user's kernel.
"""

from __future__ import annotations

MIME_TYPE = "application/vnd.shaperotator.v1+json"
