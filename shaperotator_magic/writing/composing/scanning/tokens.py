"""From a sentence to tokens: values in signs first, then the longest known phrases. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from shaperotator_magic.writing.composing.scanning.lexicon import (
    build_lexicon,
    build_spelling,
    measure_longest,
)
from shaperotator_magic.writing.composing.scanning.spans import Span, find_spans
from shaperotator_magic.writing.reading.formulas import (
    NotMathematicsError,
    evaluate,
    parse_product,
)

_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")  # of one beyond all bounds
_WORD = re.compile(r"[A-Za-zäöüéèáíóúñçÄÖÜß]+(?:['’][a-z]+)?|\d+[dD]\b|%|°|[^\W\d_]+")
_NUMBER = re.compile(r"[-−]?(?:\d+(?:\.\d+)?|\.\d+)(?!\d*[dD]\b)|π|[-−]?pi\b|[-−]π")
_SEPARATOR = re.compile(r"[.;!?\n]+(?=\s|$)|[;!?]")
_ARROW = re.compile(r"-+>|=+>|→|⟶")
# 'from x = -2 to x = 3' is 'from -2 to 3'; nothing may move.
_NAMED_END = re.compile(r"(?:(?<=from )|(?<=between )|(?<= to ))[xt]\s*=\s*(?=[-−]?\d)")
_LENGTHS = {"tall": "height", "long": "length"}
_CONTENT = frozenset(
    {
        "thing",
        "collection",
        "joins",
        "act",
        "unknown",
        "colour",
        "look",
        "mark",
        "relation",
        "compared",
    }
)


@dataclass(frozen=True)
class Token:
    """One word, phrase or value, and what it is."""

    kind: str
    value: object
    text: str
    start: int
    end: int

    @property
    def is_content(self) -> bool:
        """Whether it describes something that is drawn, or should have been."""
        return self.kind in _CONTENT


def tokenise(text: str) -> list[Token]:
    """Return the tokens of a sentence."""
    text = _NAMED_END.sub(lambda found: " " * len(found[0]), text)
    pieces = list(_split(text, find_spans(text)))
    tokens: list[Token] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.kind != "word":
            tokens.append(piece)
            at += 1
            continue
        token, used = _look_up(pieces, at)
        tokens.append(token)
        at += used
    return [_reconsider(token, tokens[:n], tokens[n + 1 :]) for n, token in enumerate(tokens)]


def _reconsider(token: Token, before: list[Token], following: list[Token]) -> Token:
    """Return the meaning of a word beside its neighbours, where they change it."""
    for change in (_change_dot, _change_length, _change_colour, _change_points, _change_noun):
        changed = change(token, before, following)
        if changed is not None:
            return changed
    return token


def _change_dot(token: Token, before: list[Token], following: list[Token]) -> Token | None:
    """'from the point (1, 2)' is a place."""
    preposition = next((t.kind for t in reversed(before) if t.kind != "article"), "")
    is_place = token.value == "dot" and preposition in {"from", "to", "at", "through"}
    if not is_place or not following or following[0].kind != "point":
        return None
    return replace(token, kind="filler")


def _change_length(token: Token, before: list[Token], _: list[Token]) -> Token | None:
    """'3 units long'."""
    word = token.text.lower()
    is_measure = word in _LENGTHS and [t.kind for t in before[-1:]] in (["unit"], ["number"])
    return replace(token, kind="measure", value=_LENGTHS[word]) if is_measure else None


def _change_colour(token: Token, _: list[Token], following: list[Token]) -> Token | None:
    """'colour the square red'."""
    is_noun = token.kind == "coloured" and token.text.lower() in {"colour", "color"}
    is_verb = bool(following) and following[0].kind in {"article", "pronoun", "ordinal"}
    return replace(token, kind="act", value="recolour") if is_noun and is_verb else None


def _change_points(token: Token, before: list[Token], following: list[Token]) -> Token | None:
    """'points' with coordinates behind it are things, else the points of a star."""
    if token.kind != "measure" or token.text.lower() != "points":
        return None
    after = next((t.kind for t in following if t.kind not in {"comma", "filler", "at"}), "")
    if after == "point":
        return replace(token, kind="thing", value="points")
    is_count = [t.kind for t in before[-1:]] == ["number"]
    if is_count and "with" not in [t.kind for t in before[-2:]]:
        return replace(token, kind="thing", value="dot")
    return None


def _change_noun(token: Token, before: list[Token], following: list[Token]) -> Token | None:
    """'a label saying hello' is a text, 'the middle of three dots' one of them, axes a measure."""
    after = [t.kind for t in following[:1]]
    is_new = token.kind == "compared" and after == ["one"]
    if is_new and [t.text.lower() for t in before[-1:]] in (["a"], ["an"]):
        return replace(token, kind="look", value=("size", token.value))
    if token.kind == "label" and after == ["says"]:
        return replace(token, kind="thing", value="text")
    if token.text.lower() == "middle" and [t.kind for t in following[:2]] == ["of", "number"]:
        return replace(token, kind="ordinal", value="middle")
    if token.value == "axes" and after == ["list"] and any(t.value == "ellipse" for t in before):
        return replace(token, kind="measure", value="axes")
    return None


def _split(text: str, spans: list[Span]) -> Iterator[Token]:
    position = 0
    for span in [*spans, Span("end", None, len(text), len(text))]:
        yield from _split_words(text, position, span.start)
        if span.kind != "end":
            yield Token(span.kind, span.value, text[span.start : span.end], span.start, span.end)
        position = span.end


def _split_words(text: str, start: int, end: int) -> Iterator[Token]:
    at = start
    while at < end:
        number = _NUMBER.match(text, at, end)
        word = _WORD.match(text, at, end)
        separator = _SEPARATOR.match(text, at, end)
        if number and not (text[at] in "-−" and at > start and text[at - 1].isalnum()):
            value, stop = _read_number(text[:end], at, number)
            yield Token("number", value, text[at:stop], at, stop)
        elif word:
            stop = word.end()
            lowered = word[0].lower().replace("’", "'").removesuffix("'s")
            yield Token("word", lowered, word[0], at, stop)
        elif separator:
            stop = separator.end()
            yield Token("stop", None, text[at:stop], at, stop)
        elif arrow := _ARROW.match(text, at, end):
            stop = arrow.end()
            yield Token("to", None, arrow[0], at, stop)
        elif text[at] in ",:":
            stop = at + 1
            yield Token("comma", None, text[at], at, stop)
        else:
            stop = at + 1
        at = stop


def _read_number(text: str, at: int, match: re.Match[str]) -> tuple[float, int]:
    try:
        node, end = parse_product(text, at)
        return evaluate(node), end
    except NotMathematicsError:
        plain = _PLAIN_NUMBER.match(match[0].replace("−", "-"))
        return (float(plain[0]) if plain else 0.0), match.end()


def _look_up(pieces: list[Token], at: int) -> tuple[Token, int]:
    """Return the longest phrase that begins here, and how many words it takes."""
    lexicon = build_lexicon()
    words = []
    for piece in pieces[at : at + measure_longest()]:
        if piece.kind != "word":
            break
        words.append(str(piece.value))
    for count in range(len(words), 0, -1):
        entry = lexicon.get(" ".join(words[:count]))
        if entry is not None:
            return _join(pieces[at : at + count], entry.kind, entry.value), count
    for correct in _list_meant(words):
        entry = lexicon.get(correct)
        if entry is not None:
            count = len(correct.split())
            return _join(pieces[at : at + count], entry.kind, entry.value), count
    return _join(pieces[at : at + 1], "unknown", words[0]), 1


def _list_meant(words: list[str]) -> Iterator[str]:
    """Yield phrases in which a first word of another spelling is corrected."""
    meant = build_spelling().correct(words[0])
    if meant:
        for count in range(len(words), 0, -1):
            yield " ".join([meant, *words[1:count]])


def _join(pieces: list[Token], kind: str, value: object) -> Token:
    text = " ".join(piece.text for piece in pieces)
    return Token(kind, value, text, pieces[0].start, pieces[-1].end)
