"""A style pack where scenes are drawn: in a scene's process and in the kernel, without new code."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.layout.layout import check_layout
from shaperotator_magic.core.records import CheckedScene
from shaperotator_magic.core.styles.colors import to_rgb
from shaperotator_magic.core.styles.finding import load_builtin, read_pack
from shaperotator_magic.core.styles.fonts.machine import FACES
from shaperotator_magic.core.styles.pack import Fonts, Mark, Sizes, StylePack
from shaperotator_magic.pipeline.drafts import Stage, prepare_draft
from shaperotator_magic.rendering.caching.video_cache import build_key, describe_request
from shaperotator_magic.rendering.kernel import KernelRenderer
from shaperotator_magic.rendering.worker.worker import Worker
from tests.scenes import build_construct, build_request, build_scene

pytestmark = pytest.mark.render

PAPER, DARK = load_builtin("paper"), load_builtin("dark")
# Everything that a scene may say of colour: nothing, a name, a name in a string, a number.
COLORED = """\
squares = [
    Line(LEFT / 4, RIGHT / 4, stroke_width=40),
    Square(0.5, color=BLUE, fill_opacity=1),
    Square(0.5, color="RED", fill_opacity=1),
    Square(0.5, fill_color="#FFFFFF", fill_opacity=1, stroke_width=0),
    Square(0.5, color=GREY_A, fill_opacity=1),
    Square(0.5, color=BLACK, fill_opacity=1),
]
for square, x in zip(squares, range(-5, 7, 2)):
    self.add(square.move_to([x, 0, 0]))
"""
WANTED = ["#23262D", "#1F6FB2", "#C23B2E", "#23262D", "#36393E", "#FBF8F1"]


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


def draw(
    renderer: Any, scene: CheckedScene, media: Path, style: StylePack | None, **changes: Any
) -> Any:
    """Return a still as an array of height, width and channels."""
    request = build_request(
        media, **{"width_px": 426, "height_px": 240, "still": True, "style": style, **changes}
    )
    video = renderer.render(scene, request, variables={}, on_progress=lambda done, total: None)
    with Image.open(video.path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def look_at(pixels: Any, x: float, y: float = 0.0) -> str:
    """Return the colour at a place in manim's units."""
    height, width, _ = pixels.shape
    row, column = round(height * (0.5 - y / 8)), round(width / 2 + x * height / 8)
    return "#" + "".join(f"{value:02X}" for value in pixels[row, column])


def are_near(seen: str, wanted: str) -> bool:
    pairs = zip(to_rgb(seen), to_rgb(wanted), strict=True)
    return max(abs(a - b) for a, b in pairs) <= 2 / 255


def count_ink(pixels: Any) -> int:
    return int((pixels != pixels[0, 0]).any(axis=2).sum())


def test_every_way_to_say_a_colour_gets_the_packs(worker: Worker, media: Path) -> None:
    pixels = draw(worker, build_construct(COLORED), media, PAPER)
    seen = [look_at(pixels, x) for x in range(-5, 7, 2)]
    assert all(map(are_near, seen, WANTED)), seen
    assert are_near(look_at(pixels, 0, 3), "#FBF8F1")


def test_dark_is_what_manim_draws_byte_for_byte(worker: Worker, media: Path) -> None:
    scene = build_construct(COLORED)
    plain = build_request(media, still=True)
    dark = dataclasses.replace(plain, style=DARK)
    assert describe_request(plain, {}) == describe_request(dark, {})
    drawn = [draw(worker, scene, media, style, use_cache=False) for style in (None, DARK)]
    assert (drawn[0] == drawn[1]).all()


def test_pack_is_part_of_the_key(media: Path) -> None:
    scene = build_construct(COLORED)
    requests = [build_request(media, style=style) for style in (DARK, PAPER, load_builtin("print"))]
    assert len({build_key(scene.code, describe_request(one, {})) for one in requests}) == 3


def test_segments_of_one_pack_are_not_those_of_another(worker: Worker, media: Path) -> None:
    import av

    scene = build_construct(
        "self.play(Create(Square(color=RED)), run_time=0.3)\nself.play(FadeIn(Dot()), run_time=0.3)"
    )
    for style, light in ((DARK, False), (PAPER, True), (DARK, False)):
        request = build_request(media, style=style)
        video = worker.render(scene, request, variables={}, on_progress=lambda done, total: None)
        with av.open(str(video.path)) as container:
            frames = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
        assert all((frame[0, 0] > 200) == light for frame in frames)


