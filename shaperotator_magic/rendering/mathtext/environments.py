r"""What stands between ``\begin{name}`` and ``\end{name}`` in math.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from shaperotator_magic.core.errors import FormulaError
from shaperotator_magic.rendering.mathtext import nodes, symbols
from shaperotator_magic.rendering.mathtext.lengths import read_length
from shaperotator_magic.rendering.mathtext.math_parser import MathParser
from shaperotator_magic.rendering.mathtext.nodes import MathList, Node
from shaperotator_magic.rendering.mathtext.tokens import (
    CHAR,
    COMMAND,
    END,
    MARK,
    SPACE,
    Token,
    spell,
)

_STRUT = (0.84, 0.36)
_JOT = 0.3


@dataclass(frozen=True)
class _Kind:
    """How an environment sets its cells; ``columns`` is repeated as often as needed."""

    columns: str
    style: str = "T"
    strut: tuple[float, float] = _STRUT
    gap: float = 0.0
    column_gap: float = 1.0
    left: str = ""
    right: str = ""
    is_spread: bool = False
    side_gap: float = 0.0


def _matrix(left: str = "", right: str = "") -> _Kind:
    return _Kind("c", left=left, right=right)


_ALIGNED = _Kind("a", "D", gap=_JOT)
_SPREAD = replace(_ALIGNED, is_spread=True)
_WITHOUT_GAPS = replace(_ALIGNED, column_gap=0.0)
# Gaps in em of its parentheses, which are of half the size.
_SMALL = _Kind("c", "S", (9 / 14, 0.0), 0.05, 0.56, side_gap=1 / 6)
_GATHERED = _Kind("c", "D", gap=_JOT)
_CASES = _Kind("l", strut=(1.008, 0.432), left="{")
_ENVIRONMENTS: dict[str, _Kind] = {
    **dict.fromkeys("aligned split eqnarray".split(), _ALIGNED),
    **dict.fromkeys("align flalign".split(), _SPREAD),
    **dict.fromkeys("alignat alignedat".split(), _WITHOUT_GAPS),
    **dict.fromkeys("gather gathered multline equation displaymath".split(), _GATHERED),
    "math": _Kind("c"),
    "cases": _CASES,
    "dcases": _Kind("l", "D", (1.008, 0.432), left="{"),
    "rcases": _Kind("l", strut=(1.008, 0.432), right="}"),
    "matrix": _matrix(), "pmatrix": _matrix("(", ")"), "bmatrix": _matrix("[", "]"),
    "Bmatrix": _matrix("{", "}"), "vmatrix": _matrix("|", "|"), "Vmatrix": _matrix("∥", "∥"),
    "smallmatrix": _SMALL, "psmallmatrix": replace(_SMALL, left="(", right=")"),
    "bsmallmatrix": replace(_SMALL, left="[", right="]"),
    "substack": _Kind("c", "", (0.0, 0.0), 0.15),
    "subarray": _Kind("c", "", (0.0, 0.0), 0.15),
    "array": _Kind("c", side_gap=0.5), "tabular": _Kind("c", column_gap=1.2, side_gap=0.6),
}  # fmt: skip
_TAKE_COLUMNS = {"array", "tabular", "subarray"}
_TAKE_COUNT = {"alignat", "alignedat"}
DISPLAYED = set("align alignat flalign eqnarray gather multline equation displaymath".split())
_COLUMN_LETTERS = {"l": "l", "c": "c", "r": "r", "p": "l", "m": "l", "X": "l"}


def is_environment(name: str) -> bool:
    """Return whether math of this name can be set."""
    return name.rstrip("*") in _ENVIRONMENTS


def read_environment(parser: MathParser, name: str) -> Node:
    r"""Read the rest of ``\begin{name}`` up to its end."""
    plain = name.rstrip("*")
    kind = _ENVIRONMENTS.get(plain)
    if kind is None:
        raise FormulaError(
            f"Formulas are set without LaTeX here, and the environment {name} is not known.",
            hint="Use aligned, cases, matrix, pmatrix, bmatrix, array or gathered.",
        )
    outer = parser.state
    columns = _Columns()
    if name.endswith("matrix*") or plain in {"aligned", "gathered", "cases"}:
        parser.reader.read_optional()
    if plain in _TAKE_COLUMNS:
        parser.reader.read_optional()
        columns = _read_columns(parser, parser.reader.read_argument())
    elif plain in _TAKE_COUNT:
        parser.reader.read_argument()
    grid = _Rows(parser, name).read()
    parser.state = outer
    grid.rules, grid.between = columns.rules, columns.between
    _shape(grid, kind, columns.letters, plain)
    grid.color = outer.color
    return _fence(grid, kind, outer.color)


def _shape(grid: nodes.Grid, kind: _Kind, columns: str, name: str) -> None:
    width = max((len(row) for row in grid.rows), default=1)
    if name == "eqnarray":
        grid.rows = [_join_eqnarray(row) for row in grid.rows]
    if kind.columns == "a":
        grid.columns = "a"
    else:
        grid.columns = (columns + kind.columns * width)[: max(width, len(columns))]
    grid.style, grid.strut = kind.style, kind.strut
    grid.gap, grid.column_gap, grid.is_spread = kind.gap, kind.column_gap, kind.is_spread
    grid.side_gap = kind.side_gap


def _join_eqnarray(row: list[MathList]) -> list[MathList]:
    empty = MathList([])
    cells = [*row, empty, empty][:3]
    return [cells[0], MathList([empty, *cells[1].items, empty, *cells[2].items])]


def _fence(grid: nodes.Grid, kind: _Kind, color: str | None) -> Node:
    if not (kind.left or kind.right):
        return grid
    return nodes.Fence(
        nodes.Delimiter(kind.left, color=color, kind=symbols.OPEN),
        MathList([grid]),
        nodes.Delimiter(kind.right, color=color, kind=symbols.CLOSE),
    )


@dataclass
class _Columns:
    """Letters of the columns, before which of them rules stand, and what stands between them."""

    letters: str = ""
    rules: list[int] = field(default_factory=list)
    between: dict[int, MathList] = field(default_factory=dict)


def _read_columns(parser: MathParser, tokens: list[Token]) -> _Columns:
    found = _Columns()
    reader = parser.branch(tokens).reader
    while (token := reader.peek()).kind != END:
        reader.next()
        if token.kind != CHAR:
            continue
        if token.text in _COLUMN_LETTERS:
            found.letters += _COLUMN_LETTERS[token.text]
        elif token.text == "|":
            found.rules.append(len(found.letters))
        elif token.text in "@!":
            found.between[len(found.letters)] = parser.parse(reader.read_argument())
        elif token.text == "{":  # the width of a paragraph, or what a column begins with
            reader.put_back([token])
            reader.read_argument()
    return found


class _Rows:
    """Reads cell after cell."""

    def __init__(self, parser: MathParser, name: str) -> None:
        self._parser = parser
        self._reader = parser.reader
        self._name = name
        self._outer = parser.state
        self._grid = nodes.Grid([[]], "")

    def read(self) -> nodes.Grid:
        self._read_lines()
        while True:
            self._grid.rows[-1].append(self._read_cell())
            token = self._reader.next()
            if token == Token(CHAR, "&"):
                continue
            if token.kind == COMMAND and token.text in {"\\", "cr", "tabularnewline"}:
                self._end_row()
            elif token.kind == COMMAND and token.text == "end":
                break
            else:
                self._reader.put_back([token])
                self._parser.expect_end()
                raise FormulaError(
                    f"\\begin{{{self._name}}} has no \\end{{{self._name}}}.", hint="Add it."
                )
        ended = self._reader.read_word()
        if ended != self._name:
            raise FormulaError(
                f"\\begin{{{self._name}}} is ended by \\end{{{ended}}}.",
                hint=f"End it by \\end{{{self._name}}}.",
            )
        self._drop_empty_end()
        return self._grid

    def _read_cell(self) -> MathList:
        # What a cell switches to ends with the cell; in LaTeX, too.
        self._parser.state = self._outer
        return self._parser.parse_list()

    def _end_row(self) -> None:
        self._reader.take(CHAR, "*")
        if self._reader.is_next(CHAR, "["):
            extra = self._reader.read_optional()
            self._grid.extra[len(self._grid.rows) - 1] = read_length(spell(extra or []))
        self._grid.rows.append([])
        self._read_lines()

    def _read_lines(self) -> None:
        passed: list[Token] = []
        while True:
            token = self._reader.peek()
            if token.kind == COMMAND and token.text in {
                "hline",
                "toprule",
                "midrule",
                "bottomrule",
            }:
                self._grid.lines.append(len(self._grid.rows) - 1)
            elif token.kind == MARK:
                passed.append(token)
            elif token.kind != SPACE:
                break
            self._reader.next()
        self._reader.put_back(passed)

    def _drop_empty_end(self) -> None:
        last = self._grid.rows[-1]
        if len(self._grid.rows) == 1 or len(last) > 1:
            return
        if all(isinstance(item, nodes.Mark) for item in last[0].items):
            # The markers of manim's parts stay: they show where the last part ends.
            self._grid.rows.pop()
            self._grid.rows[-1][-1].items.extend(last[0].items)
