"""Cells that follow up on a result, in a real shell: variables, versions, refining."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from shaperotator_magic.core.errors import (
    ConfigurationError,
    GenerationNotFoundError,
    ParameterError,
    VariableError,
)
from shaperotator_magic.notebook.card.mime import MIME_TYPE
from shaperotator_magic.notebook.session.session import NotebookSession
from shaperotator_magic.testing import RecordedModelServer
from tests.fakes import FakeRenderer

pytestmark = pytest.mark.render

REPLY = """```python
from manim import *

class Numbers(Scene):
    def construct(self):
        self.play(Write(Text(str(A))))
```"""


@pytest.fixture
def session(shell: InteractiveShell) -> NotebookSession:
    """The session of the shell's magics; it draws nothing."""
    session = shell.magics_manager.registry["ShapeRotatorMagics"].session
    session.pipeline.renderers["worker"] = FakeRenderer()
    return session


def run(shell: InteractiveShell, line: str, cell: str = "Draw A.") -> None:
    with capture_output():
        shell.run_cell_magic("shaperotate", line, cell)


def command(shell: InteractiveShell, line: str) -> Any:
    with capture_output():
        return shell.run_line_magic("shaperotate", line)


def read_notes(session: NotebookSession) -> list[str]:
    assert session.last is not None
    notes: list[str] = session.build_bundle(session.last)[0][MIME_TYPE]["notes"]
    return notes


# --- variables ------------------------------------------------------------------------


@pytest.mark.parametrize("is_sent", [False, True])
def test_values_reach_the_model_only_with_send_values(
    shell: InteractiveShell, session: NotebookSession, is_sent: bool
) -> None:
    shell.user_ns["A"] = np.array([[7.25, 1.0], [0.0, 31.5]])
    with RecordedModelServer([REPLY]) as server:
        line = f"--model m --base-url {server.base_url} --with A --attempts 1"
        run(shell, line + (" --send-values" if is_sent else ""))
        asked = str(server.requests[0].body)
    assert "A (numpy.ndarray, shape (2, 2)): dtype float64" in asked
    assert ("7.25" in asked, "31.5" in asked) == (is_sent, is_sent)
    told = [note for note in read_notes(session) if "Values were sent to m" in note]
    assert bool(told) == is_sent
    # Drawn with the value either way.
    drawn = session.pipeline.renderers["worker"].variables[-1]["A"]
    assert drawn[0, 0] == 7.25


def test_large_value_is_cut_and_the_card_says_so(
    shell: InteractiveShell, session: NotebookSession
) -> None:
    shell.user_ns["A"] = list(range(5000))
    with RecordedModelServer([REPLY]) as server:
        run(shell, f"--model m --base-url {server.base_url} --with A --send-values --attempts 1")
        asked = server.requests[0].user_texts[-1]
    assert len(asked) < 2500
    assert "It begins with:\n[0, 1, 2" in asked
    assert "A (2000 of 28890 characters)" in read_notes(session)[0]


@pytest.mark.parametrize("flag", ["", "--send-values"])
def test_refused_type_is_named_before_the_model_is_asked(
    shell: InteractiveShell, session: NotebookSession, flag: str
) -> None:
    shell.user_ns["A"] = [open]
    with RecordedModelServer([REPLY]) as server, pytest.raises(VariableError, match="A holds a "):
        run(shell, f"--model m --base-url {server.base_url} --with A {flag}")
    assert server.requests == []


def test_send_values_for_the_library_sends_nothing(
    shell: InteractiveShell, session: NotebookSession
) -> None:
    shell.user_ns["A"] = 4
    run(shell, "--offline --with A --send-values", "the determinant as an area")
    assert not any("sent" in note for note in read_notes(session))


def test_send_values_without_a_variable_is_refused(
    shell: InteractiveShell, session: NotebookSession
) -> None:
    with pytest.raises(ConfigurationError, match="names no variable"):
        run(shell, "--send-values --offline")


