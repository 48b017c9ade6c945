"""Rows of cells -> Typst source: matrices, cases, aligned lines, tables.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Callable

from shaperotator_magic.rendering.mathtext import nodes
from shaperotator_magic.rendering.mathtext.lengths import LINE_WIDTH_PT
from shaperotator_magic.rendering.mathtext.nodes import MathList
from shaperotator_magic.rendering.mathtext.typst_syntax import wrap, write_space
from shaperotator_magic.rendering.mathtext.typst_writer import TypstWriter


class GridWriter(TypstWriter):
    """Writes grids, too."""

    def write_grid(self, grid: nodes.Grid, style: str) -> str:
        """Return rows of cells."""
        inner = grid.style or style
        if len(grid.rows) == 1 and grid.columns in {"a", "c"} and len(grid.rows[0]) == 1:
            return wrap(inner, _write_strut(*grid.strut) + self.write(grid.rows[0][0], inner))
        vertical = sorted({place for place in grid.rules if place <= len(grid.columns)})
        horizontal = sorted({place for place in grid.lines if place <= len(grid.rows)})
        if grid.between and not (vertical or horizontal):
            return self._write_with_separators(grid, inner)
        if not (vertical or horizontal):
            side, grid.side_gap = write_space(grid.side_gap) * bool(grid.side_gap), 0.0
        else:
            side = ""
        is_framed = {0, len(grid.columns)} <= set(vertical)
        name, draw = self.later(grid.color, f"rules:{len(grid.rows)},{is_framed:d}")
        rows = []

        def draw_line(number: int) -> None:
            if number in horizontal:
                start = len(vertical) * len(grid.rows) + horizontal.index(number)
                draw(start, start + 1)

        for number, row in enumerate(grid.rows):
            draw_line(number)

            def draw_rule(place: int, number: int = number) -> None:
                if place in vertical:
                    start = vertical.index(place) * len(grid.rows) + number
                    draw(start, start + 1)

            rows.append(self._write_row(grid, number, row, inner, draw_rule))
        draw_line(len(grid.rows))
        gap = f"row-gap:#{grid.gap}em,column-gap:#{grid.column_gap:.4g}em"
        rules = _write_rules(name, vertical, horizontal)
        written = f"mat(delim:#none,{gap}{rules},{';'.join(rows)})"
        return f"{side}{_surround(grid, written, inner)}{side}"

    def _write_with_separators(self, grid: nodes.Grid, style: str) -> str:
        r"""Return an array with ``@{…}`` in its columns: here each gap is a column, too."""
        rows = []
        last = len(grid.columns)
        for number, row in enumerate(grid.rows):
            strut = _write_strut(*grid.strut, extra=grid.extra.get(number, 0.0))
            cells = [strut + self._write_gap(grid, 0, style)]
            for place in range(last):
                cell = self.write(row[place], style) if place < len(row) else "nn()"
                before, after = _ALIGNS[grid.columns[place]]
                cells.append(f"{before}{wrap(style, cell)}{after}")
                cells.append(self._write_gap(grid, place + 1, style))
            rows.append(",".join(cells))
        return f"mat(delim:#none,row-gap:#{grid.gap}em,column-gap:#0em,{';'.join(rows)})"

    def _write_gap(self, grid: nodes.Grid, place: int, style: str) -> str:
        if place in grid.between:
            return wrap(style, self.write(grid.between[place], style))
        is_side = place in {0, len(grid.columns)}
        return write_space(grid.side_gap if is_side else grid.column_gap)

    def _write_row(
        self,
        grid: nodes.Grid,
        number: int,
        row: list[MathList],
        style: str,
        draw_rule: Callable[[int], None],
    ) -> str:
        strut = _write_strut(*grid.strut, extra=grid.extra.get(number, 0.0))
        if grid.columns == "a":
            cells = [self.write(_lead(cell, place), style) for place, cell in enumerate(row)]
            gap = (
                _SPREAD_GAP
                if grid.is_spread and _count_pairs(grid) > 1
                else write_space(grid.column_gap)
            )
            return wrap(style, strut + write_space(0) + _join_pairs(cells, gap))
        written = []
        for place in range(len(grid.columns)):
            draw_rule(place)
            cell = self.write(row[place], style) if place < len(row) else "nn()"
            # Where an outer rule stands, Typst leaves the room itself.
            lead = strut + write_space(grid.side_gap * (0 not in grid.rules)) if place == 0 else ""
            if grid.side_gap and place + 1 == len(grid.columns) not in grid.rules:
                cell += write_space(grid.side_gap)
            before, after = _ALIGNS[grid.columns[place]]
            written.append(f"{before}{wrap(style, lead + cell)}{after}")
        draw_rule(len(grid.columns))
        return ",".join(written)


def _write_rules(name: str, vertical: list[int], horizontal: list[int]) -> str:
    places = ",".join(
        f"{key}:({''.join(f'{place},' for place in found)})"
        for key, found in (("hline", horizontal), ("vline", vertical))
        if found
    )
    return f",augment:#({places},stroke:0.4pt+rgb({name}))" if places else ""


_SPREAD_GAP = "hh(#g)"
_ALIGNS = {"l": ("&", ""), "r": ("", "&"), "c": ("", "")}


def _write_strut(height: float, depth: float, *, extra: float = 0.0) -> str:
    depth += extra
    return f"st(#{height:.4g},#({depth:.4g}))" if height or depth else ""


def _count_pairs(grid: nodes.Grid) -> int:
    return (max(map(len, grid.rows)) + 1) // 2


def _surround(grid: nodes.Grid, written: str, style: str) -> str:
    if grid.style == "S":
        # Typst makes rows as high as a parenthesis of the surrounding style.
        return wrap("SS", written)
    pairs = _count_pairs(grid)
    return _spread(written, style, pairs) if grid.is_spread and pairs > 1 else written


def _spread(written: str, style: str, pairs: int) -> str:
    """Return pairs with the gaps that fill a line: at both sides, and between two pairs."""
    return (
        f"#context{{let p=g=>${wrap(style, written)}$;"
        f"p(calc.max(10pt,({LINE_WIDTH_PT}pt-measure(p(0pt)).width)/{pairs + 1}))}}"
    )


def _lead(cell: MathList, place: int) -> MathList:
    # In an aligned pair, the right half begins after an empty atom: its relation is spaced.
    return MathList([MathList([]), *cell.items]) if place % 2 else cell


def _join_pairs(cells: list[str], gap: str) -> str:
    joined = cells[0]
    for place, cell in enumerate(cells[1:], start=1):
        joined += f"&{cell}" if place % 2 else f"&{gap}{cell}"
    return joined


GridWriter.writers = {**TypstWriter.writers, nodes.Grid: GridWriter.write_grid}
