"""Completion on the magic's line, and none inside the prose.

IPython does not complete the options of ``magic_arguments``, and would offer Python names in the
middle of a sentence; one matcher fixes both. It imports nothing heavy.

Runs in the user's kernel.
"""

from __future__ import annotations

from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher
from IPython.core.interactiveshell import InteractiveShell

from shaperotator_magic.core.settings.table import SETTINGS

COMMANDS = (
    "status",
    "list",
    "show",
    "up",
    "down",
    "remove",
    "code",
    "again",
    "instead",
    "use",
    "set",
    "rerun",
    "versions",
    "undo",
    "compare",
    "convert",
    "docs",
    "doctor",
    "help",
)

_VALUES = {flag: row.choices for row in SETTINGS for flag in row.flags if row.choices}
_FLAGS = (*(flag for row in SETTINGS for flag in row.flags), "-h", "--help")
_NOTHING_TO_SAY: dict[str, object] = {"completions": [], "suppress": False}


@context_matcher(identifier="shaperotator.options", priority=1000)
def match_options(context: CompletionContext) -> dict[str, object]:
    """Complete options, their values and the line magic's commands."""
    first_line = context.full_text.split("\n", 1)[0]
    if first_line.startswith("%%shaperotate"):
        return _keep_word(context) if context.cursor_line > 0 else _complete_line(context, _FLAGS)
    if context.full_text.lstrip().startswith("%shaperotate"):
        return _complete_line(context, COMMANDS)
    return _NOTHING_TO_SAY


def _complete_line(context: CompletionContext, words: tuple[str, ...]) -> dict[str, object]:
    typed = context.text_until_cursor
    *before, fragment = typed.split(" ")
    if not before:
        return _NOTHING_TO_SAY
    offered = _VALUES.get(before[-1], words)
    found = [SimpleCompletion(word, type="option") for word in offered if word.startswith(fragment)]
    return {**_suppress(found), "matched_fragment": fragment, "ordered": True}


def _keep_word(context: CompletionContext) -> dict[str, object]:
    """Offer the word as it stands: IPython heeds 'suppress' only where something is offered."""
    word = context.text_until_cursor.rsplit(" ", 1)[-1]
    return {**_suppress([SimpleCompletion(word, type="text")]), "matched_fragment": word}


def _suppress(found: list[SimpleCompletion]) -> dict[str, object]:
    return {"completions": found, "suppress": True}


def install_matcher(shell: InteractiveShell) -> None:
    """Add the matcher to the shell's completer, once."""
    uninstall_matcher(shell)
    shell.Completer.custom_matchers.append(match_options)


def uninstall_matcher(shell: InteractiveShell) -> None:
    """Take the matcher away again."""
    matchers = shell.Completer.custom_matchers
    matchers[:] = [matcher for matcher in matchers if matcher is not match_options]
