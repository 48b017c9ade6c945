"""Tokens of text mode -> words, blanks, breaks and formulas.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shaperotator_magic.core.errors import FormulaError
from shaperotator_magic.rendering.mathtext import nodes, symbols, text_tables
from shaperotator_magic.rendering.mathtext.colors import read_color
from shaperotator_magic.rendering.mathtext.environments import (
    DISPLAYED,
    is_environment,
    read_environment,
)
from shaperotator_magic.rendering.mathtext.lengths import read_length
from shaperotator_magic.rendering.mathtext.math_boxes import read_box_size
from shaperotator_magic.rendering.mathtext.math_commands import COMMANDS
from shaperotator_magic.rendering.mathtext.math_parser import MathParser, MathState, Readers
from shaperotator_magic.rendering.mathtext.nodes import Face, MathList, Node, Word
from shaperotator_magic.rendering.mathtext.text_letters import (
    apply_ligatures,
    build_dots,
    build_logo,
    build_unknown_error,
    compose_accent,
    ends_sentence,
)
from shaperotator_magic.rendering.mathtext.tokens import (
    CHAR,
    COMMAND,
    END,
    MARK,
    SPACE,
    Token,
    TokenReader,
    spell,
)

_STOPS = frozenset({"}", "end", "item"})
_CELL_STOPS = _STOPS | {"&", "\\", "cr", "tabularnewline"}


def read_text(reader: TokenReader, face: Face) -> list[Node]:
    r"""Parse the argument of ``\text``."""
    parser = TextParser(reader, face)
    found = parser.parse()
    parser.expect_end()
    return found


class TextParser:
    """Reads text up to the end of its group or environment."""

    def __init__(
        self,
        reader: TokenReader,
        face: Face,
        depth: int = 0,
        *,
        stops: frozenset[str] = _STOPS,
    ) -> None:
        self.reader = reader
        self.face = face
        self._depth = depth
        self._stops = stops
        self._items: list[Node] = []

    def expect_end(self) -> None:
        """Complain of whatever closes something that was not open."""
        self._math().expect_end()

    def parse(self) -> list[Node]:
        r"""Parse up to the end, a closing brace, ``\end`` or ``\item``; takes none of these."""
        outer, self._items = self._items, []
        while True:
            token = self.reader.peek()
            if self._is_stop(token):
                break
            self.reader.next()
            self._parse_token(token)
        found, self._items = self._items, outer
        return found

    def _is_stop(self, token: Token) -> bool:
        if token.kind == COMMAND:
            return token.text in self._stops and token.text not in {"}", "&"}
        return token.kind == END or (token.kind == CHAR and token.text in self._stops)

    def _parse_token(self, token: Token) -> None:
        if token.kind == MARK:
            self._items.append(nodes.Mark(token.text))
        elif token.kind == SPACE:
            self._add_blank(is_tied=False)
        elif token.kind == COMMAND:
            self._parse_command(token.text)
        elif token.text == "{":
            self._parse_group()
        elif token.text == "$":
            self._parse_formula("$")
        elif token.text == "~":
            self._add_blank(is_tied=True)
        elif token.text in {"^", "_"}:
            raise FormulaError(
                f"'{token.text}' stands in text.", hint=f"Write $x{token.text}2$, between dollars."
            )
        elif token.text == "&":
            self._items.append(nodes.Tab())
        else:
            self._add_letters(token.text)

    def _add_blank(self, *, is_tied: bool) -> None:
        last = self._items[-1] if self._items else None
        if isinstance(last, nodes.Blank) and not is_tied:
            return
        is_wide = not is_tied and isinstance(last, Word) and ends_sentence(last.text)
        self._items.append(nodes.Blank(is_tied, self.face, is_wide))

    def _add_letters(self, letters: str) -> None:
        while (token := self.reader.peek()).kind == CHAR and token.text not in "{}$~^_&":
            letters += self.reader.next().text
        first, *others = apply_ligatures(letters, self.face).split("…")
        self._add_word(first)
        for part in others:
            self._items.extend(build_dots(self.face))
            self._add_word(part)

    def _add_word(self, letters: str) -> None:
        last = self._items[-1] if self._items else None
        if isinstance(last, Word) and last.face == self.face:
            last.text += letters
        elif letters:
            self._items.append(Word(letters, self.face))

    def _parse_group(self) -> None:
        outer = self.face
        self._items.extend(self.parse())
        self.face = outer
        self._close()

    def _close(self) -> None:
        if not self.reader.take(CHAR, "}"):
            raise FormulaError("A '{' of the text is never closed.", hint="Add a '}'.")

    def _math(self) -> MathParser:
        state = MathState(color=self.face.color, face=self.face)
        return MathParser(self.reader, state, _READERS)

    def _parse_formula(self, closing: str) -> None:
        is_displayed = closing == "]" or (closing == "$" and self.reader.take(CHAR, "$"))
        body = self._math().parse_list()
        kind = CHAR if closing == "$" else COMMAND
        taken = self.reader.take(kind, closing)
        if is_displayed and closing == "$":
            taken = taken and self.reader.take(CHAR, "$")
        if not taken:
            self.expect_end()
            raise FormulaError("A formula in the text is not closed.", hint="Add a $.")
        self._add_formula(body, "D" if is_displayed else "T")

    def _add_formula(self, body: MathList, style: str) -> None:
        formula = nodes.Formula(body, style, self.face.size)
        if style == "D" and self._items:
            self._items.append(nodes.Break())
        self._items.append(formula)
        if style == "D":
            self._items.append(nodes.Break())

    def _parse_command(self, name: str) -> None:  # noqa: C901 - one table after the other
        if name in text_tables.SIGNS:
            self._add_word(text_tables.SIGNS[name])
        elif name in text_tables.DOTS:
            self._add_letters("…")
        elif name in text_tables.ACCENTS:
            self._parse_accent(name)
        elif name in text_tables.SWITCHES:
            self.face = replace(self.face, **text_tables.SWITCHES[name])
        elif name in text_tables.FACES or name == "emph":
            self._parse_face(name)
        elif name in text_tables.BREAKS:
            self._parse_break(name)
        elif name in symbols.SPACES:
            self._parse_space(symbols.SPACES[name] / 18, name)
        elif name in text_tables.DEFINITIONS:
            self.reader.define(name)
        elif name in {"(", "["}:
            self._parse_formula({"(": ")", "[": "]"}[name])
        elif name in _SPECIAL:
            _SPECIAL[name](self, name)
        elif name not in text_tables.IGNORED:
            raise build_unknown_error(name)

    def _parse_space(self, em: float, name: str) -> None:
        if name in {" ", "space"}:
            self._add_blank(is_tied=True)
        else:
            self._items.append(nodes.Space(em))

    def _parse_accent(self, name: str) -> None:
        self._add_word(compose_accent(name, spell(self.reader.read_argument())))

    def _parse_face(self, name: str) -> None:
        changes = text_tables.FACES.get(name, {"is_italic": not self.face.is_italic})
        self._items.extend(self._parse_argument(replace(self.face, **changes)))

    def _parse_argument(self, face: Face) -> list[Node]:
        return read_text(TokenReader(self.reader.read_argument(), self.reader.macros), face)

    def _parse_break(self, name: str) -> None:
        extra = text_tables.BREAKS[name]
        if name == "\\":
            self.reader.take(CHAR, "*")
            if self.reader.is_next(CHAR, "["):
                extra = read_length(spell(self.reader.read_optional() or []))
        elif name == "linebreak":
            self.reader.read_optional()
        self._items.append(nodes.Break(extra))

    # The commands with a method of their own

    def parse_color(self, name: str) -> None:
        r"""``\color`` and ``\textcolor``."""
        self.reader.read_optional()
        color = read_color(self.reader.read_word())
        if name == "color":
            self.face = replace(self.face, color=color)
        else:
            self._items.extend(self._parse_argument(replace(self.face, color=color)))

    def parse_underline(self, _: str) -> None:
        r"""``\underline{…}``."""
        body = MathList(self._parse_argument(self.face))
        self._items.append(nodes.Underline(body, self.face.color))

    def parse_makebox(self, _: str) -> None:
        r"""``\makebox[2cm][l]{…}``."""
        width, place = read_box_size(self.reader)
        body = self._parse_argument(self.face)
        self._items += body if width is None else [nodes.FixedBox(MathList(body), width, place)]

    def parse_box(self, _: str) -> None:
        r"""``\fbox{…}``, ``\framebox[2cm]{…}``."""
        width, place = read_box_size(self.reader)
        body: Node = MathList(self._parse_argument(self.face))
        if width is not None:
            body = nodes.FixedBox(body, width, place)
        formula = MathList([nodes.Box(body, self.face.color)])
        self._items.append(nodes.Formula(formula, size=self.face.size))

    def parse_hspace(self, name: str) -> None:
        r"""``\hspace{1em}``; ``\vspace`` ends a line."""
        length = read_length(self.reader.read_word())
        is_vertical = name.startswith("v")
        self._items.append(nodes.Break(length) if is_vertical else nodes.Space(length))

    def parse_script(self, name: str) -> None:
        r"""``\textsuperscript{…}``."""
        script = MathList(self._parse_argument(self.face))
        is_above = name == "textsuperscript"
        base = MathList([])
        both = (script, None) if is_above else (None, script)
        self._items.append(
            nodes.Formula(MathList([nodes.Scripts(base, *both)]), size=self.face.size)
        )

    def parse_logo(self, name: str) -> None:
        r"""``\TeX`` and ``\LaTeX``."""
        self._items.extend(build_logo(name, self.face))

    def parse_ensured(self, _: str) -> None:
        r"""``\ensuremath{…}``."""
        self._add_formula(self._math().parse_argument(), "T")

    def parse_discarded(self, _: str) -> None:
        r"""``\label{…}`` and what else has no picture."""
        self.reader.read_argument()

    def parse_environment(self, _: str) -> None:
        r"""``\begin{center}``, ``\begin{align*}``, ``\begin{itemize}``."""
        name = self.reader.read_word()
        plain = name.rstrip("*")
        if plain in {"itemize", "enumerate"}:
            self._parse_items(name)
        elif plain in text_tables.ALIGNMENTS or plain == "minipage":
            self._parse_block(name)
        elif plain == "tabular":
            self._add_formula(MathList([self._parse_tabular(name)]), "T")
        elif is_environment(name):
            node = read_environment(self._math(), name)
            self._add_formula(MathList([node]), "D" if plain in DISPLAYED else "T")
        else:
            raise FormulaError(
                f"Formulas are set without LaTeX here, and the environment {name} is not known.",
                hint="Use center, flushleft, itemize, enumerate, minipage or align*.",
            )

    def _parse_tabular(self, name: str) -> Node:
        inner = _CellParser(self.reader, MathState(face=self.face), _READERS)
        return read_environment(inner, name)

    def _parse_block(self, name: str) -> None:
        width = None
        if name == "minipage":
            self.reader.read_optional()
            width = read_length(self.reader.read_word())
        outer = self.face
        inner = self.parse()
        self.face = outer
        self._end(name)
        align = text_tables.ALIGNMENTS.get(name, "left")
        self._items.append(nodes.Paragraphs(inner, align, width=width))

    def _parse_items(self, name: str) -> None:
        self.reader.skip_spaces()
        self.reader.read_optional()
        before = [item for item in self.parse() if isinstance(item, nodes.Mark)]
        self._items.extend(before)
        number = 0
        outer = self.face
        while self.reader.take(COMMAND, "item"):
            number += 1
            given = self.reader.read_optional()
            bullet = text_tables.BULLETS[min(self._depth, 3)] if name == "itemize" else f"{number}."
            label: list[Node] = [Word(bullet, outer)]
            if given is not None:
                label = read_text(TokenReader(given, self.reader.macros), outer)
            inner = TextParser(self.reader, outer, self._depth + 1)
            self._items.append(nodes.Paragraphs(inner.parse(), "left", 2.5, label))
        self._end(name)

    def _end(self, name: str) -> None:
        if not self.reader.take(COMMAND, "end"):
            self.expect_end()
            raise FormulaError(f"\\begin{{{name}}} has no \\end{{{name}}}.", hint="Add it.")
        ended = self.reader.read_word()
        if ended != name:
            raise FormulaError(
                f"\\begin{{{name}}} is ended by \\end{{{ended}}}.",
                hint=f"End it by \\end{{{name}}}.",
            )


class _CellParser(MathParser):
    """Reads the cells of a table of text."""

    def parse_list(self) -> MathList:
        found = TextParser(self.reader, self.state.face, stops=_CELL_STOPS).parse()
        while found and isinstance(found[-1], nodes.Blank):
            found.pop()
        return MathList(found[isinstance(found[0], nodes.Blank) :] if found else found)


_SPECIAL: dict[str, Callable[[TextParser, str], None]] = {
    "color": TextParser.parse_color, "textcolor": TextParser.parse_color,
    "underline": TextParser.parse_underline, "uline": TextParser.parse_underline,
    "fbox": TextParser.parse_box, "framebox": TextParser.parse_box,
    "hspace": TextParser.parse_hspace, "hspace*": TextParser.parse_hspace,
    "vspace": TextParser.parse_hspace, "vspace*": TextParser.parse_hspace,
    "textsuperscript": TextParser.parse_script, "textsubscript": TextParser.parse_script,
    "LaTeX": TextParser.parse_logo, "TeX": TextParser.parse_logo,
    "ensuremath": TextParser.parse_ensured, "label": TextParser.parse_discarded,
    "makebox": TextParser.parse_makebox, "begin": TextParser.parse_environment,
    "usepackage": TextParser.parse_discarded,
}  # fmt: skip
_READERS = Readers(read_text, read_environment, COMMANDS)
