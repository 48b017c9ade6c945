"""Worked examples for a prompt: what the user liked or keeps in a folder, and the library's.

How many a model gets follows its profile: small models gain much by examples of the manim that
is installed; large ones know it, pay for every token, and get at most what the user liked.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from shaperotator_magic.core.records import Generation
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.retrieval.folder import find_own_scenes
from shaperotator_magic.writing.wording import split_stems

__all__ = ["MOST_CHARACTERS", "Profile", "choose_examples", "find_profile", "show_liked"]

MOST_CHARACTERS = 10_000  # of all together: with the rules and a prompt about 4000 tokens
_LEAST_SCORE, _LEAST_LIKENESS = 0.12, 0.4
_LONGEST_SAID = 200
_MOST_TRIED = 8  # scenes of a folder, of which some may be too long
# Names of models that run on one's own machine, and of the small ones of the large makers.
_SMALL = re.compile(
    r"(?<![\d.])[1-9]\d?b\b|(?<!ge)mini|nano|haiku|flash|lite|small|tiny|gemma|phi|llama|mistral|qwen|coder"
    r"|starcoder|smollm|deepseek-r1:|granite",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Profile:
    """What a model is given: so many scenes of each source, and the kit or not.

    ``folder`` counts those of a folder that the user names. ``is_tuned``: it was fine-tuned to
    write scenes, and is sent the short prompt of its rows.
    """

    liked: int
    folder: int
    library: int
    kit: bool
    is_tuned: bool = False


_SMALL_PROFILE = Profile(liked=1, folder=2, library=2, kit=True)
_LARGE_PROFILE = Profile(liked=1, folder=2, library=0, kit=False)
_TUNED_PROFILE = Profile(liked=0, folder=0, library=0, kit=False, is_tuned=True)
# A run of 'shaperotator train' is served under its folder's name.
_TUNED = re.compile(r"shaperotator", re.IGNORECASE)


def find_profile(model: str | None) -> Profile:
    """Return the profile of a model by its name."""
    if _TUNED.search(model or ""):
        return _TUNED_PROFILE
    return _SMALL_PROFILE if _SMALL.search(model or "") else _LARGE_PROFILE


def choose_examples(
    library: SceneLibrary,
    text: str,
    model: str,
    liked: Sequence[Generation] = (),
    *,
    comments: Mapping[str, str] = MappingProxyType({}),
    folder: Path | None = None,
) -> list[str]:
    """Return the sources of scenes near to a prompt, the nearest last, as far as there is room.

    Parameters
    ----------
    liked
        Runs that the user liked. Those that use variables of a kernel are skipped: their names
        are nobody's business in another prompt.
    comments
        What the user wrote of them, by identifier.
    folder
        Where the user keeps scenes and notes, if they named it.

    Raises
    ------
    ConfigurationError
        There is no such folder, or no scene in it.
    """
    profile = find_profile(model)
    own = [
        show_liked(generation, comments.get(generation.generation_id, ""))
        for generation in sorted(liked, key=lambda g: -_measure_likeness(text, g.prompt.text))
        if generation.scene is not None
        and not generation.prompt.variables
        and _measure_likeness(text, generation.prompt.text) >= _LEAST_LIKENESS
    ]
    chosen = _fit(own, profile.liked, MOST_CHARACTERS)
    if folder is not None and profile.folder:
        found = find_own_scenes(folder.expanduser(), text, _MOST_TRIED)
        room = MOST_CHARACTERS - sum(map(len, chosen))
        chosen += _fit([scene.source for scene in found], profile.folder, room)
    if profile.library:
        near = [m.scene.body for m in library.match(text) if m.score >= _LEAST_SCORE]
        room = MOST_CHARACTERS - sum(map(len, chosen))
        chosen += _fit(map(_shorten, near), profile.library, room)
    return chosen[::-1]  # a model heeds most what it reads last


def show_liked(generation: Generation, comment: str, *, is_named: bool = False) -> str:
    """Return the source of a run that the user liked, below what the user said of it.

    A model that only sees the code cannot tell what of it was liked.

    Parameters
    ----------
    is_named
        The user points to this one, with ``--like``.
    """
    assert generation.scene is not None  # noqa: S101 - whoever chose it has looked
    said = []
    if is_named:
        said.append(f"# The user wants the new one like this: {_cut_line(generation.title)}")
    if comment.strip():
        said.append(f"# The user liked it, and said: {_cut_line(comment)}")
    return "\n".join([*said, generation.scene.code.source.strip()])


def _cut_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SAID else line[: _LONGEST_SAID - 1] + "…"


def _fit(sources: Iterable[str], most: int, room: int) -> list[str]:
    """Return the first of them that there is room for."""
    fitting: list[str] = []
    for source in sources:
        if len(fitting) < most and len(source) <= room:
            fitting.append(source)
            room -= len(source)
    return fitting


def _measure_likeness(text: str, other: str) -> float:
    """Return the share of both prompts' words that they have in common, 0 to 1."""
    ours, theirs = set(split_stems(text)), set(split_stems(other))
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0


def _shorten(source: str) -> str:
    """Leave out what a model does not need: docstrings, comments, annotations."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for argument in node.args.args:
                argument.annotation = None
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            has_docstring = ast.get_docstring(node) is not None
            node.body = (node.body[1:] if has_docstring else node.body) or [ast.Pass()]
    return ast.unparse(tree)
