"""Reads every value of a sentence, before anything is known of what it is about. Pure.

One reader a notation, in an order in which what is longer is found first; each takes its part of
the text, so that a number inside a matrix is not also a number.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from shaperotator_magic.writing.languages import Language, detect_language
from shaperotator_magic.writing.reading.distributions import read_distributions
from shaperotator_magic.writing.reading.equations import read_curves, read_expressions
from shaperotator_magic.writing.reading.functions import read_functions, read_spoken
from shaperotator_magic.writing.reading.groups import (
    read_bare_lists,
    read_brackets,
    read_complex,
    read_matrices,
    read_shapes,
    read_sums,
    read_vectors,
)
from shaperotator_magic.writing.reading.quantities import (
    read_fractions,
    read_number_words,
    read_numbers,
    read_ordinals,
    read_ranges,
    read_shares,
    share_units,
)
from shaperotator_magic.writing.reading.scan import Scan
from shaperotator_magic.writing.reading.values import Value

_LONGEST = 4000  # characters of a sentence that are read
_QUOTED = re.compile(r"[\"“„«「]([^\"”“»」]{1,80})[\"”“»」]")


def _read_quoted(scan: Scan) -> None:
    for match in _QUOTED.finditer(scan.plain):
        scan.add("text", match[1], match.span())


_READERS: tuple[Callable[[Scan], None], ...] = (
    _read_quoted,
    read_matrices,
    read_shapes,
    read_distributions,
    read_curves,
    read_brackets,
    read_ranges,
    read_vectors,
    read_complex,
    read_spoken,
    read_expressions,
    read_sums,
    read_fractions,
    read_shares,
    read_ordinals,
    read_numbers,
    read_number_words,
    share_units,
    read_bare_lists,
    read_functions,
)


def read_values(text: str, language: Language | None = None) -> tuple[Value, ...]:
    """Return the values of a sentence in the order in which they stand there.

    Parameters
    ----------
    text
        The sentence, in any of the languages that there is a file of.
    language
        Its language; found from its words by default.
    """
    text = text[:_LONGEST]
    scan = Scan(text, language or detect_language(text))
    for read in _READERS:
        read(scan)
    return tuple(sorted(scan.values, key=lambda value: value.start))
