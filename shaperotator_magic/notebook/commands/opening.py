"""Results of a notebook that was made elsewhere: read from its own outputs, drawn again here.

What stands in such a file was written by somebody else. Its code goes through the same checks as a
model's, is drawn in the isolated process only, and is never put into the kernel: who wants it there
runs the cell that ``%shaperotate code`` writes.

Runs in the user's kernel.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.checking.inputs.reading import MOST_FILES, check_sent
from shaperotator_magic.core.errors import (
    ConfigurationError,
    FeedbackError,
    GenerationNotFoundError,
    SceneCodeError,
)
from shaperotator_magic.core.options import build_options
from shaperotator_magic.core.records import (
    Attempt,
    CheckedScene,
    ErrorReport,
    Generation,
    Origin,
    Prompt,
    SceneCode,
    build_generation_id,
)
from shaperotator_magic.core.styles.choosing import choose_shared
from shaperotator_magic.notebook.card.mime import MIME_TYPE
from shaperotator_magic.notebook.session.refining import draw_again
from shaperotator_magic.notebook.variables import pick_variables
from shaperotator_magic.rendering.exchange.describing import describe_variables
from shaperotator_magic.rendering.isolation.isolation import require_isolation
from shaperotator_magic.rendering.worker.environment import check_environment

if TYPE_CHECKING:
    from shaperotator_magic.notebook.session.session import NotebookSession

_IDENTIFIER = re.compile(r"[0-9a-f]{8}")
_WRITERS = ("model", "library", "user")
_LONGEST_TEXT = 20_000
_LONGEST_NAME = 200
_ASK = "Name the file, which must be saved: %shaperotate show --from lesson.ipynb ID"

Facts = Mapping[str, Any]


def find_notebook(
    variables: Mapping[str, Any], environ: Mapping[str, str] = os.environ
) -> Path | None:
    """Return the path of the notebook of this kernel, None where no front end provides it.

    VS Code sets a variable; JupyterLab and Notebook set an environment variable when the kernel
    starts, so that a notebook that was renamed since is not found.
    """
    for path_text in (variables.get("__vsc_ipynb_file__"), environ.get("JPY_SESSION_NAME")):
        if isinstance(path_text, str) and path_text.endswith(".ipynb"):
            for path in (Path(path_text), Path.cwd() / Path(path_text).name):
                if path.is_file():
                    return path
    return None


def find_facts(path: Path, wanted: str | None, *, shown: Iterable[str] = ()) -> Facts:
    """Return what a notebook says of one of its results: the one that is wanted, or its last one.

    Parameters
    ----------
    path
        The saved notebook.
    wanted
        An identifier, its beginning, or a scene's name.
    shown
        Identifiers of results that were shown in it since it was saved.

    Raises
    ------
    GenerationNotFoundError
        There is none that is wanted, or none with code.
    ConfigurationError
        The file is no notebook.
    """
    every = _read_every(path)
    results = [facts for facts in every if facts.get("code")]
    named = [
        facts
        for facts in results
        if str(facts.get("id", "")).startswith(wanted or "") or facts.get("scene_name") == wanted
    ]
    if not named:
        held = dict.fromkeys([*(str(facts.get("id")) for facts in every), *shown])
        missing = f"the identifier {wanted!r}" if wanted and held else "code of a scene"
        raise GenerationNotFoundError(
            f"No result in {path.name} has {missing}.",
            hint=_describe_held(held) or "Save the notebook after its cells have run.",
            generation_id=wanted or "",
        )
    return named[-1]


def _read_every(path: Path) -> list[Facts]:
    """Return the facts of every result in a file, without nbformat: its import takes too long."""
    try:
        notebook = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as exc:
        raise ConfigurationError(
            f"{path} cannot be read as a notebook.", hint="Name a saved .ipynb file."
        ) from exc
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    outputs = (
        output
        for cell in (cells if isinstance(cells, list) else ())
        if isinstance(cell, dict) and isinstance(cell.get("outputs"), list)
        for output in cell["outputs"]
    )
    datas = (output.get("data") for output in outputs if isinstance(output, dict))
    found = (data.get(MIME_TYPE) for data in datas if isinstance(data, dict))
    return [facts for facts in found if isinstance(facts, dict)]


def _describe_held(identifiers: Iterable[str]) -> str:
    named = ", ".join(identifiers)
    return f"It holds: {named}." if named else ""


def show_from_notebook(session: NotebookSession, path: Path | None, wanted: str | None) -> None:
    """Check, draw and show a result of a notebook, and store it on this machine.

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
            hint=" ".join(filter(None, (_describe_held(session.list_shown()), _ASK))),
            generation_id=wanted or "",
        )
    facts = find_facts(path, wanted, shown=session.list_shown())
    named = str(facts.get("style") or "")[:_LONGEST_NAME]
    style, missing = choose_shared(session.pipeline.styles, named)
    known = _find_known(session, facts, style)
    if known is not None:
        session.remember(known)
        session.show(known, session.build_display(known), missing)
        return
    require_isolation()
    check_environment(session.data_dir)
    _draw(session, facts, path, style, missing)


