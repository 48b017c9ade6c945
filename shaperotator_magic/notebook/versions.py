"""The versions of a result: a scene and what was made of it in words, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shaperotator_magic.errors import GenerationNotFoundError
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.notebook.variables import list_names
from shaperotator_magic.records import Generation, Options, Prompt

_MOST_STEPS = 100
_INHERITED = (
    "quality", "resolution", "fps", "renderer", "offline", "model", "base_url", "attempts",
    "timeout_s", "seed",
)  # fmt: skip
_SEARCHED = 200


def find_parent(store: Store, named: str, last: Generation | None) -> Generation:
    """Return the run that ``--refine`` names: an identifier, a scene's name, or ``last``.

    Parameters
    ----------
    last
        The last run of this kernel that has a scene. Without one, as after a restart, the last one
        in the store is meant.

    Raises
    ------
    GenerationNotFoundError
        There is none.
    """
    if named == "last" and last is not None:
        return last
    for generation in store.list_generations(limit=_SEARCHED):
        scene = generation.scene
        if scene is not None and named in {scene.code.scene_name, "last"}:
            return generation
    if named == "last":
        raise GenerationNotFoundError(
            "Nothing was generated yet that could be changed.",
            hint="Ask for a scene with %%shaperotate first.",
        )
    return store.read_generation(named)


def inherit_options(parent: Prompt) -> Mapping[str, Any]:
    """Return what a follow-up takes over from the run before where its own line says nothing."""
    default = Options()
    options = parent.options
    said = {name: getattr(options, name) for name in _INHERITED}
    layer = {name: value for name, value in said.items() if value != getattr(default, name)}
    return {**layer, "with_": list_names(parent)}


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
