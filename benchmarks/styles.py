"""Library scenes, and recorded replies, in every style pack: findings and contact sheets.

    python -m benchmarks.styles -o sheets                       71 scenes, five packs
    python -m benchmarks.styles -o sheets --packs paper,print matrix_on_plane
    python -m benchmarks.styles -o sheets --replies DIR         recorded replies in place of scenes

Needs nothing beside the package. Every scene is rehearsed in every pack. A line for each finding;
what ``dark`` has, too, is said of it alone where it is the first pack. A line for each pack:
scenes, findings, the lowest contrast of a text. The sheets, one for each pack and 36 scenes, show
each scene at three fifths of its animations. ``--pictures`` writes those of docs/styles.md instead:

    python -m benchmarks.styles --pictures -o docs/styles determinant_area

``--pages`` writes those of docs/library.md beside the sheets. ``--cost`` measures the processor
time of drawing in packs, beside the first one:

    python -m benchmarks.styles --cost --packs dark,paper convolution determinant_area
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import tempfile
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.contact_sheets import draw_scene, tile
from benchmarks.render import count_cpu
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.checking.layout.layout import check_layout
from shaperotator_magic.checking.layout.picture import Picture
from shaperotator_magic.checking.layout.rules import measure_text_contrast
from shaperotator_magic.core.records import Completion, Origin, Rehearsal, SceneCode
from shaperotator_magic.core.styles.finding import BUILT_IN, Styles
from shaperotator_magic.core.styles.look import build_look
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, installed
from shaperotator_magic.rendering.process.scene_run import import_manim, load_scene
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.scene.looks import apply_look
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.writing.library.scene_files import load_scenes
from shaperotator_magic.writing.model.extraction import extract_scene
from tests.library_probe import rehearse

QUALITY = {"pixel_width": 427, "pixel_height": 240, "frame_rate": 15}
ON_A_SHEET, COLUMNS = 36, 6
SHOWN = 0.6
PAGE_WIDTH_PX, PAGE_QUALITY = 1200, 60
COST_REPEATS = 6


def main() -> None:
    options = _read_options()
    codes = dict(_list_codes(options))
    if options.cost:
        _measure_cost(options.packs.split(","), codes)
        return
    options.output.mkdir(parents=True, exist_ok=True)
    _import_apart()
    usual: dict[str, set[tuple[str, int | None]]] = {}
    for pack in options.packs.split(","):
        frames = _judge_pack(pack, codes, usual, options.moments)
        name = Path(pack).stem
        if options.pictures:
            frames[0][1].quantize(64).save(options.output / f"{name}.png", optimize=True)
            continue
        starts = range(0, len(frames), ON_A_SHEET)
        sheets = [tile(frames[start : start + ON_A_SHEET], COLUMNS) for start in starts]
        for number, sheet in enumerate(sheets, start=1):
            sheet.save(options.output / f"{name}-{number}.png")
        if options.pages:
            page = options.output / f"library-{name}.webp"
            join(sheets).save(page, quality=PAGE_QUALITY, method=6)


def join(sheets: list[Image.Image]) -> Image.Image:
    """Return sheets below each other, small enough for a page."""
    whole = Image.new("RGB", (sheets[0].width, sum(sheet.height for sheet in sheets)))
    for number, sheet in enumerate(sheets):
        whole.paste(sheet, (0, sum(above.height for above in sheets[:number])))
    size = PAGE_WIDTH_PX, round(whole.height * PAGE_WIDTH_PX / whole.width)
    return whole.resize(size, Image.Resampling.LANCZOS)


def _import_apart() -> None:
    """Import manim, which writes where it is imported, without meeting another run's files."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        import_manim()


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("scenes", nargs="*", help="names of library scenes; all by default")
    parser.add_argument("-o", "--output", type=Path, default=Path("sheets"), help="folder")
    parser.add_argument("--packs", default=",".join(BUILT_IN), help="names or paths of packs")
    parser.add_argument("--replies", type=Path, metavar="DIR", help="recorded replies of models")
    parser.add_argument("--moments", type=int, default=1, help="frames of each scene on a sheet")
    parser.add_argument("--pictures", action="store_true", help="a file for each pack, no sheets")
    parser.add_argument("--pages", action="store_true", help="a small sheet of all scenes, too")
    parser.add_argument("--cost", action="store_true", help="processor time with a pack")
    return parser.parse_args()


def _list_codes(options: argparse.Namespace) -> Iterator[tuple[str, SceneCode]]:
    if options.replies:
        for path in sorted(options.replies.rglob("*.md")):
            reply = Completion(text=path.read_text(encoding="utf-8"), model="recorded")
            yield path.stem, extract_scene(reply)
        return
    for scene in load_scenes():
        if not options.scenes or scene.name in options.scenes:
            origin = Origin(writer="library", library_scene=scene.name)
            yield (
                scene.name,
                SceneCode(source=scene.body, scene_name=scene.class_name, origin=origin),
            )


