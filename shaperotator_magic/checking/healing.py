"""Mends what is certain in a scene's source, without asking a model again, and lists it. Pure.

Words of other manims are put into today's; forgotten imports and raw strings are added; names that
can only be one misspelling are corrected; a scene that shows nothing is shown. What may have been
meant otherwise is told as a finding and left alone. A source without any of this stays as it is,
to the byte.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator

import libcst as cst

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.dialect import rules
from shaperotator_magic.checking.dialect.rewriting import Change, rewrite
from shaperotator_magic.checking.names import NameFault, as_finding, find_name_faults
from shaperotator_magic.checking.traps import find_traps
from shaperotator_magic.records import Finding, RehearsalFailure, SceneCode

__all__ = ["heal_failure", "heal_scene"]

_MOST_PASSES = 3
_NO_ATTRIBUTE = re.compile(r"(?P<owner>\w+)'? object has no attribute '(?P<name>\w+)'")


def heal_scene(code: SceneCode, api: Api | None) -> tuple[SceneCode, list[Finding]]:
    """Return the scene with certain faults mended; what was mended, and what may be wrong.

    Parameters
    ----------
    api
        The table of the installed manim; without it only the table of rules is used.
    """
    source = code.source
    try:
        source, changes = rewrite(source)
    except (cst.ParserSyntaxError, SyntaxError):
        return code, []  # the check of safety says where
    source, shown = _let_it_be_seen(source, code.scene_name)
    changes += shown
    faults: list[NameFault] = []
    if api is not None:
        for _ in range(_MOST_PASSES):
            faults = find_name_faults(source, api)
            source, corrected = _correct(source, faults)
            if corrected:  # what is spelt right now may be a word of another manim
                source, rewritten = rewrite(source)
                corrected += rewritten
            source, imported = _add_imports(source, faults)
            source, completed = _complete_imports(source, api)
            imported += completed
            changes += [*corrected, *imported]
            if not corrected and not imported:
                break
    findings = [_as_note(change) for change in changes]
    findings += [as_finding(fault) for fault in faults]
    findings += find_traps(source)
    return code.model_copy(update={"source": source}), findings


def heal_failure(
    code: SceneCode, failure: RehearsalFailure, api: Api
) -> tuple[SceneCode, Finding] | None:
    """Return the scene with the misspelt attribute mended at which it failed; None for others.

    Only there the class of what has no such attribute is known: reading cannot always tell.
    """
    told = _NO_ATTRIBUTE.search(failure.message)
    meant = api.suggest_attribute(told["owner"], told["name"]) if told else None
    if told is None or meant is None or not meant.is_sure or failure.line is None:
        return None
    faults = [
        NameFault("attribute", told["name"], told["owner"], line, column, meant)
        for line, column in _find_attributes(code.source, told["name"])
    ]
    near = [f for f in faults if f.line == failure.line] or faults
    source, changes = _correct(code.source, near)
    if not changes:
        return None
    return code.model_copy(update={"source": source}), _as_note(changes[0])


def _find_attributes(source: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield line and column of every ``.name``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr == name:
            end = node.end_col_offset or 0
            yield node.end_lineno or node.lineno, end - len(name.encode())


def _as_note(change: Change) -> Finding:
    return Finding(
        rule=f"healed-{change.rule}",
        severity="note",
        message=f"Mended: {change.message}.",
        line=change.line,
    )


def _correct(source: str, faults: Iterable[NameFault]) -> tuple[str, list[Change]]:
    """Replace the names that can only be one misspelling."""
    sure = [f for f in faults if f.suggestion is not None and f.suggestion.is_sure]
    lines = [line.encode() for line in source.split("\n")]
    changes = []
    for fault in sorted(sure, key=lambda f: (f.line, f.column), reverse=True):
        new = fault.suggestion.name if fault.suggestion else fault.name
        line, old = lines[fault.line - 1], fault.name.encode()
        if line[fault.column : fault.column + len(old)] != old:
            continue
        end = fault.column + len(old)
        lines[fault.line - 1] = line[: fault.column] + new.encode() + line[end:]
        changes.append(Change("misspelt", f"{fault.name} is now {new}", fault.line))
    return "\n".join(line.decode() for line in lines), changes[::-1]


def _add_imports(source: str, faults: Iterable[NameFault]) -> tuple[str, list[Change]]:
    """Put in the imports of well-known modules that were forgotten."""
    missing = dict.fromkeys(f.name for f in faults if f.kind == "name" and f.name in rules.MODULES)
    if not missing:
        return source, []
    tree = ast.parse(source)
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    at = (imports[-1].end_lineno or 0) if imports else 0
    lines = source.split("\n")
    added = [rules.MODULES[name] for name in missing]
    text = "\n".join([*lines[:at], *added, *lines[at:]])
    return text, [Change("import", f"{line} was added", at + 1) for line in added]


def _complete_imports(source: str, api: Api) -> tuple[str, list[Change]]:
    """Where manim's names are imported one by one, import those, too, that were forgotten."""
    tree = ast.parse(source)
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    names = {alias.asname or alias.name for node in imports for alias in node.names}
    if "*" in names or not any(getattr(node, "module", "") == "manim" for node in imports):
        return source, []
    own = names | _list_bound(tree) | set(dir(builtins))
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    missing = sorted((used & api.names) - own)
    if not missing:
        return source, []
    at = max(node.end_lineno or 0 for node in imports if node in tree.body)
    lines = source.split("\n")
    added = f"from manim import {', '.join(missing)}"
    text = "\n".join([*lines[:at], added, *lines[at:]])
    return text, [Change("import", f"{added} was added", at + 1)]


def _list_bound(tree: ast.Module) -> set[str]:
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
    return bound


def _let_it_be_seen(source: str, scene_name: str) -> tuple[str, list[Change]]:
    """A construct() that never plays nor waits makes no video: let it wait at its end."""
    scene = next((n for n in _list_classes(source) if n.name == scene_name), None)
    parts = scene.body if scene else []
    functions = [n for n in parts if isinstance(n, ast.FunctionDef)]
    construct = next((n for n in functions if n.name == "construct"), None)
    if scene is None or construct is None or _moves(scene):
        return source, []
    lines = source.split("\n")
    last = construct.body[-1]
    end = last.end_lineno or len(lines)
    lines.insert(end, " " * last.col_offset + "self.wait(2)")
    return "\n".join(lines), [Change("unseen", "self.wait(2) was added: nothing was played", end)]


def _list_classes(source: str) -> list[ast.ClassDef]:
    return [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]


def _moves(scene: ast.ClassDef) -> bool:
    """Whether it may play something: itself, or by methods of a base that are not seen here."""
    calls = [n for n in ast.walk(scene) if isinstance(n, ast.Call)]
    names = {n.func.attr for n in calls if isinstance(n.func, ast.Attribute)}
    is_plain = all(isinstance(base, ast.Name) and base.id == "Scene" for base in scene.bases)
    return bool(names & {"play", "wait", "pause", "construct", "wait_until"}) or not is_plain
