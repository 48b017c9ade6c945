"""The record of a style pack, and its digest. Pure: it reads no file but those that it digests.

Runs in every process.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from shaperotator_magic.core.settings.video import QUALITIES
from shaperotator_magic.core.styles.contrast import VISIBLE_CONTRAST

Corner = Literal["top left", "top right", "bottom left", "bottom right"]
CORNERS: tuple[Corner, ...] = ("top left", "top right", "bottom left", "bottom right")
TITLE_PLACES = ("top", "top left", "top right")
CAPTION_PLACES = ("bottom", "bottom left", "bottom right")
ACCENTS = ("primary", "secondary", "positive", "negative", "highlight", "warning")
"""Accents by meaning: what manim calls BLUE, PURPLE, GREEN, RED, YELLOW and ORANGE."""


FONT_FOLDER = "fonts"
"""Where a pack's fonts lie in the folder of a scene."""


@dataclass(frozen=True)
class Fonts:
    """The faces of texts and of formulas by name ("" is the default), and the pack's own files.

    The face of formulas is that of one of the files, with a table of mathematics.
    """

    text: str = ""
    formulas: str = ""
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Colors:
    """Colours as ``#RRGGBB``.

    ``accents`` are pairs of a meaning and a colour; a meaning without a colour keeps manim's own.
    ``palette`` are pairs of one of manim's names, such as ``BLUE_E``, and its colour.
    """

    background: str = "#000000"
    text: str = "#FFFFFF"
    grid: str = ""
    accents: tuple[tuple[str, str], ...] = ()
    palette: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sizes:
    """Font sizes in points where the scene gives none; None is manim's own."""

    text: float | None = None
    formulas: float | None = None


@dataclass(frozen=True)
class Mark:
    """A picture or a few words in a corner of every frame, behind what the scene draws.

    ``height`` is in manim's units, of which a frame is 8 high.
    """

    image: Path | None = None
    text: str = ""
    corner: Corner = "bottom right"
    height: float = 0.4
    opacity: float = 0.8


@dataclass(frozen=True)
class StylePack:
    """How scenes look: everything of it but ``name``, ``about`` and ``notes`` decides the picture.

    ``line_width`` is a factor on all strokes. ``least_contrast`` is what the layout rules ask of
    texts. ``images`` are pairs of a name and a file, which
    scenes draw by ``ImageMobject(name)`` or ``SVGMobject(name)``. ``title`` and ``caption`` are
    the places of manim's ``Title`` and of the library's titles and captions; "" leaves them.
    ``notes`` are sentences on what of the pack could not be used.
    """

    name: str
    about: str = ""
    colors: Colors = Colors()
    fonts: Fonts = Fonts()
    sizes: Sizes = Sizes()
    line_width: float = 1.0
    least_contrast: float = VISIBLE_CONTRAST
    mark: Mark | None = None
    images: tuple[tuple[str, Path], ...] = ()
    title: str = ""
    caption: str = ""
    quality: str | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Refuse values that no file and no program should have made."""
        assert self.quality is None or self.quality in QUALITIES  # noqa: S101 - parsers check it

    @property
    def pictures(self) -> tuple[str, ...]:
        """The names of the images in the scene's folder."""
        return tuple(name + path.suffix.lower() for name, path in self.images)

    @property
    def files(self) -> tuple[tuple[str, Path], ...]:
        """The files that a scene needs, each with its name in the scene's folder."""
        paths = (path for _, path in self.images)
        named = list(zip(self.pictures, paths, strict=True))
        faces = enumerate(self.fonts.files, start=1)  # of several folders, maybe of one name
        named += [(f"{FONT_FOLDER}/{number}-{path.name}", path) for number, path in faces]
        if self.mark is not None and self.mark.image is not None:
            named.append((f"mark{self.mark.image.suffix.lower()}", self.mark.image))
        return tuple(named)

    @property
    def digest(self) -> str:
        """A hash of all that decides the picture; empty where that is what manim itself draws."""
        look = {**asdict(self), "files": [[name, _hash(path)] for name, path in self.files]}
        for told_elsewhere in ("name", "about", "notes", "quality", "images"):
            del look[told_elsewhere]
        look["fonts"]["files"] = []
        if look["mark"] is not None:
            look["mark"]["image"] = None
        if look == _PLAIN:
            return ""
        return hashlib.sha256(json.dumps(look, sort_keys=True).encode()).hexdigest()


def _hash(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


_PLAIN: dict[str, Any] = {
    "colors": asdict(Colors()),
    "fonts": asdict(Fonts(files=())) | {"files": []},
    "sizes": asdict(Sizes()),
    "line_width": 1.0,
    "least_contrast": VISIBLE_CONTRAST,
    "mark": None,
    "title": "",
    "caption": "",
    "files": [],
}
