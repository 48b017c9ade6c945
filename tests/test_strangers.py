"""Scene files of other people: what lies beside them, what they print, and why they fail."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import numpy as np
import pytest

from shaperotator_magic.checking.files.companions import find_companions
from shaperotator_magic.checking.files.manim_cfg import ManimSettings, read_manim_cfg
from shaperotator_magic.cli import main
from shaperotator_magic.core.errors import ConfigurationError, SceneCodeError

STRANGERS = Path(__file__).with_name("data") / "strangers"


def find(folder: Path, source: str, root: Path | None = None) -> set[str]:
    file = folder / "scene.py"
    return {companion.name for companion in find_companions(file, source, root)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with modules, packages, pictures and data beside a scene."""
    place = tmp_path / "place"
    for name, text in {
        "colors.py": "import shades",
        "shades.py": "from colors import X",  # a circle
        "unused.py": "",
        "pictures.py": "def show(name): return './assets/' + name + '.png'",
        "pack/__init__.py": "from .inner import helper",
        "pack/inner.py": "from . import other\nFILE = 'data/inside.csv'",
        "pack/other.py": "",
        "pack/unused.py": "",
        "manim.py": "",
        "assets/cat.png": "png",
        "assets/deep/dog.svg": "svg",
        "data/inside.csv": "1",
        "points.csv": "1",
    }.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    (tmp_path / "secret.txt").write_text("secret")
    (place / "link.txt").symlink_to(tmp_path / "secret.txt")
    return place


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import colors", {"colors.py", "shades.py"}),
        ("from manim import *\nimport numpy as np, os", set()),
        ("def f():\n    import shades", {"colors.py", "shades.py"}),
        (
            "import pack",
            {"pack/__init__.py", "pack/inner.py", "pack/other.py", "data/inside.csv"},
        ),
        (
            "from pack.inner import helper",
            {"pack/__init__.py", "pack/inner.py", "pack/other.py", "data/inside.csv"},
        ),
        ("open('points.csv')", {"points.csv"}),
        ("ImageMobject('assets/cat.png')", {"assets/cat.png"}),
        ("ImageMobject('assets/cat')", {"assets/cat.png"}),
        ("import pictures\npictures.show('cat')", {"pictures.py", "assets/cat.png"}),
        ("ImageMobject(f'assets/{name}.png')", {"assets/cat.png"}),
        ("Text(f'{x}.'), open(f'../{x}.txt'), open(f'/etc/{x}.conf'), f'{x}.1'", set()),
        ("config.assets_dir = 'assets'\nImageMobject('cat.png')", {"assets/cat.png"}),
        ("os.path.join('assets', 'deep/dog.svg')", {"assets/deep/dog.svg"}),
        ("open('../secret.txt'), open('link.txt'), open('/etc/passwd')", set()),
        ("Text('points'), Text('.'), Text('')", set()),
        ("this is no Python", set()),
    ],
)
def test_companions_are_what_the_source_names(folder: Path, source: str, names: set[str]) -> None:
    assert find(folder, source) == names


@pytest.mark.parametrize(
    "added",
    [
        "sys.path.append('../src')",
        "sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'src'))",
        "sys.path.append(os.path.abspath(os.path.dirname(os.path.dirname(__file__)) + ''))",
        "ROOT = Path(__file__).resolve().parent.parent\nsys.path.insert(0, str(ROOT / 'src'))",
        "sys.path.append(str(Path(__file__).parents[1] / 'src'))",
    ],
)
def test_companions_in_folders_that_the_source_adds(
    folder: Path, tmp_path: Path, added: str
) -> None:
    is_understood = "+ ''" not in added
    (tmp_path / "src" / "far").mkdir(parents=True)
    (tmp_path / "src" / "far" / "__init__.py").write_text("from . import near")
    (tmp_path / "src" / "far" / "near.py").write_text("")
    source = f"import sys, os\n{added}\nimport far"

    assert find(folder, source) == set()  # no sign of a project: the folder alone
    (tmp_path / ".git").mkdir()
    taken = {"far/__init__.py", "far/near.py"} if is_understood else set()
    assert find(folder, source) == taken


