r"""Functions of x as people type them, read by a grammar and never by ``eval``.

    x^2 - 2x    sin(x)/x    e^{-x^2}    \frac{1}{1+x^2}    √x    3x²    ln(1+x)

Source of the method: recursive descent, with the usual precedence (sum, product, sign, power).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# name as typed: (numpy's name, name shown)
_FUNCTIONS = {
    "sin": ("np.sin", "sin"), "cos": ("np.cos", "cos"), "tan": ("np.tan", "tan"),
    "sinh": ("np.sinh", "sinh"), "cosh": ("np.cosh", "cosh"), "tanh": ("np.tanh", "tanh"),
    "exp": ("np.exp", "exp"), "ln": ("np.log", "ln"), "log": ("np.log", "ln"),
    "sqrt": ("np.sqrt", "√"), "abs": ("np.abs", "abs"), "arctan": ("np.arctan", "arctan"),
    "atan": ("np.arctan", "arctan"), "arcsin": ("np.arcsin", "arcsin"),
    "arccos": ("np.arccos", "arccos"),
}  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LATEX = (
    (re.compile(r"\\(?:left|right|,|;|!)"), ""),
    (re.compile(r"\\d?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), r"((\1)/(\2))"),
    (re.compile(r"\\sqrt\s*\{([^{}]*)\}"), r"sqrt(\1)"),
    (re.compile(r"\\(?:cdot|times)"), "*"),
    (re.compile(r"\\([a-z]+)"), r"\1"),
    (re.compile(r"\^\s*\{([^{}]*)\}"), r"^(\1)"),
    (re.compile(r"√\s*"), "sqrt "),
    (re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+"), lambda found: f"^({found[0].translate(_SUPERSCRIPTS)})"),
    (re.compile(r"[−–]"), "-"),
    (re.compile(r"[·×]"), "*"),
    (re.compile(r"\*\*"), "^"),
    (re.compile("π"), "pi"),
)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*|\.\d+)"
    rf"|(?P<function>{'|'.join(sorted(_FUNCTIONS, key=len, reverse=True))})(?![a-z])"
    r"|(?P<constant>pi(?![a-z])|e(?=\s*\^))|(?P<variable>x(?![a-wyz]))|(?P<sign>[-+*/^()|]))",
    re.IGNORECASE,
)
_DEEPEST = 40


@dataclass(frozen=True)
class Expression:
    """A function of x: numpy ``code``, ``text`` for a label, ``start``..``end`` in the prompt."""

    code: str
    text: str
    start: int = 0
    end: int = 0


def find_expressions(prompt: str) -> list[Expression]:
    """Return the functions of x that a prompt holds, the most likely one first.

    What follows ``=`` comes first, then the longest.
    """
    plain = prompt
    for pattern, replacement in _LATEX:
        plain = pattern.sub(replacement, plain)
    found: list[tuple[bool, Expression]] = []
    covered = 0
    for start in _find_starts(plain):
        if start < covered:
            continue
        expression = _parse_at(plain, start)
        if expression is not None:
            covered = expression.end
            is_defined = plain[:start].rstrip().endswith("=")
            found.append((is_defined, expression))
    ranked = sorted(found, key=lambda pair: (not pair[0], pair[1].start - pair[1].end))
    return [expression for _, expression in ranked]


def _find_starts(text: str) -> Iterator[int]:
    for match in re.finditer(r"(?<![A-Za-z0-9_.])[-+(|.\dA-Za-z]", text):
        yield match.start()


def _parse_at(text: str, start: int) -> Expression | None:
    parser = _Parser(text, start)
    try:
        code, shown = parser.parse_sum(0)
    except _NotMathematicsError:
        return None
    # f(x) on its own names a function, it does not say which; x alone is a letter.
    if not parser.has_variable or shown == "x":
        return None
    return Expression(code, shown, start, parser.position)


class _NotMathematicsError(Exception):
    """What comes next is not part of an expression."""


class _Parser:
    """Reads as much of a text as is an expression; ``position`` is behind what was read."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position
        self.has_variable = False

    def _peek(self) -> tuple[str, str, int]:
        match = _TOKEN.match(self.text, self.position)
        if match is None or match.lastgroup is None:
            return "", "", self.position
        return match.lastgroup, match[match.lastgroup].lower(), match.end()

    def _take(self, *signs: str) -> str:
        kind, word, end = self._peek()
        if kind == "sign" and word in signs:
            self.position = end
            return word
        return ""

    def parse_sum(self, depth: int) -> tuple[str, str]:
        if depth > _DEEPEST:
            raise _NotMathematicsError
        code, shown = self._parse_product(depth)
        while True:
            before = self.position
            sign = self._take("+", "-")
            if not sign:
                return code, shown
            try:
                more_code, more_shown = self._parse_product(depth)
            except _NotMathematicsError:
                self.position = before  # a dash of the sentence, not a minus
                return code, shown
            code = f"{code} {sign} {more_code}"
            shown = f"{shown} {'−' if sign == '-' else '+'} {more_shown}"

    def _parse_product(self, depth: int) -> tuple[str, str]:
        code, shown = self._parse_signed(depth)
        while True:
            before = self.position
            sign = self._take("*", "/")
            kind, word, _ = self._peek()
            is_implicit = not sign and (kind in {"variable", "function", "constant"} or word == "(")
            if not sign and not is_implicit:
                return code, shown
            try:
                more_code, more_shown = self._parse_signed(depth)
            except _NotMathematicsError:
                self.position = before
                return code, shown
            code = f"{code} {sign or '*'} {more_code}"
            shown = f"{shown}/{more_shown}" if sign == "/" else f"{shown}{more_shown}"

    def _parse_signed(self, depth: int) -> tuple[str, str]:
        if self._take("-"):
            code, shown = self._parse_signed(depth + 1)
            return f"-{code}", f"−{shown}"
        self._take("+")
        return self._parse_power(depth)

    def _parse_power(self, depth: int) -> tuple[str, str]:
        code, shown = self._parse_atom(depth)
        if not self._take("^"):
            return code, shown
        power, shown_power = self._parse_signed(depth + 1)
        digits = shown_power.strip("()").replace("−", "-")
        is_whole = re.fullmatch(r"-?\d+", digits) is not None
        raised = digits.translate(_RAISED) if is_whole else f"^{shown_power}"
        if shown == "e":
            return f"np.exp({power})", f"e{raised}"
        base = f"({code})" if code.startswith("-") else code
        return (
            f"{base}**({power})" if not is_whole else f"{base}**{_as_float(digits)}",
            shown + raised,
        )

    def _parse_atom(self, depth: int) -> tuple[str, str]:
        kind, word, end = self._peek()
        self.position = end
        if kind == "number":
            return word, word
        if kind == "variable":
            self.has_variable = True
            return "x", "x"
        if kind == "constant":
            return ("np.pi", "π") if word == "pi" else ("np.e", "e")
        if kind == "function":
            return self._parse_function(word, depth)
        if word in {"(", "|"}:
            code, shown = self.parse_sum(depth + 1)
            if not self._take(")" if word == "(" else "|"):
                raise _NotMathematicsError
            return (f"({code})", f"({shown})") if word == "(" else (f"np.abs({code})", f"|{shown}|")
        raise _NotMathematicsError

    def _parse_function(self, name: str, depth: int) -> tuple[str, str]:
        numpy_name, shown_name = _FUNCTIONS[name]
        power = self._parse_power(depth + 1)[0] if self._take("^") else ""
        code, shown = self._parse_power(depth + 1)
        inner = code[1:-1] if code.startswith("(") and code.endswith(")") else code
        space = "" if shown.startswith("(") or shown_name == "√" else " "
        call = f"{numpy_name}({inner})"
        if power:
            raised = power.translate(_RAISED)
            return f"{call}**{_as_float(power)}", f"{shown_name}{raised}{space}{shown}"
        return call, f"{shown_name}{space}{shown}"


def _as_float(digits: str) -> str:
    # numpy refuses whole numbers to negative whole powers
    return f"({float(digits)})" if digits.startswith("-") else digits
