r"""Numbers that belong together: matrices, shapes, lists, points, vectors, complex numbers. Pure.

[[1, 2], [3, 4]]    [1 2; 3 4]    \begin{pmatrix}1 & 2\\3 & 4\end{pmatrix}    rows 1 2 and 3 4
2x3x4    (1, 2)    <1, 0, 2>    [3, 1, 2]    3i + j − 2k    2 − 3i

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from shaperotator_magic.writing.reading.scan import Scan, read_constant, tidy
from shaperotator_magic.writing.reading.values import Value

_OPENING = {"[": "]", "(": ")", "{": "}", "<": ">", "⟨": "⟩"}
_LATEX_MATRIX = re.compile(
    r"\\begin\{([pbvBV]?matrix|array)\}(?:\{[lcr|]*\})?(.*?)\\end\{\1\}", re.DOTALL
)
_PLAIN = r"[-+]?(?:\d+(?:\.\d+)?(?:/\d+)?|\.\d+)"
_ROW = rf"{_PLAIN}(?:(?:\s*,\s*|[ \t]+){_PLAIN})+"
_SEMICOLON_ROWS = re.compile(rf"(?<![\w.]){_ROW}(?:\s*(?:[;\n]|\s/\s)\s*{_ROW})+(?!\w|\.\d)")
_SPOKEN_ROWS = re.compile(
    rf"(?:(rows?)|(columns?))\s*(?:are|is|being|:|=)?\s*[(\[]?({_ROW})[)\]]?\s*"
    rf"(?:,|;|and|,\s*and|/)\s*(?:(?:the\s+)?(?:second\s+)?(?:row|column)\s+)?[(\[]?({_ROW})[)\]]?",
    re.IGNORECASE,
)
_DIAGONAL = re.compile(
    r"\b(?:diag(?:onal)?(?:\s+matrix)?)\s*\(\s*([^(),]+(?:,[^(),]+)+)\)", re.IGNORECASE
)
_SHAPE = re.compile(r"(?<![\w.])(\d+(?:\s*[x×]\s*\d+)+)(?!\w|\.\d|\s*[x×]\s*\d)", re.IGNORECASE)
_SPOKEN_SHAPE = re.compile(
    r"(?<![\w.])(\d+(?:\s+by\s+\d+){2,}|\d+\s+by\s+\d+(?=\s+(?:matri|grid|tensor|arr|tab|rect)))",
    re.IGNORECASE,
)
_OF_MATRIX = re.compile(r"[\s-]+(?:\w+\s+)?(?:matri|determinant)", re.IGNORECASE)
_COEFFICIENT = r"(?:\d+(?:\.\d+)?|\.\d+|√\d+)?"
_TERMS = re.compile(
    rf"(?<![\w.\\^])[-+]?\s*{_COEFFICIENT}\s*\*?\s*[ijk]\u0302?(?![A-Za-z0-9_'])"
    rf"(?:\s*[-+]\s*{_COEFFICIENT}\s*\*?\s*[ijk]\u0302?(?![A-Za-z0-9_']))+"
)
_TERM = re.compile(rf"([-+]?)\s*({_COEFFICIENT})\s*\*?\s*([ijk])")
_COMPLEX = re.compile(
    rf"(?<![\w.^/*])([-+]?\s*{_PLAIN.removeprefix('[-+]?')})\s*([-+])\s*({_COEFFICIENT})\s*\*?\s*"
    r"[ij](?![A-Za-z0-9_'])"
)
_IMAGINARY = re.compile(
    r"(?<![\w.^/])(?<![^)]\*)([-+]?\s*(?:\d+(?:\.\d+)?|\.\d+))\s*i(?![A-Za-z0-9_'])"
)
_UNIT = re.compile(
    r"(?:\b(?:by|times|number|with)\s+|[×·]\s*|\b[zw][0-9₀-₉]?\s*=\s*|[)i]\s*\*\s*)"
    r"([-−]?i)(?![A-Za-z0-9_'(])"
)
_BRACKETED = re.compile(r"(?<!\w)\(([-−]?i)\)")
_MULTIPLIED = re.compile(r"(?<![\w.^/*])([-−]?i)(?=\s*[*×·])")
_ONE_OF_TWO = re.compile(r"(?:\b(?:and|numbers|of|vectors)\s+|,\s*)([-−]?i)(?![A-Za-z0-9_'])")
_AXIS = re.compile(rf"(?<![\w.\\^=])([-+]?)({_COEFFICIENT})([jk])(?![A-Za-z0-9_'=]|\s*=)")
_ADDEND = r"\d+(?:[./]\d+)?"
_SUM = re.compile(
    rf"(?<![\w.^+*/-])((?:{_ADDEND}\s*\+\s*){{2,}}{_ADDEND}"
    rf"|{_ADDEND}\s*\+\s*{_ADDEND}(?=\s*\+\s*(?:\.{{2,}}|…)))"
    r"(?:\s*\+\s*(?:\.{2,}|…))?(?:\s*=\s*\d+)?(?![\w.^/*])"
)


def read_matrices(scan: Scan) -> None:
    """Find matrices in any of the usual notations."""
    for match in _LATEX_MATRIX.finditer(scan.plain):
        lines = [line for line in re.split(r"\\\\(?:\[[^\]]*\])?", match[2]) if line.strip()]
        _add_rows(scan, [re.split(r"&", line) for line in lines], match.span())
    for start, end in _find_brackets(scan.plain):
        inner = scan.plain[start + 1 : end - 1]
        rows = _split_nested(inner) or _split_lines(inner)
        if rows and scan.is_free(start, end):
            _add_rows(scan, rows, (start, end))
    for match in _DIAGONAL.finditer(scan.plain):
        numbers = match[1].split(",")
        size = range(len(numbers))
        _add_rows(scan, [[numbers[i] if i == j else "0" for j in size] for i in size], match.span())
    for match in _SPOKEN_ROWS.finditer(scan.plain):
        halves = [_split_entries(match[3]), _split_entries(match[4])]
        columns = [list(column) for column in zip(*halves, strict=False)]
        start = match.start(3) - (scan.plain[match.start(3) - 1] in "([")
        _add_rows(scan, columns if match[2] else halves, (start, match.end()))
    for match in _SEMICOLON_ROWS.finditer(scan.plain):
        _add_rows(
            scan, [_split_entries(row) for row in re.split(r"[;\n]|\s/\s", match[0])], match.span()
        )


def _add_rows(scan: Scan, rows: list[list[str]], span: tuple[int, int]) -> None:
    numbers = [[read_constant(entry) for entry in row] for row in rows]
    width = len(numbers[0]) if numbers else 0
    is_full = all(len(row) == width and None not in row for row in numbers)
    if not is_full or not scan.is_free(*span) or width * len(numbers) < 2:  # noqa: PLR2004 - a pair
        return
    if width == 1:
        scan.add("vector", [row[0] for row in numbers], span)
    elif len(numbers) == 1:
        scan.add("vector", numbers[0], span)
    else:
        scan.add("matrix", numbers, span)


def _find_brackets(text: str) -> Iterator[tuple[int, int]]:
    """Return where bracketed parts begin and end, the outer ones first."""
    for start, sign in enumerate(text):
        closing = _OPENING.get(sign)
        if closing is None:
            continue
        depth = 0
        for at in range(start, min(len(text), start + 400)):
            depth += (text[at] == sign) - (text[at] == closing)
            if depth == 0:
                yield start, at + 1
                break


def _split_nested(inner: str) -> list[list[str]]:
    """Return the rows of '[1, 2], [3, 4]'."""
    rows, at = [], 0
    for start, end in _find_brackets(inner):
        if start < at:
            continue
        if inner[at:start].strip(" ,;\n\t"):
            return []
        rows.append(_split_entries(inner[start + 1 : end - 1]))
        at = end
    return rows if len(rows) > 1 and not inner[at:].strip(" ,;\n\t") else []


def _split_lines(inner: str) -> list[list[str]]:
    """Return the rows of '1 2; 3 4'; a column where each has one entry."""
    lines = [line for line in re.split(r"[;\n]", inner) if line.strip()]
    rows = [_split_entries(line) for line in lines]
    return rows if len(rows) > 1 and all(len(row) > 1 for row in rows) else []


def _split_entries(text: str) -> list[str]:
    text = text.strip().strip(",;")
    if ";" in text:
        return text.split(";")
    if "," in text:
        return [re.sub(r"^\s*and\s+", "", part) for part in text.split(",")]
    return re.split(r"\s+(?:and\s+)?", text)


def read_shapes(scan: Scan) -> None:
    """Find sizes such as 2x3x4."""
    for match in (*_SHAPE.finditer(scan.plain), *_SPOKEN_SHAPE.finditer(scan.plain)):
        if scan.is_free(*match.span()):
            sizes = [int(digits) for digits in re.findall(r"\d+", match[0])]
            # Rows and columns alone may be any product; those of a matrix identify the scene.
            is_weak = len(sizes) == 2 and not _OF_MATRIX.match(scan.plain, match.end())  # noqa: PLR2004
            scan.add("shape", sizes, match.span(), is_weak=is_weak)


def read_brackets(scan: Scan) -> None:
    """Find lists, points and vectors in brackets."""
    for start, end in _find_brackets(scan.plain):
        if not scan.is_free(start, end):
            continue
        entries = _split_entries(scan.plain[start + 1 : end - 1])
        numbers = [read_constant(entry) for entry in entries]
        if len(numbers) < 2 or None in numbers:  # noqa: PLR2004 - a pair
            continue
        if scan.plain[start] in "<⟨":
            scan.add("vector", numbers, (start, end))
        elif scan.plain[start] == "(":
            scan.add("point", numbers, (start, end))
        else:
            scan.add("list", numbers, (start, end))


def read_vectors(scan: Scan) -> None:
    """Find vectors written by unit vectors, 3i + j − 2k."""
    for match in _TERMS.finditer(scan.plain):
        terms = _TERM.findall(match[0])
        letters = [letter for _, _, letter in terms]
        if len(set(letters)) < len(letters) or not scan.is_free(*match.span()):
            continue
        entries = {letter: _read_coefficient(sign, digits) for sign, digits, letter in terms}
        axes = "ijk" if "k" in entries else "ij"
        scan.add("vector", [entries.get(axis, 0) for axis in axes], _trim(scan, match.span()))


def _read_coefficient(sign: str, digits: str) -> float | int:
    number = read_constant(digits) if digits else 1
    return tidy(-(number or 0) if sign == "-" else (number or 0))


def _trim(scan: Scan, span: tuple[int, int]) -> tuple[int, int]:
    start, end = span
    while scan.plain[start].isspace():
        start += 1
    return start, end


def read_complex(scan: Scan) -> None:
    """Find complex numbers, 2 − 3i, and i alone where something is multiplied by it."""
    for match in _COMPLEX.finditer(scan.plain):
        real = read_constant(match[1])
        if real is not None and scan.is_free(*match.span()):
            parts = [real, _read_coefficient(match[2], match[3])]
            scan.add("complex", parts, _trim(scan, match.span()))
    for match in _IMAGINARY.finditer(scan.plain):
        number = read_constant(match[1])
        if number is not None and scan.is_free(*match.span()):
            scan.add("complex", [0, number], _trim(scan, match.span()))
    pair = {"complex", "vector", "point", "list"}
    has_other = any(value.kind in pair for value in scan.values)
    for pattern in (_UNIT, _MULTIPLIED, *((_ONE_OF_TWO, _BRACKETED) if has_other else ())):
        for match in pattern.finditer(scan.plain):
            if scan.is_free(*match.span(1)):
                scan.add("complex", [0, 1 if match[1] == "i" else -1], match.span(1))
    _turn_to_vectors(scan)
    if any(value.kind in {"vector", "point", "list"} for value in scan.values):
        _read_unit_vectors(scan)


def _read_unit_vectors(scan: Scan) -> None:
    """Find multiples of j and k that stand alone beside other vectors."""
    for match in _AXIS.finditer(scan.plain):
        if scan.is_free(*match.span()):
            amount = _read_coefficient(match[1], match[2])
            entries = [amount if axis == match[3] else 0 for axis in "ijk"]
            kept = entries if match[3] == "k" else entries[:2]
            scan.add("vector", kept, match.span())


def _turn_to_vectors(scan: Scan) -> None:
    """Read i and -2i as vectors where the sentence has other vectors, but no complex number."""
    numbers = [v for v in scan.values if v.kind == "complex"]
    others = {value.kind for value in scan.values} & {"vector", "point", "list"}
    if not others or any(value.value[0] for value in numbers):
        return
    for value in numbers:
        at = scan.values.index(value)
        scan.values[at] = replace(value, kind="vector", value=[value.value[1], 0])


def read_sums(scan: Scan) -> None:
    """Find sums of numbers, 1/2 + 1/4 + 1/8 + …; they are weak, for they may name a subject."""
    for match in _SUM.finditer(scan.plain):
        numbers = [read_constant(text) for text in match[1].split("+")]
        if None not in numbers and scan.is_free(*match.span()):
            scan.add("list", numbers, match.span(), is_weak=True)


def read_bare_lists(scan: Scan) -> None:
    """Join three and more plain numbers that stand beside each other to one list."""
    singles = sorted(
        (v for v in scan.values if v.kind in {"number", "integer"} and not v.unit),
        key=lambda value: value.start,
    )
    run = singles[:1]
    for value in singles[1:]:
        between = scan.plain[run[-1].end : value.start]
        if run and not value.label and _is_separator(scan, between):
            run.append(value)
            continue
        _join(scan, run)
        run = [value]
    _join(scan, run)


def _is_separator(scan: Scan, between: str) -> bool:
    words = "|".join(map(re.escape, (*scan.language.conjunctions[:1], "and")))
    return re.fullmatch(rf"\s*[,;]?\s*(?:(?:{words}|&)\s+)?|\s*[-–]\s*", between) is not None


def _join(scan: Scan, run: Sequence[Value]) -> None:
    if len(run) < 3:  # noqa: PLR2004 - two may be one value each
        return
    between = scan.plain[run[0].end : run[1].start]
    for value in run:
        scan.values.remove(value)
    scan.add(
        "list",
        [value.value for value in run],
        (run[0].start, run[-1].end),
        label=run[0].label,
        is_weak="-" in between,
    )
