"""Settings from the environment, and as arguments of commands.

Runs in every process.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.settings.table import SETTINGS, Setting


def build_argument(row: Setting, *, may_be_bare: bool = False) -> dict[str, Any]:
    """Return the arguments of argparse's ``add_argument`` beside the flags (default None).

    Parameters
    ----------
    may_be_bare
        A flag may stand alone where the row says what that means; a command whose sentence could
        be taken for the flag's value does not allow it.
    """
    unit = f" [{row.unit}]" if row.unit else ""
    details: dict[str, Any] = {"help": row.help + unit, "dest": row.name, "default": None}
    if row.kind is bool:
        return {**details, "action": "store_true"}
    if row.choices:
        # The first letter, for the quality's many names would fill the line of usage.
        details |= {"choices": row.choices, "metavar": row.name[0].upper()}
    if row.bare and may_be_bare:
        details |= {"nargs": "?", "const": row.bare}
    return {**details, "type": row.kind}


def read_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the settings that the environment sets, converted and checked.

    Raises
    ------
    ConfigurationError
        A variable holds a value that the setting does not take.
    """
    rows = ((row, environ.get(row.env, "")) for row in SETTINGS if row.env)
    return {row.name: _convert(row, text) for row, text in rows if text}


def _convert(row: Setting, text: str) -> Any:
    try:
        value = _parse_bool(text) if row.kind is bool else row.kind(text)
    except ValueError as exc:
        raise ConfigurationError(
            f"{row.env}={text!r} is not {_describe_kind(row)}.",
            hint=f"Set {row.env} to {_describe_kind(row)}, or unset it.",
            setting=row.name,
        ) from exc
    if row.choices and value not in row.choices:
        raise ConfigurationError(
            f"{row.env}={text!r} is not one of {', '.join(row.choices)}.",
            hint=f"Set {row.env} to one of them, or unset it.",
            setting=row.name,
        )
    return value


def _describe_kind(row: Setting) -> str:
    return {int: "a whole number", float: "a number", bool: "0 or 1"}.get(row.kind, "a text")


def _parse_bool(text: str) -> bool:
    lowered = text.strip().lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise ValueError(text)
