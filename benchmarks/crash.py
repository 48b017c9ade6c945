"""Kill the server and its runners at random, and count what became of every accepted task.

    python -m benchmarks.crash [--kills 50] [--tasks 40]

Exit code 1 where a task was lost, is stuck, or ended twice. Loopback only.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
from sqlalchemy import create_engine, text

from tests.running_service import RunningService, list_children

PROMPTS = ("show how a matrix moves the plane", "the price of tea in 1848")
# Small pictures: what is tried is the way of a task, not the drawing.
OPTIONS = {"resolution": "144p", "fps": 5, "no_cache": True}


class Stream:
    """Posts tasks for as long as it may, and remembers those that were accepted."""

    def __init__(self, url: str) -> None:
        self.accepted: list[str] = []
        self.refused = 0
        self._url = url
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._post)
        self._thread.start()

    def _post(self) -> None:
        number = 0
        while not self._is_over.wait(0.3):
            number += 1
            body = {"prompt": PROMPTS[number % 2], "options": OPTIONS}
            try:
                answer = httpx.post(f"{self._url}/generate", json=body, timeout=5)
            except httpx.HTTPError:
                continue  # the server is dead: nothing was promised
            if answer.status_code == 202:
                self.accepted.append(answer.json()["task_id"])
            else:
                self.refused += 1

    def wait_until_accepted(self, count: float) -> None:
        while len(self.accepted) < count:
            time.sleep(0.05)

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join()


def kill_something(server: RunningService, chance: random.Random) -> str:
    """Kill the server, a runner, or a render process below one; returns which."""
    assert server.process is not None
    runners = list(list_children(server.process.pid))
    workers = [child for runner in runners for child in list_children(runner)]
    kind, victims = chance.choice(
        [("server", [server.process.pid]), ("runner", runners), ("worker", workers)]
    )
    if not victims:
        kind, victims = "server", [server.process.pid]
    with contextlib.suppress(ProcessLookupError):
        os.kill(chance.choice(victims), signal.SIGKILL)
    if kind == "server":
        server.process.wait()
        server.start()
    return kind


def wait_until_all_ended(server: RunningService, timeout_s: float) -> list[dict[str, object]]:
    engine = create_engine(f"sqlite:///{server.data_dir / 'shaperotator.db'}")
    deadline = time.monotonic() + timeout_s
    while True:
        with engine.connect() as connection:
            rows = [dict(row._mapping) for row in connection.execute(text("select * from tasks"))]
        open_rows = [row for row in rows if row["finished_at"] is None]
        if not open_rows or time.monotonic() > deadline:
            return rows
        time.sleep(0.5)


def count_runs(server: RunningService) -> Counter[str]:
    engine = create_engine(f"sqlite:///{server.data_dir / 'shaperotator.db'}")
    with engine.connect() as connection:
        found = connection.execute(text("select generation_id from generations")).scalars()
        return Counter(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument(
        "--pause", type=float, default=4.0, help="longest time between two kills, s"
    )
    parser.add_argument(
        "--tasks", type=int, default=0, help="spread the kills over at least so many tasks"
    )
    parser.add_argument("--seed", type=int, default=6)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    kinds: Counter[str] = Counter()
    options = ("--open", "--queue", "12", "--burst", "100000", "--rate", "100000")
    with tempfile.TemporaryDirectory() as folder:
        with RunningService(Path(folder), *options) as server:
            stream = Stream(server.url)
            for number in range(arguments.kills):
                time.sleep(chance.uniform(0.2, arguments.pause))
                stream.wait_until_accepted(arguments.tasks * (number + 1) / arguments.kills)
                kinds[kill_something(server, chance)] += 1
                print(f"kill {number + 1}: {dict(kinds)}", flush=True)
            stream.stop()
            rows = wait_until_all_ended(server, 300)
            runs = count_runs(server)
        by_id = {row["task_id"]: row for row in rows}
        lost = [task_id for task_id in stream.accepted if task_id not in by_id]
        stuck = [row["task_id"] for row in rows if row["finished_at"] is None]
        ended = [row for row in rows if row["finished_at"] is not None]
        twice = [task_id for task_id, count in runs.items() if count > 1]
        missing = [row["task_id"] for row in ended if runs[str(row["task_id"])] != 1]
        silent = [row for row in rows if row["status"] == "failed" and not row["error"]]
        states = Counter(str(row["status"]) for row in rows)
        tries = Counter(int(str(row["tries"])) for row in rows)
    print(f"kills: {dict(kinds)}; accepted: {len(stream.accepted)}, refused: {stream.refused}")
    print(f"ended: {dict(states)}; begun (times: tasks): {dict(sorted(tries.items()))}")
    print(
        f"lost: {len(lost)}, stuck: {len(stuck)}, twice: {len(twice)}, "
        f"without a run: {len(missing)}, failed without a reason: {len(silent)}"
    )
    return 1 if lost or stuck or twice or missing or silent else 0


if __name__ == "__main__":
    sys.exit(main())
