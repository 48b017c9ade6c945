"""shaperotator_magic: a sentence in a notebook cell becomes a moving picture.

In a notebook: ``%load_ext shaperotator_magic``, then ``%%shaperotate`` and a sentence.
Anywhere else: ``rotate("a sentence")``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from shaperotator_magic.core.records import Generation
    from shaperotator_magic.notebook.function import rotate

__version__ = "0.1.0"
__all__ = ["Generation", "__version__", "load_ipython_extension", "rotate"]

# Resolved at first use, so that `%load_ext` does not pay for them.
_LATE = {
    "Generation": "shaperotator_magic.core.records",
    "rotate": "shaperotator_magic.notebook.function",
}


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(importlib.import_module(_LATE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Return the folder and the name of the built extension, for `jupyter labextension develop`."""
    return [{"src": "labextension", "dest": "shaperotator_magic"}]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics and their completion; nothing is started, read or sent."""
    from shaperotator_magic.notebook.commands.completion import install_matcher
    from shaperotator_magic.notebook.commands.missing_latex import install_latex_note
    from shaperotator_magic.notebook.magic import ShapeRotatorMagics
    from shaperotator_magic.notebook.sharing.video_posters import install_posters

    shell.register_magics(ShapeRotatorMagics)
    install_matcher(shell)
    install_posters(shell)
    install_latex_note(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take the magics away again, and stop what they started."""
    from shaperotator_magic.notebook.commands.completion import uninstall_matcher
    from shaperotator_magic.notebook.commands.missing_latex import uninstall_latex_note
    from shaperotator_magic.notebook.sharing.video_posters import uninstall_posters

    uninstall_matcher(shell)
    uninstall_posters(shell)
    uninstall_latex_note(shell)
    magics = shell.magics_manager.registry.pop("ShapeRotatorMagics", None)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("shaperotate", None)
    if magics is not None:
        magics.close()
