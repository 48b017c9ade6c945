"""``%shaperotate set ID RATE=0.5``: a result with other values of its parameters.

Runs in the user's kernel.
"""

from __future__ import annotations

from shaperotator_magic.core.records import Generation, build_generation_id
from shaperotator_magic.notebook.card.display import ResultDisplay
from shaperotator_magic.notebook.session.listening import CellListener
from shaperotator_magic.notebook.session.session import NotebookSession
from shaperotator_magic.notebook.variables import list_names, pick_variables
from shaperotator_magic.pipeline.exploring.setting import read_assignments
from shaperotator_magic.pipeline.setting import build_setting


def run_set(session: NotebookSession, shown: Generation, assignments: str) -> None:
    """Answer ``%shaperotate set ID RATE=0.5``: draw the scene with other values into a new card.

    Raises
    ------
    ParameterError
        The scene has no such parameter, or it cannot have this value.
    """
    values = read_assignments(assignments)
    base = session.pipeline.find_written(shown)
    prompt = build_setting(base, shown.prompt.values, values)
    if not prompt.values:
        session.choose(base)
        session.show(base, session.build_display(base), ())
        return
    variables = pick_variables(list_names(base.prompt), session.shell.user_ns)
    display = ResultDisplay(build_generation_id(), prompt.text, kernel_id=session.kernel_id)
    display.open()
    session.pipeline.set_parameters(
        shown,
        values,
        CellListener(session, display, prompt, variables, before=shown),
        generation_id=display.generation_id,
        variables=variables,
    )
