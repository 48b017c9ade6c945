"""Queries on earlier runs: the run that a prompt refines, and the results that people liked.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from shaperotator_magic.core.errors import SceneCodeError
from shaperotator_magic.core.records import Generation, Prompt
from shaperotator_magic.keeping.store import Store

_MOST_LIKED = 30


class Prompted(Protocol):
    """A run, or a task, with the prompt that it answers."""

    @property
    def prompt(self) -> Prompt:
        """The prompt."""


Run = TypeVar("Run", bound=Prompted)


def join_settings(runs: Iterable[Run]) -> list[Run]:
    """Return runs without those that set the parameters of the same one as an earlier in line."""
    seen: set[str | None] = set()
    kept = []
    for run in runs:
        if run.prompt.values and run.prompt.parent in seen:
            continue
        if run.prompt.values:
            seen.add(run.prompt.parent)
        kept.append(run)
    return kept


def find_parent(store: Store, prompt: Prompt) -> Generation | None:
    """Return the run that a prompt refines, None where it refines none.

    Raises
    ------
    GenerationNotFoundError
        It is not in the store.
    SceneCodeError
        It has no scene that could be changed.
    """
    if prompt.parent is None:
        return None
    parent = store.read_generation(prompt.parent)
    if parent.scene is None:
        raise SceneCodeError(
            f"{parent.generation_id} has no scene to change.",
            hint="Ask for it anew with %%shaperotate.",
        )
    return parent


def list_prompts(store: Store, generation: Generation | None) -> list[str]:
    """Return the sentences that led to a run, the first one first."""
    texts: list[str] = []
    known: set[str] = set()
    while generation is not None and generation.generation_id not in known:
        texts.append(generation.prompt.text)
        known.add(generation.generation_id)
        generation = find_parent(store, generation.prompt)
    return texts[::-1]


def find_example(store: Store, named: str) -> Generation:
    """Return the run that ``--like`` names: by the scene's name, or by its identifier.

    Raises
    ------
    GenerationNotFoundError
        It is not in the store.
    SceneCodeError
        It has no scene that could be shown.
    """
    found = store.find_scene(named) or store.read_generation(named)
    if found.scene is None:
        raise SceneCodeError(
            f"{found.generation_id} has no scene that could be an example.",
            hint="'%shaperotate list' shows the others.",
        )
    return found


def list_comments(store: Store) -> dict[str, str]:
    """Return what people wrote when they liked a run, by its identifier."""
    liked = (feedback for feedback in store.read_feedback() if feedback.is_positive)
    return {feedback.generation_id: feedback.comment for feedback in liked if feedback.comment}


def list_liked(store: Store) -> list[Generation]:
    """Return the latest runs that a person liked last and did not remove, newest first."""
    liked: dict[str, None] = {}
    for feedback in store.read_feedback():
        if feedback.is_positive is not None or feedback.remove:
            liked.pop(feedback.generation_id, None)
        if feedback.is_positive and not feedback.remove:
            liked[feedback.generation_id] = None
    return [store.read_generation(name) for name in list(liked)[: -_MOST_LIKED - 1 : -1]]
