"""Finds the base of a run, and loads it: a folder, one of our own runs, or a name on the hub.

Runs in a command's process.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.learning.training.machine import Machine
from shaperotator_magic.learning.training.run_folder import RunFolder

__all__ = ["count_parameters", "find_base", "keep_quiet", "load_model", "load_tokenizer"]


def find_base(name: str) -> str:
    """Return what Transformers loads for the name of a base.

    Raises
    ------
    ConfigurationError
        It is a path, and no model is there.
    """
    path = Path(name).expanduser()
    run = RunFolder(path)
    if run.is_run:
        if not run.model.is_dir():
            raise ConfigurationError(
                f"{name} holds an adapter and no whole weights.",
                hint=f"Merge them first: shaperotator train --merge -o {name}",
                setting="base",
            )
        return str(run.model)
    if path.is_dir():
        if not (path / "config.json").is_file():
            raise _build_missing(name, "the folder has no config.json")
        return str(path)
    # A name on the hub is MODEL or MAKER/MODEL.
    if path.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise _build_missing(name, "there is no such folder")
    return name


def _build_missing(name: str, reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"There is no model at {name}: {reason}.",
        hint="Name a folder of a model, a run of 'shaperotator train', a name on Hugging Face such "
        "as Qwen/Qwen2.5-Coder-1.5B-Instruct, or 'tiny'.",
        setting="base",
    )


@contextlib.contextmanager
def _finding(name: str) -> Iterator[None]:
    """Say in a sentence that there is no such model, or that it cannot be read."""
    try:
        yield
    except (OSError, ValueError) as exc:
        if "No space left" in str(exc):
            raise
        first = next((line for line in str(exc).splitlines() if line.strip()), type(exc).__name__)
        is_away = any(word in str(exc) for word in ("connect", "Connection", "offline", "resolve"))
        reason = "no such folder, and the hub cannot be reached" if is_away else first[:200]
        raise _build_missing(name, reason) from exc


def count_parameters(base: str) -> int:
    """Return how many numbers a model has, without loading them."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    with _finding(base):
        config = AutoConfig.from_pretrained(base)
        with torch.device("meta"):
            model = AutoModelForCausalLM.from_config(config)
    return sum(weights.numel() for weights in model.parameters())


def load_tokenizer(base: str) -> Any:
    """Return a base's tokenizer; it must know how a conversation is written."""
    from transformers import AutoTokenizer

    with _finding(base):
        tokenizer = AutoTokenizer.from_pretrained(base)
    if not tokenizer.chat_template:
        raise ConfigurationError(
            f"The tokenizer of {base} has no chat template.",
            hint="Take the model's variant for conversations, often called Instruct or Chat.",
            setting="base",
        )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_model(base: str, machine: Machine, *, is_quantised: bool) -> Any:
    """Return a base's weights, in 4 bits where they are to be quantised."""
    import torch
    from transformers import AutoModelForCausalLM

    kind = torch.bfloat16 if machine.has_bfloat16 else torch.float32
    more: dict[str, Any] = {"device_map": {"": 0}} if machine.has_gpu else {}
    if is_quantised:
        more["quantization_config"] = _quantise(kind)
    with _finding(base):
        return AutoModelForCausalLM.from_pretrained(base, dtype=kind, **more)


def _quantise(kind: Any) -> Any:
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_compute_dtype=kind,
        bnb_4bit_use_double_quant=True,
    )


def keep_quiet() -> None:
    """Keep progress bars and advice of the libraries off the terminal; to be called first."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    warnings.filterwarnings("ignore", category=FutureWarning)  # of the libraries to each other
    import datasets
    from transformers.utils import logging

    datasets.disable_progress_bars()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
