"""Breaks scenes that work, in the ways that models break them: by seed, so that it can be repeated.

    python -m benchmarks.broken [--seed 1] [--per-scene 4] [--part 1/4] [--unhealed]

The scenes are the library's and those of the layout tests. Every variant gets one to three faults,
from misspelt names to words of manimgl, is healed without a model, and rehearsed.
"""

from __future__ import annotations

import argparse
import ast
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from shaperotator_magic.checking.api import Api
from shaperotator_magic.core.errors import CheckFailedError, RenderError
from shaperotator_magic.core.records import CheckedScene, Finding, Origin, Rehearsal, SceneCode
from shaperotator_magic.learning.dataset.sources.faults import CALLS
from shaperotator_magic.pipeline.drafts import Draft, Stage, prepare_draft
from shaperotator_magic.pipeline.failing import build_finding
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.writing.model.prompts import build_repair_messages

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Variant:
    """A broken scene, and what was done to it."""

    scene: str
    faults: tuple[str, ...]
    source: str


def list_scenes() -> Iterator[tuple[str, str]]:
    """Yield name and whole source of every scene that is broken here."""
    for path in sorted((ROOT / "shaperotator_magic" / "writing" / "scenes").glob("[a-z]*.py")):
        source = path.read_text("utf-8")
        yield find_scene_name(source), source
    source = (ROOT / "tests" / "data" / "layout" / "tuning.py").read_text("utf-8")
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name, f"from manim import *\n\n\n{ast.get_source_segment(source, node)}\n"


def find_scene_name(source: str) -> str:
    """Return the name of the last class."""
    return [n.name for n in ast.parse(source).body if isinstance(n, ast.ClassDef)][-1]


def build_variants(seed: int, per_scene: int) -> list[Variant]:
    """Return broken scenes, the same for the same seed; every one differs from its scene."""
    rng = random.Random(seed)
    variants = []
    for name, source in list_scenes():
        for _ in range(per_scene):
            broken, faults = source, []
            for fault in rng.sample(sorted(CALLS), k=12):
                changed = CALLS[fault](broken, rng)
                if changed is not None and changed != broken:
                    broken = changed
                    faults.append(fault)
                if len(faults) == rng.randint(1, 3):
                    break
            if faults:
                variants.append(Variant(name, tuple(faults), broken))
    return variants


@dataclass(frozen=True)
class Bench:
    """What variants are tried with."""

    worker: Worker
    request: RenderRequest
    api: Api

    def find_fault(self, variant: Variant) -> str:
        """Return why a healed variant still fails; nothing if it runs to its end."""
        stage = Stage(self._rehearse, self.api, most_effort=0.0)
        try:
            draft = prepare_draft(build_code(variant), stage)
        except CheckFailedError as exc:
            return exc.message
        silent = [f.message for f in draft.scene.findings if f.rule == "manim-setter"]
        if silent:
            return silent[0]
        return f"line {draft.failure.line}: {draft.failure.message}" if draft.failure else ""

    def _rehearse(self, scene: CheckedScene) -> Rehearsal:
        return self.worker.rehearse(scene, self.request, variables={})

    def try_as_it_is(self, variant: Variant) -> tuple[bool, bool, str]:
        """Return whether the rehearsal and the drawing of a variant fail unhealed, and the report.

        Where the rehearsal fails, the drawing is taken to fail, too. The report is what a model
        would be sent.
        """
        code = build_code(variant)
        scene = CheckedScene(code=code)
        finding = find_failure(scene, self._rehearse(scene))
        if finding is None:
            return False, self._fails_when_drawn(scene), ""
        sent = build_repair_messages([], reply="", findings=[finding], source=code.source)
        return True, True, sent[-1]["content"]

    def _fails_when_drawn(self, scene: CheckedScene) -> bool:
        try:
            self.worker.render(
                scene, self.request, variables={}, on_progress=_ignore, on_segment=_ignore
            )
        except RenderError as exc:
            print(f"    only the drawing fails: {exc.message}", flush=True)
            return True
        return False


def find_failure(scene: CheckedScene, rehearsal: Rehearsal) -> Finding | None:
    """Return why a rehearsed scene failed, as a model would be sent it; None: it runs."""
    failed = Draft(scene, rehearsal).failure
    return build_finding(failed) if failed else None


def _ignore(*_: object) -> None:
    """Progress is of no interest here."""


def build_code(variant: Variant) -> SceneCode:
    """Return a variant as if a user had written it."""
    return SceneCode(source=variant.source, scene_name=variant.scene, origin=Origin(writer="user"))


def report_by_kind(tried: list[Variant], lost: list[Variant]) -> None:
    """Print for every kind of fault how many of its variants run after healing."""
    total = Counter(fault for variant in tried for fault in variant.faults)
    failed = Counter(fault for variant in lost for fault in variant.faults)
    for fault, count in total.most_common():
        print(f"    {fault:30} {count - failed[fault]:3} of {count}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-scene", type=int, default=4)
    parser.add_argument("--part", default="1/1", help="as in 2/4: the second quarter alone")
    parser.add_argument("--unhealed", action="store_true", help="also run them as they are")
    arguments = parser.parse_args()
    part, parts = map(int, arguments.part.split("/"))
    variants = build_variants(arguments.seed, arguments.per_scene)[part - 1 :: parts]
    worker = Worker()
    lost: list[Variant] = []
    outcomes: list[tuple[bool, bool, str]] = []
    with tempfile.TemporaryDirectory() as name:
        request = RenderRequest(426, 240, 4, Path(name), seed=1)
        bench = Bench(worker, request, Api(worker.describe_manim(request)))
        for variant in variants:
            reason = bench.find_fault(variant)
            if reason:
                lost.append(variant)
                print(f"{variant.scene:24} {', '.join(variant.faults)}: {reason[:120]}", flush=True)
            if arguments.unhealed:
                outcomes.append(bench.try_as_it_is(variant))
    worker.close()
    print(f"{len(variants)} broken variants: {len(variants) - len(lost)} run healed")
    report_by_kind(variants, lost)
    if arguments.unhealed:
        report_unhealed(outcomes)
    return 0


def report_unhealed(outcomes: list[tuple[bool, bool, str]]) -> None:
    """Print what the rehearsal finds of what the drawing finds, and how long the reports are."""
    found = sum(rehearsal for rehearsal, _, _ in outcomes)
    failing = sum(drawing for _, drawing, _ in outcomes)
    lengths = [len(report) for _, _, report in outcomes if report]
    print(f"unhealed: {len(outcomes) - failing} run")
    print(f"of {failing} that fail, the rehearsal finds {found}")
    print(f"messages to a model: median {median(lengths):.0f}, longest {max(lengths)} characters")


if __name__ == "__main__":
    sys.exit(main())
