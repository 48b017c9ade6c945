"""Scene files rendered by this engine and by ``manim render``, in turns; writes RESULTS.md.

    python -m benchmarks.render [--only s01,reply_12] [--pairs 3] [-q low] [--replies]
                                [--states cold,again,kept] [--log FILE] [--write]

Needs LaTeX, for manim. Every render is a process of its own, so its CPU seconds are those that the
system counted for it and all that it started. 'cold' begins with empty caches on both sides.
'again' repeats the same scene with the caches that the first run left; ours draws it again all the
same. In 'kept' both sides use all that they kept: manim its pieces of video, which it joins, ours
the video. Ours is measured from the moment that the code is known: the render process has imported
manim by then, as it does in a notebook while the model still writes ('wall'); what that import
costs is in 'CPU' and in the wall that counts from the start of the program. (For 'kept' the program
does not wait for that import, for it does not need it.)

'8 cores' is arithmetic, for two cannot show it: manim has two threads that work, and so no use for
more. Ours takes at least what its first thread takes to compute the scene, for which it is divided
by that; the frames are drawn and encoded on the other cores meanwhile.

A render of manim is stopped after ``--limit`` seconds; its ratio is then at least what is said.
Rows go into ``--log`` as they come, and what is there already is not measured again: a run that was
stopped goes on with the same command. A recorded reply counts in the version that plain manim
could render, for some needed a repair.
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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.threads import FirstThreadWatch
from shaperotator_magic.checking.files.scene_file import read_scene_file
from shaperotator_magic.core.records import Completion, Options, SegmentReady
from shaperotator_magic.rendering.renderer import build_request
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.testing import load_recorded_replies
from shaperotator_magic.writing.model.extraction import extract_scene

HERE = Path(__file__).parent
SCENES = HERE / "scenes"
REPLIES = HERE.parent / "tests" / "data" / "replies"
RESULTS = HERE / "RESULTS.md"
LIMIT_S = 300.0


@dataclass(frozen=True)
class Measured:
    """One render; ``from_start_s`` and ``cpu_s`` include the import of manim.

    ``is_stopped`` says that it took too long: then all figures are lower bounds. ``first_thread_s``
    is CPU of the thread that computes the scene, known of ours.
    """

    is_done: bool
    wall_s: float
    from_start_s: float
    cpu_s: float
    first_s: float | None = None
    is_stopped: bool = False
    first_thread_s: float = 0.0


@dataclass(frozen=True)
class Pair:
    """The same scene on both sides, right after each other."""

    name: str
    state: str
    manim: Measured
    ours: Measured
    number: int = 0

    @property
    def is_comparable(self) -> bool:
        """Whether ours finished, and manim too or not within the limit."""
        return self.ours.is_done and (self.manim.is_done or self.manim.is_stopped)

    @property
    def key(self) -> tuple[str, int, str]:
        return self.name, self.number, self.state

    def divide(self, what: str) -> float:
        """Return how many times as much manim took."""
        if what == "many_cores":
            return self.manim.wall_s / (self.ours.first_thread_s or self.ours.wall_s)
        return float(getattr(self.manim, what) / getattr(self.ours, what))


# --- one render -----------------------------------------------------------------------


def run_measured(command: list[str], limit_s: float) -> tuple[str, Measured]:
    """Run a program; return its output and what it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    output, is_done, is_stopped = "", False, False
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=False)
        output, is_done = done.stdout, done.returncode == 0
        if not is_done:
            print(f"    {(done.stderr or done.stdout).strip()[-300:]}", file=sys.stderr)
    except subprocess.TimeoutExpired:
        is_stopped = True
    wall_s = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return output, Measured(is_done, wall_s, wall_s, cpu_s, is_stopped=is_stopped)


def render_with_manim(
    file: Path, scene: str, folder: Path, quality: str, limit_s: float
) -> Measured:
    command = [sys.executable, "-m", "manim", "render", f"-q{quality[0]}", "--media_dir"]
    quiet = ["-v", "ERROR", "--progress_bar", "none"]
    return run_measured([*command, str(folder), *quiet, str(file), scene], limit_s)[1]


