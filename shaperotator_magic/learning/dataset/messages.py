"""What a tuned model reads and answers: one short system text, a sentence, one block of code.

Training, serving and measuring take them from here, so that a tuned model always sees the same.
Pure.

Runs in a command's process.
"""

from __future__ import annotations

from collections.abc import Sequence

from shaperotator_magic.core.records import Finding
from shaperotator_magic.writing.model.language_model import Message
from shaperotator_magic.writing.model.prompts import build_repair_messages

__all__ = ["SYSTEM", "build_prompt", "build_refinement", "build_repair", "wrap_code"]

SYSTEM = (
    "You write animations for Manim Community. Answer with one Python code block that holds one "
    "complete file with one scene class."
)
"""The whole system text of a tuned model: what the long prompt asks for is in its weights."""


def build_prompt(text: str) -> list[Message]:
    """Return the messages that ask for a first draft."""
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": text}]


def build_refinement(text: str, source: str, change: str) -> list[Message]:
    """Return the messages that ask to change a scene."""
    return [
        *build_prompt(text),
        {"role": "assistant", "content": wrap_code(source)},
        {"role": "user", "content": change},
    ]


def build_repair(text: str, source: str, findings: Sequence[Finding]) -> list[Message]:
    """Return the messages that ask to mend a scene, as the pipeline sends them."""
    return build_repair_messages(
        build_prompt(text), reply=wrap_code(source), findings=findings, source=source
    )


def wrap_code(source: str) -> str:
    """Return a reply that holds a scene, as ``extract_scene`` reads it."""
    return f"```python\n{source.strip()}\n```"
