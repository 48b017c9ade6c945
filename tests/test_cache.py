"""Finished videos are found again by what made them, and never by anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shaperotator_magic.core.errors import RenderError
from shaperotator_magic.core.records import Origin, RenderedVideo, SceneCode
from shaperotator_magic.rendering.caching.video_cache import VideoCache, build_key, describe_request
from shaperotator_magic.rendering.exchange.finished import FinishedFiles
from shaperotator_magic.rendering.renderer import RenderRequest
from tests.scenes import build_request

CODE = SceneCode(source="x = 1", scene_name="A", origin=Origin(writer="user"))
MADE = FinishedFiles(
    file="result.mp4", duration_s=1.0, width_px=10, height_px=10, fps=5.0, media_type="video/mp4"
)

MP4, PNG = b"\0\0\0\x18ftyp", b"\x89PNG\r\n\x1a\n"


def write(cache: VideoCache, folder: Path, key: str, content: bytes = b"a video") -> RenderedVideo:
    folder.mkdir(exist_ok=True)
    (folder / "result.mp4").write_bytes(MP4 + content)
    (folder / "poster.png").write_bytes(PNG + b"poster")
    return cache.write(key, folder, MADE, renderer="worker")


def key(code: SceneCode, request: RenderRequest, variables: dict[str, Any]) -> str:
    return build_key(code, describe_request(request, variables))


@pytest.fixture
def cache(tmp_path: Path) -> VideoCache:
    return VideoCache(tmp_path / "media")


def test_read_what_was_written_is_the_same_and_says_so(cache: VideoCache, tmp_path: Path) -> None:
    written = write(cache, tmp_path / "job", "k")
    kept = cache.read("k")
    assert kept == written.model_copy(update={"is_from_cache": True})
    assert cache.read("other") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda video, entry: video.path.unlink(),
        lambda video, entry: video.poster.unlink(),
        lambda video, entry: video.path.write_bytes(b"vid"),
        lambda video, entry: entry.write_text("{}"),
        lambda video, entry: entry.write_text("half of a li"),
    ],
)
def test_read_damaged_entry_is_a_miss(
    cache: VideoCache, tmp_path: Path, damage: Callable[[RenderedVideo, Path], Any]
) -> None:
    video = write(cache, tmp_path / "job", "k")
    damage(video, tmp_path / "media" / "k.json")
    assert cache.read("k") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"fps": 11}, {"width_px": 130}, {"height_px": 74}, {"still": True}, {"seed": 1},
        {"seed": 0},
    ],
)  # fmt: skip
def test_build_key_changes_with_every_part_of_the_request(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    request = build_request(tmp_path)
    assert key(CODE, request, {}) != key(CODE, replace(request, **changes), {})


def test_build_key_changes_with_code_name_and_variables(tmp_path: Path) -> None:
    request = build_request(tmp_path)
    keys = {
        key(CODE, request, {}),
        key(CODE.model_copy(update={"source": "x = 2"}), request, {}),
        key(CODE.model_copy(update={"scene_name": "B"}), request, {}),
        key(CODE, request, {"A": 1}),
        key(CODE, request, {"A": 2}),
        key(CODE, request, {"B": 1}),
    }
    assert len(keys) == 6


def test_build_key_does_not_depend_on_where_or_how_long(tmp_path: Path) -> None:
    request = build_request(tmp_path)
    elsewhere = replace(request, media_dir=tmp_path / "other", timeout_s=1.0)
    assert key(CODE, request, {}) == key(CODE, elsewhere, {})


def test_write_beyond_the_bound_deletes_what_was_shown_longest_ago(tmp_path: Path) -> None:
    import os

    cache = VideoCache(tmp_path / "media", largest_bytes=290)
    for number in range(3):
        write(cache, tmp_path / "job", f"k{number}", bytes([number]) * 100)
        os.utime(tmp_path / "media" / f"k{number}.json", (number, number))
    write(cache, tmp_path / "job", "k3", b"\x09" * 100)
    kept = [key for key in ("k0", "k1", "k2", "k3") if cache.read(key)]
    assert kept == ["k2", "k3"]
    assert len(list((tmp_path / "media").glob("*.mp4"))) == 2


def test_write_what_is_no_video_is_refused(cache: VideoCache, tmp_path: Path) -> None:
    write(cache, tmp_path / "job", "k")
    (tmp_path / "job" / "result.mp4").write_bytes(b"<html><script>" + bytes(100))
    with pytest.raises(RenderError, match=r"left a result\.mp4 that is none"):
        cache.write("k2", tmp_path / "job", MADE, renderer="worker")
    assert cache.read("k2") is None
