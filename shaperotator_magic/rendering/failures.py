"""Saying in a line or two why a scene failed, and where in its own source."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from shaperotator_magic.errors import RenderError, ShapeRotatorError
from shaperotator_magic.records import Record
from shaperotator_magic.rendering.formulas import LatexError

_LOG_TAIL_BYTES = 4000
_READ_BYTES = 64_000
_LONGEST_MESSAGE = 400
_LONGEST_FORMULA = 120
_LATEX_PROGRAMS = {"latex", "pdflatex", "xelatex", "lualatex", "luatex", "dvisvgm"}
_LATEX_COMPLAINT = re.compile(r"LaTeX compilation error:[^\n]*\n([^\n]+)")
# manim's own marks around the parts of a formula.
_PART_MARKS = re.compile(r"\\special\{dvisvgm:raw [^}]*\}")
INSTALL_LATEX = (
    "Install LaTeX (Linux: apt-get install texlive-latex-extra texlive-fonts-recommended dvisvgm; "
    "macOS: MacTeX; Windows: MiKTeX), or leave out --math latex: formulas need no LaTeX."
)


class Failure(Record):
    """Why a scene failed; what crosses from the render process to the caller's ``RenderError``."""

    message: str
    hint: str = ""
    line: int | None = None
    log_tail: str = ""

    def as_error(self, *, returncode: int | None = None) -> RenderError:
        """Return the error that the caller raises."""
        return RenderError(
            self.message,
            hint=self.hint,
            returncode=returncode,
            line=self.line,
            log_tail=self.log_tail,
        )


def describe_failure(error: BaseException, log: Path, scene_file: str) -> Failure:
    """Return message, hint, line of the scene's source, and the end of the log.

    Parameters
    ----------
    error
        Whatever the scene raised.
    log
        What it wrote; may be missing.
    scene_file
        The file name that the scene was compiled with.
    """
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == scene_file]
    written = _read_end(log)
    return Failure(
        message=_build_message(error, written)[:_LONGEST_MESSAGE],
        hint=_find_hint(error),
        line=frames[-1].lineno if frames else _find_syntax_line(error),
        log_tail=_build_log_tail(frames, written),
    )


def _find_syntax_line(error: BaseException) -> int | None:
    return error.lineno if isinstance(error, SyntaxError) else None


def _read_end(log: Path) -> str:
    try:
        with log.open("rb") as content:
            content.seek(max(0, log.stat().st_size - _READ_BYTES))
            return content.read(_READ_BYTES).decode(errors="replace")
    except OSError:
        return ""


def _build_message(error: BaseException, written: str) -> str:
    formula = _find_formula(error)
    if isinstance(error, ShapeRotatorError):
        return f"{error.message} The formula: {formula}" if formula else error.message
    if isinstance(error, LatexError) and not error.is_latex_missing:
        return f"LaTeX cannot set {formula}: {error}"
    if _misses_latex(error):
        return f"A formula needs LaTeX, which is not installed here: {formula or 'not known which'}"
    complaint = _LATEX_COMPLAINT.search(written) if _is_of_latex(error) else None
    if complaint:
        what = f" {formula}" if formula else " a formula"
        return f"LaTeX cannot set{what}: {complaint[1].strip()}"
    text = str(error).strip()
    first = text.splitlines()[0] if text else ""
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _find_hint(error: BaseException) -> str:
    if isinstance(error, ShapeRotatorError):
        return error.hint
    if _misses_latex(error):
        return INSTALL_LATEX
    if _is_of_latex(error):
        return "The formula is not valid LaTeX, or needs a LaTeX package that is missing."
    if isinstance(error, RecursionError | MemoryError):
        return "Ask for something smaller."
    return ""


def _misses_latex(error: BaseException) -> bool:
    if isinstance(error, LatexError):
        return error.is_latex_missing
    return isinstance(error, FileNotFoundError) and error.filename in _LATEX_PROGRAMS


def _is_of_latex(error: BaseException) -> bool:
    return isinstance(error, LatexError) or "latex error" in str(error).lower()


def _find_formula(error: BaseException) -> str | None:
    """Return what manim was asked to set when it failed, in one short line."""
    for frame in _walk(error):
        if frame.f_code.co_name in {"tex_to_svg_file", "set_formula"}:
            text = _PART_MARKS.sub("", str(frame.f_locals.get("expression", "")))
            text = " ".join(text.split())
            return text if len(text) <= _LONGEST_FORMULA else text[: _LONGEST_FORMULA - 1] + "…"
    return None


def _walk(error: BaseException) -> Iterator[FrameType]:
    trace: Any = error.__traceback__
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _build_log_tail(frames: list[traceback.FrameSummary], written: str) -> str:
    where = [f"line {frame.lineno}, in {frame.name}: {frame.line}" for frame in frames]
    # The innermost calls matter most: a recursion has a thousand alike.
    told = "\n".join(where[-10:]).encode()[:_LOG_TAIL_BYTES]
    room = _LOG_TAIL_BYTES - len(told) - 1
    end = written.strip().encode()[-room:] if room > 0 else b""
    return b"\n".join(filter(None, (told, end))).decode(errors="ignore")
