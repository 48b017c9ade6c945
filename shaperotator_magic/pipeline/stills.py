"""Stills of a result while one of its knobs moves: the last value wins, one drawing at a time.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from shaperotator_magic.core.errors import (
    RenderError,
    RenderLimitError,
    RenderProcessLostError,
    RenderTimeoutError,
)
from shaperotator_magic.core.records import CheckedScene, Generation
from shaperotator_magic.core.styles.choosing import find_own_styles
from shaperotator_magic.core.styles.finding import Styles
from shaperotator_magic.pipeline.setting import build_setting, set_scene
from shaperotator_magic.rendering.caching.input_store import InputStore
from shaperotator_magic.rendering.renderer import RenderRequest, build_request

_IDLE_S = 60.0


class StillProcess(Protocol):
    """A process that draws one still after the other; see ``rendering.worker.stills``."""

    def draw(self, scene: CheckedScene, at_s: float | None) -> bytes:
        """Return a PNG."""


class StillDrawer(Protocol):
    """What starts such processes: the worker."""

    def drawing_stills(
        self, scene: CheckedScene, request: RenderRequest, *, variables: Mapping[str, Any]
    ) -> contextlib.AbstractContextManager[StillProcess]:
        """Start one, until the context ends."""


class StillDesk:
    """Draws stills of one result at a time, in a process that ends when nobody asks any more.

    Parameters
    ----------
    drawer
        Starts the process.
    media_dir
        Where formulas are kept.
    styles
        The packs that results may be drawn in; by default the user's.
    """

    def __init__(self, drawer: StillDrawer, media_dir: Path, styles: Styles | None = None) -> None:
        self._drawer = drawer
        self._media_dir = media_dir
        self._styles = styles or find_own_styles()
        self._drawing = threading.Lock()
        self._counting = threading.Lock()
        self._asked = 0
        self._holding = contextlib.ExitStack()
        self._process: StillProcess | None = None
        self._drawn_id = ""
        self._idle: threading.Timer | None = None

    def draw(
        self,
        base: Generation,
        earlier: Mapping[str, Any],
        values: Mapping[str, Any],
        *,
        at_s: float | None,
        variables: Mapping[str, Any],
    ) -> bytes | None:
        """Return a PNG of a result with other values; None where a later call came meanwhile.

        Parameters
        ----------
        base, earlier, values
            As ``build_setting`` takes them.
        at_s
            The moment of the video, in seconds; None for its end.

        Raises
        ------
        ParameterError
            A value that cannot be.
        RenderError
            The scene fails with it.
        """
        mine = self._count()
        prompt = build_setting(base, earlier, values)
        scene = set_scene(base, prompt.values)
        with self._drawing:
            if mine != self._asked:
                return None
            try:
                style = self._styles.find(prompt.options.style)
                request = replace(
                    build_request(prompt.options, self._media_dir, style),
                    inputs=InputStore(self._media_dir).find(prompt.inputs),
                )
                return self._find_process(base, scene, request, variables).draw(scene, at_s)
            except (RenderProcessLostError, RenderLimitError, RenderTimeoutError):
                self._end()
                raise
            finally:
                self._wait_for_more()

    def close(self) -> None:
        """End the process."""
        with self._drawing:
            self._end()

    def _count(self) -> int:
        with self._counting:
            self._asked += 1
            return self._asked

    def _find_process(
        self,
        base: Generation,
        scene: CheckedScene,
        request: RenderRequest,
        variables: Mapping[str, Any],
    ) -> StillProcess:
        if self._process is None or self._drawn_id != base.generation_id:
            self._end()
            started = self._drawer.drawing_stills(scene, request, variables=variables)
            self._process = self._holding.enter_context(started)
            self._drawn_id = base.generation_id
        return self._process

    def _wait_for_more(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = threading.Timer(_IDLE_S, self.close)
        self._idle.daemon = True
        self._idle.start()

    def _end(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._process = None
        with contextlib.suppress(RenderError):
            self._holding.close()
