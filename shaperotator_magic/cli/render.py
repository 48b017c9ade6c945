"""Render a scene of a file in a confined process of its own.

The file is yours, so it may hold anything that manim's own command takes: several scenes, other
imports, code that runs while it is read. What it must not do (reach the network, start programs,
read or write your files), the operating system keeps the process from; 'shaperotator doctor' says
how far that goes on this machine. Files beside FILE are not visible to the scene; those that
--input names are, by their names alone.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from dataclasses import replace
from pathlib import Path

from shaperotator_magic.checking.scene_file import read_scene_file
from shaperotator_magic.cli.arguments import add_settings, copy_whole, merge_arguments
from shaperotator_magic.cli.progress import ProgressBar
from shaperotator_magic.errors import ConfigurationError
from shaperotator_magic.options import build_options
from shaperotator_magic.records import RenderedVideo
from shaperotator_magic.rendering.environment import check_environment
from shaperotator_magic.rendering.renderer import build_request
from shaperotator_magic.rendering.worker import Worker
from shaperotator_magic.settings import find_cache_dir

# Settings of the writer, and those that a file answers itself.
_OF_THE_WRITER = {
    "model",
    "base_url",
    "offline",
    "with_",
    "attempts",
    "level",
    "style",
    "name",
    "code_only",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="Python file with the scene")
    parser.add_argument(
        "scene", nargs="?", metavar="SCENE", help="scene class; default: the last one of the file"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="where the video goes: SCENE.mp4"
    )
    parser.add_argument(
        "--input",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="a file that the scene may read by its name, such as cat.png; may be repeated",
    )
    add_settings(parser, without=_OF_THE_WRITER)


def run(arguments: argparse.Namespace) -> int:
    """Render, copy the video to where it was asked for, and say so in one line."""
    merged = merge_arguments(arguments)
    options = build_options(merged)
    if options.renderer == "kernel":
        raise ConfigurationError(
            "There is no kernel here to render in.",
            hint="Leave out --renderer.",
            setting="renderer",
        )
    scene = read_scene_file(arguments.file, arguments.scene)
    # The result is where the user wants it; what is kept besides is a cache.
    media_dir = find_cache_dir(merged["data_dir"]) / "media"
    check_environment(media_dir)
    request = replace(build_request(options, media_dir), inputs=tuple(arguments.input))
    with contextlib.closing(Worker()) as worker, ProgressBar(sys.stderr) as bar:
        video = worker.render(scene, request, variables={}, on_progress=bar.show)
    target = arguments.output or Path(f"{scene.code.scene_name}{video.path.suffix}")
    copy_whole(video.path, target)
    sys.stdout.write(f"{target}  {describe_video(video)}\n")
    return 0


def describe_video(video: RenderedVideo) -> str:
    """Return size and length in a few words."""
    size = f"{video.width_px}x{video.height_px}"
    length = f"{video.duration_s:.1f} s, " if video.duration_s else ""
    kept = ", from the cache" if video.is_from_cache else ""
    return f"{length}{size}, {max(1, video.size_bytes // 1000)} kB{kept}"
