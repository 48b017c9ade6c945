"""What one fine-tuning run is to do: its method, its base, and numbers that suit the machine. Pure.

Runs in a command's process.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from shaperotator_magic.core.errors import ConfigurationError

Method = Literal["sft", "dpo", "kto", "grpo"]
METHODS: tuple[str, ...] = get_args(Method)
TINY = "tiny"
"""The base that is no model of anybody's: a few million random weights, for trying the way."""
LARGEST_ON_CPU = 200_000_000
_RATES = {"sft": 2e-4, "dpo": 2e-5, "kto": 2e-5, "grpo": 2e-5}  # of adapters
_WHOLE = 0.1  # all weights are moved more gently than an adapter
_FRESH_RATE = 2e-3  # random weights have nothing to lose


@dataclass(frozen=True)
class Plan:
    """One run. The same plan in the same folder goes on where it stopped.

    ``steps`` is how many there are at most, None as many as ``epochs`` say. ``rank`` is the
    adapter's, 0 trains all weights. ``group`` is how many replies GRPO compares.
    """

    method: Method
    base: str
    data: str
    epochs: float = 2.0
    steps: int | None = None
    rate: float = 2e-4
    batch: int = 16
    at_once: int = 1
    longest: int = 6144
    longest_reply: int = 2048
    rank: int = 32
    group: int = 8
    pull: float = 0.04
    patience: int = 3
    seed: int = 1
    is_quantised: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether all weights are trained, and not an adapter."""
        return self.rank == 0

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)


def build_plan(method: str, base: str, data: Path, *, has_gpu: bool, said: dict[str, Any]) -> Plan:
    """Return the plan with sensible numbers where the user said none.

    For a GPU of 24 GB they fit models of 1.5 to 8 billion parameters; without one, tiny models.

    Raises
    ------
    ConfigurationError
        A number is out of range.
    """
    if method not in METHODS:
        raise ConfigurationError(
            f"There is no method {method!r}.", hint=f"Use {', '.join(METHODS)}."
        )
    given = {name: value for name, value in said.items() if value is not None}
    plan = Plan(method, base, str(data), is_quantised=has_gpu)  # type: ignore[arg-type]
    if not has_gpu:
        plan = replace(plan, batch=8, at_once=4, longest=2048, longest_reply=512, group=4)
    if base == TINY:
        given.setdefault("rank", 0)
    if method != "sft":
        plan = replace(plan, epochs=1.0, at_once=max(1, plan.at_once // 2))
    plan = replace(plan, **given)
    if plan.is_whole:
        plan = replace(plan, is_quantised=False)  # weights in 4 bits cannot be trained
    if "rate" not in given:
        plan = replace(plan, rate=_choose_rate(plan))
    _check(plan)
    return plan


def _choose_rate(plan: Plan) -> float:
    if plan.base == TINY:
        return _FRESH_RATE
    return _RATES[plan.method] * (_WHOLE if plan.is_whole else 1)


def _check(plan: Plan) -> None:
    wrong = [
        (plan.steps is not None and plan.steps < 1, "--steps takes 1 or more."),
        (not 0 < plan.epochs <= 100, "--epochs takes a number above 0, up to 100."),  # noqa: PLR2004
        (not 0 < plan.rate < 1, "--rate takes a number between 0 and 1."),
        (plan.batch < 1 or plan.at_once < 1, "--batch and --at-once take 1 or more."),
        (plan.rank < 0, "--rank takes 0 (all weights) or more."),
        (plan.longest < 64, "--longest takes 64 tokens or more."),  # noqa: PLR2004
        (plan.longest_reply < 16, "--longest-reply takes 16 tokens or more."),  # noqa: PLR2004
        (plan.group < 2, "--group takes 2 replies or more: they are compared."),  # noqa: PLR2004
    ]
    said = [sentence for is_wrong, sentence in wrong if is_wrong]
    if said:
        raise ConfigurationError(said[0], hint="'shaperotator train --help' lists the options.")
    if plan.base == TINY and plan.method != "sft":
        raise ConfigurationError(
            f"Random weights cannot begin with {plan.method.upper()}: they write nothing yet.",
            hint="Train them with --method sft first, and name that folder with --base.",
        )


def count_accumulated(plan: Plan) -> int:
    """Return over how many passes the gradients of one batch are added."""
    return max(1, plan.batch // plan.at_once)


def count_steps(plan: Plan, rows: int) -> int:
    """Return how many steps the plan takes over so many rows."""
    per_epoch = max(1, -(-rows // plan.batch))
    steps = max(1, round(per_epoch * plan.epochs))
    return min(steps, plan.steps) if plan.steps is not None else steps
