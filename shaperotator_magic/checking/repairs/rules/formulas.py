"""Formulas that cannot be set: text in them, mathematics in text, lone dollar signs. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from shaperotator_magic.checking.dialect.rules import FORMULAS
from shaperotator_magic.checking.repairs.failing import Edit, Failing, Repair, find_called

_COMPLAINT = re.compile(r"The formula:|LaTeX|formula", re.IGNORECASE)
_WORDS = {
    r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\delta": "δ", r"\epsilon": "ε",
    r"\theta": "θ", r"\lambda": "λ", r"\mu": "μ", r"\pi": "π", r"\sigma": "σ", r"\phi": "φ",
    r"\omega": "ω", r"\sum": "∑", r"\int": "∫", r"\infty": "∞", r"\times": "×", r"\cdot": "·",
    r"\leq": "≤", r"\geq": "≥", r"\neq": "≠", r"\approx": "≈", r"\to": "→", r"\rightarrow": "→",
    r"\partial": "∂", r"\nabla": "∇", r"\sqrt": "√", r"\pm": "±",
}  # fmt: skip


def set_formula(failing: Failing) -> Iterator[Repair]:
    """Tex that holds mathematics becomes MathTex; what no formula can hold becomes Text."""
    if not _COMPLAINT.search(failing.failure.message):
        return
    calls = _list_formulas(failing)
    if not calls:
        return
    tex = [c for c in calls if find_called(c) == "Tex" and not _has_dollar(failing, c)]
    if tex:
        edits: list[Edit] = [(c.func, "MathTex") for c in tex]
        yield failing.repair(edits, "Tex that holds mathematics is MathTex")
    yield from _rebalance(failing, calls)
    plain = [(part, _as_text(failing, part)) for c in calls for part in _list_strings(c)]
    heads: list[Edit] = [(c.func, "Text") for c in calls]
    if plain:
        yield failing.repair([*heads, *plain], "a formula that cannot be set is plain text")


def _list_formulas(failing: Failing) -> list[ast.Call]:
    for area in (failing.area, failing.statement or failing.tree):
        calls = [n for n in ast.walk(area) if isinstance(n, ast.Call) and _is_formula(n)]
        if calls:
            return calls
    return []


def _is_formula(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id in FORMULAS


def _list_strings(call: ast.Call) -> list[ast.expr]:
    return [
        a
        for a in call.args
        if isinstance(a, ast.JoinedStr)
        or (isinstance(a, ast.Constant) and isinstance(a.value, str))
    ]


def _has_dollar(failing: Failing, call: ast.Call) -> bool:
    return any("$" in failing.read(part) for part in _list_strings(call))


def _rebalance(failing: Failing, calls: list[ast.Call]) -> Iterator[Repair]:
    """Drop ``$`` of MathTex, and the last one of Tex where they are odd in number."""
    edits: list[Edit] = []
    for call in calls:
        for part in _list_strings(call):
            text = failing.read(part)
            new = text.replace("$", "") if find_called(call) == "MathTex" else _pair_dollars(text)
            if new != text:
                edits.append((part, new))
    if edits:
        yield failing.repair(edits, "the dollar signs of a formula come in pairs")


def _pair_dollars(text: str) -> str:
    return text[::-1].replace("$", "", 1)[::-1] if text.count("$") % 2 else text


def _as_text(failing: Failing, part: ast.expr) -> str:
    """Return the source of a string without the commands of TeX."""
    text = failing.read(part)
    for command, sign in _WORDS.items():
        text = re.sub(re.escape(command) + r"(?![a-zA-Z])", sign, text)
    if isinstance(part, ast.JoinedStr):
        return re.sub(r"\\{1,2}[a-zA-Z]+|\$|\{\{|\}\}", "", text)
    return re.sub(r"\\{1,2}(?!n\b)[a-zA-Z]+|\\{1,2}[(),;!\[\]]|[${}]", "", text)
