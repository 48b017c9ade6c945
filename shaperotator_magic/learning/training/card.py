"""The model card of a run: what it was trained on, how, and the figures. Pure.

Runs in a command's process.
"""

from __future__ import annotations

from typing import Any

__all__ = ["build_card", "summarise_log"]

_NAMES = {
    "sft": "supervised fine-tuning (SFT)",
    "dpo": "preferences (DPO)",
    "kto": "verdicts (KTO)",
    "grpo": "the renderer's rehearsal as reward (GRPO)",
}


def summarise_log(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures that a log gives: losses at the beginning, the best, and the last."""
    figures: dict[str, Any] = {}
    losses = [row for row in rows if "loss" in row]
    if losses:
        figures |= {"steps": losses[-1]["step"], "loss_first": losses[0]["loss"]}
        figures["loss_last"] = losses[-1]["loss"]
    held = [(row["eval_loss"], row["step"]) for row in rows if "eval_loss" in row]
    if held:
        best, step = min(held)
        figures |= {"held_out_first": held[0][0], "held_out_best": best, "held_out_best_step": step}
        figures["held_out_last"] = held[-1][0]
    rewards = [row["reward"] for row in rows if "reward" in row]
    if rewards:
        part = max(1, len(rewards) // 4)
        figures["reward_first_quarter"] = sum(rewards[:part]) / part
        figures["reward_last_quarter"] = sum(rewards[-part:]) / part
    return figures


def build_card(state: dict[str, Any], name: str) -> str:
    """Return the card of a finished run, in Markdown with Hugging Face's header.

    Parameters
    ----------
    state
        What run.json holds.
    name
        What the model is called.
    """
    plan, figures = state["plan"], state["figures"]
    return "\n".join(
        [
            "---",
            *_build_header(plan),
            "---",
            "",
            f"# {name}",
            "",
            f"{_describe_base(plan)}, trained by {_NAMES[plan['method']]} to write scenes for "
            "Manim Community with [shaperotator-magic](https://pypi.org/project/shaperotator-magic/).",
            "",
            "The loss is that of the answers alone; rows of other subjects were held out. "
            + _judge(figures),
            "",
            "| figure | value |",
            "| --- | --- |",
            *(f"| {label} | {value} |" for label, value in _list_figures(plan, figures)),
            "",
            "It says nothing of the pictures: measure with `shaperotator eval PROMPTS --compare`, "
            "and by eye with `shaperotator grade`. What it may be used for follows from the "
            "licences of the base and of the rows, which the dataset's card lists.",
            "",
            f"Dataset: SHA-256 `{state['dataset'][:16]}`. Versions: "
            + ", ".join(f"{package} {number}" for package, number in state["versions"].items())
            + ".",
            "",
        ]
    )


def _build_header(plan: dict[str, Any]) -> list[str]:
    is_known = "/" in plan["base"] and plan["base"].count("/") == 1 and plan["base"][0] not in "./~"
    base = [f"base_model: {plan['base']}"] if is_known else []
    library = "transformers" if plan["rank"] == 0 else "peft"
    return [*base, f"library_name: {library}", "pipeline_tag: text-generation", "tags:",
            "- manim", "- shaperotator-magic", f"- {plan['method']}"]  # fmt: skip


def _describe_base(plan: dict[str, Any]) -> str:
    if plan["base"] == "tiny":
        return (
            "A few million weights that began at random (for trying the way: what they write is "
            "worth nothing)"
        )
    kind = "all weights" if plan["rank"] == 0 else f"an adapter of rank {plan['rank']}"
    more = " on 4-bit weights" if plan["is_quantised"] and plan["rank"] else ""
    return f"{plan['base']}: {kind}{more}"


def _judge(figures: dict[str, Any]) -> str:
    """Say whether the held-out loss fell, and whether the training went past its best."""
    if "held_out_best" not in figures:
        return ""
    first, best, last = (figures[f"held_out_{name}"] for name in ("first", "best", "last"))
    if best >= first:
        return "**The loss of the held-out rows did not fall: this training did not help.**"
    said = f"Their loss fell by {1 - best / first:.0%}."
    if last > best:
        said += f" It rose after step {figures['held_out_best_step']}, whose weights these are."
    return said


def _list_figures(plan: dict[str, Any], figures: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [
        ("rows, of subjects", _join(figures, "rows", "subjects")),
        ("rows held out", _show(figures.get("rows_held_out"))),
        ("rows left out, too long", _show(figures.get("rows_too_long"))),
        ("tokens of one pass over the rows", _show(figures.get("tokens"))),
        ("steps taken, planned", _join(figures, "steps", "steps_planned")),
        ("parameters, trained of all", _join(figures, "trained_parameters", "parameters")),
        ("rate, batch", f"{plan['rate']:g}, {plan['batch']}"),
        ("loss, first and last step", _join(figures, "loss_first", "loss_last")),
        (
            "held-out loss before, best, last",
            _join(figures, "held_out_first", "held_out_best", "held_out_last"),
        ),
        (
            "reward, first and last quarter",
            _join(figures, "reward_first_quarter", "reward_last_quarter"),
        ),
    ]
    return [(label, value) for label, value in rows if value]


def _join(figures: dict[str, Any], *names: str) -> str:
    values = [_show(figures.get(name)) for name in names]
    return ", ".join(values) if all(values) else ""


def _show(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"
