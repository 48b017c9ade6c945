"""Cells that the library declines: the card says it once, the cells below run, and what helps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbclient import NotebookClient

import shaperotator_magic
from shaperotator_magic.core.errors import (
    ConfigurationError,
    GenerationNotFoundError,
    NothingFitsError,
)
from shaperotator_magic.core.records import Prompt
from shaperotator_magic.notebook.card.mime import MIME_TYPE
from shaperotator_magic.notebook.session.session import NotebookSession
from shaperotator_magic.testing import RecordedModelServer
from shaperotator_magic.writing.library.library import LibraryDraft, SceneLibrary
from shaperotator_magic.writing.library.scene_files import load_scenes
from shaperotator_magic.writing.model.local_models import LocalServer
from tests.fakes import FakeRenderer

REPLY = """```python
from manim import *

class Dot(Scene):
    def construct(self):
        self.play(Create(Circle()))
```"""
NEAR = "covariance: eigenvectors of [[3, 1], [1, 2]]"
EXAMPLE = "What are eigenvectors and eigenvalues of a matrix?"
STRANGE = "what is the capital of France"

Run = Callable[..., Any]


class PickyLibrary(SceneLibrary):
    """Declines one sentence, however well it fits."""

    def write(self, prompt: Prompt, variables: Mapping[str, Any] | None = None) -> LibraryDraft:
        if prompt.text == NEAR:
            raise NothingFitsError("No.", understood="'covariance'", nearest=[EXAMPLE])
        return super().write(prompt, variables)


@pytest.fixture
def session(shell: InteractiveShell) -> NotebookSession:
    """The session of the shell's magics; it draws nothing, and no server answers."""
    session = shell.magics_manager.registry["ShapeRotatorMagics"].session
    session.pipeline.renderers["worker"] = FakeRenderer()
    session.pipeline.find_servers = tuple
    session.pipeline._library = PickyLibrary(load_scenes())
    return session


@pytest.fixture
def run(shell: InteractiveShell) -> Run:
    """Run a cell or, with one argument, a command; returns what was displayed last."""

    def run(line: str, cell: str | None = None) -> Any:
        with capture_output() as captured:
            if cell is None:
                return shell.run_line_magic("shaperotate", line)
            shell.run_cell_magic("shaperotate", line, cell)
        return captured.outputs[-1].data if captured.outputs else {}

    return run


def last_html(session: NotebookSession) -> str:
    assert session.last is not None
    return str(session.build_bundle(session.last)[0]["text/html"])


def test_declined_cell_raises_nothing_and_its_card_proposes_sentences(
    session: NotebookSession, run: Run
) -> None:
    run("--offline", NEAR)
    assert session.last is not None and session.last.status == "failed"
    html = last_html(session)
    assert "&#x27;covariance&#x27;" in html and EXAMPLE in html
    assert 'data-sr-instead="1"' in html and "It has scenes on" not in html


def test_function_still_raises(clean_environment: Path) -> None:
    with pytest.raises(NothingFitsError):
        shaperotator_magic.rotate(STRANGE, offline=True)


@pytest.mark.render
def test_proposed_sentence_runs_in_its_stead(session: NotebookSession, run: Run) -> None:
    run("--offline --name Mine", NEAR)
    declined = session.last
    assert declined is not None and declined.error is not None
    run(f"instead {declined.generation_id} 1")
    made = session.last
    assert made is not None and made.status == "completed"
    assert made.prompt.text == EXAMPLE
    assert made.scene is not None and made.scene.code.scene_name == "Mine"


def test_proposal_that_there_is_not_is_named(session: NotebookSession, run: Run) -> None:
    run("--offline", STRANGE)
    with pytest.raises(GenerationNotFoundError, match="has 0 proposals, and no number 1"):
        run("instead")


# --- another scene --------------------------------------------------------------------


@pytest.mark.render
def test_again_gives_another_scene_of_the_library_or_says_that_there_is_none(
    session: NotebookSession, run: Run
) -> None:
    run("--offline", "eigenvectors of a matrix")
    shown = []
    for _ in range(8):
        assert session.last is not None
        if session.last.scene is None:
            break
        shown.append(session.last.scene.code.origin.library_scene)
        run("again")
    assert session.last is not None and session.last.error is not None
    assert "no other scene" in session.last.error.message
    assert len(set(shown)) == len(shown)


# --- models on this machine -----------------------------------------------------------


@pytest.mark.render
def test_model_on_this_machine_is_named_and_taken_by_one_line(
    session: NotebookSession, run: Run, shell: InteractiveShell
) -> None:
    with RecordedModelServer([REPLY]) as server:
        found = LocalServer("Ollama", server.base_url, ("llama3.2",))
        session.pipeline.find_servers = lambda: (found,)
        run("--offline", STRANGE)
        assert session.last is not None
        assert 'data-sr-use="llama3.2"' in last_html(session)
        assert "%shaperotate use llama3.2" in last_html(session)
        said = run(f"use llama3.2 {session.last.generation_id}")
        assert said == f"From now on llama3.2 writes (Ollama, {server.base_url})."
    assert session.last.status == "completed" and session.last.prompt.text == STRANGE
    magics = shell.magics_manager.registry["ShapeRotatorMagics"]
    assert (magics.model, magics.base_url) == ("llama3.2", server.base_url)


def test_use_alone_lists_and_a_model_that_is_not_there_is_named(
    session: NotebookSession, run: Run
) -> None:
    assert "No server answers here" in str(run("use"))
    session.pipeline.find_servers = lambda: (LocalServer("Ollama", "http://x/v1", ("a", "b")),)
    assert "http://x/v1" in str(run("use"))
    with pytest.raises(ConfigurationError, match="offers a model 'c'") as caught:
        run("use c")
    assert caught.value.hint == "There are: a, b."


def test_environment_that_has_the_library_write_is_said(
    session: NotebookSession, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.pipeline.find_servers = lambda: (LocalServer("Ollama", "http://x/v1", ("a",)),)
    monkeypatch.setenv("SHAPEROTATOR_OFFLINE", "1")
    with pytest.raises(ConfigurationError, match="has the built-in library write"):
        run("use a")


# --- a whole notebook -----------------------------------------------------------------


@pytest.mark.kernel
def test_run_all_over_declined_cells_ends_and_each_says_it_once(clean_environment: Path) -> None:
    sentences = [STRANGE, "a recipe for an omelette", "who won the election in Portugal"]
    sources = ["%load_ext shaperotator_magic"]
    for sentence in sentences:
        sources += [f"%%shaperotate --offline\n{sentence}", "print('went on')"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    NotebookClient(notebook, timeout=200).execute()
    for number, sentence in enumerate(sentences):
        declined, after = notebook.cells[2 * number + 1], notebook.cells[2 * number + 2]
        (output,) = declined.outputs
        facts = output["data"][MIME_TYPE]
        assert (facts["status"], facts["error"]["type"]) == ("failed", "NothingFitsError")
        assert output["data"]["text/html"].count("has no scene for this sentence") == 1
        assert facts["prompt"] == sentence
        assert after.outputs[0].text == "went on\n"
