"""What a model is told: the user's own words, and few rules that are true of manim."""

from __future__ import annotations

import ast
from typing import Any

import manim
import pytest

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import (
    CheckedScene,
    Finding,
    Generation,
    Options,
    Origin,
    Prompt,
    SceneCode,
    Variable,
)
from shaperotator_magic.writing.examples import MOST_CHARACTERS, choose_examples, find_profile
from shaperotator_magic.writing.library.library import SceneLibrary
from shaperotator_magic.writing.model.prompts import (
    ALLOWED_IMPORTS,
    MAX_FINDINGS_CHARS,
    build_messages,
    build_repair_messages,
)

AWKWARD = [
    r"Show that \frac{1}{2} + \frac{1}{2} = 1",
    "{x} {0} {} {{y}} {prompt.text!r}",
    "$x$ costs $5, %s %d %(name)s 100%",
    "IMPORTS and MODEL stay words",
    "  leading blanks\n\ttab\r\nand a line break at the end\n",
    'Quotes """ and ```python fences``` and \\n and \N{SNOWMAN}',
]


@pytest.mark.parametrize("has_latex", [True, False])
@pytest.mark.parametrize("text", AWKWARD)
def test_build_messages_leaves_the_prompt_as_typed(text: str, has_latex: bool) -> None:
    system, user = build_messages(Prompt(text=text), has_latex=has_latex)
    assert (system["role"], user["role"]) == ("system", "user")
    assert user["content"] == text
    assert text not in system["content"]


@pytest.mark.parametrize("text", AWKWARD)
def test_build_messages_with_name_and_variables_leaves_all_texts_as_typed(text: str) -> None:
    variable = Variable(name="df", type_name="DataFrame", shape=(3, 2), summary=text)
    prompt = Prompt(text=text, options=Options(name="Mine"), variables=(variable,))
    content = build_messages(prompt, has_latex=True)[1]["content"]
    assert content.startswith(text + "\n\n")
    assert content.count(text) == 2
    assert content.endswith("Call the scene class Mine.")


def test_build_messages_describes_variables_as_globals() -> None:
    rows = (
        Variable(name="A", type_name="ndarray", shape=(2, 2), summary="float64"),
        Variable(name="n", type_name="int"),
    )
    content = build_messages(Prompt(text="Use A.", variables=rows), has_latex=True)[1]["content"]
    assert content.splitlines()[-2:] == ["- A (ndarray, shape (2, 2)): float64", "- n (int)"]
    assert "as globals" in content


@pytest.mark.parametrize("name", ["my scene", "1st", "A-B", "class", "A; import os"])
def test_build_messages_with_impossible_name_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be the name") as caught:
        build_messages(Prompt(text="x", options=Options(name=name)), has_latex=True)
    assert caught.value.setting == "name"


def read_system(*, has_latex: bool) -> str:
    return build_messages(Prompt(text="x"), has_latex=has_latex)[0]["content"]


def test_build_messages_system_prompt_is_short_and_the_same_for_every_prompt() -> None:
    assert len(read_system(has_latex=False)) < 3500
    other = Prompt(text="y", options=Options(name="B"))
    assert build_messages(other, has_latex=True)[0]["content"] == read_system(has_latex=True)


def test_build_messages_without_latex_advises_text() -> None:
    assert "MathTex(r" in read_system(has_latex=True)
    assert "LaTeX is not installed" in read_system(has_latex=False)
    assert "LaTeX is not installed" not in read_system(has_latex=True)


NAMED = """
    Scene ThreeDScene MovingCameraScene Create ValueTracker always_redraw Surface Arrow Line Dot
    Arrow3D Line3D Dot3D LinearTransformationScene MathTex Text Tex Title BulletedList Matrix
    Brace BarChart Variable Graph DecimalNumber Integer FadeOut
"""


@pytest.mark.parametrize("name", NAMED.split())
def test_system_prompt_names_what_the_installed_manim_has(name: str) -> None:
    assert name in read_system(has_latex=True) + read_system(has_latex=False)
    assert hasattr(manim, name)


@pytest.mark.parametrize(
    ("owner", "method"),
    [
        (manim.Mobject, "to_edge"),
        (manim.Mobject, "next_to"),
        (manim.Mobject, "scale_to_fit_width"),
        (manim.Mobject, "add_background_rectangle"),
        (manim.Mobject, "apply_matrix"),
        (manim.ThreeDScene, "add_fixed_in_frame_mobjects"),
        (manim.Axes, "plot"),
        (manim.Axes, "get_axis_labels"),
        (manim.Axes, "get_graph_label"),
    ],
)
def test_system_prompt_names_methods_that_the_installed_manim_has(owner: type, method: str) -> None:
    assert method in read_system(has_latex=True) + read_system(has_latex=False)
    assert hasattr(owner, method)


def test_allowed_imports_can_all_be_imported() -> None:
    for name in ALLOWED_IMPORTS:
        compile(ast.parse(f"import {name}"), name, "exec")
        assert __import__(name).__name__ == name
        assert name in read_system(has_latex=True)


def test_system_prompt_names_the_installed_version() -> None:
    assert f"Manim Community {manim.__version__} " in read_system(has_latex=True)


