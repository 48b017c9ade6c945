"""Distributions in a statistician's notation: B(12, 0.3), N(0, 1), Po(4). Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math
import re

from shaperotator_magic.writing.reading.scan import Scan, read_constant, tidy
from shaperotator_magic.writing.reading.values import Kind

_ENTRY = r"\s*([^\s(),;=]{1,12})\s*"
_BINOMIAL = re.compile(rf"(?<![\w.^])(?:B|Bin|Binom|[Bb]inomial)\s*\({_ENTRY}[,;]{_ENTRY}\)")
_NORMAL = re.compile(
    rf"(?<!point )(?<!points )(?<![\w.^])(?:N|𝒩|[Nn]ormal)\s*\({_ENTRY}[,;]{_ENTRY}\)"
)
_POISSON = re.compile(rf"(?<![\w.^])(?:Po|Pois?|[Pp]oisson)\s*\({_ENTRY}\)")
_ANOTHER_POINT = re.compile(r"(?<![\w.^])[AC-MO-Z]\s*\([^(),]+,[^(),]+\)")


def read_distributions(scan: Scan) -> None:
    """Find distributions with their parameters; the second one of N is the variance."""
    if _ANOTHER_POINT.search(scan.plain):
        return  # A(1, 2), B(3, 4): corners
    for match in _BINOMIAL.finditer(scan.plain):
        trials, probability = read_constant(match[1]), read_constant(match[2])
        if isinstance(trials, int) and probability is not None and 0 < probability < 1:
            _add(scan, match, {"n": trials, "p": probability})
    for match in _NORMAL.finditer(scan.plain):
        mean, variance = read_constant(match[1]), read_constant(match[2])
        if mean is not None and variance is not None and variance > 0:
            _add(scan, match, {"μ": mean, "σ": tidy(round(math.sqrt(variance), 4))})
    for match in _POISSON.finditer(scan.plain):
        rate = read_constant(match[1])
        if rate is not None:
            _add(scan, match, {"λ": rate})


def _add(scan: Scan, match: re.Match[str], parameters: dict[str, float | int]) -> None:
    """Take each entry as a value with its usual letter, and what is around them as none."""
    if not scan.is_free(*match.span()):
        return
    for group, (letter, number) in enumerate(parameters.items(), start=1):
        kind: Kind = "integer" if isinstance(number, int) else "number"
        scan.add(kind, number, match.span(group), label=letter)
    scan.take(*match.span())
