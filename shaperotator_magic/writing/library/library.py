"""The built-in library: it writes scenes without a model, and reports what it did.

It reads the values of a sentence, finds the scene that the sentence is about, gives the values to
its parameters, and declines where nothing fits; it never pretends.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shaperotator_magic.core.errors import NothingFitsError
from shaperotator_magic.core.records import (
    COMPOSED,
    Origin,
    Prompt,
    Reading,
    SceneCode,
    UnusedValue,
)
from shaperotator_magic.writing.assigning.assignment import Assignment, assign
from shaperotator_magic.writing.library.adjusting import adjust, cut_speed, read_adjustments
from shaperotator_magic.writing.library.given_files import write_file_scene
from shaperotator_magic.writing.library.matching import THRESHOLD, Evidence, Match, SceneIndex
from shaperotator_magic.writing.library.scene_files import LibraryScene, Parameter, load_scenes
from shaperotator_magic.writing.library.sentence import Sentence
from shaperotator_magic.writing.library.subjects import describe_subjects
from shaperotator_magic.writing.library.telling import (
    AS_IT_WAS,
    CONFIGURE,
    describe_composition,
    describe_decline,
    describe_reading,
)
from shaperotator_magic.writing.library.things import list_things
from shaperotator_magic.writing.reading import Value
from shaperotator_magic.writing.reading.variables import read_variables

_NEAREST = 3
_LEAST_NEAR = 0.1
_WORD = re.compile(r"[^\W\d_]{3}")
_CERTAIN = 0.9  # a scene that fits so well is taken, whatever could be composed
_MOST_OF_IT = 0.75  # the share of a sentence that must be understood to compose a scene
_PARTS = re.compile(r"\s+(?:and|but|then)\s+|[;\n]|[.!?](?:\s|$)", re.IGNORECASE)


@dataclass(frozen=True)
class LibraryDraft:
    """A scene from the library, and what the user should know of it."""

    code: SceneCode
    notes: tuple[str, ...]

    @property
    def share(self) -> float:
        """How sure it is, or how much of the sentence a composed scene shows, in 0..1."""
        return self.code.origin.score or 0.0


class SceneLibrary:
    """All built-in scenes.

    Parameters
    ----------
    scenes
        The scenes, by default those of this package.
    """

    def __init__(self, scenes: tuple[LibraryScene, ...]) -> None:
        self.scenes = scenes
        self._index = SceneIndex(scenes)

    @classmethod
    def load(cls) -> SceneLibrary:
        """Read the package's own scenes."""
        return cls(load_scenes())

    def match(self, text: str) -> list[Match]:
        """Return every scene with its score in 0..1, the best first."""
        return self._match(Sentence.read(text))

    def _match(self, sentence: Sentence) -> list[Match]:
        return self._index.match(sentence, lambda scene: _assign(scene, sentence).share)

    def find_evidence(self, text: str) -> list[Evidence]:
        """Return the evidence for and against each scene."""
        sentence = Sentence.read(text)
        return self._index.find_evidence(sentence, lambda scene: _assign(scene, sentence).share)

    def write(self, prompt: Prompt, variables: Mapping[str, Any] | None = None) -> LibraryDraft:
        """Return the fitting scene, filled from the prompt, or one composed of what it names.

        Parameters
        ----------
        variables
            Values of kernel variables that the prompt may use; they are read here and sent nowhere.

        Raises
        ------
        NothingFitsError
            No scene reaches the threshold, or only those that the prompt excludes, and too little
            can be composed; it lists what was understood, and has sentences for scenes that share
            the subject, or else what subjects there are.
        """
        of_files = None if COMPOSED in prompt.excluded else _show_files(prompt)
        if of_files is not None:
            return of_files
        named = read_variables(prompt.text, variables or {})
        sentence = Sentence.read(prompt.text, named)
        matches = [m for m in self._match(sentence) if m.scene.name not in prompt.excluded]
        score = matches[0].score if matches else 0.0
        is_named = score >= THRESHOLD and _WORD.search(matches[0].subject) is not None
        may_compose = not is_named and score < _CERTAIN and COMPOSED not in prompt.excluded
        composed = _compose(prompt, named) if may_compose else None
        if composed is not None and composed.share > score:
            return composed
        if score < THRESHOLD:
            raise self._decline(sentence, matches, is_other_wanted=bool(prompt.excluded))
        best = matches[0]
        found = _assign(best.scene, sentence)
        if found.misfit:
            matches = [replace(best, reason=found.misfit), *matches[1:]]
            raise self._decline(sentence, matches, is_other_wanted=bool(prompt.excluded))
        reading = _build_reading(found, best)
        notes = describe_reading(best.scene.name, reading, sentence.language)
        draft = _Filling(best.scene, found.sources, found.values, reading, tuple(notes))
        return draft.write(prompt)

    def _decline(
        self, sentence: Sentence, matches: Sequence[Match], *, is_other_wanted: bool
    ) -> NothingFitsError:
        near = [match for match in matches if match.subject][:_NEAREST]
        near = [match for match in near if match.score >= _LEAST_NEAR or match.reason]
        values = tuple(UnusedValue(text=v.text) for v in sentence.values if not v.is_weak)
        subject = next((match.subject for match in near if match.subject), "")
        score = round(matches[0].score, 3) if matches else None
        reading = Reading(subject=subject, score=score, unused=values)
        reasons = [(match.scene.title.rstrip("."), match.reason) for match in near if match.reason]
        names = [scene.name for scene in self.scenes]
        return NothingFitsError(
            f"The built-in library has no {'other ' * is_other_wanted}scene for this sentence.",
            hint=CONFIGURE,
            understood=describe_decline(reading, reasons),
            nearest=[match.scene.examples[0] for match in near],
            subjects=[] if near else describe_subjects(names),
            reading=reading.model_dump(mode="json"),
        )

    def refine(
        self, prompt: Prompt, before: SceneCode, variables: Mapping[str, Any] | None = None
    ) -> LibraryDraft:
        """Return a scene of the library with what a further sentence changes in it.

        That are its parameters, its speed, its colours and its title; what the sentence does not
        name has the value of an earlier one.

        Raises
        ------
        NothingFitsError
            The scene is not of the library, or the sentence names none of its parameters.
        """
        scene = next((s for s in self.scenes if s.name == before.origin.library_scene), None)
        if scene is None:
            raise NothingFitsError("Only a language model can change this scene.", hint=CONFIGURE)
        text = cut_speed(prompt.text)
        sentence = Sentence.read(text, read_variables(text, variables or {}))
        found = _assign(scene, sentence)
        reading = _build_reading(found, None)
        notes = list(describe_reading(scene.name, reading, sentence.language, otherwise=AS_IT_WAS))
        earlier = before.origin.parameters
        adjusted = read_adjustments(prompt.text, earlier, before.source)
        if not found.values and not adjusted.values:
            raise _refuse_change(scene, [*notes, *adjusted.notes], before.source)
        changed = [f"{_spell_name(name)} is {value}" for name, value in found.values.items()]
        told = f"Changed: {'; '.join([*changed, *adjusted.changes])}."
        draft = _Filling(
            scene,
            {**_read_sources(scene, before), **found.sources},
            {**earlier, **found.values, **adjusted.values},
            reading,
            (told, *notes, *adjusted.notes, *_name_left_out(scene, prompt, before)),
            score=before.origin.score,
        )
        return draft.write(prompt, before.scene_name)


