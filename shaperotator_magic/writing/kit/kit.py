"""The description of the kit for small models, and how its calls become plain manim code.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import functools
from pathlib import Path

from shaperotator_magic.core.inlined_code import (
    Definition,
    inline_definitions,
    read_definitions,
)
from shaperotator_magic.core.records import SceneCode

__all__ = ["describe_kit", "inline_kit", "list_blocks"]

_HEAD = """\

Building blocks that are there already: call them, do not define them. They keep the layout right; \
what they return is a mobject that you may animate. Use plain manim for all else.
"""
_EXAMPLE = """\
Example:
    def construct(self):
        kit_title(self, "Area under a curve")
        plot = kit_place(kit_plot(lambda x: x**2, x_range=(0, 3)))
        self.play(Create(plot))
        area = kit_area(plot, 0, 2)
        self.play(FadeIn(area))
        kit_caption(self, "The area from 0 to 2 is 8/3.")
"""


@functools.cache
def _read_kit() -> dict[str, tuple[Definition, str]]:
    return read_definitions(Path(__file__).parent / "blocks")


def list_blocks() -> list[str]:
    """Return the names of all blocks."""
    return sorted(_read_kit())


@functools.cache
def describe_kit() -> str:
    """Return a line for every block: how it is called, and what it does."""
    rows = [_describe(node) for node, _ in _read_kit().values()]
    return _HEAD + "\n".join(rows) + "\n" + _EXAMPLE


def _describe(node: Definition) -> str:
    arguments = ast.unparse(node.args) if isinstance(node, ast.FunctionDef) else ""
    words = (ast.get_docstring(node) or "").split("\n")[0]
    return f"- {node.name}({arguments}): {words}"


def inline_kit(code: SceneCode) -> SceneCode:
    """Return a scene with the definitions of the blocks that it calls; as it is without any."""
    source = inline_definitions(code.source, _read_kit(), _list_manim_names())
    return code if source == code.source else code.model_copy(update={"source": source})


@functools.cache
def _list_manim_names() -> frozenset[str]:
    """Return the names of manim that the blocks import."""
    trees = (ast.parse(p.read_text("utf-8")) for p in _list_files())
    imports = (n for tree in trees for n in tree.body if isinstance(n, ast.ImportFrom))
    return frozenset(a.name for n in imports if n.module == "manim" for a in n.names)


def _list_files() -> list[Path]:
    return sorted((Path(__file__).parent / "blocks").glob("*.py"))
