"""Quality, size and cost of the encoder beside manim's, on scenes of thin coloured lines.

    python -m benchmarks.encoding [--only NAME] [--height 480] [--crf N --x264 PARAMETERS]

Each scene is drawn once. The frames of every animation are then encoded by manim's encoder and by
ours; with ``--crf`` and ``--x264`` by ours with these settings, too. Printed for each: PSNR of luma
and of chroma (both planes together) against the frames before encoding, mean of the frames and the
worst frame, the size of the segments' packets together, which is nearly that of the joined file,
and the CPU time of encoding them. The mean is that of the error, so that a perfect frame does not
hide a bad one. 'As good' is what lies at most 0.5 dB below manim's in every figure, at most 1.1
times as large. The first animation is encoded as in a render, with the short lookahead of what is
shown at once.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "shaperotator_magic" / "writing" / "scenes"
SCENES = (
    ROOT / "tests" / "data" / "strangers" / "plane_colors.py",
    *(ROOT / "benchmarks" / "scenes" / f"{name}.py" for name in (
        "s01_function_plot", "s02_matrix_transform", "s10_vector_field")),
    *(LIBRARY / f"{name}.py" for name in (
        "change_of_basis", "complex_multiplication", "fourier_vectors", "standing_waves",
        "lagrange_multipliers", "double_pendulum")),
)  # fmt: skip
FPS = 15
_BEST_DB, _NEAR_DB, _LARGEST_SHARE = 99.0, 0.5, 1.1
Planes = npt.NDArray[np.int16]


@dataclass
class Tally:
    """Errors of one encoder, summed over the frames, and what its files cost."""

    size_bytes: int = 0
    cpu_s: float = 0.0
    luma: list[float] = field(default_factory=list)
    chroma: list[float] = field(default_factory=list)

    def summarize(self) -> dict[str, float]:
        """Return the figures of one row."""
        return {
            "luma": _as_db(sum(self.luma) / len(self.luma)),
            "worst_luma": _as_db(max(self.luma)),
            "chroma": _as_db(sum(self.chroma) / len(self.chroma)),
            "worst_chroma": _as_db(max(self.chroma)),
            "size_kb": self.size_bytes / 1000,
            "cpu_s": self.cpu_s,
        }


def _as_db(mean_square: float) -> float:
    return 10 * math.log10(255**2 / mean_square) if mean_square else _BEST_DB


class Comparison:
    """Takes the frames of one animation after the other, in the place of manim's encoder."""

    def __init__(self, candidate: dict[str, str] | None) -> None:
        self._candidate = candidate
        self._frames: list[tuple[Any, int]] = []
        self.tallies: dict[str, Tally] = {}

    def take(self, pixels: Any, repeat: int) -> None:
        """Take a frame of the animation."""
        self._frames.append((np.array(pixels, order="C"), repeat))

    def finish(self, spec: Any) -> None:
        """Encode the animation in every way, and compare what was decoded."""
        from manim.scene.video_segment_encoder import VideoSegmentEncoder

        from shaperotator_magic.rendering.video.encoding import ENCODER_OPTIONS, SegmentEncoder

        frames, self._frames = self._frames, []
        if not frames:
            return
        self._encode("manim", frames, lambda path: VideoSegmentEncoder(target=path, spec=spec))
        settings = {"ours": ENCODER_OPTIONS}
        if self._candidate:
            settings["candidate"] = {**ENCODER_OPTIONS, **self._candidate}
        for name, options in settings.items():
            ours = replace(spec, options=tuple(sorted(options.items())))
            on_begun = None if name in self.tallies else lambda *_: None
            self._encode(
                name,
                frames,
                lambda path, ours=ours, on_begun=on_begun: SegmentEncoder(
                    target=path, spec=ours, on_finished=lambda _: None, on_begun=on_begun
                ),
            )

    def _encode(self, name: str, frames: list[tuple[Any, int]], build: Any) -> None:
        tally = self.tallies.setdefault(name, Tally())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "segment.mp4"
            began = time.process_time()
            encoder = build(path)
            for pixels, repeat in frames:
                encoder.write_frame(pixels, repeat=repeat)
            encoder.finish()
            tally.cpu_s += time.process_time() - began
            _compare(frames, path, tally)


