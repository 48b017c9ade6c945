"""What manim's own ``%manim`` needs LaTeX for, said in two lines below its traceback.

Without LaTeX manim raises that there is no file ``latex``, after a page of calls. Here the formula
and the line of the cell are named. Runs in the kernel, registered by ``%load_ext``.
"""

from __future__ import annotations

import contextlib
import sys
import traceback
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

_EVENT = "post_run_cell"


def install_latex_note(shell: InteractiveShell) -> None:
    """Register the note; twice is as once."""
    uninstall_latex_note(shell)
    shell.events.register(_EVENT, note_missing_latex)


def uninstall_latex_note(shell: InteractiveShell) -> None:
    """Take it away again."""
    with contextlib.suppress(ValueError):  # it is not registered
        shell.events.unregister(_EVENT, note_missing_latex)


def note_missing_latex(result: Any) -> None:
    """Print which formula needs LaTeX, where a cell failed for want of it."""
    error = result.error_in_exec
    if not isinstance(error, OSError):
        return
    # Imported where it is needed: it brings pydantic, which %load_ext does not wait for.
    from shaperotator_magic.rendering.scene.failures import describe_missing_latex

    found = describe_missing_latex(error)
    if found:
        print(f"{_find_place(error)}{found}", file=sys.stderr)  # noqa: T201 - what a cell prints


def _find_place(error: BaseException) -> str:
    """Return the line of the user's own code that set the formula, and what it says."""
    own = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__") == "__main__"
    ]
    if not own:
        return ""
    frame, line = own[-1]
    text = traceback.extract_stack(frame, limit=1)[0].line or ""
    return f"Line {line}: {text}\n" if text else f"Line {line}: "
