"""``%shaperotate convert``: old code of a file or of the last cell, for this manim.

Runs in the user's kernel.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shaperotator_magic.checking.api import Api
from shaperotator_magic.converting.completing import Completer
from shaperotator_magic.converting.converter import Conversion, convert_source
from shaperotator_magic.converting.reading.source_file import (
    SourceFile,
    choose_scenes,
    parse_source,
    read_source_file,
)
from shaperotator_magic.converting.report import build_report, describe_report
from shaperotator_magic.core.errors import ConfigurationError, NoSceneError
from shaperotator_magic.core.options import build_options
from shaperotator_magic.core.records import (
    CheckedScene,
    Finding,
    Options,
    Origin,
    SceneCode,
)
from shaperotator_magic.notebook.card.table import Table
from shaperotator_magic.notebook.session.refining import draw_code
from shaperotator_magic.pipeline.facts import Reference
from shaperotator_magic.rendering.renderer import build_request

if TYPE_CHECKING:
    from shaperotator_magic.notebook.session.session import NotebookSession

_CELL = "the last cell"


def run_convert(session: NotebookSession, words: list[str]) -> Table:
    """Put the converted code into the next cell, draw its last scene, and report.

    The code stays out of the kernel until the user runs that cell. A model that is set up mends
    what fails.
    """
    file = _read(session, words)
    options = build_options(session.settings)
    completer = _build_completer(session, options)
    conversion = convert_source(
        file.source,
        completer.api,
        scenes=words[1:] or None,
        folders=[file.path.parent] if words else [],
    )
    if completer.model is not None:
        conversion, _ = completer.complete(conversion, file.scenes[-1])
    session.shell.set_next_input(conversion.source, replace=False)
    lines = describe_report(build_report(conversion, licence=file.licence))
    _draw(session, file, conversion, options)
    return Table(f"Converted {file.path.name if words else _CELL}", [(line,) for line in lines])


def _read(session: NotebookSession, words: list[str]) -> SourceFile:
    if words:
        return read_source_file(Path(words[0]).expanduser(), words[1:])
    cells = [str(cell) for cell in session.shell.user_ns.get("In", [])]
    for source in reversed(cells[:-1]):
        if "class " not in source or source.lstrip().startswith(("%", "get_ipython")):
            continue
        tree = parse_source(source, _CELL)
        return SourceFile(Path(), source, choose_scenes(tree, (), _CELL))
    raise NoSceneError(
        "No cell with a scene was run in this kernel.",
        hint="Run the cell with the old code, or write: %shaperotate convert FILE",
    )


def _build_completer(session: NotebookSession, options: Options) -> Completer:
    collaborators = session.pipeline.collaborators
    rehearser = collaborators.find_rehearser(options)
    if rehearser is None:
        raise ConfigurationError(
            "Converting needs the render process beside the kernel.",
            hint="Leave out --renderer.",
            setting="renderer",
        )
    request = build_request(options, session.data_dir / "media")
    api = Api(rehearser.describe_manim(request))

    def describe(findings: Sequence[Finding], source: str) -> str:
        return Reference(collaborators.load_index(), api).describe(findings, source)

    return Completer(rehearser, request, api, collaborators.build_model(options), describe)


def _draw(
    session: NotebookSession, file: SourceFile, conversion: Conversion, options: Options
) -> None:
    name = file.scenes[-1]
    code = SceneCode(source=conversion.source, scene_name=name, origin=Origin(writer="user"))
    findings = tuple(
        Finding(rule="placeholder", severity="note", message=f"{placeholder} is a placeholder.")
        for placeholder in conversion.placeholders
    )
    scene = CheckedScene(code=code, findings=findings)
    draw_code(session, scene, f"{name}, converted", options, came_from=str(file.path))
