"""Contact sheets of the recorded replies' first attempts: as they came, and mended.

    python -m benchmarks.mended -o sheets                    all of them; takes some minutes
    python -m benchmarks.mended -o sheets --only 03,15       by number
    python -m benchmarks.mended -o sheets --no-pictures      figures and sources alone

Nothing asks a model. Of every reply there are two sources and two sheets, the end of every
animation in frames of 480p; verdicts on them by eye stand in tests/data/replies/mended.jsonl.
LaTeX must be installed.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.contact_sheets import QUALITY, draw_scene, tile
from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.core.errors import CheckFailedError
from shaperotator_magic.core.records import CheckedScene, Completion, Rehearsal, SceneCode
from shaperotator_magic.pipeline.drafts import Draft, Stage, prepare_draft, rehearse_draft
from shaperotator_magic.rendering.drawing import drawing
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.testing import RecordedReply, load_recorded_replies
from shaperotator_magic.writing.model.extraction import extract_scene
from tests.library_probe import load_scene, rehearse

REPLIES = Path(__file__).parents[1] / "tests" / "data" / "replies"
COLUMNS, TILE = 5, (427, 240)


def main() -> int:
    options = _read_options()
    if options.draw:
        draw_sheet(options.draw, options.output)
        return 0
    options.output.mkdir(parents=True, exist_ok=True)
    worker = Worker()
    before = after = right = untouched = 0
    with tempfile.TemporaryDirectory() as media:
        stage = build_stage(worker, Path(media))
        for row in choose_replies(options.only):
            source, draft = mend_reply(row, stage)
            old, new = (0 if d is None else len(d.flaws) for d in (source, draft))
            before, after = before + old, after + new
            if source is not None and draft is not None and not old:
                right += 1
                untouched += draft.scene.code.source == source.scene.code.source
            print(f"{row.id}  flaws {old:2} -> {new:2}", flush=True)
            tell(row, source, draft, options.output)
            if not options.no_pictures:
                draw_apart(row, options.output)
    worker.close()
    print(f"flaws by our own rules: {before} -> {after}")
    print(f"of {right} replies without a flaw {untouched} stay as they are, to the byte")
    return 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=Path("sheets"), help="folder")
    parser.add_argument("--only", default="", help="identifiers, comma-separated")
    parser.add_argument("--no-pictures", action="store_true")
    parser.add_argument("--draw", type=Path, help="draw the sheet of this one file")
    return parser.parse_args()


def choose_replies(only: str) -> Iterable[RecordedReply]:
    """Return the recorded replies, or those of them whose numbers are given."""
    wanted = set(only.split(",")) - {""}
    return [row for row in load_recorded_replies(REPLIES) if not wanted or row.id in wanted]


def build_stage(worker: Worker, media: Path) -> Stage:
    """Return where scenes are rehearsed at 480p15, without a limit for the mending."""
    request = RenderRequest(854, 480, 15, media, seed=1, timeout_s=600.0)

    def rehearse_one(scene: CheckedScene) -> Rehearsal:
        return worker.rehearse(scene, request, variables={})

    return Stage(rehearse_one, Api(worker.describe_manim(request)), math.inf, math.inf, math.inf)


def read_first_attempt(row: RecordedReply) -> SceneCode:
    """Return the scene of a first reply."""
    return extract_scene(Completion(text=row.reply, model="recorded"))


def mend_reply(row: RecordedReply, stage: Stage) -> tuple[Draft | None, Draft | None]:
    """Return a first attempt as it came, and healed and mended; None for what is refused."""
    code = read_first_attempt(row)
    return (
        _try(lambda: rehearse_draft(check_scene(code), stage.rehearse)),
        _try(lambda: prepare_draft(code, stage)),
    )


def _try(make: Callable[[], Draft]) -> Draft | None:
    try:
        return make()
    except CheckFailedError as exc:
        print(f"    refused: {exc.message}")
        return None


def tell(row: RecordedReply, old: Draft | None, new: Draft | None, folder: Path) -> None:
    """Print what was mended and what is left, and write both sources."""
    for tag, draft in (("before", old), ("after", new)):
        if draft is not None:
            (folder / f"{row.id}-{tag}.py").write_text(draft.scene.code.source)
    for finding in new.scene.findings if new else ():
        if finding.severity == "warning" or finding.message.startswith("Mended"):
            print(f"    {finding.rule}, line {finding.line}: {finding.message}")
    if new is not None and new.failure is not None:
        print(f"    fails: {new.failure.message}")


def draw_apart(row: RecordedReply, folder: Path) -> None:
    """Draw both sheets, each in a process of its own; the second only where something changed."""
    files = [folder / f"{row.id}-{tag}.py" for tag in ("before", "after")]
    files = [file for file in files if file.exists()]
    if len({file.read_text() for file in files}) == 1:
        files = files[:1]
    for file in files:
        command = [sys.executable, "-m", "benchmarks.mended", "-o", str(folder), "--draw"]
        subprocess.run([*command, str(file)], check=False)


def draw_sheet(path: Path, folder: Path) -> None:
    """Tile the ends of all animations of a scene, those alone that differ from the one before."""
    from manim import tempconfig

    drawing.install()  # the same pixels, and in space ten times sooner
    frames: list[tuple[str, Image.Image]] = []

    def keep(scene: Any, number: int) -> None:
        frame = draw_scene(scene)
        if not frames or frame.tobytes() != frames[-1][1].tobytes():
            frames.append((str(number), frame))

    with tempconfig({**QUALITY, "media_dir": str(folder / "media")}):
        _, scene_class = load_scene(path)
        try:
            rehearse(scene_class, on_play=keep)
        except Exception as exc:  # noqa: BLE001 - what came before is shown
            print(f"    {path.stem}: {type(exc).__name__}: {exc}")
    small = [(label, frame.resize(TILE, Image.Resampling.LANCZOS)) for label, frame in frames]
    if small:
        tile(small, COLUMNS).save(folder / f"{path.stem}.png")


if __name__ == "__main__":
    sys.exit(main())
