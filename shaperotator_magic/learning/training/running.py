"""One call of ``shaperotator train``: checks everything that can be checked, then trains.

Runs in a command's process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shaperotator_magic.core.atomic_files import write_output
from shaperotator_magic.learning.training.bases import (
    count_parameters,
    find_base,
    keep_quiet,
)
from shaperotator_magic.learning.training.card import build_card, summarise_log
from shaperotator_magic.learning.training.machine import (
    check_packages,
    check_room,
    check_size,
    explaining,
    list_versions,
    probe_machine,
)
from shaperotator_magic.learning.training.merging import merge
from shaperotator_magic.learning.training.plan import TINY, Plan, build_plan
from shaperotator_magic.learning.training.reward import SceneReward
from shaperotator_magic.learning.training.rows import read_rows
from shaperotator_magic.learning.training.run_folder import RunFolder
from shaperotator_magic.learning.training.tiny import build_tiny
from shaperotator_magic.learning.training.trainers import OnLogged, Reward, Work, train
from shaperotator_magic.rendering.worker.worker import Worker

__all__ = ["Order", "merge_run", "run_training"]


@dataclass(frozen=True)
class Order:
    """What the user said: a method, a base, folders, and the numbers that are not None."""

    method: str
    base: str
    data: Path
    output: Path
    said: dict[str, Any]
    has_merge: bool = False
    is_forced: bool = False


def run_training(order: Order, on_logged: OnLogged) -> dict[str, Any]:
    """Train, or go on training; return what run.json then holds.

    Raises
    ------
    ShapeRotatorError
        What was ordered cannot be done; what is done stays.
    """
    rows = read_rows(order.data, order.method)
    check_packages()
    keep_quiet()
    machine = probe_machine()
    plan = build_plan(
        order.method, order.base, order.data.resolve(), has_gpu=machine.has_gpu, said=order.said
    )
    folder = RunFolder(order.output)
    base = find_base(order.base) if order.base != TINY else ""
    parameters = count_parameters(base) if base else 0
    check_size(plan, machine, parameters, is_forced=order.is_forced)
    check_room(plan, order.output, parameters, has_merge=order.has_merge)
    folder.begin(plan, rows.digest, list_versions())
    with explaining(order.output):
        if folder.read()["status"] != "done":
            work = Work(plan, rows, folder, machine, on_logged)
            _train(work, base or str(build_tiny(folder.path / "base", rows.train, plan)))
        if order.has_merge and not plan.is_whole:
            merge(folder, machine)
    return folder.read()


def _train(work: Work, base: str) -> None:
    with _lend_reward(work.plan, work.folder) as reward:
        figures = train(work, base, reward)
    figures["parameters"] = count_parameters(base)
    figures["gpu"] = work.machine.gpu
    _finish(work.folder, figures)


def merge_run(output: Path) -> None:
    """Write the whole weights of a finished run."""
    folder = RunFolder(output)
    folder.read()
    check_packages()
    keep_quiet()
    merge(folder, probe_machine())


def _finish(folder: RunFolder, figures: dict[str, Any]) -> None:
    """Write the card; only then the run is done, and its checkpoints are of no more use."""
    figures = {**figures, **summarise_log(folder.read_log())}
    state = {**folder.read(), "figures": figures}
    write_output(folder.path / "README.md", build_card(state, folder.path.name))
    folder.write(figures=figures, status="done")
    shutil.rmtree(folder.checkpoints, ignore_errors=True)


@contextlib.contextmanager
def _lend_reward(plan: Plan, folder: RunFolder) -> Iterator[Reward | None]:
    """Lend a GRPO run its reward, with a worker that is closed at the end; the others none."""
    if plan.method != "grpo":
        yield None
        return
    media = folder.path / "media"
    media.mkdir(exist_ok=True)
    worker = Worker()
    try:
        log = folder.path / "rewards.jsonl"
        yield SceneReward(worker, media, workers=os.cpu_count() or 1, log=log)
    finally:
        worker.close()
