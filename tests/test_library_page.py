"""docs/library.md lists the built-in scenes as their files describe them.

    python -m tests.test_library_page

writes it anew.
"""

from __future__ import annotations

from pathlib import Path

from shaperotator_magic.core.styles.finding import BUILT_IN
from shaperotator_magic.writing.library.scene_files import LibraryScene, load_scenes

PAGE = Path(__file__).parents[1] / "docs" / "library.md"
HEAD = """# The built-in library

Scenes that need no key, no model and no network. Ask in your own words, in English, German,
Spanish, French, Portuguese, Italian, Chinese or Japanese; what a scene has as a parameter is read
from the sentence, and what is out of its range is named and left out.
Every scene names its source in its file in `shaperotator_magic/writing/scenes`.

All of them in each style: [dark](styles/library-dark.webp), [paper](styles/library-paper.webp),
[chalk](styles/library-chalk.webp), [contrast](styles/library-contrast.webp),
[print](styles/library-print.webp).

This page is made by `python -m tests.test_library_page` and compared by a test.

| scene | for example | parameters |
| --- | --- | --- |
"""


def build_page() -> str:
    return HEAD + "".join(_build_row(scene) for scene in load_scenes())


def _build_row(scene: LibraryScene) -> str:
    parameters = "; ".join(f"{p.name.lower()}: {p.kind}" for p in scene.parameters) or "none"
    cells = (scene.title.rstrip("."), scene.examples[1], parameters)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def test_every_style_has_its_picture_of_the_library() -> None:
    for name in BUILT_IN:
        assert f"(styles/library-{name}.webp)" in HEAD
        assert (PAGE.parent / "styles" / f"library-{name}.webp").is_file()


def test_library_page_is_that_of_the_scenes() -> None:
    assert PAGE.read_text("utf-8") == build_page(), "run: python -m tests.test_library_page"


if __name__ == "__main__":
    PAGE.write_text(build_page(), encoding="utf-8")
