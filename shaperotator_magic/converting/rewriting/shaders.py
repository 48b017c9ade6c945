"""Rewrites shapes that a shader of manimgl colors: a plain one stands for each. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast

import libcst as cst

from shaperotator_magic.checking.dialect.syntax import spell
from shaperotator_magic.converting.reading.bindings import list_entries
from shaperotator_magic.converting.rules import names

_BASES = frozenset({"Mobject", "VMobject"})
_PLACEHOLDER = "ShadedShape"


def has_shader(node: ast.ClassDef) -> bool:
    """Whether a class names the files of a shader, in its body or in CONFIG."""
    annotated = {ast.unparse(s.target) for s in node.body if isinstance(s, ast.AnnAssign)}
    return bool((list_entries(node) | annotated) & names.SHADER_FILES)


def replace_shaded(updated: cst.ClassDef) -> cst.ClassDef:
    """Return a class that derives from the plain shape, without what its shader was given."""
    bases = [
        base.with_changes(value=cst.Name(_PLACEHOLDER)) if spell(base.value) in _BASES else base
        for base in updated.bases
    ]
    body = updated.body
    if isinstance(body, cst.IndentedBlock):
        kept = [statement for statement in body.body if not _describes_shader(statement)]
        body = body.with_changes(body=kept or [cst.parse_statement("pass")])
    return updated.with_changes(bases=bases, body=body)


def _describes_shader(statement: cst.CSTNode) -> bool:
    """Whether a statement of a class body says what a shader is given: ``data_dtype = …``."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return False
    small = statement.body[0]
    if isinstance(small, cst.AnnAssign):
        return spell(small.target) in names.SHADER_ENTRIES
    if not isinstance(small, cst.Assign) or len(small.targets) != 1:
        return False
    return spell(small.targets[0].target) in names.SHADER_ENTRIES
