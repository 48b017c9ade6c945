"""Samples of repairs and of preferences, from library scenes into which faults were put.

What is yielded are candidates: the finding that belongs to a fault is made by its rehearsal, and a
fault that makes no finding makes no row.

Runs in a command's process.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shaperotator_magic.core.records import SceneCode
from shaperotator_magic.learning.dataset.sources.faults import CALLS, LAYOUT, put_in
from shaperotator_magic.learning.dataset.sources.sample import Sample
from shaperotator_magic.pipeline.exploring.parameters import read_parameters

_MOST_CALLS = 2
_TRIES = 3


@dataclass(frozen=True)
class Broken:
    """A sample that works, its code with faults, and what was done to it."""

    sample: Sample
    code: SceneCode
    kind: str
    faults: tuple[str, ...]


def list_broken(samples: Sequence[Sample], *, calls: int, layouts: int, seed: int) -> list[Broken]:
    """Return broken versions of library samples, so many of each scene, each another one.

    Parameters
    ----------
    calls, layouts
        How many with wrong calls, and with flaws of the layout.
    """
    found = []
    for subject in sorted({sample.subject for sample in samples}):
        own = [sample for sample in samples if sample.subject == subject]
        rng = random.Random(f"{seed} broken {subject}")  # noqa: S311 - to be repeated, not secret
        for kind, count in (("call", calls), ("layout", layouts)):
            found += list(_break(own, kind, count, rng))
    return found


def _break(
    samples: Sequence[Sample], kind: str, count: int, rng: random.Random
) -> Iterator[Broken]:
    table, most = (CALLS, _MOST_CALLS) if kind == "call" else (LAYOUT, 1)
    seen: set[str] = set()
    for _ in range(_TRIES * count):
        if len(seen) == count:
            return
        sample = rng.choice(samples)
        source, names = put_in(table, sample.code.source, rng, most=most)
        if names and source not in seen:
            seen.add(source)
            code = sample.code.model_copy(update={"source": source})
            yield Broken(sample, code, kind, names)


def list_ignoring(samples: Sequence[Sample], *, count: int, seed: int) -> Iterator[Sample]:
    """Yield preferences whose rejected side ignores a value that the prompt names.

    It is a scene of the same subject that works, with other values.
    """
    for subject in sorted({sample.subject for sample in samples}):
        own = [sample for sample in samples if sample.subject == subject]
        rng = random.Random(f"{seed} ignored {subject}")  # noqa: S311 - to be repeated, not secret
        asking = [sample for sample in own if sample.values]
        for sample in rng.sample(asking, k=min(count, len(asking))):
            others = rng.sample(own, k=len(own))
            pairs = ((other.code, list_ignored(sample, other.code)) for other in others)
            rejected, ignored = next((pair for pair in pairs if pair[1]), (None, []))
            if rejected is not None:
                flaw = f"ignores {', '.join(ignored)}"
                yield replace(sample, form="preference", rejected=rejected, flaw=flaw)


def list_ignored(sample: Sample, code: SceneCode) -> list[str]:
    """Return the parameters to which a scene gives other values than the request names."""
    held = {row.name: row.value for row in read_parameters(code)}
    return [name for name, value in sample.values.items() if held.get(name) != value]
