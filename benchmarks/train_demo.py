"""The whole way to a model of one's own, on two cores in a quarter of an hour: ``make train-demo``.

    python -m benchmarks.train_demo                everything, into train-demo/
    python -m benchmarks.train_demo -o FOLDER      elsewhere; what is done there is not done again

An evening's store (sentences that the library draws) becomes a dataset, with three library scenes
for repairs and preferences; a tokenizer and a model of a few million random weights are trained on
it (SFT, all weights; then DPO and GRPO, adapters); the last one is merged, served behind OpenAI's
API on the loopback address, and measured beside the first by 'eval'. The last lines say what was
asked and what came out; the exit code is 1 where something falls short. The point is the way: what
so small a model writes is worth nothing. Needs the extra [train].
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.forms import check_forms

COLOURS = ("blue", "red", "green", "yellow", "orange", "purple")
SHAPES = ("circle", "square", "triangle", "star", "rectangle", "hexagon")
SENTENCES = (
    "a {colour} {shape}",
    "a {colour} {shape} rotates",
    "a {colour} {shape} fades in",
    "create a {colour} {shape} and rotate it",
    "a {colour} {shape} moves to the right",
)
PROMPTS = ("a pink circle", "a teal square rotates", "a white star fades in", "a gold hexagon")
SIZES = (
    "--scenes odd_squares,hanoi,pascal_triangle --codes 2 --sentences 4 --calls 6 --layouts 2 "
    "--refinements 1 --ignored 0 --conversions 0"
).split()
SFT = "--base tiny --epochs 6 --batch 8 --longest 320 --patience 10".split()
DPO = "--method dpo --epochs 3 --steps 20 --batch 1 --rank 8".split()
GRPO = "--method grpo --steps 20 --batch 4 --group 4 --longest-reply 128 --rank 8 --merge".split()
PARTS = ("shaperotator-sft", "shaperotator-dpo", "shaperotator-grpo")
SERVER_STARTS_S = 300
LEAST_FALL, LEAST_STEPS = 0.30, 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=Path("train-demo"))
    folder = parser.parse_args().output.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    build_data(folder)
    sft, dpo, grpo = PARTS
    call(folder, "train", "data", *SFT, "-o", sft)
    call(folder, "train", "data", "--base", sft, *DPO, "-o", dpo)
    call(folder, "train", "data", "--base", sft, *GRPO, "-o", grpo)
    for name in (sft, grpo):
        with serving(folder, name) as port:
            measure(folder, name, port)
    compared = call(folder, "eval", "--compare", f"runs/{sft}", f"runs/{grpo}")
    return report(folder, compared, time.monotonic() - began)


def build_data(folder: Path) -> None:
    """Make the store of an evening, say yes to all of it, and build the dataset."""
    words = product(SENTENCES, COLOURS, SHAPES)
    sentences = [text.format(colour=colour, shape=shape) for text, colour, shape in words]
    (folder / "sentences.txt").write_text("\n".join(sentences) + "\n", encoding="utf-8")
    (folder / "prompts.txt").write_text("\n".join(PROMPTS) + "\n", encoding="utf-8")
    call(folder, "eval", "sentences.txt", "--offline", "--code-only", "-o", "store")
    call(folder, "dataset", "review", "--yes-to-all", "--data-dir", "store")
    call(folder, "dataset", "build", "-o", "data", "--data-dir", "store", *SIZES)


def measure(folder: Path, name: str, port: int) -> None:
    """Let a served model write for every prompt, through the whole loop."""
    address = f"http://127.0.0.1:{port}/v1"
    words = ("--model", f"{name}/model", "--base-url", address, "--attempts", "2")
    call(folder, "eval", "prompts.txt", *words, "-r", "128x72", "--seed", "1", "-o", f"runs/{name}")


def build_environment() -> dict[str, str]:
    # So small a model gains nothing by a second thread; threads that wait for one another burn the
    # time of a busy machine.
    return {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}


def call(folder: Path, *words: str) -> str:
    """Run one command of ours; return what it printed."""
    print("$ shaperotator", *words, flush=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "shaperotator_magic", *words]
    done = subprocess.run(
        command, cwd=folder, env=build_environment(), stdout=subprocess.PIPE, text=True, check=False
    )
    print(done.stdout, f"  {time.monotonic() - began:.0f} s", sep="", flush=True)
    if done.returncode:
        raise SystemExit(f"shaperotator {words[0]} ended with {done.returncode}")
    return done.stdout


@contextlib.contextmanager
def serving(folder: Path, name: str) -> Iterator[int]:
    """Serve a run on a free port of the loopback address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    print(f"$ shaperotator serve-model {name} --port {port}", flush=True)
    command = [sys.executable, "-m", "shaperotator_magic", "serve-model", name, "--port", str(port)]
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=build_environment(), stdout=log, stderr=log
        )
    try:
        wait_for(server, port)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SERVER_STARTS_S
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health")
            return
        time.sleep(0.5)
    raise SystemExit("the server did not start: server.log")


def report(folder: Path, compared: str, seconds: float) -> int:
    """Say what was asked and what came out; return 1 where something falls short."""
    figures = {
        name: json.loads((folder / name / "run.json").read_text())["figures"] for name in PARTS
    }
    sft, dpo, grpo = (figures[name] for name in PARTS)
    fall = 1 - sft["held_out_best"] / sft["held_out_first"]
    rewards = read_lines(folder / PARTS[2] / "rewards.jsonl")
    reached = sum(row["gate"] for row in rewards)
    served = read_lines(folder / "runs" / PARTS[2] / "generations.jsonl")
    written = sum(
        bool(attempt["completion"]) for row in served for attempt in row["generation"]["attempts"]
    )
    checks = [
        *check_forms(folder / "data"),
        (
            f"SFT: held-out loss {sft['held_out_first']:.2f} -> {sft['held_out_best']:.2f}, "
            f"falls by {fall:.0%} (asked: 30 %)",
            fall >= LEAST_FALL,
        ),
        *(check_steps(folder, name) for name in PARTS[1:]),
        (
            f"GRPO: {len(rewards)} replies judged, {reached:.0f} of them rehearsed in the worker, "
            f"reward {grpo['reward_first_quarter']:.3f} -> {grpo['reward_last_quarter']:.3f}",
            reached > 0,
        ),
        (f"served: {written} replies for {len(served)} prompts, end to end", written > 0),
        (f"compared: {compared.strip().splitlines()[-1]}", True),
        (f"parameters {sft['parameters']:,}, DPO trained {dpo['trained_parameters']:,}", True),
        (f"all in {seconds / 60:.1f} min (asked: 15)", True),
    ]
    for said, is_met in checks:
        print("  " if is_met else "! ", said, sep="")
    return 0 if all(is_met for _, is_met in checks) else 1


def check_steps(folder: Path, name: str) -> tuple[str, bool]:
    losses = [row["loss"] for row in read_lines(folder / name / "log.jsonl") if "loss" in row]
    are_finite = all(math.isfinite(loss) for loss in losses)
    said = f"{name}: {len(losses)} steps, losses {'all' if are_finite else 'not all'} finite"
    return f"{said} (asked: 20)", are_finite and len(losses) >= LEAST_STEPS


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    sys.exit(main())
