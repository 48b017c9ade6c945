"""The interface of renderers: what the worker and the kernel renderer take and return.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from shaperotator_magic.core.errors import RenderTimeoutError
from shaperotator_magic.core.records import (
    CheckedScene,
    FontChoice,
    MathChoice,
    Options,
    Rehearsal,
    RenderedVideo,
    SegmentReady,
)
from shaperotator_magic.core.settings.video import QUALITIES, read_pixel_size
from shaperotator_magic.core.styles.pack import StylePack

ProgressListener = Callable[[int, int | None], None]
"""Called with the frames drawn so far, and with all frames once that is known."""

REHEARSAL_NAME = "rehearsal.json"
"""What a rehearsal leaves in its folder."""
GROWING_NAME = "growing.mp4"
"""The video while it is drawn, in the folder of its render."""

SegmentListener = Callable[[SegmentReady], None]
"""Called as soon as an animation is drawn; the video of all so far can be shown then."""

_REPORTS_PER_S = 10


class Throttle:
    """Forwards progress at most ten times a second."""

    def __init__(self, on_progress: ProgressListener) -> None:
        self.at_once = on_progress
        self._next_at = 0.0

    def __call__(self, done: int, total: int | None) -> None:
        """Forward this if the last report is long enough ago."""
        now = time.monotonic()
        if now >= self._next_at:
            self._next_at = now + 1 / _REPORTS_PER_S
            self.at_once(done, total)


@dataclass(frozen=True)
class InputFile:
    """A file that a scene may read: where it lies, and its path relative to the scene's folder."""

    name: str
    path: Path


@dataclass(frozen=True)
class RenderRequest:
    """How one scene is to be drawn.

    ``counts_frames`` starts a second process, which runs the scene without drawing it, so that
    the number of all frames is known early; it costs a seventh of the drawing.
    ``inputs`` are files that the scene may read or import: ``ImageMobject("assets/cat.png")``; a
    path alone is found by its file's name. ``place`` is the folder among them that the scene runs
    in, where it names files above itself.
    ``config`` are settings of manim's, such as ``background_color``, that a ``manim.cfg`` gives.
    ``style`` is the pack that it is drawn in; None, like ``dark``, is manim's own look.
    ``manim_args`` are manim's own flags, which the kernel renderer alone understands.
    ``longest_timeout_s`` is the largest time limit that a prompt may set; None: any.
    ``is_wanted`` is asked while the scene is drawn: once it says no, the drawing is ended, as if
    it were interrupted.
    """

    width_px: int
    height_px: int
    fps: int
    media_dir: Path
    timeout_s: float = 180.0
    longest_timeout_s: float | None = None
    still: bool = False
    math: MathChoice = "auto"
    fonts: FontChoice = "bundled"
    seed: int | None = None
    use_cache: bool = True
    counts_frames: bool = False
    inputs: tuple[InputFile | Path, ...] = ()
    place: str = ""
    config: tuple[tuple[str, str | float], ...] = ()
    style: StylePack | None = None
    manim_args: tuple[str, ...] = ()
    is_wanted: Callable[[], bool] = lambda: True

    @property
    def input_files(self) -> tuple[InputFile, ...]:
        """The inputs and the pack's files, each with the name by which the scene finds it."""
        given = [
            InputFile(path.name, path) if isinstance(path, Path) else path for path in self.inputs
        ]
        taken = {file.name for file in given}
        files = self.style.files if self.style else ()
        of_pack = [InputFile(str(Path(self.place, name)), path) for name, path in files]
        return (*given, *(file for file in of_pack if file.name not in taken))


def build_request(
    options: Options, media_dir: Path, style: StylePack | None = None
) -> RenderRequest:
    """Build the request from the options of a run, and the pack that they name."""
    width_px, height_px = read_pixel_size(options.quality, options.resolution)
    return RenderRequest(
        width_px=width_px,
        height_px=height_px,
        fps=options.fps or QUALITIES[options.quality][2],
        still=options.still,
        math=options.math,
        seed=options.seed,
        timeout_s=options.timeout_s,
        media_dir=media_dir,
        use_cache=options.cache,
        style=style,
        manim_args=options.manim_args,
    )


