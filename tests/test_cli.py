"""The command line: ordinary scene files render, and every end has its exit code and its line."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from shaperotator_magic.checking.files.scene_file import read_scene_file
from shaperotator_magic.cli import COMMANDS, find_exit_code, main
from shaperotator_magic.cli.progress import ProgressBar
from shaperotator_magic.core.errors import (
    CheckFailedError,
    ConfigurationError,
    ModelError,
    NoSceneError,
    NothingFitsError,
    RenderError,
    RenderTimeoutError,
    SceneCodeError,
    ShapeRotatorError,
)
from shaperotator_magic.core.settings.table import SETTINGS

SMALL = ["-r", "128x72", "--fps", "10"]
ORDINARY = '''"""As people write them for manim's own command."""
import os
import sys

import numpy as np
from manim import *

HERE = os.path.dirname(__file__)
config.background_color = "#101020"


def build_rings(count):
    return VGroup(*(Circle(radius=n / 3) for n in np.arange(1, count)))


RINGS = len(build_rings(4))


class Rings(Scene):
    def construct(self):
        self.play(Create(build_rings(4)), run_time=0.5)
        self.wait(0.5)


class First(Rings):
    pass


class Second(Rings):
    def construct(self):
        self.add(Square())
        self.wait(0.2)


if __name__ == "__main__":
    os.system(f"manim -pql {__file__}")
    sys.exit(1)
