"""Turn a sentence into a video.

A language model writes the scene where one is configured (--model, SHAPEROTATOR_MODEL), else the
built-in library does; the scene is checked, rendered in a confined process and stored, as in a
notebook's %%shaperotate cell.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shaperotator_magic.cli.arguments import add_settings, merge_arguments
from shaperotator_magic.cli.outputs import check_kind
from shaperotator_magic.cli.progress import ProgressBar
from shaperotator_magic.cli.render import describe_video
from shaperotator_magic.cli.terminal import print_notice, print_result, print_source
from shaperotator_magic.core.atomic_files import check_output, copy_output, write_output
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.provenance import describe_writer
from shaperotator_magic.core.records import (
    Checking,
    Done,
    Event,
    Generation,
    Rehearsed,
    Rendering,
    Repairing,
    Writing,
)
from shaperotator_magic.notebook.card.narration import describe_live
from shaperotator_magic.notebook.function import rotate

# There are no variables and no other cells outside of a kernel.
_OF_A_CELL = {"with_", "send_values", "background"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("prompt", metavar="PROMPT", help='the sentence, in quotation marks ("…")')
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="where the video goes: SCENE.mp4"
    )
    add_settings(parser, without=_OF_A_CELL)


def run(arguments: argparse.Namespace) -> int:
    """Write, check and render; copy the video, or with --code-only the scene, to its place."""
    if not arguments.prompt.strip():
        raise ConfigurationError("The prompt is empty.", hint="Write what you want to see.")
    if arguments.output is not None:
        check_output(arguments.output)
    settings = merge_arguments(arguments)
    if not settings.get("code_only"):
        check_kind(arguments.output, is_still=bool(settings.get("still")))
    for name in _OF_A_CELL:
        settings.pop(name)
    with ProgressBar(sys.stderr) as bar:
        notes = _Notes(bar)
        generation = rotate(arguments.prompt, on_event=notes, **settings)
    assert generation.scene is not None  # noqa: S101 - a completed run has one
    said = " · ".join(describe_writer(generation.scene.code))
    for line in filter(None, (*notes.said, said)):
        print_notice(line)
    _deliver(generation, arguments.output)
    return 0


def _deliver(generation: Generation, target: Path | None) -> None:
    assert generation.scene is not None  # noqa: S101 - a completed run has one
    code = generation.scene.code
    if generation.video is None:
        if target is None:
            print_source(code.source)
        else:
            write_output(target, code.source)
        return
    check_kind(target, is_still=generation.video.path.suffix == ".png")
    target = target or Path(f"{code.scene_name}{generation.video.path.suffix}")
    copy_output(generation.video.path, target)
    print_result(f"{target}  {describe_video(generation.video)}")


class _Notes:
    """Shows the events of a run in the progress bar, and records its last notes."""

    def __init__(self, bar: ProgressBar) -> None:
        self.said: tuple[str, ...] = ()
        self._bar = bar

    def __call__(self, event: Event) -> None:
        if isinstance(event, Rendering):
            self._bar.show(event.done, event.total)
        elif isinstance(event, Writing):
            said = f"writing, {event.tokens} tokens" if event.tokens else "writing"
            self._bar.say(said + describe_live(event))
        elif isinstance(event, Checking | Rehearsed):
            self._bar.say("checking")
        elif isinstance(event, Repairing):
            self._bar.say(f"mending: {event.findings[0].message}")
        elif isinstance(event, Done):
            self.said = event.notes