def render_with_ours(
    file: Path, scene: str, folder: Path, quality: str, settings: list[str]
) -> Measured:
    command = [sys.executable, "-m", "benchmarks.render", "--one", str(file), scene, str(folder)]
    output, measured = run_measured([*command, "-q", quality, *settings], 2 * LIMIT_S)
    return replace(measured, **json.loads(output)) if measured.is_done else measured


def render_one(arguments: argparse.Namespace) -> None:
    """Be the process of one of our renders: prepare as a notebook does, then measure."""
    file, scene_name, folder = arguments.one
    scene = read_scene_file(Path(file), scene_name)
    uses_kept = arguments.states == "kept"
    options = Options(
        quality=arguments.quality, math=arguments.math, timeout_s=LIMIT_S, cache=uses_kept
    )
    worker = Worker()
    first: list[float] = []

    def note(segment: SegmentReady) -> None:
        first.append(time.perf_counter() - began)

    request = build_request(options, Path(folder))
    if not uses_kept:
        with worker._taken_pipe(request) as pipe:  # the process is ready before the code is known
            pipe.wait_until_ready()
    watch = FirstThreadWatch()
    began = time.perf_counter()
    worker.render(
        scene,
        request,
        variables={},
        on_progress=lambda done, total: None,
        on_segment=note,
    )
    wall_s = time.perf_counter() - began
    measured = {
        "wall_s": wall_s,
        "first_s": (first or [wall_s])[0],
        "first_thread_s": watch.close(),
        "cpu_s": count_cpu(),
    }
    worker.close()
    print(json.dumps(measured))


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
            reply = [row.reply, *row.repairs][(row.renders_at or 1) - 1]
            code = extract_scene(Completion(text=reply, model="recorded"))
            path = folder / f"reply_{row.id}.py"
            path.write_text(code.source, encoding="utf-8")
            files.append((path.stem, path))
    return [(name, path, read_scene_file(path).code.scene_name) for name, path in files]


def measure(arguments: argparse.Namespace, folder: Path) -> list[Pair]:
    """Measure what is not in the log yet; return all pairs."""
    wanted = tuple(filter(None, arguments.only.split(",")))
    pairs = read_log(arguments.log)
    known = {pair.key for pair in pairs}
    for name, file, scene in find_scenes(folder, with_replies=arguments.replies):
        if wanted and not name.startswith(wanted):
            continue
        for number in range(arguments.pairs):
            states = [s for s in arguments.states.split(",") if (name, number, s) not in known]
            for pair in measure_scene(arguments, folder, (name, file, scene), states):
                pairs.append(replace(pair, number=number))
                write_log(arguments.log, pairs[-1])
                mean = find_mean(
                    p.divide("wall_s") for p in pairs if p.is_comparable and p.state == pair.state
                )
                print(f"{describe(pair)}  mean so far {mean}x", flush=True)
    return pairs


def measure_scene(
    arguments: argparse.Namespace, folder: Path, scene: tuple[str, Path, str], states: list[str]
) -> Iterator[Pair]:
    """Render one scene in every state, from folders of its own."""
    name, file, scene_name = scene
    with (
        tempfile.TemporaryDirectory(dir=folder) as ours_dir,
        tempfile.TemporaryDirectory(dir=folder) as manim_dir,
    ):

        def run_ours(state: str) -> Measured:
            settings = ["--math", arguments.math, "--states", state]
            return render_with_ours(file, scene_name, Path(ours_dir), arguments.quality, settings)

        def run_manim() -> Measured:
            return render_with_manim(
                file, scene_name, Path(manim_dir), arguments.quality, arguments.limit
            )

        if states and states[0] != "cold":  # the caches are to be filled before
            run_manim()
            run_ours("cold")
        for state in states:
            if state == "kept":
                run_ours(state)
            # In turns: what else the machine does then meets both alike.
            ours = run_ours(state)
            yield Pair(name, state, run_manim(), ours)


def read_log(path: Path | None) -> list[Pair]:
    if path is None or not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Pair(**{**row, "manim": Measured(**row["manim"]), "ours": Measured(**row["ours"])})
        for row in rows
    ]


def write_log(path: Path | None, pair: Pair) -> None:
    if path is not None:
        with path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(asdict(pair)) + "\n")


