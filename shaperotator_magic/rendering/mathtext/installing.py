"""Putting the formulas into manim: which of them are set here, and which by LaTeX."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shaperotator_magic.errors import FormulaError
from shaperotator_magic.rendering.formulas import LatexError
from shaperotator_magic.rendering.mathtext.mobjects import color_glyphs, fill_mobject
from shaperotator_magic.rendering.mathtext.typesetting import Typeset, typeset

_MOST_NOTES = 3
_LONGEST_NOTE = 400
# Called with the formula and with why it is not set here.
FallbackListener = Callable[[str, FormulaError], None]


def install(choice: str, on_fallback: FallbackListener) -> Callable[[], None]:
    """Let manim's formulas be set as ``--math`` says, from now on; returns what undoes it.

    Parameters
    ----------
    choice
        ``typst``: what cannot be set here raises. ``auto``: it is handed on to LaTeX where LaTeX is
        installed, and ``on_fallback`` hears of it. ``latex``: nothing is changed.
    """
    from manim import RendererType, config
    from manim.mobject.text import numbers, tex_mobject

    if choice == "latex":
        return lambda: None
    stock: Any = tex_mobject
    single: Any = tex_mobject.SingleStringMathTex
    ask_latex, import_svg = stock.tex_to_svg_file, single.init_svg_mobject
    init_colors = single.init_colors
    digits = dict(numbers.string_to_mob_map)
    setter = _Setter(ask_latex, on_fallback if choice == "auto" else None)

    def fill(mobject: Any, use_svg_cache: bool) -> Any:
        made = setter.found.get(mobject.file_name)
        if made is None:
            return import_svg(mobject, use_svg_cache)
        fill_mobject(mobject, made)
        return mobject

    def color(mobject: Any, propagate_colors: bool = True) -> Any:
        # Not there yet when manim's own constructor asks first.
        file_name = getattr(mobject, "file_name", None)
        if file_name not in setter.found or config.renderer != RendererType.CAIRO:
            return init_colors(mobject, propagate_colors)
        color_glyphs(mobject, functools.partial(_color_one, mobject, propagate_colors))
        return mobject

    def undo() -> None:
        stock.tex_to_svg_file, single.init_svg_mobject = ask_latex, import_svg
        single.init_colors = init_colors
        # Digits are kept by manim; those that were set here must not meet LaTeX's.
        numbers.string_to_mob_map.clear()
        numbers.string_to_mob_map.update(digits)

    stock.tex_to_svg_file, single.init_svg_mobject = setter.set_formula, fill
    single.init_colors = color
    return undo


def _color_one(mobject: Any, propagate_colors: bool, glyph: Any) -> None:
    from manim import BLACK

    if glyph.color == BLACK:
        glyph.color = mobject.color
        glyph.init_colors(propagate_colors=propagate_colors)


@contextlib.contextmanager
def installed(choice: str, on_fallback: FallbackListener) -> Iterator[None]:
    """Install for a while; see ``install``."""
    undo = install(choice, on_fallback)
    try:
        yield
    finally:
        undo()


class FormulaNotes:
    """Says once for every reason that LaTeX set formulas, as ``installed`` reports it.

    ``reasons`` are those, with the number of formulas of each.
    """

    def __init__(self) -> None:
        self.reasons: dict[str, int] = {}

    def take(self, _: str, error: FormulaError) -> None:
        """Remember a formula that LaTeX set."""
        self.reasons[error.message] = self.reasons.get(error.message, 0) + 1

    @property
    def said(self) -> tuple[str, ...]:
        """At most three sentences for the card."""
        told = [f"LaTeX set a formula. {reason}"[:_LONGEST_NOTE] for reason in self.reasons]
        return tuple(told[:_MOST_NOTES])


class _Setter:
    """Stands in for manim's ``tex_to_svg_file``."""

    def __init__(self, ask_latex: Any, on_fallback: FallbackListener | None) -> None:
        self.found: dict[Path, Typeset] = {}
        self._ask_latex = ask_latex
        self._on_fallback = on_fallback

    def set_formula(
        self, expression: str, environment: Any = None, tex_template: Any = None
    ) -> Path:
        """Set a formula; the file that is named holds nothing, its name is looked up above."""
        source, preamble = _build_source(expression, environment, tex_template)
        try:
            made = typeset(source, preamble)
        except FormulaError as exc:
            if self._on_fallback is None:
                raise
            path = self._let_latex_set(exc, expression, environment, tex_template)
            self._on_fallback(expression, exc)
            return path
        name = hashlib.sha256(f"{preamble}\0{source}".encode()).hexdigest()[:16]
        path = Path(f"{name}.typst")
        self.found[path] = made
        return path

    def _let_latex_set(self, error: FormulaError, *formula: Any) -> Path:
        """Ask LaTeX; where there is none, what is wrong here is what counts."""
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
