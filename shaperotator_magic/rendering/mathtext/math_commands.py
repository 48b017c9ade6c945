"""The commands of math mode that take arguments or change what follows, each with its function.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from shaperotator_magic.core.errors import FormulaError
from shaperotator_magic.rendering.mathtext import math_boxes, math_tables, nodes, symbols
from shaperotator_magic.rendering.mathtext.colors import read_color
from shaperotator_magic.rendering.mathtext.lengths import read_length
from shaperotator_magic.rendering.mathtext.math_parser import Command, MathParser
from shaperotator_magic.rendering.mathtext.nodes import MathList, Node, Word
from shaperotator_magic.rendering.mathtext.tokens import (
    CHAR,
    COMMAND,
    MARK,
    SPACE,
    TokenReader,
    read_tokens,
)

_SLASH = "\u0338"
# How far each dot is raised and moved, in em: those of LaTeX.
_COLUMN_DOTS = {
    "vdots": ((0.8, 0.0), (0.4, -0.278), (0.0, -0.278)),
    "ddots": ((0.7, 0.056), (0.4, 0.111), (0.1, 0.111)),
}


def parse_alphabet(parser: MathParser, name: str) -> Node:
    r"""``\mathbf{…}`` and its like."""
    outer = parser.state
    alphabet = symbols.ALPHABET_COMMANDS[name]
    parser.state = replace(outer, alphabet=alphabet, is_bold=outer.is_bold or alphabet == "bi")
    found = parser.parse_argument()
    parser.state = outer
    return found.items[0] if len(found.items) == 1 else found


def parse_old_alphabet(parser: MathParser, name: str) -> list[Node]:
    r"""``{\bf …}``: for the rest of the group."""
    parser.state = replace(parser.state, alphabet=math_tables.OLD_ALPHABETS[name])
    return []


def parse_bold(parser: MathParser, _: str) -> list[Node]:
    r"""``\boldmath``."""
    parser.state = replace(parser.state, is_bold=True)
    return []


def parse_operator_name(parser: MathParser, name: str) -> Node:
    r"""``\operatorname{lcm}``; the star puts limits below."""
    outer = parser.state
    parser.state = replace(outer, alphabet="rm")
    found = parser.parse_argument()
    parser.state = outer
    body = found.items[0] if len(found.items) == 1 else found
    body.kind = symbols.OP
    if not name.endswith("*"):
        return body
    return nodes.Scripts(body, has_limits=None, kind=symbols.OP)


def parse_spaced_function(parser: MathParser, name: str) -> Node:
    r"""``\limsup``."""
    first, second = map(parser.make_operator, symbols.SPACED_FUNCTIONS[name])
    first.kind = second.kind = symbols.ORD
    items = [first, nodes.Space(1 / 6), second]
    return nodes.Scripts(MathList(items), has_limits=None, kind=symbols.OP)


def parse_class(parser: MathParser, name: str) -> Node:
    r"""``\mathrel{…}``: one node, spaced as the class is."""
    found = parser.parse_argument()
    body: Node = found.items[0] if len(found.items) == 1 else found
    if isinstance(body, nodes.Mark | nodes.Space | nodes.Style):
        body = found
    body.kind = math_tables.CLASSES[name]
    if isinstance(body, nodes.Sign):
        body.is_large = body.is_large or (name == "mathop" and body.text in symbols.LARGE)
    return body


def parse_style(parser: MathParser, name: str) -> Node:
    r"""``\displaystyle``."""
    return nodes.Style(math_tables.STYLES[name])


def parse_fraction(parser: MathParser, name: str) -> Node:
    r"""``\frac``, ``\dfrac``, ``\tfrac``, ``\cfrac``."""
    if name == "cfrac":
        parser.reader.read_optional()
    above, below = parser.parse_argument(), parser.parse_argument()
    if name == "cfrac":
        above, below = (MathList([nodes.Style("D"), *part.items]) for part in (above, below))
    return nodes.Fraction(above, below, math_tables.FRACTIONS[name], color=parser.state.color)


def parse_binomial(parser: MathParser, name: str) -> Node:
    r"""``\binom``, ``\dbinom``, ``\tbinom``."""
    style = {"dbinom": "D", "tbinom": "T"}.get(name, "")
    above, below = parser.parse_argument(), parser.parse_argument()
    return nodes.Fraction(
        above, below, style, has_rule=False, left="(", right=")", color=parser.state.color
    )


def parse_root(parser: MathParser, _: str) -> Node:
    r"""``\sqrt[n]{x}``."""
    index = parser.reader.read_optional()
    parsed = None if index is None else parser.parse(index)
    return nodes.Root(parser.parse_argument(), parsed, parser.state.color)


def parse_accent(parser: MathParser, name: str) -> Node:
    r"""``\hat{x}``, ``\widehat{xy}``."""
    is_wide = name in symbols.WIDE_ACCENTS
    sign = symbols.WIDE_ACCENTS[name] if is_wide else symbols.ACCENTS[name]
    color = parser.state.color
    return nodes.Accent(sign, parser.parse_argument(), is_wide, color)


def parse_line(parser: MathParser, name: str) -> Node:
    r"""``\overline``, ``\underbrace``, ``\overrightarrow``."""
    is_over, sign = math_tables.LINES[name]
    color = parser.state.color
    body = parser.parse_argument()
    kind = symbols.OP if sign == "brace" else symbols.ORD
    return nodes.Line(body, is_over, sign, color, kind)


def parse_stack(parser: MathParser, name: str) -> Node:
    r"""``\overset{a}{b}``, ``\underset``, ``\stackrel``."""
    script, base = parser.parse_argument(), parser.parse_argument()
    kind = base.items[0].kind if len(base.items) == 1 else symbols.ORD
    if name == "stackrel":
        kind = symbols.REL
    if name == "underset":
        return nodes.Scripts(base, None, script, True, kind)
    return nodes.Scripts(base, script, None, True, kind)


def parse_long_arrow(parser: MathParser, name: str) -> Node:
    r"""``\xrightarrow[below]{above}``."""
    below = parser.reader.read_optional()
    parsed = None if below is None else parser.parse(below)
    color = parser.state.color
    return nodes.LongArrow(math_tables.ARROWS[name], parser.parse_argument(), parsed, color)


def parse_text(parser: MathParser, name: str) -> Node:
    r"""``\text{…}``: words with their spaces."""
    changes = math_tables.TEXT_FACES[name]
    face = replace(parser.state.face, color=parser.state.color, **changes)
    inner = TokenReader(parser.reader.read_argument(), parser.reader.macros)
    return MathList(parser.readers.text(inner, face))


def parse_color(parser: MathParser, name: str) -> Node | list[Node]:
    r"""``\color{red}`` for the rest of the group, ``\textcolor{red}{…}`` for an argument."""
    parser.reader.read_optional()
    color = read_color(parser.reader.read_word())
    if name == "color":
        parser.state = replace(parser.state, color=color)
        return []
    outer = parser.state
    parser.state = replace(outer, color=color)
    found = parser.parse_argument()
    parser.state = outer
    return found


def parse_big(parser: MathParser, name: str) -> Node:
    r"""``\Bigl(``."""
    size = name.rstrip("lrm")
    return nodes.Delimiter(
        read_delimiter(parser),
        math_tables.BIG_EM[size],
        parser.state.color,
        math_tables.BIG_KINDS[name[len(size) :]],
    )


def read_delimiter(parser: MathParser) -> str:
    """Take a bracket; '' stands for none."""
    parser.reader.skip_spaces()
    token = parser.reader.next()
    if token.kind == MARK:
        return read_delimiter(parser)
    table = symbols.DELIMITER_COMMANDS if token.kind == COMMAND else symbols.DELIMITERS
    if token.text not in table:
        shown = "\\" * (token.kind == COMMAND) + token.text
        raise FormulaError(f"'{shown}' cannot grow as a bracket does.", hint="Use ( [ \\{ | .")
    return table[token.text]


def parse_fence(parser: MathParser, _: str) -> Node:
    r"""``\left( … \right)``, with ``\middle|`` in it."""
    outer = parser.state
    left = nodes.Delimiter(read_delimiter(parser), color=outer.color, kind=symbols.OPEN)
    items = parser.parse_list().items
    while parser.reader.take(COMMAND, "middle"):
        items.append(nodes.Delimiter(read_delimiter(parser), color=parser.state.color))
        items.extend(parser.parse_list().items)
    if not parser.reader.take(COMMAND, "right"):
        raise FormulaError(
            "A \\left of the formula has no \\right.", hint="Add \\right. or \\right)."
        )
    right = nodes.Delimiter(read_delimiter(parser), color=parser.state.color, kind=symbols.CLOSE)
    parser.state = outer
    return nodes.Fence(left, MathList(items), right)


def parse_not(parser: MathParser, _: str) -> Node:
    r"""``\not=``: a stroke over the next sign."""
    stroke = nodes.Sign(_SLASH, color=parser.state.color)
    parser.reader.skip_spaces()
    struck = parser.parse(parser.reader.read_argument())
    is_narrow = any(isinstance(item, nodes.Sign) and item.text in "∈∋" for item in struck.items)
    # The stroke has no width of its own, and lies over the middle of what follows.
    em = 0.597 if is_narrow else 0.6525
    items = [nodes.Space(em), stroke, nodes.Space(-em), *map(_as_ordinary, struck.items)]
    return MathList(items, symbols.REL)


def parse_substack(parser: MathParser, _: str) -> Node:
    r"""``\substack{a \\ b}``."""
    tokens = [*parser.reader.read_argument(), *read_tokens(r"\end{substack}")]
    inner = parser.branch(tokens)
    return parser.readers.environment(inner, "substack")


def parse_box(parser: MathParser, name: str) -> Node:
    r"""``\boxed{…}``."""
    color = parser.state.color
    if name == "fbox":
        return nodes.Box(parse_text(parser, "text"), color)
    return nodes.Box(MathList([nodes.Style("D"), *parser.parse_argument().items]), color)


def parse_cancel(parser: MathParser, name: str) -> Node:
    r"""``\cancel{…}``."""
    color = parser.state.color
    return nodes.Cancel(parser.parse_argument(), math_tables.CANCELS[name], color)


def parse_phantom(parser: MathParser, name: str) -> Node:
    r"""``\phantom``, ``\vphantom``, ``\hphantom``, ``\smash``."""
    if name == "smash":
        parser.reader.read_optional()
    body = parser.parse_source("(") if name == "mathstrut" else parser.parse_argument()
    return nodes.Phantom(body, *math_tables.PHANTOMS[name])


def parse_environment(parser: MathParser, _: str) -> Node:
    r"""``\begin{cases} … \end{cases}``."""
    return parser.readers.environment(parser, parser.reader.read_word())


def parse_kern(parser: MathParser, name: str) -> Node:
    r"""``\hspace{1em}``, ``\mkern3mu``, ``\kern2pt``."""
    if name.startswith("hspace") or name == "mspace":
        return nodes.Space(read_length(parser.reader.read_word()))
    text = ""
    while (token := parser.reader.peek()).kind in {CHAR, SPACE}:
        text += parser.reader.next().text
        if text[-2:] in {"mu", "em", "ex", "pt", "cm", "mm", "in", "bp"}:
            break
        if token.kind == CHAR and not (token.text.isalnum() or token.text in "-+.,"):
            break
    return nodes.Space(read_length(text))


def parse_modulo(parser: MathParser, name: str) -> list[Node]:
    r"""``\pmod{n}``, ``\mod{n}``, ``\pod{n}``."""
    start = {"pmod": r"\mkern18mu(\mathrm{mod}\mkern6mu", "mod": r"\mkern18mu\mathrm{mod}\,\,",
             "pod": r"\mkern18mu("}[name]  # fmt: skip
    items = [*parser.parse_source(start).items, *parser.parse_argument().items]
    return [*items, *parser.parse_source("" if name == "mod" else ")").items]


def parse_maps_bar(parser: MathParser, _: str) -> list[Node]:
    """Return the bar at the tail of a mapping arrow."""
    return [nodes.Rule(0.04, 0.41, 0.045, parser.state.color), nodes.Space(-0.04)]


def parse_generic_fraction(parser: MathParser, _: str) -> Node:
    r"""``\genfrac{(}{)}{0pt}{}{n}{k}``."""
    left, right, rule, style = (parser.reader.read_word() for _ in range(4))
    above, below = parser.parse_argument(), parser.parse_argument()
    return nodes.Fraction(
        above, below, {"0": "D", "1": "T", "2": "S", "3": "SS"}.get(style, ""),
        has_rule=rule.strip("0. ptem") != "" or rule == "", left=left, right=right,
        color=parser.state.color,
    )  # fmt: skip


def parse_overlap(parser: MathParser, name: str) -> Node:
    r"""``\mathrlap{…}``."""
    del name
    return nodes.Phantom(parser.parse_argument(), False, True, is_shown=True)


def parse_discarded(parser: MathParser, _: str) -> list[Node]:
    r"""``\label{…}``: what has no picture."""
    parser.reader.read_argument()
    return []


def parse_tag(parser: MathParser, name: str) -> list[Node]:
    r"""``\tag{1}``: set after the formula, in parentheses."""
    bracketed = "({})" if not name.endswith("*") else "{}"
    left, right = bracketed.split("{}")
    inner = TokenReader(parser.reader.read_argument(), parser.reader.macros)
    words = parser.readers.text(inner, parser.math_face())
    return [nodes.Space(2), *_words(parser, left), *words, *_words(parser, right)]


def _words(parser: MathParser, text: str) -> list[Node]:
    return [Word(text, parser.math_face())] if text else []


def parse_extra_dots(parser: MathParser, _: str) -> list[Node]:
    r"""``\dots``: on the axis where an operator or a relation follows, else on the line."""
    parser.reader.skip_spaces()
    token = parser.reader.peek()
    is_centered = (token.kind == CHAR and token.text in "+-=<>*") or (
        token.kind == COMMAND
        and symbols.SYMBOLS.get(token.text, ("", ""))[1] in {symbols.BIN, symbols.REL}
    )
    parser.reader.put_back(read_tokens(r"\cdots" if is_centered else r"\ldots"))
    return []


def parse_column_dots(parser: MathParser, name: str) -> Node:
    r"""``\vdots``, ``\ddots``: three dots, one above the other."""
    items: list[Node] = [nodes.Strut(1.505)]
    for raised, move in _COLUMN_DOTS[name]:
        dot = nodes.Word(".", parser.math_face())
        items += [nodes.Space(move), nodes.Raised(dot, raised)]
    return MathList(items, symbols.INNER)


def parse_formula(parser: MathParser, name: str) -> Node:
    r"""``\ensuremath{…}`` and the like: the argument as it is."""
    del name
    return parser.parse_argument()


def parse_sideset(parser: MathParser, _: str) -> Node:
    r"""``\TeX`` and ``\LaTeX`` within math."""
    raise FormulaError(
        "\\sideset is not known to the formulas that are set without LaTeX.",
        hint="Write the scripts at the sign itself: {}^a\\sum^b.",
    )


def _as_ordinary(item: Node) -> Node:
    if item.kind:
        item.kind = symbols.ORD
    return item


_TABLES: tuple[tuple[Collection[str], Command], ...] = (
    (math_tables.FRACTIONS, parse_fraction),
    ({"sqrt"}, parse_root),
    (symbols.ALPHABET_COMMANDS, parse_alphabet),
    (math_tables.TEXT_FACES, parse_text),
    ({"operatorname", "operatorname*"}, parse_operator_name),
    ({"left"}, parse_fence),
    ({"begin"}, parse_environment),
    (symbols.ACCENTS, parse_accent),
    (math_tables.LINES, parse_line),
    (symbols.WIDE_ACCENTS, parse_accent),
    (math_tables.STYLES, parse_style),
    ({"color", "textcolor", "mathcolor"}, parse_color),
    ({f"{size}{side}" for size in math_tables.BIG_EM for side in math_tables.BIG_KINDS}, parse_big),
    (math_tables.CLASSES, parse_class),
    ({"binom", "dbinom", "tbinom"}, parse_binomial),
    ({"overset", "underset", "stackrel"}, parse_stack),
    (math_tables.ARROWS, parse_long_arrow),
    ({"not"}, parse_not),
    ({"substack"}, parse_substack),
    ({"boxed", "fbox", "framebox"}, parse_box),
    (math_tables.CANCELS, parse_cancel),
    (math_tables.PHANTOMS, parse_phantom),
    ({"mkern", "kern", "mskip", "hskip", "hspace", "hspace*", "mspace"}, parse_kern),
    ({"pmod", "mod", "pod"}, parse_modulo),
    (math_tables.OLD_ALPHABETS, parse_old_alphabet),
    ({"boldmath"}, parse_bold),
    ({"shaperotatorbar"}, parse_maps_bar),
    ({"genfrac"}, parse_generic_fraction),
    ({"mathrlap", "rlap", "mathllap", "mathclap"}, parse_overlap),
    ({"label", "vspace", "vspace*", "usepackage", "setlength", "fontsize", "tag@"},
     parse_discarded),
    ({"tag", "tag*"}, parse_tag),
    ({"dots"}, parse_extra_dots),
    ({"vdots", "ddots"}, parse_column_dots),
    (symbols.SPACED_FUNCTIONS, parse_spaced_function),
    ({"ensuremath", "mathstrut@", "vcenter", "mathchoice@"}, parse_formula),
    ({"sideset"}, parse_sideset),
)  # fmt: skip
COMMANDS: dict[str, Command] = {
    **{name: command for names, command in reversed(_TABLES) for name in names},
    **math_boxes.COMMANDS,
}
