"""Style packs as files: what is read, what is refused with a sentence, what a name means in one."""

from __future__ import annotations

import os
import struct
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from shaperotator_magic.checking.files.manim_cfg import read_manim_cfg
from shaperotator_magic.cli import main
from shaperotator_magic.cli.render import _report
from shaperotator_magic.core.errors import ConfigurationError, InvalidRequestError
from shaperotator_magic.core.records import Done, Event, Generation, Options, Prompt
from shaperotator_magic.core.styles.asking import read_style_request
from shaperotator_magic.core.styles.choosing import (
    describe_style,
    find_own_styles,
    merge_with_style,
    offer_styles,
)
from shaperotator_magic.core.styles.colors import MANIM_COLORS, parse_color, to_rgb
from shaperotator_magic.core.styles.contrast import measure_contrast
from shaperotator_magic.core.styles.finding import BUILT_IN, Styles, load_builtin, read_pack
from shaperotator_magic.core.styles.fonts.machine import list_faces
from shaperotator_magic.core.styles.look import build_look
from shaperotator_magic.core.styles.pack import ACCENTS, StylePack
from shaperotator_magic.core.styles.palette import build_palette
from shaperotator_magic.keeping.database import Database
from shaperotator_magic.keeping.store import STORE_NAME, Store
from shaperotator_magic.keeping.tasks import TaskStore
from shaperotator_magic.pipeline.pipeline import Pipeline
from shaperotator_magic.service.bodies import GenerateBody
from shaperotator_magic.service.client.remote_pipeline import RemotePipeline
from shaperotator_magic.service.service import Limits, Service, Writers
from shaperotator_magic.service.tasks.hub import Hub
from shaperotator_magic.service.tasks.scheduler import Places, Scheduler
from shaperotator_magic.service.videos import FolderStorage
from shaperotator_magic.testing import RecordedModelServer, Reply
from shaperotator_magic.writing.model.prompts import build_messages
from tests.fakes import FakeRenderer
from tests.test_inputs import REFUSED
from tests.test_service import FakeExecutor

WHOLE = """\
name: lab
about: of our laboratory
base: paper
colors: {background: "#FFFDF5", text: "#101020", grid: silver, primary: "#0050A0"}
palette: {BLUE_E: "#88AACC", grey_c: "#777777"}
fonts: {text: DejaVu Serif}
sizes: {text: 40, formulas: 44}
line_width: 1.4
mark: {text: "lab 7", corner: top-right, height: 0.5, opacity: 0.5}
images: {logo: logo.png}
title: top left
caption: bottom left
quality: medium
"""


