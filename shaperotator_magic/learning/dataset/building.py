"""Builds a data set: gathers, judges, splits, and writes the folder.

The same store, library and options give the same bytes. A build that was stopped is gone on with:
verdicts are kept as they come.

Runs in a command's process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from shaperotator_magic.core.records import SceneCode
from shaperotator_magic.learning.dataset.card import build_card
from shaperotator_magic.learning.dataset.folder import (
    begin_folder,
    finish_folder,
    write_rows,
)
from shaperotator_magic.learning.dataset.forms import (
    FOLDERS,
    Row,
    Split,
    build_openai,
    build_reward,
    build_row,
    name_file,
)
from shaperotator_magic.learning.dataset.gates.judging import Judge, OnJudged, describe_versions
from shaperotator_magic.learning.dataset.gathering import Gathered, admit, list_codes
from shaperotator_magic.learning.dataset.sources.conversions import list_old_library, read_pairs
from shaperotator_magic.learning.dataset.sources.library import list_library_samples
from shaperotator_magic.learning.dataset.sources.mending import list_broken, list_ignoring
from shaperotator_magic.learning.dataset.sources.refining import list_refinements
from shaperotator_magic.learning.dataset.sources.sample import Sample
from shaperotator_magic.writing.library.library import SceneLibrary

OnStep = Callable[[str], None]
"""Called with what is done next."""
SPLITS: tuple[Split, ...] = ("train", "test")
_AS_OPENAI = ("sft", "repair")


@dataclass(frozen=True)
class Size:
    """How much is made of each scene of the library.

    ``codes`` sets of values, each asked for in ``sentences`` ways; so many broken versions with
    wrong ``calls`` and with flaws of the ``layouts``, refinements, ignored values, conversions.
    """

    codes: int = 5
    sentences: int = 14
    calls: int = 23
    layouts: int = 8
    refinements: int = 2
    ignored: int = 4
    conversions: int = 2


@dataclass(frozen=True)
class Material:
    """What rows are made of: a library, None for none of it, and samples of the person's store.

    To the samples the person has said yes.
    """

    library: SceneLibrary | None
    own: tuple[Sample, ...] = ()


@dataclass(frozen=True)
class Order:
    """What is to be built."""

    folder: Path
    size: Size = Size()
    seed: int = 1
    excluded: tuple[str, ...] = ()
    pairs: tuple[Path, ...] = ()
    test_share: float = 0.1
    takes_restricted: bool = False
    workers: int = 2


def build_dataset(
    order: Order, material: Material, judge: Judge, *, on_judged: OnJudged, on_step: OnStep
) -> dict[str, Any]:
    """Build the folder, and return its facts as the manifest has them.

    Raises
    ------
    ConfigurationError
        The folder cannot be written, or a file cannot be read.
    """
    begin_folder(order.folder)
    on_step("writing sentences")
    samples, size = _list_samples(order, material.library), order.size
    plain = [sample for sample in samples if sample.source == "library"]
    broken = list_broken(plain, calls=size.calls, layouts=size.layouts, seed=order.seed)
    samples += list_ignoring(plain, count=size.ignored, seed=order.seed)
    samples += [sample for path in order.pairs for sample in read_pairs(path)]
    samples += material.own
    judge.judge_all(list_codes(samples, broken), on_judged, workers=order.workers)
    on_step("comparing rows")
    gathered = admit(
        samples,
        broken,
        judge,
        excluded=order.excluded,
        test_share=order.test_share,
        takes_restricted=order.takes_restricted,
    )
    on_step("writing the folder")
    return _write(order, gathered, judge)


def _list_samples(order: Order, library: SceneLibrary | None) -> list[Sample]:
    if library is None:
        return []
    size, seed = order.size, order.seed
    found = list(
        list_library_samples(
            library, codes=size.codes, sentences=size.sentences, seed=seed, workers=order.workers
        )
    )
    refined = list_refinements(library, count=size.refinements, seed=seed)
    return [*found, *refined, *list_old_library(found, count=size.conversions, seed=seed)]


def _write(order: Order, gathered: Gathered, judge: Judge) -> dict[str, Any]:
    files: dict[str, list[Row]] = {}
    for split in SPLITS:
        samples = gathered.train if split == "train" else gathered.test
        files |= _sort_rows(samples, split, judge)
    for name, rows in files.items():
        write_rows(order.folder, name, rows)
    facts = _describe(order, gathered, files)
    finish_folder(order.folder, facts, build_card(facts))
    return facts


def _sort_rows(samples: Sequence[Sample], split: Split, judge: Judge) -> dict[str, list[Row]]:
    """Return by file the rows of one side; their order is that of their identifiers."""
    files: dict[str, list[Row]] = {}
    for form, folder in FOLDERS.items():
        rows = [build_row(sample) for sample in samples if sample.form == form]
        if form == "verdict":
            rows += [row for sample in samples for row in _build_verdicts(sample)]
        files[name_file(folder, split)] = _order(rows)
    asked = {sample.asked: sample for sample in samples if _is_first_draft(sample)}
    rewards = [build_reward(sample, _find_duration(sample, judge)) for sample in asked.values()]
    files[name_file("reward", split)] = _order(rewards)
    for folder in _AS_OPENAI:
        rows = [build_openai(row) for row in files[name_file(folder, split)]]
        files[f"openai/{folder}.{split}.jsonl"] = rows
    return files


def _order(rows: list[Row]) -> list[Row]:
    return sorted({row["id"]: row for row in rows}.values(), key=lambda row: str(row["id"]))


def _is_first_draft(sample: Sample) -> bool:
    return sample.form == "sft" and sample.source in {"library", "store"}


def _build_verdicts(sample: Sample) -> list[Row]:
    """Return both sides of a preference as two verdicts; none of another sample."""
    if sample.form != "preference" or sample.rejected is None:
        return []
    sides = ((sample.code, True), (sample.rejected, False))
    return [build_row(_as_verdict(sample, code, is_liked)) for code, is_liked in sides]


def _as_verdict(sample: Sample, code: SceneCode, is_liked: bool) -> Sample:
    return replace(sample, form="verdict", code=code, rejected=None, is_liked=is_liked)


def _find_duration(sample: Sample, judge: Judge) -> float:
    verdict = judge.find(sample.code)
    return verdict.duration_s if verdict else 0.0


def _describe(order: Order, gathered: Gathered, files: dict[str, list[Row]]) -> dict[str, Any]:
    samples = [*gathered.train, *gathered.test]
    lengths = sorted(len(sample.code.source) for sample in samples if sample.form == "sft")
    return {
        "versions": describe_versions(),
        "options": {
            "size": asdict(order.size),
            "seed": order.seed,
            "test_share": order.test_share,
            "excluded": len(order.excluded),
            "takes_restricted": order.takes_restricted,
        },
        "rows": {name: len(rows) for name, rows in sorted(files.items()) if rows},
        "codes": len({sample.code.source for sample in samples}),
        "sources": _count(sample.source for sample in samples),
        "licences": _count(sample.licence for sample in samples),
        "models": _count(sample.model or "none" for sample in samples),
        "subjects": {
            "train": sorted({sample.subject for sample in gathered.train}),
            "test": sorted({sample.subject for sample in gathered.test}),
        },
        "characters": _spread(lengths),
        "refused": dict(sorted(gathered.refused.items())),
    }


def _count(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _spread(lengths: Sequence[int]) -> dict[str, int]:
    if not lengths:
        return {}
    last = len(lengths) - 1
    places = {"shortest": 0, "median": last // 2, "95 %": last * 95 // 100, "longest": last}
    return {name: lengths[at] for name, at in places.items()}
