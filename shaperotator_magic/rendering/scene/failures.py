"""Why a scene failed, in one or two lines, and where in its own source.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import linecache
import re
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from shaperotator_magic.core.errors import RenderError, ShapeRotatorError
from shaperotator_magic.core.records import Record
from shaperotator_magic.rendering.mathtext.formulas import LatexError

_LOG_TAIL_BYTES = 4000
_READ_BYTES = 64_000
_LONGEST_MESSAGE = 400
_LONGEST_FORMULA = 120
_LATEX_PROGRAMS = {"latex", "pdflatex", "xelatex", "lualatex", "luatex", "dvisvgm"}
_LATEX_COMPLAINT = re.compile(r"LaTeX compilation error:[^\n]*\n([^\n]+)")
# manim checks its settings where they are used, far from where a scene file sets them.
_ASSERTED_SETTING = re.compile(r'isinstance\(self\._d\["(\w+)"\], (\w+)\)')
_MANIM_MISSES = re.compile(r"could not find (.+?) at either of these locations")
# manim's own marks around the parts of a formula.
_PART_MARKS = re.compile(r"\\special\{dvisvgm:raw [^}]*\}")
INSTALL_LATEX = (
    "Install LaTeX (Linux: apt-get install texlive-latex-extra texlive-fonts-recommended dvisvgm; "
    "macOS: MacTeX; Windows: MiKTeX), or leave out --math latex: formulas need no LaTeX."
)


class Failure(Record):
    """Why a scene failed; a scene's process sends it, the caller makes a ``RenderError`` of it."""

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
        line=frames[-1].lineno if frames else _find_line(error, scene_file),
        log_tail=_build_log_tail(frames, written),
    )


def describe_missing_latex(error: BaseException) -> str:
    """Return which formula needs LaTeX, and what to do; '' where that is not why it failed."""
    if not _misses_latex(error):
        return ""
    formula = _find_formula(error) or "not known which"
    return (
        f"A formula needs LaTeX, which is not installed here: {formula}\n"
        "%%shaperotate and 'shaperotator render FILE' set formulas without it; %manim needs it."
    )


def _find_line(error: BaseException, scene_file: str) -> int | None:
    """Return the line of an error that was raised outside of the scene's own code."""
    if isinstance(error, SyntaxError):
        return error.lineno
    setting, _ = _find_asserted_setting(error)
    lines = linecache.getlines(scene_file) if setting else []
    return next((n for n, line in enumerate(lines, start=1) if setting in line), None)


def _find_asserted_setting(error: BaseException) -> tuple[str, str]:
    """Return the setting of manim's that has another type than manim asserts, and that type."""
    if not isinstance(error, AssertionError) or str(error):
        return "", ""
    frames = traceback.extract_tb(error.__traceback__)
    found = _ASSERTED_SETTING.search(frames[-1].line or "") if frames else None
    return (found[1], found[2]) if found else ("", "")


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
    return _describe_plainly(error)


def _describe_plainly(error: BaseException) -> str:
    if missing := _find_missing_file(error):
        return f"There is no file {missing} where the scene runs."
    if isinstance(error, AssertionError) and not str(error):
        return _describe_assertion(error)
    text = str(error).strip()
    first = text.splitlines()[0] if text else ""
    if isinstance(error, ImportError) and error.path:
        first = first.removesuffix(f" ({error.path})")  # of this machine: nobody else's business
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def _find_hint(error: BaseException) -> str:
    if isinstance(error, ShapeRotatorError):
        return error.hint
    return next((hint for is_kind, hint in _HINTS if is_kind(error)), "")


def _describe_assertion(error: AssertionError) -> str:
    """Return the asserted expression, for a bare AssertionError has no message."""
    setting, kind = _find_asserted_setting(error)
    if setting:
        return f"config.{setting} must be a {kind}, as manim asserts."
    frames = traceback.extract_tb(error.__traceback__)
    text = (frames[-1].line or "").removeprefix("assert ").strip() if frames else ""
    where = Path(frames[-1].filename).name if frames else ""
    return f"AssertionError: {where} requires {text}" if text else "AssertionError"


def _find_missing_file(error: BaseException) -> str:
    """Return the name of a file that the scene reads and that is not there."""
    if isinstance(error, FileNotFoundError):
        return str(error.filename or "")
    found = _MANIM_MISSES.search(str(error)) if isinstance(error, OSError) else None
    return found[1] if found else ""


def _misses_latex(error: BaseException) -> bool:
    if isinstance(error, LatexError):
        return error.is_latex_missing
    return isinstance(error, FileNotFoundError) and error.filename in _LATEX_PROGRAMS


def _is_of_latex(error: BaseException) -> bool:
    return isinstance(error, LatexError) or "latex error" in str(error).lower()


def _find_formula(error: BaseException) -> str | None:
    """Return the formula that manim failed on, in one short line."""
    for frame in _walk(error):
        if frame.f_code.co_name in {"tex_to_svg_file", "set_formula"}:
            text = _PART_MARKS.sub("", str(frame.f_locals.get("expression", "")))
            text = " ".join(text.split())
            return text if len(text) <= _LONGEST_FORMULA else text[: _LONGEST_FORMULA - 1] + "…"
    return None


_HINTS: tuple[tuple[Callable[[BaseException], object], str], ...] = (
    (_misses_latex, INSTALL_LATEX),
    (_is_of_latex, "The formula is not valid LaTeX, or needs a LaTeX package that is missing."),
    (lambda e: isinstance(e, RecursionError | MemoryError), "Ask for something smaller."),
    (
        lambda e: _find_asserted_setting(e)[1] == "float",
        "Write it with a decimal point: 0.0, not 0.",
    ),
    (
        lambda e: isinstance(e, ModuleNotFoundError),
        "A module of your own lies in the folder of the scene's file, or below --root FOLDER.",
    ),
    (
        _find_missing_file,
        "Put it where the scene's file names it, in its folder or its project (a folder above with "
        "a .git, or --root FOLDER); or name it by --input.",
    ),
)


def _walk(error: BaseException) -> Iterator[FrameType]:
    trace: Any = error.__traceback__
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _build_log_tail(frames: list[traceback.FrameSummary], written: str) -> str:
    where = [f"line {frame.lineno}, in {frame.name}: {frame.line}" for frame in frames]
    # The innermost calls matter most: a recursion has a thousand alike.
    head = "\n".join(where[-10:]).encode()[:_LOG_TAIL_BYTES]
    room = _LOG_TAIL_BYTES - len(head) - 1
    end = written.strip().encode()[-room:] if room > 0 else b""
    return b"\n".join(filter(None, (head, end))).decode(errors="ignore")
