"""Merge the layers of settings into the Options of one run.

Joins settings and records, and imports nothing else of ours.

Runs in every process.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shaperotator_magic.core.errors import ConfigurationError
from shaperotator_magic.core.records import Options
from shaperotator_magic.core.settings.table import SETTINGS
from shaperotator_magic.core.settings.video import QUALITY_LETTERS, read_pixel_size


def merge_settings(*layers: Mapping[str, Any]) -> dict[str, Any]:
    """Merge settings: for each, the first layer with a value other than None wins.

    An option switched on by a lower layer (``offline``, ``no_cache``) stays on: a flag on the
    line can only add.
    """
    merged: dict[str, Any] = {}
    for row in SETTINGS:
        said = [layer.get(row.name) for layer in layers]
        values = [value for value in said if not (value is None or value is False or value == "")]
        merged[row.name] = values[0] if values else row.default
    return merged


def build_options(merged: Mapping[str, Any], *, manim_args: tuple[str, ...] = ()) -> Options:
    """Return the checked options of one run.

    Raises
    ------
    ConfigurationError
        A value is out of range, or two options contradict each other.
    """
    quality = merged["quality"]
    fields = {name: merged[name] for name in Options.model_fields if name in merged}
    fields["quality"] = QUALITY_LETTERS.get(quality, quality)
    if fields["resolution"]:
        # As the service takes it, too.
        fields["resolution"] = fields["resolution"].strip().lower().replace("×", "x")
    fields["name"] = _read_class_name(fields.get("name"))
    fields["cache"] = not merged["no_cache"]
    fields["live"] = not merged["no_live"]
    fields["manim_args"] = manim_args
    if manim_args and fields["renderer"] == "worker":
        raise ConfigurationError(
            "Manim's own flags (after --) go to the kernel renderer only.",
            hint="Leave out --renderer worker, or the flags.",
            setting="renderer",
        )
    try:
        options = Options(**fields)
    except ValidationError as exc:
        first = exc.errors()[0]
        name = str(first["loc"][0])
        raise ConfigurationError(
            f"{name.removesuffix('_s')}={fields[name]!r} is not possible: {first['msg'].lower()}.",
            hint="'%shaperotate help' lists the options and what they take.",
            setting=name,
        ) from exc
    read_pixel_size(options.quality, options.resolution)
    return options


def _read_class_name(given: str | None) -> str | None:
    """Return the name for a scene class, without quotation marks of the command line."""
    name = given.strip("'\"") if given else None
    if name and (not name.isidentifier() or keyword.iskeyword(name)):
        raise ConfigurationError(
            f"--name {name!r} cannot be the name of a class.",
            hint="Write letters, digits and _, no spaces: --name UnitCircle",
            setting="name",
        )
    return name


def read_variable_names(text: str) -> tuple[str, ...]:
    """Return the names in ``A,df`` in order, each once.

    Raises
    ------
    ConfigurationError
        One of them is not a Python name.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if not name.isidentifier():
            raise ConfigurationError(
                f"--with {name!r} is not the name of a variable.",
                hint="Write names and commas without spaces: --with A,df",
                setting="with_",
            )
    return tuple(dict.fromkeys(names))
