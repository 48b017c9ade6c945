"""Whether injecting runs anything: random scenes with a mark in every function, and what it costs.

Usage::

    python -m benchmarks.injection --scenes 20000
    python -m benchmarks.injection --scenes 20000 --plain
    python -m benchmarks.injection --scenes 20000 --plain --gate old_definitions.py
    python -m benchmarks.injection --cost

A scene goes through the checks, through the proof in a process of its own, and is assembled from
what the proof wrote, as a kernel does it. What the proof refuses is assembled as well, from
nothing: the kernel must hold alone. Printed are the counts, and how many scenes printed their mark
in the place of the kernel: it must be 0. ``--plain`` executes what passed the checks, as it was
done before definitions came as data; ``--gate`` takes ``check_definitions`` of another file, such
as ``git show b6571ad:shaperotator_magic/checking/gate/definitions.py`` prints.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import linecache
import os
import statistics
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from shaperotator_magic.checking.gate import safety
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import RenderError, SceneCodeError
from shaperotator_magic.core.records import CheckedScene, Origin, SceneCode
from shaperotator_magic.rendering.defining import proving
from shaperotator_magic.rendering.defining.definitions import Definitions
from shaperotator_magic.rendering.worker.worker import Worker
from tests.definition_generator import MARK, SCENE_NAME, generate_scene

_BATCH = 100
_TIMES = 30


def main() -> None:
    """Count or measure, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--scenes", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--plain", action="store_true", help="execute instead of assembling")
    parser.add_argument("--gate", type=Path, help="file with another check_definitions")
    parser.add_argument("--cost", action="store_true", help="time and imports of one injection")
    arguments = parser.parse_args()
    if arguments.cost:
        measure_cost()
        return
    if arguments.gate:
        safety.check_definitions = _load_gate(arguments.gate)
    begun = time.perf_counter()
    seeds = range(arguments.first, arguments.first + arguments.scenes)
    counts = try_scenes(seeds, is_plain=arguments.plain)
    print(f"{arguments.scenes} scenes in {time.perf_counter() - begun:.0f} s")
    for what, count in sorted(counts.items()):
        print(f"{count:8d} {what}")


