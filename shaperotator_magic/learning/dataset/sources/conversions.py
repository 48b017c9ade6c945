"""Samples of conversions: a scene in the words of an older manim, and in today's.

Pairs come from ``shaperotator convert --pairs FILE``, with the licence that the file names; some
are made from library scenes, put back into the words of manimlib.

Runs in a command's process.
"""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Origin, SceneCode
from shaperotator_magic.core.scene_classes import find_classes, is_scene
from shaperotator_magic.learning.dataset.messages import build_prompt, wrap_code
from shaperotator_magic.learning.dataset.sources.drawing import make_random
from shaperotator_magic.learning.dataset.sources.sample import Sample

_REQUESTS = (
    "This scene is for an older manim. Rewrite it for Manim Community:",
    "Convert this manimgl scene so that it runs in Manim Community:",
    "Port this old manim code to the manim of today:",
    "My old scene does not run any more. Bring it up to date:",
)
_OLD_WORDS = (
    (re.compile(r"^from manim import \([^)]*\)$", re.MULTILINE), "from manimlib.imports import *"),
    (re.compile(r"\bCreate\("), "ShowCreation("),
    (re.compile(r"\.plot\("), ".get_graph("),
    (re.compile(r"\bFadeIn\((\w+), shift=(\w+)\)"), r"FadeInFrom(\1, \2)"),
)


def list_old_library(samples: Sequence[Sample], *, count: int, seed: int) -> Iterator[Sample]:
    """Yield conversions of so many codes of every subject."""
    for subject in sorted({sample.subject for sample in samples}):
        rng = make_random(seed, subject, "old")
        own = {s.code.source: s for s in samples if s.subject == subject}
        for sample in rng.sample(list(own.values()), k=min(count, len(own))):
            yield _build(_make_old(sample.code.source), sample.code, subject, sample.licence, rng)


def _make_old(source: str) -> str:
    for pattern, old in _OLD_WORDS:
        source = pattern.sub(old, source)
    return source


def read_pairs(path: Path) -> Iterator[Sample]:
    """Yield the conversions in a file of pairs.

    Raises
    ------
    ConfigurationError
        A line of the file is no pair.
    """
    rng = make_random(0, path.name)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            before, after, licence = str(row["before"]), str(row["after"]), str(row["licence"])
            classes = find_classes(ast.parse(after))
        except (ValueError, KeyError, TypeError) as exc:
            raise ConfigurationError(
                f"Line {number} of {path} is no pair of sources.",
                hint="'shaperotator convert FILE --pairs PAIRS' writes such a file.",
            ) from exc
        scene = next((name for name in classes if is_scene(name, classes)), None)
        if scene is not None:
            code = SceneCode(source=after, scene_name=scene, origin=Origin(writer="user"))
            yield _build(before, code, f"converted: {scene}", licence, rng)


def _build(before: str, code: SceneCode, subject: str, licence: str, rng: random.Random) -> Sample:
    request = rng.choice(_REQUESTS)
    return Sample(
        form="sft",
        prompt=tuple(build_prompt(f"{request}\n\n{wrap_code(before)}")),
        code=code,
        subject=subject,
        source="conversion",
        asked="",  # a sentence of ours, the same for many: held out by its subject alone
        licence=licence,
    )
