"""Draws a scene while the model still writes it: a schedule, not another way to a result.

Whenever whole statements that show something have come, they pass the gate, and go to two jobs of
the renderer that wait for them: one draws, one rehearses. When the reply has ended, the run goes
the usual way; where it then wants to rehearse or draw exactly the code that these jobs have, they
finish and their results are taken. Otherwise they are ended, and what they have drawn is cached.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import CheckFailedError, ShapeRotatorError
from shaperotator_magic.core.records import (
    CheckedScene,
    Rehearsal,
    RenderedVideo,
    SceneCode,
    SegmentReady,
)
from shaperotator_magic.pipeline.drafts import Stage, is_refused
from shaperotator_magic.rendering.renderer import (
    GrowthEndedError,
    LiveRenderer,
    ProgressListener,
    RenderRequest,
    SegmentListener,
)
from shaperotator_magic.writing.model.growing_draft import GrowingDraft

_JOIN_S = 5.0
_TICK_S = 0.02
# By what share the code must have become longer before a job gets more of it: every time costs the
# checks of all of it. Nobody watches the rehearsal.
_MORE_TO_DRAW, _MORE_TO_REHEARSE = 0.15, 0.4

Made = TypeVar("Made")


class LiveCode:
    """The code as it comes, shared by the thread that reads it and those of the jobs."""

    def __init__(self, ways: LiveWays, draft: GrowingDraft) -> None:
        self._ways = ways
        self._draft = draft
        self._reading = threading.Lock()
        self._building = threading.Lock()
        self._last: tuple[int, CheckedScene] | None = None
        self._whole: CheckedScene | None = None
        self._asked: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self.is_over = False
        self.refusal: CheckFailedError | None = None

    @property
    def lines(self) -> int:
        """How many lines of code have come."""
        return self._draft.lines

    @property
    def shown(self) -> int:
        """How many statements that may show something have come."""
        return self._draft.shown

    @property
    def whole(self) -> CheckedScene | None:
        """The scene of the whole reply, once that is known."""
        return self._whole

    def add(self, piece: str) -> None:
        """Take in the next piece of the reply."""
        with self._reading:
            self._draft.add(piece)

    def finish(self, scene: CheckedScene) -> None:
        """Take in that the reply has ended, with this scene."""
        self._whole = scene

    def read(self) -> CheckedScene:
        """Return the scene that has come until now.

        Raises
        ------
        SceneCodeError
            It does not pass the checks.
        """
        if self._whole is not None:
            return self._whole
        with self._reading:
            prefix, count = self._draft.prefix, self._draft.shown
        with self._building:
            if self._last is None or self._last[0] < count:
                self._last = count, self._check(prefix)
            if self._last[1].code.notes:
                raise GrowthEndedError  # it had to be edited to be read
            return self._last[1]

    def _check(self, prefix: str) -> CheckedScene:
        code = self._ways.extract(prefix)
        try:
            return check_scene(code)
        except CheckFailedError as exc:
            # The usual way corrects a reply before it checks it.
            stage = self._ways.find_stage()
            if stage is not None and not is_refused(code, stage.api):
                raise GrowthEndedError from exc
            self.refusal = exc
            raise

    def call(self, work: Callable[[], Made]) -> Made:
        """Have something done in the thread of the run, and return its result."""
        asked: Future[Made] = Future()
        self._asked.append((work, asked))
        while not self.is_over:
            with contextlib.suppress(TimeoutError):
                return asked.result(timeout=_TICK_S)
        raise GrowthEndedError

    def serve(self) -> None:
        """Do what the jobs have asked for."""
        while self._asked:
            work, asked = self._asked.popleft()
            try:
                asked.set_result(work())
            except (GrowthEndedError, ShapeRotatorError) as exc:
                asked.set_exception(exc)

    def size_of_prefix(self) -> int:
        """Return the characters that a scene of what has come until now would be made of."""
        return self._draft.size


class _View:
    """The code for one job; see ``GrowingCode``."""

    def __init__(self, code: LiveCode, least_more: float) -> None:
        self._code = code
        self._least_more = least_more
        self._size = code.size_of_prefix()
        self.first = code.read()

    def has_more(self) -> bool:
        if self._code.is_over:
            raise GrowthEndedError
        is_longer = self._code.size_of_prefix() >= self._size * (1 + self._least_more)
        return self._code.whole is not None or is_longer

    def call(self, work: Callable[[], Made]) -> Made:
        return self._code.call(work)

    def find_next(self, known: CheckedScene) -> tuple[CheckedScene, bool] | None:
        code = self._code
        if code.whole is not None:
            return code.whole, True
        self._size = code.size_of_prefix()
        try:
            scene = code.read()
        except ShapeRotatorError as exc:
            raise GrowthEndedError from exc
        return None if scene.code.source == known.code.source else (scene, False)


class _Job(Generic[Made]):
    """One job in a thread of its own, and its result."""

    def __init__(self, work: Callable[[], Made]) -> None:
        self._work = work
        self.made: Made | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        # Whatever it ends with: the usual way meets the same, and reports it.
        with contextlib.suppress(GrowthEndedError, ShapeRotatorError, KeyboardInterrupt):
            self.made = self._work()

    def wait(self, meanwhile: Callable[[], None]) -> Made | None:
        """Return the result when it is there; None where the job failed."""
        while self._thread.is_alive():
            meanwhile()
            self._thread.join(_TICK_S)
        meanwhile()
        return self.made

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join(_JOIN_S)


@dataclasses.dataclass(frozen=True)
class LiveWays:
    """What a live drawing needs of its run.

    ``extract`` takes the beginning of the reply to its code; ``find_stage`` is called early, in
    another thread, for it is needed in the end; ``on_segment`` in the thread of the run.
    """

    extract: Callable[[str], SceneCode]
    find_stage: Callable[[], Stage | None]
    on_segment: SegmentListener


class NotLive:
    """Stands in for a live drawing where there is none."""

    shown_s = 0.0

    @functools.cached_property
    def draft(self) -> GrowingDraft:
        """What has come of the reply."""
        return GrowingDraft()

    @property
    def refusal(self) -> CheckFailedError | None:
        """Why nothing that follows can make a scene of the reply; None as long as that may be."""
        return None

    def take(self, piece: str) -> dict[str, int]:
        """Take in the next piece of the reply; return what is drawn, for the event of writing."""
        self.draft.add(piece)
        return {}

    def finish(self, code: SceneCode) -> None:
        """Take in that the reply has ended, with this code."""

    def rehearse(self, scene: CheckedScene) -> Rehearsal | None:
        """Return the rehearsal of a scene, None where it is another one or fails."""
        return None

    def draw(self, scene: CheckedScene, on_progress: ProgressListener) -> RenderedVideo | None:
        """Return the video of a scene, None where it is another one or fails."""
        return None

    def close(self) -> None:
        """End what still runs; nothing more is passed on."""


class LiveDrawing(NotLive):
    """One reply, drawn while it is written.

    Parameters
    ----------
    renderer, request, variables
        As for ``Renderer.render``.
    """

    def __init__(
        self,
        renderer: LiveRenderer,
        request: RenderRequest,
        variables: Mapping[str, Any],
        ways: LiveWays,
    ) -> None:
        self._code = LiveCode(ways, self.draft)
        self._renderer = renderer
        self._request = dataclasses.replace(request, is_wanted=lambda: not self._code.is_over)
        self._variables = variables
        self._on_segment = ways.on_segment
        self._segments: deque[SegmentReady] = deque()
        _Job(ways.find_stage)  # so that what the checks need is there with the first statement
        self._drawing: _Job[RenderedVideo] | None = None
        self._rehearsing: _Job[Rehearsal] | None = None
        self._animations = 0
        self._frames = 0
        self.shown_s = 0.0

    @property
    def refusal(self) -> CheckFailedError | None:
        """Why nothing that follows can make a scene of the reply; None as long as that may be."""
        return self._code.refusal

    def take(self, piece: str) -> dict[str, int]:
        """Take in the next piece of the reply; return what is drawn, for the event of writing."""
        self._code.add(piece)
        if self._drawing is None and self._code.shown:
            self._drawing = _Job(self._draw)
        self.forward()
        return {"animations": self._animations, "lines": self._code.lines}

    def forward(self) -> None:
        """Pass on what was drawn since, and do what the jobs have asked for."""
        self._code.serve()
        while self._segments:
            segment = self._segments.popleft()
            self._animations += 1
            self.shown_s += segment.duration_s
            if not self._segments:
                self._on_segment(segment)
        if self._rehearsing is None and self._animations:
            self._rehearsing = _Job(self._rehearse)

    def finish(self, code: SceneCode) -> None:
        """Let the jobs have the rest: the reply has ended, with this code.

        Not where it fails the checks: the usual way may correct it, and then it is another scene.
        """
        with contextlib.suppress(CheckFailedError):
            self._code.finish(check_scene(code))

    def rehearse(self, scene: CheckedScene) -> Rehearsal | None:
        """Return the rehearsal of a scene, None where it is another one or fails."""
        if not self._is_whole(scene) or self._rehearsing is None:
            return None
        seen = self._rehearsing.wait(self.forward)
        return seen if seen is not None and seen.failure is None else None

    def draw(self, scene: CheckedScene, on_progress: ProgressListener) -> RenderedVideo | None:
        """Return the video of a scene, None where it is another one or fails."""
        if not self._is_whole(scene) or self._drawing is None:
            self.close()
            return None

        shown = 0

        def forward() -> None:
            nonlocal shown
            self.forward()
            if self._frames != shown:
                shown = self._frames
                on_progress(shown, None)

        return self._drawing.wait(forward)

    def close(self) -> None:
        """End what still runs; nothing more is passed on."""
        self._code.is_over = True
        for job in (self._drawing, self._rehearsing):
            if job is not None:
                job.join()
        self._segments.clear()

    def _is_whole(self, scene: CheckedScene) -> bool:
        whole = self._code.whole
        return whole is not None and whole.code.source == scene.code.source

    def _draw(self) -> RenderedVideo:
        return self._renderer.render_growing(
            self._code.call(lambda: _View(self._code, _MORE_TO_DRAW)),
            self._request,
            variables=self._variables,
            on_progress=self._count,
            on_segment=self._segments.append,
        )

    def _count(self, frames: int, _: int | None) -> None:
        self._frames = frames

    def _rehearse(self) -> Rehearsal:
        return self._renderer.rehearse_growing(
            self._code.call(lambda: _View(self._code, _MORE_TO_REHEARSE)),
            self._request,
            variables=self._variables,
        )


def pass_after(live: NotLive, on_segment: SegmentListener) -> SegmentListener:
    """Return a listener that passes nothing on of which more was shown already.

    Where the picture is drawn anew, it grows on from where it was, and does not jump back.
    """
    drawn_s = 0.0
    shown_s = live.shown_s

    def listen(segment: SegmentReady) -> None:
        nonlocal drawn_s
        drawn_s += segment.duration_s
        if drawn_s >= shown_s:
            on_segment(segment)

    return listen


def begin_live(
    renderer: LiveRenderer | None,
    request: RenderRequest,
    variables: Mapping[str, Any],
    ways: LiveWays,
) -> NotLive:
    """Return what draws a reply while it comes; without a renderer, what does nothing."""
    return LiveDrawing(renderer, request, variables, ways) if renderer else NotLive()