def write(folder: Path, text: str, name: str = "style.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str, name: str = "style.yaml") -> StylePack:
    return read_pack(write(folder, text, name))


def draw_logo(folder: Path, name: str = "logo.png") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    Image.new("RGBA", (30, 20), "red").save(path)
    return path


# --- what is read -----------------------------------------------------------------------


def test_pack_with_everything_is_read_whole(tmp_path: Path) -> None:
    draw_logo(tmp_path)
    pack = read(tmp_path, WHOLE)
    assert pack.notes == ()
    assert (pack.name, pack.quality, pack.line_width) == ("lab", "medium", 1.4)
    assert (pack.colors.background, pack.colors.grid) == ("#FFFDF5", "#C0C0C0")
    assert dict(pack.colors.accents)["primary"] == "#0050A0"
    assert dict(pack.colors.accents)["positive"] == "#2E7D3B"  # of its base
    assert dict(pack.colors.palette)["GRAY_C"] == "#777777"
    assert pack.fonts.text == "DejaVu Serif"
    assert pack.mark is not None
    assert (pack.mark.corner, pack.mark.text) == ("top right", "lab 7")
    assert pack.files == (("logo.png", (tmp_path / "logo.png").resolve()),)
    assert (pack.title, pack.caption) == ("top left", "bottom left")


def test_pack_in_toml_is_the_pack_in_yaml(tmp_path: Path) -> None:
    said = 'line_width = 2\n[colors]\nbackground = "#FFF"\ntext = "black"\n'
    made = read(tmp_path / "a", said, "style.toml")
    same = read(tmp_path / "b", 'line_width: 2\ncolours: {background: "#fff", text: black}\n')
    assert replace(made, name="") == replace(same, name="")
    assert made.digest == same.digest


def test_folder_is_a_pack_of_its_name(tmp_path: Path) -> None:
    write(tmp_path / "seminar", "line_width: 2\n")
    pack = read_pack(tmp_path / "seminar")
    assert (pack.name, pack.line_width, pack.notes) == ("seminar", 2.0, ())


@pytest.mark.parametrize(("color", "base"), [("#F0F0FF", "paper"), ("navy", "dark")])
def test_pack_without_base_takes_what_fits_its_background(
    tmp_path: Path, color: str, base: str
) -> None:
    pack = read(tmp_path, f'colors: {{background: "{color}"}}\n')
    assert pack.notes == ()
    assert pack.colors.text == load_builtin(base).colors.text
    assert pack.colors.accents == load_builtin(base).colors.accents


def test_manim_cfg_is_a_pack(tmp_path: Path) -> None:
    text = (
        "[CLI]\nbackground_color = #FFFFFF\nquality = high_quality\n"
        "[style]\nfont = DejaVu Serif\nprimary = #884400\nline_width = 2\n"
        "[colors]\nRED_E = #440000\n"
    )
    pack = read(tmp_path, text, "manim.cfg")
    assert pack.notes == ()
    assert (pack.colors.background, pack.fonts.text) == ("#FFFFFF", "DejaVu Serif")
    assert (pack.quality, pack.line_width) == ("high", 2.0)
    palette = build_palette(pack.colors)
    assert (palette["BLUE"], palette["RED_E"]) == ("#884400", "#440000")


MANIMGL = """\
directories: {base: "", subdirs: {output: videos}}
universal_import_line: "from manimlib import *"
camera: {resolution: "(1920, 1080)", background_color: "#FFF8E7", fps: 30}
vmobject: {default_stroke_width: 6.0}
mobject: {default_mobject_color: "#222244"}
text: {font: "DejaVu Sans Mono", alignment: "LEFT"}
colors: {blue_c: "#004488", blue_e: "#6688AA", white: "#222244"}
"""


@pytest.mark.parametrize("name", ["custom_config.yml", "ours.yaml"])
def test_custom_config_of_manimgl_is_a_pack(tmp_path: Path, name: str) -> None:
    pack = read(tmp_path, MANIMGL, name)
    assert pack.notes == ()
    assert (pack.colors.background, pack.colors.text) == ("#FFF8E7", "#222244")
    assert (pack.fonts.text, pack.line_width) == ("DejaVu Sans Mono", 1.5)
    palette = build_palette(pack.colors)
    assert (palette["BLUE"], palette["BLUE_C"], palette["BLUE_E"]) == (
        "#004488", "#004488", "#6688AA",
    )  # fmt: skip


def test_older_custom_config_has_its_style_section(tmp_path: Path) -> None:
    text = 'style: {font: "DejaVu Serif", background_color: "#102030"}\ntex: {template: default}\n'
    pack = read(tmp_path, text, "custom_config.yml")
    assert (pack.colors.background, pack.fonts.text) == ("#102030", "DejaVu Serif")


# --- what is refused --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colors: {bakground: '#FFF'}", "'background' is the nearest"),
        ("color: {background: '#FFF'}", "'colors' is the nearest"),
        ("palette: {BLEU: '#00F'}", "'BLUE' is the nearest"),
        ("fonts: {formula: X}", "'formulas' is the nearest"),
        (
            "fonts: {formulas: Asana Math}",
            "New Computer Modern sets formulas; add an OpenType math",
        ),
        ("fonts: [Arial]", "fonts takes keys and values"),
        ("colors: {primary: blueish}", "is no colour"),
        ("colors: {primary: 12}", "is no colour"),
        ("line_width: thick", "0.1 to 10"),
        ("line_width: true", "0.1 to 10"),
        ("sizes: {text: 1000}", "6 to 300"),
        ("quality: hihg", "'high' is the nearest"),
        ("mark: {text: x, corner: botom right}", "'bottom right' is the nearest"),
        ("title: uper left", "'top left' is the nearest"),
        ("base: papr", "'paper' is the nearest"),
        ("images: {logo: gone.png}", "there is no such file"),
        ("images: {logo: ../outside.png}", "lies outside of the pack's folder"),
        ("images: {logo: /etc/passwd}", "lies outside"),
        ("images: {'../logo': logo.png}", "no name of an image"),
        ("fonts: {files: [no.ttf]}", "it is no font"),
        ("colors: {background: '#FFFFFF', text: '#FAFAFA'}", "cannot be read on #FFFFFF"),
    ],
)
def test_wrong_entry_is_a_sentence_and_the_rest_is_used(
    tmp_path: Path, text: str, said: str
) -> None:
    folder = tmp_path / "pack"
    draw_logo(folder)
    draw_logo(tmp_path, "outside.png")
    (folder / "no.ttf").write_bytes(b"no font at all" * 20)
    pack = read(folder, text + "\ncaption: bottom left\n")
    assert len(pack.notes) == 1
    assert said in pack.notes[0]
    assert pack.caption == "bottom left"


