"""The file with the shapes of a scene: what is sound is read, what is not is refused."""

from __future__ import annotations

import contextlib
import json
import struct
import zlib
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.core.records import CheckedScene, Origin, SceneCode
from shaperotator_magic.rendering.caching.video_cache import VideoCache
from shaperotator_magic.rendering.exchange.finished import FinishedFiles
from shaperotator_magic.rendering.exchange.geometry import (
    COLUMNS,
    GEOMETRY_NAME,
    LARGEST_GEOMETRY_BYTES,
    CameraView,
    Counts,
    GeometryError,
    Header,
    Moment,
    Projection,
    check_geometry,
    pack_geometry,
)
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.scene import moments
from shaperotator_magic.rendering.scene.moments import MomentRecorder, rank_frames
from shaperotator_magic.rendering.scene.shapes import project
from shaperotator_magic.rendering.worker.worker import Worker

CAMERA = CameraView(kind="flat", frame=(14.2, 8.0), background=(0, 0, 0))
COUNTS = Counts(points=3, points_4d=0, paths=1, curves=1, corners=3, styles=1, colors=1, items=1)
# A triangle, filled in one colour.
VALUES: dict[str, list[int]] = {
    "points": [0, 10, 0, 0, 0, 10, 0, 0, 0], "points_4d": [], "path_curves": [1],
    "path_kinds": [0], "curve_corners": [3], "curve_flags": [3], "corners": [0, 1, 1],
    "style_stops": [1, 0, 0], "style_widths": [0, 0], "style_ends": [0, 0],
    "colors": [255, 1, 0, 255], "item_paths": [0], "item_styles": [0], "item_flags": [4],
    "item_points": [0, 0, 0], "moment_items": [0],
}  # fmt: skip


def pack(counts: Counts = COUNTS, **changes: list[int]) -> bytes:
    header = Header(
        unit=0.01, counts=counts, moments=(Moment(step=0, end_s=1.0, camera=CAMERA, items=1),)
    )
    values = {**VALUES, **changes}
    return pack_geometry(header, {c.name: array(c.code, values[c.name]) for c in COLUMNS})


def repack(change: Callable[[dict[str, Any]], object], extra: bytes = b"") -> bytes:
    """Return the file with another header, and something behind its columns."""
    payload = zlib.decompress(pack()[4:])
    (length,) = struct.unpack_from("<I", payload)
    header = json.loads(payload[4 : 4 + length])
    change(header)
    text = json.dumps(header).encode()
    content = struct.pack("<I", len(text)) + text + payload[4 + length :] + extra
    return b"SRG1" + zlib.compress(content)


def test_sound_file_is_read() -> None:
    header = check_geometry(pack())
    assert header.counts == COUNTS
    assert header.moments[0].camera == CAMERA


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "foreign": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "too large": b"SRG1" + bytes(LARGEST_GEOMETRY_BYTES),
    "no stream": b"SRG1" + b"not compressed",
    "cut off": pack()[:-6],
    "a bomb": b"SRG1" + zlib.compress(bytes(50_000_000), 9),
    "something behind the stream": pack() + b"<script>",
    "something behind the columns": repack(lambda header: None, b"<script>"),
    "header of four bytes alone": b"SRG1" + zlib.compress(struct.pack("<I", 2**31)),
    "header with more keys": repack(lambda header: header.update(script="alert(1)")),
    "header without a moment": repack(lambda header: header.update(moments=[])),
    "unit that is no number": repack(lambda header: header.update(unit="1")),
    "unit without end": repack(lambda header: header.update(unit=float("inf"))),
    "count below none": repack(lambda header: header["counts"].update(points=-1)),
    "count of more than there is": repack(lambda header: header["counts"].update(points=60000)),
    "camera without a picture": repack(
        lambda header: header["moments"][0]["camera"].update(frame=[0, 0])
    ),
    "corner at no point": pack(corners=[0, 1, 9]),
    "item on no path": pack(item_paths=[7]),
    "item in no style": pack(item_styles=[1]),
    "anchor at no point": pack(item_points=[0, 0, 3]),
    "flag that means nothing": pack(item_flags=[3]),
    "shown item that is not there": pack(moment_items=[5]),
    "curve that is no curve": pack(curve_flags=[0]),
    "path of no projection": pack(path_kinds=[1]),
    "more colours than there are": pack(style_stops=[2, 0, 0]),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_file_is_refused(content: bytes) -> None:
    with pytest.raises(GeometryError):
        check_geometry(content)


