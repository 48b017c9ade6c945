"""The render process of a command starts before the command's own modules are imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shaperotator_magic import cli
from shaperotator_magic.cli.early_start import start_renderer
from shaperotator_magic.core.errors import ConfigurationError

SCENE = "from manim import *\nclass A(Scene):\n    def construct(self):\n        self.add(Dot())\n"


@pytest.fixture
def scene(tmp_path: Path) -> str:
    path = tmp_path / "scene.py"
    path.write_text(SCENE)
    return str(path)


@pytest.mark.parametrize("words", [[], ["render"], ["render", "nosuch.py"], ["generate", "a dot"]])
def test_nothing_starts_for_a_line_that_draws_no_file(words: list[str]) -> None:
    assert start_renderer(words) is None


def test_nothing_starts_for_help(scene: str) -> None:
    assert start_renderer(["render", scene, "--help"]) is None


def test_nothing_starts_where_nothing_isolates(scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise ConfigurationError("no isolation", hint="", setting="isolation")

    monkeypatch.setattr("shaperotator_magic.cli.early_start.require_any_isolation", refuse)
    assert start_renderer(["render", scene]) is None


@pytest.mark.render
@pytest.mark.parametrize(("extra", "fonts"), [([], "machine"), (["--style=paper"], "bundled")])
def test_process_has_the_fonts_that_the_command_chooses(
    scene: str, extra: list[str], fonts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHAPEROTATOR_STYLE", raising=False)
    pipe = start_renderer(["render", scene, *extra])
    assert pipe is not None
    try:
        assert pipe.process.poll() is None
        assert pipe._fonts == fonts
    finally:
        pipe.close()


@pytest.mark.render
def test_command_draws_in_that_process_and_ends_it(
    scene: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    def start(words: list[str]) -> object:
        started.append(start_renderer(words))
        return started[-1]

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a second process was started")

    monkeypatch.setattr(cli, "start_renderer", start)
    monkeypatch.setattr("shaperotator_magic.rendering.worker.worker.WorkerPipe", refuse)
    monkeypatch.setenv("SHAPEROTATOR_DATA_DIR", str(tmp_path / "data"))
    target = tmp_path / "a.png"
    assert cli.main(["render", scene, "--still", "-q", "low", "-o", str(target)]) == 0
    assert target.read_bytes().startswith(b"\x89PNG")
    assert started[0].process.poll() is not None


def test_what_starts_it_imports_nothing_heavy() -> None:
    code = (
        "import sys; import shaperotator_magic.cli; "
        "print(sorted({'pydantic', 'numpy', 'manim', 'IPython', 'openai'} & sys.modules.keys()))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert printed == "[]\n"