def test_unreadable_text_becomes_what_can_be_read(tmp_path: Path) -> None:
    pack = read(tmp_path, "colors: {background: '#FFFFFF', text: '#FAFAFA'}")
    assert pack.colors.text == "#000000"


NO_IMAGES = [row for row in REFUSED if row[0].endswith((".png", ".svg")) and row[1]]


@pytest.mark.parametrize(
    ("name", "content", "said"), NO_IMAGES, ids=[name for name, _, _ in NO_IMAGES]
)
def test_picture_is_judged_in_a_pack_as_where_a_user_gives_it(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    pack = read(tmp_path, f"images: {{logo: {name}}}")
    assert pack.images == ()
    assert f"images.logo = '{name}' is left out: " in pack.notes[0]
    assert said in pack.notes[0]


@pytest.mark.parametrize("ending", ["png", "gif", "webp", "bmp", "jpg"])
def test_picture_of_every_kind_that_is_given_may_be_in_a_pack(tmp_path: Path, ending: str) -> None:
    draw_logo(tmp_path).unlink()
    Image.new("RGB", (9, 9), "red").save(tmp_path / f"logo.{ending}")
    assert read(tmp_path, f"images: {{logo: logo.{ending}}}").notes == ()


def test_picture_of_a_pack_that_is_misspelt_has_the_nearest_named(tmp_path: Path) -> None:
    draw_logo(tmp_path)
    assert "did you mean logo.png?" in read(tmp_path, "images: {logo: lgo.png}").notes[0]


def test_collection_of_fonts_is_one_of_its_first(tmp_path: Path) -> None:
    face = list_faces()[0].read_bytes()
    head = b"ttcf" + struct.pack(">HHII", 1, 0, 1, 16)
    moved = bytearray(face)
    for number in range(struct.unpack_from(">H", face, 4)[0]):
        start = struct.unpack_from(">I", face, 20 + 16 * number)[0]
        struct.pack_into(">I", moved, 20 + 16 * number, start + 16)
    (tmp_path / "both.ttc").write_bytes(head + moved)
    assert read(tmp_path, "fonts: {files: [both.ttc]}").notes == ()
    (tmp_path / "cut.ttc").write_bytes((head + moved)[:5000])
    assert "no whole font" in read(tmp_path, "fonts: {files: [cut.ttc]}").notes[0]


def test_picture_of_50_mb_is_left_out_unread(tmp_path: Path) -> None:
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(50_000_000)
    pack = read(tmp_path, "images: {logo: large.png}")
    assert "it has 50.0 MB, and a picture at most 20 MB" in pack.notes[0]


def test_pipe_in_a_pack_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "logo.png")
    assert "no regular file" in read(tmp_path, "images: {logo: logo.png}").notes[0]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("style.yaml", "a: [1", "is no YAML: line "),
        ("style.yaml", "- a list", "holds no keys"),
        ("style.yaml", "!!python/object/apply:os.system ['true']", "is no YAML"),
        ("style.yaml", "[" * 5000, "is no YAML"),
        ("style.yaml", "x: " + "a" * 200_000, "too large"),
        ("style.toml", "a = ", "is no TOML"),
        ("manim.cfg", "no section", "cannot be read"),
    ],
)
def test_file_that_is_no_pack_is_an_error(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read(tmp_path, text, name)


def test_aliases_that_multiply_cost_nothing(tmp_path: Path) -> None:
    rows = ['a0: &a0 ["x","x"]'] + [
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)
    ]
    began = time.process_time()
    pack = read(tmp_path, "\n".join(rows) + "\nimages: *a11\n")
    assert time.process_time() - began < 2
    assert all(len(note) < 300 for note in pack.notes)


