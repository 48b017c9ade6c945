"""``%shaperotate docs WORDS``: what of manim does that, with its signature and a drawn example.

Runs in the user's kernel.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from shaperotator_magic.core.errors import ConfigurationError, ShapeRotatorError
from shaperotator_magic.core.options import build_options
from shaperotator_magic.core.records import (
    CheckedScene,
    Options,
    Origin,
    SceneCode,
)
from shaperotator_magic.core.scene_classes import find_classes
from shaperotator_magic.core.settings.folders import find_cache_dir
from shaperotator_magic.notebook.card.table import Table
from shaperotator_magic.notebook.session.refining import draw_code
from shaperotator_magic.writing.retrieval.index import Index, load_index
from shaperotator_magic.writing.retrieval.manual import Entry

if TYPE_CHECKING:
    from shaperotator_magic.notebook.session.session import NotebookSession

_MOST = 3


def run_docs(session: NotebookSession, words: list[str]) -> Table:
    """List the entries of manim's reference that fit the words best, and draw an example."""
    if not words:
        raise ConfigurationError(
            "Say what you look for.",
            hint="For example: %shaperotate docs shade the area of a curve",
        )
    question = " ".join(words)
    index = load_index(find_cache_dir(session.settings["data_dir"]))
    found = [hit.entry for hit in index.search(question, _MOST)]
    if not found:
        raise ConfigurationError(
            f"Nothing in manim's reference fits {question!r}.",
            hint="Use other words for it, or a name: %shaperotate docs Circle",
        )
    note = _draw_example(session, index, found[0])
    rows = [(entry.signature, entry.summary) for entry in found]
    return Table("In manim, the best fit first", [*rows, *([("", note)] if note else [])])


def _draw_example(session: NotebookSession, index: Index, entry: Entry) -> str:
    """Show an example of an entry as a result; returns why there is none, otherwise nothing."""
    code = index.find_example(entry)
    if not code:
        return f"manim has no example of {entry.name}."
    name = list(find_classes(ast.parse(code)))[-1]
    options = build_options(session.settings)
    source = f"from manim import *\n\n\n{code}\n"
    scene = SceneCode(source=source, scene_name=name, origin=Origin(writer="user"))
    title = f"manim's example of {entry.name}"
    try:
        draw_code(session, CheckedScene(code=scene), title, _adapt(options, code))
    except ShapeRotatorError as exc:
        return f"Its example cannot be drawn here: {exc.message}"
    return ""


def _adapt(options: Options, code: str) -> Options:
    """Ask for a still of an example that plays nothing."""
    is_still = ".play(" not in code and ".wait(" not in code
    return options.model_copy(update={"still": True}) if is_still else options
