"""Which kernel this is, as the page knows it. Imports nothing that the kernel has not loaded.

Runs in the user's kernel.
"""

from __future__ import annotations

from pathlib import Path


def find_kernel_id() -> str:
    """Return the identifier that the front end has for this kernel; empty outside of a kernel."""
    from ipykernel.connect import get_connection_file

    try:
        return Path(get_connection_file()).stem.removeprefix("kernel-")
    except (RuntimeError, FileNotFoundError):
        return ""  # IPython in a terminal: there is no page whose buttons could be matched
