"""Measure a model on a file of prompts: how many scenes run, at first or repaired, and look right.

PROMPTS has a JSON object on each line, with "prompt" and, if you like, "id"; or one plain sentence
a line. Finished prompts are stored in the output folder: the same command continues where it
stopped. --replay DIR plays recorded replies (verdicts.jsonl and what it names) in place of a model.
"""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Iterator
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
from shaperotator_magic.learning.grading.figures import build_page, compare, summarise
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.testing import RecordedModelServer, load_recorded_replies, play_recorded

RESULTS = "generations.jsonl"
PAGE = "page.html"


@dataclass(frozen=True)
class Item:
    """One prompt of the file, and the identifier of its stored result."""

    id: str
    text: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("prompts", type=Path, metavar="PROMPTS", nargs="?", help="file of prompts")
    parser.add_argument("-o", "--output", type=Path, default=Path("evaluation"), metavar="DIR")
    parser.add_argument("--replay", type=Path, metavar="DIR", help="play recorded replies")
    parser.add_argument("--against", type=Path, metavar="DIR", help="compare with an earlier run")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N prompts")
    add_settings(parser, without={"with_", "send_values", "name"})


def run(arguments: argparse.Namespace) -> int:
    """Run every prompt that has no result yet; write the results, the page and the figures."""
    items = _read_items(arguments)[: arguments.limit]
    folder: Path = arguments.output
    make_output_folder(folder)
    for name in (RESULTS, PAGE):
        check_output(folder / name)
    settings = merge_arguments(arguments)
    with _served(arguments.replay) as address:
        if address:
            settings |= {"model": "recorded", "base_url": address, "offline": False}
        done = _run_all(items, build_options(settings), folder)
    write_output(folder / PAGE, build_page(done, _copy_posters(done, folder)))
    _print_figures(done, arguments.against)
    print_result(str(folder / PAGE))
    return 0


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
    return Item(str(row.get("id", number)), row["prompt"])


@contextlib.contextmanager
def _served(replay: Path | None) -> Iterator[str]:
    if replay is None:
        yield ""
        return
    with RecordedModelServer(play_recorded(load_recorded_replies(replay))) as server:
        yield server.base_url


def _run_all(items: list[Item], options: Options, folder: Path) -> list[Generation]:
    results = folder / RESULTS
    kept = _read_results(results)
    worker = Worker()
    pipeline = Pipeline(
        store=Store(folder), renderers={"worker": worker}, media_dir=folder / "media"
    )
    try:
        for number, item in enumerate(items, start=1):
            if item.id in kept:
                continue
            generation = _run_one(pipeline, Prompt(text=item.text, options=options))
            kept[item.id] = generation
            row = {"id": item.id, "generation": generation.model_dump(mode="json")}
            append_output(results, json.dumps(row))
            outcome = generation.error.headline if generation.error else "shown"
            print_notice(f"{number}/{len(items)} {item.id}: {outcome[:100]}")
    finally:
        worker.close()
    return [kept[item.id] for item in items if item.id in kept]


def _read_results(path: Path) -> dict[str, Generation]:
    if not path.is_file():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["id"]: Generation.model_validate(row["generation"]) for row in rows}


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


def _print_figures(generations: list[Generation], against: Path | None) -> None:
    summary = summarise(generations)
    if against is None:
        for name, value in summary.as_rows():
            print_result(f"{name:50} {value}")
        return
    before = summarise(list(_read_results(against / RESULTS).values()))
    for name, old, new in compare(before, summary):
        print_result(f"{name:50} {old:34} {new}")
