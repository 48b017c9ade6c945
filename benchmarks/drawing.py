"""CPU of one process per phase and frame, manim's own drawing beside ours, frames compared.

    python -m benchmarks.drawing [--only s04,12] [--fps 15] [--height 480] [--profile FILE]

Encoding is left out: finished frames are hashed instead of written, in both. Ours are looked at
some frames after they were recorded, as by an encoder. CPU is that of all threads. Every scene runs
twice in processes of their own, one after the other, LaTeX's results shared between them. The
scenes are those of ``benchmarks/scenes`` and of the library, and the recorded replies.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import zlib
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from shaperotator_magic.core.records import Completion
from shaperotator_magic.rendering.drawing.deferred_frames import DeferredFrame, DeferredRasterizer
from shaperotator_magic.testing import load_recorded_replies
from shaperotator_magic.writing.model.extraction import extract_scene

ROOT = Path(__file__).parents[1]
REPLIES = ROOT / "tests" / "data" / "replies"
SCENES = ROOT / "benchmarks" / "scenes"
LIBRARY = ROOT / "shaperotator_magic" / "writing" / "scenes"
PHASES = ("construct", "text", "begin", "step", "draw")
_FRAMES_BETWEEN = 8  # so many frames later a late one is looked at


class PhaseClock:
    """Adds up this thread's CPU time by phase; an inner phase's time is not its outer's."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._stack: list[str] = []
        self._since = time.thread_time()

    def enter(self, phase: str) -> None:
        self._charge()
        self._stack.append(phase)

    def leave(self) -> None:
        self._charge()
        self._stack.pop()

    def _charge(self) -> None:
        now = time.thread_time()
        if self._stack:
            self.seconds[self._stack[-1]] += now - self._since
        self._since = now

    def wrap(self, owner: Any, name: str, phase: str) -> None:
        inner: Callable[..., Any] = getattr(owner, name)

        def timed(*args: Any, **options: Any) -> Any:
            self.enter(phase)
            try:
                return inner(*args, **options)
            finally:
                self.leave()

        setattr(owner, name, timed)


class FrameSink:
    """Takes frames in the encoder's place: hashes all, keeps some."""

    def __init__(self, folder: Path) -> None:
        self.hashes: list[tuple[str, int]] = []
        self._folder = folder
        self._waiting: deque[tuple[Any, int]] = deque()
        self.every = 1

    def take(self, frame: Any, repeat: int) -> None:
        """Take a frame, which may not be drawn yet; it is looked at when others were taken."""
        self._waiting.append((frame, repeat))
        if len(self._waiting) > _FRAMES_BETWEEN:
            self._write(*self._waiting.popleft())

    def finish(self) -> None:
        while self._waiting:
            self._write(*self._waiting.popleft())

    def _write(self, frame: Any, repeat: int) -> None:
        frame = frame.draw() if isinstance(frame, DeferredFrame) else frame
        content = np.ascontiguousarray(frame).data
        self.hashes.append((hashlib.blake2b(content, digest_size=8).hexdigest(), repeat))
        if (len(self.hashes) - 1) % self.every == 0:
            (self._folder / f"{len(self.hashes) - 1}.z").write_bytes(zlib.compress(content, 1))


def run_child(options: argparse.Namespace) -> None:
    """Run one scene in this process and print one line of JSON."""
    import manim

    from shaperotator_magic.rendering.process import scene_run

    if options.child == "ours":
        scene_run.import_manim()
    from manim.renderer.cairo_renderer import CairoRenderer
    from manim.scene.scene import Scene
    from manim.scene.scene_file_writer import SceneFileWriter

    sink, clock = FrameSink(options.frames), PhaseClock()
    sink.every = options.every
    for name in ("begin_animation", "end_animation", "finish", "save_image"):
        setattr(SceneFileWriter, name, lambda *_, **__: None)
    SceneFileWriter.write_frame = lambda _, frame, repeat=1: _sink_timed(clock, sink, frame, repeat)  # type: ignore[method-assign]
    SceneFileWriter.accepts_deferred_frames = options.child == "ours"  # type: ignore[attr-defined]
    clock.wrap(DeferredRasterizer, "_take_frame", "draw")
    if options.child == "stock":  # ours asks whether this is still manim's own
        clock.wrap(CairoRenderer, "update_frame", "draw")
    clock.wrap(Scene, "begin_animations", "begin")
    clock.wrap(Scene, "update_to_time", "step")
    clock.wrap(manim.SVGMobject, "__init__", "text")
    manim.config.update(
        {
            "media_dir": str(options.media),
            "pixel_height": options.height,
            "pixel_width": round(options.height * 16 / 18) * 2,
            "frame_rate": options.fps,
            "disable_caching": True,
            "progress_bar": "none",
            "verbosity": "ERROR",
            "seed": 1,
        }
    )
    namespace: dict[str, Any] = {"__name__": "scene"}
    exec(compile(options.file.read_text(), str(options.file), "exec"), namespace)
    profile = _start_profile(options.profile)
    began, began_here = time.process_time(), time.thread_time()
    clock.enter("construct")
    namespace[options.scene]().render()
    clock.enter("sink")
    sink.finish()
    clock.leave()
    clock.leave()
    spent = time.process_time() - began
    clock.seconds["draw"] += spent - (time.thread_time() - began_here)  # by the painters
    spent -= clock.seconds.pop("sink", 0)
    if profile:
        profile.disable()
        profile.dump_stats(options.profile)
    print(json.dumps({"cpu": spent, "phases": clock.seconds, "hashes": sink.hashes}))


