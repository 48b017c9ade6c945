"""A model's reply in an old dialect, converted by the same machine as whole files. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import warnings

import libcst as cst

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.gate.safety import check_safety
from shaperotator_magic.converting.converter import convert_source
from shaperotator_magic.converting.helper_table import load_helpers
from shaperotator_magic.converting.reading.bindings import list_loaded, list_own_names
from shaperotator_magic.converting.reading.dialects import find_dialect
from shaperotator_magic.core.records import Finding, SceneCode


def convert_reply(code: SceneCode, api: Api) -> tuple[SceneCode, list[Finding]]:
    """Return a reply in the words of the installed manim, and what was changed.

    What is written for manim stays for the correction of names; so does a reply whose conversion
    the filter refuses.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            is_old = find_dialect(ast.parse(code.source)) != "manim_ce"
        if not is_old or not _is_foreign(code.source):
            return code, []
        conversion = convert_source(code.source, api)
    except (SyntaxError, ValueError, cst.ParserSyntaxError):
        return code, []  # the check of safety reports the line
    if conversion.undefined or any(f.severity == "error" for f in check_safety(conversion.source)):
        return code, []
    findings = [
        Finding(
            rule=f"converted-{change.rule}",
            severity="note",
            message=f"Converted: {change.message}.",
            line=change.line,
        )
        for change in conversion.changes
    ]
    return code.model_copy(update={"source": conversion.source}), findings


def define_missing(code: SceneCode, api: Api) -> tuple[SceneCode, list[Finding]]:
    """Return a reply with definitions of what it uses of another manim, and nothing else changed.

    For replies that import manim and use names that only the converter's helpers have.
    """
    tree = ast.parse(code.source)
    missing = (list_loaded(tree) - list_own_names(tree) - api.names) & load_helpers().keys()
    if not missing or find_dialect(tree) != "manim_ce":
        return code, []
    source = convert_source(code.source, api).source
    if any(f.severity == "error" for f in check_safety(source)):
        return code, []
    findings = [
        Finding(
            rule="converted-helper",
            severity="note",
            message=f"Converted: {name} is defined in the scene: manim has none.",
        )
        for name in sorted(missing)
    ]
    return code.model_copy(update={"source": source}), findings


def _is_foreign(source: str) -> bool:
    """Whether it imports another manim, or reads its settings from CONFIG."""
    return any(word in source for word in ("manimlib", "manim_imports", "manimgl", "CONFIG"))
