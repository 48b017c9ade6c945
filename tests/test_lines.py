"""A sentence on the magic's line is a prompt; what is misspelt there is named with the nearest."""

from __future__ import annotations

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.notebook.session.lines import cut_sentence, give_body, is_sentence


@pytest.mark.parametrize(
    ("line", "options", "sentence"),
    [
        ("", "", ""),
        ("-q medium", "-q medium", ""),
        ("unit circle at 30 degrees", "", "unit circle at 30 degrees"),
        ("-q medium --still unit circle", "-q medium --still", "unit circle"),
        ("unit circle -q high", "-q high", "unit circle"),
        ("-qh what's sin(x) - 2?", "-qh", "what's sin(x) - 2?"),
        ("--quality=high from -3 to 3", "--quality=high", "from -3 to 3"),
        ("--name 'My Scene' a circle", "--name 'My Scene'", "a circle"),
        ("--refine make it red", "--refine", "make it red"),
        ("--refine 4a1fbeef make it red", "--refine 4a1fbeef", "make it red"),
        ("--seed -3 dots", "--seed -3", "dots"),
        ("a -> b -- c", "", "a -> b -- c"),
    ],
)
def test_line_is_cut_into_options_and_sentence(line: str, options: str, sentence: str) -> None:
    assert cut_sentence(line, has_body=False) == (options, sentence)


def test_word_behind_refine_is_what_it_changes_where_the_cell_has_a_text() -> None:
    assert cut_sentence("--refine pythagoras", has_body=True) == ("--refine pythagoras", "")


@pytest.mark.parametrize(
    ("line", "near"), [("--qualty high", "--quality"), ("--stil", "--still"), ("-z", "help")]
)
def test_option_that_is_none_names_the_nearest(line: str, near: str) -> None:
    flag = line.split(maxsplit=1)[0]
    with pytest.raises(UsageError, match=f"no option {flag}: .*{near}"):
        cut_sentence(line, has_body=True)


def test_words_beside_a_text_in_the_cell_are_refused() -> None:
    with pytest.raises(UsageError, match="'unit circle' is no option"):
        cut_sentence("-q low unit circle", has_body=True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the derivative of x^2", True),
        ("show the derivative of x^2", True),
        ("show 3 circles", True),
        ("compare bubble sort and quicksort", True),
        ("tesseract", False),
        ("rotate please", False),
        ("-q medium unit circle", True),
        ("show", False),
        ("show nosuch", False),
        ("show 4a1fbeef", False),
        ("show --from lesson.ipynb 4a1f", False),
        ("convert degrees to radians", True),
        ("convert old.py Circles", False),
        ("convert videos/old Circles", False),
        ("down 4a1fbeef too fast and loud", False),
        ("remove that old thing", False),
        ("statsu", False),
        ("-h", False),
    ],
)
def test_words_are_a_sentence_or_a_command(words: str, expected: bool) -> None:
    assert is_sentence(words.split()) == expected


@pytest.mark.parametrize(
    ("cell", "body"),
    [
        ("%%shaperotate unit circle\n", True),
        ("\n%%shaperotate unit circle", True),
        ("%%shaperotate\n", False),
        ("%%shaperotate -q low\nunit circle\n", False),
        ("%%manim unit circle\n", False),
        ("x = 1\n", False),
    ],
)
def test_lone_line_gets_a_body(cell: str, body: bool) -> None:
    lines = cell.splitlines(keepends=True)
    assert (give_body(lines) != lines) == body


@pytest.mark.render
@pytest.mark.parametrize(
    "cell",
    [
        "%%shaperotate --code-only unit circle at 30 degrees",
        "%shaperotate --code-only unit circle at 30 degrees",
        "%%shaperotate --code-only\nunit circle at 30 degrees",
    ],
)
def test_sentence_on_the_line_is_the_prompt(shell: InteractiveShell, cell: str) -> None:
    shell.run_cell(cell).raise_error()
    shape = shell.user_ns["_shape"]
    assert shape.prompt.text == "unit circle at 30 degrees"
    assert shape.scene.code.origin.library_scene == "unit_circle"


def test_misspelt_command_names_the_nearest(shell: InteractiveShell) -> None:
    with pytest.raises(ConfigurationError) as caught:
        shell.run_line_magic("shaperotate", "statsu")
    assert "Did you mean status?" in caught.value.hint


@pytest.mark.render
@pytest.mark.parametrize("words", ["remove that old thing", "undo it", "code please", "again now"])
def test_command_takes_no_words_for_an_identifier(shell: InteractiveShell, words: str) -> None:
    shell.run_cell("%%shaperotate --code-only\nunit circle").raise_error()
    store = shell.magics_manager.registry["ShapeRotatorMagics"].session.pipeline.store
    said = words.partition(" ")[2]
    with pytest.raises(ConfigurationError, match=f"'{said}' identifies no result"):
        shell.run_line_magic("shaperotate", words)
    assert store.list_removed() == set()


@pytest.mark.render
def test_verdict_on_a_failed_run_is_refused(shell: InteractiveShell) -> None:
    shell.run_cell("%%shaperotate --model m --base-url http://127.0.0.1:9\na circle")
    assert shell.user_ns["_shape"].status == "failed"
    with pytest.raises(ConfigurationError, match="nothing to judge"):
        shell.run_line_magic("shaperotate", "up")
