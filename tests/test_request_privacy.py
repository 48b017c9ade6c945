"""What leaves the machine in requests of a real kernel: first ask, repair, refinement."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from benchmarks.kernels import start_kernel
from shaperotator_magic.testing import RecordedModelServer

pytestmark = pytest.mark.kernel

KEY = "sk-proj-4Qz81LwmN7"
SCENE = """```python
from manim import *

class Ring(Scene):
    def construct(self):
        ring = Circle({})
        self.play(Create(ring), run_time=0.3)
        {}
        self.wait(0.2)
```"""
REPLIES = (
    SCENE.format("", "ring.set_radius_of_all(len(amounts))"),
    SCENE.format("color=BLUE", "ring.scale(len(amounts) / 5)"),
    SCENE.format("color=RED", "ring.scale(len(amounts) / 5)"),
)
CELLS = (
    "%load_ext shaperotator_magic",
    "import os\namounts = [40117, 52291, 61133]\npatient_names = ['Ada Moravec']\n"
    "db_password = 'tulip-9914'\nhome_now = os.path.expanduser('~')",
)


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The bodies of the three requests, as JSON."""
    folder = tmp_path_factory.mktemp("notebooks-of-marisol")
    home = folder / "marisol-home"
    home.mkdir()
    with (
        RecordedModelServer(REPLIES, key=KEY) as server,
        start_kernel(folder, OPENAI_API_KEY=KEY, HOME=str(home)) as kernel,
    ):
        for cell in CELLS:
            kernel.run(cell)
        line = f"%%shaperotate --model m --base-url {server.base_url} -r 128x72 --fps 5"
        first = kernel.run(f"{line} --with amounts\na ring", timeout_s=600)
        assert 'data-sr-status="completed"' in first.html, first.html[-2000:]
        second = kernel.run(f"{line} --with amounts --refine\nmake it red", timeout_s=600)
        assert 'data-sr-status="completed"' in second.html, second.html[-2000:]
        assert all(request.has_key for request in server.requests)
        yield [json.dumps(dict(request.body), ensure_ascii=False) for request in server.requests]


def test_requests_are_a_first_ask_a_repair_and_a_refinement(bodies: list[str]) -> None:
    assert len(bodies) == 3
    assert "set_radius_of_all" in bodies[1] and "make it red" in bodies[2]


@pytest.mark.parametrize(
    "secret",
    [KEY, "marisol", "notebooks-of", "patient_names", "Moravec", "db_password", "tulip-9914"],
)
def test_key_paths_and_variables_that_were_not_named_never_leave(
    bodies: list[str], secret: str
) -> None:
    assert not [body for body in bodies if secret in body]


def test_named_variable_is_told_by_its_name_without_its_values(bodies: list[str]) -> None:
    assert all("amounts" in body for body in bodies)
    assert not [body for body in bodies for value in ("40117", "52291") if value in body]
