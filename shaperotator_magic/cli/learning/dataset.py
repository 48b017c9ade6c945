"""Make a data set for fine-tuning from your store and the built-in library, checked row by row.

build   writes the folder: SFT, repairs, preferences, verdicts, prompts for a reward, and a card.
check   repeats every gate on a folder that is there; exit code 2 where a row fails.
review  opens a page on which you say yes or no to each of your results: y, n, u undoes.

Of your store only what you said yes to gets in. Building that was stopped goes on from there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shaperotator_magic.cli.progress import ProgressBar
from shaperotator_magic.cli.terminal import print_notice, print_result
from shaperotator_magic.core.atomic_files import make_output_folder
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.settings.folders import find_cache_dir, find_data_dir
from shaperotator_magic.keeping.store import STORE_NAME, Store
from shaperotator_magic.learning.dataset.building import Material, Order, Size, build_dataset
from shaperotator_magic.learning.dataset.gates.judging import Judge, OnJudged
from shaperotator_magic.learning.dataset.rechecking import check_dataset
from shaperotator_magic.learning.dataset.review.decisions import Decisions
from shaperotator_magic.learning.dataset.review.items import Item, list_approved, list_items
from shaperotator_magic.learning.dataset.review.serving import build_review_page
from shaperotator_magic.learning.dataset.sources.sample import Sample
from shaperotator_magic.learning.dataset.sources.store import list_store_samples
from shaperotator_magic.rendering.isolation.isolation import require_isolation
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.library.scene_files import load_scenes

DONE, REFUSED = 0, 2
_MOST_SHOWN = 20
_SIZES = ("codes", "sentences", "calls", "layouts", "refinements", "ignored", "conversions")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True)
    build = actions.add_parser("build", help="write a data set")
    build.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    build.add_argument("--only", choices=("library", "store"), help="one source alone")
    build.add_argument("--scenes", metavar="A,B", help="only these scenes of the library")
    build.add_argument(
        "--pairs", type=Path, action="append", default=[], metavar="FILE",
        help="conversions that 'shaperotator convert --pairs FILE' wrote",
    )  # fmt: skip
    build.add_argument("--seed", type=int, default=1, help="of all that is drawn (default: 1)")
    build.add_argument(
        "--test-share", type=float, default=0.1, metavar="SHARE",
        help="of the subjects, held out for tests (default: 0.1)",
    )  # fmt: skip
    build.add_argument(
        "--include-restricted", action="store_true",
        help="also answers of models whose makers forbid training on them",
    )  # fmt: skip
    for name in _SIZES:
        build.add_argument(
            f"--{name}", type=int, metavar="N", default=getattr(Size, name),
            help=f"of each scene of the library (default: {getattr(Size, name)})",
        )  # fmt: skip
    check = actions.add_parser("check", help="repeat the gates on a data set")
    check.add_argument("folder", type=Path, metavar="DIR")
    check.add_argument("--afresh", action="store_true", help="rehearse everything again")
    review = actions.add_parser("review", help="say yes or no to your own results")
    review.add_argument("--yes-to-all", action="store_true", help="without looking at them")
    review.add_argument("--no-browser", action="store_true", help="only print the address")
    for action in (build, check):
        action.add_argument(
            "--exclude", type=Path, action="append", default=[], metavar="FILE",
            help="prompts of a benchmark, one a line: nothing like them is used",
        )  # fmt: skip
        action.add_argument(
            "--workers", type=int, default=os.cpu_count() or 1, metavar="N",
            help="scenes rehearsed at once (default: the number of cores)",
        )  # fmt: skip
    for action in (build, check, review):
        action.add_argument("--data-dir", metavar="DIR", help="folder of the store")


def run(arguments: argparse.Namespace) -> int:
    """Do one of the three."""
    return _ACTIONS[arguments.action](arguments)


# --- build ----------------------------------------------------------------------------


def _build(arguments: argparse.Namespace) -> int:
    require_isolation()
    order = Order(
        folder=arguments.output,
        size=Size(**{name: getattr(arguments, name) for name in _SIZES}),
        seed=arguments.seed,
        excluded=tuple(_read_excluded(arguments.exclude)),
        pairs=tuple(arguments.pairs),
        test_share=arguments.test_share,
        takes_restricted=arguments.include_restricted,
        workers=arguments.workers,
    )
    library = _load_library(arguments)
    own = [] if arguments.only == "library" else _list_own(arguments)
    with _judging(arguments) as (judge, on_judged, say):
        facts = build_dataset(
            order, Material(library, tuple(own)), judge, on_judged=on_judged, on_step=say
        )
    _report(arguments.output, facts)
    return DONE


def _load_library(arguments: argparse.Namespace) -> SceneLibrary | None:
    if arguments.only == "store":
        return None
    if not arguments.scenes:
        return SceneLibrary.load()
    wanted = {name.strip() for name in arguments.scenes.split(",")}
    known = load_scenes()
    unknown = sorted(wanted - {scene.name for scene in known})
    if unknown:
        raise ConfigurationError(
            f"The library has no scene {', '.join(unknown)}.",
            hint=f"It has {', '.join(scene.name for scene in known)}.",
        )
    # All are read, so that a sentence for another scene is not taken for one of these.
    library = SceneLibrary.load()
    library.scenes = tuple(scene for scene in known if scene.name in wanted)
    return library


def _list_own(arguments: argparse.Namespace) -> list[Sample]:
    items, decisions = _read_store(arguments)
    approved = list_approved(items, decisions)
    left = sum(decisions.find(item.key) == "open" for item in items)
    if left:
        print_notice(f"{left} of your results wait for a yes: shaperotator dataset review")
    return approved


def _read_store(arguments: argparse.Namespace) -> tuple[list[Item], Decisions]:
    data_dir = find_data_dir(arguments.data_dir)
    decisions = Decisions(data_dir)
    if not (data_dir / STORE_NAME).exists():
        return [], decisions
    found, report = list_store_samples(Store(data_dir), SceneLibrary.load())
    if report.unreadable:
        print_notice(
            f"{report.unreadable} results are of another version and stay out; "
            "they are as they were in the store."
        )
    if report.private:
        print_notice(f"{report.private} results used variables or files of yours and stay out.")
    return list_items(found), decisions


def _report(folder: Path, facts: dict[str, Any]) -> None:
    for name, count in facts["rows"].items():
        print_result(f"{count:7} {name}")
    for reason, count in facts["refused"].items():
        print_notice(f"{count:7} left out: {reason}")
    print_result(str(folder))


# --- check ----------------------------------------------------------------------------


def _check(arguments: argparse.Namespace) -> int:
    require_isolation()
    excluded = _read_excluded(arguments.exclude)
    with _judging(arguments, is_afresh=arguments.afresh) as (judge, on_judged, _):
        report = check_dataset(
            arguments.folder, judge, on_judged, excluded=excluded, workers=arguments.workers
        )
    for fault in report.faults[:_MOST_SHOWN]:
        print_result(fault)
    if len(report.faults) > _MOST_SHOWN:
        print_result(f"and {len(report.faults) - _MOST_SHOWN} more")
    print_result(f"{report.rows} rows, {report.codes} scenes, {len(report.faults)} faults")
    return REFUSED if report.faults else DONE


def _read_excluded(paths: list[Path]) -> list[str]:
    """Return the prompts of files with one a line, plain or as JSON with "prompt"."""
    return [_read_prompt(line) for path in paths for line in _read_lines(path) if line.strip()]


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(
            f"The prompts in {path} cannot be read.", hint="Give a text file with one a line."
        ) from exc


def _read_prompt(line: str) -> str:
    try:
        row = json.loads(line)
    except ValueError:
        return line
    return str(row["prompt"]) if isinstance(row, dict) and "prompt" in row else line


# --- review ---------------------------------------------------------------------------


def _review(arguments: argparse.Namespace) -> int:
    items, decisions = _read_store(arguments)
    if arguments.yes_to_all:
        for item in items:
            decisions.append(item.key, "yes")
        print_result(f"Yes to all {len(items)} results.")
        return DONE
    page = build_review_page(items, decisions)
    print_result(f"{len(items)} results: {page.address}")
    print_notice("Ctrl-C ends it; what was decided is kept.")
    if not arguments.no_browser:
        webbrowser.open(page.address)
    with contextlib.suppress(KeyboardInterrupt):
        page.serve()
    counts = [sum(decisions.find(item.key) == said for item in items) for said in ("yes", "no")]
    print_result(f"{counts[0]} yes, {counts[1]} no, {len(items) - sum(counts)} open")
    return DONE


# --- progress -------------------------------------------------------------------------


@contextlib.contextmanager
def _judging(
    arguments: argparse.Namespace, *, is_afresh: bool = False
) -> Iterator[tuple[Judge, OnJudged, Callable[[str], None]]]:
    """Give a judge with a worker, and what shows how far it has come."""
    cache = find_cache_dir(arguments.data_dir)
    kept = cache / "learning" / "verdicts.jsonl"
    make_output_folder(kept.parent)
    if is_afresh:
        kept.unlink(missing_ok=True)
    with contextlib.closing(Worker()) as worker, ProgressBar(sys.stderr) as bar:
        told = -1

        def report(done: int, total: int) -> None:
            nonlocal told
            bar.say(f"{done} of {total} scenes rehearsed")
            tenth = 10 * done // total if total else 10
            if tenth > told and not sys.stderr.isatty():
                print_notice(f"{done} of {total} scenes rehearsed")
            told = max(told, tenth)

        yield Judge(worker, cache / "media", kept), report, bar.say


_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "check": _check,
    "review": _review,
}
