"""Which subjects are held out, and which samples are too much like held-out ones. Pure.

Runs in a command's process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from shaperotator_magic.learning.dataset.gates.likeness import (
    LEAK,
    NEAR_DUPLICATE,
    Index,
    measure_likeness,
    split_lines,
    split_pieces,
)
from shaperotator_magic.learning.dataset.sources.sample import Sample

_ALIKE_CODE = 0.9


def is_held_out(subject: str, share: float) -> bool:
    """Return whether a subject is for tests: by its name alone, so that it never changes sides."""
    digest = hashlib.sha256(f"held out: {subject}".encode()).hexdigest()
    return int(digest[:8], 16) / 16**8 < share


def find_leaks(samples: Sequence[Sample], held_out: Sequence[str]) -> set[int]:
    """Return the numbers of the samples whose prompts are like one that is held out."""
    prompts = [(n, text) for n, sample in enumerate(samples) for text in list_asked(sample)]
    index = Index([split_pieces(text, masks_numbers=True) for _, text in prompts], LEAK)
    asked = {split_pieces(text, masks_numbers=True) for text in held_out}
    return {prompts[at][0] for text in sorted(asked, key=sorted) for at in index.find(text)}


def list_asked(sample: Sample) -> set[str]:
    """Return what a person typed, and what stands first in a conversation: either may leak."""
    first = next(m["content"] for m in sample.prompt if m["role"] == "user")
    return {sample.asked} if sample.source == "conversion" else {sample.asked, first}


def find_duplicates(samples: Sequence[Sample]) -> set[int]:
    """Return the numbers of the samples that say what an earlier one of the same form says."""
    texts = [split_pieces(f"{sample.form} {_find_key(sample)}") for sample in samples]
    index = Index(texts, NEAR_DUPLICATE)
    gone: set[int] = set()
    for number, text in enumerate(texts):
        earlier = (n for n in index.find(text) if n < number and n not in gone)
        if any(_say_the_same(samples[n], samples[number]) for n in earlier):
            gone.add(number)
    return gone


def _find_key(sample: Sample) -> str:
    if sample.form == "repair" or sample.source == "conversion":
        return f"{sample.subject} {sample.prompt[-1]['content']}"
    return f"{sample.asked} {sample.flaw}"


def _say_the_same(one: Sample, other: Sample) -> bool:
    if one.form != other.form or one.values != other.values or one.is_liked != other.is_liked:
        return False
    lines, others = (split_lines(s.code.source) for s in (one, other))
    return lines == others or measure_likeness(lines, others) >= _ALIKE_CODE
