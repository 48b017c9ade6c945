"""The line magic's commands: ``%shaperotate status``, ``list``, ``down 3f9c2a10 too fast`` …"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shaperotator_magic.errors import (
    ConfigurationError,
    GenerationNotFoundError,
    SceneCodeError,
)
from shaperotator_magic.notebook.opening import show_from_notebook
from shaperotator_magic.notebook.refining import (
    list_versions,
    run_again,
    run_compare,
    run_rerun,
    run_undo,
)
from shaperotator_magic.notebook.table import Table
from shaperotator_magic.notebook.versions import find_parent
from shaperotator_magic.records import FeedbackRecord, Generation
from shaperotator_magic.rendering.environment import probe_environment
from shaperotator_magic.settings import SETTINGS, Setting

if TYPE_CHECKING:
    from shaperotator_magic.notebook.session import NotebookSession

_IDENTIFIER = re.compile(r"[0-9a-f]*[0-9][0-9a-f]*|[0-9a-f]{8}")  # "4a1f", but not "bad"

_MARKS = {"note": "✓", "warning": "!", "error": "✗"}

Command = Callable[["NotebookSession", list[str]], Any]

HELP = (
    ("%%shaperotate [options]", "the cell's text is the prompt"),
    ("%shaperotate status", "who writes, who renders, where results are kept"),
    ("%shaperotate list", "the latest results"),
    ("%shaperotate show [ID]", "show a result again; where it was made elsewhere, draw it here"),
    ("%shaperotate show --from FILE [ID]", "the same for a result in another notebook"),
    ("%shaperotate up [ID] [comment]", "keep it: it was right"),
    ("%shaperotate down [ID] [comment]", "refuse it, and say why"),
    ("%shaperotate remove [ID]", "take it away, with its video"),
    ("%shaperotate code [ID]", "put its scene code into the next cell"),
    ("%shaperotate again [ID]", "ask the writer for another scene"),
    ("%shaperotate rerun [ID]", "draw the same scene with today's values of its variables"),
    ("%shaperotate versions [ID]", "what a result was refined from, and into"),
    ("%shaperotate undo [ID]", "go back to the version before"),
    ("%shaperotate compare [ID]", "this version and the one before, side by side"),
    ("%shaperotate doctor", "what this machine has and lacks"),
    ("%shaperotate help", "this table"),
)


def run_help(session: NotebookSession, words: list[str]) -> Table:
    options = [(", ".join(row.flags), _describe_option(row)) for row in _FLAGGED]
    return Table("Commands, then options of %%shaperotate", [*HELP, *options])


_FLAGGED = [row for row in SETTINGS if row.flags]


def _describe_option(row: Setting) -> str:
    unit = f" [{row.unit}]" if row.unit else ""
    default = "" if row.default in (None, "", False) else f" (default: {row.default})"
    # The doubled percent sign is argparse's.
    return f"{row.help}{unit}{default}".replace("%%", "%")


def run_status(session: NotebookSession, words: list[str]) -> Table:
    settings = session.settings
    writer = settings["model"] or "built-in library (no model is configured)"
    if settings["offline"]:
        writer = "built-in library (--offline)"
    last = session.last
    rows = [
        ("writer", writer),
        ("server", settings["base_url"] or "https://api.openai.com/v1"),
        ("renderer", settings["renderer"]),
        ("quality", settings["quality"]),
        ("results in", str(session.data_dir)),
        ("last result", _describe(last) if last else "none in this kernel"),
    ]
    return Table("shaperotator-magic", rows)


def run_list(session: NotebookSession, words: list[str]) -> Table:
    kept = session.pipeline.store.list_generations()
    rows = [(g.generation_id, f"{g.created_at:%Y-%m-%d %H:%M}", g.status, g.title) for g in kept]
    return Table(f"{len(rows)} latest results, times in UTC", rows or [("none yet",)])


def run_show(session: NotebookSession, words: list[str]) -> None:
    """Show a result again: from the store, else from the notebook that holds it."""
    path, rest = _cut_path(words)
    wanted = rest[0] if rest else None
    if path is None and (wanted or session.last is not None):
        try:
            generation = (
                find_parent(session.pipeline.store, wanted, None)
                if wanted
                else _find(session, rest)[0]
            )
        except GenerationNotFoundError as exc:
            if "More than one" in exc.message:
                raise
        else:
            session.show(generation, session.build_display(generation), ())
            return
    show_from_notebook(session, path, wanted)


def _cut_path(words: list[str]) -> tuple[Path | None, list[str]]:
    """Return the file that ``--from`` names, and the other words."""
    if "--from" not in words:
        return None, words
    at = words.index("--from")
    if at + 1 == len(words):
        raise ConfigurationError(
            "--from names no file.", hint="Write: %shaperotate show --from lesson.ipynb ID"
        )
    return Path(words[at + 1]).expanduser(), [*words[:at], *words[at + 2 :]]


def run_code(session: NotebookSession, words: list[str]) -> None:
    generation, _ = _find(session, words)
    code = generation.scene.code if generation.scene else _last_code(generation)
    session.shell.set_next_input(code.source, replace=False)


def run_up(session: NotebookSession, words: list[str]) -> str:
    return _record(session, words, is_positive=True)


def run_down(session: NotebookSession, words: list[str]) -> str:
    return _record(session, words, is_positive=False)


def run_remove(session: NotebookSession, words: list[str]) -> str:
    return _record(session, words, is_positive=None, remove=True)


def run_doctor(session: NotebookSession, words: list[str]) -> Table:
    rows = [
        (_MARKS[finding.severity], finding.message, finding.hint)
        for finding in probe_environment(session.data_dir)
    ]
    return Table("What this machine has and lacks", rows)


def run_again_command(session: NotebookSession, words: list[str]) -> None:
    is_in_place = "--in-place" in words  # said by a button of the page
    generation, _ = _find(session, [word for word in words if word != "--in-place"])
    run_again(session, generation, is_in_place=is_in_place)


def _on_found(act: Callable[[NotebookSession, Generation], Any]) -> Command:
    def run(session: NotebookSession, words: list[str]) -> Any:
        return act(session, _find(session, words)[0])

    return run


COMMANDS: dict[str, Command] = {
    "status": run_status,
    "list": run_list,
    "show": run_show,
    "up": run_up,
    "down": run_down,
    "remove": run_remove,
    "code": run_code,
    "again": run_again_command,
    "rerun": _on_found(run_rerun),
    "versions": _on_found(list_versions),
    "undo": _on_found(run_undo),
    "compare": _on_found(run_compare),
    "doctor": run_doctor,
    "help": run_help,
}


def _record(
    session: NotebookSession, words: list[str], *, is_positive: bool | None, remove: bool = False
) -> str:
    generation, comment = _find(session, words)
    feedback = FeedbackRecord(
        generation_id=generation.generation_id,
        is_positive=is_positive,
        remove=remove,
        comment=comment,
    )
    session.record_feedback(feedback)
    session.confirm(feedback)
    verdict = {True: "kept", False: "refused", None: "removed"}[is_positive]
    return f"{verdict}: {_describe(generation)}"


def _find(session: NotebookSession, words: list[str]) -> tuple[Generation, str]:
    """Return the run that the first word identifies, else the last one; and the words left."""
    if words and _IDENTIFIER.fullmatch(words[0]):
        return session.pipeline.store.read_generation(words[0]), " ".join(words[1:])
    if session.last is None:
        raise GenerationNotFoundError(
            "Nothing was generated in this kernel yet.",
            hint="'%shaperotate list' shows earlier results; name one of them.",
        )
    return session.last, " ".join(words)


def _last_code(generation: Generation) -> Any:
    codes = [attempt.code for attempt in generation.attempts if attempt.code]
    if not codes:
        raise SceneCodeError(
            f"{generation.generation_id} never had scene code.", hint="Run its prompt again."
        )
    return codes[-1]


def _describe(generation: Generation) -> str:
    return f"{generation.generation_id} ({generation.title})"
