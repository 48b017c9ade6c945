"""Tasks on a Dask cluster of this machine: one worker is killed half-way, then two are timed.

    python -m benchmarks.cluster [--tasks 20]

Exit code 1 where a task is missing or ended twice. Loopback only.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from distributed import Client

from benchmarks.crash import count_runs, wait_until_all_ended
from tests.running_service import RunningService, find_free_port

PROMPT = "show how a matrix moves the plane"
OPTIONS = {"resolution": "144p", "fps": 5, "no_cache": True}


@contextlib.contextmanager
def cluster(workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and single-threaded workers in processes of their own."""
    address = f"tcp://127.0.0.1:{find_free_port()}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    head = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard"]
    port = address.rpartition(":")[2]
    started = [subprocess.Popen([*head, "--host", "127.0.0.1", "--port", port], **quiet)]
    time.sleep(3)
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1"]
    worker += ["--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    crew = [subprocess.Popen(worker, start_new_session=True, **quiet) for _ in range(workers)]
    started += crew
    try:
        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=120)
        yield address, crew
    finally:
        for process in started:
            process.kill()
            process.wait()


def run_tasks(count: int, workers: int, *, is_killing: bool) -> tuple[float, bool]:
    """Run tasks; returns tasks a second, and whether each ended once as completed."""
    with tempfile.TemporaryDirectory() as folder, cluster(workers) as (address, crew):
        limits = ("--queue", "100", "--burst", "1000", "--rate", "100000")
        options = ("--open", "--scheduler", address, *limits)
        with RunningService(Path(folder), *options) as server, server.build_client() as client:
            body = {"prompt": PROMPT, "options": OPTIONS}
            began = time.perf_counter()
            for _ in range(count):
                client.post("/generate", json=body).raise_for_status()
            while is_killing:
                listed = client.get("/tasks").raise_for_status().json()["tasks"]
                states = Counter(task["status"] for task in listed)
                if states["completed"] >= count // 2:
                    os.killpg(crew[0].pid, signal.SIGKILL)
                    break
                time.sleep(0.3)
            rows = wait_until_all_ended(server, 500)
            took_s = time.perf_counter() - began
            runs = count_runs(server)
        states = Counter(str(row["status"]) for row in rows)
        tries = Counter(int(str(row["tries"])) for row in rows)
        print(
            f"{workers} workers, {'one killed' if is_killing else 'none killed'}: {dict(states)}, "
            f"begun (times: tasks) {dict(tries)}, most runs of one task {max(runs.values())}, "
            f"{took_s:.1f} s",
            flush=True,
        )
        is_right = states == {"completed": count} and set(runs.values()) == {1}
        return count / took_s, is_right and len(runs) == count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=20)
    parser.add_argument("--timed", type=int, default=8, help="tasks of each timed run")
    arguments = parser.parse_args()
    _, is_right = run_tasks(arguments.tasks, 2, is_killing=True)
    one, is_one_right = run_tasks(arguments.timed, 1, is_killing=False)
    two, is_two_right = run_tasks(arguments.timed, 2, is_killing=False)
    print(f"throughput of 2 workers over 1: {two / one:.2f}")
    return 0 if is_right and is_one_right and is_two_right else 1


if __name__ == "__main__":
    sys.exit(main())
