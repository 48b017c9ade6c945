"""Values that no run could use are refused where they are set.

Imports nothing heavy: ``%load_ext`` reads it.

Runs in every process.
"""

from __future__ import annotations

from typing import Any

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.settings.table import Setting
from shaperotator_magic.core.settings.video import read_pixel_size


def check_value(row: Setting, value: Any) -> None:
    """Refuse a value that no run could use, whoever sets it.

    Raises
    ------
    ConfigurationError
        It is not among the choices, out of bounds, or no resolution.
    """
    taken = f"It takes {', '.join(row.choices)}."
    is_wrong = bool(row.choices) and value not in row.choices
    if row.bounds is not None and not row.bounds[0] <= value <= row.bounds[1]:
        taken = f"It takes {row.bounds[0]:g} to {row.bounds[1]:g}."
        is_wrong = True
    if is_wrong:
        raise ConfigurationError(f"{row.name}={value!r} is not possible.", hint=taken)
    if row.name == "resolution":
        read_pixel_size("low", value)
