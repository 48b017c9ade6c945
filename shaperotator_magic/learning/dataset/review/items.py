"""What a person is asked about: a run of their store, with every row that would be made of it.

Runs in a command's process.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shaperotator_magic.core.records import Generation
from shaperotator_magic.learning.dataset.forms import PROVENANCE, build_row
from shaperotator_magic.learning.dataset.gates.licences import find_restriction
from shaperotator_magic.learning.dataset.gates.private import find_private
from shaperotator_magic.learning.dataset.review.decisions import Decisions
from shaperotator_magic.learning.dataset.sources.sample import Sample


@dataclass(frozen=True)
class Item:
    """One run, its samples, and the rows of them as text, word by word."""

    key: str
    generation: Generation
    samples: tuple[Sample, ...]
    rows: tuple[str, ...]

    @property
    def warning(self) -> str:
        """Why it will stay out also with a yes; empty where nothing is known against it."""
        maker = find_restriction(self.samples[0].model)
        if maker:
            return f"{maker} forbids training on what its models write: left out unless asked for"
        private = find_private(self.rows)
        return f"left out: {private}" if private else ""


def list_items(found: Iterable[tuple[Generation, Sample]]) -> list[Item]:
    """Return the runs with their samples, in the order of the store."""
    by_run: dict[str, tuple[Generation, list[Sample]]] = {}
    for generation, sample in found:
        by_run.setdefault(generation.generation_id, (generation, []))[1].append(sample)
    return [_build(generation, samples) for generation, samples in by_run.values()]


def list_approved(items: Sequence[Item], decisions: Decisions) -> list[Sample]:
    """Return the samples of the runs to which the person has said yes."""
    return [s for item in items if decisions.find(item.key) == "yes" for s in item.samples]


def _build(generation: Generation, samples: Sequence[Sample]) -> Item:
    rows = tuple(_spell(sample) for sample in samples)
    key = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return Item(key, generation, tuple(samples), rows)


def _spell(sample: Sample) -> str:
    row = {name: value for name, value in build_row(sample).items() if name not in PROVENANCE}
    return json.dumps(row, ensure_ascii=False, indent=1)
