"""Follow-ups on built-in scenes as people type them: what changes, and what cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.follow_ups import FollowUp, read_follow_ups
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.checking.layout.layout import check_layout
from shaperotator_magic.core.errors import NothingFitsError
from shaperotator_magic.core.records import Prompt
from shaperotator_magic.writing.library.adjusting import adjust
from shaperotator_magic.writing.library.library import LibraryDraft, SceneLibrary
from shaperotator_magic.writing.library.things import find_thing, read_colours
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
        (PLANE, "make the grid orange", "things", {"plane": "ORANGE"}),
        (PLANE, "the red arrow should be pink", "colours", {"RED": "PINK"}),
        (SECANT, "plot cos instead", "F", "cos(x)"),
        (SECANT, "now for sin(x)", "F", "sin(x)"),
        (SECANT, "do it at x = 2", "POINT", 2),
        (SECANT, "make the curve pink", "things", {"curve": "PINK"}),
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
        ("plaid background", "A background can be white"),
        ("make the purple dots red", "nothing purple in this scene; its colours: "),
        ("make the elephant red", "no elephant in this scene; it has "),
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
        ("make it green", "To change "),
    ],
)
def test_follow_up_that_is_half_possible_says_what_is_not(sentence: str, said: str) -> None:
    assert any(said in note for note in follow(PLANE, sentence).notes)


@pytest.mark.parametrize(
    "one", read_follow_ups(), ids=lambda one: f"{one.first[:20]} {one.sentence}"
)
def test_every_follow_up_of_the_set_says_what_changed_or_what_can(one: FollowUp) -> None:
    if "declined" not in one.wanted:
        assert follow(one.first, one.sentence).notes[0].startswith("Changed: ")
        return
    with pytest.raises(NothingFitsError) as caught:
        follow(one.first, one.sentence)
    assert "speed, title or colour" in caught.value.hint


@pytest.mark.parametrize(
    ("first", "sentence", "name", "colour"),
    [
        ("unit circle, sine and cosine of 60 degrees", "make the circle red", "circle", "RED"),
        (PLANE, "make the grid dark green", "plane", "GREEN_E"),
        ("a pendulum of length 2 m", "the ball in pink", "bob", "PINK"),
        (SECANT, "make the curve orange", "curve", "ORANGE"),
    ],
)
def test_thing_is_found_by_what_it_is(first: str, sentence: str, name: str, colour: str) -> None:
    draft = follow(first, sentence)
    assert draft.code.origin.parameters["things"] == {name: colour}
    thing = find_thing(draft.code.source, name)
    assert thing is not None and colour in read_colours(thing)
    assert f"from manim import {colour}" in draft.code.source or f"    {colour},\n" in (
        draft.code.source
    )


@pytest.mark.render
@pytest.mark.parametrize("first", ["unit circle, 60 degrees", "tensor of shape (2, 2, 2)"])
def test_white_background_leaves_everything_legible(first: str, tmp_path: Path) -> None:
    path = tmp_path / "white.py"
    path.write_text(follow(first, "white background").code.source, "utf-8")
    seen = rehearse(load_scene(path)[1])
    assert seen.background == (1.0, 1.0, 1.0)
    assert not [f for f in check_layout(seen) if f.rule == "layout-low-contrast"]


def test_background_can_be_changed_again_and_other_changes_stay() -> None:
    draft = follow(PLANE, "white background", "slower", "dark blue background")
    assert draft.code.source.count("self.camera.background_color") == 1
    assert draft.code.origin.parameters["speed"] == 0.625
    assert "the background is dark blue" in draft.notes[0]


def test_follow_ups_add_up_and_later_ones_win() -> None:
    draft = follow(
        PLANE, "slower", "make the grid orange", "call it Shear", "make the orange ones teal",
        "use the matrix [[1, 1], [0, 1]]", "twice as fast", "call it Shear again",
    )  # fmt: skip
    values = draft.code.origin.parameters
    assert values["speed"] == 1.25 and values["title"] == "Shear again"
    assert values["things"] == {"plane": "TEAL"} and values["MATRIX"] == [[1, 1], [0, 1]]
    assert "TEAL" in draft.code.source and "ORANGE" not in draft.code.source
    assert draft.code.source.count("def compile_animations") == 1
    assert "label('Shear again', 40)" in draft.code.source


@pytest.mark.render
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
