"""Manim's own flags behind ``--``: what they decide, and which of them have no effect here.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# Short flags of manim that take no value: several may stand behind one dash, as in ``-pqh``.
_SWITCHES = frozenset("pfasgit")
_IDLE = {
    "-p": "the card shows the video",
    "--preview": "the card shows the video",
    "-f": "no file browser is opened",
    "--show_in_file_browser": "no file browser is opened",
    "-a": "one scene is drawn",
    "--write_all": "one scene is drawn",
    "-o": "the card's Download names the file",
    "--output_file": "the card's Download names the file",
    "--media_dir": "results are kept where '%shaperotate status' says",
    "--custom_folders": "results are kept where '%shaperotate status' says",
    "--log_to_file": "what went wrong is on the card",
    "--log_dir": "what went wrong is on the card",
    "--jupyter": "this is Jupyter",
}

# Of these, what takes no value and would open a window or draw more.
_OFF = frozenset({"-p", "--preview", "-f", "--show_in_file_browser", "-a", "--write_all"})


def split_flags(arguments: Iterable[str]) -> tuple[str, ...]:
    """Return flags with each short one behind a dash of its own: ``-pqh`` is ``-p -qh``."""
    return tuple(flag for argument in arguments for flag in _split(argument))


def _split(argument: str) -> Iterator[str]:
    if argument.startswith("--") or not argument.startswith("-"):
        yield argument
        return
    letters = argument[1:]
    while len(letters) > 1 and letters[0] in _SWITCHES:
        yield f"-{letters[0]}"
        letters = letters[1:]
    yield f"-{letters}"


def describe_idle_flags(arguments: Iterable[str]) -> list[str]:
    """Return a sentence for every flag that has no effect here."""
    flags = [argument.partition("=")[0] for argument in arguments]
    return [f"{flag} has no effect here: {_IDLE[flag]}." for flag in flags if flag in _IDLE]


def drop_idle_switches(flags: Iterable[str]) -> tuple[str, ...]:
    """Return the flags without those that would open programs or draw other scenes."""
    return tuple(flag for flag in flags if flag not in _OFF)
