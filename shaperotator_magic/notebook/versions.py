"""The versions of a result: a scene and what was made of it in words, step by step."""

from __future__ import annotations

from collections.abc import Mapping

from shaperotator_magic.errors import GenerationNotFoundError
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.records import Generation

_MOST_STEPS = 100


def find_family(
    store: Store, generation: Generation, retries: Mapping[str, str] | None = None
) -> list[Generation]:
    """Return every version of a result, oldest first, itself among them.

    Parameters
    ----------
    retries
        New runs of an old prompt: identifier of the new run, identifier of the old one.
    """
    before = dict(retries or {})
    root = _find_root(store, generation, before)
    family = {version.generation_id: version for version in (root, generation)}
    waiting, seen = [root.generation_id], set[str]()
    while waiting and len(seen) < _MOST_STEPS:
        parent = waiting.pop()
        seen.add(parent)
        tried = [store.read_generation(new) for new, old in before.items() if old == parent]
        for version in (*store.list_children(parent), *tried):
            family[version.generation_id] = version
            if version.generation_id not in seen:
                waiting.append(version.generation_id)
    return sorted(family.values(), key=lambda version: version.created_at)


def _find_root(store: Store, generation: Generation, before: Mapping[str, str]) -> Generation:
    root, seen = generation, set[str]()
    for _ in range(_MOST_STEPS):
        seen.add(root.generation_id)
        older = root.prompt.parent or before.get(root.generation_id)
        if not older or older in seen:
            break
        try:
            root = store.read_generation(older)
        except GenerationNotFoundError:
            break  # made on another machine: what is here is what there is
    return root


def describe_version(generation: Generation) -> dict[str, str]:
    """Return what the card lists of a version."""
    return {
        "id": generation.generation_id,
        "prompt": generation.title,
        "status": generation.status,
    }
