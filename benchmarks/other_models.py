"""What the replies of any models become without a model's repair: one call, no LaTeX.

    python -m benchmarks.other_models DIR [--only TEXT] [--verbose] [--layout] [-o fixed]

DIR holds a folder of replies for every model (``*.py``, ``*.txt`` or ``*.md``; one reply a file).
Each goes the way of a prompt's: extraction, fixes, gate and rehearsal; it is not drawn. Layout
changes no outcome and takes most of the time, so it is mended with ``--layout`` alone.

whole  runs to its end, nothing of it omitted     less   runs to its end, some statements omitted
part   what comes before its failure is shown     empty  nothing to see, or nothing that moves
failed nothing is shown
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.checking.api import Api
from shaperotator_magic.core.errors import RenderError, ShapeRotatorError
from shaperotator_magic.core.records import CheckedScene, Completion, Rehearsal
from shaperotator_magic.pipeline.drafts import (
    Draft,
    Stage,
    cut_to_what_works,
    omit_failures,
    prepare_draft,
)
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.writing.model.extraction import extract_scene

OUTCOMES = ("whole", "less", "part", "empty", "failed")
SUFFIXES = {".py", ".txt", ".md"}


@dataclass(frozen=True)
class Outcome:
    """What became of one reply."""

    kind: str
    reason: str = ""
    draft: Draft | None = None


def main() -> int:
    options = _read_options()
    table: dict[str, Counter[str]] = {}
    reasons: Counter[str] = Counter()
    worker = Worker()
    with tempfile.TemporaryDirectory() as media:
        stage = _build_stage(worker, Path(media), mends_layout=options.layout)
        for model, path in _list_replies(options.folder, options.only):
            began = time.perf_counter()
            outcome = judge_reply(path.read_text("utf-8"), stage)
            table.setdefault(model, Counter())[outcome.kind] += 1
            if outcome.reason:
                reasons[f"{outcome.kind}: {name_kind(outcome.reason)}"] += 1
            elapsed_s = time.perf_counter() - began
            _print_outcome(f"{model}/{path.name}", outcome, elapsed_s, is_long=options.verbose)
            if options.output and outcome.draft is not None:
                _write_source(options.output / model / path.name, outcome.draft)
    worker.close()
    _print_table(table)
    for reason, count in reasons.most_common():
        print(f"{count:4}  {reason}")
    return 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--only", default="", help="part of the paths to take, comma-separated")
    parser.add_argument("--verbose", action="store_true", help="also print the fixes")
    parser.add_argument("--layout", action="store_true", help="also mend the layout")
    parser.add_argument("-o", "--output", type=Path, help="folder for the fixed sources")
    return parser.parse_args()


def _list_replies(folder: Path, only: str) -> Iterator[tuple[str, Path]]:
    wanted = [part for part in only.split(",") if part]
    for path in sorted(p for p in folder.rglob("*") if p.suffix in SUFFIXES):
        name = path.relative_to(folder)
        if not wanted or any(part in str(name) for part in wanted):
            yield (name.parts[0] if len(name.parts) > 1 else "."), path


def _build_stage(worker: Worker, media: Path, *, mends_layout: bool) -> Stage:
    request = RenderRequest(854, 480, 15, media, timeout_s=60, seed=0)

    def rehearse(scene: CheckedScene) -> Rehearsal:
        return worker.rehearse(scene, request, variables={})

    api = Api(worker.describe_manim(request))
    return Stage(rehearse, api) if mends_layout else Stage(rehearse, api, most_effort=0.0)


def judge_reply(text: str, stage: Stage) -> Outcome:
    """Take one reply as far as the product does with one call of a model."""
    try:
        draft = prepare_draft(extract_scene(Completion(text=text, model="recorded")), stage)
    except ShapeRotatorError as exc:
        return Outcome("failed", f"{type(exc).__name__}: {exc.message}")
    failure = draft.failure
    if failure is not None:
        shorter = omit_failures(draft, stage)
        if shorter is not None:
            return _judge_running(shorter)
        part = cut_to_what_works(draft, stage)
        return Outcome("part" if part else "failed", _describe(failure), part or draft)
    return _judge_running(draft)


def _judge_running(draft: Draft) -> Outcome:
    if draft.shows_nothing:
        return Outcome("failed", "nothing to see, and so reported", draft)
    if draft.rehearsal is None or not draft.rehearsal.plays:
        return Outcome("empty", "nothing moves", draft)
    omitted = [f.message for f in draft.scene.findings if f.rule == "healed-omitted"]
    return Outcome("less" if omitted else "whole", "; ".join(omitted[:1]), draft)


def _describe(failure: RenderError) -> str:
    return f"line {failure.line}: {failure.message}"


def name_kind(reason: str) -> str:
    """Return what two failures of one kind have in common: no line, no values."""
    words = re.sub(r"line \d+: ", "", reason, flags=re.IGNORECASE)
    return re.sub(r"\d[\d.e+]*", "N", words)[:100]


def _print_outcome(name: str, outcome: Outcome, elapsed_s: float, *, is_long: bool) -> None:
    print(f"{outcome.kind:6} {elapsed_s:6.1f} s  {name}  {outcome.reason[:200]}", flush=True)
    if is_long and outcome.draft is not None:
        fixes = (f for f in outcome.draft.scene.findings if f.message.startswith("Mended: "))
        for finding in fixes:
            print(f"           {finding.line}: {finding.rule}: {finding.message}", flush=True)


def _write_source(path: Path, draft: Draft) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".py").write_text(draft.scene.code.source, "utf-8")


def _print_table(table: dict[str, Counter[str]]) -> None:
    total: Counter[str] = sum(table.values(), Counter())
    print(f"\n{'':24}" + "".join(f"{kind:>8}" for kind in (*OUTCOMES, "all")))
    for model, counts in [*table.items(), ("all", total)]:
        cells = [*(counts[kind] for kind in OUTCOMES), counts.total()]
        print(f"{model:24}" + "".join(f"{cell:8}" for cell in cells))
    if total:
        moving = total.total() - total["failed"] - total["empty"]
        whole = total["whole"] / total.total()
        print(f"whole {whole:.0%}, shows an animation {moving / total.total():.0%}\n")


if __name__ == "__main__":
    sys.exit(main())
