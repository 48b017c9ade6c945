"""Stills for knobs that move on the service's page: a process for each of the latest few users.

The scenes run as those of tasks do, in confined forks of a supervisor. It starts with the first
still; where scenes cannot be confined here, as before a cluster, there are no stills.

Runs in the service's web process.
"""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import ConfigurationError, ServiceUnavailableError
from shaperotator_magic.core.records import Generation
from shaperotator_magic.pipeline.stills import StillDesk
from shaperotator_magic.rendering.isolation.isolation import require_isolation
from shaperotator_magic.rendering.worker.worker import Worker

_MOST_DESKS = 4
_RETRY_S = 10.0


class StillService:
    """Draws stills for several users, each in a process of their own.

    Parameters
    ----------
    is_offered
        False where scenes run on other machines.
    """

    def __init__(self, *, is_offered: bool = True) -> None:
        self._is_offered = is_offered
        self._lock = threading.Lock()
        self._desks: OrderedDict[str, StillDesk] = OrderedDict()
        self._drawing: dict[str, int] = {}
        self._worker: Worker | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def draw(
        self,
        owner: str,
        base: Generation,
        earlier: Mapping[str, Any],
        values: Mapping[str, Any],
        *,
        at_s: float | None,
    ) -> bytes | None:
        """Return a PNG as ``StillDesk.draw`` does; None where a later call came meanwhile.

        Raises
        ------
        ServiceUnavailableError
            There are no stills here, or too many users move a knob now.
        ParameterError, RenderError
            As ``StillDesk.draw``.
        """
        desk = self._take(owner)
        try:
            return desk.draw(base, earlier, values, at_s=at_s, variables={})
        finally:
            with self._lock:
                self._drawing[owner] -= 1

    def close(self) -> None:
        """End every process."""
        with self._lock:
            desks = list(self._desks.values())
            self._desks.clear()
            worker, self._worker = self._worker, None
            folder, self._folder = self._folder, None
            self._is_offered = False
        if worker is not None:
            worker.close()
        for desk in desks:
            desk.close()
        if folder is not None:
            folder.cleanup()

    def _take(self, owner: str) -> StillDesk:
        with self._lock:
            desk = self._desks.get(owner)
            if desk is None:
                gone = self._make_room()
                worker, folder = self._find_worker()
                desk = self._desks[owner] = StillDesk(worker, folder)
            else:
                gone = None
            self._desks.move_to_end(owner)
            self._drawing[owner] = self._drawing.get(owner, 0) + 1
        if gone is not None:
            gone.close()
        return desk

    def _make_room(self) -> StillDesk | None:
        """Take the desk away that was used longest ago and draws nothing."""
        if len(self._desks) < _MOST_DESKS:
            return None
        idle = next((name for name in self._desks if not self._drawing.get(name)), None)
        if idle is None:
            raise _build_refusal("Too many people move a knob just now.")
        self._drawing.pop(idle, None)
        return self._desks.pop(idle)

    def _find_worker(self) -> tuple[Worker, Path]:
        if not self._is_offered:
            raise _build_refusal("This service draws no stills while a knob moves.")
        if self._worker is None or self._folder is None:
            try:
                require_isolation()
            except ConfigurationError as exc:
                self._is_offered = False
                raise _build_refusal("This service cannot confine scenes for stills.") from exc
            self._folder = tempfile.TemporaryDirectory(prefix="shaperotator-stills-")
            self._worker = Worker(caches_segments=False)
        return self._worker, Path(self._folder.name)


def _build_refusal(message: str) -> ServiceUnavailableError:
    return ServiceUnavailableError(
        message, hint="The video follows when the knob rests.", retry_after_s=_RETRY_S
    )
