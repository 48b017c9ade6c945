"""TeX's lengths, in em of a 10 pt font.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import re

from shaperotator_magic.core.errors import FormulaError

# LaTeX's article at 10 pt breaks its lines at this width.
LINE_WIDTH_PT = 345.0
_PT_IN_EM = 0.1
# In points; the font is cmr10.
_POINTS = {
    "pt": 1.0, "em": 10.0, "ex": 4.30554, "mu": 10 / 18, "cm": 28.45274, "mm": 2.845274,
    "in": 72.27, "bp": 1.00375, "pc": 12.0, "px": 1.0, "dd": 1.07, "sp": 1 / 65536,
    **dict.fromkeys((r"\textwidth", r"\linewidth", r"\columnwidth", r"\hsize"), LINE_WIDTH_PT),
    r"\baselineskip": 12.0,
}  # fmt: skip
_LENGTH = re.compile(r"\s*([-+]?\d*[.,]?\d*)\s*(\\?[a-z]+)")


def read_length(text: str) -> float:
    """Return a length in em; what may stretch does not.

    Raises
    ------
    FormulaError
        It is no length.
    """
    found = _LENGTH.match(text)
    if not found or found[2] not in _POINTS:
        raise FormulaError(
            f"'{text.strip()}' in the formula is not a length.", hint="Write 1em, 5pt or 2cm."
        )
    number = found[1].replace(",", ".")
    factor = float(number) if number not in {"", "-", "+"} else float(number + "1")
    return factor * _POINTS[found[2]] * _PT_IN_EM
