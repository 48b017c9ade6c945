"""The built-in library: it writes scenes without a model, and says what it did.

It matches a prompt to one of its scenes, fills in what the prompt says, and declines where
nothing fits; it never pretends.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from shaperotator_magic.errors import NothingFitsError
from shaperotator_magic.records import Origin, Prompt, SceneCode
from shaperotator_magic.writing.adjusting import adjust, cut_speed, read_adjustments
from shaperotator_magic.writing.matching import THRESHOLD, Match, SceneIndex
from shaperotator_magic.writing.parameters import Reading, read_parameters
from shaperotator_magic.writing.scene_files import LibraryScene, Parameter, load_scenes
from shaperotator_magic.writing.subjects import describe_subjects

_NEAREST = 3
_LEAST_NEAR = 0.1
_ABOUT_AS_WELL = 0.1
_OWN_EXAMPLE = "the scene's own example is shown"
_BARE_FUNCTION = re.compile(
    r"\b(?:sin|cos|tan|exp|ln|log|sqrt|arctan|sinh|cosh|tanh|abs)\b(?!\s*[(^])"
)
_PARTS = re.compile(r"\s+(?:and|but|then)\s+|[;\n]|[.!?](?:\s|$)", re.IGNORECASE)
_CONFIGURE = (
    'A language model can write it: %config ShapeRotatorMagics.model = "NAME", with '
    "OPENAI_API_KEY or base_url set; or ask for one of these."
)


@dataclass(frozen=True)
class LibraryDraft:
    """A scene from the library, and what the user should know of it."""

    code: SceneCode
    notes: tuple[str, ...]


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
        """Return every scene with its score in 0..1, the best first.

        Where two fit about as well, the one that can use more of the prompt's values comes first:
        'area below sqrt(x) between 0 and 4' is an integral and no determinant.
        """
        matches = self._index.match(text)
        level = matches[0].score - _ABOUT_AS_WELL
        return sorted(
            matches,
            key=lambda match: (
                -len(read_parameters(match.scene, text).values) if match.score >= level else 1
            ),
        )

    def write(self, prompt: Prompt) -> LibraryDraft:
        """Return the fitting scene, filled from the prompt.

        Raises
        ------
        NothingFitsError
            No scene reaches the threshold; ``nearest`` names three, or what there is where the
            sentence has no word in common with any.
        """
        matches = self.match(prompt.text)
        best = matches[0]
        if best.score < THRESHOLD:
            raise NothingFitsError(
                "The built-in library has nothing that fits this sentence.",
                hint=_CONFIGURE,
                nearest=self._name_nearest(matches),
            )
        return _fill(best.scene, prompt, read_parameters(best.scene, prompt.text), best.score)

    def _name_nearest(self, matches: list[Match]) -> list[str]:
        near = [match for match in matches[:_NEAREST] if match.score >= _LEAST_NEAR]
        named = [f"{match.scene.title} (match {match.score:.2f})" for match in near]
        return named or describe_subjects([scene.name for scene in self.scenes])

    def refine(self, prompt: Prompt, before: SceneCode) -> LibraryDraft:
        """Return a scene of the library with what a further sentence changes in it.

        That are its parameters, its speed, its colours and its title; what the sentence does not
        name keeps what an earlier one said.

        Raises
        ------
        NothingFitsError
            The scene is not of the library, or the sentence names none of its parameters.
        """
        scene = next((s for s in self.scenes if s.name == before.origin.library_scene), None)
        if scene is None:
            raise NothingFitsError("Only a language model can change this scene.", hint=_CONFIGURE)
        reading = _read_changes(scene, prompt.text)
        earlier = before.origin.parameters
        adjusted = read_adjustments(prompt.text, earlier, before.source)
        if not reading.values and not adjusted.values:
            names = ", ".join(_spell(row) for row in scene.parameters)
            raise NothingFitsError(
                " ".join(
                    [*reading.notes, *adjusted.notes]
                    or ["The sentence names nothing that can change in this built-in scene."]
                ),
                hint=f"It can take another {names}, speed, title or colour: 'slower', 'call it …', "
                f"'make the blue ones red'. {_CONFIGURE}",
            )
        reading.sources = {**_read_sources(scene, before), **reading.sources}
        reading.values = {**earlier, **reading.values, **adjusted.values}
        reading.notes = [*reading.notes, *adjusted.notes, *_name_left_out(scene, prompt, before)]
        return _fill(scene, prompt, reading, before.origin.score, name=before.scene_name)


def _fill(
    scene: LibraryScene,
    prompt: Prompt,
    reading: Reading,
    score: float | None,
    *,
    name: str | None = None,
) -> LibraryDraft:
    name = prompt.options.name or name
    header = f"# Built-in scene '{scene.name}' of shaperotator_magic.\n"
    source = scene.fill(reading.sources, name)
    code = SceneCode(
        source=header + adjust(source, name or scene.class_name, reading.values),
        scene_name=name or scene.class_name,
        origin=Origin(
            writer="library",
            library_scene=scene.name,
            score=None if score is None else round(score, 3),
            parameters=reading.values,
        ),
    )
    return LibraryDraft(code, tuple(reading.notes))


def _read_changes(scene: LibraryScene, text: str) -> Reading:
    """Read a follow-up's parameters: what is wrong is not taken, and the function may be bare."""
    text = cut_speed(text)
    reading = read_parameters(scene, text)
    functions = {row.name for row in scene.parameters if row.kind == "expression in x"}
    if functions and not functions & set(reading.values):
        reading = read_parameters(scene, _BARE_FUNCTION.sub(r"\g<0>(x)", text))
    reading.notes = [note.replace(_OWN_EXAMPLE, "it stays as it was") for note in reading.notes]
    return reading


def _spell(parameter: Parameter) -> str:
    is_function = parameter.kind == "expression in x"
    return "function" if is_function else parameter.name.lower().replace("_", " ")


def _name_left_out(scene: LibraryScene, prompt: Prompt, before: SceneCode) -> list[str]:
    """Return a sentence on the parts of a request of which nothing was understood."""
    parts = [part.strip(" .,!?") for part in _PARTS.split(prompt.text)]
    left = [
        part
        for part in parts
        if len(part.split()) > 1
        and not re.search(r"\d", part)
        and not _read_changes(scene, part).values
        and not read_adjustments(part, {}, before.source).values
    ]
    said = "', '".join(left)
    return [f"Not changed: '{said}'. That needs a language model."] if left else []


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
