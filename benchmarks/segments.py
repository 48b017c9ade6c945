"""What a change costs where all other animations are kept: scenes of ten animations, in turns.

    python -m benchmarks.segments [--pairs 3] [--only text,space] [--replies]

Every scene is drawn whole from empty caches, then with its last animation changed and the caches
of the first drawing ('last'), then with its first changed ('first', where nothing is kept), each
beside the same scene drawn with ``--no-cache``. CPU is that of this process and the render process;
the import of manim is done before. At 480p15.

With ``--replies`` instead the recorded replies whose construct() plays ten animations or more, one
after the other: of those 'last' is the last ``self.play`` with another run time.
"""

from __future__ import annotations

import argparse
import ast
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.render import count_cpu, find_scenes
from shaperotator_magic.core.records import CheckedScene, Origin, SceneCode
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.worker import Worker

MOVES = "\n".join(
    f"self.play(a.animate.shift({n % 3 - 1} * RIGHT).rotate(0.3), b.animate.scale(1.1))"
    for n in range(8)
)
TEXTS = "\n".join(
    f"t{n} = Text('Line number {n} of a lesson', font_size=36).shift({n - 4} * 0.7 * UP)\n"
    f"self.play(Write(t{n}))"
    for n in range(8)
)
FORMULAS = "\n".join(
    f"new = MathTex('x^{{{n}}} + {n}', '=', r'\\frac{{a}}{{{n + 2}}}')\n"
    "self.play(ReplacementTransform(old, new))\nold = new"
    for n in range(8)
)
TURNS = "\n".join(
    f"self.move_camera(phi={0.4 + n / 20}, theta={n / 5}, run_time=1)" for n in range(8)
)
SLIDES = "\n".join(f"self.play(t.animate.set_value({n % 4}))" for n in range(1, 9))
# First and last animation, with what makes them others; between them eight more.
SCENES = {
    "shapes": ("Scene", "a, b = Square(), Circle().shift(2 * UP)", MOVES),
    "text": ("Scene", "a = Text('Title').to_edge(UP)", TEXTS),
    "formulas": ("Scene", "old = MathTex('x'); a = Square().shift(3 * LEFT)", FORMULAS),
    "many": (
        "Scene",
        "a = VGroup(*[Dot() for _ in range(300)]).arrange_in_grid(15, 20, buff=0.2); b = Square()",
        MOVES,
    ),
    "space": (
        "ThreeDScene",
        "a = Surface(lambda u, v: np.array([u, v, np.sin(u * v)]), u_range=[-2, 2], "
        "v_range=[-2, 2], resolution=(20, 20))",
        TURNS,
    ),
    "updaters": (
        "Scene",
        "t = ValueTracker(0); axes = Axes(); a = always_redraw(lambda: axes.plot("
        "lambda x: np.sin(x + t.get_value()))); self.add(axes)",
        SLIDES,
    ),
}


_FEWEST_PLAYS = 10


@dataclass(frozen=True)
class Cost:
    """What one drawing took."""

    cpu_s: float
    wall_s: float


def build(name: str, *, first: str = "0.9", last: str = "1") -> CheckedScene:
    base, begin, middle = SCENES[name]
    entry = f"self.play(FadeIn(a), run_time={first})"
    body = "\n".join([begin, entry, middle, f"self.play(FadeOut(*self.mobjects), run_time={last})"])
    lines = "\n".join(" " * 8 + line for line in body.splitlines())
    source = f"from manim import *\nclass Ten({base}):\n    def construct(self):\n{lines}\n"
    return as_scene(source, "Ten")


def as_scene(source: str, scene_name: str) -> CheckedScene:
    return CheckedScene(
        code=SceneCode(source=source, scene_name=scene_name, origin=Origin(writer="user"))
    )