@dataclass(frozen=True)
class _Filling:
    """The values for a scene's file, and the notes on them."""

    scene: LibraryScene
    sources: Mapping[str, str]
    values: Mapping[str, Any]
    reading: Reading
    notes: tuple[str, ...]
    score: float | None = None

    def write(self, prompt: Prompt, name: str | None = None) -> LibraryDraft:
        """Return the scene's source with all of it in place."""
        scene, score = self.scene, self.reading.score or self.score
        name = prompt.options.name or name
        header = f"# Built-in scene '{scene.name}' of shaperotator_magic.\n"
        source = scene.fill(self.sources, name)
        code = SceneCode(
            source=header + adjust(source, name or scene.class_name, self.values),
            scene_name=name or scene.class_name,
            origin=Origin(
                writer="library",
                library_scene=scene.name,
                score=None if score is None else round(score, 3),
                parameters=dict(self.values),
                reading=self.reading,
            ),
        )
        return LibraryDraft(code, self.notes)


def _assign(scene: LibraryScene, sentence: Sentence) -> Assignment:
    return assign(sentence.text, sentence.values, sentence.words, scene.slots, scene.shown)


def _compose(prompt: Prompt, named: tuple[Value, ...]) -> LibraryDraft | None:
    """Return a short scene of the things that a sentence names, where they are most of it."""
    # A sentence of which a scene is sure needs none of these modules.
    from shaperotator_magic.writing.composing import compose

    found = compose(prompt.text, named)
    if found is None or found.share < _MOST_OF_IT:
        return None
    name = prompt.options.name or found.scene_name
    source = re.sub(rf"\b{found.scene_name}\b", name, found.source)
    unused = tuple(UnusedValue(text=text) for text in found.unknown)
    origin = Origin(
        writer="library",
        library_scene=COMPOSED,
        score=found.share,
        reading=Reading(subject=found.title, score=found.share, unused=unused),
    )
    return LibraryDraft(
        SceneCode(source=source, scene_name=name, origin=origin),
        tuple(describe_composition(found.understood, found.unknown)),
    )


