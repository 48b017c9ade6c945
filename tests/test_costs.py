"""A scene that takes too long to draw is known before, made cheaper, or handed back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.autofix.costs import (
    check_cost,
    estimate_drawing_s,
    propose_coarser,
)
from shaperotator_magic.core.records import CheckedScene, Rehearsal
from shaperotator_magic.pipeline.drafts import Draft, Stage, prepare_draft
from shaperotator_magic.rendering.worker.worker import Worker
from tests.scenes import build_construct, build_request

DEAR = Rehearsal(frames=1000, faces=6000, face_frames=6_000_000)
CHEAP = Rehearsal(frames=1000, faces=600, face_frames=600_000)


def test_cost_within_the_budget_is_no_finding() -> None:
    assert estimate_drawing_s(CHEAP) == pytest.approx(16.2)
    assert check_cost(CHEAP) == []
    assert list(propose_coarser("Surface(f)", CHEAP)) == []


def test_cost_beyond_the_budget_says_how_much_and_what_to_do() -> None:
    (finding,) = check_cost(DEAR)
    assert (finding.rule, finding.severity) == ("cost-faces", "warning")
    assert "6000 faces in space and 1000 frames: about 162 s" in finding.message
    assert "resolution" in finding.hint
    assert "\n" not in finding.message + finding.hint


@pytest.mark.parametrize(
    ("source", "coarser"),
    [
        ("s = Sphere(radius=2)", "s = Sphere(radius=2, resolution=(11, 6))"),
        ("s = Surface(f, resolution=40)", "s = Surface(f, resolution=(19, 19))"),
        (
            "s = axes.plot_surface(f, resolution=(30, 20))",
            "s = axes.plot_surface(f, resolution=(14, 9))",
        ),
        ("a = Arrow3D(ORIGIN, UP)", "a = Arrow(ORIGIN, UP, buff=0)"),
        (
            "a = Arrow3D(start=a, end=b, color=RED, resolution=8)",
            "a = Arrow(start=a, end=b, color=RED, buff=0)",
        ),
    ],
)
def test_propose_coarser_changes_the_call_alone(source: str, coarser: str) -> None:
    assert [edit.source for edit in propose_coarser(source, DEAR)] == [coarser]


@pytest.mark.parametrize(
    "source",
    ["s = Surface(f, resolution=n)", "s = Surface(f, **kw)", "a = Arrow3D(*ends, 1)", "c = Cube()"],
)
def test_propose_coarser_leaves_what_it_cannot_read(source: str) -> None:
    assert list(propose_coarser(source, DEAR)) == []


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    worker = Worker()
    request = build_request(tmp_path_factory.mktemp("media"), fps=60)

    def rehearse(scene: CheckedScene) -> Rehearsal:
        return worker.rehearse(scene, request, variables={})

    yield Stage(rehearse, Api(worker.describe_manim(request)))
    worker.close()


def prepare(resolution: str, stage: Stage) -> Draft:
    body = (
        "n = 20\n"
        f"s = Surface(lambda u, v: np.array([u, v, u * v]), resolution={resolution})\n"
        "self.add(s)\n"
        "self.move_camera(phi=1, theta=2, run_time=60)\n"
        "self.wait(20)"
    )
    return prepare_draft(build_construct(body, "ThreeDScene").code, stage)


@pytest.mark.render
def test_prepare_draft_makes_a_dear_scene_cheaper_and_says_so(stage: Stage) -> None:
    draft = prepare("(24, 20)", stage)
    assert draft.rehearsal is not None
    assert draft.rehearsal.failure is None
    assert "resolution=(21, 18)" in draft.scene.code.source
    # One picture of a wait is drawn, and every picture of a move.
    assert draft.rehearsal.face_frames == 3601 * draft.rehearsal.faces == 3601 * 21 * 18
    assert check_cost(draft.rehearsal) == []
    told = [f.message for f in draft.scene.findings if f.rule.endswith("-cost")]
    assert told == ["Mended: surfaces have fewer faces, to draw in time."]
    assert draft.flaws == ()


@pytest.mark.render
def test_prepare_draft_hands_a_dear_scene_back_where_it_knows_no_edit(stage: Stage) -> None:
    draft = prepare("(n, n + 4)", stage)
    assert [flaw.rule for flaw in draft.flaws] == ["cost-faces"]
