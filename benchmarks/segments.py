"""What a change costs where all other animations are kept: scenes of ten animations, in turns.

    python -m benchmarks.segments [--pairs 3] [--only text,space]

Every scene is drawn whole from empty caches, then with its last animation changed and the caches
of the first drawing ('last'), then with its first changed ('first', where nothing is kept), each
beside the same scene drawn with ``--no-cache``. CPU is that of this process and the render process;
the import of manim is done before. At 480p15.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.render import count_cpu
from shaperotator_magic.records import CheckedScene, Origin, SceneCode
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker import Worker

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
    return CheckedScene(
        code=SceneCode(source=source, scene_name="Ten", origin=Origin(writer="user"))
    )


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


def measure(worker: Worker, name: str, folder: Path) -> dict[str, tuple[Cost, Cost]]:
    """Return for every kind of change what it took with what was kept, and without."""
    kept, bare = folder / "kept", folder / "bare"
    whole = draw(worker, build(name), kept, use_cache=True)
    last, first = build(name, last="1.1"), build(name, first="1")
    return {
        "whole": (whole, draw(worker, build(name), bare, use_cache=False)),
        "last": (
            draw(worker, last, kept, use_cache=True),
            draw(worker, last, bare, use_cache=False),
        ),
        "first": (
            draw(worker, first, kept, use_cache=True),
            draw(worker, first, bare, use_cache=False),
        ),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--only", default=",".join(SCENES))
    arguments = parser.parse_args()
    worker = Worker()
    print("| scene | changed | CPU, s | of all, CPU | of all, wall |\n|---|---|---|---|---|")
    for name in arguments.only.split(","):
        rows = []
        for _ in range(arguments.pairs):
            with tempfile.TemporaryDirectory() as folder:
                draw(worker, build(name), Path(folder) / "warm", use_cache=False)
                rows.append(measure(worker, name, Path(folder)))
        for kind in rows[0]:
            pairs = [row[kind] for row in rows]
            cpu = statistics.median(ours.cpu_s / full.cpu_s for ours, full in pairs)
            wall = statistics.median(ours.wall_s / full.wall_s for ours, full in pairs)
            seconds = " / ".join(
                f"{statistics.median(pair[side].cpu_s for pair in pairs):.2f}" for side in (0, 1)
            )
            print(f"| {name} | {kind} | {seconds} | {cpu:.0%} | {wall:.0%} |", flush=True)
    worker.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