def _sink_timed(clock: PhaseClock, sink: FrameSink, frame: Any, repeat: int) -> None:
    clock.enter("sink")
    sink.take(frame, repeat)
    clock.leave()


def _start_profile(path: Path | None) -> Any:
    if path is None:
        return None
    import cProfile

    profile = cProfile.Profile()
    profile.enable()
    return profile


def find_scenes(folder: Path, only: set[str]) -> dict[str, tuple[Path, str]]:
    """Return name -> (file, scene class) of all scenes whose name begins with one of ``only``."""
    found = {}
    for file in [*sorted(SCENES.glob("*.py")), *sorted(LIBRARY.glob("[!_]*.py"))]:
        found[file.stem] = (file, _name_of_scene(file.read_text()))
    for row in load_recorded_replies(REPLIES):
        code = extract_scene(Completion(text=row.reply, model="recorded"))
        file = folder / f"reply_{row.id}.py"
        file.write_text(code.source)
        found[row.id] = (file, code.scene_name)
    return {
        name: scene
        for name, scene in found.items()
        if not only or any(name.startswith(start) for start in only)
    }


def _name_of_scene(source: str) -> str:
    return source.rsplit("\nclass ", 1)[-1].split("(", 1)[0]


def run(kind: str, scene: tuple[Path, str], frames: Path, options: argparse.Namespace) -> Any:
    """Run one scene in a process of its own; returns its JSON, None where it failed."""
    frames.mkdir(parents=True)
    command = [
        *(sys.executable, "-m", "benchmarks.drawing", "--child", kind),
        *("--file", str(scene[0]), "--scene", scene[1], "--frames", str(frames)),
        *("--media", str(options.media), "--height", str(options.height)),
        *("--fps", str(options.fps), "--every", str(options.every)),
    ]
    # Threads of the linear algebra would wait for work, and that counts as CPU.
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, env=alone)
    if done.returncode:
        print(done.stderr[-500:], file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def compare(stock: Any, ours: Any, folder: Path) -> tuple[int, int]:
    """Return how many frames differ, -1 for another number of them, and by how much at most."""
    if [r for _, r in stock["hashes"]] != [r for _, r in ours["hashes"]]:
        return -1, 255
    differing = [
        i for i, (a, b) in enumerate(zip(stock["hashes"], ours["hashes"], strict=True)) if a != b
    ]
    worst = 0
    for index in differing:
        files = [folder / kind / f"{index}.z" for kind in ("stock", "ours")]
        if all(file.exists() for file in files):
            a, b = (
                np.frombuffer(zlib.decompress(f.read_bytes()), np.uint8).astype(int) for f in files
            )
            worst = max(worst, int(np.abs(a - b).max()))
    return len(differing), worst


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="beginnings of names, comma-separated")
    parser.add_argument("--height", type=int, default=480)
    parser.add_argument("--fps", type=float, default=15)
    parser.add_argument("--every", type=int, default=7, help="of these frames one is kept whole")
    parser.add_argument("--media", type=Path, default=None, help="keeps LaTeX's results here")
    parser.add_argument("--profile", type=Path)
    for inner, kind in (("child", str), ("file", Path), ("scene", str), ("frames", Path)):
        parser.add_argument(f"--{inner}", type=kind, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        run_child(options)
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        options.media = options.media or folder / "media"
        scenes = find_scenes(folder, set(filter(None, options.only.split(","))))
        ratios = [report(name, scene, folder, options) for name, scene in scenes.items()]
        known = [math.log(ratio) for ratio in ratios if ratio]
        print(f"geometric mean of the ratios: {math.exp(sum(known) / max(len(known), 1)):.2f}")
    return 0


def report(name: str, scene: tuple[Path, str], folder: Path, options: argparse.Namespace) -> float:
    """Print the rows of one scene; returns stock's CPU by ours, 0 where one failed."""
    results = {k: run(k, scene, folder / name / k, options) for k in ("stock", "ours")}
    for kind, result in results.items():
        if result is None:
            print(f"{name:18s} {kind:6s} FAILED", flush=True)
            continue
        frames = len(result["hashes"]) or 1
        cells = " ".join(f"{phase} {result['phases'].get(phase, 0):6.2f}s" for phase in PHASES)
        drawn = 1000 * result["phases"].get("draw", 0) / frames
        print(
            f"{name:18s} {kind:6s} cpu {result['cpu']:7.2f}s {cells}",
            f"| {frames} frames, draw {drawn:.2f} ms",
            flush=True,
        )
    if None in results.values():
        return 0.0
    differing, worst = compare(results["stock"], results["ours"], folder / name)
    ratio = float(results["stock"]["cpu"] / results["ours"]["cpu"])
    print(
        f"{name:18s} ratio {ratio:.2f}, frames that differ {differing}, by at most {worst}",
        flush=True,
    )
    return ratio


if __name__ == "__main__":
    sys.exit(main())
