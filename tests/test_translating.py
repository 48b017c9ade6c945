"""What manim never had, in its own words: every row of the table, and every stand-in."""

from __future__ import annotations

import ast
import linecache
import re
from pathlib import Path
from types import ModuleType

import pytest

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.api_correction import correct_api
from shaperotator_magic.checking.gate.gate import check_scene
from shaperotator_magic.checking.repairs.failing import Failing
from shaperotator_magic.checking.repairs.translation import methods, names
from shaperotator_magic.checking.repairs.translation.inlining import inline_stand_ins, is_stand_in
from shaperotator_magic.checking.repairs.translation.translating import translate_failure
from shaperotator_magic.core.records import Origin, SceneCode
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, installed
from shaperotator_magic.rendering.process.api_table import build_table
from shaperotator_magic.rendering.process.rehearsal import rehearse_class
from shaperotator_magic.rendering.process.scene_run import SCENE_FILE
from shaperotator_magic.rendering.scene.explaining import explain_failure

ORIGIN = Origin(writer="model", model="recorded")
HEAD = "from manim import *\n\n\nclass S(Scene):\n    def construct(self):\n"


@pytest.fixture(scope="module")
def api() -> Api:
    return Api(build_table())


def write(body: str, base: str = "Scene") -> str:
    lines = "\n".join(" " * 8 + line for line in body.splitlines())
    return HEAD.replace("(Scene)", f"({base})") + lines + "\n"


def heal(source: str, api: Api) -> str:
    return correct_api(SceneCode(source=source, scene_name="S", origin=ORIGIN), api)[0].source


def run(source: str, tmp_path: Path) -> str:
    """Check and rehearse a scene; return why it fails, or nothing."""
    check_scene(SceneCode(source=source, scene_name="S", origin=ORIGIN))
    linecache.cache[SCENE_FILE] = (len(source), None, source.splitlines(True), SCENE_FILE)
    module = ModuleType("scene")
    try:
        exec(compile(source, SCENE_FILE, "exec"), module.__dict__)
        with installed("typst", FormulaNotes().take):
            rehearse_class(module.__dict__["S"], fps=15, source=source)
    except Exception as exc:  # noqa: BLE001 - whatever the scene raises
        failure = explain_failure(exc, tmp_path / "log.txt", SCENE_FILE)
        return f"line {failure.line}: {failure.message} {failure.hint}"
    return ""


