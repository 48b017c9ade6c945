"""Following up on a result: refine it in words, try again, draw it again, go a step back.

Runs in the user's kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from IPython.display import HTML

from shaperotator_magic.core.control_characters import escape_shown
from shaperotator_magic.core.errors import (
    GenerationCancelled,
    GenerationNotFoundError,
    ShapeRotatorError,
)
from shaperotator_magic.core.records import (
    CheckedScene,
    Done,
    ErrorReport,
    Generation,
    Options,
    Prompt,
)
from shaperotator_magic.notebook.card.display import ResultDisplay
from shaperotator_magic.notebook.card.look import FAINT
from shaperotator_magic.notebook.card.table import Table
from shaperotator_magic.notebook.session.listening import CellListener
from shaperotator_magic.notebook.session.versions import find_family
from shaperotator_magic.notebook.variables import list_names, pick_variables

if TYPE_CHECKING:
    from shaperotator_magic.notebook.session.session import NotebookSession

Find = Callable[["NotebookSession", list[str]], tuple[Generation, str]]


def run_again(session: NotebookSession, generation: Generation, *, is_in_place: bool) -> None:
    """Write and render the same prompt once more; of the library, another of its scenes."""
    prompt = generation.prompt
    shown = generation.scene.code.origin.library_scene if generation.scene else None
    if shown and prompt.parent is None:
        prompt = prompt.model_copy(update={"excluded": (*prompt.excluded, shown)})
    session.run_follow_up(prompt, before=generation, is_in_place=is_in_place)


def run_instead(
    session: NotebookSession, generation: Generation, number: int, *, is_in_place: bool
) -> None:
    """Run a sentence that was proposed where the library declined another one.

    Parameters
    ----------
    number
        Which one, from 1.

    Raises
    ------
    GenerationNotFoundError
        So many were not proposed.
    """
    nearest = generation.error.details.get("nearest", []) if generation.error else []
    if not 1 <= number <= len(nearest):
        raise GenerationNotFoundError(
            f"{generation.generation_id} has {len(nearest)} proposals, and no number {number}.",
            hint="Write the sentence that you want below %%shaperotate.",
            generation_id=generation.generation_id,
        )
    update = {"text": str(nearest[number - 1]), "parent": None, "question": "", "excluded": ()}
    prompt = generation.prompt.model_copy(update=update)
    session.run_follow_up(prompt, before=generation, is_in_place=is_in_place)


def run_rerun(session: NotebookSession, generation: Generation) -> None:
    """Draw the same scene with the present values of its variables; no model is called."""
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
        It failed; the card has the reason.
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


def draw_code(
    session: NotebookSession,
    scene: CheckedScene,
    title: str,
    options: Options,
    *,
    came_from: str | None = None,
) -> None:
    """Draw a scene that no writer made as a result of its own; see ``draw_again``."""
    generation = Generation(
        prompt=Prompt(text=title, options=options), scene=scene, came_from=came_from
    )
    draw_again(session, generation, session.build_display(generation), {})


def list_versions(session: NotebookSession, generation: Generation) -> Table:
    """Return the steps of which a result is one."""
    family = find_family(session.pipeline.store, generation, session.retries)
    rows = [
        (f"v{number}", version.generation_id, version.status, version.change or version.title, mark)
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
    # Both begin at once and go on beside each other.
    cards = (
        session.build_bundle(one)[0]["text/html"].replace("<video ", "<video autoplay ", 1)
        for one in pair
    )
    cells = (f'<div style="flex:1 1 320px;min-width:0">{card}</div>' for card in cards)
    caption = escape_shown(
        f"{pair[0].generation_id} and what became of it, {pair[1].generation_id}"
    )
    return HTML(
        f'<div style="{FAINT}">{caption}</div>'
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
