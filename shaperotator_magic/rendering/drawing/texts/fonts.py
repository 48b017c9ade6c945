"""The package's faces in manim's texts, and a look at every letter before it is drawn.

manim gives each text to one of two functions of manimpango. Around these two, a family that the
text does not name becomes the package's, and a character that no font has becomes an error or a
note: Pango would draw a box in its place.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import MissingGlyphsError
from shaperotator_magic.core.records import FontChoice
from shaperotator_magic.core.styles.fonts.machine import FAMILIES, MONO, list_faces
from shaperotator_magic.core.styles.fonts.scripts import is_chinese, name_package, name_script
from shaperotator_magic.rendering.drawing.texts.direction import embed_right_to_left
from shaperotator_magic.rendering.drawing.texts.glyphs import Shaped, forget_fonts, shape

NoteListener = Callable[[str], None]

_SANS = ",".join(FAMILIES)
_BUNDLED = {
    "": _SANS,
    "sans": _SANS,
    "sans-serif": _SANS,
    "monospace": f"{MONO},{_SANS}",
}
# Families whose Han characters have the forms of simplified Chinese: of the usual fonts for all of
# East Asia, Pango takes the Japanese one where nothing else is said.
_CHINESE = "Noto Sans CJK SC,Noto Sans SC,Source Han Sans SC,Source Han Sans CN"
_GENERIC = {*_BUNDLED, "mono", "serif", "system-ui"}
_MOST_SHOWN = 12
_AFTER_TEXT = ("pango_width",)  # arguments of manimpango's text2svg
_OWN = "Shaperotator "


def install(choice: FontChoice, on_note: NoteListener) -> Callable[[], None]:
    """Let manim's texts use the chosen fonts; returns a function that undoes it.

    Parameters
    ----------
    on_note
        Called with a sentence for every font of the machine that draws what the package's faces
        lack, and, where the machine chooses the fonts, for what none of them has.
    """
    import manimpango  # type: ignore[import-untyped]

    check = _GlyphCheck(choice, on_note)
    markup: Any = manimpango.MarkupUtils
    set_text, set_markup = manimpango.text2svg, markup.text2svg

    @functools.wraps(set_text)
    def set_checked_text(settings: Any, *args: Any, **options: Any) -> Any:
        if "orig_text" not in options:
            options["orig_text"] = args[8]
            options |= zip(_AFTER_TEXT, args[9:], strict=False)
        text = options["orig_text"]
        chosen = [_choose(setting, choice, text) for setting in settings]
        for setting in chosen:
            check.look_at(text[setting.start : setting.end], setting.font)
        options["orig_text"], chosen = embed_right_to_left(text, chosen)
        return set_text(chosen, *args[:8], **options)

    @functools.wraps(set_markup)
    def set_checked_markup(text: str, font: str | None, *args: Any, **options: Any) -> Any:
        family = choose_family(font or "", choice, text)
        check.look_at(text, family, is_markup=True)
        return set_markup(text, family, *args, **options)

    manimpango.text2svg = set_checked_text
    markup.text2svg = staticmethod(set_checked_markup)

    def undo() -> None:
        manimpango.text2svg = set_text
        markup.text2svg = staticmethod(set_markup)

    return undo


@contextlib.contextmanager
def installed(choice: FontChoice, on_note: NoteListener) -> Iterator[None]:
    """Install for a while in a process that has the machine's own configuration of fonts."""
    if choice == "bundled":
        register_fonts(list_faces())
    undo = install(choice, on_note)
    try:
        yield
    finally:
        undo()


def choose_family(family: str, choice: FontChoice, text: str = "") -> str:
    """Return the families for one that a text names; an empty one is none."""
    if choice != "bundled":
        return family
    chosen = _BUNDLED.get(family.lower(), family)
    return f"{chosen},{_CHINESE}" if is_chinese(text) else chosen


def _choose(setting: Any, choice: FontChoice, text: str) -> Any:
    chosen = copy.copy(setting)
    chosen.font = choose_family(setting.font, choice, text)
    return chosen


def register_fonts(paths: Iterable[Path]) -> None:
    """Make fonts known in this process beside those of its configuration."""
    import manimpango

    known = {font.path for font in manimpango.registered_fonts}
    new = [str(path) for path in paths if str(path) not in known]
    for path in new:
        manimpango.register_font(path)
    if new:
        forget_fonts()


def describe_absent(family: str) -> str:
    """Return a sentence where a font that a style names is not here, and which one is taken."""
    shaped = shape("x", family) if family else None
    drawn = next(iter(shaped.drawn), "") if shaped else ""
    wanted = {name.strip().lower() for name in family.split(",")}
    if not drawn or drawn.lower() in wanted or wanted & _GENERIC:
        return ""
    return f"The style's font {family} is not on this machine: texts are in {drawn}."


class _GlyphCheck:
    """Looks at the letters of each text that were not seen before in its font."""

    def __init__(self, choice: FontChoice, on_note: NoteListener) -> None:
        self._choice = choice
        self._on_note = on_note
        self._seen: dict[str, set[str]] = {}

    def look_at(self, text: str, family: str, *, is_markup: bool = False) -> None:
        seen = self._seen.setdefault(family, set())
        if seen.issuperset(text) and (not is_markup or text.isascii()):
            return
        shaped = shape(text, family, is_markup=is_markup)
        if shaped is None:
            return
        if shaped.missing:
            self._report(shaped.missing)
        else:
            seen.update(text)
        self._name_fonts(shaped)

    def _report(self, missing: str) -> None:
        message, hint = describe_missing(missing)
        if self._choice == "bundled":
            raise MissingGlyphsError(message, hint=hint)
        self._on_note(f"{message} {hint}")

    def _name_fonts(self, shaped: Shaped) -> None:
        if self._choice == "machine":
            return
        for family, letters in shaped.drawn.items():
            strange = [c for c in dict.fromkeys(letters) if not c.isascii() and c.isalpha()]
            if strange and not family.startswith(_OWN):
                scripts = list(map(name_script, strange))  # Japanese has Han characters, too
                script = next((name for name in scripts if name != "Chinese"), scripts[0])
                self._on_note(f"{script} letters are drawn in {family}, a font of this machine.")


def describe_missing(missing: Iterable[str]) -> tuple[str, str]:
    """Return a sentence on characters that no font has, and what to install."""
    letters = dict.fromkeys(missing)
    shown = "".join(list(letters)[:_MOST_SHOWN])
    more = "…" if len(letters) > _MOST_SHOWN else ""
    scripts = ", ".join(dict.fromkeys(map(name_script, letters)))
    packages = " ".join(dict.fromkeys(map(name_package, letters)))
    return (
        f"No font of this machine has {shown}{more} ({scripts}).",
        f"Run: apt-get install {packages}; then restart the kernel or the service.",
    )