def test_companions_beside_a_module_of_a_package(folder: Path) -> None:
    (folder / "pack" / "art").mkdir()
    (folder / "pack" / "art" / "disk.svg").write_text("svg")
    other = "import os\nDISK = os.path.join(os.path.dirname(__file__), 'art/disk.svg')"
    (folder / "pack" / "other.py").write_text(other)

    assert "pack/art/disk.svg" in find(folder, "import pack")


def test_companions_of_a_further_root(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "common.py").write_text("")
    assert find(folder, "import common") == set()
    assert find(folder, "import common", root) == {"common.py"}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("SVGMobject('../art/logo.svg')", {"../art/logo.svg"}),
        ("SVGMobject('../art/logo')", {"../art/logo.svg"}),
        ("SVGMobject(os.path.join('..', 'art', 'logo.svg'))", {"../art/logo.svg"}),
        ("ART = '../art/'\nSVGMobject(ART + 'logo.svg')", {"../art/logo.svg"}),
        ("SVGMobject(f'../art/{name}.svg')", {"../art/logo.svg"}),
        ("SVGMobject(Path(__file__).parent.parent / 'art' / 'logo.svg')", {"../art/logo.svg"}),
        ("config.assets_dir = Path('../art')\nSVGMobject('logo.svg')", {"../art/logo.svg"}),
        ("SVGMobject('art/logo.svg')", {"art/logo.svg"}),  # as in a run in the project's folder
        ("open('../.env'), open('../.ssh/key'), open('.hidden'), f'../.ssh/{x}.pem'", set()),
        ("open('../../outside.txt'), open('../link.txt'), open('/etc/passwd')", set()),
        ("Text('top.txt'), Text(f'{x}.txt'), Text('..'), Text('../..'), Text('./')", set()),
    ],
)
def test_companions_elsewhere_in_the_project(
    folder: Path, tmp_path: Path, source: str, names: set[str]
) -> None:
    project = tmp_path / "project"
    folder = folder.rename(tmp_path / "scenes")
    project.mkdir()
    folder = folder.rename(project / "scenes")
    for name in ("art/logo.svg", ".env", ".ssh/key", ".ssh/key.pem", "top.txt", "scenes/.hidden"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text("text")
    (tmp_path / "outside.txt").write_text("secret")
    (project / "link.txt").symlink_to(tmp_path / "outside.txt")

    assert find(folder, source) == set()  # no sign of a project: the folder alone
    assert find(folder, source, project) == names
    (project / ".git").mkdir()
    assert find(folder, source) == names


def test_companions_that_are_too_large_are_refused(folder: Path) -> None:
    with (folder / "points.csv").open("wb") as large:
        large.truncate(200_000_001)
    with pytest.raises(SceneCodeError, match="200 MB") as caught:
        find(folder, "open('points.csv')")
    assert caught.value.hint


def test_manim_cfg_is_followed_for_the_picture_and_the_rest_named(tmp_path: Path) -> None:
    user, beside = tmp_path / "user.cfg", tmp_path / "manim.cfg"
    user.write_text("[CLI]\nbackground_color = RED\nframe_rate = 30\nmedia_dir = x\n")
    beside.write_text(
        "[CLI]\nbackground_color = WHITE\npixel_height = 480\nformat = gif\n[jupyter]\n"
    )
    settings = read_manim_cfg([user, beside, tmp_path / "none.cfg"])
    assert settings == ManimSettings(
        config=(("background_color", "WHITE"),),
        resolution="480p",
        fps=30,
        ignored=("jupyter", "format"),
    )


@pytest.mark.parametrize("text", ["background_color = RED", "[CLI]\nframe_height = tall"])
def test_manim_cfg_that_is_wrong_is_said_in_a_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "manim.cfg").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_manim_cfg([tmp_path / "manim.cfg"])
    assert caught.value.hint and "\n" not in caught.value.message


# --- rendered -------------------------------------------------------------------------


def render(name: str, tmp_path: Path, *options: str) -> tuple[int, Path]:
    folder = tmp_path / "strangers"
    if not folder.exists():
        shutil.copytree(STRANGERS, folder)
    out = tmp_path / "out.mp4"
    small = () if "--fps" in options else ("-r", "120p")
    status = main(["render", str(folder / name), "-o", str(out), *small, *options])
    return status, out