def build_liked(text: str, **facts: Any) -> Generation:
    code = SceneCode(source=f"# {text}", scene_name="S", origin=Origin(writer="user"))
    prompt = Prompt(text=text, **facts)
    scene = CheckedScene(code=code)
    return Generation(generation_id="g", prompt=prompt, status="completed", scene=scene)


def test_examples_follow_the_rules_and_stay_within_the_budget() -> None:
    library = SceneLibrary.load()
    text = "Show what gradient descent does on a surface"
    liked = [build_liked("gradient descent down a surface"), build_liked("a bouncing ball")]
    examples = choose_examples(library, text, "qwen2.5-coder:7b", liked)
    assert len(examples) >= 2 and examples[-1] == "# gradient descent down a surface"
    assert "class " in examples[0] and sum(map(len, examples)) <= MOST_CHARACTERS
    messages = build_messages(Prompt(text=text), has_latex=True, examples=examples)
    assert messages[0]["content"].startswith(read_system(has_latex=True))
    # About 3.5 characters a token in code; the budget is 4000 tokens.
    assert sum(len(message["content"]) for message in messages) <= 4000 * 3.5
    assert messages[1]["content"] == text


def test_examples_for_every_library_prompt_fit_the_budget_and_parse() -> None:
    library = SceneLibrary.load()
    counts = []
    for match in library.match("x"):
        examples = choose_examples(library, match.scene.examples[0], "phi-4")
        assert sum(map(len, examples)) <= MOST_CHARACTERS
        assert all(ast.parse(example) for example in examples)
        counts.append(len(examples))
    assert sum(counts) >= 0.9 * len(counts)


def test_large_model_gets_what_the_user_liked_and_nothing_of_the_library() -> None:
    library = SceneLibrary.load()
    liked = [build_liked("gradient descent down a surface")]
    assert choose_examples(library, "gradient descent on a surface", "gpt-5.4") == []
    assert len(choose_examples(library, "gradient descent on a surface", "gpt-5.4", liked)) == 1
    assert choose_examples(library, "a bouncing ball", "gpt-5.4", liked) == []


def test_liked_scene_with_variables_is_no_example_for_others() -> None:
    variables = (Variable(name="salaries", type_name="list"),)
    liked = [build_liked("a bar chart of pay", variables=variables)]
    assert choose_examples(SceneLibrary.load(), "a bar chart of pay", "gpt-5.4", liked) == []


@pytest.mark.parametrize(
    ("model", "small"),
    [
        ("qwen2.5-coder:7b", True), ("gpt-4o-mini", True), ("llama3.1", True), ("phi-4", True),
        ("gpt-5.4", False), ("claude-sonnet-4", False), ("gemini-2.5-pro", False), ("o3", False),
    ],
)  # fmt: skip
def test_models_are_small_or_not_by_name(model: str, *, small: bool) -> None:
    assert (find_profile(model).library > 0) is small


def test_level_and_style_are_told() -> None:
    options = Options(level="beginner", style="chalk, 50% grey {x}")
    content = build_messages(Prompt(text="x", options=options), has_latex=True)[1]["content"]
    assert "first time" in content and "Style: chalk, 50% grey {x}" in content


# --- repairs --------------------------------------------------------------------------

MESSAGES = build_messages(Prompt(text="Draw {x}."), has_latex=True)


def find(message: str, **fields: object) -> Finding:
    return Finding.model_validate({"rule": "r", "severity": "error", "message": message, **fields})


def test_build_repair_messages_keeps_the_conversation_and_quotes_the_line() -> None:
    finding = find("no name {ShowCreation}", line=2, hint="Did you mean Create?")
    repair = build_repair_messages(
        MESSAGES, reply="bad %s", findings=[finding], source="a\n    ShowCreation(b)\n"
    )
    assert repair[:2] == MESSAGES
    assert repair[2] == {"role": "assistant", "content": "bad %s"}
    assert repair[3]["content"].splitlines()[1:] == [
        "- line 2 `ShowCreation(b)`: no name {ShowCreation} Did you mean Create?"
    ]


def test_build_repair_messages_leaves_out_the_reasoning() -> None:
    repair = build_repair_messages(MESSAGES, reply="<think>hm</think>code", findings=[find("x")])
    assert repair[2]["content"] == "code"


def test_build_repair_messages_puts_errors_first() -> None:
    findings = [find("c", severity="note"), find("b", severity="warning"), find("a")]
    repair = build_repair_messages(MESSAGES, reply="", findings=findings)
    assert repair[-1]["content"].splitlines()[1:] == ["- a", "- b", "- c"]


@pytest.mark.parametrize(("count", "size"), [(500, 20), (50, 5000), (3, 290)])
def test_build_repair_messages_is_concise(count: int, size: int) -> None:
    findings = [find("m" * size, line=9) for _ in range(count)]
    content = build_repair_messages(MESSAGES, reply="x", findings=findings)[-1]["content"]
    listed = content.split("\n", 1)[1]
    assert len(listed) <= MAX_FINDINGS_CHARS
    shown = sum(row.startswith("- line 9: ") for row in listed.split("\n"))
    assert shown >= 2
    assert listed.endswith(f"- and {count - shown} more like these")


def test_build_repair_messages_twice_extends_the_same_prefix() -> None:
    first = build_repair_messages(MESSAGES, reply="one", findings=[find("x")])
    second = build_repair_messages(first, reply="two", findings=[find("y")])
    assert second[:4] == first
    assert len(second) == 6
