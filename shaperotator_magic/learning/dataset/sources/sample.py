"""A sample: a request, the code that answers it, and where both are from. Pure.

Runs in a command's process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from shaperotator_magic.core.records import SceneCode
from shaperotator_magic.writing.model.language_model import Message

Form = Literal["sft", "repair", "preference", "verdict"]
Source = Literal["library", "store", "refinement", "repair", "conversion"]

OWN_LICENCE = "MIT (shaperotator-magic)"
USERS_LICENCE = "the user's own"


@dataclass(frozen=True)
class Sample:
    """What may become a row.

    ``prompt`` is the conversation up to the answer; ``code`` is the answer, of a preference the
    better one. ``rejected`` is a worse answer to the same prompt, ``flaw`` what is wrong with it
    or with the code that is repaired. ``subject`` decides on which side of the split it is.
    ``asked`` is what a person typed, ``values`` what that gives parameters. ``is_liked`` is the
    verdict of a person; ``is_own`` says that it is of the store, and needs that person's yes.
    """

    form: Form
    prompt: tuple[Message, ...]
    code: SceneCode
    subject: str
    source: Source
    asked: str
    rejected: SceneCode | None = None
    flaw: str = ""
    licence: str = OWN_LICENCE
    model: str = ""
    is_liked: bool = True
    is_own: bool = False
    values: dict[str, Any] = field(default_factory=dict)
