"""A reply while it comes in: how much of it is a scene that can already run. Pure.

Every piece is read once. The lines of code are followed as Python's tokenizer would: strings,
brackets, continued lines. A statement of construct() is whole when the next one begins, so what is
offered never ends within one.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

import copy
import re

from shaperotator_magic.writing.model.extraction import (
    CODE_START,
    FENCE,
    PYTHON_LABELS,
    THINK_END,
    THINK_START,
)

_CONSTRUCT = re.compile(r"def[ \t]+construct[ \t]*\(")
_CLASS = re.compile(r"class[ \t]+\w+[ \t]*\(.*Scene")
_SHOWS = re.compile(r"\b(?:self|scene)\s*\.\s*(?:play|wait|pause)\s*\(|\bself\.(?!add\b)\w+\(")
_GOES_ON = re.compile(r"(?:else|elif|except|finally|case)\b")
_TAB = 4
_TRIPLE = 3
_UNFINISHED = ("=", ".", ",", "+", "-", "*", "/")
_MOST_PROSE = 12_000  # characters; some models think aloud before they write


class GrowingDraft:
    """The reply so far.

    ``shown`` counts the whole statements of construct() that may show something, ``whole`` all of
    them, ``lines`` the whole lines of code, ``size`` the characters of ``prefix``.
    """

    def __init__(self) -> None:
        self.shown = 0
        self.whole = 0
        self.lines = 0
        self._text: list[str] = []  # the lines, each with its end
        self._rest = ""
        self._kept = 0
        self._closing = ""
        self.size = 0
        self._reset()

    @property
    def begun(self) -> str:
        """The reply up to the end of the last whole statement."""
        return "".join(self._text[: self._kept])

    @property
    def prefix(self) -> str:
        """The same as a reply of its own: with a closed fence."""
        return f"{self.begun}{self._closing}\n" if self._closing else self.begun

    @property
    def breaks_off(self) -> bool:
        """Whether the reply, if it ends here, ends within a statement of construct()."""
        # The last line has no end yet; where it is whole, nothing is lost with it.
        lexer = copy.copy(self._lexer)
        lexer.feed(self._rest)
        is_within = not lexer.is_at_start or self._rest.rstrip().endswith(_UNFINISHED)
        return self._is_pending and self._is_in_code and is_within

    @property
    def is_hopeless(self) -> bool:
        """Whether so much prose has come that no code will."""
        return self.lines == 0 and not self._is_thinking and self._prose > _MOST_PROSE

    def add(self, piece: str) -> bool:
        """Take in the next piece; return whether another statement that may show has come."""
        before = self.shown
        self._rest += piece
        if "\n" in piece:
            *lines, self._rest = self._rest.split("\n")
            for line in lines:
                self._take(line + "\n")
        return self.shown > before

    def close(self) -> None:
        """Take in that no more comes: a last line that has begun ends the statement before it."""
        if self._rest.strip():
            self._take(self._rest)
            self._rest = ""

    # --- where the code is ---

    def _reset(self) -> None:
        """Begin anew: what came before was no code, or is replaced."""
        self._is_thinking: bool | None = None
        self._fence: re.Match[str] | None = None
        self._is_in_code = False
        self._prose = 0
        self._begin_code()

    def _begin_code(self) -> None:
        self._lexer = _Lexer()
        self._construct_indent: int | None = None
        self._body_indent: int | None = None
        self._class_indent: int | None = None
        self._has_ended = False
        self._is_pending = False
        self._shows = False

    def _take(self, line: str) -> None:
        self._text.append(line)
        bare = line.rstrip("\r\n").lstrip("\ufeff")
        if self._passes_thinking(bare):
            return
        self._prose += len(bare)
        fence = None if self._lexer.is_in_string else FENCE.match(bare)
        if fence is not None:
            self._take_fence(fence)
        elif self._is_in_code:
            self._take_code(bare.removeprefix(self._fence["indent"] if self._fence else ""))
        elif self._fence is None and CODE_START.match(bare) and not bare.startswith((")", "]")):
            self._is_in_code = True
            self._begin_code()
            self._take_code(bare)

    def _passes_thinking(self, line: str) -> bool:
        """Tell whether a line belongs to the reasoning before the reply."""
        if self._is_thinking is None and line.strip():
            self._is_thinking = THINK_START.match(line) is not None
        if THINK_END.search(line) and (self._is_thinking or self._construct_indent is None):
            self._reset()
            self._is_thinking = False
            return True
        return bool(self._is_thinking)

    def _take_fence(self, fence: re.Match[str]) -> None:
        opened = self._fence
        if opened is not None:
            if fence["label"].strip() or not fence["mark"].startswith(opened["mark"]):
                return
            self._end_statement()
            self._fence, self._is_in_code = None, False
            return
        label = re.split(r"\W", fence["label"].strip(" \t{."))[0].lower()
        self._fence = fence
        self._is_in_code = label in PYTHON_LABELS
        self._begin_code()

    # --- the code ---

    def _take_code(self, line: str) -> None:
        self.lines += 1
        is_begun = self._lexer.is_at_start
        stripped = line.strip()
        if is_begun and stripped and not stripped.startswith("#"):
            self._begin_statement(line)
        if self._body_indent is not None and not self._has_ended:
            self._shows |= _SHOWS.search(line) is not None
        self._lexer.feed(line)

    def _begin_statement(self, line: str) -> None:
        indent = len(line.expandtabs(_TAB)) - len(line.expandtabs(_TAB).lstrip())
        word = line.strip()
        if self._construct_indent is None:
            self._look_for_construct(word, indent)
        elif self._body_indent is None:
            if indent > self._construct_indent:
                self._body_indent, self._is_pending = indent, True
            else:
                self._construct_indent = None
        elif self._has_ended:
            if _CLASS.match(word):
                self._begin_code()
                self._class_indent = indent
        elif indent < self._body_indent:
            self._end_statement()
            self._has_ended = True
            self._begin_statement(line)
        elif indent == self._body_indent and not _GOES_ON.match(word):
            self._end_statement()
            self._is_pending = True

    def _look_for_construct(self, word: str, indent: int) -> None:
        if word.startswith("class") and _CLASS.match(word):
            self._class_indent = indent
        if _CONSTRUCT.match(word) and self._class_indent is not None:
            self._construct_indent = indent

    def _end_statement(self) -> None:
        """Note that all lines before this one belong to whole statements."""
        if not self._is_pending or not self._lexer.is_at_start:
            return
        self.size += sum(map(len, self._text[self._kept : -1]))
        self._kept = len(self._text) - 1
        self._closing = self._fence["indent"] + self._fence["mark"] if self._fence else ""
        self.whole += 1
        self.shown += self._shows
        self._is_pending = self._shows = False


class _Lexer:
    """Follows strings, brackets and continued lines."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._is_continued = False

    @property
    def is_in_string(self) -> bool:
        """Whether a string of several lines is open."""
        return bool(self._quote)

    @property
    def is_at_start(self) -> bool:
        """Whether the next line begins a statement."""
        return not (self._quote or self._depth or self._is_continued)

    def feed(self, line: str) -> None:
        """Read one line."""
        at, quote = 0, self._quote
        self._is_continued = False
        while at < len(line):
            sign = line[at]
            if quote:
                if sign == "\\":
                    at += 1
                elif line.startswith(quote, at):
                    at += len(quote) - 1
                    quote = ""
            elif sign == "#":
                break
            elif sign in "\"'":
                quote = line[at : at + 3] if line.startswith(sign * 3, at) else sign
                at += len(quote) - 1
            elif sign in "([{":
                self._depth += 1
            elif sign in ")]}":
                self._depth = max(0, self._depth - 1)
            elif sign == "\\" and at == len(line) - 1:
                self._is_continued = True
            at += 1
        self._quote = quote if len(quote) == _TRIPLE else ""
