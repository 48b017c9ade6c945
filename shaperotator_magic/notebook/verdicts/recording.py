"""A person's verdict on a result, by a button or a line magic: stored, shown, undone.

Runs in the user's kernel.
"""

from __future__ import annotations

from typing import Any, Protocol

from shaperotator_magic.core.errors import ConfigurationError, GenerationNotFoundError
from shaperotator_magic.core.records import FeedbackRecord, Generation
from shaperotator_magic.notebook.card.display import ResultDisplay
from shaperotator_magic.notebook.card.removed import build_removed
from shaperotator_magic.notebook.verdicts.removals import Removals
from shaperotator_magic.pipeline.pipeline import Pipeline


class FeedbackTaker(Protocol):
    """What a verdict needs of the session: its results, and the pages that show them."""

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline, with the store of all runs."""

    @property
    def removals(self) -> Removals:
        """The removed results that can be brought back."""

    @property
    def kernel_id(self) -> str:
        """The kernel whose buttons may act; empty: none."""

    def tell(self, message: dict[str, Any]) -> None:
        """Send every page something that it has not asked for."""

    def find_display(self, generation_id: str) -> ResultDisplay | None:
        """Return the output that shows a run in this kernel."""

    def build_bundle(self, generation: Generation) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the card of a run as data and metadata."""


def record_feedback(
    session: FeedbackTaker, feedback: FeedbackRecord, *, is_final: bool = False
) -> dict[str, Any]:
    """Keep a verdict, show it on every page, and return what the pages are told.

    Parameters
    ----------
    is_final
        A removed result's file is deleted at once, and not when the kernel ends.

    Raises
    ------
    ConfigurationError
        A verdict on a run that has no result.
    """
    pipeline = session.pipeline
    generation = pipeline.store.read_generation(feedback.generation_id)
    if feedback.is_positive is not None and generation.status != "completed":
        raise ConfigurationError(
            f"{describe(generation)} has {generation.status}: there is nothing to judge.",
            hint="Run it again, or take it away with %shaperotate remove.",
        )
    pipeline.record_feedback(feedback)
    told = build_recorded(feedback)
    if feedback.remove:
        told["data"] = _remove(session, generation, is_final=is_final)
    session.tell(told)
    return told


def _remove(session: FeedbackTaker, generation: Generation, *, is_final: bool) -> dict[str, Any]:
    """Take a result away and return the data of what is left of it."""
    if is_final:
        session.removals.forget(generation.generation_id)
        session.pipeline.delete_video(generation)
    else:
        video = generation.video
        is_wanted = video is not None and session.pipeline.store.is_video_wanted(video.sha256)
        session.removals.put_away(generation, is_wanted=is_wanted)
    display = session.find_display(generation.generation_id)
    data = build_removed(
        generation.generation_id,
        generation.title,
        kernel_id=session.kernel_id,
        is_final=is_final,
    )
    if display is not None:
        display.show(data, {})
    return data


def restore(session: FeedbackTaker, generation_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Bring a removed result back, and return its card as data and metadata.

    Pages are told that it is back, and ask for the card where they do not know its output.

    Raises
    ------
    GenerationNotFoundError
        It was not removed by this kernel, or its file is deleted.
    """
    generation = session.pipeline.store.read_generation(generation_id)
    generation_id = generation.generation_id
    if not session.removals.can_restore(generation_id):
        raise GenerationNotFoundError(
            f"{describe(generation)} cannot be brought back: it was not removed by this kernel, "
            "or its video is deleted.",
            hint="Running its cell again makes it anew.",
            generation_id=generation_id,
        )
    session.removals.restore(generation_id)
    session.pipeline.store.withdraw_removal(generation_id)
    data, metadata = session.build_bundle(generation)
    display = session.find_display(generation_id)
    if display is not None:
        display.show(data, metadata)
    session.tell({"kind": "restored", "generation_id": generation_id})
    return data, metadata


def build_recorded(feedback: FeedbackRecord) -> dict[str, Any]:
    """Return the message on a verdict that every page gets."""
    return {
        "kind": "recorded",
        "generation_id": feedback.generation_id,
        "is_positive": feedback.is_positive,
        "remove": feedback.remove,
        "has_comment": bool(feedback.comment),
    }


def describe(generation: Generation) -> str:
    """Return a result as people know it: its identifier and what was asked."""
    return f"{generation.generation_id} ({generation.title})"
