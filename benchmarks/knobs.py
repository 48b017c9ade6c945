"""Knobs: do they work for every scene, and how soon is something seen?

    python -m benchmarks.knobs moves     every parameter of the library, to both ends of its range
    python -m benchmarks.knobs replies   the recorded replies, with constants at their top
    python -m benchmarks.knobs latency [--every N] [--plain N]

``moves`` and ``replies`` print what ends in a picture, what in a sentence. ``latency`` prints for
every Nth scene of the library the seconds from a move to the still and its share of the scene's
whole render, the seconds from the last move to the first motion of the new video (with the pause
that counts as a rest) and, for every Nth of these, its share of a render by plain manim; at last
how many stills a drag of 3 s shows.
"""

from __future__ import annotations

import argparse
import ast
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.checking.layout.layout import check_layout
from shaperotator_magic.core.errors import ShapeRotatorError
from shaperotator_magic.core.records import (
    CheckedScene,
    Completion,
    Event,
    Generation,
    Options,
    Origin,
    Parameter,
    Prompt,
    SceneCode,
    SegmentReady,
)
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.pipeline.exploring.assets import STATIC
from shaperotator_magic.pipeline.exploring.parameters import read_parameters
from shaperotator_magic.pipeline.exploring.setting import set_parameters
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.pipeline.stills import StillDesk
from shaperotator_magic.rendering.renderer import build_request
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.writing.library.scene_files import LibraryScene, load_scenes
from shaperotator_magic.writing.model.extraction import extract_scene

REPLIES = Path(__file__).parents[1] / "tests" / "data" / "replies" / "first"
_DRAG_S = 3.0
_MOVES = 6
_LIFTED = ("radius", "side_length", "run_time", "font_size", "stroke_width", "buff", "width")
_MOST_LIFTED = 3
_FORMULAS = ("x^2", "sin(x)")


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.knobs")
    parser.add_argument("part", choices=("moves", "replies", "latency"))
    parser.add_argument("--every", type=int, default=1, help="take every Nth scene")
    parser.add_argument("--plain", type=int, default=4, help="compare every Nth with plain manim")
    arguments = parser.parse_args()
    worker = Worker()
    worker.warm_up()
    try:
        if arguments.part == "latency":
            measure_latency(worker, load_scenes()[:: arguments.every], every_plain=arguments.plain)
        elif arguments.part == "moves":
            codes = [fill(scene) for scene in load_scenes()[:: arguments.every]]
            count_moves(worker, codes)
        else:
            count_moves(worker, list(read_replies()))
    finally:
        worker.close()


# --- both ends of every range -----------------------------------------------------------


def fill(scene: LibraryScene) -> SceneCode:
    """Return a scene of the library with its own values."""
    origin = Origin(writer="library", library_scene=scene.name)
    return SceneCode(source=scene.fill({}, None), scene_name=scene.class_name, origin=origin)


def read_replies() -> Iterator[SceneCode]:
    """Yield the recorded replies, each with a few of its numbers as constants at its top."""
    for path in sorted(REPLIES.glob("*.md")):
        completion = Completion(text=path.read_text(encoding="utf-8"), model=path.stem)
        code = extract_scene(completion)
        yield code.model_copy(update={"source": lift_constants(code.source)})


def lift_constants(source: str) -> str:
    """Return a source whose first numbers of a telling argument are constants at its top.

    So the prompt asks for them now; these replies were written before it did.
    """
    found: dict[str, ast.Constant] = {}
    for node in ast.walk(ast.parse(source)):
        value = node.value if isinstance(node, ast.keyword) else None
        is_number = isinstance(value, ast.Constant) and isinstance(value.value, int | float)
        if isinstance(node, ast.keyword) and node.arg in _LIFTED and is_number and value.value > 0:
            found.setdefault(node.arg.upper(), value)
    lifted = dict(list(found.items())[:_MOST_LIFTED])
    lines = source.split("\n")
    for name, value in sorted(lifted.items(), key=lambda item: -item[1].col_offset):
        line = lines[value.lineno - 1].encode()
        head, tail = line[: value.col_offset], line[value.end_col_offset :]
        lines[value.lineno - 1] = (head + name.encode() + tail).decode()
    head = [
        f"{name} = {float(value.value)}  # {0.8 * value.value:g} to {1.2 * value.value:g}"
        for name, value in lifted.items()
    ]
    at = next(i for i, line in enumerate(lines) if line.startswith(("class ", "def ", "@")))
    return "\n".join([*lines[:at], *head, "", *lines[at:]])


