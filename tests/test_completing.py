"""What a model mends of a converted scene: a real client, a real server, real rehearsals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shaperotator_magic.cli import main
from shaperotator_magic.converting.completing import MOST_ROUNDS, replace_definitions
from shaperotator_magic.testing import RecordedModelServer

OLD = """\
from manimlib import *


def read_points(shape):
    return shape.get_shader_data()["point"]


class Corners(Scene):
    def construct(self):
        square = Square()
        self.play(ShowCreation(square))
        dots = VGroup(*(Dot(p) for p in read_points(square)))
        self.play(FadeIn(dots))
        self.wait()
"""
MENDED = "def read_points(shape):\n    return shape.get_vertices()"
HALF_MENDED = "def read_points(shape):\n    return shape.get_all_corners()"
WITHOUT_WAIT = """\
class Corners(Scene):
    def construct(self):
        square = Square()
        self.play(Create(square))
        self.play(FadeIn(square.copy()))
"""
READS_A_FILE = 'def read_points(shape):\n    return eval(open("/etc/passwd").read())'


def fence(code: str) -> str:
    return f"Here it is:\n\n```python\n{code}\n```\n"


def convert(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replies: list[str]
) -> tuple[int, str, list[str]]:
    """Return the exit code, the result and what the model was asked."""
    file, out = tmp_path / "old.py", tmp_path / "new.py"
    file.write_text(OLD)
    with RecordedModelServer([fence(reply) for reply in replies]) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
        data = ["--data-dir", str(tmp_path / "data")]
        code = main(["convert", str(file), "-o", str(out), "--model", "recorded", *data])
        asked = [json.dumps(request.messages) for request in model.requests]
    return code, out.read_text(), asked


@pytest.mark.render
def test_model_mends_what_fails_and_sees_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, made, asked = convert(tmp_path, monkeypatch, [MENDED])
    assert code == 0
    assert len(asked) == 1
    assert "get_shader_data" in asked[0] and "class Corners" in asked[0]
    assert MENDED in made and "get_shader_data" not in made
    assert "Create(square)" in made  # the rest is the converter's
    assert "recorded, round 1 for Corners: its correction is kept" in capsys.readouterr().err


@pytest.mark.render
def test_proposals_that_lose_a_wait_get_no_further_or_are_refused_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [WITHOUT_WAIT, HALF_MENDED, READS_A_FILE]
    code, made, asked = convert(tmp_path, monkeypatch, [*bad, MENDED])
    said = capsys.readouterr().err
    assert code == 3
    assert len(asked) == MOST_ROUNDS == len(bad)
    assert "get_shader_data" in made and "eval" not in made and "self.wait()" in made
    assert "round 1 for Corners: left out: it has other calls of play() and wait()" in said
    assert "round 2 for Corners: left out: it gets no further" in said
    assert "round 3 for Corners: left out" in said


def test_scene_that_runs_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_completing.OLD", OLD.replace("read_points(square)", "[LEFT]"))
    code, _, asked = convert(tmp_path, monkeypatch, [])
    assert (code, asked) == (0, [])


def test_definitions_replace_those_of_their_name_and_new_ones_come_before() -> None:
    source = "import math\n\n\ndef a():\n    return 1\n\n\n@cache\ndef b():\n    return a()\n"
    reply = fence("import os\n\ndef c():\n    return 3\n\ndef b():\n    return c()")
    made = replace_definitions(source, reply)
    assert made == (
        "import math\n\n\ndef a():\n    return 1\n\n\n"
        "def c():\n    return 3\n\n\ndef b():\n    return c()\n"
    )
    with pytest.raises(SyntaxError):
        replace_definitions(source, fence("def b(:"))
