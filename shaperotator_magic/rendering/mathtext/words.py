"""Words of text -> Typst: faces, small capitals, and accents as LaTeX's fonts have them.

LaTeX's text fonts (OT1) hold no accented letters. An accent is a glyph of its own, drawn before the
letter above which it stands, and after the letter below which it stands.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator

from shaperotator_magic.rendering.mathtext import nodes, symbols
from shaperotator_magic.rendering.mathtext.typst_syntax import write_string

MakeLeaf = Callable[[str | None, str], str]
"""Returns the name of a new leaf of a colour and a shape."""

ABOVE = "accent:above"
BELOW = "accent:below"
_MARKS = {
    **dict.fromkeys("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c", ABOVE),
    "\u0327": ABOVE,  # a cedilla is drawn before its letter, too
    **dict.fromkeys("\u0323\u0331", BELOW),
}
_PART_COUNT = 2  # a letter and one mark
_OTHER_LIGATURES = re.compile(r"f(?=[bhjkt])")
_FAMILIES = {"sans": "sf", "mono": "tt"}


def write_word(word: nodes.Word, make_leaf: MakeLeaf, hash_sign: str) -> str:
    """Return calls of the preamble's functions that set a word.

    Parameters
    ----------
    hash_sign
        What stands before code here: a hash in math, nothing in text, where each call begins with
        one.
    """
    options = "".join(f",{key}:{hash_sign}{value}" for key, value in _list_options(word.face))
    function = "tw" if word.face.family == "serif" else "tm"
    start = "" if hash_sign else "#"
    written = []
    for part, shape in split_at_accents(word.text):
        text = _style(part, word.face)
        name = make_leaf(word.face.color, shape)
        written.append(f"{start}{function}({hash_sign}{name},{write_string(text)}{options})")
    return "".join(written)


def split_at_accents(text: str) -> Iterator[tuple[str, str]]:
    """Return the parts of a text, accented letters alone, each with the shape of its leaf."""
    for shape, letters in itertools.groupby(text, find_accent):
        if shape:
            yield from ((letter, shape) for letter in letters)
        else:
            yield "".join(letters), ""


def find_accent(letter: str) -> str:
    """Return the shape of an accented letter, '' for any other."""
    parts = unicodedata.normalize("NFD", letter)
    return _MARKS.get(parts[1], "") if len(parts) == _PART_COUNT else ""


def _list_options(face: nodes.Face) -> Iterator[tuple[str, str]]:
    if face.is_bold:
        yield "weight", '"bold"'
    if face.size != 1.0:
        yield "size", f"{10 * face.size:.4g}pt"
    if face.is_italic:
        yield "style", '"italic"'
    if face.is_small_caps:
        yield "features", '("smcp",)'


def _style(text: str, face: nodes.Face) -> str:
    if face.family != "serif":
        return "".join(_style_letter(letter, _FAMILIES[face.family]) for letter in text)
    # TeX's roman has ligatures of f with f, i and l only.
    return _OTHER_LIGATURES.sub("f\u200c", text)


def _style_letter(letter: str, alphabet: str) -> str:
    is_known = letter.isascii() and letter.isalnum()
    return symbols.style_letter(letter, alphabet) if is_known else letter
