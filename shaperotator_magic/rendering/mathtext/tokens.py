r"""LaTeX source -> tokens, with the user's own macros expanded by the reader.

A mark is what manim writes around the parts of a formula: ``\special{dvisvgm:raw <g id='…'>}``.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shaperotator_magic.core.errors import FormulaError

COMMAND, CHAR, SPACE, MARK, PARAMETER, END = "command char space mark parameter end".split()

_TOKEN = re.compile(
    r"\\special\s*\{dvisvgm:raw\s*<g id='(?P<opened>[^']*)'>\}"
    r"|(?P<closed>\\special\s*\{dvisvgm:raw\s*</g>\})"
    r"|%[^\n]*\n?[ \t]*"
    r"|\\(?P<word>[A-Za-z@]+\*?)(?P<gap>\s*)"
    r"|\\(?P<sign>.)"
    r"|(?P<space>\s+)"
    r"|\#(?P<parameter>[1-9])"
    r"|(?P<char>.)",
    re.DOTALL,
)
# Only these have a starred form; elsewhere the star is a sign of its own, as in \pi*x.
_STARRED = {"operatorname", "hspace", "vspace", "tag", "newcommand", "renewcommand",
            "DeclareMathOperator", "mathop", "substack"}  # fmt: skip
_ENDERS = {"end", "right", "middle", "\\"}
_MOST_EXPANSIONS = 2000


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``text`` is the command's name, the character, or a mark's name ('' closes)."""

    kind: str
    text: str = ""


_END = Token(END)


def read_tokens(source: str) -> list[Token]:
    """Split LaTeX source into tokens; comments go."""
    found: list[Token] = []
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup
        if kind == "opened":
            found.append(Token(MARK, match["opened"]))
        elif kind == "closed":
            found.append(Token(MARK))
        elif kind == "gap":
            found.extend(_split_word(match["word"], match["gap"]))
        elif kind == "sign":
            found.append(Token(COMMAND, " " if match["sign"].isspace() else match["sign"]))
        elif kind == "space":
            # An empty line ends a paragraph.
            found.append(Token(COMMAND, "par") if match["space"].count("\n") > 1 else Token(SPACE))
        elif kind is not None:
            found.append(Token(PARAMETER if kind == "parameter" else CHAR, match[kind]))
    return found


def _split_word(word: str, gap: str) -> list[Token]:
    if word.endswith("*") and word[:-1] not in _STARRED:
        return [Token(COMMAND, word[:-1]), Token(CHAR, "*"), *([Token(SPACE)] if gap else [])]
    return [Token(COMMAND, word), *([Token(COMMAND, "par")] if gap.count("\n") > 1 else [])]


@dataclass(frozen=True)
class Macro:
    """A command that the source or its preamble defines."""

    parameters: int
    body: tuple[Token, ...]
    default: tuple[Token, ...] | None = None