# --- names, paths and sentences ---------------------------------------------------------


def test_name_path_and_words_are_told_apart_by_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "mine", "line_width: 2\n")
    write(tmp_path / "styles", "line_width: 3\n", "lab.yaml")
    monkeypatch.chdir(tmp_path)
    styles = Styles([tmp_path / "styles"])
    widths = {}
    for said in ("chalk", "Chalk ", "mine", "./mine", "mine/style.yaml", "lab"):
        pack = styles.find(said)
        widths[said.strip()] = pack.line_width if pack else None
    assert widths == {
        "chalk": 1.2, "Chalk": 1.2, "mine": 2.0, "./mine": 2.0, "mine/style.yaml": 2.0, "lab": 3.0,
    }  # fmt: skip
    for words in ("chalk colours on dark green", "in the style of a comic", "sepia", "", None):
        assert styles.find(words) is None
    assert styles.names == (*BUILT_IN, "lab")


@pytest.mark.parametrize("said", ["chlak", "papper", "./gone", "gone/style.yaml", "gone.toml"])
def test_name_or_path_without_a_pack_is_an_error_with_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match="There is no style") as caught:
        Styles().find(said)
    assert "chalk" in caught.value.hint
    assert "paper" in caught.value.hint


@pytest.mark.parametrize("said", ["/etc/passwd", "../secret", "~/x.yaml", "a/b", "x.cfg"])
def test_stranger_cannot_name_a_path(said: str) -> None:
    with pytest.raises(ConfigurationError, match="by its name here"):
        offer_styles(None).find(said)


def test_operators_pack_is_found_by_name_and_a_link_out_of_it_is_not(tmp_path: Path) -> None:
    write(tmp_path / "styles" / "house", "images: {logo: link.png}\n")
    (tmp_path / "styles" / "house" / "link.png").symlink_to(draw_logo(tmp_path))
    pack = offer_styles(str(tmp_path / "styles")).find("house")
    assert pack is not None
    assert "lies outside" in pack.notes[0]


def test_own_pack_lies_in_the_data_folder(clean_environment: Path) -> None:
    write(clean_environment / "styles", "line_width: 3\n", "lab.yaml")
    assert "lab" in find_own_styles().names


def test_quality_of_a_pack_gives_way_to_any_that_is_said() -> None:
    styles = Styles()
    assert merge_with_style(styles, {"style": "print"})["quality"] == "high"
    assert (
        merge_with_style(styles, {"style": "print"}, {"quality": "medium"})["quality"] == "medium"
    )
    assert merge_with_style(styles, {"style": "print", "resolution": "480p"})["quality"] == "low"
    assert merge_with_style(styles, {"style": "paper"})["quality"] == "low"


def test_path_of_a_pack_holds_in_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "mine", "line_width: 2\n")
    monkeypatch.chdir(tmp_path)
    merged = merge_with_style(Styles(), {"style": "mine"})
    assert merged["style"] == str(tmp_path / "mine")


def test_style_says_which_it_was() -> None:
    pack = replace(load_builtin("paper"), notes=("x is no key.",))
    assert describe_style("paper", pack, has_model=True) == [
        "Style: the pack paper.", "paper: x is no key.",
    ]  # fmt: skip
    assert "words" in describe_style("warm", None, has_model=True)[0]
    assert "as ever" in describe_style("warm", None, has_model=False)[0]
    assert describe_style(None, None, has_model=False) == []


# --- colours ----------------------------------------------------------------------------


def test_dark_is_manims_own_look() -> None:
    dark = load_builtin("dark")
    assert (dark.digest, build_palette(dark.colors)) == ("", {})
    assert build_look(dark, "") is None


