"""The command line: ``shaperotator generate``, ``render`` and ``doctor``.

Exit status: 0 done, 2 refused or unusable input, 3 the scene failed, 4 a limit was hit,
5 the model or the machine could not serve. Errors are one or two lines on stderr.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shaperotator_magic import __version__
from shaperotator_magic.errors import (
    ConfigurationError,
    ModelError,
    NothingFitsError,
    RenderError,
    RenderTimeoutError,
    SceneCodeError,
    ShapeRotatorError,
)
from shaperotator_magic.settings import SETTINGS, Setting, find_data_dir, read_environment

EXIT_REFUSED, EXIT_FAILED, EXIT_LIMIT, EXIT_UNAVAILABLE, EXIT_CANCELLED = 2, 3, 4, 5, 130

# The first class that fits decides, so a subclass stands before its base.
_EXIT_STATUS: tuple[tuple[type[ShapeRotatorError], int], ...] = (
    (RenderTimeoutError, EXIT_LIMIT),
    (RenderError, EXIT_FAILED),
    (SceneCodeError, EXIT_REFUSED),
    (NothingFitsError, EXIT_REFUSED),
    (ModelError, EXIT_UNAVAILABLE),
    (ConfigurationError, EXIT_REFUSED),
)

# Options that make no sense outside of a kernel.
_KERNEL_ONLY = {"with_", "renderer", "code_only"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parsed = _build_parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = parsed.command
    try:
        return command(parsed)
    except ShapeRotatorError as exc:
        _say(f"{type(exc).__name__}: {exc.message}", exc.hint)
        return next((status for kind, status in _EXIT_STATUS if isinstance(exc, kind)), 1)
    except KeyboardInterrupt:
        _say("Stopped.")
        return EXIT_CANCELLED


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shaperotator", description=__doc__.split("\n")[0])
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    generate = commands.add_parser("generate", help="a sentence becomes a video")
    generate.add_argument("prompt", help="what you want to see")
    _add_options(generate, exclude=_KERNEL_ONLY)
    generate.set_defaults(command=_generate)

    render = commands.add_parser("render", help="a scene file becomes a video")
    render.add_argument("file", type=Path, help="Python file with a manim scene")
    render.add_argument("scene", nargs="?", help="scene class; default: the last one in the file")
    only_writing = {"model", "base_url", "offline", "attempts", "name"}
    _add_options(render, exclude=_KERNEL_ONLY | only_writing)
    render.set_defaults(command=_render)

    doctor = commands.add_parser("doctor", help="what this machine has and lacks")
    doctor.set_defaults(command=_doctor)
    return parser


def _add_options(parser: argparse.ArgumentParser, *, exclude: set[str]) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, help="file to write")
    for row in SETTINGS:
        if row.flags and row.name not in exclude:
            parser.add_argument(*row.flags, dest=row.name, **_describe(row))


def _describe(row: Setting) -> dict[str, Any]:
    if row.kind is bool:
        return {"action": "store_true", "default": None, "help": row.help}
    choices = {"choices": row.choices, "metavar": "Q"} if row.choices else {}
    return {"type": row.kind, "help": row.help.replace("%", "%%"), **choices}


def _generate(parsed: argparse.Namespace) -> int:
    from shaperotator_magic.notebook.function import rotate

    known = {row.name for row in SETTINGS}
    options = {name: value for name, value in vars(parsed).items() if name in known}
    progress = _TerminalProgress()
    generation = rotate(parsed.prompt, on_event=progress, **options)
    progress.close()
    assert generation.video is not None  # noqa: S101 - --code-only is not offered here
    return _deliver(generation.video.path, parsed.output)


def _render(parsed: argparse.Namespace) -> int:
    from shaperotator_magic.notebook.function import render_file

    progress = _TerminalProgress()
    video = render_file(
        _read_source(parsed.file), scene_name=parsed.scene, options=vars(parsed), on_event=progress
    )
    progress.close()
    return _deliver(video.path, parsed.output)


def _doctor(parsed: argparse.Namespace) -> int:
    from shaperotator_magic.rendering.environment import probe_environment

    data_dir = find_data_dir(read_environment().get("data_dir"))
    findings = probe_environment(data_dir)
    for finding in findings:
        hint = f" {finding.hint}" if finding.hint else ""
        sys.stdout.write(f"{finding.severity:8} {finding.message}{hint}\n")
    return EXIT_REFUSED if any(finding.severity == "error" for finding in findings) else 0


def _read_source(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(
            f"{path} cannot be read: {getattr(exc, 'strerror', None) or 'it is not UTF-8 text'}.",
            hint="Name a Python file with a manim scene.",
            setting="file",
        ) from exc


def _deliver(source: Path, target: Path) -> int:
    if target.suffix.lower() != source.suffix:
        raise ConfigurationError(
            f"{target} would hold a {source.suffix} file.",
            hint=f"Write -o {target.with_suffix(source.suffix)}.",
            setting="output",
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except OSError as exc:
        raise ConfigurationError(
            f"{target} cannot be written: {exc.strerror}.",
            hint=f"The result lies in {source}.",
            setting="output",
        ) from exc
    sys.stdout.write(f"{target}\n")
    return 0


def _say(*lines: str) -> None:
    for line in lines:
        if line:
            sys.stderr.write(f"{line}\n")


class _TerminalProgress:
    """One line on a terminal's stderr, kept up to date; nothing where stderr is a file."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()

    def __call__(self, event: Any) -> None:
        if not self._is_shown:
            return
        word = re.sub(r"(?<!^)(?=[A-Z])", " ", type(event).__name__)
        done, total = getattr(event, "done", 0), getattr(event, "total", None)
        count = f" {done} of {total} frames" if total else ""
        sys.stderr.write(f"\r\033[K{word}{count}")
        sys.stderr.flush()

    def close(self) -> None:
        if self._is_shown:
            sys.stderr.write("\r\033[K")
