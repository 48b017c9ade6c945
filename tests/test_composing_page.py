"""docs/composing.md lists what the compositional writer understands, as its tables have it.

    python -m tests.test_composing_page

rebuilds it.
"""

from __future__ import annotations

from pathlib import Path

from shaperotator_magic.writing.composing.tables.entries import (
    LOOK_EXAMPLES,
    ORDER_EXAMPLES,
    PLACE_EXAMPLES,
    list_words,
)
from shaperotator_magic.writing.composing.tables.happenings import HAPPENINGS
from shaperotator_magic.writing.composing.tables.rows import ThingRow
from shaperotator_magic.writing.composing.tables.things import THINGS

PAGE = Path(__file__).parents[1] / "docs" / "composing.md"
HEAD = """# Plain requests: name it, and it is drawn

Sentences that name things and what happens to them need no key, no model and no network:
'three red circles in a row, then the second one turns into a star'. The scene is short plain
manim, to read and to change. A word that is not known is named on the card; where most of a
sentence is not known, or it is about another subject, nothing is drawn.

This page is built by `python -m tests.test_composing_page` and compared by a test.

"""


def build_page() -> str:
    parts = [HEAD, _build_things(), _build_happenings(), _build_examples()]
    words = "".join(f"- {kind}: {', '.join(found)}\n" for kind, found in list_words().items())
    return "".join(parts) + f"## Words for looks and places\n\n{words}"


def _build_things() -> str:
    rows = "".join(_build_row(row) for row in THINGS.values())
    head = (
        "## Things\n\n| thing | also called | measures | for example |\n| --- | --- | --- | --- |\n"
    )
    return f"{head}{rows}\n"


def _build_row(row: ThingRow) -> str:
    measures = "; ".join(f"{n} {m.low:g} to {m.high:g}" for n, m in row.measures.items())
    first, *others = row.words
    cells = (first, ", ".join(others), measures, row.examples[0])
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _build_happenings() -> str:
    rows = "".join(
        f"| {', '.join(row.words)} | {row.duration_s:g} s | {row.examples[0]} |\n"
        for row in HAPPENINGS
    )
    head = "## Happenings\n\n| words | takes | for example |\n| --- | --- | --- |\n"
    return f"{head}{rows}\n"


def _build_examples() -> str:
    sections = (("Looks", LOOK_EXAMPLES), ("Places", PLACE_EXAMPLES), ("Order", ORDER_EXAMPLES))
    return "".join(
        f"## {name}\n\n" + "".join(f"- {example}\n" for example in examples) + "\n"
        for name, examples in sections
    )


def test_page_is_that_of_the_tables() -> None:
    assert PAGE.read_text("utf-8") == build_page(), "run: python -m tests.test_composing_page"


if __name__ == "__main__":
    PAGE.write_text(build_page(), encoding="utf-8")
