"""Hostile and harmless scenes against every set of layers, plain manim beside them.

    python -m benchmarks.isolation --judge DIR [--only REGEX] [--configurations NAME …]
    python -m benchmarks.isolation --cost

DIR holds a judge: ``run_corpus.py COMMAND --corpus DIR --user USER --json FILE``, which runs every
scene in a guard of its own and says of each whether it got out. It needs root, for the guard alone.
No scene of the corpus is ever run outside it. ``--cost`` measures what the isolation itself costs.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.isolation_entry import read_scene
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import ShapeRotatorError
from shaperotator_magic.rendering.isolation.confining import Layers, confine_scene
from shaperotator_magic.rendering.isolation.readable import find_readable

ROOT = Path(__file__).parents[1]
CORPORA = (ROOT / "tests/data/corpus", ROOT / "tests/data/corpus_new")

# name: which layers are left out, and who runs it.
CONFIGURATIONS: dict[str, tuple[str, str]] = {
    "full": ("all", "sectest"),
    "without namespaces": ("namespaces=0", "sectest"),
    "root": ("all", "root"),
    "root, without namespaces": ("namespaces=0", "root"),
    "without Landlock": ("landlock=0", "sectest"),
    "without the scene's seccomp": ("seccomp=0", "sectest"),
    "without the server's seccomp": ("server_seccomp=0", "sectest"),
    "without process limits": ("process_limits=0", "sectest"),
    "without the watchdog": ("watchdog=0", "sectest"),
    **{
        f"Landlock {abi}, without namespaces": (f"namespaces=0,largest_abi={abi}", "sectest")
        for abi in (1, 2, 3, 4, 6)
    },
}
PLAIN = "plain manim"

COST_SCENE = """
from manim import *

class S(Scene):
    def construct(self):
        circle = Circle(fill_opacity=1)
        self.play(Create(circle))
        self.play(circle.animate.shift(RIGHT))
"""
_REPEATS = 5
_CPU_GROUPS = Path("/sys/fs/cgroup/cpuacct")  # needs root


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judge", type=Path)
    parser.add_argument("--only", help="scenes whose file name matches")
    parser.add_argument("--configurations", nargs="*", default=[PLAIN, *CONFIGURATIONS])
    parser.add_argument("--cost", action="store_true")
    arguments = parser.parse_args()
    count_refused()
    if arguments.cost:
        measure_cost()
        measure_confinement()
    if arguments.judge:
        for name in arguments.configurations:
            judge(arguments.judge, name, arguments.only)


def count_refused() -> None:
    """Say how many scenes the check of the source refuses, before any of them runs."""
    for corpus in CORPORA:
        for kind in ("hostile", "benign"):
            files = sorted((corpus / kind).glob("*.py"))
            refused = sum(map(_is_refused, files))
            if files:
                print(f"{corpus.name} {kind}: {refused} of {len(files)} refused by the check")


def _is_refused(file: Path) -> bool:
    try:
        check_scene(read_scene(file).code)
    except (ShapeRotatorError, ValueError):
        return True
    return False


def judge(folder: Path, name: str, only: str | None) -> None:
    """Print what one set of layers lets through."""
    layers, user = CONFIGURATIONS.get(name, ("", "sectest"))
    for corpus in CORPORA:
        results = _run_judge(folder, corpus, _build_command(layers), user, only)
        hostile = [result for result in results if result["kind"] == "hostile"]
        escaped = [result for result in hostile if result["verdict"] == "ESCAPED"]
        benign = [result for result in results if result["kind"] == "benign"]
        fine = sum(result["verdict"] == "ok" for result in benign)
        print(f"{name}, {corpus.name}: {len(escaped)} of {len(hostile)} escape, "
              f"{fine} of {len(benign)} harmless ones render", flush=True)  # fmt: skip
        if len(escaped) <= 12:
            for result in escaped:
                print(f"    {result['id']}: {', '.join(result['alarms'])}")
        else:
            print(f"    {dict(Counter(result['cls'] for result in escaped))}")


def _build_command(layers: str) -> str:
    temporary = f"env TMPDIR={{tmp}} PYTHONPATH={ROOT} {sys.executable} -B -m"
    if layers:
        return f"{temporary} benchmarks.isolation_entry {layers} {{file}} {{out}}"
    plain = "--media_dir {out}/media --disable_caching -ql"
    return f"{temporary} manim render {plain} {{file}} S"


def _run_judge(
    folder: Path, corpus: Path, command: str, user: str, only: str | None
) -> list[dict[str, Any]]:
    kinds = {path.name for path in corpus.iterdir()}
    with tempfile.NamedTemporaryFile(suffix=".json") as written:
        asked = [sys.executable, str(folder / "run_corpus.py"), command, "-q", "--user", user]
        asked += ["--corpus", str(corpus), "--json", written.name]
        asked += ["--set", "both" if "benign" in kinds else "hostile"]
        asked += ["--only", only] if only else []
        subprocess.run(asked, check=True, stdout=subprocess.DEVNULL)
        found: list[dict[str, Any]] = json.loads(Path(written.name).read_text())
    return found


def measure_cost() -> None:
    """Print processor seconds of a cold render, isolated and by plain manim, taken in turn."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scene.py"
        file.write_text(COST_SCENE)
        ours = [sys.executable, "-m", "shaperotator_magic", "render", str(file), "-o"]
        plain = [sys.executable, "-m", "manim", "render", "-ql", "--disable_caching"]
        spent: dict[str, list[float]] = {"isolated": [], "plain": []}
        for number in range(_REPEATS):
            out = Path(folder) / str(number)
            command = [*ours, str(out / "S.mp4"), "--no-cache", "--data-dir", str(out / "data")]
            spent["isolated"].append(_measure_cpu(command))
            spent["plain"].append(
                _measure_cpu([*plain, "--media_dir", str(out / "media"), str(file), "S"])
            )
    medians = {name: statistics.median(values) for name, values in spent.items()}
    ratio = medians["isolated"] / medians["plain"]
    print(f"cold render: isolated {medians['isolated']:.2f} s of CPU, "
          f"plain manim {medians['plain']:.2f} s, ratio {ratio:.2f}")  # fmt: skip


