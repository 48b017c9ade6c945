"""A video grows with every animation; each of its prefixes plays, and the end is manim's."""

from __future__ import annotations

import base64
import re
import shutil
import wave
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from benchmarks.encoding import ROOT, is_as_good, measure
from shaperotator_magic.core.records import (
    CheckedScene,
    Origin,
    RenderedVideo,
    SceneCode,
    SegmentReady,
)
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.video.encoding import find_conversion
from shaperotator_magic.rendering.worker.worker import Worker

pytestmark = pytest.mark.render

FPS = 12
THREE = """
from manim import *
class Three(Scene):
    def construct(self):
        square = Square(fill_opacity=1)
        self.play(FadeIn(square))
        self.wait(2.5)
        self.play(square.animate.shift(3 * RIGHT), run_time=0.5)
"""


def render(
    worker: Worker, source: str, media_dir: Path, **changes: Any
) -> tuple[RenderedVideo, list[tuple[SegmentReady, Path]]]:
    """Render a scene; also return what was said of its segments, each with a copy of its prefix."""
    name = source.rpartition("class ")[2].partition("(")[0]
    code = SceneCode(source=source, scene_name=name, origin=Origin(writer="user"))
    seen: list[tuple[SegmentReady, Path]] = []

    def take(segment: SegmentReady) -> None:
        prefix = media_dir / f"prefix-{segment.index}.mp4"
        prefix.write_bytes(segment.path.read_bytes()[: segment.size_bytes])
        seen.append((segment, prefix))

    media_dir.mkdir(exist_ok=True)
    video = worker.render(
        CheckedScene(code=code),
        RenderRequest(
            width_px=192, height_px=108, fps=FPS, media_dir=media_dir, timeout_s=600, **changes
        ),
        variables={},
        on_progress=lambda *_: None,
        on_segment=take,
    )
    return video, seen


def decode(video: Path) -> list[tuple[float, Any]]:
    """Return the pictures of a video with the times at which they appear, in seconds."""
    with av.open(str(video)) as source:
        return [(float(f.time), f.to_ndarray(format="rgb24")) for f in source.decode(video=0)]


def test_segments_are_told_one_by_one_and_every_prefix_plays(
    worker: Worker, tmp_path: Path
) -> None:
    video, seen = render(worker, THREE, tmp_path)
    assert [segment.index for segment, _ in seen] == [0, 1, 2, 3]  # the first one in two parts
    begun, *durations = [segment.duration_s for segment, _ in seen]
    assert 0.5 <= begun < 1
    assert durations == pytest.approx([1.0 - begun, 2.5, 0.5])
    ends = [decode(prefix)[-1][0] for _, prefix in seen]
    # A prefix lacks its last frame, whose duration the next one tells.
    assert ends == pytest.approx([begun, 1, 3.5, 4], abs=1.01)
    assert ends == sorted(ends)
    assert not seen[0][0].path.exists()
    assert video.duration_s == pytest.approx(4.0, abs=1 / FPS)
    assert video.fps == FPS


LONG = """
from manim import *
class Long(Scene):
    def construct(self):
        square = Square(fill_opacity=1)
        self.play(square.animate.shift(3 * RIGHT), run_time=3)
        self.play(FadeOut(square), run_time=2.5)
"""


def test_the_beginning_of_a_long_first_animation_plays_before_its_end(
    worker: Worker, tmp_path: Path
) -> None:
    video, seen = render(worker, LONG, tmp_path)
    begun, *_ = parts = [segment.duration_s for segment, _ in seen]
    assert len(parts) == 3
    assert 0.5 <= begun <= 1
    assert [begun + parts[1], parts[2]] == pytest.approx([3.0, 2.5])
    beginning = decode(seen[0][1])
    assert len(beginning) >= FPS * begun - 2
    assert np.abs(beginning[-1][1].astype(int) - beginning[0][1]).max() > 100  # it moves
    times = np.array([time for time, _ in decode(video.path)])
    steps = np.diff(times) * FPS  # pictures that stay are not there twice
    assert steps == pytest.approx(np.ones_like(steps), abs=1.01)
    assert (np.abs(steps - 1) < 0.01).mean() > 0.9
    assert times[-1] == pytest.approx(5.5 - 1 / FPS, abs=0.001)


def test_a_picture_that_stays_is_stored_once_a_second(worker: Worker, tmp_path: Path) -> None:
    pictures = decode(render(worker, THREE, tmp_path)[0].path)
    waiting = [time for time, _ in pictures if 1.0 <= time < 3.5]
    assert 3 <= len(waiting) <= 5
    assert max(np.diff([time for time, _ in pictures])) <= 1.01


def test_the_pictures_are_those_of_manim(worker: Worker, tmp_path: Path) -> None:
    pictures = decode(render(worker, THREE, tmp_path)[0].path)
    last = pictures[-1]
    assert last[0] == pytest.approx(4.0 - 1 / FPS, abs=0.01)
    middle = [picture for time, picture in pictures if 1.5 < time < 3.4]
    for picture in middle:
        assert picture[54, 96].min() > 240  # the square in the middle
        assert picture[54, 96 + 41].max() < 16
    assert last[1][54, 96 + 38].min() > 240  # moved to the right, but for its last step
    assert last[1][54, 80].max() < 16


