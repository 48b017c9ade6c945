"""Whether further sentences change built-in scenes as they say, by the set of follow-ups.

    python -m benchmarks.follow_ups                 how many of the set are done
    python -m benchmarks.follow_ups --list-wrong    and what went wrong

A wanted change is ``PARAMETER=value``, ``speed=…``, ``title=…``, ``background=word``, the name of a
thing with its colour (``circle:red``), or ``declined`` with ``says=word``. Every changed scene is
run without drawing; of a thing the colour that is seen counts.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.drawn_requests import inspect_scene, list_colours_of
from benchmarks.wanted_values import compare_values
from shaperotator_magic.core.errors import NothingFitsError
from shaperotator_magic.core.records import Prompt
from shaperotator_magic.writing.library.library import LibraryDraft, SceneLibrary
from shaperotator_magic.writing.library.things import find_thing

SET = Path(__file__).parents[1] / "tests" / "data" / "sentences" / "follow_ups.tsv"


@dataclass(frozen=True)
class FollowUp:
    """One line of the set."""

    first: str
    sentence: str
    wanted: tuple[str, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--list-wrong", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    library = SceneLibrary.load()
    follow_ups = read_follow_ups()
    faults = {one: find_faults(library, one) for one in follow_ups}
    wrong = {one: fault for one, fault in faults.items() if fault}
    print(f"follow-ups done: {len(follow_ups) - len(wrong)}/{len(follow_ups)}")
    if options.list_wrong:
        print(*(f"  {one.first!r}, {one.sentence!r}: {wrong[one]}" for one in wrong), sep="\n")


def read_follow_ups() -> list[FollowUp]:
    """Return the lines of the set."""
    rows = [line for line in SET.read_text("utf-8").splitlines() if line and line[0] != "#"]
    cells = [row.split("\t") for row in rows[1:]]
    return [
        FollowUp(first, sentence, tuple(item.strip() for item in wanted.split(";")))
        for first, sentence, wanted in cells
    ]


def find_faults(library: SceneLibrary, follow_up: FollowUp) -> str:
    """Return what is wrong after a further sentence; empty where nothing is."""
    before = library.write(Prompt(text=follow_up.first))
    try:
        after = library.refine(Prompt(text=follow_up.sentence), before.code)
    except NothingFitsError as exc:
        words = [item.partition("=")[2] for item in follow_up.wanted if item.startswith("says=")]
        said = f"{exc.message} {exc.hint}"
        if "declined" in follow_up.wanted and all(word in said for word in words):
            return ""
        return f"declined: {said}"
    if "declined" in follow_up.wanted:
        return "not declined"
    if not after.notes or not after.notes[0].startswith("Changed: "):
        return "does not say what changed"
    return "; ".join(item for item in follow_up.wanted if not _is_done(library, after, item))


def _is_done(library: SceneLibrary, draft: LibraryDraft, item: str) -> bool:
    code = draft.code
    name, _, value = item.partition("=")
    read = code.origin.parameters
    if ":" in item:
        thing, _, colour = item.partition(":")
        seen = inspect_scene(code)
        found = find_thing(code.source, thing)
        lines = {node.lineno for node in found.made_by} if found else set()
        named = [t for t in seen.things if _is_called(t.name, thing) or t.line in lines]
        return not seen.failure and any(colour in list_colours_of(drawn) for drawn in named)
    if name == "background":
        return f"the background is {value}" in draft.notes[0] or (
            value in draft.notes[0] and "self.camera.background_color" in code.source
        )
    if name == "speed":
        return abs(read.get("speed", 1.0) - float(value)) < 0.01
    if name == "title":
        return str(read.get("title")) == value
    scene = next(s for s in library.scenes if s.name == code.origin.library_scene)
    wrong = compare_values(code, scene, [item], draft.notes).wrong
    return item not in wrong


def _is_called(name: str, thing: str) -> bool:
    """Tell whether ``curve[0]`` or ``self.curve`` is the curve."""
    return thing in re.split(r"\W+", name)


if __name__ == "__main__":
    main()
