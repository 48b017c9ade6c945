"""A shared notebook as a PDF: pandoc and XeLaTeX set it, each result is its poster.

Runs in the user's kernel, or in ``shaperotator share``.
"""

from __future__ import annotations

import copy
import os
import shutil
from pathlib import Path
from typing import Any

from shaperotator_magic.core.atomic_files import write_output
from shaperotator_magic.core.control_characters import show_controls
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.notebook.sharing.marking import MARK

_PACKAGES = "pandoc texlive-xetex texlive-fonts-recommended texlive-plain-generic"
# A notebook may contain foreign TeX: it can read and write only what is passed here.
_CONFINED = {"openin_any": "p", "openout_any": "p", "shell_escape": "f"}


def export_pdf(notebook: Any, target: Path) -> list[Path]:
    """Write a PDF; returns the paths written.

    Raises
    ------
    ConfigurationError
        Pandoc or XeLaTeX is not installed, or cannot set this notebook.
    """
    from nbconvert import PDFExporter

    missing = [name for name in ("pandoc", "xelatex") if shutil.which(name) is None]
    if missing:
        raise ConfigurationError(
            f"A PDF needs {' and '.join(missing)}, not found on this machine.",
            hint=f"Run: apt-get install {_PACKAGES}; or print the page that --to html makes.",
            setting="to",
        )
    shown = copy.deepcopy(notebook)
    for cell in shown.cells:
        cell.source = show_controls(cell.source, is_multiline=True)
    before = {name: os.environ.get(name) for name in _CONFINED}
    os.environ.update(_CONFINED)
    try:
        content, _ = PDFExporter().from_notebook_node(
            shown, resources={"metadata": {"name": target.stem}}
        )
    except (RuntimeError, OSError) as exc:
        lines = [line for line in str(exc).splitlines() if line.startswith("!")]
        raise ConfigurationError(
            f"XeLaTeX cannot set this notebook. {' '.join(lines[:2])}".strip(),
            hint="Print the page that --to html makes.",
            setting="to",
        ) from exc
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    return [write_output(target, content + f"\n%{MARK}\n".encode())]
