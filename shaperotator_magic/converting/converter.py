"""Converts a scene for another manim to the installed one, checks it, and reports.

The steps, in order: Python 2 to 3, the dialect, names and calls, helpers that the source needs.
Pure. Runs in the caller's process.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shaperotator_magic.checking.api import Api
from shaperotator_magic.converting.checks import Calls, count_calls, find_swallowed, find_undefined
from shaperotator_magic.converting.helper_table import Helper, find_needed, load_helpers
from shaperotator_magic.converting.reading.bindings import (
    list_bound,
    list_loaded,
    list_own_names,
    parse_source,
)
from shaperotator_magic.converting.reading.dialects import Dialect, find_dialect
from shaperotator_magic.converting.reading.elsewhere import find_definitions
from shaperotator_magic.converting.reading.program import Gatherer, Program, is_public
from shaperotator_magic.converting.reading.python2 import modernise
from shaperotator_magic.converting.rewriting.changes import Change
from shaperotator_magic.converting.rewriting.context import Context
from shaperotator_magic.converting.rewriting.rewriter import rewrite
from shaperotator_magic.converting.rules import names

_IMPORT = "from manim import *"


@dataclass(frozen=True)
class Conversion:
    """A converted source, and the report of how it came to be.

    ``program`` is what was converted: the wanted scenes and all that they need, in their own words.
    """

    source: str
    dialect: Dialect
    scenes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    placeholders: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    lost: tuple[Change, ...] = ()
    undefined: tuple[str, ...] = ()
    swallowed: tuple[str, ...] = ()
    calls: tuple[Calls, Calls] = (Calls(), Calls())
    modules: tuple[Path, ...] = field(default=())
    program: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether anything was converted."""
        return bool(self.changes or self.helpers)


def convert_source(
    source: str,
    api: Api,
    *,
    scenes: Sequence[str] | None = None,
    folders: Collection[Path] = (),
) -> Conversion:
    """Return a source in the words of the installed manim.

    Parameters
    ----------
    api
        The table of the installed manim.
    scenes
        The scenes that are wanted, with what they need; the whole file by default.
    folders
        Where modules of the program's own may lie: they are inlined.
    """
    text, relics = modernise(source)
    tree = parse_source(text)
    dialect = find_dialect(tree)
    is_ce = dialect == "manim_ce"
    known = load_helpers().keys() | names.RENAMED.keys()
    program = (
        Gatherer(known).gather(text, None)
        if is_ce
        else _gather(text, scenes, known, api.names, folders)
    )
    gathered = source if is_ce and not relics else program.source
    tree = parse_source(gathered)
    context = Context(tree, api, program.aliases, program.followed, folders, is_ce=is_ce)
    context.spaces_grids = dialect in {"transition", "manimgl"}
    for line in relics:
        context.note("python2", line, "Python 2 is now Python 3")
    body = rewrite(gathered, context).strip("\n") + "\n"
    used = list_loaded(parse_source(body)) - context.own - (api.names if is_ce else set())
    helpers = find_needed(used & load_helpers().keys())
    imports = _find_imports(body, helpers, api.names if is_ce else api.names - {"np"})
    if is_ce and not (helpers or imports or context.changes):
        return Conversion(source, dialect, tuple(scenes or ()), program=source)
    for statement in imports if is_ce else ():
        context.note("import", None, f"{statement}: the name came with manim once")
    made = _assemble(body, helpers, imports, has_future=program.has_future, is_ce=is_ce)
    return Conversion(
        source=made,
        dialect=dialect,
        scenes=tuple(scenes or ()),
        changes=tuple(context.changes),
        placeholders=(*(h.name for h in helpers if h.is_placeholder), *context.missing),
        helpers=tuple(h.name for h in helpers if not h.is_placeholder),
        lost=tuple(context.lost),
        undefined=tuple(find_undefined(made, api)),
        swallowed=tuple(find_swallowed(made, api)),
        calls=(count_calls(gathered), count_calls(body)),
        modules=tuple(program.modules),
        program=gathered,
    )


def _gather(
    text: str,
    scenes: Sequence[str] | None,
    known: Collection[str],
    of_manim: Collection[str],
    folders: Collection[Path],
) -> Program:
    """Gather the scenes; what no import brings is taken from the file that defines it."""
    program = Gatherer(known, folders).gather(text, scenes)
    elsewhere: dict[str, Path] = {}
    while folders:
        missing = _list_undefined(program) - {*known, *of_manim, *elsewhere}
        found = find_definitions(missing, folders) if missing else {}
        if not found:
            break
        elsewhere |= found
        program = Gatherer(known, folders, elsewhere).gather(text, scenes)
    return program


def _list_undefined(program: Program) -> set[str]:
    tree = parse_source(program.source)
    bound = list_own_names(tree) | {
        name for piece in program.pieces if is_public(piece.node) for name in piece.names
    }
    return list_loaded(tree) - bound - set(dir(builtins)) - names.LEAKED.keys()


def _find_imports(body: str, helpers: Sequence[Helper], known: frozenset[str]) -> list[str]:
    """Return the imports of modules whose names leaked through a star import."""
    tree = parse_source(body)
    used = list_loaded(tree) - list_own_names(tree)  # a variable of a function may be called so
    for helper in helpers:
        used |= helper.uses
    bound = {n for node in tree.body for n in list_bound(node)} | known | set(dir(builtins))
    lines = [names.LEAKED[name] for name in sorted(used - bound) if names.LEAKED.get(name)]
    return list(dict.fromkeys(lines))


def _assemble(
    body: str, helpers: Sequence[Helper], imports: Sequence[str], *, has_future: bool, is_ce: bool
) -> str:
    if is_ce:
        return _insert(body, helpers, imports)
    future = ["from __future__ import annotations\n"] if has_future else []
    parts = ["\n".join([*future, *imports, _IMPORT])]
    if helpers:
        sources = dict.fromkeys(_mark(helper) for helper in helpers)
        parts.append("# --- what manim lacks, written for this file ---")
        parts += sources
        parts.append("# --- the converted scenes ---")
    parts.append(body.strip("\n"))
    return "\n\n\n".join(parts) + "\n"


def _mark(helper: Helper) -> str:
    """Return the source of a helper, which says so where it stands for a drawing of others."""
    mark = "# Placeholder: a plain drawing, not the original.\n" if helper.is_placeholder else ""
    return mark + helper.source


def _insert(body: str, helpers: Sequence[Helper], imports: Sequence[str]) -> str:
    """Put helpers behind the imports of a file of manim's own; the rest stays where it is."""
    tree = parse_source(body)
    found = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    at = (found[-1].end_lineno or 0) if found else 0
    lines = body.split("\n")
    sources = list(dict.fromkeys(helper.source for helper in helpers))
    added = [*imports, *(["\n\n" + "\n\n\n".join(sources) + "\n"] if sources else [])]
    return "\n".join([*lines[:at], *added, *lines[at:]])
