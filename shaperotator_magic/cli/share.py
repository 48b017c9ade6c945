"""Make a notebook ready to be sent: videos in it, keys and private paths out of it.

Plain formulas in the text of --to html and slides are spelled out; others stay TeX.
"""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path
from typing import Any

from shaperotator_magic.cli.terminal import print_result
from shaperotator_magic.core.atomic_files import check_output, copy_output, write_output
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.options import merge_settings
from shaperotator_magic.core.settings.folders import find_data_dir
from shaperotator_magic.core.settings.reading import read_environment
from shaperotator_magic.notebook.sharing.exporting import EXPORTS, find_title
from shaperotator_magic.notebook.sharing.marking import MARK, check_copying, check_overwriting
from shaperotator_magic.notebook.sharing.recording import read_recording, record_values
from shaperotator_magic.notebook.sharing.sharing import ShareReport, clean_notebook, read_notebook
from shaperotator_magic.rendering.isolation.isolation import require_isolation
from shaperotator_magic.rendering.worker.worker import Worker

_PAGES = ("html", "slides", "gallery")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("notebook", type=Path, help="a saved notebook")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="file to write")
    parser.add_argument(
        "--force", action="store_true", help="write over a file that share did not make"
    )
    parser.add_argument(
        "--to", choices=("notebook", *EXPORTS), default="notebook", help="default: a notebook"
    )
    parser.add_argument(
        "--explore",
        metavar="NAME=FIRST:LAST:COUNT",
        help="draw so many values of a parameter beforehand: the slider of a page has them",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the shared form and report what it holds; 2 where something is missing in it."""
    source: Path = arguments.notebook
    notebook = read_notebook(source)
    notebook.metadata["shaperotator"] = {"note": MARK}
    report = clean_notebook(notebook, source.parent)
    suffix, export = EXPORTS.get(arguments.to, (".shared.ipynb", _write_notebook))
    target = arguments.output or source.with_name(f"{source.stem}{suffix}")
    if target.resolve() == source.resolve():
        raise ConfigurationError("The notebook itself is not written over.", hint="Name OUT.")
    check_output(target)
    if not arguments.force:
        check_overwriting(target)
        for path in report.linked:
            check_copying(path, target.parent / path.name)
    notebook.metadata.setdefault("title", find_title(notebook, source.stem.replace("_", " ")))
    if arguments.explore:
        _record(notebook, arguments.explore, arguments.to)
    written = [*export(notebook, target), *_copy_linked(report, target.parent)]
    for path in written:
        print_result(f"{path}  {path.stat().st_size / 1000:.0f} kB")
    print_result(str(report))
    return 2 if report.missing else 0


def _record(notebook: Any, explore: str, form: str) -> None:
    asked = read_recording(explore)
    if form not in _PAGES:
        raise ConfigurationError(
            "--explore is for pages.", hint=f"Add --to {', --to '.join(_PAGES)}."
        )
    require_isolation()
    media_dir = find_data_dir(merge_settings(read_environment())["data_dir"]) / "media"
    with contextlib.closing(Worker()) as worker:
        record_values(notebook, asked, worker, media_dir, report=print_result)


def _write_notebook(notebook: Any, target: Path) -> list[Path]:
    import nbformat

    content: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return [write_output(target, content + "\n")]


def _copy_linked(report: ShareReport, folder: Path) -> list[Path]:
    """Copy what is too large to embed beside the written file, to its relative address."""
    copied = []
    for path in report.linked:
        target = folder / path.name
        if target.resolve() != path.resolve():
            copy_output(path, target)
        copied.append(target)
    return copied
