"""Send the service what its checked-in OpenAPI file allows and forbids, and compare the answers.

    python -m benchmarks.schema [--examples 2000] [--seed 6]

Needs schemathesis. A real service without models on loopback, with its operator's limits out of the
way: what is tried is the form of requests, and the library declines the tasks. Exit code 1 where an
answer is not as docs/openapi.json says.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from shaperotator_magic.service.config import ServiceConfig
from shaperotator_magic.service.limits import Limits
from shaperotator_magic.service.serving import running_app
from tests.running_service import add_finished_task, add_tokens, find_free_port

FILE = Path(__file__).parents[1] / "docs" / "openapi.json"
TOKEN = "alice-token"
BOUNDLESS = Limits(
    most_unfinished=10**9,
    largest_height_px=4320,
    generate_burst=10**9,
    generate_per_minute=1e9,
    read_burst=10**9,
    read_per_minute=1e9,
)


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve in a thread of this process, which alone can lift the limits of reading."""
    add_tokens(folder, {"alice": TOKEN})
    add_finished_task(folder, "alice", prompt="a circle")
    port = find_free_port()
    with running_app(ServiceConfig(data_dir=folder, slots=1, limits=BOUNDLESS)) as app:
        settings = uvicorn.Config(
            app, port=port, http="httptools", ws="none", access_log=False, log_level="warning"
        )
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=2000, help="at least, of all endpoints")
    parser.add_argument("--seed", type=int, default=6)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as url:
        command = [
            sys.executable, "-m", "schemathesis.cli", "run", str(FILE), "--url", url,
            "--header", f"Authorization: Bearer {TOKEN}", "--continue-on-failure",
            # Nine operations, each drawn at random and in chains; fixed cases come on top.
            "--max-examples", str(max(1, arguments.examples // 9)), "--seed", str(arguments.seed),
            # DELETE cancels a task; that it still can be read, as cancelled, is meant.
            "--exclude-checks", "use_after_free",
            "--suppress-health-check", "all", "--generation-database", "none",
        ]  # fmt: skip
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
