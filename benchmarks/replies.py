"""Play the recorded model replies to a real kernel, beside plain manim on the same code.

    python -m benchmarks.replies [--only 01,24] [--attempts 1] [--no-plain]

LaTeX must be installed, for 25 of the 26 replies use it. For every reply: whether plain
``manim render`` finishes, whether the cell shows a video, or the reason on the card.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from html import unescape
from pathlib import Path

from benchmarks.kernels import Kernel, Running, start_kernel
from shaperotator_magic.core.records import Completion
from shaperotator_magic.testing import (
    RecordedModelServer,
    RecordedReply,
    load_recorded_replies,
    play_recorded,
)
from shaperotator_magic.writing.model.extraction import extract_scene

REPLIES = Path(__file__).parents[1] / "tests" / "data" / "replies"
LIMIT_S = 300


def render_plain(row: RecordedReply, folder: Path) -> tuple[bool, float, float]:
    """Run ``manim render -ql``; return whether it finished, its wall and its CPU seconds."""
    code = extract_scene(Completion(text=row.reply, model="recorded"))
    file = folder / f"plain_{row.id}.py"
    file.write_text(code.source)
    command = [sys.executable, "-m", "manim", "render", "-ql", "--media_dir", str(folder / row.id)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    try:
        done = subprocess.run(
            [*command, "-v", "ERROR", "--progress_bar", "none", str(file), code.scene_name],
            capture_output=True,
            timeout=LIMIT_S,
            check=False,
        )
        is_done = done.returncode == 0
    except subprocess.TimeoutExpired:
        is_done = False
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return is_done, time.perf_counter() - began, cpu_s


def run_cell(
    kernel: Kernel, server: RecordedModelServer, row: RecordedReply, attempts: int
) -> Running:
    options = f"--model recorded --base-url {server.base_url} --attempts {attempts}"
    return kernel.run(
        f"%%shaperotate {options} --timeout {LIMIT_S} --no-cache\n{row.prompt}",
        timeout_s=LIMIT_S * attempts + 60,
    )


def describe(running: Running) -> tuple[bool, str]:
    """Return whether a video is shown, and the words of the card where none is."""
    if 'src="data:video/mp4' in running.html:
        return True, ""
    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", running.html))).strip()
    return False, words[:300]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="identifiers, comma-separated")
    parser.add_argument("--attempts", type=int, default=1)
    parser.add_argument("--no-plain", action="store_true")
    arguments = parser.parse_args()
    wanted = set(arguments.only.split(",")) - {""}
    rows = [r for r in load_recorded_replies(REPLIES) if not wanted or r.id in wanted]
    missing = 0
    with (
        tempfile.TemporaryDirectory() as name,
        RecordedModelServer(play_recorded(rows)) as server,
        start_kernel(Path(name)) as kernel,
    ):
        kernel.run("%load_ext shaperotator_magic")
        for row in rows:
            plain = (None, 0.0, 0.0) if arguments.no_plain else render_plain(row, Path(name))
            began = time.perf_counter()
            is_shown, reason = describe(run_cell(kernel, server, row, arguments.attempts))
            wall_s = time.perf_counter() - began
            missing += bool(plain[0] and not is_shown)
            print(
                f"{row.id}  plain {plain[0]!s:5} {plain[1]:6.1f} s ({plain[2]:6.1f} s CPU)   "
                f"cell {'video' if is_shown else 'none ':5} {wall_s:6.1f} s  {reason}",
                flush=True,
            )
    print(f"{missing} replies that plain manim renders are not shown")
    return int(missing > 0)


if __name__ == "__main__":
    sys.exit(main())
