"""The versions of a result: a scene and what was made of it in words, step by step.

Runs in the user's kernel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shaperotator_magic.core.control_characters import show_controls
from shaperotator_magic.core.errors import GenerationNotFoundError
from shaperotator_magic.core.records import Generation, Options, Prompt
from shaperotator_magic.keeping.store import Store
from shaperotator_magic.notebook.variables import list_names
from shaperotator_magic.pipeline.history import join_settings

_MOST_STEPS = 100
_INHERITED = (
    "quality", "resolution", "fps", "renderer", "offline", "model", "base_url", "attempts",
    "reply_timeout_s", "timeout_s", "seed",
)  # fmt: skip


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
    generation = store.find_scene(None if named == "last" else named)
    if generation is not None:
        return generation
    if named == "last":
        raise GenerationNotFoundError(
            "Nothing was generated yet that could be changed.",
            hint="Ask for a scene with %%shaperotate first.",
        )
    return store.read_generation(named)


def inherit_options(parent: Prompt) -> Mapping[str, Any]:
    """Return the options that a follow-up inherits where its own line has none."""
    default = Options()
    options = parent.options
    inherited = {name: getattr(options, name) for name in _INHERITED}
    layer = {name: value for name, value in inherited.items() if value != getattr(default, name)}
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
    others = sorted(family.values(), key=lambda version: version.created_at, reverse=True)
    # Of versions that set the parameters of the same one the shown one is listed, else the last.
    shown = generation.generation_id
    kept = join_settings([generation, *(v for v in others if v.generation_id != shown)])
    return sorted(kept, key=lambda version: version.created_at)


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
        "prompt": show_controls(generation.change or generation.title),
        "status": generation.status,
    }
