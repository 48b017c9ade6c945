"""The card of a declined sentence: what the library understood, and what to do instead.

Everything works as text alone. A page with a kernel makes buttons of what has ``data-sr-instead``
(the number of a proposal, from 1) and ``data-sr-use`` (the name of a model).

Runs in the user's kernel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shaperotator_magic.core.control_characters import escape_shown
from shaperotator_magic.core.records import ErrorReport
from shaperotator_magic.notebook.card.look import CHOICE, DECLINED, FAINT_LINE, LIST


def build_declined(error: ErrorReport) -> str:
    """Return the part of a card that declines; everything in it is escaped."""
    details = error.details
    parts = [
        f"<b>{escape_shown(error.headline)}</b>",
        *_build_line(details.get("understood")),
        *_build_nearest(_read_list(details, "nearest")),
        *_build_subjects(_read_list(details, "subjects")),
        *_build_servers(_read_list(details, "servers")),
        *_build_line(error.hint),
    ]
    return f'<div class="mathjax_ignore" style="{DECLINED}">{"".join(parts)}</div>'


def _read_list(details: Mapping[str, Any], name: str) -> list[Any]:
    value = details.get(name)
    return list(value) if isinstance(value, list | tuple) else []


def _build_line(text: object) -> Iterator[str]:
    if text:
        yield f'<div style="{FAINT_LINE}">{escape_shown(str(text))}</div>'


def _build_nearest(nearest: list[Any]) -> Iterator[str]:
    items = [
        f'<li><span data-sr-instead="{at}" style="{CHOICE}">{escape_shown(str(said))}</span></li>'
        for at, said in enumerate(nearest, start=1)
    ]
    yield from _build_list("It can draw:", items)


def _build_subjects(subjects: list[Any]) -> Iterator[str]:
    items = [f"<li>{escape_shown(str(subject))}</li>" for subject in subjects]
    yield from _build_list("It has scenes on:", items)


def _build_list(head: str, items: list[str]) -> Iterator[str]:
    if items:
        yield f'<div style="{FAINT_LINE}">{head}</div><ul style="{LIST}">{"".join(items)}</ul>'


def _build_servers(servers: list[Any]) -> Iterator[str]:
    for server in servers:
        if not isinstance(server, Mapping):
            continue
        names = [str(name) for name in server.get("models", ())]
        models = " ".join(
            f'<span data-sr-use="{escape_shown(name)}" style="{CHOICE}">{escape_shown(name)}</span>'
            for name in names
        )
        said = escape_shown(f"{server.get('name')} runs on this machine and has:")
        yield f'<div style="{FAINT_LINE}">{said} {models}</div>'
