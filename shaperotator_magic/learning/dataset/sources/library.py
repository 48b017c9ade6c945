"""Samples from the built-in library: every scene, with values, in many people's words.

The library itself reads every sentence. One gets in only if that gives the scene and exactly the
values that were meant, so that a model learns that values come from the request.

Runs in a command's process.
"""

from __future__ import annotations

import ast
import functools
import multiprocessing
import random
from collections.abc import Iterator, Mapping
from typing import Any

from shaperotator_magic.core.errors import NothingFitsError
from shaperotator_magic.core.records import Origin, Parameter, Prompt, SceneCode
from shaperotator_magic.learning.dataset.messages import build_prompt
from shaperotator_magic.learning.dataset.sources.drawing import draw_value, make_random
from shaperotator_magic.learning.dataset.sources.phrasing import (
    build_sentence,
    list_said,
    load_phrases,
)
from shaperotator_magic.learning.dataset.sources.sample import Sample
from shaperotator_magic.pipeline.exploring.parameters import read_parameters
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.library.scene_files import LibraryScene
from shaperotator_magic.writing.reading.formulas import parse_formula, write_text

_MOST_SAID = 3  # values in one sentence
_MOST_SETS = 40
_TRIES = 4  # sentences tried for one that is wanted


def list_library_samples(
    library: SceneLibrary, *, codes: int, sentences: int, seed: int, workers: int = 1
) -> Iterator[Sample]:
    """Yield the samples of every scene, the same for the same seed.

    Parameters
    ----------
    codes
        How many sets of values each scene is asked for with; one of them is none.
    sentences
        In how many sentences each of them is asked for.
    workers
        How many processes read sentences.
    """
    names = [scene.name for scene in library.scenes if scene.name in load_phrases()]
    read = functools.partial(_list_scene_samples, codes=codes, sentences=sentences, seed=seed)
    workers = min(workers, len(names))
    if workers <= 1:
        for name in names:
            yield from read(name)
        return
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for found in pool.imap(read, names):
            yield from found


def _list_scene_samples(name: str, *, codes: int, sentences: int, seed: int) -> list[Sample]:
    """Return the samples of one scene; those of a smaller order are the first of them."""
    library = _load_library()
    scene = next(scene for scene in library.scenes if scene.name == name)
    samples = list(_list_examples(library, scene))
    said = 0
    for number, values in enumerate(_draw_sets(scene, make_random(seed, name, "values"))):
        rng = make_random(seed, name, "sentences", number)
        found = list(_list_sentences(library, scene, values, sentences, rng))
        samples += found
        said += bool(found)
        if said == codes:
            break
    return samples


@functools.cache
def _load_library() -> SceneLibrary:
    """Return the whole library, once in each process."""
    return SceneLibrary.load()


def _list_examples(library: SceneLibrary, scene: LibraryScene) -> Iterator[Sample]:
    """Yield the prompts that the scene's own file gives."""
    for text in scene.examples:
        sample = read_sample(library, scene, text)
        if sample is not None:
            yield sample


def _draw_sets(scene: LibraryScene, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Yield different sets of values, the first of them empty: the scene's own."""
    sets: list[dict[str, Any]] = [{}]
    said = list_said(scene.name)
    listed = load_phrases()[scene.name].get("values", {})
    slots = {slot.name: slot for slot in scene.slots}
    yield {}
    for _ in range(_MOST_SETS):
        names = rng.sample(said, k=rng.randint(1, min(_MOST_SAID, len(said))))
        drawn = {name: draw_value(slots[name], listed.get(name, ()), rng) for name in names}
        values = {name: value for name, value in drawn.items() if value is not None}
        if values not in sets:
            sets.append(values)
            yield values


def _list_sentences(
    library: SceneLibrary,
    scene: LibraryScene,
    values: Mapping[str, Any],
    count: int,
    rng: random.Random,
) -> Iterator[Sample]:
    found: set[str] = set()
    for _ in range(_TRIES * count):
        if len(found) == count:
            return
        text = build_sentence(scene.name, values, rng)
        key = text.lower()
        sample = None if key in found else read_sample(library, scene, text)
        if sample is not None and sample.values == _normalise(scene, values):
            found.add(key)
            yield sample


def _normalise(scene: LibraryScene, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the library notes them: formulas as people write them."""
    accepts = {slot.name: slot.accepts for slot in scene.slots}
    return {
        name: write_text(parse_formula(value)[0]) if accepts[name].form == "expression" else value
        for name, value in values.items()
    }


def read_sample(library: SceneLibrary, scene: LibraryScene, text: str) -> Sample | None:
    """Return what the library makes of a sentence; None where that is not this scene, whole."""
    try:
        code = library.write(Prompt(text=text)).code
    except NothingFitsError:
        return None
    origin = code.origin
    is_whole = origin.reading is None or not origin.reading.unused
    if origin.library_scene != scene.name or not is_whole:
        return None
    return Sample(
        form="sft",
        prompt=tuple(build_prompt(text)),
        code=finish_code(code),
        subject=scene.name,
        source="library",
        asked=text,
        values=dict(origin.parameters),
    )


def finish_code(code: SceneCode) -> SceneCode:
    """Return a scene of the library as a model shall write it.

    Without the line that says that it is of the library, and with the ranges of its constants
    beside them: there the product reads them for its knobs.
    """
    source = _finish(code.source, code.scene_name, code.origin.library_scene)
    return code.model_copy(update={"source": source})


@functools.lru_cache(maxsize=4096)
def _finish(source: str, scene_name: str, library_scene: str | None) -> str:
    origin = Origin(writer="library", library_scene=library_scene)
    code = SceneCode(source=source, scene_name=scene_name, origin=origin)
    ranges = {row.name: _describe_range(row) for row in read_parameters(code)}
    lines = source.splitlines()
    for name, line in _find_constants(source).items():
        if ranges.get(name) and "#" not in lines[line - 1]:
            lines[line - 1] += f"  # {ranges[name]}"
    if lines[0].startswith("# Built-in scene"):
        del lines[0]
    return "\n".join(lines).strip("\n") + "\n"


def _find_constants(source: str) -> dict[str, int]:
    """Return the lines of the constants that stand on one line."""
    return {
        node.targets[0].id: node.lineno
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.lineno == node.end_lineno
    }


def _describe_range(row: Parameter) -> str:
    if row.value is None or not row.is_bounded:
        return ""
    if row.choices:
        return f"one of: {', '.join(row.choices)}"
    return f"{row.low:g} to {row.high:g}" if row.low is not None and row.high is not None else ""
