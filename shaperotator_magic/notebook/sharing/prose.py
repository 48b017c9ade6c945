"""Prose of a shared notebook: formulas in Unicode, and no active content.

A page that may load nothing cannot typeset formulas.

Runs in the user's kernel, or in ``shaperotator share``.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"(?<![\\$`\w])\$(?!\s)([^$`\n]{1,80}?)(?<![\s\\])\$(?![\w$])")
_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
_ACTING_TAG = re.compile(
    r"<(?=[A-Za-z/!?])(?!https?://)"
    r"(?!/?(?:b|i|em|strong|sub|sup|br|details|summary|kbd|code)\s*/?>)",
    re.IGNORECASE,
)
_SIGNS = {
    "times": "×", "cdot": "·", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠",
    "neq": "≠", "approx": "≈", "pm": "±", "to": "→", "infty": "∞", "in": "∈", "pi": "π",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η",
    "theta": "θ", "lambda": "λ", "mu": "μ", "sigma": "σ", "phi": "φ", "omega": "ω",
    "sin": "sin", "cos": "cos", "exp": "exp", "ln": "ln",
}  # fmt: skip
_POWERS = str.maketrans("0123456789n+-", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⁺⁻")
_INDICES = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")


def spell_formulas(markdown: str) -> str:
    """Return Markdown whose plain formulas are text; the others stay TeX."""
    parts = _CODE.split(markdown)
    parts[::2] = [_FORMULA.sub(_spell, part) for part in parts[::2]]
    return "".join(parts)


def disarm_markdown(markdown: str) -> str:
    """Return Markdown in which only plain tags are HTML, for hosts that may not sanitise it."""
    parts = _CODE.split(markdown)
    parts[::2] = [_ACTING_TAG.sub("&lt;", part) for part in parts[::2]]
    return "".join(parts)


def _spell(match: re.Match[str]) -> str:
    text = re.sub(r"\\([a-zA-Z]+)", lambda name: _SIGNS.get(name[1], name[0]), match[1])
    text = re.sub(r"\^\{?([0-9n+-]+)\}?", lambda found: found[1].translate(_POWERS), text)
    text = re.sub(r"_\{?([0-9+-]+)\}?", lambda found: found[1].translate(_INDICES), text)
    return match[0] if re.search(r"[\\^_{}*<>]", text) else f"*{text}*"