def test_rerun_draws_with_todays_values_and_asks_nobody(
    shell: InteractiveShell, session: NotebookSession
) -> None:
    renderer = session.pipeline.renderers["worker"]
    shell.user_ns["A"] = 1
    with RecordedModelServer([REPLY]) as server:
        run(shell, f"--model m --base-url {server.base_url} --with A --attempts 1")
        shell.user_ns["A"] = 2
        command(shell, "rerun")
        assert len(server.requests) == 1
    assert [drawn["A"] for drawn in renderer.variables] == [1, 2]
    del shell.user_ns["A"]
    with pytest.raises(VariableError, match="no variable 'A'"):
        command(shell, "rerun")


# --- versions -------------------------------------------------------------------------


def test_refine_alone_means_the_last_result(
    shell: InteractiveShell, session: NotebookSession
) -> None:
    run(shell, "--offline", "the matrix [[2, 1], [1, 2]] on the plane")
    first = session.last
    run(shell, "--refine --offline", "use the matrix [[1, 1], [0, 1]]")
    second = session.last
    assert first is not None and second is not None
    assert second.prompt.parent == first.generation_id
    assert second.scene is not None and "[[1, 1], [0, 1]]" in second.scene.code.source
    # A follow-up that failed is no picture: the next one goes on from the last that is.
    run(shell, "--refine", "what is the capital of France")
    assert session.last is not None and session.last.status == "failed"
    run(shell, "--refine", "use the matrix [[0, -1], [1, 0]]")
    assert session.last is not None and session.last.prompt.parent == second.generation_id


def test_refine_alone_without_a_result_says_so(
    shell: InteractiveShell, session: NotebookSession
) -> None:
    with pytest.raises(GenerationNotFoundError, match="Nothing was generated yet"):
        run(shell, "--refine", "make it red")


def test_compare_and_undo_show_the_version_before(
    shell: InteractiveShell, session: NotebookSession
) -> None:
    run(shell, "--offline --name Plane", "the matrix [[2, 1], [1, 2]] on the plane")
    run(shell, "--refine Plane", "use the matrix [[1, 1], [0, 1]]")
    assert session.last is not None
    shown = command(shell, "compare").data
    assert shown.count("<video") == 2
    parent = session.last.prompt.parent
    command(shell, "undo")
    assert session.last.generation_id == parent


# --- other values ---------------------------------------------------------------------

SUMS = "Riemann sum of x^2 from 0 to 3 with 6 rectangles"


def test_set_command_is_a_version_and_the_last_result(
    shell: InteractiveShell, session: NotebookSession
) -> None:
    run(shell, "--offline", SUMS)
    first = session.last
    command(shell, "set RECTANGLES=9 F=sin(x) + 1")
    assert first is not None and session.last is not None
    assert session.last.prompt.text == "RECTANGLES 6 → 9, F x² → sin(x) + 1"
    assert session.last.prompt.parent == first.generation_id
    command(shell, f"set {first.generation_id} END=2")
    assert session.last.prompt.values == {"END": 2}
    command(shell, "set END=3")
    assert session.last.generation_id == first.generation_id


def test_last_result_takes_values_and_shows_itself(
    shell: InteractiveShell, session: NotebookSession
) -> None:
    run(shell, "--offline", SUMS)
    made = shell.user_ns["_shape"].set(RECTANGLES=7)
    assert made.prompt.values == {"RECTANGLES": 7}
    assert MIME_TYPE in made._repr_mimebundle_()[0]
    assert made.set(END=1).prompt.values == {"RECTANGLES": 7, "END": 1}
    assert session.last is not None and session.last.prompt.values == {"RECTANGLES": 7, "END": 1}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("set RECTANGLES=99", "RECTANGLES may be 40 at most."),
        ("set RECTANGELS=9", "The scene has no parameter RECTANGELS."),
        ("set F=foo(x)", "F is a formula in x; 'foo(x)' is none."),
        ("set", "No parameter is set."),
    ],
)
def test_set_command_refuses_in_one_sentence_and_keeps_the_last_result(
    shell: InteractiveShell, session: NotebookSession, line: str, said: str
) -> None:
    run(shell, "--offline", SUMS)
    last = session.last
    with pytest.raises(ParameterError, match=re.escape(said)):
        command(shell, line)
    assert session.last is last