class TokenReader:
    """Hands out tokens one by one, and knows the macros."""

    def __init__(self, tokens: list[Token], macros: dict[str, Macro] | None = None) -> None:
        self._tokens = tokens[::-1]
        self.macros = {} if macros is None else macros
        self._expansions = 0

    def peek(self) -> Token:
        """Return the next token, after expanding a macro in its place."""
        while self._tokens:
            token = self._tokens[-1]
            if token.kind != COMMAND or token.text not in self.macros:
                return token
            self._expand(self.macros[token.text])
        return _END

    def next(self) -> Token:
        """Take the next token."""
        token = self.peek()
        if token is not _END:
            self._tokens.pop()
        return token

    def put_back(self, tokens: list[Token] | tuple[Token, ...]) -> None:
        """Make these the next tokens."""
        self._tokens.extend(reversed(tokens))

    def skip_spaces(self) -> None:
        """Pass over spaces."""
        while self._tokens and self._tokens[-1].kind == SPACE:
            self._tokens.pop()

    def is_next(self, kind: str, text: str) -> bool:
        """Return whether this token comes next."""
        token = self.peek()
        return token.kind == kind and token.text == text

    def take(self, kind: str, text: str) -> bool:
        """Take this token if it comes next."""
        if self.is_next(kind, text):
            self.next()
            return True
        return False

    def read_argument(self) -> list[Token]:
        """Take one argument: a group without its braces, or one token."""
        self.skip_spaces()
        token = self._tokens.pop() if self._tokens else _END
        if token.kind == END or (token.kind == COMMAND and token.text in _ENDERS):
            raise FormulaError(
                "The formula ends where an argument should stand.",
                hint="\\frac takes two, \\sqrt one: write \\frac{a}{b} and \\sqrt{a}.",
            )
        if token.kind == MARK:
            return [token, *self.read_argument()]
        if token != Token(CHAR, "{"):
            return [token]
        return self._read_balanced("{", "}")

    def read_optional(self) -> list[Token] | None:
        """Take an argument in square brackets, if there is one."""
        self.skip_spaces()
        return self._read_balanced("[", "]") if self.take(CHAR, "[") else None

    def read_word(self) -> str:
        """Take one argument and return its text."""
        return spell(self.read_argument()).strip()

    def _read_balanced(self, opening: str, closing: str) -> list[Token]:
        found: list[Token] = []
        depth = 0
        while self._tokens:
            token = self._tokens.pop()
            if token == Token(CHAR, closing) and depth == 0:
                return found
            if token.kind == CHAR:
                depth += (token.text in {"{", opening}) - (token.text in {"}", closing})
            found.append(token)
        raise FormulaError(
            f"A '{opening}' of the formula is never closed.", hint=f"Add a '{closing}'."
        )

    def _expand(self, macro: Macro) -> None:
        self._expansions += 1
        if self._expansions > _MOST_EXPANSIONS:
            raise FormulaError(
                "A command of the formula is defined by itself.", hint="Give it another name."
            )
        self._tokens.pop()
        arguments: list[list[Token]] = []
        if macro.default is not None:
            given = self.read_optional()
            arguments.append(list(macro.default) if given is None else given)
        while len(arguments) < macro.parameters:
            arguments.append(self.read_argument())
        body: list[Token] = []
        for token in macro.body:
            if token.kind == PARAMETER and int(token.text) <= len(arguments):
                body.extend(arguments[int(token.text) - 1])
            else:
                body.append(token)
        self.put_back(body)

    def define(self, command: str) -> None:
        r"""Read the rest of ``\newcommand``, ``\def`` or ``\DeclareMathOperator``."""
        name = self._read_name()
        if command.startswith("DeclareMathOperator"):
            star = "*" if command.endswith("*") else ""
            body = [Token(COMMAND, f"operatorname{star}"), Token(CHAR, "{")]
            self.macros[name] = Macro(0, (*body, *self.read_argument(), Token(CHAR, "}")))
        elif command == "def":
            parameters = 0
            while self._tokens and self._tokens[-1].kind == PARAMETER:
                self._tokens.pop()
                parameters += 1
            self.macros[name] = Macro(parameters, tuple(self.read_argument()))
        else:
            count = self.read_optional()
            default = self.read_optional() if count else None
            body_read = tuple(self.read_argument())
            self.macros[name] = Macro(
                int(spell(count)) if count else 0,
                body_read,
                None if default is None else tuple(default),
            )

    def _read_name(self) -> str:
        # Not peek(): the name may be that of a macro already.
        self.skip_spaces()
        name = [token for token in self.read_argument() if token.kind == COMMAND]
        if len(name) != 1:
            raise FormulaError(
                "A definition in the formula names no command.",
                hint="Write \\newcommand{\\name}{…}.",
            )
        return name[0].text


def spell(tokens: list[Token]) -> str:
    """Return tokens as source text, as far as names, numbers and lengths need it."""
    shown = {COMMAND: "\\", PARAMETER: "#"}
    return "".join(
        " " if token.kind == SPACE else shown.get(token.kind, "") + token.text
        for token in tokens
        if token.kind != MARK
    )
