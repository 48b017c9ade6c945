"""Worked examples for a prompt: scenes of the library that its tests have tried. Pure.

How many a model gets follows its profile: small models gain much by an example of the manim that
is installed, large ones know it and pay for every token.
"""

from __future__ import annotations

import re

from shaperotator_magic.writing.library import SceneLibrary

LONGEST_EXAMPLE = 10_000
_LEAST_SCORE = 0.12
# Names of models that run on one's own machine, and of the small ones of the large makers.
_SMALL = re.compile(
    r"(?<![\d.])[1-9]\d?b\b|(?<!ge)mini|nano|haiku|flash|lite|small|tiny|gemma|phi|llama|mistral|qwen|coder"
    r"|starcoder|smollm|deepseek-r1:|granite",
    re.IGNORECASE,
)


def is_small(model: str) -> bool:
    """Tell whether a model's name is that of a small one."""
    return _SMALL.search(model) is not None


def choose_example(library: SceneLibrary, text: str, model: str) -> str:
    """Return the source of the scene nearest to a prompt; empty where the model needs none."""
    if not is_small(model):
        return ""
    for match in library.match(text):
        source = match.scene.body.strip()
        if match.score >= _LEAST_SCORE and len(source) <= LONGEST_EXAMPLE:
            return source
    return ""
