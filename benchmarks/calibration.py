"""Fits the library's matching to the sentences that may be tuned to, and says how well it is.

    python -m benchmarks.calibration            coefficients of library/matching.py, and figures

Every sentence with every scene is one example: is the scene what it asks for? The sets are those of
tests/data/prompts and, of tests/data/sentences, the development sets, the given sentences and those
in other languages; the held-out sets are not read. Figures are by cross-validation over sentences,
five parts; BM25 alone is measured on the same parts, with the threshold that is best for it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.library.matching import Evidence

DATA = Path(__file__).parents[1] / "tests" / "data"
SETS = ("given", "languages", "development_in_scope", "development_near_strangers",
        "development_plain")  # fmt: skip
PARTS = 5
RIDGE = 0.5
# What is known of a coefficient before any sentence is seen: a scene's own examples are right, what
# its file names as another subject is one, and values that no parameter takes speak against it. The
# rest starts from 0.
EXPECTED = {
    "example": 6.0,
    "stranger": -5.0,
    "values left": -2.5,
    "other head": -1.5,
    "qualifier": -1.0,
    "lone qualifier": -1.0,
}
FIRM = 25.0
STEPS = 30
CONFIDENT = 0.9

Numbers = NDArray[np.float64]


@dataclass
class Case:
    """One sentence: the scenes that are right for it, and the evidence for each scene."""

    text: str
    wanted: frozenset[str]
    evidence: list[Evidence]


def main() -> None:
    library = SceneLibrary.load()
    cases = [
        Case(text, wanted & {s.name for s in library.scenes}, library.find_evidence(text))
        for text, wanted in read_sentences()
    ]
    names = sorted(cases[0].evidence[0].features)
    Random(0).shuffle(cases)
    print(f"{len(cases)} sentences, {sum(not case.wanted for case in cases)} strangers")
    _report("logistic model", list(_cross_validate(cases, names)))
    _report("BM25 alone", [_pick(case, ["words"], np.array([0.0, 1.0])) for case in cases], 0.32)
    coefficients = _fit(cases, names)
    print(f"_INTERCEPT = {coefficients[0]:.2f}")
    for name, value in zip(names, coefficients[1:], strict=True):
        print(f'    "{name}": {value:.2f},')


def read_sentences() -> Iterator[tuple[str, frozenset[str]]]:
    """Return the sentences that may be tuned to, with the scenes that are right."""
    for path in sorted((DATA / "prompts").glob("measured_*.json")):
        measured = json.loads(path.read_text("utf-8"))
        for name, texts in measured["in_scope"].items():
            yield from ((text, frozenset({name})) for text in texts)
        yield from ((text, frozenset[str]()) for text in measured["out_of_scope"])
    paraphrases = json.loads((DATA / "prompts" / "paraphrases.json").read_text("utf-8"))
    for name, texts in paraphrases.items():
        yield from ((text, frozenset({name})) for text in texts)
    unrelated = json.loads((DATA / "prompts" / "unrelated.json").read_text("utf-8"))
    yield from ((text, frozenset[str]()) for text in unrelated)
    for name in SETS:
        lines = (DATA / "sentences" / f"{name}.tsv").read_text("utf-8").splitlines()
        rows = [line for line in lines if line and line[0] != "#"]
        for row in csv.reader(rows[1:], delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row[0], frozenset(row[1].split("|"))


def _stack(cases: Sequence[Case], names: Sequence[str]) -> tuple[Numbers, Numbers]:
    rows = [[1.0, *(e.features.get(n, 0.0) for n in names)] for c in cases for e in c.evidence]
    labels = [float(e.scene.name in c.wanted) for c in cases for e in c.evidence]
    return np.array(rows), np.array(labels)


def _fit(cases: Sequence[Case], names: Sequence[str]) -> Numbers:
    """Return intercept and coefficients, by Newton's method with a ridge penalty."""
    rows, labels = _stack(cases, names)
    expected = np.array([0.0, *(EXPECTED.get(name, 0.0) for name in names)])
    penalty = np.diag([0.0, *(FIRM if name in EXPECTED else RIDGE for name in names)])
    found = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (labels - chances) - penalty @ (found - expected)
        curvature = (rows * (chances * (1 - chances))[:, None]).T @ rows + penalty
        found = found + np.linalg.solve(curvature + 1e-9 * np.eye(len(found)), slope)
    return found


def _cross_validate(
    cases: Sequence[Case], names: Sequence[str]
) -> Iterator[tuple[Case, str, float]]:
    for part in range(PARTS):
        rest = [case for at, case in enumerate(cases) if at % PARTS != part]
        coefficients = _fit(rest, names)
        for case in cases[part::PARTS]:
            yield _pick(case, names, coefficients)


def _pick(case: Case, names: Sequence[str], coefficients: Numbers) -> tuple[Case, str, float]:
    rows, _ = _stack([case], names)
    scores = rows @ coefficients
    best = int(np.argmax(scores))
    score = float(scores[best])
    is_chance = len(names) > 1
    return case, case.evidence[best].scene.name, 1 / (1 + np.exp(-score)) if is_chance else score


def _report(title: str, picked: Sequence[tuple[Case, str, float]], threshold: float = 0.5) -> None:
    inside = [pick for pick in picked if pick[0].wanted]
    strangers = [pick for pick in picked if not pick[0].wanted]
    taken = [pick for pick in picked if pick[2] >= threshold]
    wrong = [pick for pick in taken if pick[1] not in pick[0].wanted]
    declined = [pick for pick in inside if pick[2] < threshold]
    sure = [pick for pick in picked if pick[2] >= CONFIDENT]
    right = sum(name in case.wanted for case, name, _ in sure)
    print(
        f"{title}: wrong subject {len(wrong)}/{len(picked)}, in scope declined "
        f"{len(declined)}/{len(inside)}, strangers declined "
        f"{sum(pick[2] < threshold for pick in strangers)}/{len(strangers)}, "
        f"of {len(sure)} sure ones {right} right"
    )


if __name__ == "__main__":
    main()
