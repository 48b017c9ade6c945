"""What the buttons ask, and the answers: one handler for the extension and for the widget.

A message is ``{"kind", "generation_id", …}``; ``docs/protocol.md`` lists the kinds. They are
answered while a cell runs, from other threads than the main one, so nothing here draws or waits.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from shaperotator_magic.errors import GenerationNotFoundError, ShapeRotatorError
from shaperotator_magic.notebook.versions import describe_version, find_family
from shaperotator_magic.records import FeedbackRecord, Generation
from shaperotator_magic.rendering.transcoding import build_gif

if TYPE_CHECKING:
    from shaperotator_magic.notebook.session import NotebookSession

Message = Mapping[str, Any]
Answer = dict[str, Any]


def answer(session: NotebookSession, message: Message) -> Answer:
    """Return the answer to one message; what is wrong with it is said in ``error``."""
    generation_id = str(message.get("generation_id", ""))
    handler = _HANDLERS.get(str(message.get("kind")))
    if handler is None:
        return {"kind": "none", "error": "This message was not understood."}
    try:
        said = handler(session, generation_id, message)
    except ShapeRotatorError as exc:
        said = {"kind": "none", "error": f"{exc.message} {exc.hint}".strip()}
    except (ValidationError, TypeError):
        said = {"kind": "none", "error": "This message was not understood."}
    return {"generation_id": generation_id, **said}


def build_recorded(feedback: FeedbackRecord) -> Answer:
    """Return what every page is told of a verdict, wherever it was given."""
    return {
        "kind": "recorded",
        "generation_id": feedback.generation_id,
        "is_positive": feedback.is_positive,
        "remove": feedback.remove,
        "has_comment": bool(feedback.comment),
    }


def _take_feedback(session: NotebookSession, generation_id: str, message: Message) -> Answer:
    known = ("is_positive", "remove", "comment")
    fields = {key: message[key] for key in known if key in message}
    feedback = FeedbackRecord(generation_id=generation_id, **fields)
    session.record_feedback(feedback)
    session.confirm(feedback)
    return build_recorded(feedback)


def _tell_state(session: NotebookSession, generation_id: str, message: Message) -> Answer:
    """Say what is known of a result; a card that still shows a run gets the end of it."""
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
        "is_positive": given[-1] if given else None,
        "versions": [describe_version(version) for version in family],
    }
    if message.get("is_running") and not is_running:
        state["data"], state["metadata"] = session.build_bundle(generation)
    return state


def _show_version(session: NotebookSession, generation_id: str, message: Message) -> Answer:
    generation = session.pipeline.store.read_generation(generation_id)
    if message.get("is_chosen"):
        session.choose(generation)
    data, metadata = session.build_bundle(generation)
    return {"kind": "show", "data": data, "metadata": metadata}


def _cancel(session: NotebookSession, generation_id: str, _: Message) -> Answer:
    return {"kind": "cancelled", "is_cancelled": session.cancel(generation_id)}


def _build_download(session: NotebookSession, generation_id: str, message: Message) -> Answer:
    generation = session.pipeline.store.read_generation(generation_id)
    gif = build_gif(_find_video(generation))
    content = base64.b64encode(gif).decode()
    return {"kind": "file", "media_type": "image/gif", "base64": content}


def _find_video(generation: Generation) -> Any:
    video = generation.video
    if video is None or not video.path.exists():
        raise GenerationNotFoundError(
            f"{generation.generation_id} has no video any more.",
            hint="Run its cell again.",
            generation_id=generation.generation_id,
        )
    return video.path


_HANDLERS: dict[str, Callable[[NotebookSession, str, Message], Answer]] = {
    "feedback": _take_feedback,
    "state": _tell_state,
    "show": _show_version,
    "cancel": _cancel,
    "download": _build_download,
}
