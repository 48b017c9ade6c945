"""Formulas without LaTeX: beside what LaTeX made of them, in parts, in errors, in every class."""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.core.errors import FormulaError
from shaperotator_magic.rendering.mathtext.documents import parse_document
from shaperotator_magic.rendering.mathtext.formulas import LatexError
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, install, installed
from shaperotator_magic.rendering.mathtext.outlines import read_path
from shaperotator_magic.rendering.mathtext.spacing import find_space, resolve_kinds
from shaperotator_magic.rendering.mathtext.template_fonts import find_template_fonts
from shaperotator_magic.rendering.mathtext.tokens import read_tokens, spell
from shaperotator_magic.rendering.mathtext.typesetting import typeset
from tests.classroom import (
    CONSTRUCTS,
    Formula,
    compare_boxes,
    has_equal_parts,
    measure,
    read_formulas,
    read_reference,
)


@pytest.fixture(autouse=True)
def typst(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of LaTeX can be reached, and nothing is to be written."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with installed("typst", lambda *_: None):
        yield
        # What a test has patched goes first: it kept the function that is installed here.
        monkeypatch.undo()


def count_glyphs(source: str, environment: str = "align*") -> int:
    return len(typeset(f"\\begin{{{environment}}}{source}\\end{{{environment}}}").glyphs)


def test_classroom_holds_120_formulas_and_a_reference_of_each() -> None:
    texts = [formula.text for formula in read_formulas()]
    assert len(texts) == len(set(texts)) == 120
    assert set(texts) == set(read_reference())


@pytest.mark.parametrize("formula", read_formulas(), ids=lambda formula: formula.text[:40])
def test_classroom_formula_has_latex_parts_in_latex_order(formula: Formula) -> None:
    ours, latex = measure(formula.build()), read_reference()[formula.text]
    assert (ours.parts, ours.isolated) == (latex.parts, latex.isolated)
    assert has_equal_parts(ours, latex)


def test_classroom_formulas_are_as_large_as_latex_makes_them() -> None:
    reference = read_reference()
    apart = [compare_boxes(measure(f.build()), reference[f.text]) for f in read_formulas()]
    assert statistics.median(apart) < 0.03
    assert max(apart) < 0.3


@pytest.mark.parametrize(
    "formula", read_formulas(CONSTRUCTS), ids=lambda formula: formula.text[:40]
)
def test_construct_has_latex_parts_in_latex_order_and_its_size(formula: Formula) -> None:
    latex = read_reference(CONSTRUCTS.with_suffix(".json"))[formula.text]
    ours = measure(formula.build())
    assert ours.parts == latex.parts
    assert has_equal_parts(ours, latex)
    assert compare_boxes(ours, latex) < 0.05


def test_constructs_are_as_large_as_latex_makes_them() -> None:
    reference = read_reference(CONSTRUCTS.with_suffix(".json"))
    formulas = read_formulas(CONSTRUCTS)
    apart = sorted(compare_boxes(measure(f.build()), reference[f.text]) for f in formulas)
    assert statistics.median(apart) < 0.025
    assert apart[int(0.85 * len(apart))] < 0.04


@pytest.mark.parametrize(
    ("source", "glyphs"),
    [
        ("a \\over b", 3),
        ("{n \\choose k}", 4),
        ("x'' + y'", 6),
        ("\\not\\in", 2),
        ("\\longmapsto", 3),
        ("\\iiint", 3),
        ("\\begin{smallmatrix} a & b \\end{smallmatrix}", 2),
        ("\\left\\langle x \\middle| y \\right\\rangle", 5),
        ("\\Bigg( x \\Bigg)", 3),
        ("\\mathring{a}\\dddot{b}", 6),
        ("\\sum\\limits_a^b c", 4),
        ("50\\%", 3),
        ("\\underline{ab}", 3),
        ("\\widetilde{ab}", 3),
        ("\\phantom{abc}d", 1),
        ("\\Re \\ell \\wp", 3),
        ("\\begin{array}{c|c} a & b \\\\ \\hline c & d \\end{array}", 7),
        ("\\overset{a}{b}", 2),
        ("\\mathbb{R}^{\\mathsf{T}}\\mathtt{x}\\mathit{fi}", 4),
        ("\\xleftarrow[b]{a}", 4),
        ("a & b \\\\[1em] c & d", 4),
        ("\\text{if $x$ is \\textbf{big}}", 8),
        ("\\tag{1} x", 4),
        ("\\begin{dcases} a & b \\\\ c & d \\end{dcases}", 5),
        ("\\Vert x\\Vert", 3),
        ("\\lim\\limits_{x} \\limsup", 10),
        ("\\hbar\\imath\\jmath\\aleph", 4),
        ("", 0),
        ("\\cancel{x}\\bcancel{y}\\xcancel{z}", 7),
        ("\\substack{a\\\\b}", 2),
        ("~", 0),
    ],
)
def test_construct_is_set_in_as_many_glyphs_as_it_shows(source: str, glyphs: int) -> None:
    assert count_glyphs(source) == glyphs


@pytest.mark.parametrize(
    ("source", "glyphs"),
    [
        ("office staff", 8),
        ("left shelf", 9),
        ("caf\\'e \\\"u \\ss", 8),
        ("Größe, façade", 14),
        ("\\d{u}\\r{A}", 4),
        ("\\textbf{ça}", 3),
        ("``a'' -- b --- c", 7),
        ("\\LaTeX{} and \\TeX", 11),
        ("a\\\\b \\\\ c", 3),
        ("$x^2$ and \\(y\\)", 6),
        ("\\[ x = 1 \\]", 3),
        ("\\begin{itemize}\\item a\\item b\\end{itemize}", 4),
        ("\\underline{ab}", 3),
        ("\\begin{enumerate}\\item a\\end{enumerate}", 3),
        ("{\\Large a}{\\tiny b}", 2),
        ("\\textsc{a}\\texttt{b}\\textsf{c}\\emph{d}", 4),
        ("5\\% \\& \\$3 \\#1 \\_ \\{\\}", 10),
        ("\\fbox{a}", 5),
        ("x\\textsuperscript{2}", 2),
        ("\\begin{tabular}{l|r} a & b \\end{tabular}", 3),
        ("\\begin{minipage}{9em} a b \\end{minipage}", 2),
        ("% nothing\n a", 1),
        ("a~b\\quad c", 3),
    ],
)
def test_text_is_set_in_as_many_glyphs_as_it_shows(source: str, glyphs: int) -> None:
    assert count_glyphs(source, "center") == glyphs


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (r"a \xyzzy b", r"\xyzzy is not known"),
        (r"\ALPHA", r"Did you mean \alpha?"),
        (r"\frac{1}", "ends where an argument should stand"),
        ("{a", "never closed"),
        (r"\left( a", r"A \left of the formula has no \right"),
        ("a}", "without what it belongs to"),
        (r"\begin{pmatrix} a", r"\begin{pmatrix} is ended by \end{align*}"),
        ("a#b", "outside a definition"),
        (r"\begin{pmatrix}a\end{bmatrix}", r"\begin{pmatrix} is ended by \end{bmatrix}"),
        (r"\begin{tikzpicture}\end{tikzpicture}", "environment tikzpicture is not known"),
        (r"\color{nocolor} x", "'nocolor'"),
        (r"\left x \right)", "cannot grow"),
        (r"\hspace{nowhere}", "is not a length"),
        (r"\newcommand{\a}{\a\a}\a", "defined by itself"),
        ("x^2^3", "two exponents"),
        ("x_1_2", "two subscripts"),
        (r"\text{x^2}", "stands in text"),
        (r"\text{\frac{1}{2}}", r"Write $\frac$"),
        ("\u4f60", "U+4F60"),
    ],
)
def test_formula_that_cannot_be_set_says_by_name_what_is_wrong(source: str, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        typeset(f"\\begin{{align*}}{source}\\end{{align*}}")
    assert said in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.hint


def test_definitions_of_the_preamble_and_of_the_formula_hold() -> None:
    preamble = (
        r"\newcommand{\R}{\mathbb{R}}\newcommand{\norm}[2][p]{\lVert #2 \rVert_{#1}}"
        r"\DeclareMathOperator{\rank}{rank}\def\half{\frac12}"
    )
    source = r"\begin{align*}\R\norm{x}\norm[q]{y}\rank\half\newcommand{\z}{z^2}\z\end{align*}"
    assert len(typeset(source, preamble).glyphs) == 1 + 4 + 4 + 4 + 3 + 2


def test_parts_are_found_and_colored_as_manim_does() -> None:
    from manim import BLUE, RED, WHITE, MathTex

    formula = MathTex(r"\int_a^b", "f'(x)", r"\,dx", "=", "f(b)", "-", "f(a)")
    assert [len(part) for part in formula] == [3, 5, 2, 1, 4, 1, 4]
    formula.set_color_by_tex("=", RED)
    assert formula.get_part_by_tex("=")[0].color == RED
    assert formula.index_of_part(formula[3]) == 3
    assert formula[0][0].color == WHITE
    mapped = MathTex("x^2 + y", tex_to_color_map={"x": RED, "y": BLUE})
    assert mapped.get_part_by_tex("y")[0].color == BLUE
    assert [glyph.color == RED for glyph in mapped[0]] == [True, False, False, False]


def test_part_that_begins_within_a_fraction_takes_its_bar_and_denominator() -> None:
    from manim import MathTex

    assert [len(part) for part in MathTex(r"\frac{", "a", "}{b}")] == [0, 1, 2]


def test_own_colors_stay_and_black_is_the_mobjects_color() -> None:
    from manim import GREEN, MathTex

    formula = MathTex(r"a + \textcolor{red}{b}", color=GREEN)[0]
    assert [glyph.color.to_hex() for glyph in formula] == [GREEN.to_hex()] * 2 + ["#FF0000"]


def test_glyph_looks_to_manim_as_one_of_latex_does() -> None:
    from manim import MathTex, VMobject

    glyph = MathTex("x")[0][0]
    assert type(glyph).__name__ == "VMobjectFromSVGPath"
    assert isinstance(glyph, VMobject)
    assert (glyph.stroke_width, glyph.fill_opacity, len(glyph.points) % 4) == (0, 1.0, 0)
    assert glyph.height == pytest.approx(0.2257, rel=0.01)  # LaTeX's, in manim's units
    assert MathTex("x", font_size=24).height == pytest.approx(glyph.height / 2)


def test_digits_stand_on_one_line() -> None:
    from manim import DecimalNumber

    number = DecimalNumber(-10.25)
    bottoms = [glyph.get_bottom()[1] for glyph in number[1:]]
    assert np.ptp(bottoms) < 0.01
    number.set_value(7.5)
    assert len(number) == 4


@pytest.mark.parametrize(
    "build",
    [
        lambda m: m.Matrix([[1, "x"], [r"\frac{1}{2}", -3]]),
        lambda m: m.MathTable([["a", "b"]]),
        lambda m: m.BulletedList("One", r"Two $x^2$", "Three"),
        lambda m: m.Title("Sines"),
        lambda m: m.Axes().add_coordinates(),
        lambda m: m.NumberLine(include_numbers=True),
        lambda m: m.BarChart([1, 2], bar_names=["a", "b"]),
        lambda m: m.Variable(1, "x_1"),
        lambda m: m.Brace(m.Line()).get_tex("x", "+", "y"),
        lambda m: m.Integer(42, unit="^2"),
        lambda m: m.Axes().get_axis_labels(),
        lambda m: m.IntegerTable([[1, 2]]),
        lambda m: m.BraceLabel(m.Line(), r"\pi"),
        lambda m: m.ComplexPlane().add_coordinates(),
        lambda m: m.LabeledDot("1"),
        lambda m: m.SingleStringMathTex(r"\dots"),
        lambda m: m.Tex("a", "b", tex_environment="flushleft"),
        lambda m: m.Tex(r"a\\b", tex_environment=None),
        lambda m: m.MathTex(r"a &= b \\ &= c", tex_environment="gather*"),
        lambda m: m.MathTex(3),
        lambda m: m.Tex("wide", tex_environment="{minipage}{9em}"),
        lambda m: m.MathTex(r"\left(", "a", r"\right)"),
    ],
)
def test_manims_classes_work_without_latex(build: Any) -> None:
    import manim

    made = build(manim)
    assert made.has_points() or made.family_members_with_points()


def test_double_braces_and_matching_parts_transform() -> None:
    from manim import MathTex, Scene, TransformMatchingShapes, TransformMatchingTex, tempconfig

    class Small(Scene):
        def construct(self) -> None:
            first = MathTex("{{ a^2 }} + {{ b^2 }}")
            assert [part.tex_string for part in first] == [" a^2 ", " + ", " b^2 "] or len(
                first
            ) == 3
            second = MathTex("{{ b^2 }} + {{ a^2 }}")
            self.play(TransformMatchingTex(first, second))
            self.play(TransformMatchingShapes(second, MathTex("a^2")))

    with tempconfig({"dry_run": True, "quality": "low_quality", "verbosity": "ERROR"}):
        Small().render()


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from manim import MathTex, tempconfig

    monkeypatch.chdir(tmp_path)
    with tempconfig({"media_dir": str(tmp_path / "media")}):
        MathTex(r"\sqrt{1234}")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_compiler_is_loaded_without_a_thread_that_a_fork_would_lose() -> None:
    program = (
        "import os; from shaperotator_magic.rendering.mathtext.typesetting import *;"
        "count = lambda: len(os.listdir('/proc/self/task')); before = count();"
        "load_compiler(); loaded = count();"
        "child = os.fork() or os._exit(len(typeset('x').glyphs) + 40);"
        "raise SystemExit((os.waitpid(child, 0)[1] >> 8) * (before == loaded))"
    )
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", program]) == 41


class FakeLatex:
    """Stands in for manim's ``tex_to_svg_file``, and keeps what it was asked."""

    def __init__(self, error: Exception) -> None:
        self.asked: list[str] = []
        self.error = error

    def __call__(self, expression: str, *_: Any) -> Path:
        self.asked.append(expression)
        raise self.error


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (FileNotFoundError("latex"), FormulaError),
        (LatexError("no LaTeX", is_latex_missing=True), FormulaError),
        (LatexError("Undefined control sequence"), LatexError),
    ],
)
def test_auto_asks_latex_for_what_is_not_known(
    monkeypatch: pytest.MonkeyPatch, error: Exception, raised: type[Exception]
) -> None:
    from manim import MathTex
    from manim.mobject.text import tex_mobject

    latex = FakeLatex(error)
    monkeypatch.setattr(tex_mobject, "tex_to_svg_file", latex)
    with installed("auto", lambda *_: None):
        MathTex("x")
        assert not latex.asked
        with pytest.raises(raised):
            MathTex(r"\xyzzy")
    assert len(latex.asked) == 1


