"""manim's own %manim in the user's kernel: the same contract, and a kernel as it was before."""

from __future__ import annotations

import logging
import random
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.core.errors import RenderError, RenderTimeoutError
from shaperotator_magic.core.records import CheckedScene, RenderedVideo
from shaperotator_magic.rendering.kernel import KernelRenderer
from tests.pace import Stopwatch, interrupt_when
from tests.scenes import CIRCLE, build_construct, build_request, build_scene

pytestmark = pytest.mark.render


@pytest.fixture
def shell() -> Iterator[Any]:
    """A shell of its own, for the time of a test the one that get_ipython() returns."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


@pytest.fixture
def kernel(
    shell: Any, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> KernelRenderer:
    """A renderer in a folder of its own."""
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))

    def define(scene: CheckedScene) -> Any:
        code = compile(scene.code.source, "<cell>", "exec")
        exec(code, shell.user_ns)
        return shell.user_ns[scene.code.scene_name]

    return KernelRenderer(shell, define)


def render(
    kernel: KernelRenderer, scene: CheckedScene, media_dir: Path, **changes: Any
) -> RenderedVideo:
    request = build_request(media_dir, **changes)
    return kernel.render(scene, request, variables={}, on_progress=lambda done, total: None)


def count_frames(path: Path) -> int:
    import av

    with av.open(str(path)) as source:
        return sum(1 for _ in source.decode(video=0))


def describe_kernel() -> dict[str, Any]:
    """Everything of this process that a render might leave changed."""
    import manim
    from manim.renderer.cairo_renderer import CairoRenderer

    return {
        "config": {key: repr(value) for key, value in manim.config._d.items()},
        "level": manim.logger.level,
        "handlers": list(manim.logger.handlers),
        "root": list(logging.getLogger().handlers),
        "folder": Path.cwd(),
        "files": list(Path.cwd().iterdir()),
        "renderer": {
            name: vars(CairoRenderer)[name] for name in ("add_frame", "play", "scene_finished")
        },
        "threads": [thread.name for thread in threading.enumerate()],
        "jobs": sorted(Path(tempfile.gettempdir()).glob("shaperotator-job-*")),
    }


def test_kernel_render_gives_a_video_and_shows_nothing(
    kernel: KernelRenderer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    video = render(kernel, build_scene(CIRCLE), tmp_path)
    assert (video.width_px, video.height_px, video.fps) == (128, 72, 10)
    assert (count_frames(video.path), video.renderer) == (15, "kernel")
    assert video.path.name == f"{video.sha256}.mp4"
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".mp4", ".png"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("body", ["self.play(Create(Dot()))", "1 / 0", "raise KeyboardInterrupt"])
def test_kernel_render_leaves_the_kernel_as_it_was(
    kernel: KernelRenderer, tmp_path: Path, body: str
) -> None:
    before = describe_kernel()
    try:
        render(kernel, build_construct(body), tmp_path)
    except (RenderError, KeyboardInterrupt):
        assert body != "self.play(Create(Dot()))"
    assert describe_kernel() == before


def test_kernel_render_sees_the_users_variables_also_one_named_config(
    kernel: KernelRenderer, shell: Any, tmp_path: Path
) -> None:
    shell.user_ns.update(seconds=0.7)
    source = "from manim import *\nconfig = {'frame_rate': 'mine'}\n" + build_construct(
        "self.play(Create(Dot()), run_time=seconds)"
    ).code.source.removeprefix("from manim import *\n")
    video = render(kernel, build_scene(source), tmp_path)
    assert count_frames(video.path) == 7
    assert shell.user_ns["config"] == {"frame_rate": "mine"}


def test_kernel_render_passes_manims_own_flags_on(kernel: KernelRenderer, tmp_path: Path) -> None:
    scene = build_construct("self.play(Create(Dot()))")
    flags = ("--disable_caching", "-r", "96,54", "--fps=5")
    video = render(kernel, scene, tmp_path, manim_args=flags)
    assert (video.width_px, video.height_px, video.fps) == (96, 54, 5)


@pytest.mark.parametrize("flags", [("-t",), ("--format", "gif")])
def test_kernel_render_in_another_format_still_plays_everywhere(
    kernel: KernelRenderer, tmp_path: Path, flags: tuple[str, ...]
) -> None:
    import av

    video = render(kernel, build_construct("self.play(Create(Dot()))"), tmp_path, manim_args=flags)
    with av.open(str(video.path)) as source:
        assert source.streams.video[0].codec_context.name == "h264"
    assert count_frames(video.path) == 10


def test_kernel_render_still_is_a_picture(kernel: KernelRenderer, tmp_path: Path) -> None:
    video = render(kernel, build_construct("self.add(Dot())"), tmp_path, still=True)
    assert (video.media_type, video.path.suffix) == ("image/png", ".png")


def test_kernel_render_error_names_what_and_the_line(
    kernel: KernelRenderer, tmp_path: Path
) -> None:
    with pytest.raises(RenderError, match="NameError: name 'ShowCreation'") as caught:
        render(kernel, build_construct("c = Circle()\nself.play(ShowCreation(c))"), tmp_path)
    assert caught.value.line == 5


def test_kernel_render_beyond_its_time_stops_at_the_next_frame(
    kernel: KernelRenderer, tmp_path: Path
) -> None:
    endless = build_construct("while True: self.play(Create(Circle()))")
    with Stopwatch() as watch, pytest.raises(RenderTimeoutError, match="after 1 s") as caught:
        render(kernel, endless, tmp_path, timeout_s=1.0)
    assert caught.value.hint.endswith("--timeout 600")
    assert watch.seconds < 10


def test_kernel_render_interrupted_stops_within_a_second_and_the_next_one_works(
    kernel: KernelRenderer, tmp_path: Path
) -> None:
    before = describe_kernel()
    endless = build_construct("while True: self.play(Create(Circle()))")
    is_drawn = threading.Event()
    with Stopwatch() as watch, pytest.raises(KeyboardInterrupt):
        interrupter = interrupt_when(is_drawn, watch)
        kernel.render(
            endless, build_request(tmp_path), variables={},
            on_progress=lambda done, total: is_drawn.set(),
        )  # fmt: skip
    interrupter.join()
    assert watch.seconds < 1
    assert describe_kernel() == before
    assert count_frames(render(kernel, build_scene(CIRCLE), tmp_path).path) == 15


def test_kernel_render_interrupted_at_the_start_of_an_encoder_leaves_no_thread_and_no_folder(
    kernel: KernelRenderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from manim.scene import scene_file_writer

    class InterruptedThread(threading.Thread):
        def start(self) -> None:
            super().start()
            raise KeyboardInterrupt

    monkeypatch.setattr(scene_file_writer, "Thread", InterruptedThread)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        render(kernel, build_scene(CIRCLE), tmp_path / "media")
    assert [t.name for t in threading.enumerate() if t.name.startswith("partial-movie")] == []
    assert list(tmp_path.glob("shaperotator-job-*")) == []


def test_kernel_render_with_a_seed_repeats_and_takes_no_number_from_the_user(
    kernel: KernelRenderer, tmp_path: Path
) -> None:
    body = "import random\nself.add(Dot([random.random(), np.random.random(), 0]))"
    before = random.getstate(), np.random.get_state()[1].tolist()  # type: ignore[index]
    first, second = (
        render(kernel, build_construct(body), tmp_path, seed=seed, still=True).sha256
        for seed in (0, 0)
    )
    other = render(kernel, build_construct(body), tmp_path, seed=1, still=True).sha256
    assert (first == second, first == other) == (True, False)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # type: ignore[index]


def test_kernel_render_asks_no_package_index(
    kernel: KernelRenderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(urllib.request, "urlopen", asked.append)
    render(kernel, build_construct("self.add(Dot())"), tmp_path)
    assert asked == []


def test_kernel_render_works_where_folders_have_spaces_and_links(
    kernel: KernelRenderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "John Doe").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "John Doe")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "link"))
    video = render(kernel, build_scene(CIRCLE), tmp_path / "my media")
    assert count_frames(video.path) == 15


def test_kernel_render_reports_frames_ten_times_a_second_at_most(
    kernel: KernelRenderer, tmp_path: Path
) -> None:
    seen: list[tuple[int, int | None]] = []
    began = time.monotonic()
    kernel.render(
        build_construct("self.play(Create(Circle()), run_time=4)"),
        build_request(tmp_path, fps=30),
        variables={},
        on_progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[0] == (1, None)
    assert len(seen) <= 10 * (time.monotonic() - began) + 1
