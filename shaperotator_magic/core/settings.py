"""One table of settings: magic options, traits, environment variables and command-line flags.

Imports nothing of ours, and nothing heavy: ``%load_ext`` reads it.
Order of precedence: option on the line, then ``%config`` trait, then environment, then default.

Runs in every process.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from shaperotator_magic.core.errors import ConfigurationError

QUALITIES: dict[str, tuple[int, int, int]] = {
    # name: width in pixels, height in pixels, frames per second; manim's own presets
    "low": (854, 480, 15),
    "medium": (1280, 720, 30),
    "high": (1920, 1080, 60),
    "production": (2560, 1440, 60),
    "fourk": (3840, 2160, 60),
}
QUALITY_LETTERS = {"l": "low", "m": "medium", "h": "high", "p": "production", "k": "fourk"}


@dataclass(frozen=True)
class Setting:
    """One row: ``flags`` are the option strings, ``env`` the environment variable."""

    name: str
    kind: type
    default: Any
    help: str
    flags: tuple[str, ...] = ()
    env: str | None = None
    unit: str | None = None
    choices: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None  # the smallest and the largest value
    is_trait: bool = True
    bare: str | None = None  # what the flag means in a cell where no value follows it


_KIT_HELP = "building blocks in the model's prompt: on, off, or auto, which is on for small models"
_KIT_CHOICES = ("auto", "on", "off")
_KIT = Setting("kit", str, "auto", _KIT_HELP, ("--kit",), "SHAPEROTATOR_KIT", choices=_KIT_CHOICES)
_LIVE_HELP = "draw when the model has written all, not while it writes"
_LIVE = Setting("no_live", bool, False, _LIVE_HELP, ("--no-live",), "SHAPEROTATOR_NO_LIVE")
_LIKE_HELP = "show the model one of your results as an example: its identifier or its scene's name"
_LIKE = Setting("like", str, None, _LIKE_HELP, ("--like",), is_trait=False)
_EXAMPLES_HELP = "folder of your scenes and notes (.py, .ipynb, .md): the model sees the nearest"
_EXAMPLES = Setting("examples", str, None, _EXAMPLES_HELP, ("--examples",), "SHAPEROTATOR_EXAMPLES")
_UNCACHED_HELP = "render again, even what was rendered before"
_UNCACHED = Setting(
    "no_cache", bool, False, _UNCACHED_HELP, ("--no-cache",), "SHAPEROTATOR_NO_CACHE"
)
SETTINGS: tuple[Setting, ...] = (
    Setting(
        "model",
        str,
        None,
        "language model that writes the scene; none: the built-in library",
        ("--model",),
        "SHAPEROTATOR_MODEL",
    ),
    Setting(
        "base_url",
        str,
        None,
        "address of an OpenAI-compatible server, such as http://localhost:11434/v1",
        ("--base-url",),
        "OPENAI_BASE_URL",
    ),
    Setting(
        "quality",
        str,
        "low",
        "low 480p15, medium 720p30, high 1080p60, production 1440p60, fourk 2160p60",
        ("-q", "--quality"),
        "SHAPEROTATOR_QUALITY",
        choices=(*QUALITY_LETTERS, *QUALITIES),
    ),
    Setting(
        "resolution",
        str,
        None,
        "720p or 1280x720; overrides the size that quality sets",
        ("-r", "--resolution"),
        "SHAPEROTATOR_RESOLUTION",
        unit="px",
    ),
    Setting(
        "fps",
        int,
        None,
        "frames per second; overrides the rate that quality sets",
        ("--fps",),
        "SHAPEROTATOR_FPS",
        unit="1/s",
        bounds=(1, 120),
    ),
    Setting("name", str, None, "name of the scene class", ("--name",), is_trait=False),
    Setting(
        "refine",
        str,
        None,
        "change an earlier scene in words: its identifier or its scene's name; alone: the last one",
        ("--refine",),
        is_trait=False,
        bare="last",
    ),
    _LIKE,
    _EXAMPLES,
    Setting(
        "renderer",
        str,
        "auto",
        "worker: a process of its own; kernel: manim's %%manim in this kernel",
        ("--renderer",),
        "SHAPEROTATOR_RENDERER",
        choices=("auto", "worker", "kernel"),
    ),
    Setting(
        "math",
        str,
        "auto",
        "formulas: typst needs no LaTeX; auto: typst, and LaTeX where it lacks a command",
        ("--math",),
        "SHAPEROTATOR_MATH",
        choices=("auto", "latex", "typst"),
    ),
    Setting(
        "offline",
        bool,
        False,
        "write with the built-in library, even where a model is configured",
        ("--offline",),
        "SHAPEROTATOR_OFFLINE",
    ),
    Setting(
        "with_",
        str,
        "",
        "kernel variables that the scene may use, such as A,df",
        ("--with",),
        is_trait=False,
    ),
    Setting(
        "inputs",
        str,
        "",
        "pictures, drawings, tables and fonts that the scene may use: cat.png,logo.svg,points.csv",
        ("--input",),
        is_trait=False,
    ),
    Setting(
        "send_values",
        bool,
        False,
        "tell the model the values of these variables, too, up to 2000 characters of each",
        ("--send-values",),
        "SHAPEROTATOR_SEND_VALUES",
    ),
    Setting(
        "background",
        bool,
        False,
        "return at once and go on while other cells run",
        ("--background",),
        is_trait=False,
    ),
    Setting(
        "attempts",
        int,
        3,
        "how often the model may try; 1: no repair",
        ("--attempts",),
        "SHAPEROTATOR_ATTEMPTS",
        bounds=(1, 10),
    ),
    Setting(
        "reply_timeout_s",
        float,
        600.0,
        "how long one reply of the model may take from the request to its last word",
        ("--reply-timeout",),
        "SHAPEROTATOR_REPLY_TIMEOUT",
        unit="s",
        bounds=(0.001, 86400),
    ),
    Setting(
        "level",
        str,
        None,
        "whom the model explains it to: beginner, intermediate or expert",
        ("--level",),
        "SHAPEROTATOR_LEVEL",
        choices=("beginner", "intermediate", "expert"),
    ),
    _KIT,
    Setting(
        "style",
        str,
        None,
        "a style pack: dark, paper, chalk, contrast, print, a folder or a file; or words for the "
        "model, such as 'chalk colours on dark green'",
        ("--style",),
        "SHAPEROTATOR_STYLE",
    ),
    Setting(
        "timeout_s",
        float,
        180.0,
        "how long drawing may take; the rehearsal of a model's scene has as long again",
        ("--timeout",),
        "SHAPEROTATOR_TIMEOUT",
        unit="s",
        bounds=(0.001, float("inf")),
    ),
    Setting(
        "still", bool, False, "a picture of the last frame, no video", ("--still",), is_trait=False
    ),
    Setting(
        "code_only",
        bool,
        False,
        "write, check and inject the scene; do not render it",
        ("--code-only",),
        is_trait=False,
    ),
    Setting(
        "seed",
        int,
        None,
        "seed of the model's and the scene's random numbers",
        ("--seed",),
        "SHAPEROTATOR_SEED",
    ),
    _UNCACHED,
    _LIVE,
    Setting(
        "remote",
        str,
        None,
        "address of a service that does the work, such as https://shapes.example",
        ("--remote",),
        "SHAPEROTATOR_REMOTE",
    ),
    Setting(
        "token",
        str,
        None,
        "token for that service; better in the environment than in a cell",
        ("--token",),
        "SHAPEROTATOR_TOKEN",
    ),
    Setting(
        "data_dir",
        str,
        None,
        "folder of videos and of the store; default: the user's data folder",
        (),
        "SHAPEROTATOR_DATA_DIR",
    ),
)


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


def find_data_dir(configured: str | None = None) -> Path:
    """Return the folder for videos and the store; it is not created here."""
    return _find_configured(configured) or platformdirs.user_data_path("shaperotator")


def find_cache_dir(configured: str | None = None) -> Path:
    """Return the folder for what can be made again; a configured data folder holds that, too."""
    return _find_configured(configured) or platformdirs.user_cache_path("shaperotator")


def _find_configured(configured: str | None) -> Path | None:
    chosen = configured or os.environ.get("SHAPEROTATOR_DATA_DIR")
    return Path(chosen).expanduser() if chosen else None


def read_pixel_size(quality: str, resolution: str | None) -> tuple[int, int]:
    """Return width and height in pixels; both even, as H.264 needs.

    Raises
    ------
    ConfigurationError
        ``resolution`` is neither ``720p`` nor ``1280x720``, or outside 64..7680.
    """
    if not resolution:
        return QUALITIES[quality][:2]
    text = resolution.strip().lower().removesuffix("p")
    width_text, _, height_text = text.replace(",", "x").rpartition("x")
    try:
        height = int(height_text)
        width = int(width_text) if width_text else round(height * 16 / 9)
    except ValueError:
        width = height = 0
    if not (64 <= width <= 7680 and 64 <= height <= 4320):  # noqa: PLR2004 - stated above
        raise ConfigurationError(
            f"Resolution {resolution!r} is not understood.",
            hint="Write a height such as 720p, or width x height such as 1280x720.",
            setting="resolution",
        )
    return width + width % 2, height + height % 2
