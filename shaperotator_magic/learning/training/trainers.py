"""One fine-tuning run with TRL: SFT, DPO, KTO or GRPO, of an adapter or of all weights.

Runs in a command's process.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shaperotator_magic.core.errors import ConfigurationError, ShapeRotatorError
from shaperotator_magic.learning.training.bases import load_model, load_tokenizer
from shaperotator_magic.learning.training.machine import Machine
from shaperotator_magic.learning.training.plan import Plan, count_accumulated, count_steps
from shaperotator_magic.learning.training.rows import Rows
from shaperotator_magic.learning.training.run_folder import RunFolder

__all__ = ["OnLogged", "Work", "train"]

OnLogged = Callable[[dict[str, Any]], None]
"""Called with every line of the log."""
Reward = Callable[..., list[float]]
Row = dict[str, Any]
_EVALUATIONS, _FEWEST_STEPS = 10, 5
_ALIKE = "group_by_length"
_MOST_HELD_OUT = 100  # they are measured ten times
_TEXTS = {
    "sft": (("prompt", "completion"),),
    "dpo": (("prompt", "chosen"), ("prompt", "rejected")),
    "kto": (("prompt", "completion"),),
    "grpo": (("prompt",),),
}


@dataclass(frozen=True)
class Work:
    """What a run works with."""

    plan: Plan
    rows: Rows
    folder: RunFolder
    machine: Machine
    on_logged: OnLogged


def train(work: Work, base: str, reward: Reward | None) -> dict[str, Any]:
    """Train to the end, or go on to it; write the weights, and return the figures.

    Raises
    ------
    ShapeRotatorError
        The loss is not a number any more, or no row is short enough.
    """
    tokenizer = load_tokenizer(base)
    fitting, figures = _measure_rows(work, tokenizer)
    trainer = _build_trainer(work, fitting, tokenizer, base, reward)
    trained = sum(w.numel() for w in trainer.model.parameters() if w.requires_grad)
    figures |= {"trained_parameters": trained, "steps_planned": trainer.args.max_steps}
    checkpoint = work.folder.find_checkpoint()
    if checkpoint is None and fitting.test and work.plan.method != "grpo":
        before = trainer.evaluate()["eval_loss"]
        work.folder.append_log({"step": 0, "eval_loss": before})
    began = time.monotonic()
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    seconds = time.monotonic() - began
    _check_loss(work.folder, trainer)
    target = work.folder.model if work.plan.is_whole else work.folder.adapter
    if work.plan.is_whole:
        trainer.model.generation_config.max_new_tokens = work.plan.longest
    trainer.save_model(str(target))
    tokenizer.save_pretrained(str(target))
    return {**figures, "seconds_of_last_start": round(seconds, 1)}


# --- rows -----------------------------------------------------------------------------


def _measure_rows(work: Work, tokenizer: Any) -> tuple[Rows, dict[str, Any]]:
    """Leave out rows that are too long: a scene that is cut off teaches to stop in the middle."""
    train, tokens = _fit(work.plan, tokenizer, work.rows.train)
    test, _ = _fit(work.plan, tokenizer, work.rows.test)
    test = choose_evenly(test, _MOST_HELD_OUT)
    if not train:
        raise ConfigurationError(
            f"All rows are longer than {work.plan.longest} tokens.", hint="Raise --longest."
        )
    figures = {
        "rows": len(train),
        "rows_too_long": len(work.rows.train) - len(train),
        "rows_held_out": len(test),
        "subjects": work.rows.subjects,
        "tokens": sum(tokens),
        "tokens_longest_row": max(tokens),
    }
    return Rows(train, test, work.rows.digest), figures


def _fit(plan: Plan, tokenizer: Any, rows: list[Row]) -> tuple[list[Row], list[int]]:
    counted = [(row, _count_tokens(plan.method, tokenizer, row)) for row in rows]
    kept = [(row, count) for row, count in counted if count <= plan.longest]
    return [row for row, _ in kept], [count for _, count in kept]


def choose_evenly(rows: list[Row], most: int) -> list[Row]:
    """Return at most so many rows, from all over the list: it is sorted by subject."""
    if len(rows) <= most:
        return rows
    return [rows[number * len(rows) // most] for number in range(most)]


def _count_tokens(method: str, tokenizer: Any, row: Row) -> int:
    texts = ([m for name in names for m in row[name]] for names in _TEXTS[method])
    template = tokenizer.apply_chat_template
    return max(len(template(text, tokenize=True, return_dict=False)) for text in texts)


# --- the trainer ----------------------------------------------------------------------


def _build_trainer(work: Work, rows: Rows, tokenizer: Any, base: str, reward: Reward | None) -> Any:
    import trl
    from datasets import Dataset
    from transformers import PrinterCallback

    plan = work.plan
    names = {"sft": "SFT", "dpo": "DPO", "kto": "KTO", "grpo": "GRPO"}[plan.method]
    config, trainer = getattr(trl, f"{names}Config"), getattr(trl, f"{names}Trainer")
    settings = _build_settings(work, rows) | _SETTINGS[plan.method](plan)
    more: dict[str, Any] = {}
    if plan.method == "grpo":
        more["reward_funcs"] = reward
    elif rows.test:
        more["eval_dataset"] = Dataset.from_list(rows.test)
    if not plan.is_whole:
        more["peft_config"] = _build_adapter(plan)
    built = trainer(
        model=load_model(base, work.machine, is_quantised=plan.is_quantised),
        args=config(**settings),
        train_dataset=Dataset.from_list(rows.train),
        processing_class=tokenizer,
        callbacks=_build_callbacks(work, has_held_out="eval_dataset" in more),
        **more,
    )
    built.remove_callback(PrinterCallback)  # the command prints what it wants of the log
    return built


def _build_settings(work: Work, rows: Rows) -> dict[str, Any]:
    """Return what all trainers are set to."""
    plan, machine = work.plan, work.machine
    steps = count_steps(plan, len(rows.train))
    every = min(steps, max(_FEWEST_STEPS, steps // _EVALUATIONS))
    has_held_out = bool(rows.test) and plan.method != "grpo"
    settings: dict[str, Any] = {
        "output_dir": str(work.folder.checkpoints),
        "max_steps": steps,
        "learning_rate": plan.rate,
        "lr_scheduler_type": "cosine",
        "warmup_steps": max(1, steps // 20),
        "per_device_train_batch_size": plan.at_once,
        "per_device_eval_batch_size": plan.at_once,
        "gradient_accumulation_steps": count_accumulated(plan),
        "gradient_checkpointing": machine.has_gpu,
        "bf16": machine.has_bfloat16,
        "use_cpu": not machine.has_gpu,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,  # a loss that is not a number is not to be hidden
        "save_strategy": "steps",
        "save_steps": every,
        "save_total_limit": 2,
        "seed": plan.seed,
        "report_to": "none",
        "disable_tqdm": True,
        "dataloader_pin_memory": machine.has_gpu,
    }
    if has_held_out:
        settings |= {
            "eval_strategy": "steps",
            "eval_steps": every,
            "load_best_model_at_end": True,
            "metric_for_best_model": "eval_loss",
            "greater_is_better": False,
        }
    return settings


def _build_grpo_settings(plan: Plan) -> dict[str, Any]:
    return {
        "num_generations": plan.group,
        "per_device_train_batch_size": plan.group,
        "gradient_accumulation_steps": max(1, plan.batch // plan.group),
        "max_completion_length": plan.longest_reply,
        "beta": plan.pull,
    }


_SETTINGS: dict[str, Callable[[Plan], dict[str, Any]]] = {
    # Padding is computed, too: rows of about the same length go together.
    "sft": lambda plan: {"max_length": plan.longest, "train_sampling_strategy": _ALIKE},
    "dpo": lambda plan: {"max_length": plan.longest},
    "kto": lambda plan: {"max_length": plan.longest},
    "grpo": _build_grpo_settings,
}


def _build_adapter(plan: Plan) -> Any:
    from peft import LoraConfig

    return LoraConfig(
        r=plan.rank,
        lora_alpha=2 * plan.rank,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )


# --- watching it ----------------------------------------------------------------------


def _build_callbacks(work: Work, *, has_held_out: bool) -> list[Any]:
    from transformers import EarlyStoppingCallback, TrainerCallback

    class Watch(TrainerCallback):
        """Writes the log, and stops before anything is saved once a loss is not a number."""

        def on_log(
            self, args: Any, state: Any, control: Any, logs: dict[str, Any], **more: Any
        ) -> None:
            if not ("loss" in logs or "eval_loss" in logs):
                return
            row = {"step": state.global_step, **logs}
            work.folder.append_log(row)
            work.on_logged(row)
            if find_broken(row):
                control.should_training_stop = True
                control.should_save = control.should_evaluate = False

    early = [EarlyStoppingCallback(work.plan.patience)] if has_held_out else []
    return [Watch(), *early]


def find_broken(row: dict[str, Any]) -> str:
    """Return the name of what is not a number in a line of the log; empty where all is."""
    names = ("loss", "eval_loss", "grad_norm")
    return next((n for n in names if n in row and not math.isfinite(float(row[n]))), "")


def _check_loss(folder: RunFolder, trainer: Any) -> None:
    rows = folder.read_log()
    broken = next((row for row in reversed(rows) if find_broken(row)), None)
    if broken is None or broken["step"] < trainer.state.global_step:
        return
    kept = folder.find_checkpoint()
    where = (
        f"its last checkpoint is of step {kept.name.rpartition('-')[2]}"
        if kept
        else ("it has no checkpoint yet")
    )
    raise ShapeRotatorError(
        f"At step {broken['step']} the {find_broken(broken)} is not a number; {where}.",
        hint="Train into a new folder with a smaller --rate, such as a third of it.",
    )