def build_timeout_error(request: RenderRequest, *, log_tail: str) -> RenderTimeoutError:
    """Return the error of a scene that took longer than it may."""
    longest_s = request.longest_timeout_s
    if longest_s is None:
        more = f", or give it more time: --timeout {max(600.0, 2 * request.timeout_s):g}"
    elif request.timeout_s < longest_s:
        more = f", or give it more time: this service gives a scene {longest_s:g} s at most."
    else:
        more = f": {longest_s:g} s is the most that this service gives a scene."
    return RenderTimeoutError(
        f"The scene was still rendering after {request.timeout_s:g} s and was stopped.",
        hint=f"Ask for something simpler{more}",
        timeout_s=request.timeout_s,
        log_tail=log_tail,
    )


class Renderer(Protocol):
    """Draws checked scenes."""

    name: str

    def warm_up(self) -> None:
        """Prepare the first render in the background; returns at once."""

    def render(
        self,
        scene: CheckedScene,
        request: RenderRequest,
        *,
        variables: Mapping[str, Any],
        on_progress: ProgressListener,
        on_segment: SegmentListener | None = None,
    ) -> RenderedVideo:
        """Draw one scene into ``request.media_dir``.

        Not every renderer can show a part of the video: then ``on_segment`` is never called.

        Raises
        ------
        RenderError
            The scene raised; ``line`` is a line of its own source.
        RenderTimeoutError
            Still drawing after ``request.timeout_s`` seconds; nothing of it is left running.
        KeyboardInterrupt
            As it came; nothing of the render is left running, and the next one works.
        """


@runtime_checkable
class Rehearser(Protocol):
    """Runs checked scenes without drawing them, and knows the manim that they run with."""

    def describe_manim(self, request: RenderRequest) -> dict[str, Any]:
        """Return the table of ``api_table.build_table``."""

    def rehearse(
        self, scene: CheckedScene, request: RenderRequest, *, variables: Mapping[str, Any]
    ) -> Rehearsal:
        """Return what would be visible; the failure of a scene is in ``failure``.

        Raises
        ------
        RenderError, RenderTimeoutError, KeyboardInterrupt
            As ``Renderer.render``, where the rehearsal itself came to no end.
        """


class GrowthEndedError(Exception):
    """A scene that was drawn while it was written cannot be drawn to its end in that way."""


Made = TypeVar("Made")


class GrowingCode(Protocol):
    """The code of a scene that is still being written; its methods may be called in any thread."""

    @property
    def first(self) -> CheckedScene:
        """What a job begins with."""

    def has_more(self) -> bool:
        """Whether it is worth it to look for more; costs nothing.

        Raises
        ------
        GrowthEndedError
            No more will come.
        """

    def find_next(self, known: CheckedScene) -> tuple[CheckedScene, bool] | None:
        """Return a longer scene, and whether it is whole; None where nothing worth it has come.

        Raises
        ------
        GrowthEndedError
            No more will come.
        """

    def call(self, work: Callable[[], Made]) -> Made:
        """Do what parses: in the thread of the run, for two threads that parse disturb each other.

        Raises
        ------
        GrowthEndedError
            It is done no more.
        """


@runtime_checkable
class LiveRenderer(Rehearser, Protocol):
    """Draws and rehearses scenes while they are written.

    Both return when the code is whole, with what the usual methods give for it, and raise
    GrowthEndedError where they cannot go on; what is drawn until then is in the caches.
    """

    def can_grow(self) -> bool:
        """Whether it can be done on this machine."""

    def render_growing(
        self,
        code: GrowingCode,
        request: RenderRequest,
        *,
        variables: Mapping[str, Any],
        on_progress: ProgressListener,
        on_segment: SegmentListener,
    ) -> RenderedVideo:
        """Draw; see ``Renderer.render``."""

    def rehearse_growing(
        self, code: GrowingCode, request: RenderRequest, *, variables: Mapping[str, Any]
    ) -> Rehearsal:
        """Rehearse; see ``Rehearser.rehearse``."""
