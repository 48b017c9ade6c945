"""Follow-ups on built-in scenes as people type them: what changes, and what cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shaperotator_magic.checking.gate import check_scene
from shaperotator_magic.errors import NothingFitsError
from shaperotator_magic.records import Prompt
from shaperotator_magic.writing.adjusting import adjust
from shaperotator_magic.writing.library import LibraryDraft, SceneLibrary
from tests.library_probe import load_scene, rehearse

LIBRARY = SceneLibrary.load()
PLANE = "Show what [[2, 1], [1, 2]] does to the plane"
SECANT = "derivative of x^3 at x = 1 as the limit of secants"
SORT = "sort 5, 2, 8, 1, 9 with bubble sort"
FOURIER = "a Fourier series of a square wave by rotating vectors"
TAYLOR = "Taylor polynomials of cos(x)"


def follow(first: str, *sentences: str) -> LibraryDraft:
    draft = LIBRARY.write(Prompt(text=first))
    for sentence in sentences:
        draft = LIBRARY.refine(Prompt(text=sentence), draft.code)
        check_scene(draft.code)
    return draft


@pytest.mark.parametrize(
    ("first", "sentence", "name", "value"),
    [
        (PLANE, "slower please", "speed", 0.625),
        (PLANE, "too fast", "speed", 0.625),
        (PLANE, "twice as fast", "speed", 2.0),
        (PLANE, "speed it up a little", "speed", 1.25),
        (PLANE, "3 times slower", "speed", 0.333),
        (PLANE, "use the matrix [[1,2],[3,4]]", "MATRIX", [[1, 2], [3, 4]]),
        (PLANE, "call it Shear", "title", "Shear"),
        (
            PLANE,
            'change the title to "A shear, drawn" and make it slower',
            "title",
            "A shear, drawn",
        ),
        (PLANE, "make it green", "colours", {"RED": "GREEN", "GREEN": "RED"}),
        (PLANE, "make the grid orange", "colours", {"BLUE": "ORANGE"}),
        (PLANE, "the red arrow should be pink", "colours", {"RED": "PINK"}),
        (SECANT, "plot cos instead", "F", "cos(x)"),
        (SECANT, "now for sin(x)", "F", "sin(x)"),
        (SECANT, "do it at x = 2", "POINT", 2),
        (SECANT, "make the curve pink", "colours", {"BLUE": "PINK"}),
        (SORT, "use insertion sort", "ALGORITHM", "insertion sort"),
        (SORT, "sort 3, 1, 2 instead", "NUMBERS", [3, 1, 2]),
        (FOURIER, "use a triangle wave", "WAVE", "triangle"),
        (FOURIER, "8 terms", "TERMS", 8),
        (TAYLOR, "do sin instead", "FUNCTION", "sin"),
        (TAYLOR, "up to degree 9", "DEGREE", 9),
    ],
)
def test_follow_up_changes_what_it_names(first: str, sentence: str, name: str, value: Any) -> None:
    before = LIBRARY.write(Prompt(text=first))
    after = follow(first, sentence)
    assert after.code.origin.parameters[name] == value
    assert after.code.source != before.code.source
    assert not any("Not changed" in note for note in after.notes)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("thanks", "names nothing that can change"),
        ("zoom in at the end", "names nothing that can change"),
        ("white background", "background stays black"),
        ("make the purple dots red", "nothing purple in this scene"),
        (f"call it {'very ' * 12}long", "at most 45"),
        ("use the matrix [[9,9],[9,9]]", "it stays as it was"),
    ],
)
def test_follow_up_that_is_not_possible_says_so(sentence: str, said: str) -> None:
    with pytest.raises(NothingFitsError, match=said) as caught:
        follow(PLANE, sentence)
    assert "another matrix, speed, title or colour" in caught.value.hint


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("slow down the end", "one part alone cannot"),
        ("make it blue and add a second vector", "Not changed: 'add a second vector'"),
        ("make the grid orange", "To change "),
    ],
)
def test_follow_up_that_is_half_possible_says_what_is_not(sentence: str, said: str) -> None:
    assert any(said in note for note in follow(PLANE, sentence).notes)


def test_follow_ups_add_up_and_later_ones_win() -> None:
    draft = follow(
        PLANE, "slower", "make the grid orange", "call it Shear", "make the orange ones teal",
        "use the matrix [[1, 1], [0, 1]]", "twice as fast", "call it Shear again",
    )  # fmt: skip
    values = draft.code.origin.parameters
    assert values["speed"] == 1.25 and values["title"] == "Shear again"
    assert values["colours"] == {"BLUE": "TEAL"} and values["MATRIX"] == [[1, 1], [0, 1]]
    assert "TEAL_D" in draft.code.source and "BLUE" not in draft.code.source
    assert draft.code.source.count("def compile_animations") == 1
    assert "label('Shear again', 40)" in draft.code.source


def test_slower_scene_takes_longer_and_shows_the_same(tmp_path: Path) -> None:
    seconds = []
    for name, draft in (("own", follow(SORT)), ("slow", follow(SORT, "twice as slow"))):
        path = tmp_path / f"{name}.py"
        path.write_text(draft.code.source, "utf-8")
        seconds.append(rehearse(load_scene(path)[1]).duration_s)
    assert seconds[1] == pytest.approx(2 * seconds[0], rel=0.1)


@pytest.mark.parametrize("scene", LIBRARY.scenes, ids=lambda scene: scene.name)
def test_every_scene_takes_adjustments(scene: Any) -> None:
    values = {"speed": 0.5, "colours": {"BLUE": "PINK"}, "title": "λ: a title's own"}
    source = adjust(scene.body, scene.class_name, values)
    assert "animation.run_time *= 2" in source
    compile(source, scene.name, "exec")
    assert "a title's own" in source or "self.begin(" not in source