def test_formulas_and_defaults_are_the_packs(worker: Worker, media: Path) -> None:
    scene = build_construct(
        'self.add(MathTex(r"\\int_0^1 x^2", r"\\pi").scale(3))'
        "\nself.mobjects[0][1].set_color(YELLOW)"
    )
    pixels = draw(worker, scene, media, PAPER)
    darkest = pixels.reshape(-1, 3)[pixels.sum(axis=2).argmin()]
    assert tuple(darkest) == (35, 38, 45)
    assert (pixels[:, :, 0] - pixels[:, :, 2]).max() > 100  # pi, in the pack's yellow


def test_grid_and_line_width_are_the_packs(worker: Worker, media: Path) -> None:
    scene = build_construct("self.add(NumberPlane(x_range=[-7, 7], y_range=[-3, 3]))")
    thin = draw(worker, scene, media, PAPER)
    wide = draw(worker, scene, media, dataclasses.replace(PAPER, line_width=3))
    assert abs(wide - wide[0, 0]).sum() > 1.7 * abs(thin - thin[0, 0]).sum()
    column = [look_at(wide, x / 50, 1.5) for x in range(90, 110)]
    assert any(are_near(color, "#C4CBD3") for color in column), column


def test_scene_for_a_light_background_is_readable_in_chalk(worker: Worker, media: Path) -> None:
    source = (
        "from manim import *\nconfig.background_color = WHITE\nclass Small(Scene):\n"
        "    def construct(self):\n        self.add(Square(2, color=BLACK, fill_opacity=1))\n"
    )
    chalk = load_builtin("chalk")
    pixels = draw(worker, build_scene(source), media, chalk)
    assert are_near(look_at(pixels, 0), chalk.colors.text)
    assert are_near(look_at(pixels, 5), chalk.colors.background)


def test_words_that_look_like_a_colour_stay(worker: Worker, media: Path) -> None:
    scenes = (
        build_construct('Text("x")\nself.add(Text("#FFFFFF", font_size=60))'),
        build_construct('self.add(Text("#23262D", font_size=60))'),
    )
    first, second = (draw(worker, scene, media, PAPER) for scene in scenes)
    assert (first != second).any()


def test_size_and_place_of_texts_are_the_packs(worker: Worker, media: Path) -> None:
    scene = build_construct('self.add(Text("word").to_edge(UP), Text("below").to_edge(DOWN))')
    pack = dataclasses.replace(
        PAPER, sizes=Sizes(text=96), title="top left", caption="bottom right"
    )
    usual, styled = (draw(worker, scene, media, style) for style in (PAPER, pack))
    assert count_ink(styled) > 2.5 * count_ink(usual)
    columns = np.nonzero((styled[:100] != styled[0, 0]).any(axis=2))[1]
    below = np.nonzero((styled[140:] != styled[0, 0]).any(axis=2))[1]
    assert columns.max() < 213 < below.min()


def test_named_font_is_that_of_texts_that_name_none_and_of_sans(
    worker: Worker, media: Path
) -> None:
    pack = dataclasses.replace(PAPER, fonts=Fonts(text="monospace"))
    written = 'self.add(Text("iiiiWWWW", {}))'
    drawn = {
        name: draw(worker, build_construct(written.format(said)), media, pack)
        for name, said in {"none": "", "sans": 'font="Sans"', "mono": 'font="monospace"'}.items()
    }
    assert (drawn["none"] == drawn["mono"]).all()
    assert (drawn["sans"] == drawn["mono"]).all()
    serif = build_construct(written.format('font="serif"'))
    assert (draw(worker, serif, media, pack) != drawn["mono"]).any()


def test_font_that_is_not_there_is_said_and_another_is_taken(worker: Worker, media: Path) -> None:
    pack = dataclasses.replace(PAPER, fonts=Fonts(text="Nobody's Grotesque"))
    request = build_request(media, still=True, style=pack)
    scene = build_construct('self.add(Text("a"))')
    drawn = worker.render(scene, request, variables={}, on_progress=lambda *_: None)
    assert drawn.notes == (
        "The style's font Nobody's Grotesque is not on this machine: texts are in Shaperotator "
        "Sans.",
    )


