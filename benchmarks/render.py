"""Scene files rendered by this engine and by ``manim render``, in turns; writes RESULTS.md.

    python -m benchmarks.render [--only s01,reply_12] [--pairs 3] [-q low] [--replies] [--write]

Needs LaTeX, for manim. Every render is a process of its own, so its CPU seconds are those that the
system counted for it and all that it started. 'cold' begins with empty caches on both sides,
'again' repeats the same scene with the caches that the first run left; ours draws it again all the
same, for it would show the kept video in milliseconds. Ours is measured from the
moment that the code is known: the render process has imported manim by then, as it does in a
notebook while the model still writes ('wall'); what that import costs is in 'CPU' and in the wall
that counts from the start of the program.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shaperotator_magic.checking.scene_file import read_scene_file
from shaperotator_magic.records import Completion, Options, SegmentReady
from shaperotator_magic.rendering.renderer import build_request
from shaperotator_magic.rendering.worker import Worker
from shaperotator_magic.testing import load_recorded_replies
from shaperotator_magic.writing.extraction import extract_scene

HERE = Path(__file__).parent
SCENES = HERE / "scenes"
REPLIES = HERE.parent / "tests" / "data" / "replies"
RESULTS = HERE / "RESULTS.md"
LIMIT_S = 300.0


@dataclass(frozen=True)
class Measured:
    """One render; ``from_start_s`` and ``cpu_s`` include the import of manim."""

    is_done: bool
    wall_s: float
    from_start_s: float
    cpu_s: float
    first_s: float | None = None


@dataclass(frozen=True)
class Pair:
    """The same scene on both sides, right after each other."""

    name: str
    state: str
    manim: Measured
    ours: Measured

    def divide(self, what: str) -> float:
        """Return how many times as much manim took."""
        return float(getattr(self.manim, what) / getattr(self.ours, what))


# --- one render -----------------------------------------------------------------------


def run_measured(command: list[str]) -> tuple[str | None, float, float]:
    """Run a program; return its output (None: it failed), wall and CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
        output = done.stdout if done.returncode == 0 else None
    except subprocess.TimeoutExpired:
        output = None
    wall_s = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return output, wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def render_with_manim(file: Path, scene: str, folder: Path, quality: str) -> Measured:
    command = [sys.executable, "-m", "manim", "render", f"-q{quality[0]}", "--media_dir"]
    quiet = ["-v", "ERROR", "--progress_bar", "none"]
    output, wall_s, cpu_s = run_measured([*command, str(folder), *quiet, str(file), scene])
    return Measured(output is not None, wall_s, wall_s, cpu_s)


def render_with_ours(
    file: Path, scene: str, folder: Path, quality: str, settings: list[str]
) -> Measured:
    command = [sys.executable, "-m", "benchmarks.render", "--one", str(file), scene, str(folder)]
    output, wall_s, cpu_s = run_measured([*command, "-q", quality, *settings])
    told = json.loads(output) if output else {}
    return Measured(
        output is not None,
        told.get("wall_s", wall_s),
        wall_s,
        told.get("cpu_s", cpu_s),
        told.get("first_s"),
    )


def render_one(arguments: argparse.Namespace) -> None:
    """Be the process of one of our renders: prepare as a notebook does, then measure."""
    file, scene_name, folder = arguments.one
    scene = read_scene_file(Path(file), scene_name)
    options = Options(
        quality=arguments.quality, math=arguments.math, timeout_s=LIMIT_S, cache=False
    )
    worker = Worker()
    first: list[float] = []

    def note(segment: SegmentReady) -> None:
        first.append(time.perf_counter() - began)

    with worker._taken_pipe() as pipe:  # the process is ready before the code is known
        pipe.wait_until_ready()
    began = time.perf_counter()
    worker.render(
        scene,
        build_request(options, Path(folder)),
        variables={},
        on_progress=lambda done, total: None,
        on_segment=note,
    )
    wall_s = time.perf_counter() - began
    cpu_s = count_cpu()
    worker.close()
    first_s = first[0] if first else wall_s
    print(json.dumps({"wall_s": wall_s, "first_s": first_s, "cpu_s": cpu_s}))


