"""What the machine must have: looked at before a model is paid, without importing manim."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from shaperotator_magic.errors import ConfigurationError
from shaperotator_magic.records import Finding
from shaperotator_magic.rendering.isolation import Level, probe_isolation

_MANIM_VERSIONS = ((0, 22), (0, 23))
_PILLOW_LIMIT = 13
_LEAST_FREE_BYTES = 200_000_000


def check_environment(media_dir: Path) -> None:
    """Raise for the first thing without which nothing can be rendered.

    Raises
    ------
    ConfigurationError
        Manim, a font or a writable folder is missing, or a version does not fit.
    """
    for finding in probe_environment(media_dir.parent):
        if finding.severity == "error":
            raise ConfigurationError(finding.message, hint=finding.hint, setting=finding.rule)


def probe_environment(data_dir: Path) -> list[Finding]:
    """Return a line for everything that was looked at: error, warning, or note where it is fine."""
    probes: tuple[Callable[[], Finding], ...] = (
        _probe_python,
        _probe_manim,
        _probe_pillow,
        _probe_kernel,
        _probe_fonts,
        _probe_formulas,
        _probe_drawing,
        _probe_layers,
        lambda: _probe_folder(data_dir),
    )
    return [probe() for probe in probes]


def has_latex() -> bool:
    """Tell whether formulas can be set by LaTeX, as manim's ``MathTex`` does it."""
    return shutil.which("latex") is not None and shutil.which("dvisvgm") is not None


def _fine(rule: str, message: str) -> Finding:
    return Finding(rule=rule, severity="note", message=message)


def _wrong(rule: str, message: str, hint: str) -> Finding:
    return Finding(rule=rule, severity="error", message=message, hint=hint)


def _probe_python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return _fine("python", f"Python {found} on {sys.platform}")


def _find_version(package: str) -> tuple[int, ...] | None:
    try:
        text = version(package)
    except PackageNotFoundError:
        return None
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())


def _spell(found: tuple[int, ...]) -> str:
    return ".".join(map(str, found))


def _probe_manim() -> Finding:
    found = _find_version("manim") if importlib.util.find_spec("manim") else None
    if found is None:
        return _wrong(
            "manim", "Manim is not installed here.", 'Run: pip install "manim>=0.22,<0.23"'
        )
    lowest, limit = _MANIM_VERSIONS
    if not lowest <= found < limit:
        return _wrong(
            "manim",
            f"Manim {_spell(found)} is installed; 0.22 is needed.",
            'Run: pip install "manim>=0.22,<0.23"',
        )
    return _fine("manim", f"Manim {_spell(found)}")


def _probe_pillow() -> Finding:
    found = _find_version("pillow") or (0,)
    if found[0] >= _PILLOW_LIMIT:
        return _wrong(
            "pillow",
            f"Pillow {_spell(found)} is installed; manim 0.22 cannot draw pictures with it.",
            'Run: pip install "pillow<13"',
        )
    return _fine("pillow", f"Pillow {_spell(found)}")


def _probe_kernel() -> Finding:
    found = _find_version("ipykernel")
    if found and found[:2] == (7, 0):
        return _wrong(
            "ipykernel",
            f"ipykernel {_spell(found)} loses its context in threads.",
            'Run: pip install "ipykernel!=7.0.*", then restart the kernel.',
        )
    return _fine("ipykernel", f"ipykernel {_spell(found)}" if found else "no ipykernel")


def _probe_fonts() -> Finding:
    if not (any(_find_fonts()) or _ask_fontconfig()):
        return _wrong(
            "fonts",
            "No font is installed, so text would be empty.",
            "Run: apt-get install fonts-dejavu-core",
        )
    return _fine("fonts", "fonts are installed")


@functools.cache
def _font_folders() -> tuple[Path, ...]:
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",)
    home = Path.home()
    mac = (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    unix = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts")
    return mac if sys.platform == "darwin" else (*unix, home / ".fonts")


def _find_fonts() -> Iterator[Path]:
    for folder in _font_folders():
        yield from folder.rglob("*.[to]tf")


def _ask_fontconfig() -> bool:
    # Conda and Nix keep fonts where only fontconfig knows.
    listing = shutil.which("fc-list")
    if listing is None:
        return False
    done = subprocess.run([listing], capture_output=True, timeout=10, check=False)  # noqa: S603 - a fixed command
    return bool(done.stdout.strip())


def _probe_drawing() -> Finding:
    # Looked for, not imported: it would load cairo.
    if importlib.util.find_spec("shaperotator_magic.rendering._drawing") is None:
        return Finding(
            rule="drawing",
            severity="warning",
            message="The compiled drawing was not built: 3D scenes render several times slower.",
            hint="Run: apt-get install gcc pkg-config libcairo2-dev; then install it again.",
        )
    return _fine("drawing", "drawing is compiled")


def _probe_formulas() -> Finding:
    if importlib.util.find_spec("typst") is None:
        return _wrong("formulas", "The package typst, which sets formulas, is not installed.",
                      'Run: pip install "typst>=0.14,<0.16"')  # fmt: skip
    if has_latex():
        return _fine("formulas", "formulas need no LaTeX; LaTeX is there for --math latex")
    return _fine("formulas", "formulas need no LaTeX, and there is none")


def _probe_layers() -> Finding:
    found = probe_isolation()
    if found.level is Level.FULL:
        return _fine("isolation", found.describe())
    return Finding(
        rule="isolation",
        severity="warning",
        message=found.describe(),
        hint="Run: apt-get install bubblewrap, and allow user namespaces."
        if found.is_safe
        else "Render what you did not write on Linux 5.13 or newer, with bubblewrap installed.",
    )


def _probe_folder(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free_bytes = shutil.disk_usage(folder).free
    except OSError as exc:
        return _refuse_folder(folder, exc.strerror or str(exc))
    if not os.access(folder, os.W_OK):
        return _refuse_folder(folder, "it may not be written to")
    if free_bytes < _LEAST_FREE_BYTES:
        return _refuse_folder(folder, f"only {free_bytes // 1_000_000} MB are free")
    return _fine("folder", f"results go to {folder}")


def _refuse_folder(folder: Path, why: str) -> Finding:
    return _wrong(
        "folder",
        f"Results cannot be kept in {folder}: {why}.",
        "Set SHAPEROTATOR_DATA_DIR to a folder that you can write to.",
    )
