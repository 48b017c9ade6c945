"""A small table that the line magics answer with: aligned text, and HTML where that is shown.

Runs in the user's kernel.
"""

from __future__ import annotations

from collections.abc import Sequence

from shaperotator_magic.core.control_characters import escape_shown, show_controls

_CELL_STYLE = "text-align:left;padding:2px 12px 2px 0;vertical-align:top"


class Table:
    """Rows of text under a caption; shows itself in a notebook and in a terminal."""

    def __init__(self, caption: str, rows: Sequence[Sequence[str]]) -> None:
        self.caption = caption
        self.rows = [tuple(row) for row in rows]

    def __repr__(self) -> str:
        rows = [tuple(map(show_controls, row)) for row in self.rows]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        )
        return "\n".join([show_controls(self.caption), *(line.rstrip() for line in lines)])

    def _repr_html_(self) -> str:
        cell = f'<td style="{_CELL_STYLE}">%s</td>'
        rows = ("".join(cell % escape_shown(text) for text in row) for row in self.rows)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return (
            f"<p style='margin:0 0 4px'>{escape_shown(self.caption)}</p>"
            f"<table style='white-space:pre-wrap'>{body}</table>"
        )
