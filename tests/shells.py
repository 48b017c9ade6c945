"""An IPython shell with the extension loaded."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


@contextlib.contextmanager
def running_shell() -> Iterator[InteractiveShell]:
    """Make the one shell of this process, which keeps no history."""
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.run_line_magic("load_ext", "shaperotator_magic")
    yield shell
    shell.run_line_magic("unload_ext", "shaperotator_magic")
    InteractiveShell.clear_instance()