# A use of every stand-in as a model may write it.
USES = r"""
self.play(Create(Histogram([1, 2, 2, 3], bins=5, color=RED)))
h = Histogram(values=[], label="means")\nh.add_data(1, 2)\nself.play(h.animate.set_data([1, 2, 3]))
h = Histogram([1, 2], axes=Axes(), bin_width=0.5)\nself.play(FadeIn(h), run_time=1)
self.play(Create(Axes().get_bar_graph([1, 2], bar_colors=[BLUE])))
self.play(FadeIn(Axes().scatter([1, 2], [3, 4], color=RED)))
self.play(FadeIn(Axes().plot_point(1, 2)))
self.play(FadeIn(PieChart([1, 2, 3], labels=["a", "b", "c"])))
self.play(Create(ScatterPlot([1, 2], [2, 3])))
self.play(Create(LineGraph([1, 2, 3], [2, 3, 1], color=RED)))
n = Normal(0, 1)\nself.play(Create(n.graph(x_range=[-3, n.cdf(1)])))
self.play(FadeIn(Legend({"a": RED, "b": BLUE})))
self.play(FadeIn(Legend([("a", RED), "b"])))
self.play(Create(Diamond(color=RED)), Create(Rhombus(width=1)), Create(Parallelogram()))
self.play(Create(Trapezoid(top_width=1)), Create(Pentagon()), Create(Hexagon(radius=2)))
self.play(Create(Heptagon()), Create(Octagon(color=RED, fill_opacity=1)), Create(Heart()))
self.play(Create(Spiral()), Create(Helix()), Create(SineWave(frequency=2)), Create(Parabola()))
self.play(Create(SemiCircle(radius=2)), Create(CheckMark()), Create(Grid(3, 4)))
g = VGroup(Dot(), Dot())\ng.arrange_in_circle(radius=1)\nself.play(FadeIn(g))
self.play(FadeIn(Slider(0.3)), FadeIn(ProgressBar(0.5)))
self.play(Create(polyline([0, 0], [1, 1], [2, 0])))
s = Square()\ns.set_label("area", font_size=24)\ns.set_label("more")\nself.play(Create(s))
a = Axes()\ng = a.plot(lambda x: x)\nself.play(Create(g), Write(a.add_label("f", g)))
t = Text("one")\nt.set_text("two")\nself.play(Write(t))
t = Text("one")\nself.play(Write(t))\nself.play(t.animate.set_text("two"))
t = MarkupText("x")\nt.set_text("y2")\nself.play(Write(t))
t = Text("red word")\nt.set_color_by_tex("red", RED)\nself.play(Write(t))
t = Text("red word")\nself.play(Indicate(t.get_part_by_text("red")))
self.play(FadeIn(TextBox("words", fill_color=BLUE)), FadeIn(LabeledBox("a", width=3)))
a, b = Node("a"), Node("b", radius=1)\nb.shift(RIGHT)\nself.play(Create(a), Create(Edge(a, b)))
self.play(Create(Array([1, 2, 3])), Create(Stack([1, 2])), Create(LinkedList([1, 2])))
self.play(Create(NeuralNetwork([2, 3, 1])))
d = Dot()\nd.add_updater(lambda m: m)\nself.add(d)\nself.play(Update(d))
d = Dot()\nself.play(Update(d, updater=lambda m, a: m.set_opacity(a), run_time=2))
d = Dot()\nself.play(Update(d, lambda m: m.shift(0.1 * UP)))
d = Dot()\nself.play(Shake(d), run_time=1)
d = Dot()\nself.play(MoveTo(d, UP))\nself.play(Shift(d, UP))\nself.play(Scale(d, 2))
d = Dot()\nself.play(ChangeColor(d, RED))\nself.play(ChangeOpacity(d, 0.5))
d = Dot()\nself.play(SlideIn(d, LEFT))\nself.play(SlideOut(d, LEFT))
d = Dot(RIGHT)\nself.play(RotateAround(d, ORIGIN, angle=PI))
n = Integer(0, mob_class=Text)\nself.play(CountTo(n, 10))
self.play(FadeIn(Dot()))\nself.play(Pause(1))
d = Square()\nself.play(ApplyPoint([[1, 1], [0, 1]], d))\nself.play(ApplyPoint(lambda p: 2 * p, d))
t = Text("a")\nself.play(ChangeText(t, "b"))
m = LinearMap([[1, 1], [0, 1]])\nself.play(Create(Arrow(ORIGIN, m.get_vector([1, 2, 0]))))
with self.voiceover(text="a b") as t:\n    self.play(FadeIn(Dot()), run_time=t.duration)
self.play(FadeIn(Dot()))\nself.fade_out_all()
d = Dot()\nself.play(FadeIn(d))\nself.wipe(d, Square())
s = Surface(lambda u, v: [u, v, u * v], resolution=4)\ns.set_color_by_height()\nself.play(FadeIn(s))
a = Axes()\ng = a.plot(lambda x: x * x)\nself.play(Create(a.get_tangent_line(g, x=1)))
t = Text("two words")\nself.play(Write(t))\nself.play(Indicate(t.words[1]))
m = Matrix([[1, 2], [3, 4]])\nself.play(FadeIn(m))\nself.play(Indicate(m.get_entry(0, 1)))
self.set_background(WHITE)\nself.play(Create(Circle(color=BLACK)))
self.play(Create(Circle(color=Color("red"))), FadeIn(Dot(color=Color(rgb=(0, 1, 0)))))
""".strip().splitlines()


@pytest.mark.render
@pytest.mark.parametrize("body", [use.encode().decode("unicode_escape") for use in USES])
def test_stand_in_passes_the_checks_and_runs(body: str, api: Api, tmp_path: Path) -> None:
    healed = heal(write(body), api)
    assert run(healed, tmp_path) == ""