def test_palette_is_that_of_the_installed_manim() -> None:
    from manim.utils.color import manim_colors

    for name, color in MANIM_COLORS.items():
        assert getattr(manim_colors, name).to_hex() == color


@pytest.mark.parametrize(("name", "least"), [("paper", 4.5), ("chalk", 4.5), ("print", 4.5)])
def test_accents_of_built_in_packs_can_be_read(name: str, least: float) -> None:
    colors = load_builtin(name).colors
    behind = to_rgb(colors.background)
    assert {meaning for meaning, _ in colors.accents} == set(ACCENTS)
    for _, color in colors.accents:
        assert measure_contrast(to_rgb(color), behind) >= least
    assert measure_contrast(to_rgb(colors.text), behind) >= 7


def test_contrast_is_aaa_for_everything_that_words_are_written_in() -> None:
    colors = load_builtin("contrast").colors
    palette = build_palette(colors, is_whole=True)
    behind = to_rgb(colors.background)
    faint = {"BLACK", "GRAY_D", "GRAY_E", "DARK_GRAY", "DARKER_GRAY", "GRAY_BROWN", "DARK_BROWN"}
    words = [
        n for n in palette if n not in faint and not n.endswith(("_E", "_D")) and n[:4] != "DARK"
    ]
    low = {n for n in words if measure_contrast(to_rgb(palette[n]), behind) < 7}
    assert low <= {"LIGHT_BROWN"}


@pytest.mark.parametrize("name", BUILT_IN[1:])
def test_tones_keep_their_order_from_the_text_to_the_background(name: str) -> None:
    colors = load_builtin(name).colors
    palette = build_palette(colors, is_whole=True)
    behind = to_rgb(colors.background)
    for family in ("BLUE", "GREEN", "RED", "YELLOW", "PURPLE", "GOLD", "TEAL", "MAROON"):
        tones = [measure_contrast(to_rgb(palette[f"{family}_{t}"]), behind) for t in "ABCDE"]
        assert tones == sorted(tones, reverse=True)


def test_any_pack_of_two_colours_has_a_readable_text(tmp_path: Path) -> None:
    for number, color in enumerate(("#FFFFFF", "#777777", "#0000FF", "#FFFF00", "#123456")):
        pack = read(tmp_path / str(number), f'colors: {{background: "{color}"}}')
        text = to_rgb(pack.colors.text)
        assert measure_contrast(text, to_rgb(color)) >= 4.4, color


@pytest.mark.parametrize(
    ("written", "color"),
    [("#abc", "#AABBCC"), ("#1e90ff", "#1E90FF"), ("teal", "#5CD0B3"), ("Grey", "#888888"),
     ("light sea green", "#20B2AA"), ("nonsense", None), (7, None), ("rgb(1,2,3)", None)],
)  # fmt: skip
def test_colour_is_written_as_a_number_or_a_name(written: object, color: str | None) -> None:
    assert parse_color(written) == color


def look_of(name: str, source: str) -> dict[str, object]:
    made = build_look(load_builtin(name), source)
    assert made is not None
    return made


def test_literal_keeps_its_hue_where_it_can_be_seen() -> None:
    source = """a = "#FFFFFF", '#101010', "#FF9F5A", "#C04020", "#58C4DD" """
    literals = look_of("paper", source)["literals"]
    assert isinstance(literals, dict)
    assert literals["#FFFFFF"] == "#23262D"  # manim's WHITE
    assert literals["#58C4DD"] == "#1F6FB2"  # manim's BLUE
    assert "#C04020" not in literals
    behind = to_rgb("#FBF8F1")
    assert measure_contrast(to_rgb(literals["#FF9F5A"]), behind) >= 3
    assert measure_contrast(to_rgb(literals["#101010"]), behind) < 1.5


@pytest.mark.parametrize("pack", ["paper", "chalk", "contrast", "print"])
def test_fill_that_nearly_was_the_background_stays_one(pack: str) -> None:
    literals = look_of(pack, 'a = "#101010", "#1C1C2A"')["literals"]
    assert isinstance(literals, dict)
    behind = to_rgb(load_builtin(pack).colors.background)
    for color in ("#101010", "#1C1C2A"):
        assert measure_contrast(to_rgb(literals.get(color, color)), behind) < 1.5


