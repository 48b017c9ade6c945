"""``--examples DIR``: scenes of a person's own files, of which a model is shown the nearest."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Options, Prompt
from shaperotator_magic.service.client.sending import refuse_local_matters
from shaperotator_magic.writing.examples import MOST_CHARACTERS, choose_examples
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.retrieval.folder import find_own_scenes, read_folder
from tests.test_attempts import GOOD, Runs

BALLS = '''"""Balls that fall."""
from manim import *

G = 9.81

@staticmethod
def fall(t):
    return 0.5 * G * t**2

class Bouncing(Scene):
    """A ball bounces on the floor."""
    def construct(self):
        self.play(Dot().animate.shift(fall(1) * DOWN))

class Swinging(Scene):
    def construct(self):
        self.play(Rotate(Line()))

class Helper:
    pass
'''
SCENE = "class {}(Scene):\n    def construct(self):\n        self.play(Create({}()))\n"
FRACTALS = f"""# My notes

## Sierpinski triangle

Each triangle leaves three smaller ones.

```python
{SCENE.format("Threes", "Triangle")}
```

## Not parsed

```python
x = = 2
```
"""
CELLS = [
    {"cell_type": "markdown", "source": ["# A spiral galaxy\n", "with two arms"]},
    {"cell_type": "code", "source": ["%%manim -ql Arms\n", SCENE.format("Arms", "Circle")]},
    {"cell_type": "code", "source": "print(1)"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file of each kind, and files that are skipped."""
    root = tmp_path / "own"
    (root / "notes").mkdir(parents=True)
    (root / "balls.py").write_text(BALLS)
    (root / "notes" / "fractals.md").write_text(FRACTALS)
    (root / "evening.ipynb").write_text(json.dumps({"cells": CELLS}))
    (root / "no_notebook.ipynb").write_text("[1, 2]")
    (root / "latin.py").write_bytes(b"# \xe9\nclass A(Scene): pass")
    (root / "old.py").write_text("print 'python 2'")
    for skipped in (".venv", "node_modules"):
        (root / skipped).mkdir()
        (root / skipped / "scene.py").write_text(SCENE.format("Installed", "Dot"))
    (root / "loop").symlink_to(root, target_is_directory=True)
    return root


def find(folder: Path, text: str) -> list[str]:
    return [scene.title.split()[0] for scene in find_own_scenes(folder, text, 2)]


def test_scenes_of_every_kind_of_file_are_read(folder: Path) -> None:
    titles = [scene.title.split()[0] for scene in read_folder(folder)]
    assert titles == ["Bouncing", "Swinging", "Arms", "Threes"]


def test_scene_comes_with_what_it_needs_of_its_file(folder: Path) -> None:
    (bouncing, *_) = read_folder(folder)
    assert bouncing.source.startswith(
        "from manim import *\n\nG = 9.81\n\n@staticmethod\ndef fall(t)"
    )
    assert "class Helper" in bouncing.source and "class Swinging" not in bouncing.source


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a ball that bounces on the floor", "Bouncing"),
        ("draw the Sierpinski triangle", "Threes"),
        ("spiral galaxies", "Arms"),
    ],
)
def test_nearest_scene_comes_first(folder: Path, text: str, first: str) -> None:
    assert find(folder, text)[0] == first


def test_what_no_scene_is_about_finds_none(folder: Path) -> None:
    assert find(folder, "the eigenvectors of a matrix") == []
    assert find(folder, "") == []


def test_changed_file_is_read_anew(folder: Path) -> None:
    path = folder / "balls.py"
    assert find(folder, "a ball that bounces")[0] == "Bouncing"
    path.write_text(BALLS.replace("Bouncing", "Jumping"))
    os.utime(path, ns=(1, 1))
    assert find(folder, "a ball that bounces")[0] == "Jumping"


def test_model_is_shown_the_nearest_and_no_more_than_there_is_room_for(folder: Path) -> None:
    library, text = SceneLibrary.load(), "a ball that bounces on the floor"
    shown = choose_examples(library, text, "gpt-5.4", folder=folder)
    assert "class Bouncing" in shown[-1]
    (folder / "longest.py").write_text(
        BALLS.replace("Bouncing", "Bounce").replace("G = 9.81", f"G = {[9] * MOST_CHARACTERS}")
    )
    shown = choose_examples(library, text, "qwen2.5-coder:7b", folder=folder)
    assert sum(map(len, shown)) <= MOST_CHARACTERS
    assert any("class Bounc" in source for source in shown)


@pytest.mark.parametrize(
    ("name", "message"),
    [("nowhere", "There is no folder"), ("own/notes/empty", "No scene is in the 0 ")],
)
def test_folder_without_scenes_says_what_to_name(
    folder: Path, tmp_path: Path, name: str, message: str
) -> None:
    (folder / "notes" / "empty").mkdir()
    with pytest.raises(ConfigurationError, match=message) as caught:
        read_folder(tmp_path / name)
    assert caught.value.hint and caught.value.setting == "examples"


def test_prompt_of_a_run_holds_the_scene(folder: Path, clean_environment: Path) -> None:
    runs = Runs(clean_environment, [])
    _, server = runs.ask([GOOD], "a ball that bounces on the floor", examples=str(folder))
    assert "class Bouncing(Scene)" in server.requests[0].messages[0]["content"]


def test_run_without_a_model_says_that_the_folder_is_not_used(
    folder: Path, clean_environment: Path
) -> None:
    runs = Runs(clean_environment, [])
    runs.run("Show a unit circle", examples=str(folder))
    assert any("--examples is for a language model" in note for note in runs.events[-1].notes)


def test_service_elsewhere_does_not_take_a_folder_of_this_machine(folder: Path) -> None:
    prompt = Prompt(text="a ball", options=Options(examples=str(folder)))
    with pytest.raises(ConfigurationError, match="--examples: the folder is on this machine"):
        refuse_local_matters(prompt, {}, None)
