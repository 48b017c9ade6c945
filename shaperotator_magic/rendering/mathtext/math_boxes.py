r"""The commands of math mode that place boxes themselves: ``\pmb``, ``\dddot``, ``\makebox``.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from dataclasses import replace

from shaperotator_magic.rendering.mathtext import nodes, symbols
from shaperotator_magic.rendering.mathtext.lengths import read_length
from shaperotator_magic.rendering.mathtext.math_parser import Command, MathParser
from shaperotator_magic.rendering.mathtext.nodes import MathList, Node
from shaperotator_magic.rendering.mathtext.tokens import TokenReader, spell

# How far the copies of \pmb lie apart, and how much higher the one between is, in em.
_APART, _RAISED = 0.022, 0.027
_SMALL_INTEGRAL, _BESIDE_INTEGRAL = 0.9, 0.12
_DOTS_LOWERED, _BEFORE_DOTS = 0.056, 0.165
_DOTS = {"dddot": 3, "ddddot": 4}


def parse_poor_bold(parser: MathParser, _: str) -> Node:
    r"""``\pmb{x}``: three copies, one over the other."""
    body = parser.parse_argument()
    kind = body.items[0].kind if len(body.items) == 1 else symbols.ORD
    copy = nodes.Phantom(body, keeps_width=False, is_shown=True)
    apart = nodes.Space(_APART)
    items: list[Node] = [
        copy,
        apart,
        nodes.Raised(copy, _RAISED),
        apart,
        body,
        nodes.Space(-2 * _APART),
    ]
    return MathList(items, kind)


def parse_row_of_dots(parser: MathParser, name: str) -> Node:
    r"""``\dddot{x}``: full stops of the text, as a limit above."""
    body = parser.parse_argument()
    stops: list[Node] = [nodes.Word(".", parser.math_face()) for _ in range(_DOTS[name])]
    above = nodes.Lowered(
        MathList([nodes.Style("T"), nodes.Space(_BEFORE_DOTS), *stops]), _DOTS_LOWERED
    )
    return nodes.Scripts(body, above, None, True)


def parse_makebox(parser: MathParser, _: str) -> Node:
    r"""``\makebox[2cm][l]{text}``."""
    width, place = read_box_size(parser.reader)
    inner = TokenReader(parser.reader.read_argument(), parser.reader.macros)
    body = MathList(parser.readers.text(inner, parser.math_face()))
    return body if width is None else nodes.FixedBox(body, width, place)


def read_box_size(reader: TokenReader) -> tuple[float | None, str]:
    """Take a box's width, in em, and where its content stands: both are optional."""
    width = reader.read_optional()
    place = reader.read_optional() if width is not None else None
    letter = spell(place or []).strip()
    return (
        None if width is None else read_length(spell(width)),
        _PLACES.get(letter, "center"),
    )


_PLACES = {"l": "left", "r": "right", "c": "center", "s": "left"}


def parse_small_integral(parser: MathParser, _: str) -> Node:
    r"""``\smallint``: of one size in every style."""
    face = replace(parser.math_face(), is_italic=False, size=_SMALL_INTEGRAL)
    body = MathList([nodes.Word("∫", face), nodes.Space(_BESIDE_INTEGRAL)])
    return nodes.Scripts(body, has_limits=False, kind=symbols.OP)


COMMANDS: dict[str, Command] = {
    "smallint": parse_small_integral,
    "pmb": parse_poor_bold, "makebox": parse_makebox, **dict.fromkeys(_DOTS, parse_row_of_dots),
}  # fmt: skip
