"""The line magic's commands: ``%shaperotate status``, ``list``, ``down 3f9c2a10 too fast`` …

Runs in the user's kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shaperotator_magic.core.errors import (
    ConfigurationError,
    GenerationNotFoundError,
    SceneCodeError,
)
from shaperotator_magic.core.records import FeedbackRecord, Generation
from shaperotator_magic.core.settings.table import SETTINGS, Setting
from shaperotator_magic.notebook.card.table import Table
from shaperotator_magic.notebook.commands.converting import run_convert
from shaperotator_magic.notebook.commands.local_writing import (
    list_local_models,
    rewrite,
    use_local_model,
)
from shaperotator_magic.notebook.commands.manual import run_docs
from shaperotator_magic.notebook.commands.opening import show_from_notebook
from shaperotator_magic.notebook.commands.setting import run_set
from shaperotator_magic.notebook.session.lines import IDENTIFIER
from shaperotator_magic.notebook.session.refining import (
    list_versions,
    run_again,
    run_compare,
    run_instead,
    run_rerun,
    run_undo,
)
from shaperotator_magic.notebook.session.versions import find_parent
from shaperotator_magic.notebook.verdicts.recording import describe, record_feedback, restore
from shaperotator_magic.rendering.worker.environment import probe_environment

if TYPE_CHECKING:
    from shaperotator_magic.notebook.session.session import NotebookSession

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
    ("%shaperotate remove [ID] [--now]", "take it away; its video goes with the kernel, or now"),
    ("%shaperotate code [ID]", "put its scene code into the next cell"),
    ("%shaperotate again [ID]", "ask the writer for another scene"),
    ("%shaperotate instead [ID] N", "run the N-th sentence that was proposed for a declined one"),
    ("%shaperotate use [MODEL [ID]]", "let a model on this machine write; alone: which there are"),
    ("%shaperotate set [ID] NAME=VALUE …", "draw it with other values of its parameters"),
    ("%shaperotate rerun [ID]", "draw the same scene with today's values of its variables"),
    ("%shaperotate versions [ID]", "what a result was refined from, and into"),
    ("%shaperotate undo [ID]", "go back to the version before; bring back what was removed"),
    ("%shaperotate compare [ID]", "this version and the one before, side by side"),
    ("%shaperotate convert [FILE [SCENE]]", "old code, of a file or the last cell, for this manim"),
    ("%shaperotate docs WORDS", "what of manim does that, with an example: 'docs shade an area'"),
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
        ("last result", describe(last) if last else "none in this kernel"),
    ]
    return Table("shaperotator-magic", rows)


def run_list(session: NotebookSession, words: list[str]) -> Table:
    kept = session.pipeline.store.list_generations()
    removed = session.pipeline.store.list_removed()
    rows = [
        (
            row.generation_id,
            f"{row.created_at:%Y-%m-%d %H:%M}",
            "removed" if row.generation_id in removed else row.status,
            " → ".join(filter(None, (row.title, row.change))),
        )
        for row in kept
    ]
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
    generation = _find_named(session, words, "code")
    code = generation.scene.code if generation.scene else _last_code(generation)
    session.shell.set_next_input(code.source, replace=False)


def run_up(session: NotebookSession, words: list[str]) -> str:
    return _record(session, words, is_positive=True)


def run_down(session: NotebookSession, words: list[str]) -> str:
    return _record(session, words, is_positive=False)


def run_remove(session: NotebookSession, words: list[str]) -> str:
    """Take a result away: its video waits for an undo until the kernel ends, or goes now."""
    named = [word for word in words if word != "--now"]
    generation = _find_named(session, named, "remove")
    feedback = FeedbackRecord(generation_id=generation.generation_id, remove=True)
    is_final = "--now" in words
    record_feedback(session, feedback, is_final=is_final)
    below = "" if is_final else f"; '%shaperotate undo {generation.generation_id}' brings it back"
    return f"removed: {describe(generation)}{below}"


def run_undo_command(session: NotebookSession, words: list[str]) -> None:
    """Bring back what was removed last, or the version before."""
    latest = session.removals.latest
    if words or latest is None:
        generation = _find_named(session, words, "undo", last=session.last_finished)
    else:
        generation = session.pipeline.store.read_generation(latest)
    if generation.generation_id not in session.pipeline.store.list_removed():
        run_undo(session, generation)
        return
    data, metadata = restore(session, generation.generation_id)
    if session.find_display(generation.generation_id) is None:
        session.build_display(generation).show(data, metadata)


def run_doctor(session: NotebookSession, words: list[str]) -> Table:
    rows = [
        (_MARKS[finding.severity], finding.message, finding.hint)
        for finding in probe_environment(session.data_dir)
    ]
    return Table("What this machine has and lacks", rows)


def run_again_command(session: NotebookSession, words: list[str]) -> None:
    words, is_in_place = _cut_place(words)
    run_again(session, _find_named(session, words, "again"), is_in_place=is_in_place)


def run_instead_command(session: NotebookSession, words: list[str]) -> None:
    """Run the proposal of a declined sentence with a number: ``instead ID 2``."""
    words, is_in_place = _cut_place(words)
    numbers = [word for word in words if word.isdecimal() and len(word) == 1]
    generation, _ = _find(session, [word for word in words if word not in numbers])
    number = int(numbers[0]) if numbers else 1
    run_instead(session, generation, number, is_in_place=is_in_place)


def run_use_command(session: NotebookSession, words: list[str]) -> Table | str:
    """Have a model of a server on this machine write from now on; alone: list what there is."""
    words, is_in_place = _cut_place(words)
    if not words:
        return list_local_models(session)
    answer = use_local_model(session, words[0])
    if words[1:]:
        rewrite(session, _find(session, words[1:])[0], is_in_place=is_in_place)
    return answer


def run_set_command(session: NotebookSession, words: list[str]) -> None:
    """Draw a result with other values: ``set ID RATE=0.5 MATRIX=[[2,0],[0,3]]``."""
    generation, assignments = _find(session, words)
    run_set(session, generation, assignments)


def _cut_place(words: list[str]) -> tuple[list[str], bool]:
    """Return the other words, and whether a button of the page has the card change where it is."""
    return [word for word in words if word != "--in-place"], "--in-place" in words


def _on_named(name: str, act: Callable[[NotebookSession, Generation], Any]) -> Command:
    """Return a command that takes an identifier and nothing else."""

    def run(session: NotebookSession, words: list[str]) -> Any:
        return act(session, _find_named(session, words, name))

    return run


def _on_finished(name: str, act: Callable[[NotebookSession, Generation], Any]) -> Command:
    """Return the same; without an identifier the last result that was finished is meant."""

    def run(session: NotebookSession, words: list[str]) -> Any:
        return act(session, _find_named(session, words, name, last=session.last_finished))

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
    "instead": run_instead_command,
    "use": run_use_command,
    "set": run_set_command,
    "rerun": _on_named("rerun", run_rerun),
    "versions": _on_finished("versions", list_versions),
    "undo": run_undo_command,
    "compare": _on_finished("compare", run_compare),
    "convert": run_convert,
    "docs": run_docs,
    "doctor": run_doctor,
    "help": run_help,
}


def _record(session: NotebookSession, words: list[str], *, is_positive: bool) -> str:
    generation, comment = _find(session, words)
    feedback = FeedbackRecord(
        generation_id=generation.generation_id, is_positive=is_positive, comment=comment
    )
    record_feedback(session, feedback)
    return f"{'kept' if is_positive else 'refused'}: {describe(generation)}"


def _find(
    session: NotebookSession, words: list[str], *, last: Generation | None = None
) -> tuple[Generation, str]:
    """Return the run that the first word identifies, else the last one; and the words left."""
    if words and IDENTIFIER.fullmatch(words[0]):
        return session.pipeline.store.read_generation(words[0]), " ".join(words[1:])
    found = last or session.last
    if found is None:
        raise GenerationNotFoundError(
            "Nothing was generated in this kernel yet.",
            hint="'%shaperotate list' shows earlier results; name one of them.",
        )
    return found, " ".join(words)


def _find_named(
    session: NotebookSession, words: list[str], command: str, *, last: Generation | None = None
) -> Generation:
    """Return the run that the only word identifies, else the last one.

    Raises
    ------
    ConfigurationError
        There are words that identify none: nothing is done to another result instead.
    """
    if words and (len(words) > 1 or not IDENTIFIER.fullmatch(words[0])):
        raise ConfigurationError(
            f"{' '.join(words)!r} identifies no result; nothing was done.",
            hint=f"'%shaperotate {command}' takes the last result, '%shaperotate {command} ID' "
            "another; '%shaperotate list' shows them.",
        )
    return _find(session, words, last=last)[0]


def _last_code(generation: Generation) -> Any:
    codes = [attempt.code for attempt in generation.attempts if attempt.code]
    if not codes:
        raise SceneCodeError(
            f"{generation.generation_id} never had scene code.", hint="Run its prompt again."
        )
    return codes[-1]
