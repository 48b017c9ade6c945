"""The knobs of a result: stills while one moves, a new version when it rests.

The page asks in threads of its own, while cells run; ``docs/protocol.md`` describes the messages.

Runs in the user's kernel.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from IPython.core.interactiveshell import InteractiveShell

from shaperotator_magic.core.errors import ConfigurationError, GenerationCancelled
from shaperotator_magic.core.records import Event, Generation, SegmentReady
from shaperotator_magic.notebook.card.bundle import describe_parameters
from shaperotator_magic.notebook.variables import list_names, pick_variables
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.pipeline.stills import StillDesk
from shaperotator_magic.rendering.worker.worker import Worker

Message = Mapping[str, Any]
Answer = dict[str, Any]

_LEAST_PAUSE_S = 0.4
_LARGEST_SEGMENT_BYTES = 4_000_000


class ResultOwner(Protocol):
    """What knobs need of the session: its results, and what draws them."""

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline, with the store of all runs."""

    @property
    def worker(self) -> Worker:
        """What draws stills."""

    @property
    def shell(self) -> InteractiveShell:
        """The shell with the variables that a scene may use."""

    def build_bundle(self, generation: Generation) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the card of a run as data and metadata."""

    def choose(self, generation: Generation) -> None:
        """Make a version the last result."""


class Knobs:
    """What the knobs of one kernel's results ask.

    Parameters
    ----------
    tell
        Sends something to every page.
    """

    def __init__(self, session: ResultOwner, tell: Callable[[Message], None]) -> None:
        self._session = session
        self._tell = tell
        self._desk: StillDesk | None = None
        self._opening = threading.Lock()
        self._setting = threading.Lock()
        self._turn = 0

    def describe(self, generation_id: str, _: Message) -> Answer:
        """Answer with the parameters of a result."""
        shown, base = self._find(generation_id)
        return {
            "kind": "knobs",
            "parameters": describe_parameters(shown),
            "values": shown.prompt.values,
            "family": base.generation_id,
        }

    def draw_still(self, generation_id: str, message: Message) -> Answer:
        """Answer with a picture at ``at_s``; without values it is drawn ahead of the first move."""
        shown, base = self._find(generation_id)
        picture = self._find_desk().draw(
            base,
            shown.prompt.values,
            _read_values(message),
            at_s=_read_moment(message),
            variables=self._pick_variables(base),
        )
        if picture is None:
            return {"kind": "superseded"}
        return {"kind": "still", "base64": base64.b64encode(picture).decode()}

    def set(self, generation_id: str, message: Message) -> Answer:
        """Answer with the card of a new version, and tell of what is drawn of it until then."""
        self._turn = mine = self._turn + 1
        shown, base = self._find(generation_id)
        earlier = base if message.get("is_reset") else shown
        with self._setting:
            if mine != self._turn:
                return {"kind": "superseded"}
            try:
                made = self._session.pipeline.set_parameters(
                    earlier,
                    _read_values(message),
                    _Teller(self._tell, generation_id, message.get("request")),
                    variables=self._pick_variables(base),
                    is_wanted=lambda: mine == self._turn,
                )
            except GenerationCancelled:
                return {"kind": "superseded"}
        self._session.choose(made)
        data, metadata = self._session.build_bundle(made)
        return {"kind": "show", "data": data, "metadata": metadata}

    def set_here(self, shown: Generation, values: Mapping[str, Any]) -> Generation:
        """Draw a version for whoever asked in a cell, without a card."""
        base = self._session.pipeline.find_written(shown)
        made = self._session.pipeline.set_parameters(
            shown, values, variables=self._pick_variables(base)
        )
        self._session.choose(made)
        return made

    def close(self) -> None:
        """End the process that draws stills."""
        self._turn += 1
        if self._desk is not None:
            self._desk.close()

    def _find(self, generation_id: str) -> tuple[Generation, Generation]:
        pipeline = self._session.pipeline
        shown = pipeline.store.read_generation(generation_id)
        return shown, pipeline.find_written(shown)

    def _find_desk(self) -> StillDesk:
        pipeline = self._session.pipeline
        with self._opening:
            if self._desk is None:
                self._desk = StillDesk(self._session.worker, pipeline.media_dir, pipeline.styles)
            return self._desk

    def _pick_variables(self, generation: Generation) -> dict[str, Any]:
        return pick_variables(list_names(generation.prompt), self._session.shell.user_ns)


class _Teller:
    """Tells pages of the video while it is drawn, now and then."""

    def __init__(self, tell: Callable[[Message], None], generation_id: str, request: Any) -> None:
        self._tell = tell
        self._told = {"kind": "drawing", "generation_id": generation_id, "setting": request}
        self._next_at = 0.0

    def __call__(self, event: Event) -> None:
        if not isinstance(event, SegmentReady) or time.monotonic() < self._next_at:
            return
        if event.size_bytes > _LARGEST_SEGMENT_BYTES:
            return
        with event.path.open("rb") as growing:
            content = base64.b64encode(growing.read(event.size_bytes)).decode()
        segment = {"index": event.index, "media_type": "video/mp4", "base64": content}
        self._tell({**self._told, "segment": segment})
        self._next_at = time.monotonic() + _LEAST_PAUSE_S


def _read_values(message: Message) -> dict[str, Any]:
    values = message.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(name, str) for name in values):
        raise ConfigurationError("The values of a knob are an object by name.")
    return values


def _read_moment(message: Message) -> float | None:
    at_s = message.get("at_s")
    return float(at_s) if isinstance(at_s, int | float) and at_s >= 0 else None
