"""Gathers samples from all sources, and lets in those that pass the gates.

Runs in a command's process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from shaperotator_magic.core.records import SceneCode
from shaperotator_magic.learning.dataset.gates.judging import Judge, digest_code
from shaperotator_magic.learning.dataset.gates.licences import find_restriction
from shaperotator_magic.learning.dataset.gates.private import find_private
from shaperotator_magic.learning.dataset.gates.splitting import (
    find_duplicates,
    find_leaks,
    is_held_out,
    list_asked,
)
from shaperotator_magic.learning.dataset.messages import build_repair, read_answer, wrap_code
from shaperotator_magic.learning.dataset.sources.mending import Broken, list_ignored
from shaperotator_magic.learning.dataset.sources.sample import Sample

OnRefused = Callable[[str], None]


@dataclass
class Gathered:
    """What got in, what is held out, and how often what was refused why."""

    train: list[Sample] = field(default_factory=list)
    test: list[Sample] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def list_codes(samples: Iterable[Sample], broken: Iterable[Broken]) -> list[SceneCode]:
    """Return the code that has to be judged, each piece once."""
    codes = [*(sample.code for sample in samples), *(row.code for row in broken)]
    return list({digest_code(code): code for code in codes}.values())


def admit(
    samples: Sequence[Sample],
    broken: Sequence[Broken],
    judge: Judge,
    *,
    excluded: Sequence[str] = (),
    test_share: float = 0.1,
    takes_restricted: bool = False,
) -> Gathered:
    """Return the samples that pass every gate, on the two sides of the split."""
    found = Gathered()
    made = [made for row in broken for made in _judge_broken(row, judge, found.refused)]
    passed = []
    for sample in [*samples, *made]:
        reason = _find_reason(sample, judge, takes_restricted=takes_restricted)
        if reason:
            found.refused[reason] += 1
        else:
            passed.append(sample)
    passed = _drop(passed, find_duplicates(passed), "it is nearly the same as another", found)
    _split(passed, excluded, test_share, found)
    return found


def _split(
    samples: list[Sample], excluded: Sequence[str], test_share: float, found: Gathered
) -> None:
    """Divide samples by subject; what is like a held-out prompt is in no training."""
    found.test = [s for s in samples if is_held_out(s.subject, test_share)]
    train = [s for s in samples if not is_held_out(s.subject, test_share)]
    train = _drop(train, find_leaks(train, excluded), "it is like an excluded prompt", found)
    asked = [text for sample in found.test for text in list_asked(sample)]
    found.train = _drop(train, find_leaks(train, asked), "it is like a held-out prompt", found)


def _drop(samples: list[Sample], numbers: set[int], reason: str, found: Gathered) -> list[Sample]:
    found.refused[reason] += len(numbers)
    return [sample for number, sample in enumerate(samples) if number not in numbers]


def _find_reason(sample: Sample, judge: Judge, *, takes_restricted: bool) -> str:
    """Return why a sample may not get in; empty where it may."""
    maker = find_restriction(sample.model)
    if maker and not takes_restricted:
        return f"{maker} forbids training on what its models write"
    private = find_private(_list_texts(sample))
    if private:
        return private
    if sample.form == "verdict" and not sample.is_liked:
        return ""
    return _find_fault(sample, judge)


def _find_fault(sample: Sample, judge: Judge) -> str:
    """Return what is wrong with the code of a sample; empty where it is as it should be."""
    verdict = judge.find(sample.code)
    if verdict is None:
        return "its rehearsal came to no end"
    if verdict.reason:
        return f"its code is no example: {verdict.reason}"
    if sample.rejected is not None and not _is_worse(sample, judge):
        return "nothing is wrong with its rejected side"
    return ""


def _list_texts(sample: Sample) -> list[str]:
    rejected = [sample.rejected.source] if sample.rejected else []
    asked = [message["content"] for message in sample.prompt if message["role"] != "system"]
    return [*asked, sample.code.source, *rejected]


def _is_worse(sample: Sample, judge: Judge) -> bool:
    """Return whether the rejected side has a fault, or other values than were asked for."""
    assert sample.rejected is not None  # noqa: S101 - the caller has looked
    verdict = judge.find(sample.rejected)
    has_fault = verdict is not None and bool(verdict.faults)
    return sample.is_own or has_fault or bool(list_ignored(sample, sample.rejected))


def _judge_broken(row: Broken, judge: Judge, refused: Counter[str]) -> list[Sample]:
    """Return the repair and the preference that broken code makes; none where nothing is found."""
    verdict = judge.find(row.code)
    is_of_kind = verdict is not None and (row.kind == "call") == bool(
        verdict.failure or verdict.refused
    )
    if verdict is None or not verdict.faults or not is_of_kind:
        refused["a fault that was put in made no finding"] += 1
        return []
    read = read_answer(wrap_code(row.code.source))
    if read is None or digest_code(read) != verdict.digest:
        refused["a fault that was put in is mended where the answer is read"] += 1
        return []
    sample, flaw = row.sample, ", ".join(row.faults)
    messages = build_repair(sample.asked, row.code.source, verdict.faults)
    mended = replace(sample, form="repair", prompt=tuple(messages), source="repair", flaw=flaw)
    return [mended, replace(sample, form="preference", rejected=row.code, flaw=flaw)]
