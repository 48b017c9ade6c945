"""How well the library tells prompts apart, on prompts that nobody tuned it to.

    python -m benchmarks.matching            the sets of tests/data/prompts, and what went wrong

The first set (80 prompts for the first 16 scenes, 40 strangers) was written before the matching was
improved, the second (40 for 40 scenes, 20 strangers) afterwards, and the third, as large, when the
keywords had been widened once more; the fourth (80 for 40 scenes, 40 strangers) is by somebody who
had not seen the keywords. Each was unseen once: benchmarks/RESULTS.md has those figures.
"""

from __future__ import annotations

import json
from pathlib import Path

from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.library.matching import THRESHOLD

PROMPTS = Path(__file__).parents[1] / "tests" / "data" / "prompts"


def main() -> None:
    library = SceneLibrary.load()
    for path in sorted(PROMPTS.glob("measured_*.json")):
        _measure(library, path)


def _measure(library: SceneLibrary, path: Path) -> None:
    measured = json.loads(path.read_text("utf-8"))
    asked = [(name, text) for name, texts in measured["in_scope"].items() for text in texts]
    found = given = 0
    for name, text in asked:
        best = library.match(text)[0]
        is_right = best.scene.name == name
        found += is_right
        given += is_right and best.score >= THRESHOLD
        if not is_right or best.score < THRESHOLD:
            print(f"  {name}: {text!r} -> {best.scene.name} {best.score:.2f}")
    strangers = measured["out_of_scope"]
    taken = [t for t in strangers if library.match(t)[0].score >= THRESHOLD]
    print(*(f"  taken: {text!r}" for text in taken), sep="\n", end="\n" if taken else "")
    print(
        f"{path.stem}: top-1 {found}/{len(asked)}, also given {given}/{len(asked)}, "
        f"declined {len(strangers) - len(taken)}/{len(strangers)}"
    )


if __name__ == "__main__":
    main()
