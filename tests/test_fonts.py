"""Texts look the same on every machine, and no box is drawn for a letter that no font has."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shaperotator_magic.core.errors import RenderError
from shaperotator_magic.core.records import RenderedVideo
from shaperotator_magic.core.styles.fonts import machine
from shaperotator_magic.core.styles.fonts.machine import (
    FACES,
    FAMILIES,
    list_faces,
    list_machine_folders,
)
from shaperotator_magic.rendering.drawing.texts.direction import embed_right_to_left
from shaperotator_magic.rendering.drawing.texts.fonts import (
    choose_family,
    describe_missing,
    installed,
)
from shaperotator_magic.rendering.worker.worker import Worker
from tests.scenes import build_construct, build_request

DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
SENTENCE = "The slope of x² is 2x ≤ 4, so ∫ f dx → Ω"
TEXTS = f"""
named = Text("Sans", font="Sans", weight=BOLD)
marked = MarkupText('<i>slanted</i> <tt>typed</tt> <span font_family="sans-serif">sans</span>')
self.add(VGroup(Text({SENTENCE!r}), named, marked, Paragraph("two", "lines")).arrange(DOWN))
"""
# Rules as distributions have them, and worse: another hinting, another Sans, before all others.
STRANGE = """<?xml version="1.0"?><fontconfig>{folders}
<match target="pattern"><edit name="family" mode="prepend" binding="strong">
<string>DejaVu Serif</string></edit></match>
<match target="pattern"><edit name="hintstyle" mode="assign"><const>hintfull</const></edit></match>
<match target="font"><edit name="hinting" mode="assign"><bool>true</bool></edit>
<edit name="embolden" mode="assign"><bool>true</bool></edit></match></fontconfig>"""


def write_environment(folder: Path, fonts: list[Path], rules: str = "") -> Path:
    """Write the fontconfig file of a machine that has these fonts alone."""
    have = folder / "fonts"
    have.mkdir(parents=True)
    for font in fonts:
        shutil.copy(font, have)
    path = folder / "fonts.conf"
    path.write_text((rules or STRANGE).format(folders=f"<dir>{have}</dir>"))
    return path


def draw(
    monkeypatch: pytest.MonkeyPatch, configuration: Path, media: Path, body: str, **changes: Any
) -> RenderedVideo:
    monkeypatch.setenv("FONTCONFIG_FILE", str(configuration))
    worker = Worker()
    try:
        request = build_request(media, width_px=854, height_px=480, still=True, **changes)
        return worker.render(
            build_construct(body), request, variables={}, on_progress=lambda *_: None
        )
    finally:
        worker.close()


needs_fonts = pytest.mark.skipif(not DEJAVU.is_dir(), reason="needs fonts-dejavu")


@needs_fonts
@pytest.mark.render
def test_same_texts_with_other_fonts_installed_give_the_same_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = write_environment(
        tmp_path / "few", [DEJAVU / "DejaVuSans.ttf"], "<fontconfig>{folders}</fontconfig>"
    )
    many = write_environment(tmp_path / "many", sorted(Path("/usr/share/fonts").rglob("*.ttf")))
    videos = [draw(monkeypatch, conf, tmp_path / "media", TEXTS) for conf in (few, many)]
    assert videos[0].sha256 == videos[1].sha256
    assert not videos[1].is_from_cache or videos[0].notes == videos[1].notes == ()


@needs_fonts
@pytest.mark.render
def test_machine_fonts_draw_what_manim_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = write_environment(tmp_path / "many", sorted(DEJAVU.glob("*.ttf")))
    body = 'self.add(Text("machine"))'
    ours = draw(monkeypatch, strange, tmp_path / "media", body)
    theirs = draw(monkeypatch, strange, tmp_path / "media", body, fonts="machine")
    assert ours.sha256 != theirs.sha256


# What a machine with DejaVu alone has; the last column is the package that is named otherwise.
SENTENCES = [
    ("Die Höhe wächst", ""),
    ("Привет, мир", ""),
    ("Γειά σου, κόσμε", ""),
    ("Ω ≤ ∇²φ ⟶ 𝒩", ""),
    ("Well done 🎉 ✅ 👍🏽", ""),
    ("你好，世界", "fonts-noto-cjk"),
    ("こんにちは", "fonts-noto-cjk"),
    ("안녕하세요", "fonts-noto-cjk"),
    ("नमस्ते दुनिया", "fonts-noto-core"),
    ("สวัสดีชาวโลก", "fonts-noto-core"),
    ("שלום עולם", "DejaVu Sans"),
    ("مرحبا بالعالم", "DejaVu Sans"),
]


@pytest.fixture(scope="module")
def plain_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """A worker on a machine with DejaVu Sans alone."""
    folder = tmp_path_factory.mktemp("machine")
    path = write_environment(
        folder / "few", [DEJAVU / "DejaVuSans.ttf"], "<fontconfig>{folders}</fontconfig>"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(path))
        worker = Worker()
        worker.warm_up()
        yield worker
        worker.close()


@needs_fonts
@pytest.mark.render
@pytest.mark.parametrize(("sentence", "said"), SENTENCES)
def test_sentence_is_drawn_or_says_what_to_install(
    plain_worker: Worker, tmp_path: Path, sentence: str, said: str
) -> None:
    scene = build_construct(f"self.add(Text({sentence!r}))")
    request = build_request(tmp_path, still=True)
    if not said.startswith("fonts-"):
        video = plain_worker.render(scene, request, variables={}, on_progress=lambda *_: None)
        assert said in "".join(video.notes)
        return
    with pytest.raises(RenderError) as caught:
        plain_worker.render(scene, request, variables={}, on_progress=lambda *_: None)
    assert caught.value.message.startswith("No font of this machine has ")
    assert f"apt-get install {said};" in caught.value.hint
    assert caught.value.line == 4


@needs_fonts
@pytest.mark.render
def test_markup_without_a_font_is_refused_by_its_letters(
    plain_worker: Worker, tmp_path: Path
) -> None:
    scene = build_construct('self.add(MarkupText("<b>a &lt; 世</b>"))')
    with pytest.raises(RenderError, match="has 世 "):
        plain_worker.render(
            scene, build_request(tmp_path, still=True), variables={}, on_progress=lambda *_: None
        )


def test_every_face_has_a_licence_and_a_name_of_its_own() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FACES / "OFL.txt").read_text()
    assert len(list_faces()) == 9
    for face in list_faces():
        assert "Shaperotator".encode("utf-16-be") in face.read_bytes()
    assert sum(face.stat().st_size for face in list_faces()) < 2_500_000


def test_families_that_a_text_names_itself_stay() -> None:
    assert choose_family("Georgia", "bundled") == "Georgia"
    assert choose_family("Sans-Serif", "bundled").split(",")[0] == FAMILIES[0]
    assert choose_family("", "machine") == ""


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("直线", True),
        ("a 直线。", True),
        ("直線です", False),
        ("直線 한글", False),
        ("line", False),
    ],
)
def test_chinese_is_told_from_japanese_and_korean(text: str, is_one: bool) -> None:
    assert choose_family("", "bundled", text).endswith("Source Han Sans CN") == is_one
    assert choose_family("", "machine", text) == ""


def test_missing_letters_are_named_once_with_one_command() -> None:
    message, hint = describe_missing("世界世नम")
    assert message == "No font of this machine has 世界नम (Chinese, Devanagari)."
    assert "apt-get install fonts-noto-cjk fonts-noto-core;" in hint


def test_folders_are_read_through_includes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "conf.d"
    inner.mkdir()
    (inner / "10.conf").write_text(f"<fontconfig><dir>{inner}</dir></fontconfig>")
    (inner / "20.conf").write_text("<fontconfig><dir>no end")
    (tmp_path / "fonts.conf").write_text(
        '<fontconfig><dir prefix="xdg">fonts</dir><include>conf.d</include>'
        "<include>fonts.conf</include></fontconfig>"
    )
    (tmp_path / "data" / "fonts").mkdir(parents=True)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    assert list_machine_folders() == (tmp_path / "data" / "fonts", inner)


def test_configuration_is_undone_after_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    machine.write_configuration(tmp_path / machine.CONFIGURATION)
    with machine.configured(tmp_path):
        assert os.environ["FONTCONFIG_FILE"] == str(tmp_path / "fonts.conf")
    assert "FONTCONFIG_FILE" not in os.environ


# --- from right to left -----------------------------------------------------------------


@pytest.mark.render
@pytest.mark.parametrize(
    "words",
    ["\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627!", "\u05d0\n\u05d1 \u05d2"],
)
def test_text_from_right_to_left_is_drawn(words: str, tmp_path: Path) -> None:
    from manim import MarkupText, Text, tempconfig

    with tempconfig({"media_dir": str(tmp_path)}), installed("machine", lambda _: None):
        text, markup = Text(words), MarkupText(words.replace("\n", " "))
    assert len(text) == len(markup) == sum(map(len, words.split()))
    if words.endswith("!"):  # Pango lists glyphs from left to right
        assert text[0].get_center()[0] == min(letter.get_center()[0] for letter in text)


@pytest.mark.render
def test_coloured_words_from_right_to_left_stand_in_their_order(tmp_path: Path) -> None:
    from manim import ManimColor, Text, tempconfig

    first, second = "\u05e9\u05dc\u05d5\u05dd", "\u05e2\u05d5\u05dc\u05dd"
    with tempconfig({"media_dir": str(tmp_path)}), installed("machine", lambda _: None):
        text = Text(f"{first} {second}", t2c={first: "#FF0000"})
    is_red = [letter.get_fill_color() == ManimColor("#FF0000") for letter in text]
    assert is_red.count(True) == is_red.count(False) == len(first)
    places = {red: [x.get_x() for x, r in zip(text, is_red, strict=True) if r is red]
              for red in (True, False)}  # fmt: skip
    assert min(places[True]) > max(places[False])


def test_pieces_from_left_to_right_are_given_on_as_they_are() -> None:
    settings = [SimpleNamespace(start=0, end=3, line_num=0)]
    text, moved = embed_right_to_left("abc", settings)
    assert text == "abc"
    assert moved is settings
