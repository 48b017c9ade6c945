"""What a rehearsal with layout costs beside the render of plain manim, on recorded replies.

    python -m benchmarks.rehearsal [--count 8] [--only 01,24]

CPU seconds of each with all child processes, such as LaTeX; both begin without any formula in
their caches. The render is ``manim render -ql`` (480p15) in a process of its own. The rehearsal is
measured from where a warm process begins it: manim is imported, as it is in the product. The
replies are spread evenly over the lengths of their sources.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.mended import choose_replies, read_first_attempt
from benchmarks.replies import render_plain
from shaperotator_magic.checking.layout import check_layout
from shaperotator_magic.records import Rehearsal
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, installed
from shaperotator_magic.testing import RecordedReply
from tests.library_probe import load_scene, rehearse

TARGET = 0.25
SIZE = {"pixel_width": 854, "pixel_height": 480, "frame_rate": 15}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--only", default="", help="identifiers, comma-separated")
    parser.add_argument("--rehearse", type=Path, help="rehearse this file once, print its CPU")
    options = parser.parse_args()
    if options.rehearse:
        print(json.dumps(rehearse_file(options.rehearse)))
        return 0
    rows = spread(list(choose_replies(options.only)), options.count)
    ratios = []
    for row in rows:
        with tempfile.TemporaryDirectory() as name:
            is_done, _, plain_s = render_plain(row, Path(name))
            rehearsal_s = rehearse_apart(row, Path(name))
        ratios.append(rehearsal_s / plain_s)
        words = "" if is_done else "   (the render did not finish)"
        print(
            f"{row.id}  render {plain_s:7.1f} s  rehearsal {rehearsal_s:6.1f} s  "
            f"ratio {ratios[-1]:.2f}{words}",
            flush=True,
        )
    middle = statistics.median(ratios)
    print(f"median ratio {middle:.2f} over {len(ratios)} replies (target {TARGET:.2f})")
    return int(middle > TARGET)


def spread(rows: list[RecordedReply], count: int) -> list[RecordedReply]:
    """Return some of the replies, the shortest, the longest, and evenly what lies between."""
    ordered = sorted(rows, key=lambda row: len(row.reply))
    if len(ordered) <= count:
        return ordered
    step = (len(ordered) - 1) / max(1, count - 1)
    return [ordered[round(number * step)] for number in range(count)]


def rehearse_apart(row: RecordedReply, folder: Path) -> float:
    """Return the CPU seconds of one rehearsal in a fresh process, without its imports."""
    file = folder / f"rehearsed_{row.id}.py"
    file.write_text(read_first_attempt(row).source)
    command = [sys.executable, "-m", "benchmarks.rehearsal", "--rehearse", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout.splitlines()[-1]))


def rehearse_file(path: Path) -> float:
    """Rehearse a file as the warm process does, judge its layout, and return the CPU seconds."""
    from manim import tempconfig

    before = measure_cpu()
    with (
        tempconfig({**SIZE, "media_dir": str(path.parent / "media")}),
        installed("auto", FormulaNotes().take),
    ):
        _, scene_class = load_scene(path)
        seen = rehearse(scene_class, source=path.read_text())
    text = seen.model_dump_json(exclude_defaults=True)
    check_layout(Rehearsal.model_validate_json(text))
    return measure_cpu() - before


def measure_cpu() -> float:
    """Return the CPU seconds of this process and of all its finished children."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, who))


if __name__ == "__main__":
    sys.exit(main())
