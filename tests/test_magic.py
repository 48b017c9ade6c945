"""The magics in a real IPython shell: options, commands, completion, prose left alone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from pydantic import ValidationError
from traitlets import TraitError

from shaperotator_magic.core.errors import ConfigurationError, GenerationNotFoundError
from shaperotator_magic.core.records import Options
from shaperotator_magic.core.settings.table import SETTINGS, Setting
from shaperotator_magic.notebook.magic import _cut_manim_args, _split
from tests.shells import running_shell


@pytest.fixture(scope="module")
def shell() -> Iterator[InteractiveShell]:
    """One shell for all tests here, which change nothing in it that others meet."""
    with running_shell() as shell:
        yield shell


def complete(shell: InteractiveShell, text: str) -> list[str]:
    with provisionalcompleter():
        return [found.text for found in shell.Completer.completions(text, len(text))]


@pytest.mark.parametrize(
    ("line", "own", "rest"),
    [
        ("-q l", "-q l ", ()),
        ("-q l -- -t --disable_caching", "-q l", ("-t", "--disable_caching")),
        ("-- -t", "", ("-t",)),
        ("--name A", "--name A ", ()),
    ],
)
def test_cut_manim_args_splits_at_the_lone_dashes(
    line: str, own: str, rest: tuple[str, ...]
) -> None:
    assert _cut_manim_args(line) == (own, rest)


def test_split_odd_apostrophe_is_prose() -> None:
    assert _split("down it's wrong") == ["down", "it's", "wrong"]
    assert _split('down "too fast"') == ["down", "too fast"]


@pytest.mark.parametrize("line", ["--qualty h", "-q banana", "--fps many", "prose here"])
def test_cell_magic_bad_option_is_a_usage_error(shell: InteractiveShell, line: str) -> None:
    with pytest.raises(UsageError):
        shell.run_cell_magic("shaperotate", line, "a circle")


def test_cell_magic_empty_cell_says_what_to_write(shell: InteractiveShell) -> None:
    with pytest.raises(UsageError, match="write what you want to see"):
        shell.run_cell_magic("shaperotate", "", "\n  \n")


def test_line_magic_unknown_command_names_the_known_ones(shell: InteractiveShell) -> None:
    with pytest.raises(ConfigurationError) as caught:
        shell.run_line_magic("shaperotate", "rotate please")
    assert "status" in caught.value.hint


def test_line_magic_without_a_result_says_how_to_find_one(shell: InteractiveShell) -> None:
    with pytest.raises(GenerationNotFoundError, match="Nothing was generated"):
        shell.run_line_magic("shaperotate", "up")


@pytest.mark.parametrize("command", ["help", "-h", "status", "doctor", "list", ""])
def test_line_magic_tables_show_as_text_and_html(shell: InteractiveShell, command: str) -> None:
    table = shell.run_line_magic("shaperotate", command)
    assert len(repr(table).splitlines()) > 1
    assert "<td" in table._repr_html_()


def test_help_names_every_option(shell: InteractiveShell) -> None:
    text = repr(shell.run_line_magic("shaperotate", "help"))
    assert all(flag in text for row in SETTINGS for flag in row.flags)


def test_docstring_of_the_magic_names_every_option(shell: InteractiveShell) -> None:
    text = shell.find_cell_magic("shaperotate").__doc__
    assert all(row.flags[-1] in text for row in SETTINGS if row.flags)


def test_config_magic_sets_a_trait(shell: InteractiveShell) -> None:
    shell.run_line_magic("config", "ShapeRotatorMagics.quality = 'm'")
    assert "m" in repr(shell.run_line_magic("shaperotate", "status"))
    shell.run_line_magic("config", "ShapeRotatorMagics.quality = None")


def test_config_magic_takes_the_short_name_and_refuses_a_misspelt_one(
    shell: InteractiveShell, caplog: pytest.LogCaptureFixture
) -> None:
    magics = shell.magics_manager.registry["ShapeRotatorMagics"]
    shell.run_line_magic("config", "ShapeRotator.quality = 'm'")
    assert magics.quality == "m"
    shell.run_line_magic("config", "ShapeRotator.quality = None")

    said = ""
    try:
        shell.run_line_magic("config", "ShapeRotatorMagic.quality = 'm'")
    except UsageError as exc:  # IPython 8 raises, IPython 9 logs
        said = str(exc)
    assert "write ShapeRotatorMagics.quality" in said + caplog.text
    assert magics.quality is None


def test_config_magic_wrong_type_is_refused(
    shell: InteractiveShell, caplog: pytest.LogCaptureFixture
) -> None:
    # IPython 8 raises, IPython 9 logs; the setting stays as it was in both.
    with contextlib.suppress(TraitError):
        shell.run_line_magic("config", "ShapeRotatorMagics.fps = 'many'")
        assert "expected an int" in caplog.text
    assert "many" not in repr(shell.run_line_magic("shaperotate", "status"))


@pytest.mark.parametrize(
    ("setting", "taken"),
    [
        ("quality = 'hi'", "low"),
        ("renderer = 'gpu'", "worker"),
        ("fps = 0", "1 to 120"),
        ("attempts = 11", "1 to 10"),
        ("timeout_s = -1.0", "0.001 to"),
        ("resolution = 'big'", "720p"),
    ],
)
def test_config_magic_refuses_a_value_when_it_is_set(
    shell: InteractiveShell, caplog: pytest.LogCaptureFixture, setting: str, taken: str
) -> None:
    said = ""
    try:
        shell.run_line_magic("config", f"ShapeRotatorMagics.{setting}")
    except TraitError as exc:  # IPython 8 raises, IPython 9 logs
        said = str(exc)
    assert taken in said + caplog.text
    name = setting.partition(" ")[0]
    assert getattr(shell.magics_manager.registry["ShapeRotatorMagics"], name) is None


@pytest.mark.parametrize("row", [row for row in SETTINGS if row.bounds], ids=lambda row: row.name)
def test_bounds_of_a_setting_are_those_of_the_options(row: Setting) -> None:
    least, most = row.bounds or (0, 0)
    assert [getattr(Options(**{row.name: row.kind(v)}), row.name) for v in (least, 1)]
    for outside in (least - 1, most + 1):
        if outside != most:
            with pytest.raises(ValidationError):
                Options(**{row.name: row.kind(outside)})


def test_completion_offers_options_on_the_line(shell: InteractiveShell) -> None:
    offered = complete(shell, "%%shaperotate --res")
    assert offered == ["--resolution"]


def test_completion_offers_values_after_an_option(shell: InteractiveShell) -> None:
    assert complete(shell, "%%shaperotate --renderer ") == ["auto", "worker", "kernel"]


def test_completion_offers_commands_of_the_line_magic(shell: InteractiveShell) -> None:
    assert complete(shell, "%shaperotate rem") == ["remove"]


def test_completion_offers_nothing_inside_the_prose(shell: InteractiveShell) -> None:
    assert complete(shell, "%%shaperotate\npri") == ["pri"]
    assert complete(shell, "%%shaperotate\nwhat an im") == ["im"]
    assert complete(shell, "%%shaperotate\nshow ") == [""]


def test_completion_elsewhere_is_python_as_before(shell: InteractiveShell) -> None:
    assert "print" in complete(shell, "pri")


def test_answering_a_page_parses_nothing(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    # CPython 3.11 fails in the cell when a page's thread parses at the same moment.
    magics = shell.magics_manager.registry["ShapeRotatorMagics"]
    monkeypatch.setattr("ast.parse", lambda *_, **__: pytest.fail("parsed"))
    answer = magics.session.answer({"kind": "state", "generation_id": "00000000"})
    assert answer["is_known"] is False
