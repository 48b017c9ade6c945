"""Shapes that can be turned, beside the video: how alike, how small, how fast.

    python -m benchmarks.turning [--only s04,torus] [--keep FOLDER]

Twelve scenes in space are drawn at 480p15: of the benchmark, of the recorded replies, composed of
sentences, and of the library. For each moment whose shapes are kept, the viewer draws them from the
scene's own side in headless Chromium, and the picture is compared with the video's frame: the mean
difference of all channels, of 255. ``--keep`` writes both side by side. Then a page is exported
with the three results whose files are largest, and compared with the same page without steps,
shapes and knobs. Last, a surface of 2,000 faces is turned as fast as the browser can.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import av
import numpy as np
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image
from playwright.sync_api import Page

from shaperotator_magic.core.errors import ShapeRotatorError
from shaperotator_magic.core.records import (
    CheckedScene,
    Completion,
    Generation,
    Origin,
    Prompt,
    RenderedVideo,
    SceneCode,
)
from shaperotator_magic.notebook.card.bundle import build_bundle
from shaperotator_magic.notebook.sharing.exporting import export_html
from shaperotator_magic.pipeline.exploring.assets import read_script
from shaperotator_magic.pipeline.exploring.parameters import read_parameters
from shaperotator_magic.rendering.renderer import RenderRequest
from shaperotator_magic.rendering.worker.worker import Worker
from shaperotator_magic.testing import load_recorded_replies
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.model.extraction import extract_scene
from tests.browser import start_browser

ROOT = Path(__file__).parents[1]
REPLIES = ("12", "24", "29", "30", "32", "48")
SENTENCES = (
    "draw a torus",
    "show a sphere and rotate it",
    "plot z = sin(x) cos(y)",
    "Show me a rotating tesseract",
    "draw the 24-cell",
)
LIMIT = 4.0
_ROUNDED_S = 0.004  # as the player: within the last frame of a step
FACES = """
from manim import *
class Faces(ThreeDScene):
    def construct(self):
        self.set_camera_orientation(phi=1.1, theta=0.6)
        wave = Surface(lambda u, v: np.array([u, v, np.sin(u) * np.cos(v)]), u_range=[-3, 3],
            v_range=[-3, 3], resolution=(40, 50))
        self.add(wave)
        self.wait(0.2)