def test_notes_say_once_why_latex_set_a_formula() -> None:
    notes = FormulaNotes()
    for name in "aabcd":
        notes.take(f"LaTeX set a formula. \\{name} is not known.")
    assert notes.said[0] == "LaTeX set a formula. \\a is not known."
    assert len(notes.said) == 3


@pytest.mark.parametrize(
    ("preamble", "fonts"),
    [
        (r"\usepackage{amsmath,amssymb}\usepackage[T1]{fontenc}", ()),
        (r"\usepackage{mathpazo}", ("mathpazo",)),
        (r"\usepackage[scaled]{helvet}\usepackage{amsmath, fourier}", ("helvet", "fourier")),
        ("% \\usepackage{pxfonts}\n\\usepackage{physics}", ()),
        (r"\setmainfont[Mapping=tex-text]{Papyrus}", ("Papyrus",)),
        (r"\renewcommand\familydefault{fau}", ("fau",)),
    ],
)
def test_fonts_of_a_template_are_found(preamble: str, fonts: tuple[str, ...]) -> None:
    assert find_template_fonts(preamble) == fonts


@pytest.mark.parametrize(
    ("choice", "reason"), [("auto", "LaTeX is not installed here"), ("typst", "--math auto")]
)
def test_template_with_fonts_is_said_to_be_set_in_others(
    choice: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from manim import Tex, TexTemplate
    from manim.mobject.text import tex_mobject

    monkeypatch.setattr(tex_mobject, "tex_to_svg_file", FakeLatex(FileNotFoundError("latex")))
    template, notes = TexTemplate(), FormulaNotes()
    template.add_to_preamble(r"\usepackage{mathpazo}")
    with installed(choice, notes.take):
        assert len(Tex("Hello", tex_template=template)[0]) == 5
        Tex("Hello")
    (note,) = notes.said
    assert "Computer Modern" in note and "mathpazo" in note and reason in note


def test_template_with_fonts_is_set_by_latex_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from manim import Tex, TexTemplate
    from manim.mobject.text import tex_mobject

    latex = FakeLatex(LatexError("asked"))
    monkeypatch.setattr(tex_mobject, "tex_to_svg_file", latex)
    template = TexTemplate()
    template.add_to_preamble(r"\usepackage{mathpazo}")
    with installed("auto", lambda _: None):
        Tex("Hello", tex_template=template)
    assert len(latex.asked) >= 1


def test_undo_puts_manim_back() -> None:
    from manim.mobject.text import numbers, tex_mobject

    single = tex_mobject.SingleStringMathTex
    before = (tex_mobject.tex_to_svg_file, single.init_svg_mobject, single.init_colors)
    digits = dict(numbers.string_to_mob_map)
    undo = install("typst", lambda *_: None)
    numbers.DecimalNumber(987)
    undo()
    assert (tex_mobject.tex_to_svg_file, single.init_svg_mobject, single.init_colors) == before
    assert numbers.string_to_mob_map == digits


def test_latex_choice_changes_nothing() -> None:
    from manim.mobject.text import tex_mobject

    before = tex_mobject.tex_to_svg_file
    install("latex", lambda *_: None)
    assert tex_mobject.tex_to_svg_file is before


@pytest.mark.parametrize(
    ("left", "right", "style", "eighteenths"),
    [
        ("ord", "rel", "D", 5),
        ("ord", "rel", "S", 0),
        ("ord", "op", "S", 3),
        ("bin", "ord", "T", 4),
        ("open", "ord", "D", 0),
        ("punct", "ord", "D", 3),
        ("inner", "ord", "D", 3),
        ("close", "inner", "S", 0),
    ],
)
def test_space_between_two_kinds_is_tex_own(
    left: str, right: str, style: str, eighteenths: int
) -> None:
    assert find_space(left, right, style) == pytest.approx(eighteenths / 18)


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("-x", ["ord", "ord"]),
        ("a-b", ["ord", "bin", "ord"]),
        ("a=-b", ["ord", "rel", "ord", "ord"]),
        ("(+a)", ["open", "ord", "ord", "close"]),
        ("a+", ["ord", "ord"]),
        ("a+=b", ["ord", "ord", "rel", "ord"]),
    ],
)
def test_operator_without_two_sides_is_an_ordinary_sign(source: str, kinds: list[str]) -> None:
    formula: Any = parse_document(f"${source}$")[0]
    assert resolve_kinds(formula.body.items) == kinds


