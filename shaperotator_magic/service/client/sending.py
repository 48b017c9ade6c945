"""What of a prompt is sent to a service elsewhere, and what cannot be.

Runs in the service's web process.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Options, Prompt
from shaperotator_magic.core.styles.finding import BUILT_IN
from shaperotator_magic.core.styles.pack import StylePack
from shaperotator_magic.rendering.caching.input_store import InputStore
from shaperotator_magic.service.bodies import LARGEST_UPLOAD_BYTES

_SENT = (
    "quality", "resolution", "fps", "name", "math", "offline", "model", "attempts", "timeout_s",
    "still", "code_only", "seed", "style",
)  # fmt: skip


def refuse_local_matters(
    prompt: Prompt, variables: Mapping[str, Any], style: StylePack | None
) -> None:
    """Refuse what stays on this machine.

    Raises
    ------
    ConfigurationError
        Names it.
    """
    options = prompt.options
    matters = {
        "--with: variables stay in this kernel": variables,
        "--renderer kernel": options.renderer == "kernel",
        "manim's own flags": options.manim_args,
        "--refine": prompt.parent,
        "--like: its results are not these": options.like,
        "--examples: the folder is on this machine": options.examples,
        "--base-url: the service has its own": options.base_url,
        "a --style of this machine": style is not None and style.name not in BUILT_IN,
    }
    refused = [matter for matter, is_given in matters.items() if is_given]
    if refused:
        raise ConfigurationError(
            f"A service elsewhere does not take {refused[0]}.",
            hint="Leave it out, or leave out --remote (and unset SHAPEROTATOR_REMOTE).",
            setting="remote",
        )


def pick_options(options: Options) -> dict[str, Any]:
    """Return the options that differ from the default ones, as the body of a request."""
    default = Options()
    given = {name: getattr(options, name) for name in _SENT}
    picked = {name: value for name, value in given.items() if value != getattr(default, name)}
    switched_off = {"no_cache": not options.cache, "no_live": not options.live}
    return picked | {name: True for name, is_off in switched_off.items() if is_off}


def load_inputs(prompt: Prompt, media_dir: Path) -> Prompt:
    """Return a prompt with the contents of its files, for a service.

    Raises
    ------
    ConfigurationError
        They are larger than a service takes.
    """
    if sum(given.size_bytes for given in prompt.inputs) > LARGEST_UPLOAD_BYTES:
        raise ConfigurationError(
            f"A service takes files of at most {LARGEST_UPLOAD_BYTES / 1e6:.1f} MB together.",
            hint="Make the pictures smaller, thin out the table, or leave out --remote.",
            setting="inputs",
        )
    stored = InputStore(media_dir)
    return prompt.model_copy(update={"inputs": tuple(map(stored.load, prompt.inputs))})
