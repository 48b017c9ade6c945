"""A notebook that was made elsewhere, opened where nothing is kept: its results are drawn again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from shaperotator_magic.core.errors import GenerationNotFoundError
from shaperotator_magic.core.records import Attempt, Generation, Origin, Prompt, SceneCode, Variable
from shaperotator_magic.notebook.card.bundle import build_bundle
from shaperotator_magic.notebook.card.mime import MIME_TYPE
from shaperotator_magic.notebook.commands.opening import find_facts, find_notebook

SOURCE = """from manim import *

class Dot1(Scene):
    def construct(self):
        self.add(Dot(radius=A))
        self.wait(1)
"""


def build_cell(generation_id: str, source: str, style: str = "") -> Any:
    code = SceneCode(source=source, scene_name="Dot1", origin=Origin(writer="model", model="gpt-5"))
    generation = Generation(
        generation_id=generation_id,
        prompt=Prompt(text="A <b>dot</b>", variables=(Variable(name="A", type_name="int"),)),
        attempts=(Attempt(code=code),),
    )
    data, metadata = build_bundle(generation, kernel_id="elsewhere")
    data[MIME_TYPE]["style"] = style
    data[MIME_TYPE]["made_with"] = {"manim": "0.19.0"}
    cell = nbformat.v4.new_code_cell("%%shaperotate --with A\nA dot")
    cell.outputs = [nbformat.v4.new_output("display_data", data=data, metadata=metadata)]
    return cell


@pytest.fixture(scope="module")
def touched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is there only if the hostile scene was run."""
    return tmp_path_factory.mktemp("touched") / "x"


@pytest.fixture(scope="module")
def hostile(touched: Path) -> str:
    return SOURCE.replace("self.wait(1)", f"__import__('os').system('touch {touched}')")


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory, hostile: str) -> Path:
    path = tmp_path_factory.mktemp("sent") / "lesson.ipynb"
    cells = [build_cell("0badc0de", hostile), build_cell("4dfedc0d", SOURCE)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


class Kernel:
    def __init__(self, client: BlockingKernelClient) -> None:
        self._client = client

    def run(self, code: str) -> tuple[dict[str, Any], str]:
        """Execute a cell; returns the facts that it showed last, and the error's name."""
        facts: dict[str, Any] = {}
        errors: list[str] = []

        def look(message: dict[str, Any]) -> None:
            content = message["content"]
            facts.update(content.get("data", {}).get(MIME_TYPE) or {})
            if message["msg_type"] == "error":
                errors.append(f"{content['ename']}: {content['evalue']}")
            facts["stdout"] = facts.get("stdout", "") + content.get("text", "")

        self._client.execute_interactive(code, output_hook=look, timeout=600)
        return facts, " ".join(errors)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a machine that keeps nothing yet."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def kernel(machine: Path, lesson: Path) -> Iterator[Kernel]:
    """A kernel as JupyterLab starts it for the notebook."""
    said = {"SHAPEROTATOR_DATA_DIR": str(machine), "JPY_SESSION_NAME": str(lesson)}
    manager, client = start_new_kernel(startup_timeout=600, env={**os.environ, **said})
    kernel = Kernel(client)
    kernel.run("%load_ext shaperotator_magic")
    yield kernel
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.kernel
def test_show_draws_what_a_notebook_from_elsewhere_holds(kernel: Kernel, lesson: Path) -> None:
    _, missing = kernel.run("%shaperotate show")
    assert "no variable 'A'" in missing
    facts, error = kernel.run("A = 1\n%shaperotate show")
    assert error == ""
    assert (facts["id"], facts["status"], facts["prompt"]) == (
        "4dfedc0d", "completed", "A <b>dot</b>",
    )  # fmt: skip
    assert facts["video"]["duration"] == pytest.approx(1.0, abs=0.1)
    assert facts["model"] == "gpt-5" and facts["code"] == SOURCE
    assert "made with manim 0.19.0" in facts["notes"][0]
    # A stranger's code is not in the kernel, however one goes on.
    kernel.run("%shaperotate rerun")
    kernel.run("None")
    assert kernel.run("print('Dot1' in globals())")[0]["stdout"] == "False\n"
    # Kept from now on.
    listed, _ = kernel.run("%shaperotate show --from nowhere.ipynb 4dfedc0d")
    assert "id" not in listed
    assert kernel.run("%shaperotate show 4dfedc0d")[0]["video"]["sha256"]


@pytest.mark.kernel
def test_result_in_a_pack_says_that_the_pack_is_missing_and_is_drawn_in_it_once_it_is_there(
    kernel: Kernel, machine: Path, tmp_path: Path
) -> None:
    sent = tmp_path / "sent.ipynb"
    cell = build_cell("5e2a6d0c", SOURCE, "seminar")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), sent)
    show = f"A = 1\n%shaperotate show --from '{sent}' 5e2a6d0c"
    plain, error = kernel.run(show)
    assert (error, plain["status"], plain["style"]) == ("", "completed", "")
    said = [note for note in plain["notes"] if "style seminar, which this machine has not" in note]
    assert len(said) == 1 and f"put that pack into {machine / 'styles'}" in said[0]
    again, _ = kernel.run(show)
    assert again["video"]["sha256"] == plain["video"]["sha256"] and again["notes"] == said
    (machine / "styles" / "seminar").mkdir(parents=True)
    pack = machine / "styles" / "seminar" / "style.yaml"
    pack.write_text("colors: {background: '#203040'}\n")
    drawn, error = kernel.run(show)
    assert (error, drawn["style"]) == ("", "seminar")
    assert drawn["video"]["sha256"] != plain["video"]["sha256"]
    assert "has not" not in "".join(drawn["notes"])
    pack.unlink()
    pack.parent.rmdir()
    _, error = kernel.run("%shaperotate rerun")
    assert "The style seminar, in which this was drawn, is no longer on this machine." in error


