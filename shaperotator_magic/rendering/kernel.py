"""Rendering in the user's kernel by manim's own ``%manim`` magic.

It sees every variable of the kernel and takes manim's own flags. It runs in the main thread, so it
can neither be isolated nor be stopped by a time limit; the user interrupts it like any cell.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shaperotator_magic.errors import RenderError
from shaperotator_magic.records import CheckedScene, RenderedVideo
from shaperotator_magic.rendering.cache import VideoCache, build_key
from shaperotator_magic.rendering.renderer import ProgressListener, RenderRequest
from shaperotator_magic.rendering.scene_run import describe_failure
from shaperotator_magic.rendering.video import PosterPicker, finish_still, finish_video

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

FindScene = Callable[[CheckedScene], type[Any]]


class KernelRenderer:
    """Draws a scene class of the kernel with manim's Jupyter integration.

    Parameters
    ----------
    shell
        The shell whose ``%manim`` is used.
    find_scene
        Returns the injected class of a checked scene.
    """

    name = "kernel"

    def __init__(self, shell: InteractiveShell, find_scene: FindScene) -> None:
        self._shell = shell
        self._find_scene = find_scene

    def warm_up(self) -> None:
        """Nothing can begin before the cell's own thread is free."""

    def render(
        self,
        scene: CheckedScene,
        request: RenderRequest,
        *,
        variables: Mapping[str, Any],
        on_progress: ProgressListener,
    ) -> RenderedVideo:
        """Draw one scene in this kernel; see ``Renderer.render``. Its time is not limited."""
        scene_class = self._find_scene(scene)
        with tempfile.TemporaryDirectory(prefix="shaperotator-") as name:
            folder = Path(name)
            made = self._draw(scene_class, request, folder, on_progress)
            # Kernel variables decide the picture, so nothing that was drawn here is reused.
            key = build_key(scene.code, request, {"kernel": name})
            return VideoCache(request.media_dir).write(key, folder, made, renderer="kernel")

    def _draw(
        self,
        scene_class: type[Any],
        request: RenderRequest,
        folder: Path,
        on_progress: ProgressListener,
    ) -> dict[str, Any]:
        with _watching(on_progress) as watch, _kept_as_it_was(folder) as log:
            try:
                self._run_magic(scene_class, request, folder)
            except (Exception, SystemExit) as exc:
                (folder / "log.txt").write_text(log.getvalue())
                raise RenderError(
                    **describe_failure(exc, folder / "log.txt", _find_file(scene_class))
                ) from exc
        if watch.made is None:
            raise RenderError("Manim made no picture.", hint="Look at the flags after --.")
        if watch.made.suffix == ".png":
            return finish_still(watch.made, folder)
        return finish_video(watch.made, folder, watch.poster)

    def _run_magic(self, scene_class: type[Any], request: RenderRequest, folder: Path) -> None:
        from manim.utils.ipython_magic import ManimMagic

        name = scene_class.__name__
        # A namespace of its own: %manim reads the scene and a variable named config from it.
        draw: Callable[..., None] = ManimMagic(self._shell).manim
        draw(_build_line(name, request, folder), None, {name: scene_class})


def _build_line(name: str, request: RenderRequest, folder: Path) -> str:
    own = [
        "-v", "ERROR", "--progress_bar", "none", "--disable_caching",
        "--resolution", f"{request.width_px},{request.height_px}",
        "--frame_rate", str(request.fps), "--media_dir", str(folder),
    ]  # fmt: skip
    if request.still:
        own.append("-s")
    return " ".join([*own, *request.manim_args, name])


def _find_file(scene_class: type[Any]) -> str:
    return str(scene_class.construct.__code__.co_filename)


class _Watch:
    """What was seen of one render: the frames, the picture for the poster, the file."""

    def __init__(self, on_progress: ProgressListener) -> None:
        self.poster = PosterPicker()
        self.made: Path | None = None
        self._frames = 0
        self._on_progress = on_progress

    def count(self, number: int) -> None:
        self._frames += number
        self._on_progress(self._frames, None)


@contextlib.contextmanager
def _watching(on_progress: ProgressListener) -> Iterator[_Watch]:
    """Look over manim's shoulder for one render, then step back."""
    from manim.renderer.cairo_renderer import CairoRenderer

    watch = _Watch(on_progress)
    add_frame, play, finish = (
        CairoRenderer.add_frame,
        CairoRenderer.play,
        CairoRenderer.scene_finished,
    )

    def count(renderer: Any, frame: Any, num_frames: int = 1) -> None:
        add_frame(renderer, frame, num_frames)
        watch.count(num_frames)

    def see(renderer: Any, scene: Any, *animations: Any, **options: Any) -> None:
        play(renderer, scene, *animations, **options)
        watch.poster.see(renderer.camera.pixel_array)

    def note_file(renderer: Any, scene: Any) -> None:
        finish(renderer, scene)
        made = getattr(renderer.file_writer, "final_file_path", None)
        watch.made = Path(made).resolve() if made else None

    replaced = {"add_frame": count, "play": see, "scene_finished": note_file}
    for name, function in replaced.items():
        setattr(CairoRenderer, name, function)
    try:
        yield watch
    finally:
        CairoRenderer.add_frame = add_frame  # type: ignore[method-assign]
        CairoRenderer.play = play  # type: ignore[method-assign]
        CairoRenderer.scene_finished = finish  # type: ignore[method-assign]


@contextlib.contextmanager
def _kept_as_it_was(folder: Path) -> Iterator[io.StringIO]:
    """Give manim a folder to work in and take its output; leave kernel and config as they were."""
    import manim
    from IPython.utils.capture import capture_output

    log = io.StringIO()
    handler = logging.StreamHandler(log)
    config = dict(manim.config._d)
    level, handlers = manim.logger.level, list(manim.logger.handlers)
    before = Path.cwd()
    # %manim wants its output below the working folder.
    os.chdir(folder)
    manim.logger.handlers = [handler]
    try:
        with capture_output():
            yield log
    finally:
        os.chdir(before)
        manim.config._d.update(config)
        manim.logger.setLevel(level)
        manim.logger.handlers = handlers
