"""Contact sheets of the library scenes: the last frame of every animation, tiled into one PNG.

    python -m benchmarks.contact_sheets -o sheets                      every scene, as it stands
    python -m benchmarks.contact_sheets -o sheets softmax_temperature  by name, or by file
    python -m benchmarks.contact_sheets -o sheets matrix_on_plane -p 'MATRIX=[[0,-1],[1,0]]'
    python -m benchmarks.contact_sheets -o sheets --random 1           parameters drawn by a seed
    python -m benchmarks.contact_sheets -o sheets tesseract --video    draw it all, and time it

Frames have the size of 480p. Below each scene's name stand its length and what the rules of
layout found. Without --video only the tiles are drawn, which takes a tenth of the time.
"""

from __future__ import annotations

import argparse
import ast
import math
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from shaperotator_magic.checking.layout.layout import check_layout
from shaperotator_magic.core.records import Rehearsal
from tests.library_probe import draw_frame, load_scene, rehearse
from tests.random_parameters import draw_parameters

SCENES = Path(__file__).parents[1] / "shaperotator_magic" / "writing" / "scenes"
QUALITY = {"pixel_width": 854, "pixel_height": 480, "frame_rate": 15}
GAP_PX = 6


def main() -> None:
    options = _read_options()
    options.output.mkdir(parents=True, exist_ok=True)
    given = dict(_read_parameter(p) for p in options.parameter)
    for path in _find_scenes(options.scenes):
        drawn = {} if options.random is None else draw_parameters(path, options.random)
        if drawn:
            print(f"{path.stem} with {drawn}")
        _make_sheet(path, {**drawn, **given}, options)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("scenes", nargs="*", help="names or files of scenes; all by default")
    parser.add_argument("-o", "--output", type=Path, default=Path("sheets"), help="folder")
    parser.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--random", type=int, metavar="SEED", help="draw the parameters")
    parser.add_argument("-t", "--tag", default="", help="added to the file name")
    parser.add_argument("-c", "--columns", type=int, default=3)
    parser.add_argument("--plays", help="only these, as in 3,4,7")
    parser.add_argument("--middle", action="store_true", help="also inside long plays")
    parser.add_argument("--video", action="store_true", help="draw every frame, report CPU seconds")
    return parser.parse_args()


def _read_parameter(text: str) -> tuple[str, Any]:
    """``NAME=literal``; ``F=expression in x`` becomes a function, since this is our own shell."""
    name, _, value = text.partition("=")
    if name == "F":
        return name, _function_of_x(value)
    return name, ast.literal_eval(value)


def _function_of_x(expression: str) -> Any:
    code = compile(f"lambda x: {expression}", "<parameter>", "eval")
    import numpy

    return eval(code, {**vars(math), "np": numpy})


def _find_scenes(names: list[str]) -> list[Path]:
    if not names:
        return sorted(p for p in SCENES.glob("*.py") if not p.name.startswith("_"))
    return [Path(n) if n.endswith(".py") else SCENES / f"{n}.py" for n in names]


def _make_sheet(path: Path, parameters: dict[str, Any], options: argparse.Namespace) -> None:
    from manim import Wait, tempconfig

    frames: list[tuple[str, Image.Image]] = []
    wanted = {int(n) for n in options.plays.split(",")} if options.plays else None

    def keep(scene: Any, number: int) -> None:
        is_repeated = isinstance(scene.animations[0], Wait) and frames
        if number in wanted if wanted else not is_repeated:
            frames.append((str(number), draw_scene(scene)))

    with tempconfig(QUALITY):
        _, scene_class = load_scene(path, parameters)
        if options.middle:
            scene_class = _with_middles(scene_class, keep_middle(frames, wanted))
        result = rehearse(scene_class, on_play=keep)
    target = options.output / f"{path.stem}{options.tag and '-' + options.tag}.png"
    tile(frames, options.columns).save(target)
    _report(path.stem, result, target)
    if options.video:
        _time_video(path, parameters, options.output)


def keep_middle(frames: list[tuple[str, Image.Image]], wanted: set[int] | None) -> Any:
    """Return a callback that draws a play at two fifths, where it is one of ``wanted``."""

    def keep(scene: Any, number: int) -> None:
        if wanted is None or number in wanted:
            frames.append((f"{number} mid", draw_scene(scene)))

    return keep


def _with_middles(scene_class: Any, keep: Any) -> Any:
    """Stop at two fifths of every play of 1.5 s or more."""

    class WithMiddles(scene_class):  # type: ignore[misc]
        plays_begun = 0

        def play_internal(self, *args: Any, **options: Any) -> None:
            if self.duration >= 1.5:
                steps = round(self.duration * 0.4 * 15)
                for step in range(steps):
                    self.update_to_time(step / 15)
                keep(self, self.plays_begun)
            super().play_internal(*args, **options)

        def play(self, *animations: Any, **options: Any) -> None:
            super().play(*animations, **options)
            self.plays_begun += 1

    WithMiddles.__name__ = scene_class.__name__
    WithMiddles.__module__ = scene_class.__module__
    return WithMiddles


def draw_scene(scene: Any) -> Image.Image:
    """Return what a rehearsed scene shows now."""
    return Image.fromarray(draw_frame(scene)).convert("RGB")


def tile(frames: list[tuple[str, Image.Image]], columns: int) -> Image.Image:
    """Return one sheet of labelled frames of one size."""
    width, height = frames[0][1].size
    rows = math.ceil(len(frames) / columns)
    size = columns * (width + GAP_PX), rows * (height + GAP_PX)
    sheet = Image.new("RGB", size, "#555555")
    for index, (label, frame) in enumerate(frames):
        row, column = divmod(index, columns)
        ImageDraw.Draw(frame).text((4, 2), label, fill="#ff9999")
        sheet.paste(frame, (column * (width + GAP_PX), row * (height + GAP_PX)))
    return sheet


def _report(name: str, result: Rehearsal, target: Path) -> None:
    findings = check_layout(result)
    print(
        f"{name}: {result.plays} animations, {result.waits} waits, "
        f"{result.duration_s:.1f} s, {len(findings)} findings -> {target}"
    )
    for finding in findings:
        print(f"    line {finding.line}: {finding.message}")


def _time_video(path: Path, parameters: dict[str, Any], output: Path) -> None:
    from manim import tempconfig

    with tempfile.TemporaryDirectory() as folder:
        settings = {"media_dir": folder, "progress_bar": "none", "verbosity": "ERROR"}
        with tempconfig({**QUALITY, **settings, "disable_caching": True}):
            _, scene_class = load_scene(path, parameters)
            before_cpu_s, before_s = time.process_time(), time.perf_counter()
            scene_class().render()
            cpu_s, wall_s = time.process_time() - before_cpu_s, time.perf_counter() - before_s
        for video in Path(folder).rglob(f"{scene_class.__name__}.mp4"):
            (output / f"{path.stem}.mp4").write_bytes(video.read_bytes())
    print(f"    480p15: {cpu_s:.1f} s CPU, {wall_s:.1f} s wall")


if __name__ == "__main__":
    main()
