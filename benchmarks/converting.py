"""Converts listed scenes of other people, and counts what runs: by era and by kind.

    python -m benchmarks.converting DIR LIST [LIST …] [--jobs 2] [--out FOLDER] [--manimgl PYTHON]

DIR holds repositories as OWNER/NAME (or NAME alone); a LIST has a JSON object a line with ``id``,
``repo``, ``path``, ``cls`` and perhaps ``deps`` (plain, custom, once) and ``year``. With
``--failing``, only scenes count that the installed manim does not run as they are: old ones of
manim's own (``benchmarks/old_scenes.jsonl``). The scenes are
read for measuring only: nothing of them is kept but the results in FOLDER, which is a temporary
one by default. A scene counts where its conversion imports manim, numpy, scipy, sympy and the
standard library alone, runs to its end without drawing, keeps its calls of play and wait, plays
and waits as often and as long as its source says, and calls no setter that manim swallows. Texts
are laid out in a picture of 480 lines: in a smaller one, rows of them are cut off.

With ``--manimgl``, the Python of an environment that has manimgl, the scenes are also run there as
they are, and the box of all that is to be seen after each play is compared (``benchmarks.boxes``).
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shaperotator_magic.checking.api import Api
from shaperotator_magic.converting.converter import Conversion, convert_source
from shaperotator_magic.converting.report import build_result
from shaperotator_magic.core.errors import RenderError
from shaperotator_magic.core.records import CheckedScene, Origin, Rehearsal, SceneCode
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.worker import Worker

ALLOWED = {"manim", "numpy", "scipy", "sympy", "__future__"} | sys.stdlib_module_names
LAST_OF_MANIMLIB, LAST_OF_CHANGE = 2020, 2021
TIMEOUT_S = 240.0
NEAR, NEARER = 0.5, 0.25
RECORDER = Path(__file__).with_name("boxes.py")


@dataclass(frozen=True)
class Result:
    """What became of one scene; no reason where all is well."""

    identifier: str
    kind: str
    era: str
    reason: str = ""
    distances: tuple[float, ...] | None = None


def main() -> None:
    """Convert and rehearse every listed scene, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("lists", type=Path, nargs="+", metavar="LIST")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--failing", action="store_true", help="count what fails as it is")
    parser.add_argument("--manimgl", metavar="PYTHON", help="of an environment that has manimgl")
    arguments = parser.parse_args()
    rows = [json.loads(line) for file in arguments.lists for line in file.open(encoding="utf-8")]
    with tempfile.TemporaryDirectory() as media:
        request = RenderRequest(
            width_px=854, height_px=480, fps=10, media_dir=Path(media), timeout_s=TIMEOUT_S,
            use_cache=False, math="auto",
        )  # fmt: skip
        worker = Worker()
        try:
            api = Api(worker.describe_manim(request))
            bench = _Bench(arguments.folder, api, worker, request, arguments.out, arguments.manimgl)
            measure = bench.measure_failing if arguments.failing else bench.measure
            with ThreadPoolExecutor(arguments.jobs) as pool:
                results = [found for found in pool.map(measure, rows) if found is not None]
        finally:
            worker.close()
    for line in build_tables(results):
        print(line)


@dataclass(frozen=True)
class _Bench:
    folder: Path
    api: Api
    worker: Worker
    request: RenderRequest
    out: Path | None
    manimgl: str | None

    def measure_failing(self, row: dict[str, Any]) -> Result | None:
        """Return the result of a scene that fails as it is; None of another."""
        source = (self._find_root(row) / row["path"]).read_text(encoding="utf-8")
        return None if self._rehearse(source, row["cls"]) is not None else self.measure(row)

    def _find_root(self, row: dict[str, Any]) -> Path:
        root = self.folder / row["repo"]
        return root if root.is_dir() else self.folder / row["repo"].split("/")[-1]

    def _rehearse(self, source: str, scene: str) -> Rehearsal | None:
        """Return the record of a run that came to its end."""
        try:
            seen = self._run(source, scene)
        except RenderError:
            return None
        return None if seen.failure is not None else seen

    def _run(self, source: str, scene: str) -> Rehearsal:
        code = SceneCode(source=source, scene_name=scene, origin=Origin(writer="user"))
        return self.worker.rehearse(CheckedScene(code=code), self.request, variables={})

    def measure(self, row: dict[str, Any]) -> Result:
        """Return the result of one scene."""
        era, kind = find_era(str(row.get("year", ""))), str(row.get("deps", ""))
        root = self._find_root(row)
        path = root / row["path"]
        try:
            source = path.read_text(encoding="utf-8")
            conversion = convert_source(
                source, self.api, scenes=[row["cls"]], folders=[path.parent, root]
            )
        except (OSError, SyntaxError, ValueError) as exc:
            return Result(row["id"], kind, era, f"not converted: {exc}")
        if self.out is not None:
            self.out.mkdir(parents=True, exist_ok=True)
            (self.out / f"{row['id']}.py").write_text(conversion.source, encoding="utf-8")
        reason = next(self._list_reasons(conversion, row["cls"]), "")
        distances = None
        if self.manimgl is not None and not reason:
            distances = compare_boxes(self.manimgl, path, conversion.source, row["cls"], [root])
        return Result(row["id"], kind, era, reason, distances)

    def _list_reasons(self, conversion: Conversion, scene: str) -> Iterator[str]:
        if foreign := sorted(set(list_imported(conversion.source)) - ALLOWED):
            yield f"imports {', '.join(foreign)}"
        if conversion.calls[0] != conversion.calls[1]:
            yield "plays or waits were lost"
        if conversion.swallowed:
            yield f"swallowed {', '.join(conversion.swallowed)}"
        try:
            seen = build_result(scene, self._run(conversion.source, scene), conversion)
        except RenderError as exc:
            yield exc.message
        else:
            yield from filter(None, (seen.failure, seen.difference))


