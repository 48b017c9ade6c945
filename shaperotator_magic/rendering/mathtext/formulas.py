"""Formulas set by LaTeX for a scene that may start no program: a request and a picture.

A request goes from the scene's process through the supervisor to the caller. There the finished
formulas are cached (formula_cache.py) for every later render; what
is not there yet is compiled beside the scene (latex.py). The answer names a file in the job's
folder.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from shaperotator_magic.core.records import Record
from shaperotator_magic.rendering.stand_ins.installed import replace

LARGEST_SOURCE_CHARACTERS = 200_000
COMPILERS = ("latex", "pdflatex", "lualatex", "luatex", "xelatex")
FORMATS = (".dvi", ".xdv", ".pdf")

Ask = Callable[[dict[str, Any]], dict[str, Any]]


class LatexError(ValueError):
    """LaTeX cannot set a formula; the complaint is LaTeX's own, in one line."""

    def __init__(self, complaint: str, *, is_latex_missing: bool = False) -> None:
        super().__init__(complaint)
        self.is_latex_missing = is_latex_missing


class FormulaRequest(Record):
    """What is to be set: whole LaTeX source, the programs that compile it, and what they make."""

    compilers: tuple[str, ...]
    output_format: str
    source: str

    @property
    def is_allowed(self) -> bool:
        """Whether it is a request of manim's templates; a scene can send anything."""
        return (
            0 < len(self.compilers) <= len(COMPILERS)
            and set(self.compilers) <= set(COMPILERS)
            and self.output_format in FORMATS
            and len(self.source) <= LARGEST_SOURCE_CHARACTERS
        )


class FormulaAnswer(Record):
    """Where the picture is, as a name in the job's folder, or why there is none."""

    file: str | None = None
    complaint: str = ""
    is_latex_missing: bool = False


def ask_for_compiled(ask: Ask, folder: Path) -> None:
    """Make manim send a request for every formula, in place of starting LaTeX.

    Parameters
    ----------
    ask
        Sends a request and returns its answer.
    folder
        The job's folder, where the answers lie.
    """
    from manim import config

    known: dict[FormulaRequest, Path] = {}

    def tex_to_svg_file(expression: str, environment: Any = None, tex_template: Any = None) -> Path:
        template = tex_template if tex_template is not None else config["tex_template"]
        request = _build_request(expression, environment, template)
        if request not in known:
            known[request] = folder / _find_file(ask, request)
        return known[request]

    replace("formula file", lambda _: tex_to_svg_file)


def _build_request(expression: str, environment: Any, template: Any) -> FormulaRequest:
    if environment is None:
        source = template.get_texcode_for_expression(expression)
    else:
        source = template.get_texcode_for_expression_in_env(expression, environment)
    compilers = template.tex_compiler
    return FormulaRequest(
        compilers=(compilers,) if isinstance(compilers, str) else tuple(compilers),
        output_format=template.output_format,
        source=source,
    )


def _find_file(ask: Ask, request: FormulaRequest) -> str:
    if not request.is_allowed:
        raise LatexError("it asks for a program that sets no formulas, or is too long")
    answer = FormulaAnswer.model_validate(ask({"formula": request.model_dump()}))
    if answer.file is None:
        raise LatexError(answer.complaint, is_latex_missing=answer.is_latex_missing)
    return answer.file
