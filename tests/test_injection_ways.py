"""Hostile scenes by every way in which code comes into a real kernel: none runs, none takes a name.

The scenes pass the checks: what holds them is the proof and the assembly.
"""

from __future__ import annotations

import ast
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from benchmarks.kernels import Kernel, Running, start_kernel
from shaperotator_magic.core.records import Attempt, Generation, Origin, Prompt, SceneCode
from shaperotator_magic.notebook.card.bundle import build_bundle
from shaperotator_magic.testing import RecordedModelServer
from tests.fakes import build_checked
from tests.injecting import CORPUS, read_scenes

pytestmark = pytest.mark.kernel

# One of each kind that ran something, or changed what is not the scene's, before it was closed.
NAMES = (
    "enum_keys_solve", "hook_converted_user", "deco_lru_errcall", "manim_scene_function", "name_i1",
)  # fmt: skip
SCENES = {name: read_scenes(CORPUS / "injection_new")[name] for name in NAMES}
SETUP = """%load_ext shaperotator_magic
import builtins, numpy, manim, shaperotator_magic
user_list = [1, 2]
def look():
    return repr((
        {k: id(v) for k, v in vars(builtins).items() if k not in ("input", "_")},
        {k: id(v) for k, v in vars(manim).items()},
        [sorted(vars(manim.smooth)), sorted(vars(manim.Scene)), sorted(vars(manim.Circle))],
        numpy.geterrcall(), user_list,
        {k: id(globals().get(k)) for k in ("In", "Out", "get_ipython", "exit", "user_list")},
        [k for k in globals() if k.startswith("_i1") and not isinstance(globals()[k], str)],
    ))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ways")


@pytest.fixture(scope="module")
def kernel(folder: Path) -> Iterator[Kernel]:
    with start_kernel(folder) as kernel:
        assert kernel.run(SETUP).reply["status"] == "ok"
        yield kernel


@pytest.fixture(params=NAMES)
def scene(request: pytest.FixtureRequest) -> tuple[str, str]:
    return SCENES[request.param]


@pytest.fixture
def line(scene: tuple[str, str]) -> Iterator[str]:
    """The cell's first line, for a model that replies with the scene."""
    with RecordedModelServer(lambda _: f"```python\n{scene[0]}\n```") as server:
        given = " --with user_list" if "user_list" in scene[0] else ""
        options = f"--model m --base-url {server.base_url} --attempts 1 --code-only"
        yield f"%%shaperotate {options}{given}"


@pytest.fixture
def watched(kernel: Kernel) -> Iterator[Callable[[str], Running]]:
    """Run cells; afterwards nothing was printed as a mark, and everything is as it was."""
    before = kernel.value("look()")
    ran: list[Running] = []

    def run(code: str) -> Running:
        ran.append(kernel.run(code))
        return ran[-1]

    yield run
    assert kernel.value("look()") == before
    printed = [
        message["content"]["text"]
        for running in ran
        for _, message in running.messages
        if message["msg_type"] == "stream"
    ]
    assert "RANMARK" not in "".join(printed)


Run = Callable[[str], Running]


def test_cell_refinement_versions_undo_again_and_code_run_nothing(watched: Run, line: str) -> None:
    watched(f"{line}\na small circle")
    watched(f"{line} --refine last\nbigger")
    for command in ("versions", "undo", "again", "rerun", "code", "show", "up nice", "list"):
        watched(f"%shaperotate {command}")
    watched(f"{line}\na small circle like the one before")  # liked: shown as an example


def test_background_runs_nothing(watched: Run, kernel: Kernel, line: str) -> None:
    watched(f"{line} --background\na small circle")
    for _ in range(100):
        status = kernel.value("getattr(globals().get('_shape'), 'status', None)")
        if status in {"'completed'", "'failed'"}:
            break
    watched("pass")  # before a cell, what was waiting is injected


def test_function_runs_nothing(watched: Run, line: str) -> None:
    address = line.partition("--base-url ")[2].partition(" ")[0]
    options = f"model='m', base_url={address!r}, attempts=1, code_only=True"
    watched(
        f"try:\n    r = shaperotator_magic.rotate('a circle', {options})\nexcept Exception: pass"
    )
    watched("globals().pop('r', None) and None")


def test_completion_runs_nothing(watched: Run, kernel: Kernel, line: str) -> None:
    watched(f"{line}\na small circle")
    for text in ("%shaperotate show ", "Attack", "Attack."):
        kernel.client.complete(text, len(text))
    watched("pass")


def test_other_notebook_runs_nothing(watched: Run, folder: Path, scene: tuple[str, str]) -> None:
    origin = Origin(writer="model", model="m")
    code = SceneCode(source=scene[0], scene_name=scene[1], origin=origin)
    generation = Generation(
        generation_id="4dfedc0d", prompt=Prompt(text="A dot"), attempts=(Attempt(code=code),)
    )
    data, metadata = build_bundle(generation, kernel_id="elsewhere")
    cell = nbformat.v4.new_code_cell("%%shaperotate\nA dot")
    cell.outputs = [nbformat.v4.new_output("display_data", data=data, metadata=metadata)]
    path = folder / "sent.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    watched(f"%shaperotate show --from {path} 4dfedc0d")


def test_message_that_chooses_a_version_runs_nothing(
    watched: Run, kernel: Kernel, line: str
) -> None:
    watched(f"{line}\na small circle")
    identifier = ast.literal_eval(kernel.value("getattr(_shape, 'generation_id', '')"))
    session = kernel.client.session
    comm = {"comm_id": f"page-{identifier}", "target_name": "shaperotator"}
    for kind in ("hello", "state", "show", "feedback", "download"):
        data = {"kind": kind, "request": 1, "generation_id": identifier, "id": identifier}
        message = "comm_open" if kind == "hello" else "comm_msg"
        kernel.client.control_channel.send(session.msg(message, {**comm, "data": data}))
    watched("%shaperotate rerun")  # of the version that was chosen


def test_hostile_service_runs_nothing(watched: Run, scene: tuple[str, str]) -> None:
    generation = Generation(
        generation_id="0badc0de",
        prompt=Prompt(text="a circle"),
        status="completed",
        scene=build_checked(*scene),
    )
    event = json.dumps({"type": "done", "generation": generation.model_dump(mode="json")})
    asked: list[str] = []

    class Service(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer(202, '{"task_id": "0", "status": "queued"}')

        def do_GET(self) -> None:
            asked.append(self.path)
            if len(asked) > 1:
                self._answer(
                    404, '{"error": {"type": "GenerationNotFoundError", "message": "No."}}'
                )
            else:
                self._answer(200, f"id: 1\nevent: message\ndata: {event}\n\n")

        def _answer(self, status: int, text: str) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Nothing is logged."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        watched(f"%%shaperotate --remote http://127.0.0.1:{server.server_port}\na small circle")
        server.shutdown()
        thread.join()
    assert asked