def test_background_of_a_scene_becomes_the_packs() -> None:
    source = 'self.camera.background_color = "#1e1e2e"\nr = Square(fill_color="#1e1e2e")'
    assert look_of("paper", source)["literals"] == {"#1e1e2e": "#FBF8F1"}


@pytest.mark.parametrize("written", ["WHITE", '"#FAFAFA"', "'white'"])
def test_scene_for_a_light_background_is_drawn_the_other_way_round(written: str) -> None:
    look = look_of("paper", f"config.background_color = {written}")
    assert isinstance(look["palette"], dict)
    assert (look["palette"]["WHITE"], look["palette"]["BLACK"]) == ("#FBF8F1", "#23262D")


def test_digest_holds_what_is_drawn_and_the_content_of_files(tmp_path: Path) -> None:
    logo = draw_logo(tmp_path)
    digest = read(tmp_path, WHOLE).digest
    assert read(tmp_path, WHOLE.replace("of our", "of their")).digest == digest
    assert read(tmp_path, WHOLE.replace("1.4", "1.5")).digest != digest
    Image.new("RGB", (30, 20), "blue").save(logo)
    assert read(tmp_path, WHOLE).digest != digest


# --- the model --------------------------------------------------------------------------


def test_model_is_told_palette_fonts_and_images_by_name_and_size(tmp_path: Path) -> None:
    draw_logo(tmp_path)
    pack = read(tmp_path, WHOLE)
    prompt = Prompt(text="a cat", options=Options(style=str(tmp_path)))
    said = build_messages(prompt, has_latex=True, style=pack)[1]["content"]
    for part in ("#FFFDF5", "#101020", "BLUE #0050A0", "DejaVu Serif", "30 x 20"):
        assert part in said
    assert 'ImageMobject("logo.png")' in said
    assert str(tmp_path) not in said


def test_words_on_style_reach_the_model_as_they_are() -> None:
    prompt = Prompt(text="a cat", options=Options(style="chalk on {green} %s"))
    assert build_messages(prompt, has_latex=True)[1]["content"].endswith(
        "Style: chalk on {green} %s"
    )


SHOWS_LOGO = """```python
from manim import *

class Shown(Scene):
    def construct(self):
        self.add(ImageMobject("logo.png"))
        self.wait(1)
```"""


def test_model_may_read_the_pictures_of_a_pack_and_no_others(
    clean_environment: Path, tmp_path: Path
) -> None:
    draw_logo(tmp_path)
    draw_logo(tmp_path, "fox.png")
    pack = write(tmp_path, "images: {logo: logo.png}\n")
    replies = [Reply(text=SHOWS_LOGO), Reply(text=SHOWS_LOGO.replace("logo", "fox"))]
    with RecordedModelServer(replies) as server:
        asked = {"model": "m", "base_url": server.base_url, "attempts": 1, "style": str(pack)}
        shown, _ = run_sentence(clean_environment, "show our logo", **asked)
        other, _ = run_sentence(clean_environment, "show our fox", **asked)
    assert 'ImageMobject("logo.png")' in shown.scenes[0].code.source
    assert 'ImageMobject("fox.png")' not in other.scenes[0].code.source


# --- a run ------------------------------------------------------------------------------


def run_sentence(folder: Path, text: str, **options: Any) -> tuple[FakeRenderer, Done]:
    renderer = FakeRenderer()
    pipeline = Pipeline(
        store=Store(folder), renderers={"worker": renderer}, media_dir=folder / "media"
    )
    events: list[Event] = []
    pipeline.run(Prompt(text=text, options=Options(**options)), events.append)
    assert isinstance(events[-1], Done)
    return renderer, events[-1]


MATRIX = "Show what [[2, 1], [1, 2]] does to the plane"


def test_library_scene_is_drawn_in_the_pack_and_says_so(clean_environment: Path) -> None:
    renderer, done = run_sentence(clean_environment, MATRIX, style="paper")
    assert renderer.requests[0].style == load_builtin("paper")
    assert "Style: the pack paper." in done.notes
    assert done.generation.prompt.options.style == "paper"