def build_math_font(family: str) -> bytes:
    """The package's bold mono face, which has digits and no Greek, with a table of mathematics."""
    content = (FACES / "mono-bold.ttf").read_bytes()
    names = [f"Shaperotator {name}".encode("utf-16-be") for name in ("Mono", family)]
    content = content.replace(*names)
    constants = struct.pack(">hhHH", 70, 50, 1500, 1500) + struct.pack(">hH", 200, 0) * 51
    table = struct.pack(">HHHHH", 1, 0, 10, 0, 0) + constants + struct.pack(">h", 50)
    count = struct.unpack_from(">H", content, 4)[0]
    rows = [struct.unpack_from(">4sIII", content, 12 + 16 * n) for n in range(count)]
    body = content[12 + 16 * count :] + bytes(-len(content) % 4)
    rows = [(tag, check, start + 16, length) for tag, check, start, length in rows]
    rows.append((b"MATH", 0, 12 + 16 * (count + 1) + len(body), len(table)))
    head = content[:4] + struct.pack(">H", count + 1) + content[6:12]
    return head + b"".join(struct.pack(">4sIII", *row) for row in sorted(rows)) + body + table


def test_formulas_are_in_the_math_font_of_the_pack_and_what_it_lacks_is_as_ever(
    worker: Worker, media: Path, tmp_path: Path
) -> None:
    (tmp_path / "own.ttf").write_bytes(build_math_font("Test"))
    (tmp_path / "style.yaml").write_text(
        "fonts: {files: [own.ttf], formulas: Shaperotator Test}\nbase: dark\n"
    )
    pack = read_pack(tmp_path)
    assert pack.notes == ()
    digits = build_construct('self.add(MathTex("1230"), Integer(7).shift(2 * DOWN))')
    greek = build_construct('self.add(MathTex(r"\\alpha\\beta"))')
    assert (draw(worker, digits, media, pack) != draw(worker, digits, media, None)).any()
    assert (draw(worker, greek, media, pack) == draw(worker, greek, media, None)).all()


def test_mark_lies_in_its_corner_under_everything(
    worker: Worker, media: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (40, 20), "#00FF00").save(tmp_path / "logo.png")
    mark = Mark(image=tmp_path / "logo.png", corner="top right", height=1.0, opacity=1.0)
    pixels = draw(
        worker,
        build_construct("self.add(Dot([6, 3.2, 0], color=RED))"),
        media,
        dataclasses.replace(PAPER, mark=mark),
    )
    assert look_at(pixels, 6.5, 3.4) == "#00FF00"
    assert are_near(look_at(pixels, 6, 3.2), "#C23B2E")
    assert are_near(look_at(pixels, -6, 3.2), "#FBF8F1")


@pytest.mark.parametrize("kind", ["text", "svg"])
def test_mark_of_words_or_lines_is_drawn(
    worker: Worker, media: Path, tmp_path: Path, kind: str
) -> None:
    svg = tmp_path / "logo.svg"
    svg.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" '
        'fill="#ff0000"/></svg>'
    )
    mark = Mark(image=svg, height=1) if kind == "svg" else Mark(text="our lab", height=0.6)
    pixels = draw(
        worker, build_construct("self.wait()"), media, dataclasses.replace(PAPER, mark=mark)
    )
    rows, columns = np.nonzero((pixels != pixels[0, 0]).any(axis=2))
    assert rows.min() > 190
    assert columns.min() > 250


def test_image_of_a_pack_is_drawn_by_its_name(worker: Worker, media: Path, tmp_path: Path) -> None:
    Image.new("RGB", (40, 40), "#00FF00").save(tmp_path / "any.png")
    (tmp_path / "style.yaml").write_text("images: {logo: any.png}\n")
    pack = read_pack(tmp_path)
    for said in ("logo.png", "logo"):
        scene = build_construct(f'self.add(ImageMobject("{said}").set_height(2))')
        assert look_at(draw(worker, scene, media, pack), 0) == "#00FF00"


