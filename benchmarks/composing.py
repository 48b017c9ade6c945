"""Contact sheets of the compositional writer: every entry of its tables, drawn and judged.

    python -m benchmarks.composing -o sheets                 all entries, twelve a sheet
    python -m benchmarks.composing -o sheets --only torus    sentences that hold a word
    python -m benchmarks.composing -o sheets --ends          both ends of every range
    python -m benchmarks.composing -o sheets --file lines.txt  sentences of a file
    python -m benchmarks.composing --share lines.txt         how much of each is understood

Of each sentence three frames, at about 25, 60 and 100 % of its scene, at a third of 480p. What the
rules of layout and of cost find is printed under its sentence.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from PIL import Image, ImageDraw

from benchmarks.contact_sheets import QUALITY, draw_scene, tile
from shaperotator_magic.checking.autofix.costs import check_cost
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.checking.layout.layout import check_layout
from shaperotator_magic.core.records import Finding, Origin, SceneCode
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, installed
from shaperotator_magic.rendering.process.scene_run import SCENE_FILE
from shaperotator_magic.writing.composing import Composition, compose
from shaperotator_magic.writing.composing.tables.entries import list_examples, list_extremes
from tests.library_probe import rehearse

FRAME = (284, 160)
SHARES = (0.25, 0.6, 1.0)
A_SHEET = 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=Path("sheets"))
    parser.add_argument("--only", default="")
    parser.add_argument("--part", default="1/1", help="as in 2/5: the second fifth")
    parser.add_argument("--ends", action="store_true", help="both ends of every range")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--share", type=Path)
    options = parser.parse_args()
    if options.share:
        print_shares(read_lines(options.share))
        return
    options.output.mkdir(parents=True, exist_ok=True)
    sentences = list_extremes() if options.ends else list_examples()
    if options.file:
        sentences = read_lines(options.file)
    chosen = [sentence for sentence in sentences if options.only in sentence]
    part, parts = map(int, options.part.split("/"))
    size = -(-len(chosen) // parts)
    draw_sheets(chosen[(part - 1) * size : part * size], options.output, f"{part}")


def read_lines(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [line.split("\t")[0] for line in lines if line.strip() and not line.startswith("#")]


def print_shares(sentences: list[str]) -> None:
    for sentence in sentences:
        start = time.perf_counter()
        drawn = compose(sentence)
        spent_ms = (time.perf_counter() - start) * 1000
        share = "none" if drawn is None else f"{drawn.share:.2f}"
        words = "" if drawn is None else f"{drawn.title} | not: {', '.join(drawn.unknown)}"
        print(f"{share:>5} {spent_ms:5.1f} ms  {sentence}  ->  {words}")


def draw_sheets(sentences: list[str], output: Path, part: str) -> None:
    found, frames = 0, []
    for number, sentence in enumerate(sentences):
        drawn = compose(sentence)
        if drawn is None:
            print(f"NOTHING DRAWN: {sentence}")
            found += 1
            continue
        pictures, findings, duration_s = draw_one(drawn)
        found += len(findings)
        print(f"{duration_s:4.1f} s, share {drawn.share:.2f}: {sentence}")
        for finding in findings:
            print(f"      {finding.rule}, line {finding.line}: {finding.message}")
        frames += label_frames(sentence, pictures)
        if len(frames) >= 3 * A_SHEET or number == len(sentences) - 1:
            target = output / f"composing-{part}-{number // A_SHEET:02}.png"
            tile([("", frame) for frame in frames], 6).save(target)
            frames = []
    print(f"{len(sentences)} sentences, {found} findings")


def draw_one(drawn: Composition) -> tuple[list[Image.Image], list[Finding], float]:
    """Rehearse a scene; return three frames, what the rules say, and its length."""
    from manim import tempconfig

    code = SceneCode(
        source=drawn.source, scene_name=drawn.scene_name, origin=Origin(writer="library")
    )
    check_scene(code)
    module = ModuleType("composed")
    exec(compile(drawn.source, SCENE_FILE, "exec"), module.__dict__)
    moments: list[tuple[float, Image.Image]] = []

    def keep(scene: Any, _number: int) -> None:
        moments.append((scene.time, draw_scene(scene).resize(FRAME)))

    with tempconfig(QUALITY), installed("auto", FormulaNotes().take):
        scene_class = _with_middles(getattr(module, drawn.scene_name), keep)
        try:
            result = rehearse(scene_class, source=drawn.source, on_play=keep)
        except Exception as exc:  # noqa: BLE001 - whatever a scene raises is a finding of it
            failed = Finding(rule="failure", severity="error", message=repr(exc))
            return [image for _, image in moments][-3:], [failed], 0.0
    findings = [*check_layout(result), *check_cost(result)]
    return _choose(moments), findings, result.duration_s


def _with_middles(scene_class: Any, keep: Any) -> Any:
    """Keep every play at two fifths of its time, too."""

    class WithMiddles(scene_class):  # type: ignore[misc]
        def play_internal(self, *args: Any, **options: Any) -> None:
            if self.duration >= 1:
                for step in range(round(self.duration * 0.4 * 15)):
                    self.update_to_time(step / 15)
                keep(self, 0)
            super().play_internal(*args, **options)

    WithMiddles.__name__ = scene_class.__name__
    WithMiddles.__module__ = scene_class.__module__
    return WithMiddles


def _choose(moments: list[tuple[float, Image.Image]]) -> list[Image.Image]:
    count = len(moments)
    return [moments[min(count - 1, max(0, round(share * count) - 1))][1] for share in SHARES]


def label_frames(sentence: str, pictures: list[Image.Image]) -> list[Image.Image]:
    while len(pictures) < 3:
        pictures.append(Image.new("RGB", FRAME))
    labelled = []
    for index, picture in enumerate(pictures):
        frame = Image.new("RGB", (FRAME[0], FRAME[1] + 14), "#223344")
        frame.paste(picture, (0, 14))
        if index == 0:
            ImageDraw.Draw(frame).text((2, 1), sentence[:46], fill="#ffffff")
        labelled.append(frame)
    return labelled


if __name__ == "__main__":
    main()