def test_words_on_style_leave_a_library_scene_as_it_is(clean_environment: Path) -> None:
    renderer, done = run_sentence(clean_environment, MATRIX, style="like a comic")
    assert renderer.requests[0].style is None
    assert any("words are for a language model" in note for note in done.notes)


def test_notes_of_a_pack_are_said_with_the_result(clean_environment: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "colors: {bakground: '#FFF'}\n")
    _, done = run_sentence(clean_environment, MATRIX, style=str(path))
    assert any("'background' is the nearest" in note for note in done.notes)


def test_knob_keeps_the_pack_of_its_result(clean_environment: Path) -> None:
    renderer = FakeRenderer()
    pipeline = Pipeline(
        store=Store(clean_environment),
        renderers={"worker": renderer},
        media_dir=clean_environment / "media",
    )
    shown = pipeline.run(Prompt(text=MATRIX, options=Options(style="chalk")), lambda event: None)
    pipeline.set_parameters(shown, {"MATRIX": [[1, 1], [0, 1]]})
    assert [request.style for request in renderer.requests] == [load_builtin("chalk")] * 2


def test_model_is_told_of_the_pack_and_the_card_of_words(clean_environment: Path) -> None:
    reply = f"```python\n{SCENE}```"
    said = {}
    for style in ("chalk", "warm colours"):
        with RecordedModelServer([reply]) as server:
            _, done = run_sentence(
                clean_environment, "a circle", model="m", base_url=server.base_url, style=style
            )
        said[style] = server.requests[0].messages[1]["content"], done.notes
    assert "style chalk: background #233B36" in said["chalk"][0]
    assert said["warm colours"][0].endswith("Style: warm colours")
    assert any("given it as words" in note for note in said["warm colours"][1])


SCENE = """\
from manim import *


class Small(Scene):
    def construct(self):
        self.add(Square(2, color=BLUE, fill_opacity=1))
"""


def render_file(folder: Path, *words: str) -> int:
    file = write(folder, SCENE, "scene.py")
    return main(
        ["render", str(file), "--still", "-r", "128x72", "-o", str(folder / "out.png"), *words]
    )


@pytest.mark.render
def test_render_takes_a_style_and_says_which(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "colors: {background: '#102030', primary: '#FFAA00'}\nmak: 1\n", "own.yaml")
    assert render_file(tmp_path, "--style", str(tmp_path / "own.yaml")) == 0
    with Image.open(tmp_path / "out.png") as picture:
        colors = {picture.convert("RGB").getpixel(place) for place in ((3, 3), (64, 36))}
    assert colors == {(16, 32, 48), (255, 170, 0)}
    said = capsys.readouterr().err
    assert "Style: the pack own." in said
    assert "'mark' is the nearest" in said


def test_look_in_a_manim_cfg_counts_where_it_is_the_style_and_is_said_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "[style]\nfont = DejaVu Serif\n[other]\na = 1\n", "manim.cfg")
    settings = read_manim_cfg([path])
    assert (settings.ignored, settings.has_look) == (("other",), True)
    _report((), settings, has_style=True)
    assert capsys.readouterr().err == "manim.cfg: other not followed.\n"
    _report((), settings, has_style=False)
    assert "count with --style manim.cfg alone" in capsys.readouterr().err


@pytest.mark.parametrize("style", ["warm colours", "papr", "./gone"])
def test_render_with_no_such_style_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], style: str
) -> None:
    assert render_file(tmp_path, "--style", style) == 2
    said = capsys.readouterr().err
    assert "chalk" in said
    assert said.count("\n") <= 2


def test_service_takes_a_style_by_name_and_refuses_a_path(tmp_path: Path) -> None:
    write(tmp_path / "styles" / "house", "line_width: 2\n")
    service = build_service(tmp_path, offer_styles(str(tmp_path / "styles")))
    assert service.submit("a", GenerateBody(prompt="x", style="House")).prompt.options.style == (
        "house"
    )
    said = GenerateBody.model_validate({"prompt": "x", "options": {"style": "warm colours"}})
    assert service.submit("a", said).prompt.options.style == "warm colours"
    for path in ("/etc/passwd", "../x", str(tmp_path / "styles" / "house"), "papr"):
        with pytest.raises(InvalidRequestError) as caught:
            service.submit("a", GenerateBody(prompt="x", style=path))
        assert "house" in caught.value.hint