# Written in only once a scene has failed: tests/test_other_kinds.py runs it.
USED_BY_REPAIRS = {"framed"}


def test_every_stand_in_is_used_above() -> None:
    from shaperotator_magic.checking.repairs.translation.inlining import _read_stand_ins

    inlined = inline_stand_ins("\n".join([*USES, *map(repr, ())]) and _uses_all(), frozenset())
    missing = [
        name
        for name in _read_stand_ins()
        if not re.search(rf"\b{name}\b", inlined) and name not in USED_BY_REPAIRS
    ]
    assert missing == []


def _uses_all() -> str:
    """Return the names that the uses mention, after translation by the table."""
    words = set(re.findall(r"\w+", "\n".join(USES)))
    rows = [rows for _, rows in (*methods.REPLACED_METHODS, *methods.REPLACED_ATTRIBUTES)]
    made = {word for row in rows for old, text in row.items() if old in words
            for word in re.findall(r"\w+", text)}  # fmt: skip
    made |= {w for old in words if old in names.NAMES
             for w in re.findall(r"\w+", names.NAMES[old])}  # fmt: skip
    return "\n".join(sorted(w for w in words | made if is_stand_in(w)))


def test_names_of_the_table_are_unknown_to_manim_and_their_meanings_known(api: Api) -> None:
    for name, meaning in names.NAMES.items():
        assert name not in api.names, name
        words = {n.id for n in ast.walk(ast.parse(meaning)) if isinstance(n, ast.Name)}
        assert all(w in api.names or is_stand_in(w) for w in words), (name, meaning)


def test_methods_of_the_table_are_unknown_to_their_class(api: Api) -> None:
    tables = (
        methods.RENAMED_METHODS,
        methods.REPLACED_METHODS,
        methods.REPLACED_ATTRIBUTES,
    )
    for owner, rows in (pair for table in tables for pair in table if api.is_class(pair[0])):
        known = [name for name in rows if api.has_attribute(owner, name)]
        assert known == [], (owner, known)


@pytest.mark.parametrize(
    "body",
    [
        "self.play(Create(Circle()))",
        "def Histogram(x):\n    return Circle()\nself.play(Create(Histogram(3)))",
        "t = Text('a')\nself.play(Write(t))\nt.set_color(RED)",
        "class Box(Square):\n    pass\nself.play(Create(Box()))",
    ],
)
def test_what_a_scene_has_itself_is_left_alone(body: str, api: Api) -> None:
    assert heal(write(body), api) == write(body)


def test_what_only_values_show_is_translated_after_its_failure(api: Api, tmp_path: Path) -> None:
    body = "for s in [Square()]:\n    s.set_position(UP)\n    self.play(FadeIn(s.get_pos and s))"
    source = write("for s in [Square()]:\n    s.get_position()\n    self.play(FadeIn(s))")
    assert "get_position" in heal(source, api), body
    linecache.cache[SCENE_FILE] = (len(source), None, source.splitlines(True), SCENE_FILE)
    module = ModuleType("scene")
    exec(compile(source, SCENE_FILE, "exec"), module.__dict__)
    with pytest.raises(AttributeError) as raised:
        rehearse_class(module.__dict__["S"], fps=15, source=source)
    failure = explain_failure(raised.value, tmp_path / "log.txt", SCENE_FILE)
    repaired = next(translate_failure(Failing(source, failure, api))).source
    assert "s.get_center()" in repaired
    assert run(repaired, tmp_path) == ""


def test_definitions_bring_their_imports(api: Api, tmp_path: Path) -> None:
    source = write("self.play(FadeIn(PieChart([1, 2])))").replace(
        "from manim import *", "from manim import FadeIn, Scene"
    )
    assert run(heal(source, api), tmp_path) == ""


def test_what_is_no_text_is_not_shown_as_one(api: Api) -> None:
    healed = heal(write("a = NumberLine()\nt = Tex('x', a.label)\nself.play(Write(t))"), api)
    assert "Tex('x')" in healed
