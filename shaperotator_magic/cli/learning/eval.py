"""Measure a model on a file of prompts: how many scenes run, at first or repaired, and look right.

PROMPTS has a JSON object on each line, with "prompt" and, if you like, "id" and "seed"; or one
plain sentence a line. Finished prompts are stored in the output folder: the same command continues
where it stopped. --replay DIR plays recorded replies (verdicts.jsonl and what it names) in place of
a model. --compare A B measures two models of one server, or compares two folders that are there:
with the loop off and on, pair by pair. 'shaperotator grade' has the verdicts by eye.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.cli.arguments import add_settings, merge_arguments
from shaperotator_magic.cli.terminal import print_notice, print_result
from shaperotator_magic.core.atomic_files import (
    append_output,
    check_output,
    copy_output,
    make_output_folder,
    write_output,
)
from shaperotator_magic.core.errors import ConfigurationError, ShapeRotatorError
from shaperotator_magic.core.options import build_options
from shaperotator_magic.core.records import Failed, Generation, Options, Prompt
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.learning.grading.comparing import compare_runs, conclude
from shaperotator_magic.learning.grading.figures import build_page, summarise
from shaperotator_magic.learning.grading.runs import RESULTS, RUN, describe_run, read_results
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.testing import RecordedModelServer, load_recorded_replies, play_recorded

PAGE = "page.html"


@dataclass(frozen=True)
class Item:
    """One prompt of the file, and the identifier of its stored result."""

    id: str
    text: str
    seed: int | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("prompts", type=Path, metavar="PROMPTS", nargs="?", help="file of prompts")
    parser.add_argument("-o", "--output", type=Path, default=Path("evaluation"), metavar="DIR")
    parser.add_argument("--replay", type=Path, metavar="DIR", help="play recorded replies")
    parser.add_argument("--against", type=Path, metavar="DIR", help="compare with an earlier run")
    parser.add_argument(
        "--compare", nargs=2, metavar=("A", "B"), help="two models of a server, or folders of runs"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N prompts")
    add_settings(parser, without={"with_", "send_values", "name"})


def run(arguments: argparse.Namespace) -> int:
    """Run every prompt that has no result yet; write the results, the page and the figures."""
    if arguments.compare is None:
        done = _measure(arguments, arguments.output)
        _print_figures(done)
        if arguments.against is not None:
            _print_comparison(arguments.against, done, (str(arguments.against), "this run"))
        print_result(str(arguments.output / PAGE))
        return 0
    before, after = arguments.compare
    earlier = _find_run(arguments, before)
    _print_comparison(earlier, read_results(_find_run(arguments, after)), (before, after))
    return 0


def _find_run(arguments: argparse.Namespace, name: str) -> Path:
    """Return the folder of a run: one that is there, or a model's, which is measured now."""
    if (Path(name) / RESULTS).is_file():
        return Path(name)
    if arguments.replay or arguments.prompts is None:
        raise ConfigurationError(
            f"There is no run in {name}, and no file of prompts to measure a model by.",
            hint="shaperotator eval PROMPTS --compare BASE TUNED --base-url ADDRESS",
        )
    folder: Path = arguments.output / re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")
    arguments.model = name
    _measure(arguments, folder)
    return folder


def _measure(arguments: argparse.Namespace, folder: Path) -> dict[str, Generation]:
    items = _read_items(arguments)[: arguments.limit]
    make_output_folder(folder)
    for name in (RESULTS, PAGE, RUN):
        check_output(folder / name)
    settings = merge_arguments(arguments)
    with _served(arguments.replay) as address:
        if address:
            settings |= {"model": "recorded", "base_url": address, "offline": False}
        options = build_options(settings)
        done = _run_all(items, options, folder)
    generations = list(done.values())
    write_output(folder / PAGE, build_page(generations, _copy_posters(generations, folder)))
    asked = [(item.id, item.text, item.seed) for item in items]
    write_output(folder / RUN, describe_run(options, asked, done))
    return done


