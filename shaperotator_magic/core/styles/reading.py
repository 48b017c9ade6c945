"""The entries of a style pack, checked one by one.

What cannot be used, a wrong key or a picture that is not there, becomes a sentence in the pack's
notes, and the rest of the pack is used.

Runs in every process.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from shaperotator_magic.core.settings.video import QUALITIES, QUALITY_LETTERS
from shaperotator_magic.core.styles.colors import MANIM_COLORS, parse_color, to_rgb
from shaperotator_magic.core.styles.contrast import READABLE, measure_contrast
from shaperotator_magic.core.styles.pack import (
    ACCENTS,
    CAPTION_PLACES,
    CORNERS,
    TITLE_PLACES,
    Mark,
    StylePack,
)
from shaperotator_magic.core.user_files.faces import read_math_family
from shaperotator_magic.core.user_files.kinds import FONTS, IMAGES, Kinds, find_kind
from shaperotator_magic.core.user_files.reading import find_within, read_bounded
from shaperotator_magic.core.user_files.refusing import InputRefused

_MOST_ENTRIES = 200
_IMAGE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
_LONGEST_TEXT = 200
_OTHER_SPELLINGS = {"colours": "colors", "grey": "gray"}


class PackReader:
    """Reads the entries of one pack onto its base, and collects what could not be used."""

    def __init__(self, folder: Path, base: StylePack) -> None:
        self.pack = base
        self.notes: list[str] = []
        self._folder = folder
        self._keys: dict[str, Callable[[str, Any], None]] = {
            "name": self._read_words,
            "about": self._read_words,
            "base": lambda *_: None,
            "colors": self._read_colors,
            "palette": self._read_palette,
            "fonts": self._read_fonts,
            "sizes": self._read_sizes,
            "line_width": self._read_number,
            "least_contrast": self._read_number,
            "mark": self._read_mark,
            "images": self._read_images,
            "title": self._read_place,
            "caption": self._read_place,
            "quality": self._read_quality,
        }

    def read(self, said: Mapping[str, Any]) -> StylePack:
        """Return the pack with everything of the mapping that can be used."""
        self._read_entries("", said, self._keys)
        self._check_text()
        self._check_formulas()
        return dataclasses.replace(self.pack, notes=(*self.pack.notes, *self.notes))

    # --- sections ---------------------------------------------------------------------

    def _read_entries(
        self, section: str, said: Any, readers: Mapping[str, Callable[[str, Any], None]]
    ) -> None:
        if not isinstance(said, Mapping):
            self._note(section, "takes keys and values", f"{section}: {{{next(iter(readers))}: …}}")
            return
        prefix = f"{section}." if section else ""
        for key, value in list(said.items())[:_MOST_ENTRIES]:
            name = _OTHER_SPELLINGS.get(str(key), str(key))
            reader = readers.get(name)
            if reader is None:
                self._note(prefix + name, "is no key of a style pack", find_nearest(name, readers))
            else:
                reader(name, value)

    def _read_words(self, key: str, value: Any) -> None:
        text = self._take_text(key, value)
        if text:
            self._set(**{key: text})

    def _read_colors(self, key: str, said: Any) -> None:
        plain = ("background", "text", "grid")
        accents = dict(self.pack.colors.accents)

        def take(name: str, value: Any) -> None:
            color = self._take_color(f"{key}.{name}", value)
            if color and name in plain:
                self._set_colors(**{name: color})
            elif color:
                accents[name] = color

        self._read_entries(key, said, dict.fromkeys((*plain, *ACCENTS), take))
        self._set_colors(accents=tuple(sorted(accents.items())))

    def _read_palette(self, key: str, said: Any) -> None:
        palette = dict(self.pack.colors.palette)

        def take(name: str, value: Any) -> None:
            color = self._take_color(f"{key}.{name}", value)
            if color:
                palette[name.upper().replace("GREY", "GRAY")] = color

        names = {name: take for known in MANIM_COLORS for name in (known, known.lower())}
        names |= {name.replace("GRAY", "GREY"): take for name in MANIM_COLORS}
        names |= {name.replace("gray", "grey"): take for name in names}
        self._read_entries(key, said, names)
        self._set_colors(palette=tuple(sorted(palette.items())))

    def _read_fonts(self, key: str, said: Any) -> None:
        def take(name: str, value: Any) -> None:
            named: dict[str, Any] = {name: self._take_text(f"{key}.{name}", value)}
            if named[name]:
                self._set(fonts=dataclasses.replace(self.pack.fonts, **named))

        self._read_entries(
            key, said, {"text": take, "formulas": take, "files": self._read_font_files}
        )

    def _read_font_files(self, key: str, value: Any) -> None:
        names = value if isinstance(value, list) else [value]
        paths = [self._find(f"fonts.{key}", name, FONTS) for name in names[:_MOST_ENTRIES]]
        files = tuple(path for path in paths if path is not None)
        self._set(fonts=dataclasses.replace(self.pack.fonts, files=files))

    def _read_sizes(self, key: str, said: Any) -> None:
        def take(name: str, value: Any) -> None:
            size = self._take_number(f"{key}.{name}", value, 6, 300)
            if size is not None:
                self._set(sizes=dataclasses.replace(self.pack.sizes, **{name: size}))

        self._read_entries(key, said, dict.fromkeys(("text", "formulas"), take))

    def _read_number(self, key: str, value: Any) -> None:
        low, high = {"line_width": (0.1, 10.0), "least_contrast": (1.0, 21.0)}[key]
        number = self._take_number(key, value, low, high)
        if number is not None:
            self._set(**{key: number})

    def _read_mark(self, key: str, said: Any) -> None:
        made: dict[str, Any] = {}

        def take_image(name: str, value: Any) -> None:
            made[name] = self._find(f"{key}.{name}", value, IMAGES)

        def take_text(name: str, value: Any) -> None:
            made[name] = self._take_text(f"{key}.{name}", value)

        def take_corner(name: str, value: Any) -> None:
            made[name] = self._take_choice(f"{key}.{name}", value, CORNERS)

        def take_number(name: str, value: Any) -> None:
            low, high = {"height": (0.05, 8.0), "opacity": (0.0, 1.0)}[name]
            made[name] = self._take_number(f"{key}.{name}", value, low, high)

        self._read_entries(
            key,
            said,
            {
                "image": take_image,
                "text": take_text,
                "corner": take_corner,
                "height": take_number,
                "opacity": take_number,
            },
        )
        given = {name: value for name, value in made.items() if value is not None}
        if given.get("image") or given.get("text"):
            self._set(mark=Mark(**given))

    def _read_images(self, key: str, said: Any) -> None:
        images = dict(self.pack.images)
        if not isinstance(said, Mapping):
            self._note(key, "takes names with their files", "images: {logo: images/logo.png}")
            return
        for name, value in list(said.items())[:_MOST_ENTRIES]:
            if not _IMAGE_NAME.fullmatch(str(name)):
                self._note(f"{key}.{name}", "is no name of an image", "letters, digits, _ and -")
                continue
            path = self._find(f"{key}.{name}", value, IMAGES)
            if path is not None:
                images[str(name)] = path
        self._set(images=tuple(sorted(images.items())))

    def _read_place(self, key: str, value: Any) -> None:
        choices = TITLE_PLACES if key == "title" else CAPTION_PLACES
        place = self._take_choice(key, value, choices)
        if place:
            self._set(**{key: place})

    def _read_quality(self, key: str, value: Any) -> None:
        word = QUALITY_LETTERS.get(str(value), value)
        quality = self._take_choice(key, word, tuple(QUALITIES))
        if quality:
            self._set(quality=quality)

    # --- values -----------------------------------------------------------------------

    def _take_text(self, key: str, value: Any) -> str | None:
        if isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST_TEXT:
            return " ".join(value.split())
        self._note(key, f"takes a text of at most {_LONGEST_TEXT} characters")
        return None

    def _take_color(self, key: str, value: Any) -> str | None:
        color = parse_color(value)
        if color is None:
            hint = 'write "#1E90FF" in quotes, or a name such as teal'
            self._note(key, f"= {_shorten(value)} is no colour", hint)
        return color

    def _take_number(self, key: str, value: Any, low: float, high: float) -> float | None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and low <= value <= high:
            return float(value)
        self._note(key, f"= {_shorten(value)} is not possible", f"{low:g} to {high:g}")
        return None

    def _take_choice(self, key: str, value: Any, choices: tuple[str, ...]) -> Any:
        word = " ".join(str(value).replace("-", " ").replace("_", " ").lower().split())
        if word in choices:
            return word
        near = find_nearest(word, choices) or f"one of {', '.join(choices)}"
        self._note(key, f"= {_shorten(value)} is not possible", near)
        return None

    def _find(self, key: str, value: Any, kinds: Kinds) -> Path | None:
        if not isinstance(value, str) or not value.strip():
            self._note(key, "takes the path of a file in the pack's folder")
            return None
        try:
            path = find_within(self._folder, value, called="the pack's folder")
            kind = find_kind(value, kinds)
            kind.describe(read_bounded(path, kind))
        except InputRefused as exc:
            self._note(key, f"= {_shorten(value)} is left out: {exc.reason}")
            return None
        return path

    # --- the pack ---------------------------------------------------------------------

    def _set(self, **fields: Any) -> None:
        self.pack = dataclasses.replace(self.pack, **fields)

    def _set_colors(self, **fields: Any) -> None:
        self._set(colors=dataclasses.replace(self.pack.colors, **fields))

    def _note(self, key: str, words: str, hint: str = "") -> None:
        self.notes.append(f"{key} {words}" + (f"; {hint}." if hint else "."))

    def _check_formulas(self) -> None:
        """Leave formulas as they are where no file of the pack is the font that is to set them."""
        fonts = self.pack.fonts
        wanted = fonts.formulas
        families = [read_math_family(path.read_bytes()) for path in fonts.files] if wanted else []
        if wanted not in ("", *families):
            found = " or ".join(filter(None, families))
            self._note(
                "fonts.formulas",
                f"= {wanted!r} is not followed: New Computer Modern sets formulas",
                f"name {found}"
                if found
                else "add an OpenType math font of that name to fonts.files",
            )
            self._set(fonts=dataclasses.replace(fonts, formulas=""))

    def _check_text(self) -> None:
        """Give a text that cannot be read on its background the colour that can, and say so."""
        colors = self.pack.colors
        contrast = measure_contrast(to_rgb(colors.text), to_rgb(colors.background))
        if contrast >= READABLE:
            return
        better = find_readable(colors.background)
        self.notes.append(
            f"colors.text {colors.text} cannot be read on {colors.background} (contrast "
            f"{contrast:.1f}, at least {READABLE:g} is needed); {better} is used."
        )
        self._set_colors(text=better)


def find_readable(background: str) -> str:
    """Return black or white, whichever is read better on a background."""
    behind = to_rgb(background)
    return max(("#000000", "#FFFFFF"), key=lambda color: measure_contrast(to_rgb(color), behind))


def find_nearest(name: str, known: Any) -> str:
    """Return a hint with the key that was meant, or with all of them."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    if near:
        return f"'{near[0]}' is the nearest"
    few = list(known)[:16]
    return f"it takes {', '.join(few)}" if few else ""


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004
