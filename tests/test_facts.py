"""What a repair is told of manim: the name that is meant, the signature, a line that uses it."""

from __future__ import annotations

import pytest

from benchmarks.repair_facts import build_variants, holds
from shaperotator_magic.checking.api import Api
from shaperotator_magic.core.records import Finding, Severity
from shaperotator_magic.pipeline.facts import MOST_CHARACTERS, Reference
from shaperotator_magic.writing.retrieval.index import load_index

SCENE = """from manim import *

class S(Scene):
    def construct(self):
        {}
"""
FAILING = 5  # the line that fails


@pytest.fixture(scope="module")
def reference(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return Reference(load_index(tmp_path_factory.mktemp("cache")), api)


def find(message: str, severity: Severity = "error", line: int | None = FAILING) -> Finding:
    return Finding(rule="RenderError", severity=severity, message=message, line=line)


@pytest.mark.parametrize(
    ("statement", "message", "said"),
    [
        ("Wrte(t)", "NameError: name 'Wrte' is not defined", "Write(vmobject, "),
        ("ShowCreation(c)", "NameError: name 'ShowCreation' is not defined", "Create(mobject, "),
        ("FadeInFrom(c, UP)", "NameError: name 'FadeInFrom' is not defined", "FadeIn(…, shift=…)"),
        ("FRAME_WIDTH", "NameError: name 'FRAME_WIDTH' is not defined", "config.frame_width"),
        ("np.array([1])", "NameError: name 'np' is not defined", "import numpy as np"),
        ("Histogram([1])", "NameError: name 'Histogram' is not defined", "BarChart(values, "),
        ("x", "ImportError: cannot import name 'FadIn' from 'manim'", "FadeIn(*mobjects, "),
        ("FadeIn(c, UP)", "NameError: name 'UP' is not defined", "by its name: shift=UP"),
        ("x", "ImportError: cannot import name 'alwaysredraw' from 'manim'", "always_redraw(func"),
        ("UP", "NameError: name 'UP' is not defined", "UP is a name of manim"),
        ("x", "ModuleNotFoundError: No module named 'manimlib'", "from manim import *"),
        ("a.get_graph(f)", "AttributeError: 'Axes' object has no attribute 'get_graph'",
         "CoordinateSystem.plot(function, "),
        ("c.set_colour(RED)", "AttributeError: 'Circle' object has no attribute 'set_colour'",
         "set_color(color="),
        ("c.set_stroke_width(3)", "AttributeError: Dot object has no attribute 'set_stroke_width'",
         "set_stroke(width=…)"),
        ("Text('a', font_sise=3)", "TypeError: got an unexpected keyword argument 'font_sise'",
         "Text takes font_size=, not font_sise="),
        ("Circle(radios=2, color=RED)", "TypeError: got an unexpected keyword argument 'radios'",
         "Circle takes radius="),
        ("c.arrange_in_grid(n_rows=2)", "TypeError: got an unexpected keyword argument 'n_rows'",
         "arrange_in_grid takes rows="),
        ("c.next_to(UP, UP, UP, UP)", "ValueError: what manim says", "Mobject.next_to("),
    ],
)  # fmt: skip
def test_fact_names_what_is_meant(
    reference: Reference, statement: str, message: str, said: str
) -> None:
    told = reference.describe([find(message)], SCENE.format(statement))
    assert said in told
    assert len(told) <= MOST_CHARACTERS


def test_signature_comes_with_a_line_that_uses_it(reference: Reference) -> None:
    told = reference.describe([find("NameError: name 'Sqare' is not defined")], SCENE.format("x"))
    assert told.startswith("- Square(side_length=2.0, **kwargs), as in `")
    assert told.endswith(")`")


def test_nothing_is_told_where_nothing_is_known(reference: Reference) -> None:
    source = SCENE.format("x = 1 / 0")
    assert reference.describe([find("ZeroDivisionError: division by zero")], source) == ""
    assert reference.describe([find("NameError: name 'Wrte' is not", "warning")], source) == ""
    assert reference.describe([find("NameError: name 'Wrte' is not", line=None)], source) == ""
    assert reference.describe([find("SyntaxError: no")], "def (") == ""
    forgotten = find("NameError: name 'squares' is not defined")
    assert reference.describe([forgotten], SCENE.format("self.play(Create(squares))")) == ""
    assert "Square(" in reference.describe([forgotten], SCENE.format("squares(3)"))


def test_many_findings_stay_within_the_room(reference: Reference) -> None:
    names = ("Circel", "Sqare", "Rectangel", "FadIn")
    findings = [find(f"NameError: name '{name}' is not defined") for name in names]
    told = reference.describe(findings, SCENE.format("x"))
    assert "Circle(" in told and len(told) <= MOST_CHARACTERS


def test_rule_of_the_benchmark_asks_for_the_right_word() -> None:
    assert holds("- line 3 `ShowCreation(c)`: NameError\n- Create(mobject)", ("Create",))
    assert not holds("- line 3 `Create(ShowCreation)`: NameError", ("Create",))
    variants = list(build_variants(1, 6))
    assert len(variants) > 100
    assert all(right for variant, right in variants if variant.faults != ("CONFIG",))
    misspelt = [(v, right) for v, right in variants if v.faults == ("misspelt",)]
    assert misspelt and all(len(right) == 1 for _, right in misspelt)