'''


def write(folder: Path, source: str) -> Path:
    file = folder / "scene file.py"
    file.write_text(source, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SceneCodeError("x"), 2),
        (NoSceneError("x"), 2),
        (CheckFailedError("x"), 2),
        (ConfigurationError("x"), 2),
        (NothingFitsError("x"), 2),
        (RenderError("x", returncode=1), 3),
        (RenderError("x", returncode=-signal.SIGSEGV), 3),
        (RenderError("x", returncode=-signal.SIGKILL), 4),
        (RenderTimeoutError("x", timeout_s=1), 4),
        (ModelError("x"), 1),
    ],
)
def test_find_exit_code_of_an_error(error: ShapeRotatorError, code: int) -> None:
    assert find_exit_code(error) == code


def test_scene_file_default_is_the_last_scene_that_is_no_base(tmp_path: Path) -> None:
    file = write(tmp_path, ORDINARY)
    assert read_scene_file(file).code.scene_name == "Second"
    assert read_scene_file(file, "Rings").code.scene_name == "Rings"


def test_scene_file_base_written_below_the_scene_it_serves_is_not_taken(tmp_path: Path) -> None:
    source = (
        "import manim\nclass Meant(Base): pass\nclass Base(manim.Scene):\n def construct(s): 0\n"
    )
    assert read_scene_file(write(tmp_path, source)).code.scene_name == "Meant"


@pytest.mark.parametrize(
    ("source", "scene", "said"),
    [
        ("from manim import *\nclass A(Scene:\n", None, "line 2: this is not Python"),
        ("x = 1\n", None, "has no scene class."),
        ("class A(Scene):\n def construct(self): 0\n", "B", "has no scene class B"),
        ("x = '\0'\n", None, "cannot be read as Python|is not Python"),
    ],
)
def test_render_unusable_file_is_refused(
    source: str,
    scene: str | None,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [str(write(tmp_path, source)), *([scene] if scene else [])]
    assert main(["render", *words]) == 2
    written = capsys.readouterr().err
    assert re.search(said, written)
    assert 1 <= written.count("\n") <= 2


def test_render_missing_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", str(tmp_path / "none.py")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err


def test_render_outside_of_a_kernel_has_no_kernel_renderer(tmp_path: Path) -> None:
    assert main(["render", str(write(tmp_path, ORDINARY)), "--renderer", "kernel"]) == 2


@pytest.mark.parametrize("words", [[], ["dance"], ["render"], ["render", "a.py", "-q", "banana"]])
def test_main_wrong_usage_is_exit_code_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"usage: shaperotator {command}" in capsys.readouterr().out


def test_generate_takes_every_setting_that_has_a_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["generate", "--help"])
    said = capsys.readouterr().out
    of_a_cell = {"with_", "send_values", "background"}
    flags = [flag for row in SETTINGS if row.name not in of_a_cell for flag in row.flags]
    assert [flag for flag in flags if flag not in said] == []


def test_progress_bar_shows_the_share_on_a_terminal_and_clears_its_line() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    with ProgressBar(terminal) as bar:
        bar.show(3, None)
        bar.show(15, 30)
    shown = terminal.getvalue().split("\r\x1b[K")
    assert shown[1] == "3 frames"
    assert shown[2] == "█" * 15 + "░" * 15 + " 15 of 30 frames"
    assert shown[-1] == ""


def test_progress_bar_is_silent_elsewhere() -> None:
    stream = io.StringIO()
    with ProgressBar(stream) as bar:
        bar.show(1, 2)
    assert stream.getvalue() == ""


def test_doctor_says_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert f"Manim {metadata.version('manim')}" in said
    assert "faster functions fit this manim" in said or "manim's own code runs for" in said


@pytest.mark.render
def test_render_keeps_nothing_in_the_home_folder_but_its_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.delenv("SHAPEROTATOR_DATA_DIR")
    for name, folder in (("HOME", home), ("XDG_CACHE_HOME", home / ".cache")):
        monkeypatch.setenv(name, str(folder))
    words = ["render", str(write(tmp_path, ORDINARY)), "First", "-o", str(tmp_path / "o.mp4")]
    assert main([*words, *SMALL]) == 0
    assert [entry.name for entry in home.iterdir()] == [".cache"]


def test_render_ordinary_file_and_again_from_the_cache(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import av

    file, target = write(tmp_path, ORDINARY), tmp_path / "new folder" / "rings.mp4"
    words = ["render", str(file), "First", "-o", str(target), *SMALL]
    assert main(words) == 0
    with av.open(str(target)) as video:
        times = [float(frame.time) for frame in video.decode(video=0)]
    assert times[0] == 0
    assert times[-1] == pytest.approx(0.9)  # of ten frames, of which the same are stored once
    assert "1.0 s, 128x72" in capsys.readouterr().out
    assert main(words) == 0
    assert "from the cache" in capsys.readouterr().out
    assert [entry.name for entry in target.parent.iterdir()] == ["rings.mp4"]


@pytest.mark.render
@pytest.mark.parametrize(
    ("body", "ends", "said"),
    [
        ("self.play(Nope())", 3, "line 4: NameError: name 'Nope'"),
        ("while True: self.wait(0.1)", 4, "still rendering after 3 s"),
    ],
)
def test_render_failing_scene_says_so_in_two_lines(
    body: str, ends: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = f"from manim import *\nclass A(Scene):\n    def construct(self):\n        {body}\n"
    words = ["render", str(write(tmp_path, source)), "-o", str(tmp_path / "a.mp4"), *SMALL]
    assert main([*words, "--timeout", "3"]) == ends
    written = capsys.readouterr().err
    assert said in written
    assert written.count("\n") <= 2
    assert not (tmp_path / "a.mp4").exists()


@pytest.mark.render
def test_render_reads_the_files_that_are_named_and_no_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0 L5 5 L0 5 Z'/></svg>"
    elsewhere = tmp_path / "elsewhere"  # what lies beside the scene's file is taken along
    elsewhere.mkdir()
    (elsewhere / "a.svg").write_bytes(picture)
    body = "self.add(SVGMobject('a.svg')); self.wait(0.2)"
    source = f"from manim import *\nclass A(Scene):\n    def construct(self):\n        {body}\n"
    words = ["render", str(write(tmp_path, source)), "-o", str(tmp_path / "a.mp4"), *SMALL]
    assert main(words) == 3
    assert "line 4: There is no file a.svg" in capsys.readouterr().err
    assert main([*words, "--input", str(elsewhere / "a.svg")]) == 0
    assert (elsewhere / "a.svg").read_bytes() == picture
    assert main([*words, "--input", str(elsewhere / "missing.svg")]) == 2


@pytest.mark.render
def test_generate_in_a_process_of_its_own_makes_a_video(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    command = [sys.executable, "-m", "shaperotator_magic", "generate"]
    done = subprocess.run(
        [*command, "Show what [[2, 1], [1, 2]] does to the plane", "-o", str(target), *SMALL],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert target.stat().st_size > 1000
    assert "128x72" in done.stdout


def test_generate_code_only_prints_the_scene(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "--code-only", "Show what [[2, 1], [1, 2]] does to the plane"]) == 0
    assert "def construct(self)" in capsys.readouterr().out
