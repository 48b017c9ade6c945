"""The classroom formulas without LaTeX beside LaTeX's: structure, boxes, time, and a page of all.

python -m benchmarks.formulas            compare with what LaTeX made, and time it
python -m benchmarks.formulas --record   let LaTeX set them again, for tests/data/formulas
python -m benchmarks.formulas --page DIR draw both side by side, LaTeX left (needs LaTeX)
python -m benchmarks.formulas --replies  run every recorded reply without LaTeX in reach

``--list FILE`` takes other formulas, one a line as in tests/data/formulas/classroom.txt. What LaTeX
makes of them is recorded beside the list, in FILE with the suffix .json. Formulas that LaTeX
refuses are omitted.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.replies import REPLIES
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import FormulaError
from shaperotator_magic.core.records import Completion
from shaperotator_magic.rendering.mathtext import typesetting
from shaperotator_magic.rendering.mathtext.installing import installed
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.testing import load_recorded_replies
from shaperotator_magic.writing.model.extraction import extract_scene
from tests.classroom import (
    CLASSROOM,
    REFERENCE,
    Formula,
    Structure,
    compare_boxes,
    has_equal_parts,
    measure,
    read_formulas,
    read_reference,
    write_reference,
)

_REPEATS = 5
_CELL = (620, 150)
_ROWS_A_SHEET = 15


@contextlib.contextmanager
def quiet_manim() -> Iterator[None]:
    """Give manim a folder of its own, and no log."""
    import manim

    with tempfile.TemporaryDirectory() as folder:
        manim.config.update({"media_dir": folder, "verbosity": "ERROR"})
        yield


def build_without_latex(formula: Formula) -> Any:
    with installed("typst", lambda *_: None):
        return formula.build()


def record(formulas: list[Formula], reference: Path) -> None:
    found: dict[str, Structure] = {}
    for formula in formulas:
        try:
            found[formula.text] = measure(formula.build())
        except Exception as exc:  # noqa: BLE001 - a formula of any kind, of a list of any kind
            print(f"LaTeX refuses {formula.text}: {str(exc)[:100]}")
            continue
        print(f"{len(found):3} {formula.text[:100]}")
    write_reference(found, reference)


def compare(formulas: list[Formula], reference: dict[str, Structure]) -> None:
    equal, apart, failed = 0, [], 0
    for number, formula in enumerate(formulas, start=1):
        latex = reference.get(formula.text)
        if latex is None:
            continue
        try:
            ours = measure(build_without_latex(formula))
        except FormulaError as exc:
            failed += 1
            print(f"{number:3} FAILED {exc.message}  {formula.text}")
            continue
        share = compare_boxes(ours, latex)
        apart.append(share)
        is_equal = has_equal_parts(ours, latex)
        equal += is_equal
        if not is_equal or share > 0.05:
            what = "" if is_equal else f"parts {ours.parts} {ours.isolated}, LaTeX {latex.parts}"
            size = f"{ours.width}x{ours.height}, LaTeX {latex.width}x{latex.height}"
            print(f"{number:3} {share:6.1%} {size} {what} {formula.text[:60]}")
    total = len(apart) + failed
    print(f"set: {len(apart)} of {total}; parts equal to LaTeX's: {equal} ({equal / total:.1%})")
    print(
        f"boxes differ by {statistics.median(apart):.1%} in the median, {max(apart):.1%} at most, "
        f"{sorted(apart)[int(0.9 * len(apart))]:.1%} at the 90th percentile"
    )


def time_all() -> None:
    took: list[float] = []
    with installed("typst", lambda *_: None):
        for formula in read_formulas():
            formula.build()
        for _ in range(_REPEATS):
            for formula in read_formulas():
                typesetting.typeset.cache_clear()
                began = time.process_time()
                formula.build()
                took.append(1000 * (time.process_time() - began))
    print(
        f"CPU a formula, warm process, nothing cached: median {statistics.median(took):.2f} ms, "
        f"90th percentile {sorted(took)[int(0.9 * len(took))]:.2f} ms"
    )


def draw_page(formulas: list[Formula], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, len(formulas), _ROWS_A_SHEET):
        rows = formulas[first : first + _ROWS_A_SHEET]
        sheet = Image.new("RGB", (2 * _CELL[0] + 40, _CELL[1] * len(rows)), "black")
        pen = ImageDraw.Draw(sheet)
        for row, formula in enumerate(rows):
            pen.text((2, row * _CELL[1] + 60), str(first + row + 1), fill="yellow")
            latex, ours = formula.build(), build_without_latex(formula)
            scale = min(
                1.0, 12 / max(latex.width, ours.width), 2.8 / max(latex.height, ours.height)
            )
            for column, mobject in enumerate((latex, ours)):
                picture = _draw(mobject.scale(scale))
                sheet.paste(picture, (40 + column * _CELL[0], row * _CELL[1]))
            pen.line((0, row * _CELL[1], sheet.width, row * _CELL[1]), fill="#444444")
        sheet.save(folder / f"formulas-{first + 1:03}.png")


def _draw(mobject: Any) -> Image.Image:
    from manim import Camera

    camera = Camera(pixel_width=_CELL[0], pixel_height=_CELL[1], frame_width=12.4, frame_height=3.0)
    camera.capture_mobject(mobject)
    return Image.fromarray(np.array(camera.pixel_array)[:, :, :3])


def run_replies() -> None:
    """Run what each recorded reply that plain manim can draw says, with no program in reach."""
    done, wanted = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PATH"] = folder
        request = RenderRequest(854, 480, 15, Path(folder), timeout_s=600.0, math="typst")
        with contextlib.closing(Worker()) as worker:
            for row in load_recorded_replies(REPLIES):
                if row.renders_at is None:
                    continue
                wanted += 1
                reply = (row.reply, *row.repairs)[row.renders_at - 1]
                scene = check_scene(extract_scene(Completion(text=reply, model="recorded")))
                failure = worker.rehearse(scene, request, variables={}).failure
                done += failure is None
                print(f"{row.id} {'ran' if failure is None else failure}")
    print(f"without LaTeX in reach, {done} of {wanted} recorded replies run to their end")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--page", type=Path)
    parser.add_argument("--replies", action="store_true")
    parser.add_argument("--list", type=Path, default=CLASSROOM)
    arguments = parser.parse_args()
    if arguments.replies:
        run_replies()
        return
    formulas = read_formulas(arguments.list)
    is_classroom = arguments.list == CLASSROOM
    reference = REFERENCE if is_classroom else arguments.list.with_suffix(".json")
    with quiet_manim():
        if arguments.record:
            record(formulas, reference)
        elif arguments.page:
            draw_page(formulas, arguments.page)
        else:
            compare(formulas, read_reference(reference))
            if is_classroom:
                time_all()


if __name__ == "__main__":
    main()
