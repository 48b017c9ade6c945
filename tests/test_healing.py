"""What is certain is mended without a model; what is right stays as it is, to the byte."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.api_correction import correct_api
from shaperotator_magic.checking.dialect import rules
from shaperotator_magic.checking.names import find_name_faults
from shaperotator_magic.core.records import Completion, Finding, Origin, SceneCode
from shaperotator_magic.testing import load_recorded_replies
from shaperotator_magic.writing.library.scene_files import load_scenes
from shaperotator_magic.writing.model.extraction import extract_scene

DATA = Path(__file__).parent / "data"
HEAD = "from manim import *\n\nclass S(Scene):\n    def construct(self):\n"


def heal(body: str, api: Api, *, head: str = HEAD) -> tuple[str, list[Finding]]:
    """Return the healed lines of construct(), and the findings."""
    lines = "\n".join(" " * 8 + line for line in [*body.splitlines(), "self.wait()"])
    code = SceneCode(source=f"{head}{lines}\n", scene_name="S", origin=Origin(writer="user"))
    healed, findings = correct_api(code, api)
    ast.parse(healed.source)
    kept = healed.source.split("def construct(self):\n")[1].splitlines()[:-1]
    return "\n".join(line[8:] for line in kept), findings


PAIRS = [
    ("self.play(ShowCreation(Circle()))", "self.play(Create(Circle()))"),
    ('t = TextMobject("a")', 't = Tex("a")'),
    ('t = TexMobject("x")', 't = MathTex("x")'),
    ("self.play(FadeInFrom(c, DOWN))", "self.play(FadeIn(c, shift=UP))"),
    ("self.play(FadeInFrom(c, 2 * LEFT))", "self.play(FadeIn(c, shift=-(2 * LEFT)))"),
    ("self.play(FadeInFromDown(c))", "self.play(FadeIn(c, shift=UP))"),
    ("self.play(FadeOutAndShift(c, UP))", "self.play(FadeOut(c, shift=UP))"),
    ("self.play(FadeOutAndShiftDown(c))", "self.play(FadeOut(c, shift=DOWN))"),
    ("self.play(FadeIn(c, UP))", "self.play(FadeIn(c, shift=UP))"),
    ("self.play(FadeInFromLarge(c, 2))", "self.play(FadeIn(c, scale=2))"),
    ("self.play(FlashAround(c))", "self.play(Circumscribe(c))"),
    ("a = Axes(x_min=-1, x_max=3)", "a = Axes(x_range=[-1, 3])"),
    ("a = Axes(width=6, height=4)", "a = Axes(x_length=6, y_length=4)"),
    ("g = a.get_graph(f, x_min=0, x_max=1)", "g = a.plot(f, x_range=[0, 1])"),
    ("c.set_width(3, stretch=True)", "c.scale_to_fit_width(3, stretch=True)"),
    ("c.set_stroke_width(3)", "c.set_stroke(width=3)"),
    ("c.set_fill_opacity(0.5)", "c.set_fill(opacity=0.5)"),
    ("c = Circle(colour=RED)", "c = Circle(color=RED)"),
    ("c = Circle()\nc.set_colour(RED)", "c = Circle()\nc.set_color(RED)"),
    ("self.play(c.shift, UP)", "self.play(c.animate.shift(UP))"),
    (
        "self.play(c.shift, UP, c.set_color, RED, run_time=2)",
        "self.play(c.animate.shift(UP).set_color(RED), run_time=2)",
    ),
    ("self.play(c.shift, UP, FadeOut(d))", "self.play(c.animate.shift(UP), FadeOut(d))"),
    ("x = FRAME_WIDTH / 2", "x = config.frame_width / 2"),
    ("n = get_norm(UP)", "n = np.linalg.norm(UP)"),
    ('t = MathTex("\\frac{1}{2}")', 't = MathTex(r"\\frac{1}{2}")'),
    ('t = MathTex("\\theta", "x")', 't = MathTex(r"\\theta", "x")'),
    ("s = Sqaure(side_lenght=2)", "s = Square(side_length=2)"),
    ("s = Square().shfit(UP)  # up", "s = Square().shift(UP)  # up"),
    ("self.wiat(2)", "self.wait(2)"),
    ("self.play(Create(Circle()), runtime=2)", "self.play(Create(Circle()), run_time=2)"),
    ("s.set_gloss(0.5)", "s"),
    ("self.wait(run_time=2)", "self.wait(duration=2)"),
    ("d = Dot(color=CYAN)", "d = Dot(color=PURE_CYAN)"),
]


@pytest.mark.parametrize(("before", "after"), PAIRS, ids=[before[:40] for before, _ in PAIRS])
def test_heal_rewrites_what_is_certain_and_says_so(before: str, after: str, api: Api) -> None:
    healed, findings = heal(before, api)
    assert healed == after
    assert [f for f in findings if f.rule.startswith("healed-") and f.severity == "note"]


@pytest.mark.parametrize(
    "body",
    [
        "c.set_width(3)",
        "self.play(c.animate.set_height(2))",
        "c.set_fill_color(RED)",
        "c = Circle()\nc.set_stroke_width(3)",
        "title = 3\nself.add(titel)",
    ],
)
def test_heal_leaves_what_the_installed_manim_understands(body: str, api: Api) -> None:
    assert heal(body, api)[0] == body


@pytest.mark.parametrize("after", [after for _, after in PAIRS])
def test_heal_of_healed_code_changes_nothing(after: str, api: Api) -> None:
    assert heal(after, api)[0] == after


def test_heal_makes_a_scene_with_a_moving_frame_a_moving_camera_scene(api: Api) -> None:
    code = SceneCode(
        source=f"{HEAD}        self.play(self.frame.animate.scale(0.5))\n",
        scene_name="S",
        origin=Origin(writer="user"),
    )
    healed, _ = correct_api(code, api)
    assert "class S(MovingCameraScene):" in healed.source
    assert "self.camera.frame.animate" in healed.source


def test_heal_adds_imports_and_replaces_those_of_other_manims(api: Api) -> None:
    head = HEAD.replace("from manim import *", "from manimlib.imports import *")
    code = SceneCode(
        source=f"{head}        self.wait(math.sqrt(2))\n",
        scene_name="S",
        origin=Origin(writer="user"),
    )
    healed, _ = correct_api(code, api)
    assert healed.source.startswith("from manim import *\nimport math\n")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            'm = ImageMobject("pictures/cat.png")',
            "m = VGroup(Rectangle(width=3, height=2), Text('cat.png', font_size=20))",
        ),
        (
            "m = SVGMobject('logo.svg').scale(2)",
            "m = VGroup(Rectangle(width=3, height=2), Text('logo.svg', font_size=20)).scale(2)",
        ),
        ('self.add_sound("ping.wav")', "pass"),
    ],
)
def test_heal_puts_a_frame_in_the_place_of_a_file(body: str, expected: str, api: Api) -> None:
    healed, findings = heal(body, api)
    assert healed == expected
    assert [finding.rule for finding in findings] == ["healed-file"]


@pytest.mark.parametrize("body", ["m = ImageMobject(np.zeros((2, 2)))", "m = self.draw_image()"])
def test_heal_leaves_pictures_made_of_numbers(body: str, api: Api) -> None:
    head = HEAD.replace("class", "import numpy as np\n\nclass")
    assert heal(body, api, head=head)[0] == body


def test_heal_leaves_a_scene_without_motion_as_it_is(api: Api) -> None:
    code = SceneCode(
        source=f"{HEAD}        self.add(Circle())\n", scene_name="S", origin=Origin(writer="user")
    )
    assert correct_api(code, api) == (code, [])


def test_heal_unfolds_config_of_a_scene(api: Api) -> None:
    code = SceneCode(
        source=HEAD.replace("    def", '    CONFIG = {"speed": 2}\n\n    def')
        + "        self.wait(self.speed)\n",
        scene_name="S",
        origin=Origin(writer="user"),
    )
    assert "    speed = 2\n" in correct_api(code, api)[0].source


@pytest.mark.parametrize(
    "body",
    [
        "ShowCreation = Create\nself.play(ShowCreation(Circle()))",
        "def get_norm(v):\n    return 1\nself.wait(get_norm(UP))",
        't = MathTex("\\\\frac{1}{2}")',
        "self.play(Create(Circle()))\nself.play(FadeOut(*self.mobjects))",
        "c = Circle()\nself.play(c.animate.shift(UP), run_time=2)",
    ],
)
def test_heal_leaves_what_is_right_or_the_users_own(body: str, api: Api) -> None:
    healed, findings = heal(body, api)
    assert healed == body
    assert not findings


def test_heal_leaves_recorded_replies_and_library_scenes_to_the_byte(api: Api) -> None:
    rows = load_recorded_replies(DATA / "replies")
    codes = [extract_scene(Completion(text=row.reply, model="m")) for row in rows]
    codes += [
        SceneCode(source=s.body, scene_name=s.class_name, origin=Origin(writer="user"))
        for s in load_scenes()
    ]
    for code in codes:
        healed, findings = correct_api(code, api)
        assert healed.source == code.source
        assert not [f for f in findings if f.rule != "manim-trap"], findings


def test_silent_setter_is_a_finding(api: Api) -> None:
    _, findings = heal("c = Circle()\nc.set_shape(3)", api)
    (finding,) = findings
    assert (finding.rule, finding.severity, finding.line) == ("manim-setter", "warning", 6)
    assert "changes nothing" in finding.message


def test_unknown_keyword_lists_what_is_taken(api: Api) -> None:
    (fault,) = find_name_faults("from manim import *\na = Axes(zoom=3)\n", api)
    assert (fault.kind, fault.owner, fault.name) == ("keyword", "Axes", "zoom")
    assert "x_range" in fault.known


def test_no_rule_is_for_what_the_installed_manim_has(api: Api) -> None:
    old = {*rules.RENAMED, *rules.REPLACED, *rules.SECOND_ARGUMENT, *rules.IMPLIED}
    assert not old & api.names
    assert set(rules.RENAMED.values()) <= api.names


def test_matrix_after_a_play_in_a_linear_transformation_scene_is_told(api: Api) -> None:
    head = HEAD.replace("(Scene)", "(LinearTransformationScene)")
    _, findings = heal("self.apply_matrix([[1, 0], [0, 1]])\nself.apply_matrix([[2, 0], [0, 1]])",
                       api, head=head)  # fmt: skip
    assert [f.line for f in findings if f.rule == "manim-trap"] == [6]