@pytest.mark.parametrize("kind", ["damaged", "a link", "missing"])
def test_video_is_kept_where_its_shapes_are_not_sound(tmp_path: Path, kind: str) -> None:
    folder, media = tmp_path / "job", tmp_path / "media"
    folder.mkdir()
    (folder / "result.mp4").write_bytes(b"\0\0\0\x20ftypisom")
    (folder / "poster.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    if kind == "damaged":
        (folder / "geometry.srg").write_bytes(pack()[:-3])
    elif kind == "a link":
        (folder / "geometry.srg").symlink_to("/etc/hostname")
    made = FinishedFiles(
        file="result.mp4", geometry="geometry.srg", duration_s=1, width_px=8, height_px=8, fps=15,
        media_type="video/mp4",
    )  # fmt: skip
    video = VideoCache(media).write("0" * 64, folder, made, renderer="worker")
    assert video.path.exists() and video.geometry is None
    assert "cannot be turned" in video.notes[0]


def test_shapes_that_would_be_too_large_are_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from manim import Cube, ThreeDScene, tempconfig

    with tempconfig({"dry_run": True, "media_dir": str(tmp_path)}):
        scene = ThreeDScene()
        scene.add(Cube())
        recorder = MomentRecorder(scene)
        recorder.see(0, 0, 15)
    assert recorder.has_any and recorder.write(tmp_path, 15)
    assert check_geometry((tmp_path / GEOMETRY_NAME).read_bytes()).counts.items == 6
    monkeypatch.setattr(moments, "LARGEST_GEOMETRY_BYTES", 100)
    assert not recorder.write(tmp_path, 15)


def test_frames_within_an_animation_have_ranks_by_their_distance() -> None:
    assert rank_frames(2, 15) == {1: 0}
    assert rank_frames(8, 15) == {7: 0, 3: 1}
    assert rank_frames(16, 15) == {15: 0, 7: 1, 3: 2, 11: 2}
    assert max(rank_frames(6000, 60).values()) == 4
    assert len(rank_frames(6000, 60)) == 16


SPIN = """from manim import *


class Spin(ThreeDScene):
    def construct(self):
        never = (n for n in "ab")  # cannot be put aside: the scene runs from its beginning
        self.set_camera_orientation(phi=1.1, theta=0.6)
        cube = Cube()
        self.play(FadeIn(cube), run_time=1)
        self.play(Rotate(cube, 6, rate_func=linear), run_time=2)
        self.play(cube.animate.shift(RIGHT), run_time=1)
"""


@pytest.mark.render
def test_animations_that_are_kept_have_the_same_shapes_as_drawn_ones(tmp_path: Path) -> None:
    changed = SPIN.replace("RIGHT", "LEFT")
    with contextlib.closing(Worker()) as worker:
        first, kept = (draw(worker, source, tmp_path / "kept") for source in (SPIN, changed))
        drawn = draw(worker, changed, tmp_path / "drawn")
    assert kept == drawn != first
    header = check_geometry(drawn)
    assert [moment.step for moment in header.moments] == [0] * 4 + [1] * 8 + [2] * 4
    assert [m.end_s for m in header.moments if m.step == 1] == [
        1.2, 1.5, 1.8, 2.0, 2.2, 2.5, 2.8, 3.0
    ]  # fmt: skip


def draw(worker: Worker, source: str, media_dir: Path) -> bytes:
    """Return the shapes of a scene, drawn with 10 frames a second."""
    code = SceneCode(source=source, scene_name="Spin", origin=Origin(writer="user"))
    request = RenderRequest(width_px=426, height_px=240, fps=10, media_dir=media_dir)
    video = worker.render(
        CheckedScene(code=code), request, variables={}, on_progress=lambda done, total: None
    )
    assert video.geometry is not None
    return video.geometry.read_bytes()


def test_four_dimensions_are_projected_from_both_eyes() -> None:
    four = np.array([[1.0, 2.0, 0.5, 1.0]])
    parallel = project(four, Projection(center=(1, 0, 0)))
    assert parallel.tolist() == [[2.0, 2.0, 0.5]]
    near = project(four, Projection(eye=2.0, eye_3d=4.0))
    # Twice as large from the eye on the w-axis; then four thirds, at the depth 1.
    assert np.allclose(near, [[2 * 4 / 3, 4 * 4 / 3, 0]])
