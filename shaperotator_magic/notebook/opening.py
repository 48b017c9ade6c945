"""Results of a notebook that was made elsewhere: read from its own outputs, drawn again here.

What stands in such a file was written by somebody else. Its code goes through the same checks as a
model's, is drawn in the isolated process only, and is never put into the kernel: who wants it there
runs the cell that ``%shaperotate code`` writes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shaperotator_magic.checking.gate import check_scene
from shaperotator_magic.errors import GenerationNotFoundError, SceneCodeError
from shaperotator_magic.notebook.refining import draw_again
from shaperotator_magic.notebook.sharing import find_results, read_notebook
from shaperotator_magic.notebook.variables import pick_variables
from shaperotator_magic.options import build_options
from shaperotator_magic.records import (
    Attempt,
    CheckedScene,
    ErrorReport,
    Generation,
    Origin,
    Prompt,
    SceneCode,
    build_generation_id,
)
from shaperotator_magic.rendering.describing import describe_variables
from shaperotator_magic.rendering.environment import check_environment
from shaperotator_magic.rendering.isolation import require_isolation

if TYPE_CHECKING:
    from shaperotator_magic.notebook.session import NotebookSession

_IDENTIFIER = re.compile(r"[0-9a-f]{8}")
_WRITERS = ("model", "library", "user")
_LONGEST_TEXT = 20_000
_ASK = "Name the file, which must be saved: %shaperotate show --from lesson.ipynb ID"

Facts = Mapping[str, Any]


def find_notebook(
    variables: Mapping[str, Any], environ: Mapping[str, str] = os.environ
) -> Path | None:
    """Return the file of the notebook whose kernel this is, None where no front end says it.

    VS Code sets a variable; JupyterLab and Notebook set an environment variable when the kernel
    starts, so that a notebook that was renamed since is not found.
    """
    for said in (variables.get("__vsc_ipynb_file__"), environ.get("JPY_SESSION_NAME")):
        if isinstance(said, str) and said.endswith(".ipynb"):
            for path in (Path(said), Path.cwd() / Path(said).name):
                if path.is_file():
                    return path
    return None


def find_facts(path: Path, wanted: str | None) -> Facts:
    """Return what a notebook says of one of its results: the one that is wanted, or its last one.

    Raises
    ------
    GenerationNotFoundError
        There is none that is wanted, or none with code.
    ConfigurationError
        The file is no notebook.
    """
    results = [facts for _, facts in find_results(read_notebook(path)) if facts.get("code")]
    named = [
        facts
        for facts in results
        if str(facts.get("id", "")).startswith(wanted or "") or facts.get("scene_name") == wanted
    ]
    if not named:
        said = f"the identifier {wanted!r}" if wanted and results else "code of a scene"
        raise GenerationNotFoundError(
            f"No result in {path.name} has {said}.",
            hint=f"It holds: {', '.join(str(facts.get('id')) for facts in results)}."
            if results
            else "Save the notebook after its cells have run.",
            generation_id=wanted or "",
        )
    return named[-1]


def show_from_notebook(session: NotebookSession, path: Path | None, wanted: str | None) -> None:
    """Check, draw and show a result of a notebook, and keep it in the store of this machine.

    Raises
    ------
    GenerationNotFoundError
        No notebook is known, or it has no such result.
    ShapeRotatorError
        Its code does not pass the checks, this machine cannot isolate it, or drawing it failed.
    """
    path = path or find_notebook(session.shell.user_ns)
    if path is None:
        raise GenerationNotFoundError(
            f"No result {wanted!r} is kept on this machine, and which notebook this is, is not "
            "known here."
            if wanted
            else "Nothing was generated in this kernel yet, and which notebook this is, is not "
            "known here.",
            hint=_ASK,
            generation_id=wanted or "",
        )
    facts = find_facts(path, wanted)
    known = _find_known(session, facts)
    if known is not None:
        session.remember(known)
        session.show(known, session.build_display(known), ())
        return
    require_isolation()
    check_environment(session.data_dir)
    _draw(session, facts, path)


def _find_known(session: NotebookSession, facts: Facts) -> Generation | None:
    """Return the same result from the store, if it is there with the same code and its video."""
    try:
        known = session.pipeline.store.read_generation(str(facts.get("id", "")))
    except GenerationNotFoundError:
        return None
    is_same = known.scene is not None and known.scene.code.source == facts["code"]
    has_video = known.video is not None and known.video.path.exists()
    return known if is_same and has_video else None


def _draw(session: NotebookSession, facts: Facts, path: Path) -> None:
    values = pick_variables(_read_names(facts), session.shell.user_ns)
    code = _read_code(facts)
    options = {**session.settings, "renderer": "worker", "seed": _read_whole(facts, "seed")}
    generation = Generation(
        generation_id=_choose_identifier(session, facts),
        prompt=Prompt(
            text=str(facts.get("prompt") or facts.get("title") or "A scene")[:_LONGEST_TEXT],
            options=build_options({**options, "name": None, "refine": None}),
            variables=describe_variables(values),
        ),
        attempts=(Attempt(code=code),),
        came_from=path.name,
    )
    display = session.build_display(generation)
    try:
        scene: CheckedScene = check_scene(code)
    except SceneCodeError as exc:
        failed = {"status": "failed", "error": ErrorReport(**exc.as_dict())}
        refused = generation.model_copy(update=failed)
        session.remember(refused)
        session.show(refused, display, (f"From {path.name}. Nothing of it was run.",))
        raise
    drawn = draw_again(
        session,
        generation.model_copy(update={"scene": scene}),
        display,
        values,
        notes=(describe_origin(facts, path),),
    )
    session.pipeline.store.append_generation(drawn)


def describe_origin(facts: Facts, path: Path) -> str:
    """Say where a result came from, with what it was made there, and where its code is not."""
    made_with = facts.get("made_with")
    versions = made_with if isinstance(made_with, Mapping) else {}
    there = str(versions.get("manim", ""))[:20]
    here = metadata.version("manim")
    said = f"Drawn here from the code in {path.name}"
    if there and there != here:
        said += f", which was made with manim {there}; this is manim {here}"
    return (
        f"{said}. It was checked and drawn in the isolated process, and is not in your kernel: "
        "'%shaperotate code' puts it into a cell."
    )


def _choose_identifier(session: NotebookSession, facts: Facts) -> str:
    """Return the file's own identifier, so that the notebook can name it; a new one if taken."""
    said = str(facts.get("id", ""))
    if not _IDENTIFIER.fullmatch(said):
        return build_generation_id()
    try:
        session.pipeline.store.read_generation(said)
    except GenerationNotFoundError:
        return said
    return build_generation_id()


def _read_code(facts: Facts) -> SceneCode:
    name = str(facts.get("scene_name") or "")
    writer = facts.get("writer")
    model = facts.get("model")
    return SceneCode(
        source=str(facts["code"]),
        scene_name=name if name.isidentifier() else "",
        origin=Origin(
            writer=writer if writer in _WRITERS else "user",
            model=str(model)[:200] if model else None,
        ),
    )


def _read_names(facts: Facts) -> str:
    names = facts.get("variables")
    return ",".join(map(str, names)) if isinstance(names, list) else ""


def _read_whole(facts: Facts, name: str) -> int | None:
    value = facts.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
