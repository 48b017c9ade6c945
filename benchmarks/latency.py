"""How soon things happen: loading, the first sign of life, cancelling, an unchanged cell.

    python -m benchmarks.latency

Every figure is the median of several runs in real kernels, taken from outside where a user would
see it: from sending the cell to receiving the message.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.kernels import Kernel, Running, start_kernel
from shaperotator_magic.testing import RecordedModelServer, Reply

RUNS = 5
LOAD = """
import time as _time
_began = _time.perf_counter()
get_ipython().run_line_magic("load_ext", "shaperotator_magic")
_seconds = _time.perf_counter() - _began
"""
MATRIX = "%%shaperotate --offline\nShow what [[2, 1], [1, 2]] does to the plane"
LONG_SCENE = """```python
from manim import *
class Long(Scene):
    def construct(self):
        for _ in range(400):
            self.play(Create(Circle()))
```"""
SLOW_REPLY = Reply(LONG_SCENE, chunk_chars=2, chunk_delay_s=0.2)
TARGETS_MS = {
    "load_ext": 100,
    "first progress, first cell": 100,
    "first progress, next cell": 100,
    "cancel while writing": 1000,
    "cancel while rendering": 1000,
    "unchanged cell, shown again": 150,
}


def measure_load(kernel: Kernel) -> float:
    kernel.run(LOAD)
    return float(kernel.value("_seconds"))


def measure_cancel(kernel: Kernel, server: RecordedModelServer, word: str) -> float:
    """Interrupt once the card says ``word``; return the seconds until it says cancelled."""
    asked: list[float] = []
    shown: list[float] = []

    def watch(running: Running, message: dict[str, Any]) -> None:
        now = running.messages[-1][0]
        html = message["content"].get("data", {}).get("text/html", "")
        if not asked and word in html:
            kernel.manager.interrupt_kernel()
            asked.append(now)
        elif asked and not shown and "cancelled" in html.lower():
            shown.append(now)

    cell = f"%%shaperotate --model m --base-url {server.base_url} --attempts 1\nsomething"
    kernel.run(cell, on_message=watch)
    return shown[0] - asked[0] if shown else float("inf")


def measure(folder: Path) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in TARGETS_MS}
    for number in range(RUNS):
        data_dir = folder / str(number)
        data_dir.mkdir()
        with (
            start_kernel(data_dir) as kernel,
            RecordedModelServer(lambda _: SLOW_REPLY) as writing,
            RecordedModelServer(lambda _: Reply(LONG_SCENE)) as rendering,
        ):
            found["load_ext"].append(measure_load(kernel))
            first = kernel.run(MATRIX)
            found["first progress, first cell"].append(first.first_seconds("display_data"))
            again = kernel.run(MATRIX)
            found["first progress, next cell"].append(again.first_seconds("display_data"))
            shown = [when for when, m in again.messages if m["msg_type"] == "update_display_data"]
            found["unchanged cell, shown again"].append(max(shown, default=float("inf")))
            found["cancel while writing"].append(measure_cancel(kernel, writing, "tokens"))
            found["cancel while rendering"].append(measure_cancel(kernel, rendering, " frames"))
    return found


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    is_short = False
    print(f"{'what':32} {'median':>8} {'worst':>8} {'asked':>8}   (ms, {RUNS} kernels)")
    for name, seconds in found.items():
        median, worst = 1000 * statistics.median(seconds), 1000 * max(seconds)
        is_short |= median > TARGETS_MS[name]
        print(f"{name:32} {median:8.0f} {worst:8.0f} {TARGETS_MS[name]:8}")
    return int(is_short)


if __name__ == "__main__":
    sys.exit(main())
