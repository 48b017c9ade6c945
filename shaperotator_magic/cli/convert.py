"""Convert scenes of manimgl, manimlib or an older manim to the manim that is installed.

What a scene needs of its file, of the modules beside it and below --root is written into OUT, with
small definitions for what manim lacks. Creatures, logos and pictures that are not public become
placeholders. Every scene is then run once without drawing, in a confined process; with --model, a
model mends what still fails. The exit code is 0 only where all checks pass. FILE is never changed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

from shaperotator_magic.checking.api import Api
from shaperotator_magic.cli.arguments import add_settings, merge_arguments
from shaperotator_magic.cli.terminal import print_notice, print_result, print_source
from shaperotator_magic.converting.completing import Completer
from shaperotator_magic.converting.converter import Conversion, convert_source
from shaperotator_magic.converting.reading.source_file import SourceFile, read_source_file
from shaperotator_magic.converting.report import (
    ConversionReport,
    SceneResult,
    build_pair,
    build_report,
    build_result,
    describe_report,
)
from shaperotator_magic.core.atomic_files import append_output, check_output, write_output
from shaperotator_magic.core.errors import ConfigurationError, RenderError
from shaperotator_magic.core.options import build_options
from shaperotator_magic.core.records import Finding, Options
from shaperotator_magic.core.settings.folders import find_cache_dir
from shaperotator_magic.core.settings.table import SETTINGS
from shaperotator_magic.pipeline.facts import Reference
from shaperotator_magic.rendering.renderer import build_request
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.writing.model.language_model import LanguageModel, build_chat_model
from shaperotator_magic.writing.retrieval.index import load_index

DONE, SCENE_FAILED = 0, 3
_ONLY = {"data_dir", "timeout_s", "math", "model", "base_url"}
_MOST_REHEARSED = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="Python file with the scenes")
    parser.add_argument(
        "scenes", nargs="*", metavar="SCENE", help="scene classes; default: the whole file"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="where the result goes; default: stdout"
    )
    parser.add_argument(
        "--root", type=Path, metavar="FOLDER", help="a further folder of the scenes' modules"
    )
    parser.add_argument("--force", action="store_true", help="replace OUT where it exists")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--pairs", type=Path, metavar="FILE", help="append the pair before and after, as a line"
    )
    add_settings(parser, without=_list_other_settings())


def _list_other_settings() -> set[str]:
    return {row.name for row in SETTINGS} - _ONLY


def run(arguments: argparse.Namespace) -> int:
    """Convert, rehearse, write the result whole or not at all, and report."""
    _check_paths(arguments)
    file = read_source_file(arguments.file, arguments.scenes)
    merged = merge_arguments(arguments)
    options = build_options(merged)
    request = build_request(options, find_cache_dir(merged["data_dir"]) / "media")
    folders = [arguments.file.parent, *([arguments.root] if arguments.root else [])]
    with contextlib.closing(Worker()) as worker:
        api = Api(worker.describe_manim(request))
        conversion = convert_source(
            file.source, api, scenes=arguments.scenes or None, folders=folders
        )

        def describe(findings: Sequence[Finding], source: str) -> str:
            return Reference(load_index(request.media_dir), api).describe(findings, source)

        completer = Completer(worker, request, api, _find_model(options), describe)
        conversion, results = _check(completer, conversion, file.scenes[:_MOST_REHEARSED])
    report = build_report(conversion, results, licence=file.licence)
    _write(arguments, file, conversion)
    _print(arguments, report)
    return DONE if report.passes else SCENE_FAILED


def _check_paths(arguments: argparse.Namespace) -> None:
    output = arguments.output
    if arguments.root is not None and not arguments.root.is_dir():
        raise ConfigurationError(
            f"--root {arguments.root} is no folder.", hint="Name the folder of the modules."
        )
    if output is None:
        return
    if output.resolve() == arguments.file.resolve():
        raise ConfigurationError(
            "OUT is FILE itself, which is never changed.", hint="Name another file with -o."
        )
    if output.exists() and not arguments.force:
        raise ConfigurationError(
            f"{output} exists.", hint="Name another file, or replace it with --force."
        )
    check_output(output)


def _check(
    completer: Completer, conversion: Conversion, names: Sequence[str]
) -> tuple[Conversion, tuple[SceneResult, ...]]:
    """Run every scene once, and return what became of the conversion, and of each."""
    results = []
    for name in names:
        try:
            conversion, seen = completer.complete(conversion, name)
        except RenderError as exc:
            results.append(SceneResult(scene=name, failure=exc.message))
        else:
            results.append(build_result(name, seen, conversion))
    return conversion, tuple(results)


def _find_model(options: Options) -> LanguageModel | None:
    """Return the model that is configured, if one is."""
    if not options.model:
        return None
    return build_chat_model(options.model, base_url=options.base_url)


def _write(arguments: argparse.Namespace, file: SourceFile, conversion: Conversion) -> None:
    if arguments.pairs is not None:
        pair = build_pair(file.source, conversion, licence=file.licence)
        append_output(arguments.pairs, json.dumps(pair, ensure_ascii=False))
    if arguments.output is not None:
        write_output(arguments.output, conversion.source)
    elif not arguments.json:
        print_source(conversion.source)


def _print(arguments: argparse.Namespace, report: ConversionReport) -> None:
    if arguments.json:
        print_result(report.model_dump_json(indent=2))
        return
    for line in describe_report(report):
        print_notice(line)
    if arguments.output is not None:
        print_result(str(arguments.output))