def compare_boxes(
    manimgl: str, path: Path, converted: str, scene: str, folders: list[Path]
) -> tuple[float, ...] | None:
    """Return how far the sides of each play's box are apart; None where manimgl fails itself."""
    before = record_boxes(manimgl, path, scene, folders)
    if before["failure"]:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "converted.py"
        file.write_text(converted, encoding="utf-8")
        after = record_boxes(sys.executable, file, scene, [Path.cwd()])
    boxes = list(after["boxes"])
    boxes += [None] * (len(before["boxes"]) - len(boxes))
    return tuple(measure_distance(a, b) for a, b in zip(before["boxes"], boxes, strict=False))


def record_boxes(python: str, file: Path, scene: str, folders: list[Path]) -> dict[str, Any]:
    """Return what ``benchmarks.boxes`` writes of a scene."""
    command = [python, str(RECORDER), str(file), scene, *map(str, folders)]
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, timeout=TIMEOUT_S, check=True, text=True
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as exc:
            return {"boxes": [], "waits": 0, "failure": str(exc)}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure_distance(before: list[float] | None, after: list[float] | None) -> float:
    """Return the largest distance of two boxes' sides; without end where one sees nothing."""
    if before is None or after is None:
        return 0.0 if before is after else float("inf")
    return max(abs(a - b) for a, b in zip(before, after, strict=True))


def find_era(year: str) -> str:
    """Return the manim that a scene of a year was written for."""
    if not year.isdecimal():
        return "examples"
    if int(year) <= LAST_OF_MANIMLIB:
        return "manimlib, to 2020"
    return "change, 2021" if int(year) == LAST_OF_CHANGE else "manimgl, from 2022"


def list_imported(source: str) -> Iterator[str]:
    """Yield the packages that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def build_tables(results: Iterable[Result]) -> Iterator[str]:
    """Yield how many ran, by kind and by era, and why the others did not."""
    results = list(results)
    for title, name in (("kind", "kind"), ("era", "era")):
        groups: dict[str, list[Result]] = defaultdict(list)
        for result in results:
            groups[getattr(result, name)].append(result)
        for group, members in sorted(groups.items()):
            yield f"{title:5} {group:20} {_count(members)}"
    yield f"all   {'':20} {_count(results)}"
    yield from describe_distances([r for r in results if r.distances is not None])
    for result in results:
        if result.reason:
            yield f"  {result.identifier}: {result.reason[:200]}"


def describe_distances(results: list[Result]) -> Iterator[str]:
    """Yield how many plays look as in manimgl, of the scenes that run there."""
    if not results:
        return
    plays = [distance for result in results for distance in result.distances or ()]
    for most in (NEAR, NEARER):
        near = sum(distance <= most for distance in plays)
        share = 100 * near / max(len(plays), 1)
        counted = f"{near} of {len(plays)} plays in {len(results)} scenes"
        yield f"box within {most}: {counted}, {share:.0f} %"
    for result in results:
        distances = result.distances or ()
        far = " ".join(f"{distance:.2f}" for distance in distances if distance > NEARER)
        yield f"  {result.identifier}: {len(distances)} plays; far: {far or '-'}"


def _count(members: list[Result]) -> str:
    good = sum(not member.reason for member in members)
    return f"{good:3} of {len(members):3}  {100 * good / max(len(members), 1):3.0f} %"


if __name__ == "__main__":
    main()