def test_a_scene_with_a_sound_keeps_it(worker: Worker, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "beep.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        tone = 8000 * np.sin(np.arange(8000) / 3)
        sound.writeframes(tone.astype("<i2").tobytes())
    source = THREE.replace("square = Sq", "self.add_sound('beep.wav')\n        square = Sq")
    video, _ = render(worker, source, tmp_path / "media", inputs=(tmp_path / "beep.wav",))
    with av.open(str(video.path)) as made:
        assert len(made.streams.audio) == 1
    assert video.duration_s == pytest.approx(4.0, abs=0.2)


SPECIAL = {
    "sections": """
from manim import *
class Sections(Scene):
    def construct(self):
        self.next_section("one")
        self.play(Create(Circle()), run_time=0.5)
        self.next_section("skipped", skip_animations=True)
        self.play(Create(Square()), run_time=3)
        self.next_section("two")
        self.play(FadeOut(*self.mobjects), run_time=0.5)
""",
    "stop condition": """
from manim import *
class Stop(Scene):
    def construct(self):
        dot = Dot().add_updater(lambda d, dt: d.shift(2 * dt * RIGHT))
        self.add(dot)
        self.wait_until(lambda: dot.get_x() >= 2, max_time=10)
""",
    "one frame": f"""
from manim import *
class One(Scene):
    def construct(self):
        self.play(Create(Circle()), run_time={1 / FPS})
        self.wait({11 / FPS})
""",
    "zoomed": """
from manim import *
class Zoomed(ZoomedScene):
    def construct(self):
        self.add(Dot())
        self.activate_zooming(animate=False)
        self.play(self.zoomed_camera.frame.animate.shift(RIGHT))
""",
    "subcaption": """
from manim import *
class Said(Scene):
    def construct(self):
        self.add_subcaption("Hello", duration=1)
        self.play(Create(Circle()))
""",
}


@pytest.mark.parametrize("name", SPECIAL)
def test_every_kind_of_animation_lasts_as_long_as_in_manim(
    worker: Worker, tmp_path: Path, name: str
) -> None:
    video, seen = render(worker, SPECIAL[name], tmp_path)
    assert video.duration_s == pytest.approx(1.0, abs=1.01 / FPS)
    assert sum(segment.duration_s for segment, _ in seen) == pytest.approx(
        video.duration_s, abs=0.01
    )


def test_a_still_has_no_segments(worker: Worker, tmp_path: Path) -> None:
    video, seen = render(worker, THREE, tmp_path, still=True)
    assert video.media_type == "image/png"
    assert seen == []


def test_conversion_to_the_colours_of_a_video_is_that_of_the_library() -> None:
    smooth = np.indices((64, 96)).sum(axis=0).astype(np.uint8)
    pixels = np.stack([smooth, smooth[::-1], smooth[:, ::-1], 255 + 0 * smooth], axis=2)
    ours = find_conversion("yuv420p")(pixels, None).to_ndarray().astype(int)
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgba")
    theirs = frame.reformat(format="yuv420p").to_ndarray().astype(int)
    assert np.abs(ours[:64] - theirs[:64]).max() <= 1  # brightness
    assert np.abs(ours - theirs).mean() < 1


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs Chromium")
@pytest.mark.browser
def test_a_paused_player_finds_the_picture_of_a_wait(worker: Worker, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    video, _ = render(worker, THREE, tmp_path)
    content = base64.b64encode(video.path.read_bytes()).decode()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.set_content(f'<video muted src="data:video/mp4;base64,{content}"></video>')
        light = page.evaluate(
            """async () => {
              const video = document.querySelector('video');
              await new Promise((done) => video.readyState >= 2 ? done() :
                video.addEventListener('loadeddata', done, {once: true}));
              const canvas = document.createElement('canvas');
              canvas.width = 192; canvas.height = 108;
              const context = canvas.getContext('2d', {willReadFrequently: true});
              const found = [];
              for (const time of [2.7, 1.4, 3.95, 3.2]) {
                video.currentTime = time;
                await new Promise((done) => video.addEventListener('seeked', done, {once: true}));
                context.drawImage(video, 0, 0);
                found.push([96, 138].map((x) => context.getImageData(x, 54, 1, 1).data[0]));
              }
              return [video.duration, found];
            }"""
        )
        browser.close()
    duration_s, ((at_2, _), (at_1, right_1), (_, right_3), (at_3, _)) = light
    assert duration_s == pytest.approx(4.0, abs=0.1)
    assert min(at_1, at_2, at_3) > 240
    assert right_1 < 16 < right_3


def test_thin_coloured_lines_are_as_good_as_in_manims_file(tmp_path: Path) -> None:
    source = (ROOT / "benchmarks" / "scenes" / "s10_vector_field.py").read_text("utf-8")
    scene = tmp_path / "s10_vector_field.py"
    # manim's own run would need LaTeX for the formula of the title.
    scene.write_text(re.sub(r"MathTex\(r\".*?\"\)", 'Text("F(x, y)")', source), "utf-8")
    rows = measure(scene, ["--height", "480"])
    assert is_as_good(rows["ours"], rows["manim"]), rows