def count_cpu() -> float:
    """Return the CPU seconds of this process and its descendants, the ended ones included.

    Read while they live: the namespaces that a render process gets do not hand theirs on.
    """
    facts = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = file.read_text().rpartition(")")[2].split()
            facts[int(file.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    mine = {os.getpid()}
    while found := {number for number, (parent, _) in facts.items() if parent in mine} - mine:
        mine |= found
    ticks = sum(facts[number][1] for number in mine)
    return float(ticks / os.sysconf("SC_CLK_TCK"))


# --- many, in turns -------------------------------------------------------------------


def find_scenes(folder: Path, *, with_replies: bool) -> list[tuple[str, Path, str]]:
    """Return name, file and scene class of everything that is measured."""
    files = [(path.stem, path) for path in sorted(SCENES.glob("*.py"))]
    if with_replies:
        for row in load_recorded_replies(REPLIES):
            code = extract_scene(Completion(text=row.reply, model="recorded"))
            path = folder / f"reply_{row.id}.py"
            path.write_text(code.source, encoding="utf-8")
            files.append((path.stem, path))
    return [(name, path, read_scene_file(path).code.scene_name) for name, path in files]


def measure(arguments: argparse.Namespace, folder: Path) -> list[Pair]:
    wanted = tuple(filter(None, arguments.only.split(",")))
    pairs = []
    for name, file, scene in find_scenes(folder, with_replies=arguments.replies):
        if wanted and not name.startswith(wanted):
            continue
        for number in range(arguments.pairs):
            ours_dir, manim_dir = (folder / f"{name}_{number}_{who}" for who in ("ours", "manim"))
            for state in arguments.states.split(","):
                # In turns: what else the machine does then meets both alike.
                settings = ["--math", arguments.math, "--states", state]
                ours = render_with_ours(file, scene, ours_dir, arguments.quality, settings)
                manim = render_with_manim(file, scene, manim_dir, arguments.quality)
                pairs.append(Pair(name, state, manim, ours))
                print(describe(pairs[-1]), flush=True)
    return pairs


def describe(pair: Pair) -> str:
    ours, manim = pair.ours, pair.manim
    if not (ours.is_done and manim.is_done):
        return f"{pair.name:22} {pair.state:5} ours done {ours.is_done}, manim {manim.is_done}"
    first = f"{100 * (ours.first_s or 0) / manim.wall_s:4.0f} %"
    return (
        f"{pair.name:22} {pair.state:5} wall {manim.wall_s:6.1f} / {ours.wall_s:5.1f} s "
        f"= {pair.divide('wall_s'):5.1f}x  CPU {manim.cpu_s:6.1f} / {ours.cpu_s:5.1f} s "
        f"= {pair.divide('cpu_s'):5.1f}x  first motion {first}"
    )


def build_row(name: str, pairs: list[Pair]) -> list[str]:
    """Return the medians of one scene's pairs as the cells of a table."""
    cold, again = ([p for p in pairs if p.state == state] for state in ("cold", "again"))

    def median(rows: list[Pair], what: str) -> float:
        return statistics.median(row.divide(what) for row in rows)

    first = statistics.median((p.ours.first_s or 0) / p.manim.wall_s for p in cold)
    return [
        name,
        f"{statistics.median(p.manim.wall_s for p in cold):.1f}",
        f"{statistics.median(p.ours.wall_s for p in cold):.1f}",
        f"{median(cold, 'wall_s'):.1f}",
        f"{median(cold, 'from_start_s'):.1f}",
        f"{median(cold, 'cpu_s'):.1f}",
        f"{100 * first:.0f} %",
        f"{median(again, 'cpu_s'):.1f}" if again else "",
    ]


def build_table(pairs: list[Pair]) -> str:
    """Return the table of all scenes, and the geometric means below it."""
    done = [pair for pair in pairs if pair.manim.is_done and pair.ours.is_done]
    names = list(dict.fromkeys(pair.name for pair in done))
    heads = [
        "scene", "manim, s", "ours, s", "wall, ×", "wall with import, ×", "CPU, ×",
        "first motion", "again, CPU, ×",
    ]  # fmt: skip
    rows = [build_row(name, [pair for pair in done if pair.name == name]) for name in names]
    means = [
        find_mean(float(row[column]) for row in rows if row[column])
        if column in {3, 4, 5, 7}
        else ""
        for column in range(len(heads))
    ]
    means[0] = "geometric mean"
    lines = [heads, ["---"] * len(heads), *rows, means]
    failed = [f"{p.name} ({p.state}): manim {p.manim.is_done}, ours {p.ours.is_done}"
              for p in pairs if p not in done]  # fmt: skip
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return table + ("\n\nNot finished: " + "; ".join(failed) + "." if failed else "")


def find_mean(ratios: Iterable[float]) -> str:
    logs = [math.log(ratio) for ratio in ratios if ratio > 0]
    return f"{math.exp(statistics.fmean(logs)):.2f}" if logs else "-"


def write_results(arguments: argparse.Namespace, table: str, pairs: list[Pair]) -> None:
    """Put the table between its marks in RESULTS.md; the raw figures go beside it."""
    section = f"{arguments.quality}, math {arguments.math}"
    begin, end = f"<!-- {section} -->", f"<!-- end of {section} -->"
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    said = (
        f"{begin}\n\n### {section}\n\n{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, load average {load} (1, 5, 15 minutes), "
        f"{arguments.pairs} pair(s) a scene.\n\n{table}\n\n{end}"
    )
    text = RESULTS.read_text(encoding="utf-8")
    if begin in text:
        before, _, rest = text.partition(begin)
        text = before + said + rest.partition(end)[2]
    else:
        text = f"{text.rstrip()}\n\n{said}\n"
    RESULTS.write_text(text, encoding="utf-8")
    raw: list[dict[str, Any]] = [asdict(pair) for pair in pairs]
    (Path(tempfile.gettempdir()) / "render_pairs.json").write_text(json.dumps(raw))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", default="", help="beginnings of names, such as s01,reply_12")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("-q", "--quality", default="low", choices=("low", "medium", "high"))
    parser.add_argument("--math", default="auto", choices=("auto", "latex", "typst"))
    parser.add_argument("--replies", action="store_true", help="the recorded replies, too")
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md")
    parser.add_argument("--states", default="cold,again", help="cold, again or both")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        render_one(arguments)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        pairs = measure(arguments, Path(folder))
    table = build_table(pairs)
    print(table)
    if arguments.write:
        write_results(arguments, table, pairs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
