"""What a rehearsal with layout costs beside the render of plain manim, on recorded replies.

    python -m benchmarks.rehearsal [--count 8] [--only 01,24] [--until repaired]

Until 'repaired' it includes the API corrections and all repairs of failures, each with a rehearsal
of its own; until 'fixed', also the auto-fixes of the layout, which have a budget of their own. CPU
seconds of each with all child processes, such as LaTeX; both begin without any formula in their
caches. The render is ``manim render -ql`` (480p15) in a process of its own. The rehearsal is
measured from where a warm process begins it: manim is imported, as it is in the product. The
replies are spread evenly over the lengths of their sources.
"""

from __future__ import annotations

import argparse
import ast
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from benchmarks.mended import choose_replies, read_first_attempt
from benchmarks.replies import render_plain
from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.layout.layout import check_layout
from shaperotator_magic.core.records import CheckedScene, Origin, Rehearsal, SceneCode
from shaperotator_magic.core.scene_classes import find_classes
from shaperotator_magic.pipeline.drafts import Stage, prepare_draft
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, installed
from shaperotator_magic.rendering.process.api_table import build_table
from shaperotator_magic.rendering.process.scene_run import SCENE_FILE
from shaperotator_magic.testing import RecordedReply
from tests.library_probe import load_scene, rehearse

TARGET = 0.25
SIZE = {"pixel_width": 854, "pixel_height": 480, "frame_rate": 15}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--only", default="", help="identifiers, comma-separated")
    stages = ("rehearsed", "repaired", "fixed")
    parser.add_argument("--until", choices=stages, default=stages[0], help="what is measured")
    parser.add_argument("--rehearse", type=Path, help="rehearse this file once, print its CPU")
    options = parser.parse_args()
    if options.rehearse:
        print(json.dumps(measure_file(options.rehearse, options.until)))
        return 0
    rows = spread(list(choose_replies(options.only)), options.count)
    ratios = []
    for row in rows:
        with tempfile.TemporaryDirectory() as name:
            is_done, _, plain_s = render_plain(row, Path(name))
            rehearsal_s = rehearse_apart(row, Path(name), until=options.until)
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


def rehearse_apart(row: RecordedReply, folder: Path, *, until: str) -> float:
    """Return the CPU seconds of one rehearsal in a fresh process, without its imports."""
    file = folder / f"rehearsed_{row.id}.py"
    file.write_text(read_first_attempt(row).source)
    command = [sys.executable, "-m", "benchmarks.rehearsal", "--rehearse", str(file)]
    command += ["--until", until]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout.splitlines()[-1]))


def measure_file(path: Path, until: str) -> float:
    """Take a file as far as is asked, and return the CPU seconds."""
    if until == "rehearsed":
        return rehearse_file(path)
    return repair_file(path, most_effort=0.0 if until == "repaired" else Stage.most_effort)


def repair_file(path: Path, *, most_effort: float) -> float:
    """Take a file through corrections, repairs and, with an effort, auto-fixes of its layout."""
    from manim import tempconfig

    source = path.read_text()
    name = list(find_classes(ast.parse(source)))[-1]
    code = SceneCode(
        source=source, scene_name=name, origin=Origin(writer="model", model="recorded")
    )
    stage = Stage(rehearse_scene, Api(build_table()), most_effort=most_effort)
    before = measure_cpu()
    with (
        tempconfig({**SIZE, "media_dir": str(path.parent / "media")}),
        installed("auto", FormulaNotes().take),
    ):
        prepare_draft(code, stage)
    return measure_cpu() - before


def rehearse_scene(scene: CheckedScene) -> Rehearsal:
    """Rehearse a checked scene in this process."""
    module = ModuleType("scene")
    exec(compile(scene.code.source, SCENE_FILE, "exec"), vars(module))
    return rehearse(vars(module)[scene.code.scene_name], source=scene.code.source)


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