def test_tokens_keep_marks_and_lose_comments() -> None:
    source = "\\special{dvisvgm:raw <g id='unique000'>}a % b\n\\frac  1*\\special{dvisvgm:raw </g>}"
    tokens = read_tokens(source)
    assert [token.text for token in tokens if token.kind == "mark"] == ["unique000", ""]
    assert spell(tokens) == "a \\frac1*"


def test_path_is_read_as_closed_cubic_curves() -> None:
    points, starts = read_path("M 0 0h 3v 3h -3Z m 5 0q 1 2 2 0Z")
    assert points.reshape(-1, 4, 2).shape == (6, 4, 2)
    assert starts == (0, 4)
    assert np.allclose(points[3::4][3], (0, 0))


@pytest.mark.parametrize(
    ("bare", "braced"),
    [
        (r"x^\text{exp}", r"x^{\text{exp}}"),
        (r"E_\mathrm{kin}^2", r"E_{\mathrm{kin}}^2"),
        (r"x^\frac12+1", r"x^{\frac{1}{2}}+1"),
        (r"\sqrt\frac{a}{b}", r"\sqrt{\frac{a}{b}}"),
        (r"\hat\mathbf v", r"\hat{\mathbf{v}}"),
        (r"\frac\mathbf ab", r"\frac{\mathbf{a}}{b}"),
        (r"e^\sqrt[3]2", r"e^{\sqrt[3]{2}}"),
        (r"2^\binom nk", r"2^{\binom{n}{k}}"),
    ],
)
def test_command_as_argument_takes_its_own_arguments(bare: str, braced: str) -> None:
    from manim import MathTex

    found, wanted = (measure(MathTex(source)) for source in (bare, braced))
    assert found == wanted
