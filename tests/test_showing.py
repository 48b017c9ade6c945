"""What a scene makes and never shows is shown; what shows nothing is said so."""

from __future__ import annotations

import ast

import pytest

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.autofix.showing import NOTHING_SEEN, check_showing, show_made
from shaperotator_magic.core.records import Moment, Rehearsal, RehearsalFailure

HEAD = "from manim import *\n\nclass S(Scene):\n    def construct(self):\n"


def write(body: str) -> str:
    return HEAD + "\n".join(f"        {line}" for line in body.splitlines()) + "\n"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("c = Circle()", "FadeIn(c)"),
        ("c = Circle().shift(UP)\nt = Text('a')", "FadeIn(c), FadeIn(t)"),
        ("a = Dot()\ng = VGroup(a)", "FadeIn(g)"),
    ],
)
def test_show_made_fades_in_what_was_never_shown(body: str, shown: str, api: Api) -> None:
    mend = show_made(write(body), "S", api, is_blank=False)
    assert mend is not None
    ast.parse(mend.source)
    assert f"self.play({shown})" in mend.source


@pytest.mark.parametrize(
    "body",
    [
        "c = Circle()\nself.add(c)",
        "x = ValueTracker(1)",
        "n = 3",
        "self.add(Dot())\na = Dot()\nself.b = a.copy()",
        "c = Circle()\nself.show(c)",
    ],
)
def test_show_made_leaves_alone_what_is_shown(body: str, api: Api) -> None:
    assert show_made(write(body), "S", api, is_blank=False) is None


def test_show_made_of_a_blank_scene_shows_what_helped_to_make_others(api: Api) -> None:
    source = write("axes = Axes()\nlabels = axes.get_axis_labels()")
    mend = show_made(source, "S", api, is_blank=True)
    assert mend is not None and "FadeIn(axes)" in mend.source
    assert show_made(source, "S", api, is_blank=False) is None


def test_check_showing_names_what_is_missing() -> None:
    empty = Moment(play=0, at=1)
    seen = empty.model_copy(update={"things": (0,)})
    failure = RehearsalFailure(message="no")
    assert [f.rule for f in check_showing(Rehearsal(moments=(empty,)))] == [NOTHING_SEEN]
    assert [f.rule for f in check_showing(Rehearsal(moments=(seen,)))] == ["nothing-moves"]
    assert check_showing(Rehearsal(plays=1, moments=(seen,))) == []
    assert check_showing(Rehearsal(moments=(empty,), failure=failure)) == []


def list_moments(*plays: tuple[bool, bool]) -> tuple[Moment, ...]:
    """Return moments of animations: is there one within, and is something to be seen in it."""
    found = []
    for number, (has_middle, is_seen) in enumerate(plays):
        things = (0,) if is_seen else ()
        found += [Moment(play=number, at=0.5, things=things)] if has_middle else []
        found.append(Moment(play=number, at=1, things=things))
    return tuple(found)


TITLE, FADE = (False, True), (False, False)
MOVES_UNSEEN, MOVES, FLASH = (True, False), (True, True), (False, False)


@pytest.mark.parametrize(
    ("plays", "unseen"),
    [
        ([TITLE, FADE, MOVES_UNSEEN, MOVES_UNSEEN], 2),
        ([TITLE, FADE, MOVES_UNSEEN], 0),
        ([TITLE, FADE, MOVES_UNSEEN, MOVES], 0),
        ([TITLE, MOVES, MOVES, MOVES, FADE, MOVES_UNSEEN, MOVES_UNSEEN], 0),
        ([TITLE, FADE, FLASH, FLASH, FLASH], 0),
    ],
)
def test_animations_on_an_empty_screen_to_the_end_are_found(
    plays: list[tuple[bool, bool]], unseen: int
) -> None:
    found = check_showing(Rehearsal(plays=len(plays), moments=list_moments(*plays)))
    said = [f"The last {unseen} of {len(plays)} animations play on an empty screen."]
    assert [finding.message for finding in found] == (said if unseen else [])
