"""The kernel's variables that a cell names with ``--with``.

Runs in the user's kernel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shaperotator_magic.core.errors import VariableError
from shaperotator_magic.core.options import read_variable_names
from shaperotator_magic.core.records import Generation, Prompt


def pick_variables(text: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that ``A,df`` names, in that order.

    Raises
    ------
    VariableError
        One of them is not there.
    """
    names = read_variable_names(text or "")
    for name in names:
        if name not in variables:
            raise VariableError(
                f"There is no variable {name!r} in this kernel.",
                hint=f"Run the cell that defines {name}, or take it out of --with.",
                name=name,
            )
    return {name: variables[name] for name in names}


def list_names(prompt: Prompt) -> str:
    """Return the names of a prompt's variables, as ``--with`` takes them."""
    return ",".join(variable.name for variable in prompt.variables)


def describe_sent_values(generation: Generation) -> list[str]:
    """Return a sentence on the values that were sent to a model; none where none was."""
    options = generation.prompt.options
    sent = [variable for variable in generation.prompt.variables if variable.value]
    if not sent or options.offline or not options.model:
        return []
    sizes = ", ".join(
        f"{row.name} ({len(row.value)} of {row.value_chars} characters)"
        if len(row.value) < row.value_chars
        else f"{row.name} ({row.value_chars} characters)"
        for row in sent
    )
    return [f"Values were sent to {options.model} (--send-values): {sizes}."]