def _read_items(arguments: argparse.Namespace) -> list[Item]:
    if arguments.replay:
        rows = load_recorded_replies(arguments.replay)
        return [Item(row.id, row.prompt) for row in rows]
    if arguments.prompts is None or not arguments.prompts.is_file():
        raise ConfigurationError(
            f"There is no file of prompts at {arguments.prompts}.",
            hint="Give a file with one prompt a line, or --replay DIR.",
        )
    lines = arguments.prompts.read_text(encoding="utf-8").splitlines()
    return [_read_item(n, line) for n, line in enumerate(lines, start=1) if line.strip()]


def _read_item(number: int, line: str) -> Item:
    try:
        row = json.loads(line)
    except ValueError:
        return Item(str(number), line.strip())
    if not isinstance(row, dict) or not isinstance(row.get("prompt"), str):
        raise ConfigurationError(
            f"Line {number} of the prompts has no prompt.", hint='Write {"prompt": "…"}.'
        )
    seed = row.get("seed")
    if not (seed is None or isinstance(seed, int)):
        raise ConfigurationError(f"The seed of line {number} is not a whole number.")
    return Item(str(row.get("id", number)), row["prompt"], seed)


@contextlib.contextmanager
def _served(replay: Path | None) -> Iterator[str]:
    if replay is None:
        yield ""
        return
    with RecordedModelServer(play_recorded(load_recorded_replies(replay))) as server:
        yield server.base_url


def _run_all(items: list[Item], options: Options, folder: Path) -> dict[str, Generation]:
    results = folder / RESULTS
    kept = read_results(folder)
    worker = Worker()
    media = folder.resolve() / "media"  # what is stored holds from wherever it is read
    pipeline = Pipeline(store=Store(folder), renderers={"worker": worker}, media_dir=media)
    try:
        for number, item in enumerate(items, start=1):
            if item.id in kept:
                continue
            generation = _run_one(pipeline, Prompt(text=item.text, options=_seed(options, item)))
            kept[item.id] = generation
            row = {"id": item.id, "generation": generation.model_dump(mode="json")}
            append_output(results, json.dumps(row))
            outcome = generation.error.headline if generation.error else "shown"
            print_notice(f"{number}/{len(items)} {item.id}: {outcome[:100]}")
    finally:
        worker.close()
    return {item.id: kept[item.id] for item in items if item.id in kept}


def _seed(options: Options, item: Item) -> Options:
    return options if item.seed is None else options.model_copy(update={"seed": item.seed})


def _run_one(pipeline: Pipeline, prompt: Prompt) -> Generation:
    failed: list[Generation] = []

    def listen(event: object) -> None:
        if isinstance(event, Failed):
            failed.append(event.generation)

    try:
        return pipeline.run(prompt, listen)
    except ShapeRotatorError:
        if not failed:
            raise
        return failed[-1]


def _copy_posters(generations: list[Generation], folder: Path) -> dict[str, str]:
    pictures = {}
    make_output_folder(folder / "posters")
    for generation in generations:
        if generation.video is not None and generation.video.poster.is_file():
            name = f"posters/{generation.generation_id}.png"
            copy_output(generation.video.poster, folder / name)
            pictures[generation.generation_id] = name
    return pictures


def _print_figures(done: Mapping[str, Generation]) -> None:
    for name, value in summarise(list(done.values())).as_rows():
        print_result(f"{name:50} {value}")


def _print_comparison(before: Path, done: Mapping[str, Generation], names: tuple[str, str]) -> None:
    earlier = read_results(before)
    pairs = compare_runs(earlier, done)
    for pair in pairs:
        print_result(f"{pair.name}\n  {pair.before} -> {pair.after}\n  {pair}")
    sides = [summarise([run[name] for name in earlier if name in done]) for run in (earlier, done)]
    for (name, old), (_, new) in zip(*(side.as_rows()[-3:] for side in sides), strict=True):
        print_result(f"{name:50} {old} -> {new}")
    print_result(conclude(pairs, *names))
