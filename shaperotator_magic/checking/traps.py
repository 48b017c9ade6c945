"""Constructions of manim that are known to fail or to disappoint. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast

from shaperotator_magic.core.records import Finding

_OF_PLANES = frozenset("apply_matrix apply_transposed_matrix apply_inverse "
                       "apply_inverse_transpose".split())  # fmt: skip


def find_traps(source: str) -> list[Finding]:
    """Return findings on code that is known not to work as it reads."""
    tree = ast.parse(source)
    found = []
    for scene in [n for n in tree.body if isinstance(n, ast.ClassDef)]:
        bases = {base.id for base in scene.bases if isinstance(base, ast.Name)}
        if "LinearTransformationScene" in bases:
            found += _find_late_matrices(scene)
    return found


def _find_late_matrices(scene: ast.ClassDef) -> list[Finding]:
    """Manim 0.22 keeps two lists under one name: every play empties the vectors to move."""
    calls = [
        (n.lineno, n.func.attr)
        for n in ast.walk(scene)
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and isinstance(n.func.value, ast.Name)
        and n.func.value.id == "self"
    ]
    played = [line for line, name in calls if name == "play" or name in _OF_PLANES]
    late = [line for line, name in calls if name in _OF_PLANES and line > min(played)]
    return [
        Finding(
            rule="manim-trap",
            severity="note",
            message="LinearTransformationScene.apply_matrix fails after any play.",
            hint="Use a Scene with NumberPlane and plane.animate.apply_matrix(…).",
            line=line,
        )
        for line in late[:1]
    ]