def _judge_pack(
    pack: str,
    codes: dict[str, SceneCode],
    usual: dict[str, set[tuple[str, int | None]]],
    moments: int,
) -> list[tuple[str, Image.Image]]:
    frames: list[tuple[str, Image.Image]] = []
    count, lowest = 0, (21.0, "")
    for name, code in codes.items():
        seen, drawn = _run_apart(pack, code)
        frames += [(name, frame) for frame in _pick(drawn, moments)]
        if seen is None:
            print(f"{pack} {name}: failed")
            continue
        findings = check_layout(seen)
        known = usual.get(name, set())
        for finding in findings:
            if (finding.rule, finding.line) not in known:
                count += 1
                print(f"{pack} {name} line {finding.line}: {finding.message}", flush=True)
        if pack == "dark":
            usual[name] = {(one.rule, one.line) for one in findings}
        lowest = min(lowest, (_find_lowest_contrast(seen), name))
    said = f"{count} findings, lowest contrast {lowest[0]:.2f} ({lowest[1]})"
    print(f"{pack}: {len(codes)} scenes, {said}", flush=True)
    return frames


def _pick(drawn: list[Image.Image], moments: int) -> list[Image.Image]:
    """Return some of the frames at the ends of animations, the last one among them."""
    shares = [SHOWN] if moments == 1 else [(n + 1) / moments for n in range(moments)]
    places = sorted({round(share * (len(drawn) - 1)) for share in shares})
    return [drawn[at] for at in places if drawn]


def _find_lowest_contrast(seen: Rehearsal) -> float:
    ends = (moment for moment in seen.moments if moment.at == 1)
    return min(
        (
            contrast
            for moment in ends
            for _, contrast in measure_text_contrast(Picture(seen, moment, None, {}))
        ),
        default=21.0,
    )


def _run_apart(pack: str, code: SceneCode) -> tuple[Rehearsal | None, list[Image.Image]]:
    """Rehearse a scene in a process of its own, which a pack may change for ever."""
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_rehearse, args=(pack, code, theirs))
    child.start()
    theirs.close()
    try:
        made: tuple[Rehearsal | None, list[Image.Image]] = ours.recv()
    except EOFError:
        made = None, []
    child.join()
    return made


def _rehearse(pack: str, code: SceneCode, pipe: Any) -> None:
    from manim import tempconfig

    frames: list[Image.Image] = []
    look = build_look(Styles().find(pack), code.source)
    job = {
        "source": code.source,
        "scene_name": code.scene_name,
        "variables": {},
        "look": look,
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        tempconfig({**QUALITY, "media_dir": folder, "verbosity": "ERROR"}),
        installed("typst", FormulaNotes().take),
    ):
        apply_look(look, Path(folder))
        seen = rehearse(
            load_scene(job),
            source=code.source,
            on_play=lambda scene, number: frames.append(draw_scene(scene)),
        )
    if look is not None:
        seen = seen.model_copy(update={"least_contrast": look["least_contrast"]})
    pipe.send((seen, frames))


def _measure_cost(packs: list[str], codes: dict[str, SceneCode]) -> None:
    """Print what drawing in each pack costs, as a share of drawing in the first one.

    Each scene is drawn in all packs in turn, so that what else the machine does meets all of them.
    """
    shares: dict[str, list[float]] = {pack: [] for pack in packs[1:]}
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(Worker()) as worker:
        for name, code in codes.items():
            spent: dict[str, list[float]] = {pack: [] for pack in packs}
            for number in range(COST_REPEATS + 1):
                for pack in packs[:: 1 if number % 2 else -1]:
                    spent[pack].append(_draw(worker, pack, code, Path(folder)))
            usual = spent.pop(packs[0])[1:]
            for pack, seconds in spent.items():
                pairs = [ours / plain for ours, plain in zip(seconds[1:], usual, strict=True)]
                shares[pack].append(statistics.median(pairs))
                print(f"{name} {pack}: {shares[pack][-1]:.3f} of {min(usual):.2f} s", flush=True)
    for pack, found in shares.items():
        print(f"{pack}: {statistics.median(found):.3f} of {packs[0]}, by processor time")


def _draw(worker: Worker, pack: str, code: SceneCode, folder: Path) -> float:
    """Return the processor seconds of one render, of all processes that take part."""
    request = RenderRequest(
        854, 480, 15, media_dir=folder, use_cache=False, seed=1, style=Styles().find(pack)
    )
    before = count_cpu()
    worker.render(check_scene(code), request, variables={}, on_progress=lambda *_: None)
    return count_cpu() - before


if __name__ == "__main__":
    main()
