"""What a model is sent first, in one run.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from typing import Protocol

from shaperotator_magic.core.errors import FeedbackError
from shaperotator_magic.core.records import Generation, Prompt, SceneCode
from shaperotator_magic.core.styles.pack import StylePack
from shaperotator_magic.pipeline.collaborators import Collaborators
from shaperotator_magic.pipeline.history import list_liked, list_prompts
from shaperotator_magic.rendering.worker.environment import has_latex
from shaperotator_magic.writing.examples import choose_examples
from shaperotator_magic.writing.kit.kit import describe_kit
from shaperotator_magic.writing.model.language_model import Message
from shaperotator_magic.writing.model.prompts import build_messages
from shaperotator_magic.writing.model.refining import build_refinement


class Asking(Protocol):
    """What is read of a run."""

    prompt: Prompt
    collaborators: Collaborators
    earlier: Generation | None

    @property
    def style(self) -> StylePack | None:
        """The pack that the options name."""


def begin_conversation(run: Asking, before: SceneCode | None, *, has_kit: bool) -> list[Message]:
    """Return the messages that ask for a scene, or for a change of the one ``before``."""
    prompt, collaborators = run.prompt, run.collaborators
    # Formulas need LaTeX only with ``--math latex``.
    has_formulas = prompt.options.math != "latex" or has_latex()
    try:
        liked = list_liked(collaborators.store)
    except FeedbackError:
        liked = []  # the end of the run reports that the store cannot be used
    examples = choose_examples(
        collaborators.load_library(), prompt.text, prompt.options.model or "", liked
    )
    messages = build_messages(
        prompt,
        has_latex=has_formulas,
        examples=examples,
        kit=describe_kit() if has_kit else "",
        style=run.style,
    )
    if before is None:
        return messages
    earlier = list_prompts(collaborators.store, run.earlier)
    return build_refinement(messages[0], earlier, before, messages[-1]["content"])
