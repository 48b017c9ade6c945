"""What manim hands to LaTeX, expression and preamble, -> nodes.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from shaperotator_magic.rendering.mathtext import text_tables
from shaperotator_magic.rendering.mathtext.nodes import PLAIN, Node
from shaperotator_magic.rendering.mathtext.text_parser import TextParser
from shaperotator_magic.rendering.mathtext.tokens import (
    COMMAND,
    END,
    Macro,
    TokenReader,
    read_tokens,
)


def parse_document(source: str, preamble: str = "") -> list[Node]:
    """Parse what stands between begin and end of a document; the preamble for its definitions.

    Raises
    ------
    FormulaError
        Something in it is not known, or not closed.
    """
    macros = _read_macros(preamble)
    parser = TextParser(TokenReader(read_tokens(source), macros), PLAIN)
    found = parser.parse()
    parser.expect_end()
    return found


def _read_macros(preamble: str) -> dict[str, Macro]:
    reader = TokenReader(read_tokens(preamble))
    while (token := reader.peek()).kind != END:
        reader.next()
        if token.kind == COMMAND and token.text in text_tables.DEFINITIONS:
            reader.define(token.text)
    return dict(reader.macros)
