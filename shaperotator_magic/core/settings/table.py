"""One table of settings: magic options, traits, environment variables and command-line flags.

Order of precedence: option on the line, then ``%config`` trait, then environment, then default.

Runs in every process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shaperotator_magic.core.settings.video import QUALITIES, QUALITY_LETTERS


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
    Setting(
        "like",
        str,
        None,
        "show the model one of your results as an example: its identifier or its scene's name",
        ("--like",),
        is_trait=False,
    ),
    Setting(
        "examples",
        str,
        None,
        "folder of your scenes and notes (.py, .ipynb, .md): the model sees the nearest",
        ("--examples",),
        "SHAPEROTATOR_EXAMPLES",
    ),
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
    Setting(
        "kit",
        str,
        "auto",
        "building blocks in the model's prompt: on, off, or auto, which is on for small models",
        ("--kit",),
        "SHAPEROTATOR_KIT",
        choices=("auto", "on", "off"),
    ),
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
    Setting(
        "no_cache",
        bool,
        False,
        "render again, even what was rendered before",
        ("--no-cache",),
        "SHAPEROTATOR_NO_CACHE",
    ),
    Setting(
        "no_live",
        bool,
        False,
        "draw when the model has written all, not while it writes",
        ("--no-live",),
        "SHAPEROTATOR_NO_LIVE",
    ),
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
