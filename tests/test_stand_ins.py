"""What stands in for functions of manim is one table, and is off for sources that nobody tried."""

from __future__ import annotations

import ast
import inspect
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import shaperotator_magic
from shaperotator_magic.core.installed_manim import find_manim
from shaperotator_magic.rendering.stand_ins import installed
from shaperotator_magic.rendering.stand_ins.known_sources import KNOWN_SOURCES
from shaperotator_magic.rendering.stand_ins.table import COSTS, STAND_INS, StandIn
from tests.frame_digests import read_digests

PACKAGE = Path(shaperotator_magic.__file__).parent
TESTS = Path(__file__).parent
ENTRIES = pytest.mark.parametrize("entry", STAND_INS.values(), ids=STAND_INS.keys())

# Functions of manim that something of ours is put in front of: entries of the table where it takes
# their place, "observes" where it calls them and looks on.
PATCHES = {
    ("kernel", "setattr CairoRenderer"): "observes",
    ("process.rehearsal", "Mobject.__init__"): "observes",
    ("drawing.texts.outlines", "Mobject.__init__"): "observes",
    ("scene.aligning", "Mobject.add_n_more_submobjects"): "observes",
    ("process.rehearsal", "renderer.play"): "observes",
    ("process.rehearsal", "renderer.update_frame"): "rehearsal drawing",
    ("process.rehearsal", "renderer.save_static_frame_data"): "rehearsal background",
    ("process.rehearsal", "scene.play_internal"): "rehearsal steps",
    ("process.still_drawing", "scene.play_internal"): "rehearsal steps",
    ("process.still_drawing", "scene.begin_animations"): "rehearsal steps",
    ("drawing.marks", "Camera.init_background"): "observes",
    ("process.scene_run", "CairoRenderer.play"): "observes",
    ("process.scene_run", "renderer.add_frame"): "observes",
    ("process.scene_run", "renderer.play"): "observes",
    ("process.scene_run", "renderer.render"): "observes",
    ("process.scene_run", "scene.tear_down"): "observes",
    ("checkpoints.skipping", "renderer.play"): "observes",
    ("checkpoints.skipping", "renderer.update_frame"): "skip",
    ("checkpoints.skipping", "renderer.get_frame"): "skip",
    ("checkpoints.skipping", "_scene.play_internal"): "skip",
}
DEFERRED = {"deferred rotations", "deferred graphs", "deferred markup"}
INSTALLED_BY_HAND = {"glyph", "cairo path", *DEFERRED, *PATCHES.values()} - {"observes"}


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Let camera.py be one that nobody tried; returns what was on before."""
    before = set(filter(installed.is_on, STAND_INS))
    sources = {**installed._read_installed(), "camera/camera.py": "of tomorrow"}
    monkeypatch.setattr(installed, "_read_installed", lambda: sources)
    for cached in (installed.is_on, installed.log_off):
        cached.cache_clear()
    yield before
    for cached in (installed.is_on, installed.log_off):
        cached.cache_clear()


@ENTRIES
def test_entry_names_a_function_of_manim_its_file_and_its_test(entry: StandIn) -> None:
    module, _, _ = entry.target.partition(":")
    assert f"{module.replace('.', '/')}.py" in entry.files or not entry.versions
    assert entry.topic in COSTS
    assert set(entry.versions) <= set(KNOWN_SOURCES)
    names = [part.split(":")[0] for part in entry.tested_by.split(", ")]
    assert all((TESTS.parent / name).is_file() for name in names)
    for version in entry.versions:
        assert set(entry.files) <= set(KNOWN_SOURCES[version])


@pytest.mark.render
@pytest.mark.parametrize("name", [e.name for e in STAND_INS.values() if e.versions])
def test_target_of_an_entry_exists(name: str) -> None:
    entry = STAND_INS[name]
    owner, attribute = installed.find_target(entry)
    is_made_per_object = entry.name == "deferred pixels"  # an attribute that __init__ sets
    assert hasattr(owner, attribute) or is_made_per_object


def test_every_entry_is_installed_by_its_name() -> None:
    texts = [path.read_text() for path in PACKAGE.rglob("*.py") if path.parent.name != "stand_ins"]
    text = "\n".join(texts)
    named = {name for name in STAND_INS if f'"{name}"' in text}
    by_replace = {name for name in named if f'replace("{name}", ' in text}
    assert named == set(STAND_INS)
    assert by_replace == set(STAND_INS) - INSTALLED_BY_HAND | {"frame count"}


def find_patches(path: Path) -> Iterator[str]:
    """Yield what is assigned to attributes of names of manim's, scenes and renderers."""
    tree = ast.parse(path.read_text())
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("manim")
        for alias in node.names
    } - {"config"}
    owned = {*imported, "renderer", "scene", "_scene"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            elements = [
                e for t in node.targets for e in (t.elts if isinstance(t, ast.Tuple) else [t])
            ]
            for target in elements:
                if isinstance(target, ast.Attribute):
                    owner = ast.unparse(target.value).rpartition(".")[2]
                    if owner in owned:
                        yield f"{owner}.{target.attr}"
        is_call = isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr"
        if isinstance(node, ast.Call) and is_call and ast.unparse(node.args[0]) in imported:
            yield f"setattr {ast.unparse(node.args[0])}"


def test_nothing_of_manim_is_replaced_outside_of_the_table() -> None:
    from manim import Scene
    from manim.renderer.cairo_renderer import CairoRenderer

    found = {
        (".".join(path.relative_to(PACKAGE / "rendering").with_suffix("").parts), patch)
        for path in (PACKAGE / "rendering").rglob("*.py")
        for patch in find_patches(path)
        if not is_plain_attribute(patch, Scene, CairoRenderer)
    }
    assert found == set(PATCHES)
    assert set(PATCHES.values()) <= {"observes", *STAND_INS}


def is_plain_attribute(patch: str, *owners: type) -> bool:
    """Whether an assignment sets a value that a scene or a renderer holds, no function."""
    owner, _, name = patch.partition(".")
    is_theirs = owner in {"renderer", "scene", "_scene"}
    return is_theirs and not any(inspect.isfunction(getattr(o, name, None)) for o in owners)


def test_nothing_of_ipython_is_replaced() -> None:
    for path in (PACKAGE / "notebook").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            owners = [ast.unparse(t.value) for t in targets if isinstance(t, ast.Attribute)]
            owned = [o for o in owners if o.rpartition(".")[2].strip("_") in {"shell", "kernel"}]
            assert not owned, path


def test_untried_source_turns_off_what_depends_on_it_and_nothing_else(
    untried: set[str],
) -> None:
    for name in untried:
        assert installed.is_on(name) == ("camera/camera.py" not in STAND_INS[name].files)
    assert not installed.is_known()


def test_a_stand_in_that_is_off_is_not_put_in_place(untried: set[str]) -> None:
    from manim.camera.camera import Camera

    stock = Camera.init_background
    installed.replace("background", lambda _: lambda camera: None)()
    assert Camera.init_background is stock


def test_replace_is_undone_by_what_it_returns() -> None:
    from manim.camera.camera import Camera

    stock = Camera.init_background
    undo = installed.replace("background", lambda _: lambda camera: None)
    assert Camera.init_background is not stock
    assert Camera.init_background.__name__ == "init_background"
    undo()
    assert Camera.init_background is stock


def test_what_is_off_is_logged_once_with_files_and_cost(
    untried: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        installed.log_off()
        installed.log_off()
    drawing = [m for m in caplog.messages if "drawing: " in m]
    assert len(drawing) == 1
    assert "Camera.capture_mobjects" in drawing[0]
    assert "camera/camera.py" in drawing[0]
    assert COSTS["drawing"] in drawing[0]


def test_reading_the_installed_sources_takes_at_most_20_ms() -> None:
    taken = []
    for _ in range(5):
        installed._read_installed.cache_clear()
        began = time.process_time()
        installed._read_installed()
        taken.append(time.process_time() - began)
    assert min(taken) <= 0.020


@pytest.fixture(scope="module")
def commented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a manim whose camera and VMobject have one more comment."""
    folder = tmp_path_factory.mktemp("path")
    source = find_manim()
    assert source is not None
    shutil.copytree(source, folder / "manim")
    for name in ("camera/camera.py", "mobject/types/vectorized_mobject.py"):
        with (folder / "manim" / name).open("a", encoding="utf-8") as file:
            file.write("# one more comment\n")
    return folder


def run_command(folder: Path, *arguments: str) -> str:
    path = os.pathsep.join([str(folder), *sys.path])
    done = subprocess.run(
        [sys.executable, "-m", "shaperotator_magic", *arguments],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_doctor_names_what_is_off_for_a_changed_manim(commented: Path) -> None:
    lines = run_command(commented, "doctor").splitlines()
    assert any("of which some sources were not tried" in line for line in lines)
    (drawing,) = [line for line in lines if "manim's own code runs for Camera." in line]
    assert "camera/camera.py" in drawing
    (objects,) = [line for line in lines if "objects: manim's own code" in line]
    assert "VMobject.consider_points_equals" in objects
    assert "vectorized_mobject.py" in objects
    assert any("segments: " in line for line in lines) != installed.is_on("segments")


@pytest.mark.render
def test_a_changed_manim_draws_the_frames_of_its_own(commented: Path) -> None:
    names = ["pythagoras"]
    expected = read_digests(names, stock=True)
    assert read_digests(names, stock=False, path=str(commented)) == expected


@pytest.mark.render
def test_a_changed_manim_renders_formulas_and_text_to_a_whole_video(
    commented: Path, tmp_path: Path
) -> None:
    scene, video = tmp_path / "scene.py", tmp_path / "scene.mp4"
    scene.write_text(
        "from manim import *\n\n\nclass Sum(Scene):\n    def construct(self):\n"
        "        sum_ = MathTex(r'\\frac{a}{b}', color=RED)\n        self.play(Write(sum_))\n"
        "        self.play(sum_.animate.shift(UP), FadeIn(Text('a')))\n"
    )
    size = ("--resolution", "128x72", "--fps", "5")
    said = run_command(commented, "render", str(scene), "-o", str(video), *size)
    assert "2.0 s, 128x72" in said
    unchanged = tmp_path / "unchanged.mp4"
    run_command(tmp_path, "render", str(scene), "-o", str(unchanged), *size)
    assert video.read_bytes() == unchanged.read_bytes()
