"""How a notebook with thirty results opens and scrolls in JupyterLab.

    python -m benchmarks.opening [--results 30] [--no-extension]

A real JupyterLab in headless Chromium opens a notebook whose every cell shows a five-second video
of 480p15. Times count from the click on the address: until the first card shows its poster, until
all cards are on the page, until the kernel is idle. Then the notebook is scrolled from top to
bottom and back, 60 pixels every frame, and the page tells its longest task: for so long it answered
nothing.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import nbformat
import numpy as np

from shaperotator_magic.core.records import (
    Attempt,
    Generation,
    Origin,
    Prompt,
    RenderedVideo,
    SceneCode,
)
from shaperotator_magic.notebook.card.bundle import build_bundle
from tests.browser import LabPage, LabServer, start_browser, start_lab

FPS, SECONDS, WIDTH, HEIGHT = 15, 5, 854, 480
WATCH = """
window.longTasks = [];
new PerformanceObserver((list) => list.getEntries().forEach((task) => window.longTasks.push(
  {at: task.startTime, ms: task.duration}))).observe({type: 'longtask', buffered: true});
window.seen = {};
const look = setInterval(() => {
  const cards = document.querySelectorAll(window.CARD);
  const note = (name, isSo) => {
    if (isSo && !(name in window.seen)) window.seen[name] = performance.now(); };
  note('first', [...cards].some((card) => card.querySelector('video, img')));
  note('all', cards.length >= window.RESULTS);
  const status = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status;
  note('kernel', cards.length && status === 'idle');
}, 20);
"""
SCROLL = """async () => {
  window.longTasks.length = 0;
  const all = [...document.querySelectorAll('.jp-WindowedPanel-outer, .jp-Notebook')];
  const box = all.find((one) => one.scrollHeight > one.clientHeight + 50);
  const gaps = [];
  let before = performance.now();
  for (const step of [60, -60])
    for (let at = -1; at !== box.scrollTop; ) {
      at = box.scrollTop;
      box.scrollTop += step;
      await new Promise(requestAnimationFrame);
      gaps.push(performance.now() - before);
      before = performance.now();
    }
  await new Promise((done) => setTimeout(done, 500));
  return {gaps, tasks: window.longTasks.map((task) => task.ms),
    height: box.scrollHeight, loaded: [...document.querySelectorAll(window.CARD + ' video')]
      .filter((video) => video.currentSrc).length}; }"""


def make_video(path: Path, seed: int) -> None:
    """Write a video about as heavy as a scene of lines and letters, and its poster."""
    rng = np.random.default_rng(seed)
    still = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for _ in range(60):
        x, y = rng.integers(0, WIDTH - 60), rng.integers(0, HEIGHT - 20)
        still[y : y + 16, x : x + 40 : 4] = rng.integers(60, 255, 3)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "23"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        for number in range(FPS * SECONDS):
            picture = np.roll(still, (number, 3 * number), (0, 1))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(stream.encode())
    poster = io.BytesIO()
    av.VideoFrame.from_ndarray(still).to_image().quantize(64).save(poster, "PNG")
    path.with_suffix(".png").write_bytes(poster.getvalue())


def build_notebook(folder: Path, results: int) -> Any:
    cells = []
    for number in range(results):
        path = folder / f"{number}.mp4"
        make_video(path, number)
        video = RenderedVideo(
            path=path,
            sha256=f"{number}",
            size_bytes=path.stat().st_size,
            duration_s=SECONDS,
            width_px=WIDTH,
            height_px=HEIGHT,
            fps=FPS,
            poster=path.with_suffix(".png"),
            renderer="worker",
        )
        source = "class Plane(Scene):\n    def construct(self):\n" + "        self.wait()\n" * 30
        code = SceneCode(
            source=source, scene_name="Plane", origin=Origin(writer="model", model="m")
        )
        generation = Generation(
            prompt=Prompt(text=f"Show number {number} of thirty, with letters and lines"),
            status="completed",
            attempts=(Attempt(code=code),),
            video=video,
        )
        data, metadata = build_bundle(generation, kernel_id="")
        cell = nbformat.v4.new_code_cell(f"%%shaperotate\n{generation.prompt.text}")
        cell.outputs = [nbformat.v4.new_output("display_data", data=data, metadata=metadata)]
        cells.append(cell)
    kernelspec = {"name": "python3", "display_name": "Python 3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})


def measure(page: LabPage, path: str) -> None:
    """Open the notebook, scroll it, and print what the page says of itself."""
    page.open(path)
    page.page.wait_for_function("window.seen.all !== undefined || window.seen.kernel !== undefined")
    page.page.wait_for_timeout(2000)
    seen = page.page.evaluate("window.seen")
    opening = page.page.evaluate("window.longTasks.map((task) => task.ms)")
    for name, said in (
        ("first", "first card"),
        ("all", "all cards"),
        ("kernel", "kernel idle, cards there"),
    ):
        value = f"{seen[name] / 1000:.1f} s" if name in seen else "not on the page at once"
        print(f"{said:26} {value}")
    print(f"longest task while opening {max(opening, default=0):.0f} ms")
    found = page.page.evaluate(SCROLL)
    gaps, tasks = found["gaps"], found["tasks"]
    print(
        f"scrolling {found['height']} px twice: longest task {max(tasks, default=0):.0f} ms, "
        f"{len(tasks)} over 50 ms;\na frame every {statistics.median(gaps):.0f} ms, 95 % within "
        f"{statistics.quantiles(gaps, n=20)[-1]:.0f} ms; {found['loaded']} videos loaded"
    )


def prepare(server: LabServer, results: int) -> str:
    with tempfile.TemporaryDirectory() as name:
        return server.save_notebook("thirty.ipynb", build_notebook(Path(name), results))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.opening")
    parser.add_argument("--results", type=int, default=30)
    parser.add_argument("--no-extension", action="store_true")
    args = parser.parse_args()
    card = "figure.shaperotator" if args.no_extension else ".sr-card"
    with tempfile.TemporaryDirectory() as name, start_lab(Path(name) / "lab") as server:
        path = prepare(server, args.results)
        size = (server.root / path).stat().st_size / 1e6
        print(f"{args.results} results, {size:.1f} MB")
        with start_browser() as browser:
            # The first page of a browser compiles JupyterLab itself; the second is what a user has.
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.add_init_script(
                f"window.CARD = '{card}'; window.RESULTS = {args.results};{WATCH}"
            )
            for turn in ("first page of the browser", "again"):
                print(f"\n{turn}")
                page = LabPage(context.new_page(), server, has_extension=not args.no_extension)
                measure(page, path)
                page.page.close()


if __name__ == "__main__":
    main()
