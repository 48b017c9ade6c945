"""Answers what the buttons of a card send to the kernel: the JupyterLab extension's, the widget's.

A message is ``{"kind", "generation_id", …}``; ``docs/protocol.md`` lists the kinds. They are
answered while a cell runs, from other threads than the main one, so nothing here renders or
blocks.

Runs in the user's kernel.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from shaperotator_magic.core.errors import (
    GenerationNotFoundError,
    ParameterError,
    ShapeRotatorError,
)
from shaperotator_magic.core.records import FeedbackRecord, Generation, RenderedVideo
from shaperotator_magic.notebook.card.downloads import PART_BYTES, read_file
from shaperotator_magic.notebook.session.knobs import Knobs
from shaperotator_magic.notebook.session.versions import describe_version, find_family
from shaperotator_magic.notebook.verdicts.recording import (
    FeedbackTaker,
    record_feedback,
    restore,
)
from shaperotator_magic.pipeline.exploring.assets import read_script, read_style

Message = Mapping[str, Any]
Answer = dict[str, Any]


class ResultKeeper(FeedbackTaker, Protocol):
    """What an answer needs of the session: its results, and what may be done with them."""

    @property
    def retries(self) -> Mapping[str, str]:
        """New runs of an old prompt: identifier of the new run, identifier of the old one."""

    def choose(self, generation: Generation) -> None:
        """Make a version the last result."""

    def cancel(self, generation_id: str) -> bool:
        """Stop a run in the background."""

    @property
    def knobs(self) -> Knobs:
        """What answers the knobs of results."""


def answer(session: ResultKeeper, message: Message) -> Answer:
    """Return the answer to one message; an error is reported in ``error``."""
    generation_id = str(message.get("generation_id", ""))
    handler = _HANDLERS.get(str(message.get("kind")))
    if handler is None:
        return {"kind": "none", "error": "This message was not understood."}
    try:
        answered = handler(session, generation_id, message)
    except ShapeRotatorError as exc:
        answered = {"kind": "none", "error": f"{exc.message} {exc.hint}".strip()}
        if isinstance(exc, ParameterError):
            answered["parameter"] = exc.parameter
    except (ValidationError, TypeError):
        answered = {"kind": "none", "error": "This message was not understood."}
    return {"generation_id": generation_id, **answered}


def _take_feedback(session: ResultKeeper, generation_id: str, message: Message) -> Answer:
    known = ("is_positive", "remove", "comment")
    fields = {key: message[key] for key in known if key in message}
    feedback = FeedbackRecord(generation_id=generation_id, **fields)
    return record_feedback(session, feedback)


def _restore(session: ResultKeeper, generation_id: str, _: Message) -> Answer:
    restore(session, generation_id)
    return {"kind": "done"}


def _tell_state(session: ResultKeeper, generation_id: str, message: Message) -> Answer:
    """Return the state of a result; a card that still shows a run gets its final bundle."""
    shown = session.find_display(generation_id)
    is_running = shown is not None and not shown.is_finished
    state: Answer = {"kind": "state", "is_running": is_running, "is_positive": None}
    store = session.pipeline.store
    try:
        generation = store.read_generation(generation_id)
    except GenerationNotFoundError:
        # A run that goes on is not in the store yet.
        return {**state, "is_known": is_running}
    verdicts = [row.is_positive for row in store.read_feedback(generation_id)]
    given = [verdict for verdict in verdicts if verdict is not None]
    family = find_family(store, generation, session.retries)
    state |= {
        "is_known": True,
        "can_restore": session.removals.can_restore(generation_id),
        "is_positive": given[-1] if given else None,
        "versions": [describe_version(version) for version in family],
    }
    if message.get("is_running") and not is_running:
        state["data"], state["metadata"] = session.build_bundle(generation)
    return state


def _show_version(session: ResultKeeper, generation_id: str, message: Message) -> Answer:
    generation = session.pipeline.store.read_generation(generation_id)
    if message.get("is_chosen"):
        session.choose(generation)
    data, metadata = session.build_bundle(generation)
    return {"kind": "show", "data": data, "metadata": metadata}


def _cancel(session: ResultKeeper, generation_id: str, _: Message) -> Answer:
    return {"kind": "cancelled", "is_cancelled": session.cancel(generation_id)}


def _build_download(session: ResultKeeper, generation_id: str, message: Message) -> Answer:
    """Return one part of a file: a server drops what comes faster than it allows."""
    generation = session.pipeline.store.read_generation(generation_id)
    media_type, content = read_file(_find_video(generation), str(message.get("format", "")))
    parts = [content[at : at + PART_BYTES] for at in range(0, len(content), PART_BYTES)]
    part = int(message.get("part") or 0)
    if not 0 <= part < len(parts):
        raise TypeError(part)
    return {
        "kind": "file",
        "media_type": media_type,
        "format": str(message.get("format")),
        "base64": base64.b64encode(parts[part]).decode(),
        "part": part,
        "parts": len(parts),
    }


def _find_video(generation: Generation) -> RenderedVideo:
    video = generation.video
    if video is None or not video.path.exists():
        raise GenerationNotFoundError(
            f"{generation.generation_id} has no video any more.",
            hint="Run its cell again.",
            generation_id=generation.generation_id,
        )
    return video


def _send_player(keeper: ResultKeeper, generation_id: str, message: Message) -> Answer:
    return {"kind": "player", "script": read_script(), "style": read_style()}


_HANDLERS: dict[str, Callable[[ResultKeeper, str, Message], Answer]] = {
    "feedback": _take_feedback,
    "restore": _restore,
    "state": _tell_state,
    "show": _show_version,
    "cancel": _cancel,
    "download": _build_download,
    "player": _send_player,
    "knobs": lambda session, generation_id, message: session.knobs.describe(generation_id, message),
    "still": lambda session, generation_id, message: session.knobs.draw_still(
        generation_id, message
    ),
    "set": lambda session, generation_id, message: session.knobs.set(generation_id, message),
}