def change_last_play(source: str) -> str | None:
    """Return the source with a tenth of a second more for the last animation that is played.

    None where construct() itself plays fewer than ten.
    """
    tree = ast.parse(source)
    constructs = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "construct"
    ]
    plays = [
        statement.value
        for statement in constructs[-1].body
        if isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and ast.unparse(statement.value.func) == "self.play"
    ]
    if len(plays) < _FEWEST_PLAYS:
        return None
    last = plays[-1]
    run_times = [word for word in last.keywords if word.arg == "run_time"]
    if run_times:
        run_times[0].value = ast.BinOp(run_times[0].value, ast.Add(), ast.Constant(0.1))
    else:
        last.keywords.append(ast.keyword("run_time", ast.Constant(1.1)))
    return ast.unparse(ast.fix_missing_locations(tree))


def draw(worker: Worker, scene: CheckedScene, folder: Path, *, use_cache: bool) -> Cost:
    request = RenderRequest(
        width_px=854, height_px=480, fps=15, media_dir=folder, use_cache=use_cache
    )
    # Counting looks at every process of the machine; that is no part of the drawing.
    own_s = time.process_time()
    cpu_s = count_cpu()
    counting_s = time.process_time() - own_s
    began = time.perf_counter()
    worker.render(scene, request, variables={}, on_progress=lambda done, total: None)
    wall_s = time.perf_counter() - began
    return Cost(count_cpu() - cpu_s - counting_s, wall_s)


Versions = dict[str, CheckedScene]
"""A scene as it is ('whole'), and with something changed."""


def find_versions(folder: Path, *, with_replies: bool) -> dict[str, Versions]:
    """Return what is measured, by name."""
    if not with_replies:
        return {
            name: {
                "whole": build(name),
                "last": build(name, last="1.1"),
                "first": build(name, first="1"),
            }
            for name in SCENES
        }
    found = {}
    for name, file, scene_name in find_scenes(folder, with_replies=True):
        source = ast.unparse(ast.parse(file.read_text(encoding="utf-8")))
        changed = change_last_play(source) if name.startswith("reply_") else None
        if changed is not None:
            found[name] = {
                "whole": as_scene(source, scene_name),
                "last": as_scene(changed, scene_name),
            }
    return found


def measure(worker: Worker, versions: Versions, folder: Path) -> dict[str, tuple[Cost, Cost]]:
    """Return for every version what it took with what was kept before, and without."""
    kept, bare = folder / "kept", folder / "bare"
    return {
        kind: (
            draw(worker, scene, kept, use_cache=True),
            draw(worker, scene, bare, use_cache=False),
        )
        for kind, scene in versions.items()
    }


def report(name: str, rows: list[dict[str, tuple[Cost, Cost]]]) -> None:
    """Print the medians of one scene."""
    for kind in rows[0]:
        pairs = [row[kind] for row in rows]
        cpu = statistics.median(ours.cpu_s / full.cpu_s for ours, full in pairs)
        wall = statistics.median(ours.wall_s / full.wall_s for ours, full in pairs)
        seconds = " / ".join(
            f"{statistics.median(pair[side].cpu_s for pair in pairs):.2f}" for side in (0, 1)
        )
        print(f"| {name} | {kind} | {seconds} | {cpu:.0%} | {wall:.0%} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--only", default="", help="beginnings of names")
    parser.add_argument("--replies", action="store_true")
    arguments = parser.parse_args()
    wanted = tuple(filter(None, arguments.only.split(",")))
    worker = Worker()
    print("| scene | changed | CPU, s | of all, CPU | of all, wall |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as sources:
        found = find_versions(Path(sources), with_replies=arguments.replies)
        for name, versions in found.items():
            if wanted and not name.startswith(wanted):
                continue
            rows = []
            for _ in range(arguments.pairs):
                with tempfile.TemporaryDirectory() as folder:
                    draw(worker, versions["whole"], Path(folder) / "warm", use_cache=False)
                    rows.append(measure(worker, versions, Path(folder)))
            report(name, rows)
    worker.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
