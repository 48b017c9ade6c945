"""Sentences made from values, so that what is read of them can be compared with what was written.

    python -m tests.sentence_generator 20          prints the first 20

A sentence has a subject that a scene of the library has, and values in one of the notations that
people use: units, words for numbers, percentages, fractions of a turn, lists with and without
commas, matrices, vectors, complex numbers and expressions, in every order. The same seed gives the
same sentences.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.sentence_subjects import SUBJECTS, Subject


@dataclass(frozen=True)
class GeneratedSentence:
    """A sentence, the scene that it is about, and its values as ``NAME=value``."""

    text: str
    scene: str
    values: tuple[str, ...]


def generate(count: int, seed: int = 0) -> Iterator[GeneratedSentence]:
    """Yield sentences, each subject as often as the others."""
    random = Random(seed)
    for subject in itertools.islice(itertools.cycle(SUBJECTS), count):
        yield _write(subject, random)


def _write(subject: Subject, random: Random) -> GeneratedSentence:
    slots = list(subject.slots)
    if not subject.is_ordered:
        random.shuffle(slots)
        # A sentence seldom names everything.
        slots = slots[: random.choice([len(slots), len(slots), max(1, len(slots) - 1)])]
    values, parts = [], []
    for slot in slots:
        value, text = slot.make(random)
        values.append(f"{slot.parameter}={value}")
        parts.append(random.choice(slot.phrases).format(text))
    name = random.choice(subject.names)
    return GeneratedSentence(_join(name, parts, random, subject), subject.scene, tuple(values))


def _join(name: str, parts: list[str], random: Random, subject: Subject) -> str:
    if subject.is_ordered:
        said = f"{name} {' '.join(parts)}"
        return random.choice(["{}", "Show the {}", "{}?", "Explain the {}."]).format(said)
    form = random.choice(
        ["{name} {and_}", "{name}, {commas}", "{and_}: {name}", "Show the {name} {and_}.",
         "How does the {name} work {and_}?", "I would like to see the {name}, {commas}, please"]
    )  # fmt: skip
    return form.format(name=name, and_=" and ".join(parts), commas=", ".join(parts))


if __name__ == "__main__":
    for sentence in generate(int(sys.argv[1]) if sys.argv[1:] else len(SUBJECTS)):
        values = "; ".join(sentence.values)
        sys.stdout.write(f"{sentence.text} | {sentence.scene} | {values}\n")