@pytest.mark.render
@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("helper_import.py", "my_colors.py"),
        ("image_beside.py", "cat.png"),
        ("image_sub.py", "assets/cat.png"),
        ("svg_beside.py", "mark.svg"),
        ("csv_read.py", "data/points.csv"),
    ],
)
def test_file_is_rendered_with_what_lies_beside_it(
    name: str, beside: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = render(name, tmp_path)
    assert status == 0 and out.stat().st_size > 500
    assert f"With {beside}." in capsys.readouterr().err


@pytest.mark.render
def test_files_elsewhere_in_the_project_are_found_from_the_scene(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenes = tmp_path / "strangers" / "scenes"
    shutil.copytree(STRANGERS, tmp_path / "strangers")
    scenes.mkdir()
    shutil.copyfile(STRANGERS / "my_colors.py", scenes / "my_colors.py")
    (scenes / "far.py").write_text(
        "from pathlib import Path\nfrom manim import *\nfrom my_colors import ACCENT\n"
        "class Far(Scene):\n    def construct(self):\n"
        "        self.add(SVGMobject('../mark.svg', color=ACCENT))\n"
        "        self.add(ImageMobject('assets/cat.png'))\n"
        "        (Path(__file__).resolve().parents[1] / 'data/points.csv').read_text()\n"
        "        self.wait(0.2)\n"
    )
    status, out = render("scenes/far.py", tmp_path)
    said = capsys.readouterr().err
    assert status != 0 and "There is no file" in said and "--root FOLDER" in said

    (tmp_path / "strangers" / "manim.cfg").write_text("[CLI]\n")
    status, out = render("scenes/far.py", tmp_path)
    said = capsys.readouterr().err
    assert status == 0 and out.stat().st_size > 500
    assert "With ../data/points.csv, ../mark.svg, assets/cat.png, my_colors.py." in said


@pytest.mark.render
def test_scene_that_saves_its_last_frame_is_no_video_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = render("last_frame.py", tmp_path)
    said = capsys.readouterr().err
    assert status != 0 and not out.exists()
    assert "named as a video" in said and "config.save_last_frame" in said
    picture = tmp_path / "out.png"
    source = tmp_path / "strangers" / "last_frame.py"
    assert main(["render", str(source), "-o", str(picture), "-r", "120p", "--still"]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.render
def test_changed_module_beside_the_scene_is_drawn_anew(tmp_path: Path) -> None:
    _, out = render("helper_import.py", tmp_path)
    before = out.read_bytes()
    (tmp_path / "strangers" / "my_colors.py").write_text('ACCENT = "#0000ff"\n')
    render("helper_import.py", tmp_path)
    assert out.read_bytes() != before


@pytest.mark.render
def test_manim_cfg_beside_the_scene_is_followed(tmp_path: Path) -> None:
    status, out = render("cfg/cfg_scene.py", tmp_path, "-r", "120p")
    assert status == 0
    with av.open(str(out)) as video:
        frame = next(video.decode(video=0)).to_ndarray(format="rgb24")
    assert np.median(frame) > 230  # white


@pytest.mark.render
def test_what_a_scene_prints_is_said_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    render("printing.py", tmp_path)
    said = capsys.readouterr().err
    assert "line 6: value is 42" in said
    assert "line 7: Warning: Font No Such Font is not installed here" in said


@pytest.mark.render
@pytest.mark.parametrize(
    ("name", "missing", "message"),
    [
        ("image_beside.py", "cat.png", "There is no file cat.png"),
        ("csv_read.py", "data/points.csv", "There is no file data/points.csv"),
        ("helper_import.py", "my_colors.py", "No module named 'my_colors'"),
        ("opacity0.py", "", "line 3: config.background_opacity must be a float"),
        ("cube_pyramid.py", "", "line 11: Polyhedron has 2 parts, 344 with theirs"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(
    name: str, missing: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "strangers"
    shutil.copytree(STRANGERS, folder)
    if missing:
        (folder / missing).unlink()
    status, _ = render(name, tmp_path)
    said = capsys.readouterr().err
    assert status != 0 and message in said
    assert not missing or "folder" in said