def measure_confinement() -> None:
    """Print how long a forked process takes to confine itself, with the worker's own layers."""
    readable = find_readable()
    wall_s, cpu_s = zip(*(_time_confinement(readable) for _ in range(100)), strict=True)
    # The mean of the processor time: some machines count it in ticks of 4 ms.
    print(f"confinement: {1000 * statistics.mean(cpu_s):.1f} ms of CPU, "
          f"{1000 * statistics.median(wall_s):.1f} ms of wall time in the median")  # fmt: skip


def _time_confinement(readable: tuple[Path, ...]) -> tuple[float, float]:
    hears, speaks = os.pipe()
    with tempfile.TemporaryDirectory() as folder:
        process = os.fork()
        if not process:
            began, began_cpu = time.perf_counter(), time.process_time()
            confine_scene(Path(folder), Layers(), readable=readable, cpu_s=60, has_own_users=False)
            took = (time.perf_counter() - began, time.process_time() - began_cpu)
            os.write(speaks, json.dumps(took).encode())
            os._exit(0)
        os.waitpid(process, 0)
        wall_s, cpu_s = json.loads(os.read(hears, 100))
    os.close(hears)
    os.close(speaks)
    return wall_s, cpu_s


def _measure_cpu(command: list[str]) -> float:
    """Return processor seconds of a command and all that comes from it.

    Counted by a control group: what runs inside namespaces is not among the children's times.
    """
    group = _CPU_GROUPS / f"shaperotator-{os.getpid()}"
    group.mkdir()
    joining = f'echo $$ > {group}/cgroup.procs; exec "$@"'
    try:
        subprocess.run(
            ["/bin/sh", "-c", joining, "sh", *command], check=True, capture_output=True, cwd=ROOT
        )
        # Bubblewrap ends before the last of its processes.
        while (group / "cgroup.procs").read_text():
            time.sleep(0.01)
        return int((group / "cpuacct.usage").read_text()) / 1e9
    finally:
        group.rmdir()


if __name__ == "__main__":
    main()
