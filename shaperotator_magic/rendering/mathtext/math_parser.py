"""Tokens of math mode -> the tree of nodes.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from shaperotator_magic.core.errors import FormulaError
from shaperotator_magic.rendering.mathtext import nodes, symbols
from shaperotator_magic.rendering.mathtext.nodes import MathList, Node, Word
from shaperotator_magic.rendering.mathtext.tokens import (
    CHAR,
    COMMAND,
    END,
    MARK,
    PARAMETER,
    SPACE,
    Token,
    TokenReader,
    read_tokens,
)


@dataclass(frozen=True)
class MathState:
    """What holds until the group ends."""

    alphabet: str = ""
    color: str | None = None
    is_bold: bool = False
    face: nodes.Face = nodes.PLAIN


class TextReader(Protocol):
    r"""Reads what stands in ``\text``; the text parser, which itself reads math."""

    def __call__(self, reader: TokenReader, face: nodes.Face) -> list[Node]:
        """Return words, blanks and formulas."""


class EnvironmentReader(Protocol):
    r"""Reads the rest of ``\begin{name}``."""

    def __call__(self, parser: MathParser, name: str) -> Node:
        """Return its node."""


Command = Callable[["MathParser", str], "Node | list[Node]"]
"""Reads the arguments of a command, whose name it is given, and returns what it stands for."""


@dataclass(frozen=True)
class Readers:
    """What a math parser meets that other modules read."""

    text: TextReader
    environment: EnvironmentReader
    commands: Mapping[str, Command]


_STOPS = {"end", "right", "\\", "cr", "middle", "]", ")"}
_INFIX = {"over": (True, ""), "atop": (False, ""), "choose": (False, "()"), "brace": (False, "{}"),
          "brack": (False, "[]")}  # fmt: skip
_IGNORED = {"nonumber", "notag", "displaylimits", "relax", "noindent", "centering", "allowbreak",
            "nolinebreak", "protect", "hfill", "hfil", "par", "left.", "hline", "/", "strut",
            "raggedright", "singlespacing", "unboldmath", "normalsize", "selectfont",
            "bigskip", "medskip", "smallskip", "newline", "null", "leavevmode"}  # fmt: skip
_DEFINITIONS = {"newcommand", "renewcommand", "providecommand", "def", "DeclareMathOperator",
                "DeclareMathOperator*", "newcommand*", "renewcommand*"}  # fmt: skip


class MathParser:
    """Reads one math list after another from a reader."""

    def __init__(
        self,
        reader: TokenReader,
        state: MathState,
        readers: Readers,
    ) -> None:
        self.reader = reader
        self.state = state
        self.readers = readers

    def branch(self, tokens: list[Token]) -> MathParser:
        """Return a parser of other tokens in the same state."""
        return MathParser(TokenReader(tokens, self.reader.macros), self.state, self.readers)

    def parse(self, tokens: list[Token]) -> MathList:
        """Parse the tokens of an argument, in a group of its own."""
        inner = self.branch(tokens)
        found = inner.parse_list()
        inner.expect_end()
        return found

    def parse_source(self, source: str) -> MathList:
        """Parse a piece of LaTeX of our own."""
        return self.parse(read_tokens(source))

    def parse_argument(self) -> MathList:
        r"""Parse the next argument: a group, a token, or a command with arguments of its own.

        TeX takes the last one in ``x^\mathrm{max}`` and ``x^\frac12``, for these commands expand to
        a group.
        """
        self.reader.skip_spaces()
        token = self.reader.peek()
        if token.kind == COMMAND and token.text in self.readers.commands:
            inner = MathParser(self.reader, self.state, self.readers)
            return MathList(inner._parse_nucleus())
        return self.parse(self.reader.read_argument())

    def expect_end(self) -> None:
        """Complain of whatever closes something that was not open."""
        token = self.reader.peek()
        if token.kind == END:
            return
        shown = f"\\{token.text}" if token.kind == COMMAND else token.text
        raise FormulaError(
            f"'{shown}' stands in the formula without what it belongs to.",
            hint="Braces, \\left and \\right, \\begin and \\end come in pairs.",
        )

    def parse_list(self) -> MathList:
        """Parse up to the end, a closing brace, a tab or the end of a line; takes none of these."""
        items: list[Node] = []
        while not self._is_at_stop():
            token = self.reader.peek()
            if token.kind == COMMAND and token.text in _INFIX:
                self.reader.next()
                return MathList([self._parse_infix(token.text, items)])
            items.extend(self._parse_scripted())
        return MathList(items)

    def _is_at_stop(self) -> bool:
        token = self.reader.peek()
        if token.kind == CHAR:
            return token.text in {"}", "&", "$"}
        return token.kind == END or (token.kind == COMMAND and token.text in _STOPS)

    def _parse_infix(self, name: str, above: list[Node]) -> Node:
        has_rule, brackets = _INFIX[name]
        left, right = brackets[:1], brackets[1:]
        return nodes.Fraction(
            MathList(above), self.parse_list(), has_rule=has_rule, left=left, right=right,
            color=self.state.color,
        )  # fmt: skip

    # A base and its scripts

    def _parse_scripted(self) -> list[Node]:
        token = self.reader.peek()
        if token.kind == SPACE:
            self.reader.next()
            return []
        if token.kind == MARK:
            self.reader.next()
            return [nodes.Mark(token.text)]
        if token.kind == CHAR and token.text in {"^", "_", "'"}:
            found: list[Node] = [MathList([])]
        else:
            found = self._parse_nucleus()
        if not found or not found[-1].kind:
            return found
        found[-1] = self._parse_scripts(found[-1])
        return found

    def _parse_scripts(self, base: Node) -> Node:
        above: list[Node] = []
        below: Node | None = None
        has_limits = find_limits(base)
        self.reader.skip_spaces()
        while True:
            token = self.reader.peek()
            if token == Token(CHAR, "'"):
                self.reader.next()
                above.append(nodes.Sign("′", color=self.state.color))
            elif token == Token(CHAR, "^"):
                self._take_script("exponents", is_second=any(map(_is_exponent, above)))
                above.append(self.parse_argument())
            elif token == Token(CHAR, "_"):
                self._take_script("subscripts", is_second=below is not None)
                below = self.parse_argument()
            elif token.kind == COMMAND and token.text in {"limits", "nolimits", "displaylimits"}:
                self.reader.next()
                has_limits = {"limits": True, "nolimits": False}.get(token.text)
            else:
                break
            self.reader.skip_spaces()
        if not above and below is None:
            return base
        upper = above[0] if len(above) == 1 else MathList(above) if above else None
        return nodes.Scripts(base, upper, below, has_limits, base.kind)

    def _take_script(self, what: str, *, is_second: bool) -> None:
        self.reader.next()
        if is_second:
            raise FormulaError(
                f"A sign of the formula has two {what}.", hint="Put braces around the first pair."
            )

    # One nucleus

    def _parse_nucleus(self) -> list[Node]:
        token = self.reader.next()
        if token.kind == COMMAND:
            return self._parse_command(token.text)
        if token.kind == PARAMETER or token.text == "#":
            raise FormulaError("'#' stands in the formula outside a definition.", hint="Write \\#.")
        if token.text == "{":
            return [self._parse_group()]
        if token.text == "~":
            return [nodes.Space(1 / 3)]
        return [self._make_key(token.text)]

    def _parse_group(self) -> Node:
        outer = self.state
        found = self.parse_list()
        self.state = outer
        if not self.reader.take(CHAR, "}"):
            raise FormulaError("A '{' of the formula is never closed.", hint="Add a '}'.")
        return found

    def _make_key(self, key: str) -> Node:
        if key in symbols.KEYS:
            sign, kind = symbols.KEYS[key]
            if not sign.isalpha():
                return self.make_sign(sign, kind)
            key = sign
        if self.state.alphabet in {"rm", "ti"} and key.isascii() and key.isalnum():
            return self._gather_word(key)
        return self.make_sign(key, symbols.ORD)

    def _gather_word(self, first: str) -> Node:
        letters = first
        while (
            (token := self.reader.peek()).kind == CHAR
            and token.text.isascii()
            and (token.text.isalnum())
        ):
            letters += self.reader.next().text
        return Word(letters, self.math_face())

    def math_face(self) -> nodes.Face:
        return nodes.Face(
            is_italic=self.state.alphabet == "ti",
            is_bold=self.state.is_bold,
            color=self.state.color,
        )

    def make_sign(self, sign: str, kind: str) -> Node:
        alphabet = self.state.alphabet
        is_styled = sign.isalnum() and len(sign) == 1
        if (is_styled or sign == "∂") and sign not in symbols.UNSTYLED:
            sign = symbols.style_letter(sign, alphabet or ("bi" if self.state.is_bold else "it"))
        return nodes.Sign(
            sign, kind, self.state.color,
            is_bold=self.state.is_bold or alphabet == "bi",
            is_large=kind == symbols.OP,
        )  # fmt: skip

    # Commands

    def _parse_command(self, name: str) -> list[Node]:  # noqa: PLR0911 - one table after the other
        if name in symbols.SYMBOLS:
            return [self.make_sign(*symbols.SYMBOLS[name])]
        if name in symbols.COMPOSED:
            self.reader.put_back(read_tokens(symbols.COMPOSED[name]))
            return []
        if name in symbols.FUNCTIONS:
            return [self.make_operator(name)]
        if name in symbols.SPACES:
            return [nodes.Space(symbols.SPACES[name] / 18)]
        if name in _IGNORED:
            return []
        if name in _DEFINITIONS:
            self.reader.define(name)
            return []
        if name in self.readers.commands:
            found = self.readers.commands[name](self, name)
            return found if isinstance(found, list) else [found]
        raise FormulaError(
            f"Formulas are set without LaTeX here, and \\{name} is not known.",
            hint=self._find_hint(name),
        )

    def _find_hint(self, name: str) -> str:
        known = (symbols.SYMBOLS, symbols.COMPOSED, symbols.FUNCTIONS, self.readers.commands)
        near = [word for table in known for word in table if word.lower() == name.lower()]
        if near:
            return f"Did you mean \\{near[0]}?"
        return "Write it with the commands of LaTeX, amsmath and amssymb, or install LaTeX."

    def make_operator(self, name: str) -> Node:
        return Word(name, replace(self.math_face(), is_italic=False), symbols.OP)


def _is_exponent(node: Node) -> bool:
    return not (isinstance(node, nodes.Sign) and node.text == "′")


def find_limits(base: Node) -> bool | None:
    """Return whether scripts of this base go above and below: None where the style decides."""
    if isinstance(base, nodes.Scripts) and base.above is None and base.below is None:
        return base.has_limits
    if isinstance(base, nodes.Line) and base.sign == "brace":
        return True
    if base.kind != symbols.OP:
        return False
    if isinstance(base, nodes.Sign):
        return False if base.text in symbols.INTEGRALS else None
    if isinstance(base, Word):
        return None if symbols.FUNCTIONS.get(base.text) else False
    return None
