"""Who wrote a scene and from what: the same words on the card, the page and the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from shaperotator_magic.cli import main
from shaperotator_magic.core.provenance import describe_writer
from shaperotator_magic.core.records import COMPOSED, Origin, SceneCode


def build(**parameters: object) -> SceneCode:
    origin = Origin(
        writer="library", library_scene="matrix_on_plane", score=0.93, parameters=parameters
    )
    return SceneCode(source="", scene_name="S", origin=origin)


def test_scene_of_the_library_is_said_with_its_match_and_values() -> None:
    assert describe_writer(build(MATRIX=[[0, -1], [1, 0]], speed=0.5)) == [
        "Built-in library: matrix_on_plane",
        "match 0.93",
        "read: MATRIX = [[0, -1], [1, 0]], speed = 0.5",
    ]


def test_scene_without_values_is_its_own_example() -> None:
    assert describe_writer(build())[-1] == "nothing read, so its own example"
    origin = Origin(writer="library", library_scene=COMPOSED, score=1.0)
    composed = SceneCode(source="", scene_name="S", origin=origin)
    assert describe_writer(composed)[-1] == "match 1.00"


def test_command_line_says_scene_and_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = "eigenvectors of the matrix [[2, 1], [1, 2]]"
    assert main(["generate", sentence, "--code-only", "-o", str(tmp_path / "scene.py")]) == 0
    said = capsys.readouterr().err
    assert "Built-in library: matrix_on_plane · match " in said
    assert said.count("MATRIX = [[2, 1], [1, 2]]") == 1


def test_command_line_that_declines_says_what_it_understood_and_can_draw(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["generate", "the Eiffel tower in the weather"]) == 2
    said = capsys.readouterr().err
    assert "has no scene for this sentence" in said
    assert "Scenes on Mathematics: " in said or 'It can draw: "' in said
    assert "--model " in said
