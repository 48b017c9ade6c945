"""The sentences that the built-in library shows on the card: what it read of a prompt, what it did
not use, and, where no scene of it fits, what it understood and can draw. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shaperotator_magic.core.records import Reading, ReadValue, UnusedValue
from shaperotator_magic.writing.languages import Language

CONFIGURE = (
    'A language model can write it: name one with %config ShapeRotatorMagics.model = "NAME" or '
    "--model NAME, and set OPENAI_API_KEY, or base_url for a server of your own."
)
OWN_EXAMPLE = "the scene's own example is shown"
AS_IT_WAS = "it stays as it was"


def describe_reading(
    scene_name: str, reading: Reading, language: Language, *, otherwise: str = OWN_EXAMPLE
) -> Iterator[str]:
    """Yield sentences on what was read of a sentence and what of it was not used.

    Parameters
    ----------
    otherwise
        What happens where a value was not used, as the end of a sentence.
    """
    if reading.values:
        yield f"{scene_name}, {'; '.join(map(_describe_value, reading.values))}."
    if reading.unused:
        ending = "" if reading.values else f"; {otherwise}"
        yield f"Not used: {', '.join(map(_describe_unused, reading.unused))}{ending}."
    if language.code != "en":
        yield f"Read as {language.name}; titles and captions stay English."


def describe_composition(understood: Sequence[str], unknown: Sequence[str]) -> Iterator[str]:
    """Yield sentences on a scene that was composed of what a sentence names."""
    yield f"Composed of what the sentence names: {', '.join(understood)}."
    if unknown:
        yield f"Not understood: {', '.join(unknown)}."


def _describe_value(value: ReadValue) -> str:
    return f'{value.parameter} = {value.value} from "{value.text}"'


def _describe_unused(value: UnusedValue) -> str:
    return f"{value.text} ({value.reason})" if value.reason else value.text


def describe_decline(reading: Reading, reasons: Sequence[tuple[str, str]]) -> str:
    """Return what was understood of a declined sentence; empty where nothing was.

    Parameters
    ----------
    reasons
        Titles of scenes that look near, and why the sentence is about something else.
    """
    parts = []
    for title, reason in reasons[:1]:
        parts.append(f"It looks near to '{title}' but is another subject: {reason}.")
    if reading.unused:
        values = ", ".join(value.text for value in reading.unused)
        parts.append(f"Values read: {values}.")
    return " ".join(parts)
