"""Formulas that LaTeX has set once are shared by all renders, and never seen half-written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any


def share_compiled(folder: Path) -> None:
    """Make manim look for compiled formulas in ``folder`` first, and put new ones there.

    Every render compiles in a folder of its own; the finished SVG is moved into the shared one
    under its content's hash in one step, so that renders side by side cannot meet.
    """
    from manim.mobject.text import tex_mobject
    from manim.utils import tex_file_writing

    compile_one = tex_file_writing.tex_to_svg_file

    def find_or_compile(expression: str, environment: Any = None, tex_template: Any = None) -> Path:
        source = tex_file_writing.generate_tex_file(expression, environment, tex_template)
        shared = folder / f"{source.stem}.svg"
        if not shared.exists():
            made = compile_one(expression, environment, tex_template)
            _publish(made, shared)
        return shared if shared.exists() else source.with_suffix(".svg")

    tex_mobject.tex_to_svg_file = find_or_compile  # type: ignore[attr-defined]


def _publish(made: Path, shared: Path) -> None:
    unfinished = shared.with_suffix(f".{os.getpid()}")
    try:
        shared.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, unfinished)
        unfinished.replace(shared)
    except OSError:
        # The formula itself is there; only the next render has to set it again.
        unfinished.unlink(missing_ok=True)