def find_ends(row: Parameter) -> tuple[Any, Any]:
    """Return the values of a parameter at both ends of its range."""
    low, high = (int(n) if row.kind == "integer" else n for n in (row.low or 0, row.high or 0))
    ends: dict[str, tuple[Any, Any]] = {
        "choice": (row.choices[0], row.choices[-1]) if row.choices else ("", ""),
        "switch": (False, True),
        "expression": _FORMULAS,
        "text": ("a", "M" * row.most),
        "vector": ([low] * row.fewest, [high] * row.most),
        "list": ([low] * row.fewest, [high] * row.most),
        "matrix": ([[low] * row.most] * row.fewest, [[high] * row.most] * row.fewest),
        "points": ([[low, low]] * row.fewest, [[high, high]] * row.most),
    }
    return ends.get(row.kind, (low, high))


def try_scene(worker: Worker, code: SceneCode) -> tuple[str, frozenset[str]]:
    """Return why a scene does not run, and the rules that a rehearsal finds broken."""
    try:
        request = build_request(Options(), Path(tempfile.gettempdir()) / "knobs")
        seen = worker.rehearse(check_scene(code), request, variables={})
    except ShapeRotatorError as exc:
        return exc.message, frozenset()
    if seen.failure is not None:
        return seen.failure.message, frozenset()
    flaws = [f for f in check_layout(seen) if f.severity == "warning"]
    return (flaws[0].message if flaws else ""), frozenset(f.rule for f in flaws)


def try_value(worker: Worker, code: SceneCode, name: str, value: Any, known: frozenset[str]) -> str:
    """Return what is said of a value; empty where it ends in a picture as good as before."""
    try:
        changed = set_parameters(code, {name: value})
    except ShapeRotatorError as exc:
        return exc.message
    said, rules = try_scene(worker, changed)
    return "" if rules and rules <= known else said


def count_moves(worker: Worker, codes: Sequence[SceneCode]) -> None:
    """Move every parameter to both ends, and print what that ends in."""
    pictures = sentences = parameters = 0
    without: list[str] = []
    for code in codes:
        rows = read_parameters(code)
        works = 0
        known = try_scene(worker, code)[1]
        for row in rows:
            for value in find_ends(row):
                said = try_value(worker, code, row.name, value, known)
                works += not said
                pictures += not said
                sentences += bool(said)
                if said:
                    print(f"  {code.scene_name}.{row.name}={value}: {said}"[:160], flush=True)
        parameters += len(rows)
        if not works:
            without.append(code.scene_name)
    works = len(codes) - len(without)
    print(f"{works} of {len(codes)} scenes have working knobs; none: {', '.join(without) or '-'}")
    print(f"{parameters} parameters at both ends: {pictures} pictures, {sentences} sentences")


# --- how soon ---------------------------------------------------------------------------


def measure_latency(worker: Worker, scenes: Sequence[LibraryScene], *, every_plain: int) -> None:
    """Print the table of one scene after the other, and the medians."""
    table: list[tuple[float, float, float, float | None]] = []
    drags: list[int] = []
    print("scene                    whole s  still s  share  motion s  plain s  share")
    for number, scene in enumerate(scenes):
        with tempfile.TemporaryDirectory() as folder:
            row, drag = _measure_scene(worker, scene, Path(folder), number % every_plain == 0)
        whole, still, motion, plain = row
        share = f"{plain:8.1f} {motion / plain:6.0%}" if plain else ""
        print(
            f"{scene.name:24} {whole:7.2f} {still:8.2f} {still / whole:6.0%} {motion:9.2f} {share}",
            flush=True,
        )
        table.append(row)
        drags.append(drag)
    shares = [still / whole for whole, still, *_ in table]
    motions = [motion / plain for *_, motion, plain in table if plain]
    print(f"still: median {statistics.median(still for _, still, *_ in table):.2f} s,")
    print(f"       {statistics.median(shares):.0%} of the whole render at the median")
    print(f"first motion: {statistics.median(motions):.0%} of plain manim at the median")
    print(f"stills in a drag of {_DRAG_S:g} s: {statistics.median(drags):g}, at least {min(drags)}")


