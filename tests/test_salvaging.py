"""What does not parse is edited as little as lets it parse; what parses is left alone."""

from __future__ import annotations

import ast

import pytest

from shaperotator_magic.writing.model.salvaging import salvage

HEAD = "from manim import *\n\nclass S(Scene):\n    def construct(self):\n"

SALVAGED = [
    ("self.play(Create(Circle())", "self.play(Create(Circle()))"),
    ("self.play(Create(Circle())))", "self.play(Create(Circle()))"),
    ("t = Text(“hello”)", 't = Text("hello")'),
    ("self.play（Create(Circle()))", "self.play(Create(Circle()))"),
    ("if True\n    self.wait()", "if True:"),
    ("Here comes the circle:\nself.wait()", "self.wait()"),
    ('t = Tex(f"\\\\frac{{1}}{{2}}}")\nself.add(t)', "self.add(t)"),
    ("x = = 1\nself.add(x)", "x = VGroup()"),
]


def write(body: str) -> str:
    lines = [" " * 8 + line for line in body.splitlines()]
    return HEAD + "\n".join(["        self.add(Square())", *lines, "        self.wait(3)"]) + "\n"


@pytest.mark.parametrize(("body", "expected"), SALVAGED)
def test_salvage_keeps_the_rest_and_says_what_it_did(body: str, expected: str) -> None:
    salvaged = salvage(write(body))
    assert salvaged is not None
    ast.parse(salvaged.source)
    assert expected in salvaged.source
    assert "self.add(Square())" in salvaged.source
    assert "self.wait(3)" in salvaged.source
    assert salvaged.notes


@pytest.mark.parametrize("body", ["self.wait()", "t = Text('“quoted”')", "x = (1,\n 2)"])
def test_salvage_leaves_alone_what_parses(body: str) -> None:
    assert salvage(write(body)) is None


@pytest.mark.parametrize(
    "end", ["self.play(", "dots = VGroup(*[Dot(p,", 'Text("a', "for i in range(3):"]
)
def test_salvage_of_a_reply_that_is_cut_off_keeps_every_whole_statement(end: str) -> None:
    source = f"{HEAD}        self.play(Create(Square()))\n        {end}"
    salvaged = salvage(source)
    assert salvaged is not None
    assert "self.play(Create(Square()))" in salvaged.source
    ast.parse(salvaged.source)


def test_salvage_gives_up_on_what_is_no_code() -> None:
    assert salvage("class 1(Scene):\n    pass\n" + "1 = = 2 )\n" * 40) is None
