"""Merges an adapter into its base, so that any server can load the result.

Runs in a command's process.
"""

from __future__ import annotations

import shutil
from uuid import uuid4

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.learning.training.bases import find_base, load_model, load_tokenizer
from shaperotator_magic.learning.training.machine import Machine, explaining
from shaperotator_magic.learning.training.run_folder import RunFolder

__all__ = ["merge"]

MOST_NEW_TOKENS = 4096  # servers stop at a thousand where the model says nothing


def merge(folder: RunFolder, machine: Machine) -> None:
    """Write the whole weights of a finished run, unless they are there.

    Raises
    ------
    ConfigurationError
        The run is not finished, or its base is gone.
    """
    state = folder.read()
    if folder.model.is_dir():
        return
    if state["status"] != "done" or not folder.adapter.is_dir():
        raise ConfigurationError(
            f"The run in {folder.path} is not finished.",
            hint="Go on with the command that began it.",
        )
    unfinished = folder.path / f".{uuid4().hex}.unfinished"
    try:
        with explaining(folder.path):
            _write(folder, find_base(state["plan"]["base"]), machine, unfinished)
        unfinished.replace(folder.model)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write(folder: RunFolder, base: str, machine: Machine, target: object) -> None:
    from peft import PeftModel

    # Rounded once, from the base's own weights: not from those in 4 bits.
    whole = load_model(base, machine, is_quantised=False)
    model = PeftModel.from_pretrained(whole, str(folder.adapter)).merge_and_unload()
    model.generation_config.max_new_tokens = MOST_NEW_TOKENS
    model.save_pretrained(str(target))
    load_tokenizer(base).save_pretrained(str(target))
