"""Make a notebook ready to be sent: videos in it, keys and private paths out of it.

Plain formulas in the text of --to html and slides are spelled out; others stay TeX.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shaperotator_magic.errors import ConfigurationError
from shaperotator_magic.notebook.exporting import EXPORTS
from shaperotator_magic.notebook.sharing import ShareReport, clean_notebook, read_notebook


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("notebook", type=Path, help="a saved notebook")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="file to write")
    parser.add_argument(
        "--to", choices=("notebook", *EXPORTS), default="notebook", help="default: a notebook"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the shared form and report what it holds; 2 where something is missing in it."""
    source: Path = arguments.notebook
    notebook = read_notebook(source)
    report = clean_notebook(notebook, source.parent)
    suffix, export = EXPORTS.get(arguments.to, (".shared.ipynb", _write_notebook))
    target = arguments.output or source.with_name(f"{source.stem}{suffix}")
    if target.resolve() == source.resolve():
        raise ConfigurationError("The notebook itself is not written over.", hint="Name OUT.")
    written = [*_write(notebook, target, export), *_copy_linked(report, target.parent)]
    for path in written:
        sys.stdout.write(f"{path}  {path.stat().st_size / 1000:.0f} kB\n")
    sys.stdout.write(f"{report}\n")
    return 2 if report.missing else 0


def _write(notebook: Any, target: Path, export: Callable[[Any, Path], list[Path]]) -> list[Path]:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return list(export(notebook, target))
    except OSError as exc:
        raise ConfigurationError(
            f"{target} cannot be written: {exc.strerror}.", hint="Name another file with -o."
        ) from exc


def _write_notebook(notebook: Any, target: Path) -> list[Path]:
    import nbformat

    nbformat.write(notebook, target)  # type: ignore[no-untyped-call]
    return [target]


def _copy_linked(report: ShareReport, folder: Path) -> list[Path]:
    """Put what is too large to embed beside the written file, where its address says it is."""
    copied = []
    for path in report.linked:
        target = folder / path.name
        if target.resolve() != path.resolve():
            shutil.copyfile(path, target)
        copied.append(target)
    return copied
