"""Drawing while a model writes, beside drawing afterwards, on replayed streams.

    python -m benchmarks.live [--only 18,47] [--tokens-per-s 60] [--replies FOLDER]

Every reply is streamed twice to a pipeline of its own, in pieces of a token (4 characters): as it
is, and with ``live=False``. For each: when the first motion could be shown, as a share of the
stream's time; how long after the last token the video was there, both ways; the CPU of all
processes, live against not; whether code, findings and frames are the same. Both have nothing in
their caches but the table of manim's API, and a warm render process.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import av

from benchmarks.replies import REPLIES
from shaperotator_magic.core.errors import ShapeRotatorError
from shaperotator_magic.core.records import (
    Checking,
    Event,
    Generation,
    Options,
    Prompt,
    SegmentReady,
)
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.rendering.process.watchdog import find_children
from shaperotator_magic.rendering.renderer import build_request
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.testing import RecordedModelServer, RecordedReply, Reply
from shaperotator_magic.testing import load_recorded_replies as load

TOKEN_CHARS = 4
_TICKS_PER_S = 100


@dataclass(frozen=True)
class Ran:
    """One run: seconds from the request on, CPU seconds, and what came out."""

    first_s: float
    written_s: float
    ended_s: float
    cpu_s: float
    generation: Generation | None

    @property
    def result(self) -> tuple[str, list[tuple[str, str]]]:
        """Return the code and the findings."""
        scene = self.generation.scene if self.generation else None
        if scene is None:
            return "", []
        return scene.code.source, [(f.rule, f.message) for f in scene.findings]


def measure_cpu(process: int) -> float:
    """Return the CPU seconds of a process with all that it has started."""
    waiting, ticks = [process], 0
    while waiting:
        number = waiting.pop()
        try:
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
        waiting.extend(find_children(number))
    return ticks / _TICKS_PER_S


def run(row: RecordedReply, folder: Path, tokens_per_s: float, *, is_live: bool) -> Ran:
    """Stream a reply to a pipeline, and measure."""
    worker = Worker()
    worker.warm_up()
    store = Store(folder)
    pipeline = Pipeline(store=store, renderers={"worker": worker}, media_dir=folder / "media")
    first = written = 0.0

    def listen(event: Event) -> None:
        nonlocal first, written
        now = time.perf_counter()
        if isinstance(event, SegmentReady):
            first = first or now
        elif isinstance(event, Checking):
            written = now

    reply = Reply(row.reply, chunk_chars=TOKEN_CHARS, chunk_delay_s=1 / tokens_per_s)
    with RecordedModelServer(lambda request: reply) as server:
        pipe = worker._pipe
        assert pipe is not None
        pipe.wait_until_ready()
        options = Options(model="recorded", base_url=server.base_url, attempts=1, live=is_live)
        worker.describe_manim(build_request(options, folder / "media"))
        before = time.process_time() + measure_cpu(pipe.process.pid)
        began = time.perf_counter()
        try:
            made = pipeline.run(Prompt(text=row.prompt, options=options), listen)
        except ShapeRotatorError:
            made = None
        ended = time.perf_counter()
        cpu_s = time.process_time() + measure_cpu(pipe.process.pid) - before
    worker.close()
    return Ran((first or ended) - began, written - began, ended - began, cpu_s, made)


def digest_frames(path: Path) -> str:
    """Return a digest of the pictures of a video, and of when they are shown."""
    seen = hashlib.sha256()
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            seen.update(f"{frame.pts}".encode() + frame.to_ndarray().tobytes())
    return seen.hexdigest()


def compare(live: Ran, usual: Ran) -> list[str]:
    """Return what differs between two runs."""
    differs = []
    if live.result[0] != usual.result[0]:
        differs.append("code")
    if live.result[1] != usual.result[1]:
        differs.append("findings")
    videos = [ran.generation.video if ran.generation else None for ran in (live, usual)]
    if (videos[0] is None) != (videos[1] is None):
        differs.append("a video")
    elif videos[0] and videos[1] and videos[0].sha256 != videos[1].sha256:
        same = digest_frames(videos[0].path) == digest_frames(videos[1].path)
        differs += [] if same else ["frames"]
    return differs


def describe(live: Ran, usual: Ran, row: RecordedReply, differs: list[str]) -> str:
    """Return the line of one reply."""
    mends = sum(rule.startswith(("mended", "healed")) for rule, _ in live.result[1])
    return (
        f"{row.id}  first motion {live.first_s / live.written_s:5.0%} (not live"
        f" {usual.first_s / usual.written_s:5.0%}) of {live.written_s:5.1f} s   after the last"
        f" token {live.ended_s - live.written_s:5.1f} s ({usual.ended_s - usual.written_s:5.1f})"
        f"   CPU {live.cpu_s:5.1f} s ({usual.cpu_s:5.1f}; {live.cpu_s / usual.cpu_s:4.2f})"
        f"   {mends} mends   {'differs: ' + ', '.join(differs) if differs else 'same'}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="identifiers, comma-separated")
    parser.add_argument("--tokens-per-s", type=float, default=60.0)
    parser.add_argument("--replies", type=Path, default=REPLIES)
    options = parser.parse_args()
    wanted = set(options.only.split(",")) - {""}
    rows = [row for row in load(options.replies) if not wanted or row.id in wanted]
    shares, afters, cpu, count = [], [], [], 0
    for row in rows:
        with tempfile.TemporaryDirectory() as name:
            usual = run(row, Path(name, "usual"), options.tokens_per_s, is_live=False)
            live = run(row, Path(name, "live"), options.tokens_per_s, is_live=True)
            differs = compare(live, usual)
        print(describe(live, usual, row, differs), flush=True)
        count += bool(differs)
        shares.append(live.first_s / live.written_s)
        cpu.append(live.cpu_s / usual.cpu_s)
        if not any(rule.startswith(("mended", "healed")) for rule, _ in live.result[1]):
            afters.append(live.ended_s - live.written_s)
    tenth = sorted(shares)[int(0.9 * (len(shares) - 1))]
    print(f"first motion: median {statistics.median(shares):.0%}, nine of ten {tenth:.0%}")
    if afters:
        print(f"after the last token, nothing mended: median {statistics.median(afters):.1f} s")
    print(f"CPU against not live: median {statistics.median(cpu):.2f}; {count} differ")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main())
