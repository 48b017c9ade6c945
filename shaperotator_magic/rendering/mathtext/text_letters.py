"""Letters of text: ligatures, accents, dots, logos, ends of sentences.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from shaperotator_magic.core.errors import FormulaError
from shaperotator_magic.rendering.mathtext import nodes, symbols, text_tables
from shaperotator_magic.rendering.mathtext.nodes import Face, Node, Word

_EXPECTED_MATH = symbols.SYMBOLS.keys() | symbols.FUNCTIONS.keys() | {"frac", "sqrt", "sum"}


def apply_ligatures(letters: str, face: Face) -> str:
    """Return what typed letters stand for: quotes and dashes."""
    if face.family == "mono":
        return letters
    for typed, sign in text_tables.LIGATURES:
        letters = letters.replace(typed, sign)
    return letters


def compose_accent(name: str, letter: str) -> str:
    """Return a letter with the accent of a command."""
    letter = {"\\i": "i", "\\j": "j"}.get(letter, letter) or " "
    accented = unicodedata.normalize("NFC", letter[0] + text_tables.ACCENTS[name])
    return accented + letter[1:]


def build_dots(face: Face) -> list[Node]:
    """Return three full stops, each with its space: no font of LaTeX holds them as one sign."""
    space = nodes.Space(text_tables.DOT_SPACE_EM * face.size)
    return [Word(".", face), space, Word(".", face), space, Word(".", face), space]


def build_logo(name: str, face: Face) -> list[Node]:
    r"""Return ``\TeX`` or ``\LaTeX``."""
    found: list[Node] = []
    for letter, size, raised_em, space_em in text_tables.LOGOS[name]:
        word = Word(letter, replace(face, size=face.size * size))
        found.append(nodes.Raised(word, raised_em) if raised_em else word)
        if space_em:
            found.append(nodes.Space(space_em))
    return found


def ends_sentence(text: str) -> bool:
    """Return whether TeX widens the space behind: not behind the full stop of an initial."""
    ended = text.rstrip(text_tables.TRANSPARENT)
    return ended.endswith(text_tables.SENTENCE_ENDS) and not ended[-2:-1].isupper()


def build_unknown_error(name: str) -> FormulaError:
    """Return the error of a command that text does not know."""
    if name in _EXPECTED_MATH:
        return FormulaError(
            f"\\{name} stands in text, outside a formula.",
            hint=f"Write $\\{name}$, between dollars, or use MathTex.",
        )
    return FormulaError(
        f"Formulas are set without LaTeX here, and \\{name} is not known in text.",
        hint="Use \\textbf, \\textit, \\emph, \\large, $…$, or install LaTeX.",
    )
