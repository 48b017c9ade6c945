"""Files that a user names: written atomically, never in the place of what is no regular file."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from shaperotator_magic.cli import main
from shaperotator_magic.core.atomic_files import append_output, copy_output, write_output
from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.notebook.sharing.exporting import EXPORTS

SCENE = (
    "from manim import *\nclass A(Scene):\n    def construct(self):\n        self.add(Square())\n"
)


def make_folder(path: Path) -> None:
    path.mkdir()
    (path / "kept.txt").write_text("kept")


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def make_link(path: Path) -> None:
    path.with_name("linked.txt").write_text("mine")
    path.symlink_to("linked.txt")


def make_dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def make_device(path: Path) -> None:
    try:
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root makes devices")


MAKERS: dict[str, Callable[[Path], None]] = {
    "a folder": make_folder,
    "a named pipe": os.mkfifo,
    "a socket": make_socket,
    "a device": make_device,
    "a symbolic link": make_link,
    "a symbolic link ": make_dangling_link,
}


@pytest.fixture(params=MAKERS)
def occupied(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """A path at which something stands that is no regular file, and the words for it."""
    path = tmp_path / "o"
    MAKERS[request.param](path)
    return path, request.param.strip()


def describe(path: Path) -> tuple[int, int]:
    return path.lstat().st_mode, path.lstat().st_ino


def list_leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if "unfinished" in path.name]


@pytest.mark.parametrize("write", [write_output, append_output])
def test_output_in_the_place_of_what_is_no_file_is_refused(
    write: Callable[[Path, str], object], occupied: tuple[Path, str]
) -> None:
    path, kind = occupied
    before = describe(path)
    with pytest.raises(ConfigurationError, match=f"{path} is {kind} and is not written over."):
        write(path, "text")
    assert describe(path) == before
    assert list_leftovers(path.parent) == []


def test_render_to_what_is_no_file_is_refused_before_it_draws(
    occupied: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, kind = occupied
    (tmp_path / "scene.py").write_text(SCENE)
    before = describe(path)
    assert main(["render", str(tmp_path / "scene.py"), "-o", str(path)]) == 2
    said = capsys.readouterr().err
    assert f"is {kind}" in said
    assert said.count("\n") == 2
    assert describe(path) == before


@pytest.mark.parametrize("options", [[], ["--code-only"]])
def test_generate_to_what_is_no_file_is_refused(
    options: list[str], occupied: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    path, kind = occupied
    before = describe(path)
    assert main(["generate", "a unit circle", "-o", str(path), *options]) == 2
    assert f"is {kind}" in capsys.readouterr().err
    assert describe(path) == before


@pytest.mark.parametrize("form", ["notebook", *(name for name in EXPORTS if name != "pdf")])
def test_share_to_what_is_no_file_is_refused(
    form: str, occupied: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, kind = occupied
    cells = [nbformat.v4.new_markdown_cell("# A title")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "n.ipynb")
    before = describe(path)
    assert main(["share", str(tmp_path / "n.ipynb"), "--to", form, "-o", str(path)]) == 2
    assert f"is {kind}" in capsys.readouterr().err
    assert describe(path) == before


@pytest.mark.parametrize("name", ["generations.jsonl", "page.html"])
def test_eval_into_what_is_no_file_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / name)
    (tmp_path / "prompts").write_text("a unit circle\n")
    assert main(["eval", str(tmp_path / "prompts"), "-o", str(tmp_path), "--code-only"]) == 2
    assert "is a named pipe" in capsys.readouterr().err


def test_eval_into_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prompts = tmp_path / "prompts"
    prompts.write_text("a unit circle\n")
    assert main(["eval", str(prompts), "-o", str(prompts)]) == 2
    assert "is there, and is no folder." in capsys.readouterr().err
    assert prompts.read_text() == "a unit circle\n"


def test_output_replaces_a_file_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "private.txt"
    path.write_text("before")
    path.chmod(0o600)
    write_output(path, "after")
    assert path.read_text() == "after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_output_that_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "kept.mp4"
    path.write_bytes(b"before")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        copy_output(tmp_path / "none.mp4", path)
    assert path.read_bytes() == b"before"
    assert list_leftovers(tmp_path) == []


def test_output_through_a_linked_folder_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to("real")
    write_output(tmp_path / "linked" / "new" / "a.txt", "text")
    assert (tmp_path / "real" / "new" / "a.txt").read_text() == "text"


def test_appended_lines_stand_in_order(tmp_path: Path) -> None:
    for number in range(3):
        append_output(tmp_path / "log", json.dumps({"number": number}))
    lines = (tmp_path / "log").read_text().splitlines()
    assert [json.loads(line)["number"] for line in lines] == [0, 1, 2]