def _compare(frames: list[tuple[Any, int]], path: Path, tally: Tally) -> None:
    """Add the size, and the errors of every frame as long as it is shown."""
    import av

    with av.open(str(path)) as source:
        stream = source.streams.video[0]
        shown = []
        for packet in source.demux(stream):
            tally.size_bytes += packet.size
            shown += [
                (round(float(frame.pts * stream.time_base) * FPS), _read_planes(frame))  # type: ignore[operator]
                for frame in packet.decode()
            ]
    wanted = [pixels for pixels, repeat in frames for _ in range(repeat)]
    last: tuple[int, Any] | None = None
    place = 0
    for number, pixels in enumerate(wanted):
        while place + 1 < len(shown) and shown[place + 1][0] <= number:
            place += 1
        if last is None or last[0] != id(pixels):
            raw = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(format="yuv420p")
            last = id(pixels), _read_planes(raw)
        for found, is_, was in zip(
            (tally.luma, tally.chroma), shown[place][1], last[1], strict=True
        ):
            found.append(float(((is_ - was) ** 2.0).mean()))


def _read_planes(frame: Any) -> tuple[Planes, Planes]:
    """Return luma, and both planes of chroma."""
    planes = [
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    ]
    return planes[0].astype(np.int16), np.stack(planes[1:]).astype(np.int16)


def run_child(options: argparse.Namespace) -> None:
    """Draw one scene in this process and print its tallies."""
    import manim
    from manim.scene.scene_file_writer import SceneFileWriter

    from shaperotator_magic.rendering.process.scene_run import import_manim

    import_manim()
    candidate = {"crf": options.crf, "x264-params": options.x264} if options.x264 else None
    comparison = Comparison(candidate)
    manim.config.update(
        {
            "media_dir": str(options.media),
            "pixel_height": options.height,
            "pixel_width": round(options.height * 16 / 18) * 2,
            "frame_rate": FPS,
            "disable_caching": True,
            "progress_bar": "none",
            "verbosity": "ERROR",
            "seed": 1,
        }
    )
    begun: list[bool] = []
    writer: Any = SceneFileWriter
    writer.begin_animation = lambda self, allow_write=False, **_: begun.append(allow_write)
    writer.write_frame = lambda self, pixels, repeat=1: comparison.take(pixels, repeat)
    writer.end_animation = lambda self, allow_write=False: comparison.finish(self.video_encoder)
    writer.finish = lambda self: None
    namespace: dict[str, Any] = {"__name__": "scene"}
    source = options.child.read_text()
    exec(compile(source, str(options.child), "exec"), namespace)
    namespace[source.rsplit("\nclass ", 1)[-1].split("(", 1)[0]]().render()
    print(json.dumps({name: t.summarize() for name, t in comparison.tallies.items()}))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", default="")
    parser.add_argument("--height", type=int, default=480)
    parser.add_argument("--crf", default="28")
    parser.add_argument("--x264", help="a candidate's x264-params")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--media", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        run_child(options)
        return 0
    print(
        "scene                   encoder     luma  worst  chroma  worst     kB   of manim's  CPU s"
    )
    for scene in SCENES:
        if options.only in scene.stem:
            report(scene, options)
    return 0


def measure(scene: Path, options: list[str]) -> dict[str, dict[str, float]]:
    """Draw a scene in a process of its own; return the figures of each encoder.

    Raises
    ------
    RuntimeError
        The scene failed.
    """
    with tempfile.TemporaryDirectory() as media:
        command = [sys.executable, "-m", "benchmarks.encoding", "--child", str(scene)]
        command += ["--media", media, *options]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(f"{scene.stem} failed: {done.stderr[-300:]}")
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def is_as_good(ours: dict[str, float], manims: dict[str, float]) -> bool:
    """Return whether ours is within 0.5 dB of manim's in every figure, at 1.1 of its size."""
    planes = ("luma", "worst_luma", "chroma", "worst_chroma")
    is_clear = all(ours[plane] >= manims[plane] - _NEAR_DB for plane in planes)
    return is_clear and ours["size_kb"] <= _LARGEST_SHARE * manims["size_kb"]


def report(scene: Path, options: argparse.Namespace) -> None:
    """Print the rows of one scene."""
    settings = ["--height", str(options.height), "--crf", options.crf]
    settings += ["--x264", options.x264] if options.x264 else []
    try:
        rows = measure(scene, settings)
    except RuntimeError as exc:
        print(exc)
        return
    for name, row in rows.items():
        print(
            f"{scene.stem:23} {name:10} {row['luma']:5.1f}  {row['worst_luma']:5.1f}"
            f"  {row['chroma']:6.1f}  {row['worst_chroma']:5.1f}  {row['size_kb']:5.0f}"
            f"  {row['size_kb'] / rows['manim']['size_kb']:10.2f}  {row['cpu_s']:5.1f}"
            f"  {'as good' if is_as_good(row, rows['manim']) else ''}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
