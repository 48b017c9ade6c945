"""Converts events to messages and back, for runners, the event stream and the client.

A message is a JSON object with ``type``. The scene travels once, with ``checking``; a message of
``rendering`` holds numbers alone, and so does one of ``segment``, for the video lies where finished
ones do (``videos.py``). What a reader does not know, it passes over.

Runs in the service's web process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shaperotator_magic.core.records import (
    CheckedScene,
    Checking,
    Event,
    Finding,
    Rehearsed,
    Rendering,
    Repairing,
    SceneCode,
    SegmentReady,
    TaskStatus,
    Writing,
)

Message = dict[str, Any]


_STATUS_OF: dict[str, TaskStatus] = {
    "writing": "writing",
    "repairing": "writing",
    "checking": "checking",
    "rehearsed": "rendering",
    "rendering": "rendering",
}
# Events whose messages hold numbers alone, and these fields of them.
_NUMBERS: dict[type[Event], tuple[str, set[str]]] = {
    Rehearsed: ("rehearsed", {"plays", "frames", "duration_s"}),
    Rendering: ("rendering", {"done", "total"}),
    SegmentReady: ("segment", {"index", "duration_s"}),
}


def build_message(event: Event) -> Message | None:
    """Return the message for an event; None for those that stay where they happened."""
    if isinstance(event, Writing):
        drawn = {"animations": event.animations, "lines": event.lines} if event.animations else {}
        return {"type": "writing", "text": event.text_delta, "tokens": event.tokens, **drawn}
    if isinstance(event, Checking):
        return {"type": "checking", "code": event.code.model_dump(mode="json")}
    if isinstance(event, Repairing):
        findings = [finding.model_dump(mode="json") for finding in event.findings]
        return {"type": "repairing", "attempt": event.attempt, "findings": findings}
    if type(event) in _NUMBERS:
        kind, fields = _NUMBERS[type(event)]
        return {"type": kind, **event.model_dump(mode="json", include=fields)}
    return None


def read_status(message: Message) -> TaskStatus | None:
    """Return the state that a task is in when it sends this."""
    return _STATUS_OF.get(str(message.get("type")))


def read_code(message: Mapping[str, Any]) -> SceneCode:
    """Return the scene of a message of type ``checking``."""
    return SceneCode.model_validate(message["code"])


def read_event(message: Mapping[str, Any], scene: CheckedScene | None) -> Event | None:
    """Return the event of a message; None where there is none to show.

    Parameters
    ----------
    message
        As it came.
    scene
        The scene that was sent last, as the reader's own checks passed it.
    """
    kind = message.get("type")
    if kind == "writing":
        counts = {name: message.get(name, 0) for name in ("tokens", "animations", "lines")}
        return Writing(text_delta=message.get("text", ""), **counts)
    if kind == "checking":
        return Checking(code=read_code(message))
    if kind == "repairing":
        findings = tuple(Finding.model_validate(row) for row in message.get("findings", ()))
        return Repairing(attempt=message.get("attempt", 1), findings=findings)
    if kind == "rehearsed":
        return Rehearsed.model_validate({k: v for k, v in message.items() if k != "type"})
    if kind == "rendering" and scene is not None:
        return Rendering(scene=scene, done=message.get("done", 0), total=message.get("total"))
    return None
