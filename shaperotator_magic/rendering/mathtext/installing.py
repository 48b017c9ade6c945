"""Putting the formulas into manim: which of them are set here, and which by LaTeX.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shaperotator_magic.core.errors import FormulaError
from shaperotator_magic.rendering.mathtext import faces
from shaperotator_magic.rendering.mathtext.formulas import LatexError
from shaperotator_magic.rendering.mathtext.mobjects import UNCOLORED, color_glyphs, fill_mobject
from shaperotator_magic.rendering.mathtext.template_fonts import find_template_fonts
from shaperotator_magic.rendering.mathtext.typesetting import Typeset, typeset
from shaperotator_magic.rendering.stand_ins.installed import are_on, replace

_MOST_NOTES = 3
_LONGEST_NOTE = 400
NoteListener = Callable[[str], None]
"""Called with a sentence: why LaTeX set a formula, or why it is in other fonts than it asks for."""


def install(choice: str, on_note: NoteListener) -> Callable[[], None]:
    """Typeset manim's formulas as ``--math`` selects; returns a function that undoes it.

    Parameters
    ----------
    choice
        ``typst``: what cannot be set here raises. ``auto``: it is handed on to LaTeX where LaTeX is
        installed, as is what asks for fonts of its own. ``latex``: nothing is changed, and neither
        is it where manim's sources are not known.
    on_note
        Called for each formula that is not set here, or not in the fonts that it asks for.
    """
    from manim import RendererType, config
    from manim.mobject.text import numbers, tex_mobject

    if choice == "latex" or not are_on("formula file", "formula outlines"):
        return lambda: None
    stock: Any = tex_mobject
    single: Any = tex_mobject.SingleStringMathTex
    ask_latex, import_svg = stock.tex_to_svg_file, single.init_svg_mobject
    init_colors = single.init_colors
    digits = dict(numbers.string_to_mob_map)
    setter = _Setter(ask_latex, on_note, has_latex=choice == "auto")

    def fill(mobject: Any, use_svg_cache: bool) -> Any:
        made = setter.found.get(mobject.file_name)
        if made is None:
            return import_svg(mobject, use_svg_cache)
        fill_mobject(mobject, made)
        return mobject

    def color(mobject: Any, propagate_colors: bool = True) -> Any:
        # Not set yet when manim's own constructor reads it first.
        file_name = getattr(mobject, "file_name", None)
        if file_name not in setter.found or config.renderer != RendererType.CAIRO:
            return init_colors(mobject, propagate_colors)
        color_glyphs(mobject, functools.partial(_color_one, mobject, propagate_colors))
        return mobject

    undo_all = (
        replace("formula file", lambda _: setter.set_formula),
        replace("formula outlines", lambda _: fill),
        replace("formula colors", lambda _: color),
    )

    def undo() -> None:
        for undo_one in undo_all:
            undo_one()
        # manim caches digits; those that were set here must not be mixed with LaTeX's.
        numbers.string_to_mob_map.clear()
        numbers.string_to_mob_map.update(digits)

    return undo


def _color_one(mobject: Any, propagate_colors: bool, glyph: Any) -> None:
    from manim import ManimColor

    if glyph.color == ManimColor(UNCOLORED):  # not BLACK, which a style pack changes
        glyph.color = mobject.color
        glyph.init_colors(propagate_colors=propagate_colors)


@contextlib.contextmanager
def installed(choice: str, on_note: NoteListener) -> Iterator[None]:
    """Install for a while; see ``install``."""
    undo = install(choice, on_note)
    try:
        yield
    finally:
        undo()


class FormulaNotes:
    """Keeps each note of ``installed`` once; ``reasons`` counts the formulas of each."""

    def __init__(self) -> None:
        self.reasons: dict[str, int] = {}

    def take(self, note: str) -> None:
        """Count a note."""
        self.reasons[note] = self.reasons.get(note, 0) + 1

    @property
    def said(self) -> tuple[str, ...]:
        """At most three sentences for the card."""
        return tuple(note[:_LONGEST_NOTE] for note in list(self.reasons)[:_MOST_NOTES])


class _Setter:
    """Stands in for manim's ``tex_to_svg_file``."""

    def __init__(self, ask_latex: Any, on_note: NoteListener, *, has_latex: bool) -> None:
        self.found: dict[Path, Typeset] = {}
        self._ask_latex = ask_latex
        self._on_note = on_note
        self._has_latex = has_latex

    def set_formula(
        self, expression: str, environment: Any = None, tex_template: Any = None
    ) -> Path:
        """Set a formula; the file that is named holds nothing, its name is looked up above."""
        source, preamble = _build_source(expression, environment, tex_template)
        fonts = find_template_fonts(preamble)
        if fonts and (path := self._set_in_fonts(fonts, expression, environment, tex_template)):
            return path
        face = faces.chosen
        try:
            made = typeset(source, preamble, face)
        except FormulaError as exc:
            if not self._has_latex:
                raise
            path = self._let_latex_set(exc, expression, environment, tex_template)
            self._on_note(f"LaTeX set a formula. {exc.message}")
            return path
        name = hashlib.sha256(f"{face}\0{preamble}\0{source}".encode()).hexdigest()[:16]
        path = Path(f"{name}.typst")
        self.found[path] = made
        return path

    def _set_in_fonts(self, fonts: tuple[str, ...], *formula: Any) -> Path | None:
        """Let LaTeX set a formula in the template's fonts; None where it cannot, with a note."""
        reason = "LaTeX is not installed here" if self._has_latex else "--math auto asks LaTeX"
        if self._has_latex:
            try:
                return Path(self._ask_latex(*formula))
            except FileNotFoundError:
                pass
            except LatexError as exc:
                reason = reason if exc.is_latex_missing else str(exc).rstrip(".")
        asked = ", ".join(fonts)
        self._on_note(
            f"Formulas are in Computer Modern, where the template asks for {asked}: {reason}."
        )
        return None

    def _let_latex_set(self, error: FormulaError, *formula: Any) -> Path:
        """Use LaTeX; where there is none, raise our own error."""
        try:
            return Path(self._ask_latex(*formula))
        except FileNotFoundError:
            raise error from None
        except LatexError as complaint:
            if complaint.is_latex_missing:
                raise error from None
            raise


def _build_source(expression: str, environment: Any, tex_template: Any) -> tuple[str, str]:
    from manim import config
    from manim.utils.tex import _texcode_for_environment

    template = config["tex_template"] if tex_template is None else tex_template
    if not environment:
        return expression, template.preamble
    begin, end = _texcode_for_environment(environment)
    return f"{begin}\n{expression}\n{end}", template.preamble
