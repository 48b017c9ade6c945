"""What a model gets to know of the user's files: name, kind, size, columns; no content. Pure.

Names of columns come from the file: they are quoted as JSON, so that they stay data.

Runs in the caller's process, or in the service's relay process.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from shaperotator_magic.core.scene_inputs import SceneInput

_HEAD = (
    "These files of the user's are beside the scene. Unlike others, they may be read, inside "
    "construct, by these names written out, and by these calls:"
)
_MOST_COLUMNS = 30


def describe_inputs(inputs: Sequence[SceneInput]) -> str:
    """Return a line for each file, with the call that reads it."""
    return "\n".join([_HEAD, *("- " + _describe(given) for given in inputs)])


def _describe(given: SceneInput) -> str:
    name = json.dumps(given.name, ensure_ascii=False)
    if given.kind == "picture":
        size = f"{given.width_px} x {given.height_px} pixels"
        return f"{name}, a picture of {size}: ImageMobject({name}).scale_to_fit_height(4)"
    if given.kind == "drawing":
        return f"{name}, a drawing: SVGMobject({name}, height=3)"
    if given.kind == "font":
        family = json.dumps(given.family, ensure_ascii=False)
        return f'{name}, a font: Text("...", font={family})'
    return f"{name}, a table of {given.rows} rows; {_describe_columns(given)}. {_read(name, given)}"


def _describe_columns(given: SceneInput) -> str:
    named = [
        f"{at} {json.dumps(column.name, ensure_ascii=False)} "
        f"({'numbers' if column.is_numeric else 'text'})"
        for at, column in enumerate(given.columns[:_MOST_COLUMNS])
    ]
    more = len(given.columns) - len(named)
    return "columns " + ", ".join(named) + (f" and {more} more" if more else "")


def _read(name: str, given: SceneInput) -> str:
    columns = given.numeric_columns[:2] or (0,)
    kind = "" if given.numeric_columns else ", dtype=str"
    skipped = f", skip_header={int(given.has_header)}"
    return (
        f"rows = np.genfromtxt({name}, delimiter={json.dumps(given.delimiter)}{skipped}, "
        f'usecols={columns!r}, encoding="utf-8"{kind}); text columns with dtype=str'
    )
