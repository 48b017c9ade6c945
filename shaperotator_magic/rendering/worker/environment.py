"""What the machine must have: checked before a model is paid, without importing manim.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Finding
from shaperotator_magic.core.styles.finding import Styles
from shaperotator_magic.core.styles.fonts.machine import SANS, list_faces
from shaperotator_magic.core.styles.fonts.scripts import (
    ALL_SCRIPTS,
    find_lacking_scripts,
    name_package,
)
from shaperotator_magic.rendering.drawing.compiled.extensions import NAMES, list_built
from shaperotator_magic.rendering.isolation.isolation import Level, probe_isolation
from shaperotator_magic.rendering.stand_ins.installed import describe_off, is_known
from shaperotator_magic.rendering.stand_ins.table import COSTS, STAND_INS

_LEAST_MANIM = (0, 21)
_PILLOW_LIMIT = 13
LEAST_FREE_BYTES = 200_000_000


def check_environment(media_dir: Path) -> None:
    """Raise for the first thing without which nothing can be rendered.

    Raises
    ------
    ConfigurationError
        Manim, a font or a writable folder is missing, or a version does not fit.
    """
    for finding in _probe_needed(media_dir.parent):
        if finding.severity == "error":
            raise ConfigurationError(finding.message, hint=finding.hint, setting=finding.rule)


def probe_environment(data_dir: Path) -> list[Finding]:
    """Return a finding for every check: an error, a warning, or a note where it is fine."""
    return [
        *_probe_needed(data_dir),
        _probe_scripts(),
        _probe_cairo(),
        *_probe_stand_ins(),
        *_probe_styles(data_dir / "styles"),
    ]


def _probe_needed(data_dir: Path) -> list[Finding]:
    """Run the checks that take no time before a render."""
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
    """Return whether formulas can be set by LaTeX, as manim's ``MathTex`` does it."""
    return shutil.which("latex") is not None and shutil.which("dvisvgm") is not None


def _fine(rule: str, message: str) -> Finding:
    return Finding(rule=rule, severity="note", message=message)


def _warn(rule: str, message: str, hint: str) -> Finding:
    return Finding(rule=rule, severity="warning", message=message, hint=hint)


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
        return _wrong("manim", "Manim is not installed here.", 'Run: pip install "manim>=0.21"')
    if found < _LEAST_MANIM:
        return _wrong(
            "manim",
            f"Manim {_spell(found)} is installed; 0.21 or newer is needed.",
            'Run: pip install "manim>=0.21"',
        )
    if not is_known():
        return _warn("manim", f"Manim {_spell(found)}, of which some sources were not tried.", "")
    return _fine("manim", f"Manim {_spell(found)}")


def _probe_stand_ins() -> list[Finding]:
    """Return a warning for every topic of which functions run as manim's own."""
    hint = "" if is_known() else 'Run: pip install "manim==0.22.0" for the tried sources.'
    lines = describe_off()
    if not lines:
        return [_fine("stand-ins", f"all {len(STAND_INS)} faster functions fit this manim")]
    return [_warn("stand-ins", line, hint) for line in lines]


def _probe_styles(folder: Path) -> list[Finding]:
    """Return the packs that a name chooses, and a warning for each sentence on one of them."""
    styles = Styles([folder])
    found = [_fine("styles", f"styles: {', '.join(styles.names)}")]
    for name in styles.names:
        try:
            pack = styles.find(name)
            notes = pack.notes if pack else ()
        except ConfigurationError as exc:
            notes = (f"{exc.message} {exc.hint}",)
        found += [_warn("styles", f"style {name}: {note}", f"It is in {folder}.") for note in notes]
    return found


def _probe_pillow() -> Finding:
    found = _find_version("pillow") or (0,)
    if found[0] >= _PILLOW_LIMIT:
        return _wrong(
            "pillow",
            f"Pillow {_spell(found)} is installed; manim cannot draw pictures with it.",
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
    if not list_faces():
        return _wrong(
            "fonts",
            "The package's own faces are missing.",
            "Run: pip install --force-reinstall shaperotator-magic",
        )
    return _fine("fonts", f"texts are drawn in {SANS}, which is part of the package")


def _probe_scripts() -> Finding:
    """Name the writing systems for which the machine has a font, and those without one."""
    lacking = find_lacking_scripts()
    if lacking is None:
        return _fine("scripts", "which other letters this machine can draw, is not known")
    missing = [example.name for example in lacking]
    if not missing:
        return _fine("scripts", f"letters: {', '.join(ALL_SCRIPTS)}")
    present = [name for name in ALL_SCRIPTS if name not in missing]
    packages = " ".join(dict.fromkeys(name_package(one.letter) for one in lacking))
    return _warn(
        "scripts",
        f"No font here has {', '.join(missing)} letters; there are {', '.join(present)}.",
        f"For texts in them: apt-get install {packages}",
    )


def _probe_drawing() -> Finding:
    if set(list_built()) != set(NAMES):
        return _warn(
            "drawing",
            "The compiled drawing was not built: 3D scenes render several times slower.",
            "Run: apt-get install gcc pkg-config libcairo2-dev; then install it again.",
        )
    return _fine("drawing", "drawing is compiled")


def _probe_cairo() -> Finding:
    """Report whether the stand-in for pycairo's paths draws what pycairo draws."""
    from shaperotator_magic.rendering.drawing.drawing import is_layout_known

    if importlib.util.find_spec("cairo") is None or not is_layout_known():
        return _warn(
            "cairo",
            "The layout of pycairo's objects or of cairo's paths is not the one that is known, so "
            f"manim's own code draws. {COSTS['drawing']}",
            "Run: pip install --force-reinstall pycairo",
        )
    return _fine("cairo", "paths are drawn as pycairo draws them")


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
    return _warn(
        "isolation",
        found.describe(),
        "Run: apt-get install bubblewrap, and allow user namespaces."
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
    if free_bytes < LEAST_FREE_BYTES:
        return _refuse_folder(folder, f"only {free_bytes // 1_000_000} MB are free")
    return _fine("folder", f"results go to {folder}")


def _refuse_folder(folder: Path, why: str) -> Finding:
    return _wrong(
        "folder",
        f"Results cannot be kept in {folder}: {why}.",
        "Set SHAPEROTATOR_DATA_DIR to a folder that you can write to.",
    )