def test_layout_is_judged_against_the_pack(worker: Worker, media: Path) -> None:
    scene = build_construct(
        'self.add(Text("nearly white", color=rgb_to_color([0.95, 0.93, 0.9])))\nself.wait()'
    )
    found = {}
    for style in (DARK, PAPER):
        seen = worker.rehearse(scene, build_request(media, style=style), variables={})
        found[style.name] = {finding.rule for finding in check_layout(seen)}
    assert "layout-low-contrast" in found["paper"]
    assert "layout-low-contrast" not in found["dark"]


def test_pack_may_ask_for_more_contrast(worker: Worker, media: Path) -> None:
    scene = build_construct('self.add(Text("gray", color=rgb_to_color([0.4] * 3)))\nself.wait()')
    found = []
    for style in (DARK, dataclasses.replace(DARK, least_contrast=4.5)):
        seen = worker.rehearse(scene, build_request(media, style=style), variables={})
        found.append({finding.rule for finding in check_layout(seen)})
    assert [("layout-low-contrast" in rules) for rules in found] == [False, True]


LABELLED = """\
vertices = VGroup(*(Circle(0.4, color=GREY, fill_opacity=1).shift(n * RIGHT) for n in (-2, 0, 2)))
for vertex, letter in zip(vertices, "ABC"):
    vertex.add(Text(letter, font_size=30, color=BLACK).move_to(vertex))
self.play(FadeIn(vertices))
for vertex in vertices:
    self.play(vertex.animate.set_fill(GREEN_E))
self.wait()
"""


@pytest.mark.parametrize("name", ["paper", "contrast"])
def test_letters_stay_on_what_is_coloured_in_a_pack(worker: Worker, media: Path, name: str) -> None:
    request = build_request(media, style=load_builtin(name))
    stage = Stage(
        lambda scene: worker.rehearse(scene, request, variables={}),
        Api(worker.describe_manim(request)),
    )
    draft = prepare_draft(build_construct(LABELLED).code, stage)
    assert "set_fill(GREEN_E, family=False)" in draft.scene.code.source
    assert draft.flaws == ()


# --- the kernel -------------------------------------------------------------------------


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KernelRenderer]:
    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.chdir(tmp_path)
    shell = InteractiveShell.instance()

    def define(scene: CheckedScene) -> Any:
        exec(compile(scene.code.source, "<cell>", "exec"), shell.user_ns)
        return shell.user_ns[scene.code.scene_name]

    yield KernelRenderer(shell, define)
    InteractiveShell.clear_instance()


def describe_manim() -> dict[str, Any]:
    """What a pack changes of manim."""
    import manim
    from manim.mobject.text import tex_mobject
    from manim.utils.color import manim_colors

    classes = (manim.Text, manim.MarkupText, manim.NumberPlane, manim.Camera, manim.Mobject)
    return {
        "colors": {
            name: value.to_hex()
            for name, value in vars(manim_colors).items()
            if isinstance(value, manim.ManimColor)
        },
        "black": tex_mobject.BLACK,
        "config": repr(manim.config.background_color),
        "functions": [
            vars(one).get(name)
            for one in classes
            for name in ("__init__", "to_edge", "init_background")
        ],
    }


def test_kernel_draws_in_the_pack_and_is_as_it_was_afterwards(
    kernel: KernelRenderer, media: Path, tmp_path: Path
) -> None:
    before = describe_manim()
    Image.new("RGB", (40, 20), "#00FF00").save(tmp_path / "logo.png")
    pack = dataclasses.replace(
        PAPER,
        mark=Mark(image=tmp_path / "logo.png", corner="top left", height=1.0, opacity=1.0),
        line_width=2,
        title="top left",
        sizes=Sizes(text=60),
    )
    scene = build_construct(COLORED)
    pixels = draw(kernel, scene, media, pack)
    seen = [look_at(pixels, x) for x in range(-5, 7, 2)]
    assert all(map(are_near, seen, WANTED)), seen
    assert look_at(pixels, -6.4, 3.4) == "#00FF00"
    assert describe_manim() == before
    again = draw(kernel, scene, media, None)
    assert look_at(again, 0, 3) == "#000000"
    assert look_at(again, 1) == "#FFFFFF"