def describe(pair: Pair) -> str:
    ours, manim = pair.ours, pair.manim
    if not pair.is_comparable:
        return f"{pair.name:22} {pair.state:5} ours done {ours.is_done}, manim {manim.is_done}"
    first = f"{100 * (ours.first_s or 0) / manim.wall_s:4.0f} %"
    least = ">=" if manim.is_stopped else "= "
    return (
        f"{pair.name:22} {pair.state:5} wall {manim.wall_s:6.1f} / {ours.wall_s:5.2f} s "
        f"{least}{pair.divide('wall_s'):5.1f}x  CPU {manim.cpu_s:6.1f} / {ours.cpu_s:5.1f} s "
        f"{least}{pair.divide('cpu_s'):5.1f}x  first motion {first}"
    )


# Of which state a column is, and which figure it divides.
COLUMNS = {
    "wall, ×": ("cold", "wall_s"),
    "wall with import, ×": ("cold", "from_start_s"),
    "CPU, ×": ("cold", "cpu_s"),
    "8 cores, wall at most, ×": ("cold", "many_cores"),
    "again, CPU, ×": ("again", "cpu_s"),
    "kept, wall, ×": ("kept", "wall_s"),
    "kept, wall from start, ×": ("kept", "from_start_s"),
}


def build_row(name: str, pairs: list[Pair]) -> list[str]:
    """Return the medians of one scene's pairs as the cells of a table."""

    def median(state: str, find: Callable[[Pair], float]) -> float | None:
        return (
            statistics.median(found)
            if (found := [find(p) for p in pairs if p.state == state])
            else None
        )

    def show(value: float | None, form: str = "{:.1f}") -> str:
        return "" if value is None else form.format(value)

    least = "≥ " if any(pair.manim.is_stopped for pair in pairs) else ""
    return [
        name,
        least + show(median("cold", lambda p: p.manim.wall_s)),
        show(median("cold", lambda p: p.ours.wall_s)),
        show(median("cold", lambda p: 100 * (p.ours.first_s or 0) / p.manim.wall_s), "{:.0f} %"),
        *(
            show(median(state, lambda p, what=what: p.divide(what)), least + "{:.1f}")  # type: ignore[misc]
            for state, what in COLUMNS.values()
        ),
    ]


def build_table(pairs: list[Pair]) -> str:
    """Return the table of all scenes, and the geometric means below it."""
    done = [pair for pair in pairs if pair.is_comparable]
    names = list(dict.fromkeys(pair.name for pair in done))
    heads = ["scene", "manim, s", "ours, s", "first motion", *COLUMNS]
    rows = [build_row(name, [pair for pair in done if pair.name == name]) for name in names]
    means = ["geometric mean", "", "", ""]
    for column in range(len(means), len(heads)):
        ratios = [float(row[column].strip("≥ ")) for row in rows if row[column]]
        means.append(find_mean(ratios) if ratios else "")
    filled = [n for n in range(len(heads)) if any(row[n] for row in rows)]
    lines = [heads, ["---"] * len(heads), *rows, means]
    failed = [f"{p.name} ({p.state}): manim {p.manim.is_done}, ours {p.ours.is_done}"
              for p in pairs if p not in done]  # fmt: skip
    table = "\n".join(f"| {' | '.join(line[n] for n in filled)} |" for line in lines)
    return table + ("\n\nNot finished: " + "; ".join(failed) + "." if failed else "")


def find_mean(ratios: Iterable[float]) -> str:
    logs = [math.log(ratio) for ratio in ratios if ratio > 0]
    return f"{math.exp(statistics.fmean(logs)):.2f}" if logs else "-"


def write_results(arguments: argparse.Namespace, table: str) -> None:
    """Put the table between its marks in RESULTS.md."""
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", default="", help="beginnings of names, such as s01,reply_12")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("-q", "--quality", default="low", choices=("low", "medium", "high"))
    parser.add_argument("--math", default="auto", choices=("auto", "latex", "typst"))
    parser.add_argument("--replies", action="store_true", help="the recorded replies, too")
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md")
    parser.add_argument("--states", default="cold,again", help="of cold, again and kept")
    parser.add_argument("--limit", type=float, default=LIMIT_S, help="seconds for manim")
    parser.add_argument("--log", type=Path, help="rows as they come; a run goes on from there")
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
        write_results(arguments, table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
