"""Where TeX lies on this machine: what its compilers, and no scene, must be able to read.

Runs in the caller's process and in the supervisor.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_PROGRAMS = ("dvisvgm", "latex", "pdflatex", "lualatex", "luatex", "xelatex", "kpsewhich", "mf")
_TEX_TREES = (
    "/usr/share", "/usr/bin", "/bin", "/etc/texmf", "/var/lib/texmf", "/etc/alternatives",
    "/usr/local/share/texmf", "/etc/papersize", "/etc/paperspecs", "/opt/texlive",
)  # fmt: skip


def find_tex_folders() -> tuple[Path, ...]:
    """Return what the compilers must read: trees of macros and fonts, and the programs' own."""
    found = [Path(path) for path in _TEX_TREES]
    found += [root for program in find_programs() for root in _find_roots(program)]
    if home := os.environ.get("TEXMFHOME"):
        found.append(Path(home))
    else:
        found.append(Path(os.path.expanduser("~/texmf")))  # noqa: PTH111 - may have no home
    return tuple(dict.fromkeys(path for path in found if path.exists()))


def find_programs() -> tuple[Path, ...]:
    """Return the compilers that are installed here."""
    return tuple(Path(path) for path in map(shutil.which, _PROGRAMS) if path)


def _find_roots(program: Path) -> Iterator[Path]:
    # /usr/local/texlive/2024/bin/x86_64-linux/pdftex belongs to /usr/local/texlive/2024.
    real = program.resolve()
    yield from (program.parent, real.parent)
    bins = [folder for folder in real.parents if folder.name == "bin"]
    if bins and bins[-1].parent not in (Path("/"), Path("/usr"), Path("/usr/local")):
        yield bins[-1].parent
