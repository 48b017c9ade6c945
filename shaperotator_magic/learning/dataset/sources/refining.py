"""Samples of refinements: a scene of the library, a wish, and the scene with that wish.

The library itself makes the change, and only those get in of which it leaves nothing out.

Runs in a command's process.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from shaperotator_magic.core.errors import NothingFitsError
from shaperotator_magic.core.records import Prompt
from shaperotator_magic.learning.dataset.messages import build_refinement
from shaperotator_magic.learning.dataset.sources.drawing import draw_value, make_random
from shaperotator_magic.learning.dataset.sources.library import finish_code
from shaperotator_magic.learning.dataset.sources.phrasing import (
    list_said,
    load_phrases,
    say_value,
)
from shaperotator_magic.learning.dataset.sources.sample import Sample
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.library.scene_files import LibraryScene

_WISHES = (
    "slower, please", "make it a little faster", "half the speed", "much slower",
    "twice as fast", "white background", "put it on a dark blue background",
    "call it 'A first look'", "change the title to 'Lecture 3'", "name it 'The idea'",
)  # fmt: skip
_NOW = ("now {}", "the same {}", "do it again {}", "and {} instead?", "change it: {}")
_TRIES = 5


def list_refinements(library: SceneLibrary, *, count: int, seed: int) -> Iterator[Sample]:
    """Yield so many refinements of every scene; the same for the same seed."""
    for scene in library.scenes:
        if scene.name not in load_phrases():
            continue
        rng = make_random(seed, scene.name, "refined")
        found: dict[str, Sample] = {}
        for _ in range(_TRIES * count):
            sample = _refine(library, scene, rng) if len(found) < count else None
            if sample is not None:
                found.setdefault(sample.code.source, sample)
        yield from found.values()


def _refine(library: SceneLibrary, scene: LibraryScene, rng: random.Random) -> Sample | None:
    text = rng.choice(scene.examples)
    wish = rng.choice(_WISHES) if rng.random() < 1 / 2 else _build_wish(scene, rng)
    try:
        before = library.write(Prompt(text=text)).code
        draft = library.refine(Prompt(text=wish), before) if wish else None
    except NothingFitsError:
        return None
    if draft is None or before.origin.library_scene != scene.name:
        return None
    reading = draft.code.origin.reading
    is_whole = not any("Not changed" in note for note in draft.notes)
    is_read = reading is None or not reading.unused
    if not is_whole or not is_read or draft.code.source == before.source:
        return None
    messages = build_refinement(text, finish_code(before).source, wish)
    return Sample(
        form="sft",
        prompt=tuple(messages),
        code=finish_code(draft.code),
        subject=scene.name,
        source="refinement",
        asked=f"{text} {wish}",
        values=dict(draft.code.origin.parameters),
    )


def _build_wish(scene: LibraryScene, rng: random.Random) -> str:
    """Return a sentence that gives one parameter another value; empty where none can be said."""
    name = rng.choice(list_said(scene.name))
    slot = next(slot for slot in scene.slots if slot.name == name)
    value = draw_value(slot, load_phrases()[scene.name].get("values", {}).get(name, ()), rng)
    if value is None:
        return ""
    return rng.choice(_NOW).format(say_value(scene.name, name, value, rng).removeprefix("and "))
