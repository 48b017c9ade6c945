"""Run quickstart.ipynb in a real kernel, make an HTML page of it, and see that its videos play.

    python notebooks/run_quickstart.py FOLDER

needs no key and no network. It leaves FOLDER/quickstart.ipynb and FOLDER/quickstart.html, and
exits with 1 where a cell failed or a video does not play.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from traitlets.config import Config

from shaperotator_magic.notebook.sharing.sharing import clean_notebook

QUICKSTART = Path(__file__).with_name("quickstart.ipynb")
_CELL_TIMEOUT_S = 300


def execute(source: Path, folder: Path) -> Path:
    """Execute a notebook with ``folder`` as its working folder; return the executed copy."""
    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook, timeout=_CELL_TIMEOUT_S, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    target = folder / source.name
    nbformat.write(notebook, target)
    return target


def export(notebook: Path) -> Path:
    """Make the HTML page; it loads nothing from anywhere, and every video has a poster."""
    shown = nbformat.read(notebook, as_version=4)
    clean_notebook(shown, notebook.parent)
    config = Config()
    config.HTMLExporter.require_js_url = ""
    config.HTMLExporter.mathjax_url = ""
    # No widget is ever in the page, so nothing needs what draws them.
    config.HTMLExporter.widget_renderer_url = "data:text/javascript,"
    title = {"metadata": {"name": notebook.stem}}
    page, _ = HTMLExporter(config=config).from_notebook_node(shown, resources=title)
    target = notebook.with_suffix(".html")
    target.write_text(page, encoding="utf-8")
    return target


async def count_playing(page_path: Path) -> tuple[int, int]:
    """Open the page in headless Chromium; return how many videos play, and how many there are.

    A video plays when it has data and a size, and its pixels at two times differ.
    """
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=_find_chromium(), args=["--no-sandbox"]
        )
        page = await browser.new_page()
        await page.goto(page_path.resolve().as_uri())
        states = await page.evaluate(_PLAY_ALL)
        await browser.close()
    return sum(states), len(states)


_PLAY_ALL = """async () => {
  const at = (video, time) => new Promise((done) => {
    const timer = setTimeout(() => done(null), 10000);
    video.addEventListener('seeked', () => {
      clearTimeout(timer);
      const canvas = document.createElement('canvas');
      canvas.width = 160; canvas.height = 90;
      const context = canvas.getContext('2d');
      context.drawImage(video, 0, 0, 160, 90);
      done(context.getImageData(0, 0, 160, 90).data.join());
    }, {once: true});
    video.currentTime = time;
  });
  const plays = async (video) => {
    video.preload = 'auto'; video.load();
    await new Promise((done) => {
      if (video.readyState >= 2) done();
      video.addEventListener('loadeddata', done, {once: true});
      setTimeout(done, 10000);
    });
    if (!(video.readyState >= 2 && video.videoWidth > 0)) return false;
    // Right after a seek the picture before it may still be drawn: a video may try three times.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const early = await at(video, 0.1), late = await at(video, video.duration * 0.8);
      if (early !== null && late !== null && early !== late) return true;
    }
    return false;
  };
  const states = [];
  for (const video of document.querySelectorAll('video')) states.push(await plays(video));
  return states;
}"""


def _find_chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
    if not found:
        sys.exit("Chromium is needed to see the page: apt-get install chromium")
    return found


def main(folder: Path) -> int:
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("SHAPEROTATOR_DATA_DIR", str(folder.resolve() / "data"))
    print(f"Executing {QUICKSTART.name} in a real kernel (no key, no network) …", flush=True)
    try:
        notebook = execute(QUICKSTART, folder)
    except CellExecutionError as exc:
        print(f"A cell failed:\n{exc}", file=sys.stderr)
        return 1
    page = export(notebook)
    playing, total = asyncio.run(count_playing(page))
    print(f"  {notebook}\n  {page}: {playing} of {total} videos play in Chromium")
    print(f"Done in {time.monotonic() - began:.0f} s. Open the page, or: make lab")
    return 0 if playing == total > 0 else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo")))
