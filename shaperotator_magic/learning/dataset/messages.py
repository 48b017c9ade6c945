"""What a tuned model reads and answers: one short system text, a sentence, one block of code.

The words are those that the pipeline sends to a tuned model. Pure.

Runs in a command's process.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from shaperotator_magic.core.errors import SceneCodeError
from shaperotator_magic.core.records import Completion, Finding, Origin, SceneCode
from shaperotator_magic.writing.model import refining
from shaperotator_magic.writing.model.extraction import extract_scene
from shaperotator_magic.writing.model.language_model import Message
from shaperotator_magic.writing.model.prompts import TUNED_SYSTEM, build_repair_messages

__all__ = ["build_prompt", "build_refinement", "build_repair", "read_answer", "wrap_code"]

_SYSTEM: Message = {"role": "system", "content": TUNED_SYSTEM}


def build_prompt(text: str) -> list[Message]:
    """Return the messages that ask for a first draft."""
    return [_SYSTEM, {"role": "user", "content": text}]


def build_refinement(text: str, source: str, change: str) -> list[Message]:
    """Return the messages that ask to change a scene, as the pipeline sends them."""
    code = SceneCode(source=source.strip(), scene_name="Scene", origin=Origin(writer="user"))
    return refining.build_refinement(_SYSTEM, [text], code, change)


def build_repair(text: str, source: str, findings: Sequence[Finding]) -> list[Message]:
    """Return the messages that ask to mend a scene, as the pipeline sends them."""
    return build_repair_messages(
        build_prompt(text), reply=wrap_code(source), findings=findings, source=source
    )


def wrap_code(source: str) -> str:
    """Return a reply that holds a scene, as ``extract_scene`` reads it."""
    return f"```python\n{source.strip()}\n```"


@functools.lru_cache(maxsize=4096)  # one scene is the answer to many sentences
def read_answer(text: str) -> SceneCode | None:
    """Return the scene of an answer as the product reads it; None where it holds none."""
    try:
        return extract_scene(Completion(text=text, model="")) if text else None
    except SceneCodeError:
        return None
