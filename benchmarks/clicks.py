"""How soon a button answers while a cell runs, with the ipykernels of today and of yesterday.

    python -m benchmarks.clicks [IPYKERNEL_VERSION …]

A real JupyterLab in headless Chromium, once with the extension and once with the buttons that a
widget puts there. A cell sleeps, the thumbs are pressed in turns, and the page itself takes the
time from the click until the button says that the kernel has recorded it. Every version of
ipykernel is fetched by pip into a folder of its own. Needs `make extension`.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Browser

from shaperotator_magic.testing import RecordedModelServer, Reply
from tests.browser import LabPage, LabServer, start_browser, start_lab

TARGET_MS = 500
CLICKS = 10
SLEEP_S = 60
VERSIONS = ("7.4.0", "6.31.0")
SCENE = """```python
from manim import *
class Small(Scene):
    def construct(self):
        self.play(Create(Circle()), run_time=0.5)
```"""
CARDS = {True: ".sr-card", False: "figure.shaperotator"}
PRESS = """async ([card, name]) => {
  const all = [...document.querySelectorAll(`${card} button`)];
  const button = all.find((one) => `${one.title}${one.textContent}`.includes(name));
  const began = performance.now();
  button.click();
  while (button.getAttribute('aria-pressed') !== 'true')
    await new Promise((done) => setTimeout(done, 2));
  return performance.now() - began; }"""


def install_kernels(folder: Path, versions: Iterable[str]) -> None:
    """Write a kernelspec for every version of ipykernel below ``folder``."""
    for version in versions:
        packages = folder / "packages" / version
        wanted = [f"ipykernel=={version}"]
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "install",
                "-q",
                "--no-deps",
                "-t",
                str(packages),
                *wanted,
            ],
            check=True,
        )
        spec = folder / "data" / "kernels" / f"ipykernel-{version}"
        spec.mkdir(parents=True)
        content = {
            "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": f"ipykernel {version}",
            "language": "python",
            "env": {"PYTHONPATH": str(packages)},
        }
        (spec / "kernel.json").write_text(json.dumps(content))


def build_notebook(kernel: str, base_url: str) -> Any:
    cells = [
        "%load_ext shaperotator_magic",
        f"%%shaperotate --model m --base-url {base_url}\na small circle",
        "import ipykernel; print(ipykernel.__version__)",
        f"import time; time.sleep({SLEEP_S})",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": kernel, "display_name": kernel}
    return notebook


def measure(
    browser: Browser, server: LabServer, version: str, *, base_url: str, has_extension: bool
) -> list[float]:
    """Return the milliseconds of every click."""
    page = LabPage(browser.new_page(), server, has_extension=has_extension)
    name = f"clicks-{version}-{has_extension}.ipynb"
    page.open(server.save_notebook(name, build_notebook(f"ipykernel-{version}", base_url)))
    for index in range(3):
        page.run(index)
    said = page.outputs(2)[0]["text"]
    if "".join(said).strip() != version:
        raise SystemExit(f"The kernel is ipykernel {said}, not {version}.")
    card = page.output(1).locator(CARDS[has_extension])
    card.get_by_role("button", name="Not right").wait_for()
    page.start(3)
    names = ("Not right", "Keep" if not has_extension else "keep it")
    found = [
        float(page.page.evaluate(PRESS, [CARDS[has_extension], names[number % 2]]))
        for number in range(CLICKS)
    ]
    if page.page.evaluate(IS_SLEEPING) is not True:
        raise SystemExit("The cell ended before the clicks: nothing was measured.")
    page.interrupt()
    page.page.close()
    return found


IS_SLEEPING = """() => window.jupyterapp.shell.currentWidget.content.widgets[3]
  .model.executionState === 'running'"""


def main(versions: list[str]) -> int:
    """Print a row for every ipykernel and face; 1 where a click took longer than the target."""
    slowest = 0.0
    print(f"{CLICKS} clicks each while a cell sleeps; milliseconds, target {TARGET_MS}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        install_kernels(folder, versions)
        with (
            RecordedModelServer(lambda _: Reply(SCENE)) as model,
            start_lab(folder) as server,
            start_browser() as browser,
        ):
            for version in versions:
                for has_extension in (True, False):
                    found = measure(
                        browser,
                        server,
                        version,
                        base_url=model.base_url,
                        has_extension=has_extension,
                    )
                    face = "extension" if has_extension else "widget"
                    middle, worst = statistics.median(found), max(found)
                    slowest = max(slowest, worst)
                    print(f"ipykernel {version:7} {face:9} {middle:6.0f} median {worst:6.0f} max")
    return int(slowest > TARGET_MS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(VERSIONS)))
