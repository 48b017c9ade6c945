"""What a notebook holds of a video: itself, a smaller copy, or its address with a visible note."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from shaperotator_magic.core.records import Generation, Prompt, RenderedVideo
from shaperotator_magic.notebook.card.bundle import build_bundle
from shaperotator_magic.notebook.card.embedding import choose_file
from shaperotator_magic.notebook.card.mime import MIME_TYPE
from shaperotator_magic.notebook.sharing.sharing import read_video
from shaperotator_magic.rendering.video.transcoding import write_small_video

MB = 1_000_000
FLOOR_DB = 32.5  # the usual copy has 34.6


def write_segments(path: Path, *, height_px: int = 480, fps: int = 15, crf: str = "23") -> Path:
    """Write 4 s as a render does: a whole picture every 4 frames, and a last one that stays."""
    width_px = height_px * 16 // 9 // 2 * 2
    random = np.random.default_rng(1)
    texts = random.integers(0, 2, (height_px // 8, width_px // 8), np.uint8)
    picture = np.kron(texts, np.ones((8, 8), np.uint8))[:height_px, :width_px] * 200
    picture = np.pad(picture, ((0, height_px - picture.shape[0]), (0, width_px - picture.shape[1])))
    with av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        stream.options = {"preset": "veryfast", "bf": "0", "crf": crf, "g": "4"}
        for number in [*range(3 * fps), 4 * fps - 1]:
            frame = picture.copy()
            frame[40:80, 4 * number % 400 : 4 * number % 400 + 40] = 255
            shown = av.VideoFrame.from_ndarray(frame, format="gray").reformat(format="yuv420p")
            shown.pts, shown.time_base = number, Fraction(1, fps)
            target.mux(stream.encode(shown))
        target.mux(stream.encode(None))
    return path


def write_moving_grid(path: Path) -> Path:
    """Write 4 s in which every line of a coloured grid turns, the dearest thing that we draw."""
    with av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=15)
        stream.width, stream.height, stream.pix_fmt = 854, 480, "yuv420p"
        stream.options = {"preset": "veryfast", "bf": "0", "crf": "23"}
        for number in range(60):
            image = Image.new("RGB", (1708, 960))
            draw = ImageDraw.Draw(image)
            turned = complex(np.exp(1j * number / 40))
            for offset in range(-1600, 1601, 200):
                for way in (turned, turned * 1j):
                    ends = [854 + 480j + way * complex(x, offset) for x in (-1600, 1600)]
                    draw.line([(end.real, end.imag) for end in ends], (41, 171, 202), 3)
            small = image.resize((854, 480), Image.Resampling.BOX)
            target.mux(stream.encode(av.VideoFrame.from_image(small).reformat(format="yuv420p")))
        target.mux(stream.encode(None))
    return path


def measure_psnr_db(some: Path, other: Path) -> float:
    """Return the peak signal-to-noise ratio of the brightness over all pictures."""
    with av.open(str(some)) as left, av.open(str(other)) as right:
        errors = [
            np.square(
                a.to_ndarray(format="gray").astype(float) - b.to_ndarray(format="gray")
            ).mean()
            for a, b in zip(left.decode(video=0), right.decode(video=0), strict=True)
        ]
    return float(10 * np.log10(255**2 / np.mean(errors)))


def describe(path: Path, *, height_px: int = 480, fps: int = 15) -> RenderedVideo:
    poster = path.with_suffix(".png")
    poster.write_bytes(b"")
    return RenderedVideo(
        path=path, sha256="0" * 64, size_bytes=path.stat().st_size, duration_s=4.0,
        width_px=height_px * 16 // 9, height_px=height_px, fps=fps, poster=poster,
        renderer="worker",
    )  # fmt: skip


def test_small_copy_costs_a_third_and_is_as_long(tmp_path: Path) -> None:
    video = describe(write_segments(tmp_path / "a.mp4"))
    chosen = choose_file(video)
    assert (chosen.path, chosen.is_reduced) == (video.small_path, False)
    assert video.small_path.stat().st_size < video.size_bytes / 3
    with av.open(str(video.path)) as whole, av.open(str(video.small_path)) as copy:
        size = (copy.streams.video[0].width, copy.streams.video[0].height)
        assert size == (whole.streams.video[0].width, whole.streams.video[0].height)
        assert copy.duration == pytest.approx(whole.duration, abs=0.1 * av.time_base)
        pictures = [
            [frame.to_ndarray(format="gray").astype(int) for frame in file.decode(video=0)][20]
            for file in (whole, copy)
        ]
    # The same picture at the same time, but for what nobody sees.
    assert np.abs(pictures[0] - pictures[1]).mean() < 4


@pytest.mark.render
def test_moving_grid_costs_a_quarter_less_and_stays_clean(tmp_path: Path) -> None:
    video = describe(write_moving_grid(tmp_path / "a.mp4"))
    write_small_video(video.path, tmp_path / "usual.mp4")
    chosen = choose_file(video).path
    assert chosen == video.small_path
    assert chosen.stat().st_size < 0.8 * (tmp_path / "usual.mp4").stat().st_size
    assert measure_psnr_db(video.path, chosen) > FLOOR_DB


def test_small_copy_is_made_once(tmp_path: Path) -> None:
    video = describe(write_segments(tmp_path / "a.mp4"))
    video.small_path.write_bytes(b"made before")
    assert choose_file(video).path == video.small_path
    assert video.small_path.read_bytes() == b"made before"


def test_lean_video_is_embedded_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "lean.mp4"
    write_small_video(write_segments(tmp_path / "a.mp4"), path)
    video = describe(path)
    assert choose_file(video).path == path and not video.small_path.exists()


def test_larger_sizes_stay_whole_up_to_the_limit(tmp_path: Path) -> None:
    path = write_segments(tmp_path / "a.mp4", height_px=720, fps=30)
    assert choose_file(describe(path, height_px=720, fps=30)).path == path


def test_first_the_file_then_a_copy_then_its_address(tmp_path: Path) -> None:
    path = write_segments(tmp_path / "a.mp4", height_px=720, fps=30, crf="12")
    video = describe(path, height_px=720, fps=30)
    generation = Generation(prompt=Prompt(text="a"), video=video)
    shown = []
    for limit_bytes in (video.size_bytes, video.size_bytes - 1, 1000):
        data, _ = build_bundle(generation, kernel_id="", embed_limit_bytes=limit_bytes)
        notes = data[MIME_TYPE]["notes"]
        assert all(note.split("'")[0] in data["text/html"] for note in notes)
        shown.append((read_video(data), data[MIME_TYPE]["video"]["href"], notes))
    assert shown[0] == (path.read_bytes(), "", [])
    assert shown[1][:2] == (video.small_path.read_bytes(), "")
    assert "holds a copy of it in 480p15" in shown[1][2][0]
    with av.open(str(video.small_path)) as copy:
        assert (copy.streams.video[0].height, copy.streams.video[0].average_rate) == (480, 15)
    assert shown[2][0] is None and shown[2][1].endswith("a.mp4")
    assert "is linked, not embedded" in shown[2][2][0]
