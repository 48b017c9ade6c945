"""Render a scene of a file in a confined process of its own.

The file is yours, so it may hold anything that manim's own command takes: several scenes, other
imports, code that runs while it is read. What it must not do (reach the network, start programs,
read or write your files), the operating system denies to the process; 'shaperotator doctor' says
how far that goes on this machine. Of the files beside FILE the scene sees what it names: local
modules that it imports, and pictures and data by their paths; of the same project (the nearest
folder above with a .git, pyproject.toml or manim.cfg, or --root) modules from folders that it adds
to sys.path, and files by their paths from the scene's folder or the project's; besides, what
--input names. Hidden files only --input names. A manim.cfg beside FILE, and
your own, are followed for what changes the picture.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from shaperotator_magic.checking.files.companions import choose_project, find_companions
from shaperotator_magic.checking.files.manim_cfg import (
    NAME,
    ManimSettings,
    find_user_cfg,
    read_manim_cfg,
)
from shaperotator_magic.checking.files.scene_file import read_scene_file
from shaperotator_magic.cli.arguments import add_settings, merge_arguments
from shaperotator_magic.cli.outputs import check_kind
from shaperotator_magic.cli.progress import ProgressBar
from shaperotator_magic.cli.terminal import print_notice, print_result
from shaperotator_magic.core.atomic_files import check_output, copy_output
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.options import build_options
from shaperotator_magic.core.records import CheckedScene, Options, RenderedVideo
from shaperotator_magic.core.settings.folders import find_cache_dir
from shaperotator_magic.core.settings.reading import read_environment
from shaperotator_magic.core.styles.choosing import describe_style, find_own_styles
from shaperotator_magic.core.styles.pack import StylePack
from shaperotator_magic.rendering.renderer import InputFile, build_request
from shaperotator_magic.rendering.worker.environment import check_environment
from shaperotator_magic.rendering.worker.worker import Worker

_SIZE_SETTINGS = ("quality", "resolution", "fps")

# Settings of the writer, and those that a file answers itself.
_OF_THE_WRITER = {
    "model",
    "base_url",
    "offline",
    "with_",
    "attempts",
    "reply_timeout_s",
    "level",
    "kit",
    "name",
    "inputs",  # it takes any file, and --input more than once
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
        help="a further file that the scene may read by its name, or by its path where it lies "
        "below FILE's folder or in its project; may be repeated",
    )
    parser.add_argument(
        "--root",
        type=Path,
        metavar="FOLDER",
        help="a further folder of the scene's modules, and of its files where it is above FILE",
    )
    add_settings(parser, without=_OF_THE_WRITER)


def run(arguments: argparse.Namespace) -> int:
    """Render, copy the video to the requested path, and print one line."""
    settings = read_manim_cfg([find_user_cfg(Path.home()), arguments.file.parent / NAME])
    merged = merge_arguments(arguments, _build_layer(arguments, settings))
    options = build_options(merged)
    if options.renderer == "kernel":
        raise ConfigurationError(
            "There is no kernel here to render in.",
            hint="Leave out --renderer.",
            setting="renderer",
        )
    style = _find_style(arguments.style, options)
    scene = read_scene_file(arguments.file, arguments.scene)
    check_kind(arguments.output, is_still=options.still)
    if arguments.output is not None:
        check_output(arguments.output)
    # The result is where the user wants it; the media folder is only a cache.
    media_dir = find_cache_dir(merged["data_dir"]) / "media"
    check_environment(media_dir)
    files = _find_files(arguments, scene)
    place, inputs = _lay_out(files, arguments.file.resolve().parent)
    request = replace(
        build_request(options, media_dir, style),
        inputs=inputs,
        place=place,
        config=_choose_config(settings, style),
        fonts="bundled" if style else "machine",
    )
    _report(files, settings, has_style=style is not None)
    with contextlib.closing(Worker(pipe=arguments.pipe)) as worker, ProgressBar(sys.stderr) as bar:
        video = worker.render(scene, request, variables={}, on_progress=bar.show)
    said = describe_style(options.style if style else None, style, has_model=False)
    for line in (*said, *video.printed, *video.notes):
        print_notice(line)
    check_kind(arguments.output, is_still=video.path.suffix == ".png")  # a scene may choose, too
    target = arguments.output or Path(f"{scene.code.scene_name}{video.path.suffix}")
    copy_output(video.path, target)
    print_result(f"{target}  {describe_video(video)}")
    return 0


def _build_layer(arguments: argparse.Namespace, settings: ManimSettings) -> dict[str, Any]:
    """Return size and rate from manim.cfg, where the command line has none."""
    layers = (vars(arguments), read_environment())
    if any(layer.get(name) for layer in layers for name in _SIZE_SETTINGS):
        return {}
    return {name: getattr(settings, name) for name in _SIZE_SETTINGS}


def _find_style(said: str | None, options: Options) -> StylePack | None:
    """Return the pack to draw in; words on the command line are an error, for no model is asked."""
    style = find_own_styles().find(options.style)
    if said and style is None:
        raise ConfigurationError(
            f"--style {said!r} is no style pack, and here is no model to take words.",
            hint=f"Name a folder, a file, or one of {', '.join(find_own_styles().names)}.",
            setting="style",
        )
    return style


def _choose_config(
    settings: ManimSettings, style: StylePack | None
) -> tuple[tuple[str, str | float], ...]:
    """Return the settings of manim.cfg; a pack that was asked for has the background's colour."""
    if style is None:
        return settings.config
    return tuple((name, value) for name, value in settings.config if name != "background_color")


