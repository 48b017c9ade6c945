"""Static checks of a scene that was converted from manimgl or an older manim. Pure.

Compares what the converter wrote with the names of the installed manim (``Api``): undefined names,
and attributes that are set though no property of that name exists.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass

from shaperotator_magic.checking.api import Api
from shaperotator_magic.converting.reading.bindings import (
    list_loaded,
    list_nodes,
    list_own_methods,
    list_own_names,
    parse_source,
)

# Setters that manim makes from properties, and that reach something.
_PROPERTIES = frozenset(
    "width height depth color fill_color stroke_color font_size sheen_factor z_index x y z "
    "run_time rate_func".split()
)


@dataclass(frozen=True)
class Calls:
    """How often a source plays and waits, by its call sites."""

    plays: int = 0
    waits: int = 0


def count_calls(source: str) -> Calls:
    """Return the call sites of ``play`` and ``wait``."""
    called = [
        node.func.attr
        for node in list_nodes(parse_source(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    return Calls(called.count("play"), called.count("wait") + called.count("dither"))


def find_undefined(source: str, api: Api) -> list[str]:
    """Return the names that neither the source, nor Python, nor manim defines."""
    tree = parse_source(source)
    known = api.names | set(dir(builtins)) | list_own_names(tree) | {"__name__", "__file__"}
    for node in list_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            known |= {(a.asname or a.name).split(".")[0] for a in node.names}
    return sorted(list_loaded(tree) - known)


def find_swallowed(source: str, api: Api) -> list[str]:
    """Return setters that manim takes without a word and without effect.

    ``Mobject.__getattr__`` answers every ``set_x``; only those that a class defines do something.
    """
    tree = parse_source(source)
    defined = api.list_all_attributes() | list_own_methods(tree)
    called = {
        node.func.attr
        for node in list_nodes(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    setters = {name for name in called if name.startswith("set_")}
    return sorted(n for n in setters if n not in defined and n[4:] not in _PROPERTIES)