def _find_known(session: NotebookSession, facts: Facts, style: str | None) -> Generation | None:
    """Return the same result from the store, if it is there with its code, look and video."""
    try:
        known = session.pipeline.store.read_generation(str(facts.get("id", "")))
    except (GenerationNotFoundError, FeedbackError):
        return None
    is_same = known.scene is not None and known.scene.code.source == facts["code"]
    has_video = known.video is not None and known.video.path.exists()
    has_look = known.video is not None and known.video.style == (style or "")
    return known if is_same and has_video and has_look else None


def _draw(
    session: NotebookSession,
    facts: Facts,
    path: Path,
    style: str | None,
    missing: tuple[str, ...],
) -> None:
    values = pick_variables(_read_names(facts), session.shell.user_ns)
    inputs, left_out = check_sent(_list_files(facts))
    pack = session.pipeline.styles.find(style)
    names = (*(given.name for given in inputs), *(pack.pictures if pack else ()))
    code = _read_code(facts).model_copy(update={"files": names})
    seed = _read_whole(facts, "seed")
    options = {**session.settings, "renderer": "worker", "seed": seed, "style": style}
    generation = Generation(
        generation_id=_choose_identifier(session, facts),
        prompt=Prompt(
            text=str(facts.get("prompt") or facts.get("title") or "A scene")[:_LONGEST_TEXT],
            options=build_options({**options, "name": None, "refine": None}),
            variables=describe_variables(values),
            inputs=inputs,
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
        session.show(refused, display, (f"From {path.name}. Nothing of it was run.", *missing))
        raise
    drawn = draw_again(
        session,
        generation.model_copy(update={"scene": scene}),
        display,
        values,
        notes=(describe_origin(facts, path), *missing, *left_out),
    )
    session.pipeline.store.append_generation(drawn)


def describe_origin(facts: Facts, path: Path) -> str:
    """Describe the origin of a result and the versions there; its code is not in the kernel."""
    made_with = facts.get("made_with")
    versions = made_with if isinstance(made_with, Mapping) else {}
    there = str(versions.get("manim", ""))[:20]
    here = metadata.version("manim")
    note = f"Drawn here from the code in {path.name}"
    if there and there != here:
        note += f", which was made with manim {there}; this is manim {here}"
    return (
        f"{note}. It was checked and drawn in the isolated process, and is not in your kernel: "
        "'%shaperotate code' puts it into a cell."
    )


def _choose_identifier(session: NotebookSession, facts: Facts) -> str:
    """Return the file's own identifier, so that the notebook can name it; a new one if taken."""
    name = str(facts.get("id", ""))
    if not _IDENTIFIER.fullmatch(name):
        return build_generation_id()
    try:
        session.pipeline.store.read_generation(name)
    except GenerationNotFoundError:
        return name
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


def _list_files(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the names and contents of the files that travelled with a result."""
    given = facts.get("inputs")
    for entry in given[:MOST_FILES] if isinstance(given, list) else ():
        held = entry if isinstance(entry, dict) else {}
        name, content = held.get("name"), held.get("content")
        if isinstance(name, str) and isinstance(content, str) and name and content:
            yield name, content


def _read_names(facts: Facts) -> str:
    names = facts.get("variables")
    return ",".join(map(str, names)) if isinstance(names, list) else ""


def _read_whole(facts: Facts, name: str) -> int | None:
    value = facts.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
