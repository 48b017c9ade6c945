"""One formula compiled by LaTeX and dvisvgm, in a process that can do nothing else.

TeX is a programming language that reads and writes files, so the formulas of a scene are as
little trusted as the scene: the compilers see the TeX installation and one folder, reach no
network, and are stopped when they take too long.

Runs in a process of the supervisor.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from shaperotator_magic.rendering.mathtext.formulas import FormulaAnswer, FormulaRequest

TIMEOUT_S = 60
SVG_NAME = "formula.svg"
_STEM = "formula"
_LOG_BYTES = 200_000
_COMPLAINT = re.compile(r"^! ?(.+(?:\n(?!l\.|\n).+)?)", re.MULTILINE)
_KEPT_VARIABLES = ("PATH", "TEXMFHOME", "TEXINPUTS", "LANG", "LD_LIBRARY_PATH")


def compile_formula(request: FormulaRequest, folder: Path) -> FormulaAnswer:
    """Set one formula; the picture is then ``formula.svg`` in the folder.

    Parameters
    ----------
    folder
        Empty, and nobody else's.
    """
    if shutil.which("dvisvgm") is None or shutil.which(request.compilers[0]) is None:
        return FormulaAnswer(is_latex_missing=True, complaint="LaTeX is not installed")
    (folder / f"{_STEM}.tex").write_text(request.source, encoding="utf-8")
    try:
        for compiler in request.compilers:
            _run(_build_command(compiler, request.output_format), folder)
        _run(_build_svg_command(request.output_format), folder)
    except subprocess.TimeoutExpired:
        return FormulaAnswer(complaint=f"it was not set within {TIMEOUT_S} s")
    except (OSError, subprocess.CalledProcessError) as exc:
        return FormulaAnswer(complaint=_find_complaint(folder) or _describe(exc))
    if not (folder / SVG_NAME).is_file():
        return FormulaAnswer(complaint="dvisvgm made no picture of it")
    return FormulaAnswer(file=SVG_NAME)


def _build_command(compiler: str, output_format: str) -> list[str]:
    command = [compiler, "-no-shell-escape", "-interaction=batchmode", "-halt-on-error"]
    if compiler == "xelatex":
        command += [] if output_format == ".pdf" else ["-no-pdf"]
    else:
        command += [f"-output-format={output_format[1:]}"]
    return [*command, f"{_STEM}.tex"]


def _build_svg_command(output_format: str) -> list[str]:
    # As manim calls it, so that the picture is the same.
    pdf = ["--pdf"] if output_format == ".pdf" else []
    rest = ["--page=1", "--no-fonts", "--verbosity=0", f"--output={SVG_NAME}"]
    return ["dvisvgm", *pdf, *rest, f"{_STEM}{output_format}"]


def _run(command: list[str], folder: Path) -> None:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    places = dict.fromkeys(("HOME", "TMPDIR", "TEXMFVAR", "TEXMFCONFIG", "TEXMFCACHE"), str(folder))
    # 'p' is for paranoid: no file outside the folder and the installation, in or out.
    strict = {"openin_any": "p", "openout_any": "p", "shell_escape": "f"}
    subprocess.run(  # noqa: S603 - programs from a fixed list
        command,
        cwd=folder,
        env={**kept, **places, **strict},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=TIMEOUT_S,
        check=True,
    )


def _find_complaint(folder: Path) -> str:
    try:
        with (folder / f"{_STEM}.log").open("rb") as log:
            written = log.read(_LOG_BYTES).decode(errors="replace")
    except OSError:
        return ""
    found = _COMPLAINT.search(written)
    return " ".join(found[1].split()) if found else ""


def _describe(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return f"{error.cmd[0]} ended with status {error.returncode}"
    return str(error)
