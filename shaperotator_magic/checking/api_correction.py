"""API correction: certain faults in a scene's source are fixed without a model, and listed. Pure.

Words of other manims are put into today's; forgotten imports and raw strings are added; names that
can only be one misspelling are corrected. What may have been meant otherwise is told as a finding
and left alone. A source without any of this stays as it is, to the byte.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

import libcst as cst

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.dialect import rules
from shaperotator_magic.checking.dialect.rewriting import Change, rewrite
from shaperotator_magic.checking.missing_files import replace_files
from shaperotator_magic.checking.names import NameFault, as_finding, find_name_faults
from shaperotator_magic.checking.repairs.moving import move_into_construct
from shaperotator_magic.checking.repairs.prefixes import spell_bare
from shaperotator_magic.checking.repairs.structure import mend_structure
from shaperotator_magic.checking.repairs.translation.translating import translate_faults
from shaperotator_magic.checking.traps import find_traps
from shaperotator_magic.checking.working_calls import find_working_calls
from shaperotator_magic.core.records import Finding, SceneCode, Severity

__all__ = ["correct_api", "corrects_silence", "review_api"]

_MOST_PASSES = 3
_SILENT = frozenset({"healed-setter", "healed-raw", "healed-config", "healed-percent"})
_WRITE_WHOLE = "Write the whole scene, and shorter if there is no room for it."


def correct_api(code: SceneCode, api: Api | None) -> tuple[SceneCode, list[Finding]]:
    """Return the scene with certain faults mended; what was mended, and what may be wrong.

    Parameters
    ----------
    api
        The table of the installed manim; without it only the table of rules is used.
    """
    source = code.source
    try:
        source, bared = spell_bare(source) if api is not None else (source, [])
        source, rewritten = _rewrite(source, api)
    except (cst.ParserSyntaxError, SyntaxError):
        return code, []  # the check of safety says where
    source, framed = replace_files(source, frozenset(code.files))
    changes = [*bared, *rewritten, *framed]
    if api is not None:
        source, structured = mend_structure(source, api)
        source, moved = move_into_construct(source, code.scene_name)
        changes += [*structured, *moved]
        for _ in range(_MOST_PASSES):
            source, corrected = _correct_names(source, api)
            changes += corrected
            if not corrected:
                break
    corrected_code = code.model_copy(update={"source": source})
    return corrected_code, [*map(_as_note, changes), *review_api(corrected_code, api)]


def review_api(code: SceneCode, api: Api | None) -> list[Finding]:
    """Return what was lost of a reply that did not parse, and what of its API may be wrong."""
    faults = find_name_faults(code.source, api) if api is not None else []
    notes = [_note_syntax(note) for note in code.notes]
    return [*notes, *map(as_finding, faults), *find_traps(code.source)]


def corrects_silence(findings: Iterable[Finding]) -> bool:
    """Whether some of the faults that were mended would have raised nothing."""
    return any(finding.rule in _SILENT for finding in findings)


def _rewrite(source: str, api: Api | None) -> tuple[str, list[Change]]:
    if api is None:
        return rewrite(source)
    return rewrite(source, known=api.names, working=find_working_calls(source, api))


def _correct_names(source: str, api: Api) -> tuple[str, list[Change]]:
    """Correct names once: what is spelt right afterwards may be a word of another manim."""
    faults = find_name_faults(source, api)
    source, changes = _translate(source, faults, api)
    if changes:
        faults = find_name_faults(source, api)
    source, corrected = _correct(source, faults)
    if corrected:
        source, rewritten = _rewrite(source, api)
        corrected += rewritten
    source, imported = _add_imports(source, faults)
    source, completed = _complete_imports(source, api)
    return source, [*changes, *corrected, *imported, *completed]


def _as_note(change: Change) -> Finding:
    return Finding(
        rule=f"healed-{change.rule}",
        severity="note",
        message=f"Mended: {change.message}.",
        line=change.line,
    )


def _note_syntax(note: str) -> Finding:
    is_omitted = "left out:" in note or "shown up to" in note
    rule = "healed-omitted" if is_omitted else "healed-syntax"
    # What was lost is asked of the model again, as long as there are attempts.
    severity: Severity = "warning" if is_omitted else "note"
    return Finding(rule=rule, severity=severity, message=f"Mended: {note}.", hint=_WRITE_WHOLE)


def _translate(source: str, faults: Iterable[NameFault], api: Api) -> tuple[str, list[Change]]:
    """Put what manim never had into its own words."""
    faults = list(faults)
    source, said = translate_faults(source, faults, api)
    silent = {fault.line for fault in faults if fault.kind == "setter"}
    rules = [("setter" if line in silent else "translated") for _, line in said]
    return source, [
        Change(rule, message, line) for rule, (message, line) in zip(rules, said, strict=True)
    ]


def _is_plural(fault: NameFault) -> bool:
    return fault.suggestion is not None and fault.suggestion.name == f"{fault.name}s"


def _correct(source: str, faults: Iterable[NameFault]) -> tuple[str, list[Change]]:
    """Replace the names that can only be one misspelling."""
    sure = [f for f in faults if f.suggestion is not None and f.suggestion.is_sure]
    # One colour is no list of them: the repair of the failure knows the value.
    sure = [f for f in sure if f.kind != "keyword" or not _is_plural(f)]
    lines = [line.encode() for line in source.split("\n")]
    changes = []
    for fault in sorted(sure, key=lambda f: (f.line, f.column), reverse=True):
        new = fault.suggestion.name if fault.suggestion else fault.name
        line, old = lines[fault.line - 1], fault.name.encode()
        if line[fault.column : fault.column + len(old)] != old:
            continue
        end = fault.column + len(old)
        lines[fault.line - 1] = line[: fault.column] + new.encode() + line[end:]
        rule = "setter" if fault.kind == "setter" else "misspelt"
        changes.append(Change(rule, f"{fault.name} is now {new}", fault.line))
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