def _load_gate(path: Path) -> Any:
    spec = spec_from_file_location("other_gate", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file.")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.check_definitions


# --- marks ----------------------------------------------------------------------------


def try_scenes(seeds: Iterable[int], *, is_plain: bool = False) -> Counter[str]:
    """Return how many of the scenes ended how; each batch in a process that is thrown away."""
    import manim  # noqa: F401 - the batches fork, and have it

    checked: list[CheckedScene] = []
    counts: Counter[str] = Counter()
    for seed in seeds:
        source = generate_scene(seed)
        code = SceneCode(source=source, scene_name=SCENE_NAME, origin=Origin(writer="model"))
        try:
            checked.append(check_scene(code))
        except SceneCodeError:
            counts["refused by the checks"] += 1
    run = _execute if is_plain else _prove_and_assemble
    for at in range(0, len(checked), _BATCH):
        counts.update(in_fork(run, checked[at : at + _BATCH]))
    return counts


def in_fork(run: Callable[[list[CheckedScene]], Any], scenes: list[CheckedScene]) -> Any:
    """Return what ``run`` returns, as JSON from a forked process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            answer = json.dumps(run(scenes)).encode()
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(answer)
        except BaseException:  # noqa: BLE001 - it must not go on as the parent would
            traceback.print_exc()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    os.waitpid(child, 0)
    return json.loads(content)


def _prove_and_assemble(scenes: list[CheckedScene]) -> Counter[str]:
    counts: Counter[str] = Counter()
    proofs = in_fork(_prove, scenes)
    for number, (scene, proof) in enumerate(zip(scenes, proofs, strict=True)):
        answer = json.dumps([]) if proof is None else proof
        outcome, has_run = assemble_watched(scene, answer.encode(), f"scene_{number}")
        if has_run:
            print(f"FIRED:\n{scene.code.source}", file=sys.stderr)
            counts["marks fired in the kernel"] += 1
        counts["refused by the proof" if proof is None else outcome] += 1
    counts["marks fired in the kernel"] += 0
    return counts


def _prove(scenes: list[CheckedScene]) -> list[str | None]:
    # An audit hook stays for as long as its process lives; a hundred of them take their time.
    auditor = proving.Auditor()
    vars(proving)["Auditor"] = lambda: auditor
    with tempfile.TemporaryDirectory() as folder:
        return [prove_one(scene, Path(folder)) for scene in scenes]


def prove_one(scene: CheckedScene, folder: Path) -> str | None:
    """Return what the proof of a scene writes; None if it refuses. In a process to throw away."""
    job = {
        "source": scene.code.source,
        "scene_name": scene.code.scene_name,
        "config": {},
        "variables": {},
        "folder": str(folder),
    }
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            failed = proving.prove_definitions(job, lambda **_: None)
        except Exception:  # noqa: BLE001 - the confined process ends, and nothing is injected
            return None
    return None if failed else (folder / proving.DEFINITIONS_NAME).read_text(encoding="utf-8")


def assemble_watched(scene: CheckedScene, answer: bytes, name: str) -> tuple[str, bool]:
    """Assemble a scene as a kernel does; return how it ended, and whether its mark was printed."""
    printed = io.StringIO()
    outcome = "assembled"
    file = f"<{name}>"
    with contextlib.redirect_stdout(printed):
        try:
            Definitions.read(scene, answer).build_module(name, file, {})
        except (SceneCodeError, RenderError):
            outcome = "refused by the assembly"
    sys.modules.pop(name, None)
    linecache.cache.pop(file, None)
    return outcome, MARK in printed.getvalue()


def _execute(scenes: list[CheckedScene]) -> Counter[str]:
    counts: Counter[str] = Counter({"marks fired in the kernel": 0})
    for scene in scenes:
        printed = io.StringIO()
        # SystemExit, too: a scene may call what ends a kernel.
        with contextlib.redirect_stdout(printed), contextlib.suppress(BaseException):
            execute(scene)
        counts["executed"] += 1
        counts["marks fired in the kernel"] += MARK in printed.getvalue()
    return counts


def execute(scene: CheckedScene) -> dict[str, Any]:
    """Execute a scene as a module, and return its names."""
    module = sys.modules["scene"] = ModuleType("scene")
    exec(scene.code.source, vars(module))
    return vars(module)


# --- cost -----------------------------------------------------------------------------

_ORDINARY = """from manim import *
import numpy as np
from dataclasses import dataclass
from enum import Enum

COUNT = 7
COLORS = [RED, GREEN, ManimColor("#336699"), interpolate_color(RED, BLUE, 0.5)]
GRID = np.linspace(-3, 3, COUNT)
HALF = config.frame_width / 2


class Shade(Enum):
    LIGHT = "light"
    DARK = "dark"


@dataclass
class Ball:
    x: float
    shade: Shade = Shade.DARK
"""


def build_ordinary(lines: int = 150) -> CheckedScene:
    """Return a scene of so many lines, with constants, helpers, a dataclass and an enumeration."""
    parts = [_ORDINARY]
    for number in range(4):
        parts.append(f"\n\ndef helper_{number}(x: float, scale: float = 2 * PI) -> float:\n")
        parts.append("".join(f"    x += {step} * scale\n" for step in range(10)) + "    return x\n")
    parts.append(f"\n\nclass {SCENE_NAME}(Scene):\n    def construct(self):\n")
    missing = lines - "".join(parts).count("\n")
    body = "".join(f"        self.add(Dot({number} * RIGHT))\n" for number in range(missing))
    origin = Origin(writer="model")
    code = SceneCode(source="".join(parts) + body, scene_name=SCENE_NAME, origin=origin)
    return check_scene(code)


def measure_cost() -> None:
    """Print the median times of injecting and of executing, and what only injecting imports."""
    scene = build_ordinary()
    before = set(sys.modules)
    plain = _time_median(lambda _: execute(scene))
    by_plain = set(sys.modules) - before
    worker = Worker()

    def inject(number: int) -> None:
        definitions = worker.define(scene, variables={}, config={})
        definitions.build_module(f"cost_{number}", f"<cost {number}>", {})

    try:
        before = set(sys.modules)
        now = _time_median(inject)
        added = {name for name in sys.modules.keys() - before if not name.startswith("cost_")}
        proved = worker.define(scene, variables={}, config={})
        assembled = _time_median(lambda n: proved.build_module(f"again_{n}", f"<again {n}>", {}))
    finally:
        worker.close()
    print(f"{scene.code.source.count(chr(10))} lines, median of {_TIMES}, warm")
    print(f"executed:            {plain:6.1f} ms ({len(by_plain)} modules imported the first time)")
    print(f"proved, assembled:   {now:6.1f} ms, {now - plain:.1f} ms more (target 40)")
    print(f"  in the kernel:     {assembled:6.1f} ms")
    print(f"imported only now:   {', '.join(sorted(added)) or 'nothing'}")


def _time_median(run: Callable[[int], Any]) -> float:
    times = []
    for number in range(_TIMES + 3):
        begun = time.perf_counter()
        run(number)
        times.append(time.perf_counter() - begun)
    return statistics.median(times[3:]) * 1000


if __name__ == "__main__":
    main()
