"""Samples of repairs and of preferences, from library scenes into which faults were put.

What is yielded are candidates: the finding that belongs to a fault is made by its rehearsal, and a
fault that makes no finding makes no row.

Runs in a command's process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shaperotator_magic.core.records import SceneCode
from shaperotator_magic.learning.dataset.sources.drawing import make_random
from shaperotator_magic.learning.dataset.sources.faults import CALLS, LAYOUT, put_in
from shaperotator_magic.learning.dataset.sources.sample import Sample
from shaperotator_magic.pipeline.exploring.parameters import read_parameters

_MOST_CALLS = 2
_MOST_BASES, _MOST_ASKING = 4, 4
_TRIES = 3


@dataclass(frozen=True)
class Broken:
    """A sample that works, its code with faults, and what was done to it.

    ``number`` counts those of one scene and kind.
    """

    sample: Sample
    code: SceneCode
    kind: str
    faults: tuple[str, ...]
    number: int


def list_broken(samples: Sequence[Sample], *, calls: int, layouts: int, seed: int) -> list[Broken]:
    """Return broken versions of library samples, so many of each scene, each another one.

    Those of a smaller order are the first of them.

    Parameters
    ----------
    calls, layouts
        How many with wrong calls, and with flaws of the layout.
    """
    found = []
    for subject, own in sorted(_group(samples).items()):
        for kind, count in (("call", calls), ("layout", layouts)):
            found += _break(_choose_bases(own), kind, count, (seed, subject))
    return sorted(found, key=lambda row: row.number)


def _group(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for sample in samples:
        found.setdefault(sample.subject, []).append(sample)
    return found


def _choose_bases(samples: Sequence[Sample]) -> list[list[Sample]]:
    """Return for the first codes of a scene the first sentences that ask for them."""
    by_code: dict[str, list[Sample]] = {}
    for sample in samples:
        by_code.setdefault(sample.code.source, []).append(sample)
    return [asking[:_MOST_ASKING] for asking in list(by_code.values())[:_MOST_BASES]]


def _break(
    bases: Sequence[Sequence[Sample]], kind: str, count: int, names: tuple[int, str]
) -> list[Broken]:
    table, most = (CALLS, _MOST_CALLS) if kind == "call" else (LAYOUT, 1)
    found: dict[str, Broken] = {}
    for number in range(_TRIES * count):
        rng = make_random(*names, kind, number)
        sample = rng.choice(bases[number % len(bases)])
        source, faults = put_in(table, sample.code.source, rng, most=most)
        if faults and source not in found and len(found) < count:
            code = sample.code.model_copy(update={"source": source})
            found[source] = Broken(sample, code, kind, faults, len(found))
    return list(found.values())


def list_ignoring(samples: Sequence[Sample], *, count: int, seed: int) -> Iterator[Sample]:
    """Yield preferences whose rejected side ignores a value that the prompt names.

    It is a scene of the same subject that works, with other values.
    """
    for subject, own in sorted(_group(samples).items()):
        rng = make_random(seed, subject, "ignored")
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
