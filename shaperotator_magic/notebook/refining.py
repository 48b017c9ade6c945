"""Following up on a result: refine it in words, try again, draw it again, go a step back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from IPython.display import HTML

from shaperotator_magic.errors import (
    GenerationCancelled,
    GenerationNotFoundError,
    ShapeRotatorError,
)
from shaperotator_magic.notebook.display import ResultDisplay
from shaperotator_magic.notebook.listening import CellListener
from shaperotator_magic.notebook.look import FAINT
from shaperotator_magic.notebook.table import Table
from shaperotator_magic.notebook.variables import list_names, pick_variables
from shaperotator_magic.notebook.versions import find_family
from shaperotator_magic.records import Done, ErrorReport, Generation

if TYPE_CHECKING:
    from shaperotator_magic.notebook.session import NotebookSession

Find = Callable[["NotebookSession", list[str]], tuple[Generation, str]]


def run_again(session: NotebookSession, generation: Generation, *, is_in_place: bool) -> None:
    """Write and render the same prompt once more."""
    session.run_follow_up(generation.prompt, before=generation, is_in_place=is_in_place)


def run_rerun(session: NotebookSession, generation: Generation) -> None:
    """Draw the same scene with today's values of its variables; no model is asked."""
    values = pick_variables(list_names(generation.prompt), session.shell.user_ns)
    draw_again(session, generation, session.build_display(generation), values)


def draw_again(
    session: NotebookSession,
    generation: Generation,
    display: ResultDisplay,
    values: Mapping[str, Any],
    *,
    notes: tuple[str, ...] = (),
) -> Generation:
    """Draw a scene that is there already into an output, and return the run with its new video.

    Raises
    ------
    ShapeRotatorError
        It failed; the card says why.
    GenerationCancelled
        It was interrupted; likewise.
    """
    listener = CellListener(session, display, generation.prompt, values)
    try:
        drawn = session.pipeline.render_again(generation, listener, values)
    except KeyboardInterrupt as exc:
        cancelled = generation.model_copy(update={"status": "cancelled"})
        session.remember(cancelled)
        session.show(cancelled, display, notes)
        raise GenerationCancelled from exc
    except ShapeRotatorError as exc:
        report = ErrorReport(**exc.as_dict())
        failed = generation.model_copy(update={"status": "failed", "error": report, "video": None})
        session.remember(failed)
        session.show(failed, display, notes)
        raise
    listener(Done(generation=drawn, notes=(*notes, *(drawn.video.notes if drawn.video else ()))))
    return drawn


def list_versions(session: NotebookSession, generation: Generation) -> Table:
    """Return the steps of which a result is one."""
    family = find_family(session.pipeline.store, generation, session.retries)
    rows = [
        (f"v{number}", version.generation_id, version.status, version.title, mark)
        for number, version in enumerate(family, start=1)
        for mark in ["← this one" if version.generation_id == generation.generation_id else ""]
    ]
    return Table("Versions, oldest first", rows)


def run_undo(session: NotebookSession, generation: Generation) -> None:
    """Show the version before, and make it the present one.

    Raises
    ------
    GenerationNotFoundError
        This is the first version.
    """
    before = _find_before(session, generation)
    session.choose(before)
    session.show(before, session.build_display(before), ())


def run_compare(session: NotebookSession, generation: Generation) -> HTML:
    """Return a result and the version before it, side by side."""
    pair = (_find_before(session, generation), generation)
    cells = (
        f'<div style="flex:1 1 320px;min-width:0">{session.build_bundle(one)[0]["text/html"]}</div>'
        for one in pair
    )
    said = escape(f"{pair[0].generation_id} and what became of it, {pair[1].generation_id}")
    return HTML(
        f'<div style="{FAINT}">{said}</div>'
        f'<div style="display:flex;flex-wrap:wrap;gap:12px">{"".join(cells)}</div>'
    )


def _find_before(session: NotebookSession, generation: Generation) -> Generation:
    before = generation.prompt.parent or session.retries.get(generation.generation_id)
    if before is None:
        raise GenerationNotFoundError(
            f"{generation.generation_id} is the first version.",
            hint="'%shaperotate versions' lists what was made of it.",
            generation_id=generation.generation_id,
        )
    return session.pipeline.store.read_generation(before)