def _measure_scene(
    worker: Worker, library_scene: LibraryScene, folder: Path, is_compared: bool
) -> tuple[tuple[float, float, float, float | None], int]:
    scene = check_scene(fill(library_scene))
    options = Options()
    rows = read_parameters(scene.code)
    base = Generation(prompt=Prompt(text="x", options=options), scene=scene, parameters=rows)
    row = next((r for r in rows if r.kind in {"number", "integer"}), rows[0])
    values = _spread(row)
    media = folder / "media"
    began = time.perf_counter()
    worker.render(
        scene, build_request(options, media), variables={}, on_progress=lambda done, total: None
    )
    whole_s = time.perf_counter() - began
    desk = StillDesk(worker, media)
    desk.draw(base, {}, {}, at_s=None, variables={})  # a hand comes near
    stills = [_time_still(desk, base, {row.name: value}) for value in values[:_MOVES]]
    drag = _drag(desk, base, row)
    desk.close()
    pipeline = Pipeline(store=Store(folder), renderers={"worker": worker}, media_dir=media)
    other = next(value for value in reversed(values) if value != row.value)
    motion_s = _time_motion(pipeline, base, {row.name: other})
    plain_s = _time_plain(scene, folder) if is_compared else None
    return (whole_s, statistics.median(stills), motion_s, plain_s), drag


def _spread(row: Parameter) -> list[Any]:
    """Return values from about the middle of a range on; the ends are for ``moves``."""
    if row.kind not in {"number", "integer"} or row.low is None or row.high is None:
        return [find_ends(row)[at % 2] for at in range(_MOVES + 1)]
    wide = (row.high - row.low) / (4 * _MOVES)
    found = [row.low + (row.high - row.low) * 0.4 + wide * at for at in range(_MOVES + 1)]
    return [round(value) if row.kind == "integer" else round(value, 3) for value in found]


def _time_still(desk: StillDesk, base: Generation, values: dict[str, Any]) -> float:
    began = time.perf_counter()
    try:
        desk.draw(base, {}, values, at_s=None, variables={})
    except ShapeRotatorError as exc:
        print(f"  {values}: {exc.message}"[:120])
    return time.perf_counter() - began


def _drag(desk: StillDesk, base: Generation, row: Parameter) -> int:
    """Return how many stills are seen while a slider moves through its values."""
    values = _spread(row)
    until = time.perf_counter() + _DRAG_S
    count = 0
    while time.perf_counter() < until:
        _time_still(desk, base, {row.name: values[count % len(values)]})
        count += 1
    return count


def _time_motion(pipeline: Pipeline, base: Generation, values: dict[str, Any]) -> float:
    began = time.perf_counter()
    seen: list[float] = []

    def listen(event: Event) -> None:
        if isinstance(event, SegmentReady):
            seen.append(time.perf_counter() - began)

    try:
        pipeline.set_parameters(base, values, listen)
    except ShapeRotatorError as exc:
        print(f"  {values}: {exc.message}"[:120])
    return _read_rest_s() + (seen[0] if seen else time.perf_counter() - began)


def _read_rest_s() -> float:
    """Return how long a knob rests until the page asks for a video."""
    text = (STATIC / "knobs.js").read_text(encoding="utf-8")
    found = re.search(r"KNOB_REST_MS = (\d+);", text)
    assert found is not None
    return int(found[1]) / 1000


def _time_plain(scene: CheckedScene, folder: Path) -> float:
    path = folder / "scene.py"
    path.write_text(scene.code.source, encoding="utf-8")
    command = [sys.executable, "-m", "manim", "render", "-ql", "--disable_caching", str(path)]
    began = time.perf_counter()
    subprocess.run(
        [*command, scene.code.scene_name, "--media_dir", str(folder / "plain")],
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
