"""Scenes that people published, taken for a model's reply: what is edited of those that run.

    python -m benchmarks.untouched DIR [--most 60] [--a-file 2] [-o edited]
    python -m benchmarks.untouched --docstrings [--most 100]

DIR holds a folder of Python files for every project; of each file some of its scenes are tried.
With ``--docstrings`` they are the examples in the installed manim's own docstrings. Each goes the
way of a reply: API correction, gate, rehearsal, repairs and auto-fixes, without LaTeX. Every line
of an edit is told; with ``-o`` both sources are written, to be looked at.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import inspect
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import ShapeRotatorError
from shaperotator_magic.core.records import CheckedScene, Origin, Rehearsal, SceneCode
from shaperotator_magic.core.scene_classes import find_classes
from shaperotator_magic.pipeline.drafts import Draft, Stage, prepare_draft
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.worker import Worker

_EXAMPLE = re.compile(r"^( *)\.\. manim:: *(\w+)\n((?:(?:\1 +.*)?\n)*)", re.MULTILINE)
_OPTION = re.compile(r" +:\w+:.*\n")
_IMPORT = "from manim import *\n\n\n"


def main() -> int:
    options = _read_options()
    counts: Counter[str] = Counter()
    tried = options.tried or sys.maxsize
    worker = Worker()
    with tempfile.TemporaryDirectory() as media:
        stage = build_stage(worker, Path(media))
        scenes = list_examples() if options.docstrings else list_scenes(options)
        for name, code in islice(scenes, options.skip, None):
            began = time.perf_counter()
            kind, words = judge(code, stage, options.output / name if options.output else None)
            counts[kind] += 1
            print(f"{kind:8} {time.perf_counter() - began:6.1f} s  {name}  {words}", flush=True)
            if counts["as it is"] + counts["edited"] >= options.most or counts.total() >= tried:
                break
    worker.close()
    print(", ".join(f"{count} {kind}" for kind, count in counts.most_common()))
    return 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR")
    parser.add_argument("--docstrings", action="store_true", help="the examples of manim itself")
    parser.add_argument("--most", type=int, default=60, help="scenes that run")
    parser.add_argument("--tried", type=int, default=0, help="at most so many scenes")
    parser.add_argument("--skip", type=int, default=0, help="scenes at the beginning")
    parser.add_argument("--a-file", type=int, default=2, help="scenes of one file")
    parser.add_argument("--only", default="", help="part of the paths to take, comma-separated")
    parser.add_argument(
        "-o", "--output", type=Path, help="folder for the sources of what is edited"
    )
    options = parser.parse_args()
    if not options.docstrings and options.folder is None:
        parser.error("which folder?")
    return options


def build_stage(worker: Worker, media: Path) -> Stage:
    """Return where scenes are rehearsed at 480p15, with the budgets of the product."""
    request = RenderRequest(854, 480, 15, media, timeout_s=120, seed=0)

    def rehearse(scene: CheckedScene) -> Rehearsal:
        return worker.rehearse(scene, request, variables={})

    return Stage(rehearse, Api(worker.describe_manim(request)))


def list_scenes(options: argparse.Namespace) -> Iterator[tuple[str, SceneCode]]:
    """Yield scenes of all projects in turns, so that no project has most of them."""
    folders = [path for path in sorted(options.folder.iterdir()) if path.is_dir()]
    ways = [_list_of_project(options, folder) for folder in folders]
    while ways:
        for way in list(ways):
            found = next(way, None)
            if found is None:
                ways.remove(way)
            else:
                yield found


def _list_of_project(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, SceneCode]]:
    wanted = [part for part in options.only.split(",") if part]
    for path in sorted(folder.rglob("*.py")):
        name = str(path.relative_to(options.folder))
        if not wanted or any(part in name for part in wanted):
            yield from islice(_read_file(name, path), options.a_file)


def _read_file(name: str, path: Path) -> Iterator[tuple[str, SceneCode]]:
    try:
        source = path.read_text("utf-8")
        tree = ast.parse(source)
    except (SyntaxError, UnicodeDecodeError):
        return
    if "from manim import *" not in source:
        return
    for node in tree.body:
        is_scene = isinstance(node, ast.ClassDef) and node.name in find_classes(tree)
        if is_scene and isinstance(node, ast.ClassDef) and _constructs(node):
            yield f"{name}/{node.name}", _build_code(source, node.name)


def _constructs(node: ast.ClassDef) -> bool:
    return any(isinstance(n, ast.FunctionDef) and n.name == "construct" for n in node.body)


def _build_code(source: str, name: str) -> SceneCode:
    return SceneCode(
        source=source, scene_name=name, origin=Origin(writer="model", model="recorded")
    )


def list_examples() -> Iterator[tuple[str, SceneCode]]:
    """Yield the examples in manim's docstrings, in the order of its files."""
    spec = importlib.util.find_spec("manim")
    if spec is None or spec.origin is None:
        return
    root = Path(spec.origin).parent
    for path in sorted(root.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.Module):
                for name, source in read_examples(ast.get_docstring(node) or ""):
                    yield f"{path.relative_to(root)}/{name}", _build_code(source, name)


def read_examples(docstring: str) -> Iterator[tuple[str, str]]:
    """Yield name and whole source of every example of a docstring."""
    for found in _EXAMPLE.finditer(f"{docstring}\n"):
        body = _OPTION.sub("", found[3])
        source = inspect.cleandoc(body)
        yield found[2], f"{'' if 'import *' in source else _IMPORT}{source}\n"


def judge(code: SceneCode, stage: Stage, output: Path | None) -> tuple[str, str]:
    """Return what became of a scene, and in words what was edited or why it does not run."""
    try:
        draft = prepare_draft(code, stage)
    except ShapeRotatorError as exc:
        return "refused", exc.message[:150]
    if draft.scene.code.source == code.source:
        return ("fails", draft.failure.message[:150]) if draft.failure else ("as it is", "")
    if not _runs(code, stage):
        return "healed", _tell(draft)
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        (output / "before.py").write_text(code.source, "utf-8")
        (output / "after.py").write_text(draft.scene.code.source, "utf-8")
    return "edited", _tell(draft)


def _runs(code: SceneCode, stage: Stage) -> bool:
    try:
        return stage.rehearse(check_scene(code)).failure is None
    except ShapeRotatorError:
        return False


def _tell(draft: Draft) -> str:
    told = (f for f in draft.scene.findings if f.message.startswith("Mended: "))
    return "; ".join(f"[{f.rule}] {f.message[8:]}" for f in told)


if __name__ == "__main__":
    sys.exit(main())
