"""Grade the results of an evaluation by eye, or say what people's grades come to.

With --as NAME a page opens: a contact sheet and the sentence of one result after the other, keys 1
right, 2 minor flaw, 3 major flaw, N a note. Results of several runs are mixed, and the page does
not say which model drew them. Without --as the grades of all are counted, with the agreement of
every two graders; --table prints the runs as a table in Markdown.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import webbrowser
from pathlib import Path

from shaperotator_magic.cli.terminal import print_notice, print_result
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.learning.grading.grades import GradeBook, read_grades
from shaperotator_magic.learning.grading.runs import read_results, read_run
from shaperotator_magic.learning.grading.serving import Shown, build_grading_page
from shaperotator_magic.learning.grading.table import GradedRun, build_table, describe_grades
from shaperotator_magic.learning.sheets import draw_sheet


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folder of 'eval'")
    parser.add_argument("--as", dest="grader", metavar="NAME", help="who grades")
    parser.add_argument("--table", action="store_true", help="print a table in Markdown")
    parser.add_argument("--port", type=int, default=0, help="of the page; default: a free one")
    parser.add_argument("--no-open", action="store_true", help="print the address, open nothing")


def run(arguments: argparse.Namespace) -> int:
    """Serve the page until it is interrupted, or print the figures."""
    if arguments.grader is None:
        _print_figures(arguments.runs, is_table=arguments.table)
        return 0
    shown = collect(arguments.runs, arguments.grader)
    page = build_grading_page(shown, port=arguments.port)
    print_notice("Grades are written as they are given. End with Ctrl+C.")
    print_result(page.address)
    if not arguments.no_open:
        webbrowser.open(page.address)
    with contextlib.suppress(KeyboardInterrupt):
        page.serve()
    print_notice("")
    _print_figures(arguments.runs, is_table=False)
    return 0


def collect(runs: list[Path], grader: str) -> dict[str, Shown]:
    """Return what a person is to grade, mixed, in an order of their own."""
    found = {}
    for number, folder in enumerate(runs):
        results = read_results(folder)
        if not results:
            raise ConfigurationError(
                f"{folder} holds no results to grade.",
                hint="Name folders that 'shaperotator eval' wrote with -o.",
            )
        book = GradeBook(folder, grader)
        for name, generation in results.items():
            if generation.video is None:
                continue  # what is not shown is not right: no eye is needed
            sheet = draw_sheet(generation, folder / "sheets")
            video = generation.video
            path = video.path if sheet else None
            found[f"{number}-{name}"] = Shown(
                name, generation.prompt.text, book, sheet, path, video.media_type
            )
    return dict(sorted(found.items(), key=lambda item: _scatter(grader, item[0])))


def _scatter(grader: str, key: str) -> str:
    return hashlib.sha256(f"{grader} {key}".encode()).hexdigest()


def _print_figures(folders: list[Path], *, is_table: bool) -> None:
    runs = [GradedRun(read_run(folder), read_grades(folder)) for folder in folders]
    if is_table:
        print_result(build_table(runs))
        return
    for folder, graded in zip(folders, runs, strict=True):
        lines = describe_grades(graded) or ["not graded yet: --as NAME"]
        print_result("\n  ".join([f"{folder} ({graded.facts['model']})", *lines]))