"""
DRAW = """async ({geometry, at, size, isOnce}) => {
  const known = await readGeometry(geometry);
  const moment = known.moments[at < 0 ? known.moments.length - 1 : at];
  const canvas = Object.assign(document.createElement('canvas'), size);
  const context = canvas.getContext('2d', {alpha: false});
  const painter = new Painter(known, moment);
  const view = makeOwnView();
  if (isOnce) {
    painter.draw(context, view, false);
    return {picture: canvas.toDataURL('image/png').split(',')[1],
      end_s: moment.end_s, step: moment.step, count: known.moments.length};
  }
  document.body.replaceChildren(canvas);
  let frames = 0;
  let drawing = 0;
  const begun = performance.now();
  while (performance.now() - begun < 4000) {
    view.yaw += 0.05;
    const before = performance.now();
    painter.draw(context, view, true);
    drawing += performance.now() - before;
    await new Promise(requestAnimationFrame);
    frames += 1;
  }
  const seconds = (performance.now() - begun) / 1000;
  return {fps: frames / seconds, draw_ms: drawing / frames, items: moment.items.length};
}"""


def find_scenes() -> dict[str, SceneCode]:
    """Return the scenes by name."""
    found = {"s04": read_file(ROOT / "benchmarks" / "scenes" / "s04_surface3d.py")}
    for reply in load_recorded_replies(ROOT / "tests" / "data" / "replies"):
        if reply.id in REPLIES:
            found[reply.id] = extract_scene(Completion(text=reply.reply, model="recorded"))
    library = SceneLibrary.load()
    for sentence in SENTENCES:
        found[sentence] = library.write(Prompt(text=sentence)).code
    found["b023"] = read_file(ROOT / "tests/data/corpus/benign/b023_three_d.py")
    return found


def read_file(path: Path) -> SceneCode:
    source = path.read_text(encoding="utf-8")
    name = source.partition("class ")[2].partition("(")[0]
    return SceneCode(source=source, scene_name=name, origin=Origin(writer="user"))


def draw(worker: Worker, code: SceneCode, folder: Path) -> RenderedVideo:
    request = RenderRequest(width_px=854, height_px=480, fps=15, media_dir=folder, timeout_s=300)
    return worker.render(
        CheckedScene(code=code), request, variables={}, on_progress=lambda done, total: None
    )


def read_frame(video: Path, time_s: float) -> np.ndarray[Any, Any]:
    """Return the last frame that begins before a time, which may be rounded up."""
    with av.open(str(video)) as source:
        frames = [
            f for f in source.decode(video=0) if f.time is not None and f.time < time_s - _ROUNDED_S
        ]
    return frames[-1].to_ndarray(format="rgb24")


def compare(page: Page, video: RenderedVideo, keep: Path | None) -> list[float]:
    """Return the mean difference at every moment, the last one last."""
    assert video.geometry is not None
    geometry = base64.b64encode(video.geometry.read_bytes()).decode()
    size = {"width": video.width_px, "height": video.height_px}
    found: list[float] = []
    at, count = 0, 1
    while at < count:
        given = {"geometry": geometry, "at": at, "size": size, "isOnce": True}
        drawn = page.evaluate(DRAW, given)
        count = drawn["count"]
        picture = Image.open(io.BytesIO(base64.b64decode(drawn["picture"]))).convert("RGB")
        frame = read_frame(video.path, drawn["end_s"])
        pixels = np.asarray(picture)
        found.append(float(np.abs(pixels.astype(int) - frame.astype(int)).mean()))
        if keep is not None and at == count - 1:
            Image.fromarray(np.hstack([frame, pixels])).save(keep)
        at += 1
    return found


def measure_page(drawn: dict[str, tuple[SceneCode, RenderedVideo]], folder: Path) -> None:
    """Print how many bytes steps, shapes and knobs add to a page with three results."""

    def find_size(row: tuple[SceneCode, RenderedVideo]) -> int:
        return row[1].geometry.stat().st_size if row[1].geometry else 0

    largest = sorted(drawn.values(), key=find_size)[-3:]
    whole = [
        Generation(
            prompt=Prompt(text="a shape"),
            scene=CheckedScene(code=code),
            video=video,
            parameters=read_parameters(code),
        )
        for code, video in largest
    ]
    bare = [
        made.model_copy(
            update={
                "video": video.model_copy(update={"geometry": None, "steps": ()}),
                "parameters": (),
            }
        )
        for made, (_, video) in zip(whole, largest, strict=True)
    ]
    sizes = [_export_page(results, folder / "page.html") for results in (bare, whole)]
    added = (sizes[1] - sizes[0]) / 1000
    print(f"page of three results: {sizes[1] / 1000:.0f} kB, {added:.0f} kB for exploring")


def _export_page(results: list[Generation], target: Path) -> int:
    cells = []
    for made in results:
        data, metadata = build_bundle(made, kernel_id="")
        output = new_output("display_data", data=data, metadata=metadata)
        cells.append(new_code_cell("%%shaperotate\na shape", outputs=[output]))
    export_html(new_notebook(cells=cells), target)
    return target.stat().st_size


def measure_speed(page: Page, worker: Worker, folder: Path) -> None:
    """Print how often a second 2,000 faces are drawn while they turn."""
    faces = SceneCode(source=FACES, scene_name="Faces", origin=Origin(writer="user"))
    video = draw(worker, faces, folder)
    assert video.geometry is not None
    geometry = base64.b64encode(video.geometry.read_bytes()).decode()
    size = {"width": video.width_px, "height": video.height_px}
    given = {"geometry": geometry, "at": -1, "size": size, "isOnce": False}
    drawn = page.evaluate(DRAW, given)
    print(f"{json.dumps(drawn)}  {video.geometry.stat().st_size / 1000:.0f} kB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    wanted = [name for name in options.only.split(",") if name]
    scenes = {
        name: code
        for name, code in find_scenes().items()
        if not wanted or any(part in name for part in wanted)
    }
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    bad = 0
    print("scene                            kB   moments   mean difference: last   worst")
    with tempfile.TemporaryDirectory() as folder, start_browser() as browser:
        page = browser.new_page()
        page.add_script_tag(content=read_script())
        worker = Worker()
        drawn_scenes: dict[str, tuple[SceneCode, RenderedVideo]] = {}
        for name, code in scenes.items():
            try:
                video = draw(worker, code, Path(folder))
            except ShapeRotatorError as exc:
                print(f"{name:30} not drawn: {exc.message}")
                bad += 1
                continue
            if video.geometry is None:
                print(f"{name:30} no shapes", *video.notes)
                bad += 1
                continue
            drawn_scenes[name] = (code, video)
            target = options.keep / f"{name.replace(' ', '_')}.png" if options.keep else None
            found = compare(page, video, target)
            size = video.geometry.stat().st_size
            bad += max(found) > LIMIT
            print(
                f"{name:30} {size / 1000:5.0f} {len(found):9} {found[-1]:23.2f} {max(found):7.2f}",
                flush=True,
            )
        if len(drawn_scenes) >= 3:
            measure_page(drawn_scenes, Path(folder))
        measure_speed(page, worker, Path(folder))
        worker.close()
    print(f"{bad} above {LIMIT} or without shapes")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
