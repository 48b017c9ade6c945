"""The folder of one fine-tuning run: its plan, its log, its checkpoints, and what came out.

    run.json      plan, versions, digest of the dataset, figures, how it stands
    log.jsonl     a line for every logged step
    checkpoints/  what a stopped run goes on from; deleted when it is done
    adapter/      the trained adapter, where one was trained
    model/        whole weights: trained so, or merged
    README.md     the model card

Runs in a command's process.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shaperotator_magic.core.atomic_files import make_output_folder, write_output
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.learning.training.plan import Plan

__all__ = ["RunFolder"]

_STATE = "trainer_state.json"  # what Transformers writes last into a checkpoint


@dataclass(frozen=True)
class RunFolder:
    """One run's folder; ``path`` is the folder that the user named."""

    path: Path

    @property
    def adapter(self) -> Path:
        """Where the adapter lies."""
        return self.path / "adapter"

    @property
    def model(self) -> Path:
        """Where whole weights lie."""
        return self.path / "model"

    @property
    def checkpoints(self) -> Path:
        """Where the trainer puts its checkpoints."""
        return self.path / "checkpoints"

    @property
    def log(self) -> Path:
        """The log's file."""
        return self.path / "log.jsonl"

    @property
    def is_run(self) -> bool:
        """Whether there is a run in it."""
        return (self.path / "run.json").is_file()

    def begin(self, plan: Plan, digest: str, versions: dict[str, str]) -> None:
        """Write the plan; where a run is here, check that it is the same.

        Raises
        ------
        ConfigurationError
            Another run is here, or something else.
        """
        make_output_folder(self.path)
        if not self.is_run:
            if any(self.path.iterdir()):
                raise ConfigurationError(
                    f"{self.path} is not empty, and holds no run of 'shaperotator train'.",
                    hint="Name another folder with -o.",
                )
            self.write(plan=plan.as_dict(), dataset=digest, versions=versions, status="begun")
            return
        before = self.read()
        changed = [k for k, v in plan.as_dict().items() if before["plan"].get(k, v) != v]
        if before["dataset"] != digest:
            changed.append("the rows of the dataset")
        if changed:
            raise ConfigurationError(
                f"{self.path} holds a run that differs in {', '.join(changed)}.",
                hint="Name another folder with -o, or go on with the command that began it.",
            )

    def read(self) -> dict[str, Any]:
        """Return what run.json holds.

        Raises
        ------
        ConfigurationError
            There is none, or it cannot be read.
        """
        try:
            found = json.loads((self.path / "run.json").read_text(encoding="utf-8"))
            if not isinstance(found["plan"], dict):
                raise TypeError(found)
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise ConfigurationError(
                f"{self.path} holds no run of 'shaperotator train'.",
                hint="'shaperotator train DIR --base MODEL -o OUT' makes one.",
            ) from exc
        return dict(found)

    def write(self, **facts: Any) -> None:
        """Add facts to run.json."""
        known = self.read() if self.is_run else {}
        write_output(self.path / "run.json", json.dumps({**known, **facts}, indent=1) + "\n")

    def find_checkpoint(self) -> Path | None:
        """Return the last whole checkpoint; those that were cut off are deleted."""
        found = sorted(self.checkpoints.glob("checkpoint-*"), key=_read_step, reverse=True)
        for checkpoint in found:
            if _is_whole(checkpoint):
                return checkpoint
            shutil.rmtree(checkpoint)
        return None

    def append_log(self, row: dict[str, Any]) -> None:
        """Add a line to the log."""
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def read_log(self) -> list[dict[str, Any]]:
        """Return the log's rows: of a step that was taken twice, the later ones."""
        if not self.log.is_file():
            return []
        rows: dict[tuple[int, bool], dict[str, Any]] = {}
        for line in self.log.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue  # the line was cut off when the machine stopped
            rows[int(row["step"]), "eval_loss" in row] = row
        return [rows[key] for key in sorted(rows)]


def _read_step(checkpoint: Path) -> int:
    number = checkpoint.name.rpartition("-")[2]
    return int(number) if number.isdigit() else -1


def _is_whole(checkpoint: Path) -> bool:
    try:
        state = json.loads((checkpoint / _STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(state, dict)