def _find_files(arguments: argparse.Namespace, scene: CheckedScene) -> dict[str, Path]:
    """Return what the scene needs beside itself, and what --input names, by their names for it."""
    folder = arguments.file.parent.resolve()
    companions = find_companions(arguments.file, scene.code.source, arguments.root)
    found = {companion.name: companion.path for companion in companions}
    for path in arguments.input:
        _check_readable(path)
        whole = path.resolve()
        if whole.is_relative_to(choose_project(arguments.file, arguments.root)):
            found[os.path.relpath(whole, folder)] = path
        found.setdefault(path.name, path)
    return dict(sorted(found.items()))


def _lay_out(files: dict[str, Path], folder: Path) -> tuple[str, tuple[InputFile, ...]]:
    """Return where the scene runs, and the files; both as below the highest folder of these."""
    ups = max((name.split("/").count("..") for name in files), default=0)
    place = "/".join(folder.parts[len(folder.parts) - ups :])
    names = {name: os.path.normpath(os.path.join(place, name)) for name in files}  # noqa: PTH118 - a pure path keeps '..'
    return place, tuple(InputFile(names[name], path) for name, path in files.items())


def _check_readable(path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as exc:
        raise ConfigurationError(
            f"The scene's file {path} cannot be read: {exc.strerror}.",
            hint="Name a file that is there with --input.",
            setting="inputs",
        ) from exc


def _report(files: dict[str, Path], settings: ManimSettings, *, has_style: bool) -> None:
    if files:
        print_notice(f"With {', '.join(files)}.")
    if settings.ignored:
        print_notice(f"manim.cfg: {', '.join(settings.ignored)} not followed.")
    if settings.has_look and not has_style:
        print_notice(f"{NAME}: its [style] and [colors] count with --style {NAME} alone.")


def describe_video(video: RenderedVideo) -> str:
    """Return size and length in a few words."""
    size = f"{video.width_px}x{video.height_px}"
    length = f"{video.duration_s:.1f} s, " if video.duration_s else ""
    kept = ", from the cache" if video.is_from_cache else ""
    return f"{length}{size}, {max(1, video.size_bytes // 1000)} kB{kept}"