def build_service(folder: Path, styles: Styles) -> Service:
    database = Database(folder / STORE_NAME, has_pool=True)
    places = Places(folder / "caches", str(folder / "videos"), None, 60.0)
    scheduler = Scheduler(TaskStore(database), FakeExecutor(), Hub(), places=places)
    return Service(
        database=database,
        storage=FolderStorage(folder / "videos"),
        scheduler=scheduler,
        hub=Hub(),
        limits=Limits(),
        writers=Writers((), styles),
        is_open=True,
    )


def test_own_pack_is_not_sent_to_a_service(clean_environment: Path) -> None:
    write(clean_environment / "styles", "line_width: 3\n", "lab.yaml")
    options = Options(style="lab", remote="http://127.0.0.1:9")
    pipeline = RemotePipeline(
        store=Store(clean_environment), renderers={}, media_dir=clean_environment
    )
    with pytest.raises(ConfigurationError, match="a --style of this machine"):
        pipeline.run(Prompt(text="x", options=options), lambda event: None)


# --- follow-ups -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("in the chalk style", "chalk", ""),
        ("Please draw it in the 'Paper' style.", "paper", ""),
        ("style: contrast", "contrast", ""),
        ("--style print", "print", ""),
        ("use the paper style and make the circle red", "paper", "circle"),
        ("in the style of a comic", None, "comic"),
        ("with chalk colours", None, "chalk"),
        ("print the result in a nice style", None, "nice"),
    ],
)
def test_pack_asked_for_in_words(text: str, name: str | None, rest: str) -> None:
    found, left = read_style_request(text, BUILT_IN)
    assert found == name
    assert rest in left
    assert bool(left) == bool(rest)


def follow(folder: Path, text: str, **options: Any) -> tuple[FakeRenderer, Generation]:
    renderer = FakeRenderer()
    pipeline = Pipeline(
        store=Store(folder), renderers={"worker": renderer}, media_dir=folder / "media"
    )
    shown = pipeline.run(Prompt(text=MATRIX), lambda event: None)
    prompt = Prompt(text=text, parent=shown.generation_id, options=Options(**options))
    return renderer, pipeline.run(prompt, lambda event: None)


def test_follow_up_in_another_style_draws_the_same_scene(clean_environment: Path) -> None:
    renderer, made = follow(clean_environment, "in the chalk style")
    first, second = renderer.scenes
    assert first.code.source == second.code.source
    assert renderer.requests[1].style == load_builtin("chalk")
    assert made.prompt.options.style == "chalk"
    assert made.prompt.text == "in the chalk style"


def test_follow_up_in_another_style_asks_no_model(clean_environment: Path) -> None:
    with RecordedModelServer([]) as server:
        follow(clean_environment, "paper style please", model="m", base_url=server.base_url)
    assert server.requests == []


def test_follow_up_may_change_more_than_the_style(clean_environment: Path) -> None:
    renderer, _ = follow(clean_environment, "in the paper style, and twice as slow")
    first, second = renderer.scenes
    assert first.code.source != second.code.source
    assert renderer.requests[1].style == load_builtin("paper")


def test_follow_up_on_a_white_background_in_purple_is_no_pack(clean_environment: Path) -> None:
    renderer, _ = follow(clean_environment, "make it purple on a white background")
    assert renderer.requests[1].style is None
    assert 'background_color = ManimColor("#FFFFFF")' in renderer.scenes[1].code.source


def test_doctor_lists_packs_and_what_is_wrong_with_them(tmp_path: Path) -> None:
    from shaperotator_magic.rendering.worker.environment import probe_environment

    write(tmp_path / "styles", "colors: {bakground: '#FFF'}\n", "lab.yaml")
    write(tmp_path / "styles", "a: [1", "ill.yaml")
    said = [finding for finding in probe_environment(tmp_path) if finding.rule == "styles"]
    assert "print, ill, lab" in said[0].message
    assert [finding.severity for finding in said] == ["note", "warning", "warning"]
    assert "is no YAML" in said[1].message
    assert "'background' is the nearest" in said[2].message