def _show_files(prompt: Prompt) -> LibraryDraft | None:
    """Return a scene of the user's files, where the sentence is about them."""
    found = write_file_scene(prompt.text, prompt.inputs)
    if found is None:
        return None
    name = prompt.options.name or found.scene_name
    unused = tuple(UnusedValue(text=text) for text in found.unused)
    origin = Origin(
        writer="library",
        library_scene=COMPOSED,
        reading=Reading(subject=found.subject, unused=unused),
    )
    code = SceneCode(
        source=re.sub(rf"\b{found.scene_name}\b", name, found.source),
        scene_name=name,
        origin=origin,
        files=found.files,
    )
    return LibraryDraft(code, tuple(describe_composition([found.understood], found.unused)))


def _build_reading(found: Assignment, match: Match | None) -> Reading:
    return Reading(
        subject=match.subject if match else "",
        score=round(match.score, 3) if match else None,
        values=found.taken,
        unused=found.unused,
    )


def _refuse_change(scene: LibraryScene, said: Sequence[str], source: str) -> NothingFitsError:
    names = ", ".join(_spell(row) for row in scene.parameters)
    return NothingFitsError(
        " ".join(said or ["The sentence names nothing that can change in this built-in scene."]),
        hint=f"It can take another {names}, speed, title or colour: 'slower', 'call it …', "
        f"'white background', 'make the {next(iter(list_things(source)), 'blue ones')} red'. "
        f"{CONFIGURE}",
    )


def _spell(parameter: Parameter) -> str:
    is_function = parameter.kind == "expression in x"
    return "function" if is_function else _spell_name(parameter.name)


def _spell_name(name: str) -> str:
    return name.lower().replace("_", " ")


def _name_left_out(scene: LibraryScene, prompt: Prompt, before: SceneCode) -> list[str]:
    """Return a sentence on the parts of a request that were not understood."""
    parts = [part.strip(" .,!?") for part in _PARTS.split(prompt.text)]
    left = [
        part
        for part in parts
        if len(part.split()) > 1
        and not re.search(r"\d", part)
        and not _assign(scene, Sentence.read(part)).values
        and not read_adjustments(part, {}, before.source).values
    ]
    names = "', '".join(left)
    return [f"Not changed: '{names}'. That needs a language model."] if left else []


def _read_sources(scene: LibraryScene, before: SceneCode) -> dict[str, str]:
    """Return by name what an earlier version gives the constants and functions of a scene."""
    own = dict(_list_definitions(scene.body))
    names = {name for row in scene.parameters for name in (row.name, f"{row.name}_TEXT")}
    return {
        name: text
        for name, text in _list_definitions(before.source)
        if name in names and own.get(name) not in {None, text}
    }


def _list_definitions(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, ast.unparse(node.value)
        elif isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return):
            value = node.body[-1].value
            yield node.name, ast.unparse(value) if value else "None"
