"""Files of a body: checked, and put into a task's prompt; they are no part of its answers.

Runs in the service's web process.
"""

from __future__ import annotations

from typing import Any

from shaperotator_magic.checking.inputs.reading import check_sent
from shaperotator_magic.core.errors import InvalidRequestError
from shaperotator_magic.core.records import Generation
from shaperotator_magic.service.bodies import LARGEST_UPLOAD_BYTES, LONGEST_UPLOAD, GenerateBody


def take_inputs(body: GenerateBody, parent: Generation | None) -> dict[str, Any]:
    """Return the fields of a prompt that hold its files; those of the parent where none came.

    Raises
    ------
    InvalidRequestError
        They are too large together, or none of them can be used.
    """
    if not body.inputs:
        return {"inputs": parent.prompt.inputs if parent else ()}
    if sum(len(given.content) for given in body.inputs) > LONGEST_UPLOAD:
        raise InvalidRequestError(
            f"The files have more than {LARGEST_UPLOAD_BYTES / 1e6:.1f} MB together.",
            hint="Send smaller pictures, or fewer rows.",
            fields=["inputs"],
        )
    inputs, refused = check_sent((given.name, given.content) for given in body.inputs)
    if not inputs:
        raise InvalidRequestError(refused[0], hint=" ".join(refused[1:]), fields=["inputs"])
    return {"inputs": inputs, "inputs_refused": refused}


def strip_contents(generation: Generation) -> dict[str, Any]:
    """Return a run without the contents of its files: who reads it has sent them."""
    found = generation.model_dump(mode="json")
    for given in found["prompt"]["inputs"]:
        given["content"] = ""
    return found
