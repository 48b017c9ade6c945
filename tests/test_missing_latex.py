"""The note below a cell of manim's own ``%manim`` that failed for want of LaTeX."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from IPython.core.interactiveshell import InteractiveShell

from shaperotator_magic.notebook.commands.missing_latex import (
    install_latex_note,
    note_missing_latex,
    uninstall_latex_note,
)


def tex_to_svg_file(expression: str, program: str) -> None:
    """Fail as manim's function of this name does where the program is missing."""
    raise FileNotFoundError(2, f"No such file or directory, for {expression}", program)


def run_cell(expression: str, program: str) -> BaseException | None:
    namespace = {"__name__": "__main__", "set_formula": tex_to_svg_file}
    try:
        exec(f"\n\nset_formula({expression!r}, {program!r})", namespace)
    except FileNotFoundError as exc:
        return exc
    return None


def test_formula_that_needs_latex_is_named_with_its_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    note_missing_latex(SimpleNamespace(error_in_exec=run_cell(r"x_\mathrm{max}", "latex")))
    said = capsys.readouterr().err
    assert said.startswith("Line 3: ") and r"x_\mathrm{max}" in said and "%%shaperotate" in said


@pytest.mark.parametrize(
    "error", [None, ValueError("x"), FileNotFoundError(2, "", "data.csv"), OSError()]
)
def test_other_errors_get_no_note(
    error: Exception | None, capsys: pytest.CaptureFixture[str]
) -> None:
    note_missing_latex(SimpleNamespace(error_in_exec=error))
    assert not capsys.readouterr().err


def test_note_is_registered_once_and_taken_away() -> None:
    shell = InteractiveShell()
    uninstall_latex_note(shell)  # nothing is registered
    before = len(shell.events.callbacks["post_run_cell"])
    install_latex_note(shell)
    install_latex_note(shell)
    assert len(shell.events.callbacks["post_run_cell"]) == before + 1
    uninstall_latex_note(shell)
    assert len(shell.events.callbacks["post_run_cell"]) == before
    shell.history_manager.end_session()
