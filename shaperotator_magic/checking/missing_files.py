"""Pictures and sounds that a reply names and nobody gave: a frame stands for each. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from pathlib import PurePath

from shaperotator_magic.checking.dialect.rewriting import Change
from shaperotator_magic.checking.repairs.failing import Edit, splice

__all__ = ["replace_files"]

_PICTURES = frozenset({"ImageMobject", "SVGMobject"})
_CODE = frozenset({"Code"})
_CODE_FILES = frozenset({"code_file", "file_name", "filename", "file"})
_SOUNDS = frozenset({"add_sound"})
_FRAME = "VGroup(Rectangle(width=3, height=2), Text({name}, font_size=20))"


def replace_files(source: str, files: frozenset[str]) -> tuple[str, list[Change]]:
    """Return the source with frames for pictures that are not there, and without its sounds."""
    edits: list[Edit] = []
    changes: list[Change] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and _calls(node.value, _SOUNDS):
            edits.append((node, "pass"))
            changes.append(
                Change("file", "a sound was left out: scenes have no files", node.lineno)
            )
        elif isinstance(node, ast.Call) and _calls(node, _CODE):
            for keyword in node.keywords:
                if keyword.arg in _CODE_FILES and isinstance(keyword.value, ast.Constant):
                    name = str(keyword.value.value)
                    edits.append((keyword, f"code_string={f'# {name}'!r}"))
                    message = f"the code of {name}, which was not given, is its name"
                    changes.append(Change("file", message, node.lineno))
        elif isinstance(node, ast.Call) and _calls(node, _PICTURES):
            named = node.args[0] if node.args else None
            if isinstance(named, ast.Constant) and isinstance(named.value, str):
                if named.value in files:
                    continue
                name = PurePath(named.value.replace("\\", "/")).name[:40]
                edits.append((node, _FRAME.replace("{name}", repr(name))))
                message = f"a frame stands for the file {name}, which was not given"
                changes.append(Change("file", message, node.lineno))
    return (splice(source, edits), changes) if edits else (source, [])


def _calls(node: ast.expr, names: frozenset[str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return (getattr(function, "id", None) or getattr(function, "attr", "")) in names