@pytest.mark.kernel
def test_show_refuses_code_that_does_more_than_draw(
    kernel: Kernel, lesson: Path, hostile: str, touched: Path
) -> None:
    facts, error = kernel.run(f"A = 1\n%shaperotate show --from '{lesson}' 0bad")
    assert "CheckFailedError" in error
    assert (facts["status"], facts["code"]) == ("failed", hostile)
    assert facts["notes"] == ["From lesson.ipynb. Nothing of it was run."]
    assert not touched.exists()


def test_find_facts_names_what_the_notebook_holds(lesson: Path, hostile: str) -> None:
    assert find_facts(lesson, None)["id"] == "4dfedc0d"
    assert find_facts(lesson, "0bad")["code"] == hostile
    with pytest.raises(GenerationNotFoundError) as caught:
        find_facts(lesson, "ffffffff")
    assert "0badc0de, 4dfedc0d" in caught.value.hint


@pytest.mark.parametrize("said", ["JPY_SESSION_NAME", "__vsc_ipynb_file__", "renamed", None])
def test_find_notebook_asks_the_front_end(
    said: str | None, lesson: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    where = {"renamed": str(tmp_path / "old.ipynb"), None: "a console"}.get(said, str(lesson))
    variables = {"__vsc_ipynb_file__": where} if said == "__vsc_ipynb_file__" else {}
    environ = {} if variables else {"JPY_SESSION_NAME": where}
    found = find_notebook(variables, environ)
    assert found == (lesson if where == str(lesson) else None)


def test_identifiers_of_a_notebook_are_found_without_nbformat(lesson: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from shaperotator_magic.notebook.commands.opening import find_facts\n"
        "from shaperotator_magic.core.errors import ShapeRotatorError\n"
        f"path = pathlib.Path({str(lesson)!r})\n"
        "try: find_facts(path, 'nosuch', shown=['4a1fbeef'])\n"
        "except ShapeRotatorError as exc: print(exc.hint, 'nbformat' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "It holds: 0badc0de, 4dfedc0d, 4a1fbeef. False\n"
