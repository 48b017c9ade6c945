"""What this machine can train, and what is said where it cannot.

Runs in a command's process.
"""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from shaperotator_magic.core.errors import ConfigurationError, ShapeRotatorError
from shaperotator_magic.learning.training.plan import LARGEST_ON_CPU, Plan

__all__ = ["Machine", "check_packages", "check_room", "check_size", "explaining", "probe_machine"]

_PACKAGES = ("torch", "transformers", "datasets", "accelerate", "peft", "trl")
_GB = 1e9
_NO_ROOM_BYTES = 50_000_000


@dataclass(frozen=True)
class Machine:
    """What computes: ``gpu`` is its name, empty where there is none."""

    gpu: str = ""
    memory_gb: float = 0.0
    has_bfloat16: bool = False

    @property
    def has_gpu(self) -> bool:
        """Whether there is a GPU."""
        return bool(self.gpu)


def check_packages() -> None:
    """Refuse to begin without the packages of the extra.

    Raises
    ------
    ConfigurationError
        Names what is missing, and how it is installed.
    """
    missing = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            f"Fine-tuning needs {', '.join(missing)}.",
            hint='Install them with: pip install "shaperotator-magic[train]"',
            setting="train",
        )


def list_versions() -> dict[str, str]:
    """Return the versions that a run depends on."""
    found = {}
    for name in ("shaperotator-magic", "manim", *_PACKAGES):
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def probe_machine() -> Machine:
    """Return what computes here."""
    import torch

    if torch.cuda.is_available():
        facts = torch.cuda.get_device_properties(0)
        has_bfloat16 = bool(torch.cuda.is_bf16_supported())
        return Machine(str(facts.name), facts.total_memory / _GB, has_bfloat16)
    return Machine()


def check_size(plan: Plan, machine: Machine, parameters: int, *, is_forced: bool) -> None:
    """Refuse what would take this machine days.

    Raises
    ------
    ConfigurationError
        No GPU is here, and the model is no tiny one.
    """
    if machine.has_gpu or is_forced or parameters <= LARGEST_ON_CPU:
        return
    raise ConfigurationError(
        f"No GPU is to be seen here, and {plan.base} has {parameters / 1e9:.1f} billion "
        "parameters: on a processor that takes days.",
        hint="Use a machine with a GPU (24 GB do for 8 billion), or a tiny --base; --cpu does it "
        "all the same.",
        setting="base",
    )


def check_room(plan: Plan, folder: Path, parameters: int, *, has_merge: bool) -> None:
    """Refuse to begin where the disk has no room for checkpoints and weights.

    Raises
    ------
    ConfigurationError
        Says how much there is, and how much it takes.
    """
    needed, free = estimate_bytes(plan, parameters, has_merge=has_merge), _find_free(folder)
    if free < needed:
        raise ConfigurationError(
            f"The disk of {folder} has {free / _GB:.1f} GB free, and this run takes about "
            f"{needed / _GB:.1f} GB.",
            hint="Make room, or name a folder on another disk with -o.",
        )


def estimate_bytes(plan: Plan, parameters: int, *, has_merge: bool) -> float:
    """Return about what a run writes: two checkpoints with Adam's moments, and the weights."""
    # An adapter of rank 32 on every linear layer is about a hundredth of an 8B model.
    trained = parameters if plan.is_whole else parameters * plan.rank / 32 * 0.02
    checkpoint = trained * 4 * 3
    whole = parameters * (4 if plan.is_whole else 2) if has_merge or plan.is_whole else 0
    return 3 * checkpoint + whole + _NO_ROOM_BYTES


def _find_free(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


@contextlib.contextmanager
def explaining(folder: Path) -> Iterator[None]:
    """Say in a sentence what stops a training, and that the same command goes on.

    Raises
    ------
    ShapeRotatorError
        The disk or the memory is full.
    """
    try:
        yield
    except ShapeRotatorError:
        raise
    except Exception as exc:
        if "No space left" in str(exc) or _find_free(folder) < _NO_ROOM_BYTES:
            raise ShapeRotatorError(
                f"The disk of {folder} is full.",
                hint="Make room: the same command goes on from the last whole checkpoint.",
            ) from exc
        if isinstance(exc, MemoryError) or type(exc).__name__ == "OutOfMemoryError":
            raise ShapeRotatorError(
                "The memory is full.",
                hint="Take fewer or shorter rows at once, into a new folder: --at-once 1, "
                "--longest 2048.",
            ) from exc
        raise
