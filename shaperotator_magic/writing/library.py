"""The built-in library: it writes scenes without a model, and says what it did.

It matches a prompt to one of its scenes, fills in what the prompt says, and declines where
nothing fits; it never pretends.
"""

from __future__ import annotations

from dataclasses import dataclass

from shaperotator_magic.errors import NothingFitsError
from shaperotator_magic.records import Origin, Prompt, SceneCode
from shaperotator_magic.writing.matching import THRESHOLD, Match, SceneIndex
from shaperotator_magic.writing.parameters import read_parameters
from shaperotator_magic.writing.scene_files import LibraryScene, load_scenes

_NEAREST = 3
_ABOUT_AS_WELL = 0.1
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
            No scene reaches the threshold; ``nearest`` names three.
        """
        matches = self.match(prompt.text)
        best = matches[0]
        if best.score < THRESHOLD:
            raise NothingFitsError(
                "The built-in library has nothing that fits this sentence.",
                hint=_CONFIGURE,
                nearest=[f"{m.scene.title} (match {m.score:.2f})" for m in matches[:_NEAREST]],
            )
        reading = read_parameters(best.scene, prompt.text)
        name = prompt.options.name or best.scene.class_name
        header = f"# Built-in scene '{best.scene.name}' of shaperotator_magic.\n"
        code = SceneCode(
            source=header + best.scene.fill(reading.sources, prompt.options.name),
            scene_name=name,
            origin=Origin(
                writer="library",
                library_scene=best.scene.name,
                score=round(best.score, 3),
                parameters=reading.values,
            ),
        )
        return LibraryDraft(code, tuple(reading.notes))
