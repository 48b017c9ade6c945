"""What the built-in library makes of sentences: subjects, values, declines, and how long it takes.

    python -m benchmarks.sentences                          every set of tests/data/sentences
    python -m benchmarks.sentences development_plain given  by name
    python -m benchmarks.sentences --list-wrong development_in_scope
    python -m benchmarks.sentences --generated 5000         made from values: are they read back?

A set is a table of sentence, what is wanted (a scene, 'plot', 'solid', 'shape' or 'compose' for a
plain request, 'none', or several of them with '|' between) and the values or things wanted; see
benchmarks/wanted_values.py and benchmarks/drawn_requests.py. Of the held-out sets, which the
authors of the reading code do not open, only totals are printed, unless --list-wrong is given.
A plain request is done when its scene runs and shows everything that it names.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.drawn_requests import find_missing
from benchmarks.wanted_values import compare_values
from shaperotator_magic.core.errors import NothingFitsError
from shaperotator_magic.core.records import Prompt
from shaperotator_magic.writing.library.library import LibraryDraft, SceneLibrary
from tests.sentence_generator import generate

FOLDER = Path(__file__).parents[1] / "tests" / "data" / "sentences"
PLAIN = {"plot", "solid", "shape", "compose"}
CONFIDENT = 0.9
FRESH_RUNS = 5
_HEAD = "\nsentence\twanted\tvalues\n"
_FRESH = """
import time
began = time.perf_counter()
from shaperotator_magic.core.records import Prompt
from shaperotator_magic.writing.library.library import SceneLibrary
SceneLibrary.load().write(Prompt(text="projectile motion 30 m/s at 45 degrees"))
print((time.perf_counter() - began) * 1000)
"""


@dataclass(frozen=True)
class Sentence:
    """One line of a set."""

    text: str
    wanted: frozenset[str]
    values: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        return bool(self.wanted & PLAIN)

    @property
    def is_in_scope(self) -> bool:
        return not (self.is_plain or self.is_stranger)

    @property
    def is_stranger(self) -> bool:
        return self.wanted == {"none"}


@dataclass(frozen=True)
class Outcome:
    """What became of one sentence; ``fault`` is empty where all is right."""

    sentence: Sentence
    subject: str | None
    score: float | None = None
    has_right_subject: bool = False
    fault: str = ""
    is_reported: bool = True
    milliseconds: float = 0.0


@dataclass
class Totals:
    """The outcomes of one set, or of all."""

    outcomes: list[Outcome] = field(default_factory=list)

    def describe(self) -> str:
        """Return the figures of the set, in one line a kind of sentence."""
        lines = [f"wrong subject {_share(self._list_wrong_subjects(), self.outcomes)}"]
        lines += _describe_in_scope([o for o in self.outcomes if o.sentence.is_in_scope])
        strangers = [o for o in self.outcomes if o.sentence.is_stranger]
        if strangers:
            lines.append(f"strangers declined {_share(_list_declined(strangers), strangers)}")
        plain = [o for o in self.outcomes if o.sentence.is_plain]
        if plain:
            lines.append(f"plain requests done {_share(_list_faultless(plain), plain)}")
        sure = [o for o in self.outcomes if o.subject and (o.score or 0) >= CONFIDENT]
        right = [o for o in sure if o.has_right_subject]
        lines.append(f"matches of {CONFIDENT} and more right {_share(right, sure)}")
        times = sorted(o.milliseconds for o in self.outcomes)
        lines.append(f"ms a sentence: median {statistics.median(times):.1f}, most {times[-1]:.1f}")
        return "\n".join(f"  {line}" for line in lines)

    def _list_wrong_subjects(self) -> list[Outcome]:
        return [o for o in self.outcomes if o.subject and not o.has_right_subject]


def _describe_in_scope(outcomes: Sequence[Outcome]) -> list[str]:
    if not outcomes:
        return []
    accepted = [o for o in outcomes if o.has_right_subject and o.subject]
    faulty = [o for o in accepted if o.fault]
    reported = [o for o in faulty if o.is_reported]
    return [
        f"in scope: declined {_share(_list_declined(outcomes), outcomes)}",
        f"right values {_share(_list_faultless(accepted), accepted)} of accepted; "
        f"of the others reported {_share(reported, faulty)}",
    ]


def _list_declined(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [o for o in outcomes if not o.subject]


def _list_faultless(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [o for o in outcomes if not o.fault]


def main() -> None:
    options = _read_options()
    library = SceneLibrary.load()
    library.write(Prompt(text="derivative of x^2 at x = 1"))  # whatever is loaded late is loaded
    whole = Totals()
    for name, sentences in _find_sets(options):
        totals = Totals([_try(library, sentence) for sentence in sentences])
        whole.outcomes += totals.outcomes
        print(f"{name}: {len(totals.outcomes)} sentences\n{totals.describe()}")
        if options.list_wrong:
            print(*(_tell(o) for o in totals.outcomes if o.fault), sep="\n")
    if not options.generated:
        print(f"all: {len(whole.outcomes)} sentences\n{whole.describe()}")
    print(f"  ms in a fresh process, from import to code: {_measure_fresh():.0f}")


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sets", nargs="*", help="names of sets; all by default")
    parser.add_argument("--list-wrong", action="store_true", help="print what went wrong")
    parser.add_argument("--generated", type=int, default=0, metavar="COUNT", help="make sentences")
    parser.add_argument("--seed", type=int, default=0, help="of the sentences that are made")
    return parser.parse_args()


def _find_sets(options: argparse.Namespace) -> Iterator[tuple[str, list[Sentence]]]:
    if options.generated:
        made = generate(options.generated, options.seed)
        yield "generated", [Sentence(m.text, frozenset({m.scene}), m.values) for m in made]
        return
    for path in list_sets():
        if not options.sets or path.stem in options.sets:
            yield path.stem, read_set(path)


def list_sets() -> list[Path]:
    """Return the tables of sentences; the folder has tables of other columns, too."""
    return [path for path in sorted(FOLDER.glob("*.tsv")) if _HEAD in path.read_text("utf-8")]


def read_set(path: Path) -> list[Sentence]:
    """Return the sentences of one table; lines with '#' are remarks, the first row is its head."""
    rows = [line for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]
    return [_read_row(row) for row in rows[1:]]


def _read_row(row: str) -> Sentence:
    text, wanted, values = row.split("\t")
    return Sentence(
        text, frozenset(wanted.split("|")), tuple(v.strip() for v in values.split(";") if v.strip())
    )


def _try(library: SceneLibrary, sentence: Sentence) -> Outcome:
    began = time.perf_counter()
    try:
        draft = library.write(Prompt(text=sentence.text))
    except NothingFitsError:
        draft = None
    milliseconds = (time.perf_counter() - began) * 1000
    if draft is None:
        is_right = "none" in sentence.wanted
        return Outcome(
            sentence,
            None,
            has_right_subject=is_right,
            fault="" if is_right else "declined",
            milliseconds=milliseconds,
        )
    return _judge(library, sentence, draft, milliseconds)


def _judge(
    library: SceneLibrary, sentence: Sentence, draft: LibraryDraft, milliseconds: float
) -> Outcome:
    origin = draft.code.origin
    scene = next((s for s in library.scenes if s.name == origin.library_scene), None)
    subject = scene.name if scene else "plain"
    is_right = subject in sentence.wanted or (scene is None and sentence.is_plain)
    fault, is_reported = "", True
    if not is_right:
        fault = f"another subject: {subject}"
    elif scene is None:
        fault = "; ".join(find_missing(draft.code, list(sentence.values)))
    else:
        compared = compare_values(draft.code, scene, sentence.values, _list_reports(draft))
        fault, is_reported = "; ".join(compared.wrong), not compared.unreported
    return Outcome(sentence, subject, origin.score, is_right, fault, is_reported, milliseconds)


def _list_reports(draft: LibraryDraft) -> list[str]:
    """Return what the user is told of values that are not used."""
    reading = getattr(draft.code.origin, "reading", None)
    unused = [f"{value.text} {value.reason}" for value in reading.unused] if reading else []
    return [*draft.notes, *unused]


def _tell(outcome: Outcome) -> str:
    score = "" if outcome.score is None else f" {outcome.score:.2f}"
    wanted = "|".join(sorted(outcome.sentence.wanted))
    return f"    {outcome.sentence.text!r} ({wanted}): {outcome.fault}{score}"


def _share(some: Sequence[Outcome], of: Sequence[Outcome]) -> str:
    return f"{100 * len(some) / len(of):.1f} % ({len(some)}/{len(of)})" if of else "- (0/0)"


def _measure_fresh() -> float:
    runs = [
        subprocess.run([sys.executable, "-c", _FRESH], capture_output=True, text=True, check=True)
        for _ in range(FRESH_RUNS)
    ]
    return statistics.median(float(run.stdout) for run in runs)


if __name__ == "__main__":
    main()
