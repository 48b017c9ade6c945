"""A style pack in a process that draws: manim's colours, defaults and places become the pack's.

Manim hands its colour constants around as objects, which are the defaults of its functions, too.
So the objects themselves get the pack's values: scenes, manim and the library need not know. What
is changed here is undone by what ``apply_look`` returns; a scene's process ends instead.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import ast
import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from shaperotator_magic.core.styles.pack import FONT_FOLDER
from shaperotator_magic.rendering.drawing.marks import install_mark
from shaperotator_magic.rendering.drawing.texts.fonts import register_fonts
from shaperotator_magic.rendering.mathtext import faces

Look = Mapping[str, Any]
Undo = Callable[[], None]

_LINE_WIDTH_MULTIPLE = 0.01  # of manim's camera
_GENERIC = frozenset({"", "sans", "sans-serif", "system-ui"})
_TEXT_CLASSES = frozenset({"Text", "MarkupText", "Paragraph", "Tex", "MathTex", "Title", "Code"})
_EDGE_BUFF = 0.5


def apply_look(look: Look | None, folder: Path) -> list[Undo]:
    """Make manim draw in a pack, whose files are in a folder; returns what undoes it, last first.

    The background of manim's configuration is set, too.
    """
    if look is None:
        return []
    _register_fonts(folder, look["font_files"])
    undo = [
        *_set_background(look["background"]),
        *_set_colors(look["palette"]),
        *_keep_black(),
        *_set_texts(look),
        *_set_lines(look["line_width"], look["grid"]),
        *_set_formula_face(look["formula_font"], folder),
        *_set_places(look["title"], look["caption"]),
        *(install_mark(look["mark"]) if look["mark"] else []),
    ]
    return undo[::-1]


@contextlib.contextmanager
def applied(look: Look | None, scene_class: type[Any], folder: Path) -> Iterator[None]:
    """Draw a class of this process in a pack, and undo it afterwards."""
    undo = apply_look(look, folder)
    if look is not None:
        undo = [*_set_literals(scene_class, look["literals"]), *undo]
    try:
        yield
    finally:
        for undo_one in undo:
            undo_one()


def recolor_source(tree: ast.Module, look: Look | None) -> ast.Module:
    """Replace the colours that a scene's source writes as numbers; words stay as they are."""
    if look is not None and look["literals"]:
        _Recoloring(look["literals"]).visit(tree)
    return tree


class _Recoloring(ast.NodeTransformer):
    def __init__(self, literals: Mapping[str, str]) -> None:
        self._literals = literals

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        words = node.args[:1] if name in _TEXT_CLASSES else []
        self.generic_visit(node)
        return node if not words else _with_words(node, words[0])

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        color = self._literals.get(node.value) if isinstance(node.value, str) else None
        return node if color is None else ast.copy_location(ast.Constant(color), node)


def _with_words(node: ast.Call, words: ast.expr) -> ast.Call:
    node.args[0] = words
    return node


# --- what is changed ------------------------------------------------------------------


def _set(owner: Any, name: str, value: Any) -> Undo:
    before = getattr(owner, name)
    setattr(owner, name, value)
    return functools.partial(setattr, owner, name, before)


def _set_background(color: str) -> Iterator[Undo]:
    from manim import config

    yield _set(config, "background_color", color)


def _register_fonts(folder: Path, files: Sequence[str]) -> None:
    """Register fonts for this process. To unregister one would drop the user's own with it."""
    register_fonts((folder / file).resolve() for file in files)


def _set_colors(palette: Mapping[str, str]) -> Iterator[Undo]:
    from manim.utils.color import ManimColor, manim_colors

    for name, color in palette.items():
        for spelled in {name, name.replace("GRAY", "GREY")}:
            constant = getattr(manim_colors, spelled, None)
            if isinstance(constant, ManimColor):
                yield _set(constant, "_internal_value", ManimColor(color)._internal_value)


def _keep_black() -> Iterator[Undo]:
    """LaTeX's and Typst's glyphs are black where they have no colour, whatever BLACK is now."""
    from manim.mobject.text import tex_mobject
    from manim.utils.color import ManimColor

    yield _set(tex_mobject, "BLACK", ManimColor("#000000"))
    with contextlib.suppress(ImportError):  # manim 0.21 has none
        from manim.mobject.text import typst_mobject

        yield _set(typst_mobject, "BLACK", ManimColor("#000000"))


def _set_texts(look: Look) -> Iterator[Undo]:
    from manim import MarkupText, SingleStringMathTex, Text

    font, size = look["font"], look["sizes"]["text"]
    if font or size:
        fill = functools.partial(_fill_text, font=font, size=size)
        yield from (_set(one, "__init__", _wrap(one.__init__, fill)) for one in (Text, MarkupText))
    formula_size = look["sizes"]["formulas"]
    if formula_size:
        fill = functools.partial(_fill_text, font="", size=formula_size)
        made = _wrap(SingleStringMathTex.__init__, fill)
        yield _set(SingleStringMathTex, "__init__", made)


def _set_formula_face(family: str, folder: Path) -> Iterator[Undo]:
    if family:
        yield faces.choose(faces.MathFace(family, str((folder / FONT_FOLDER).resolve())))


def _fill_text(options: dict[str, Any], *, font: str, size: float | None) -> None:
    if font and str(options.get("font", "")).lower() in _GENERIC:
        options["font"] = font
    if size:
        options.setdefault("font_size", size)


def _set_lines(width: float, grid: str) -> Iterator[Undo]:
    from manim import Camera, NumberPlane, PolarPlane

    if width != 1.0:
        multiple = _LINE_WIDTH_MULTIPLE * width
        fill: Any = functools.partial(_fill_default, "cairo_line_width_multiple", multiple)
        yield _set(Camera, "__init__", _wrap(Camera.__init__, fill))
    if grid:
        fill = functools.partial(_fill_grid, color=grid)
        for one in (NumberPlane, PolarPlane):
            yield _set(one, "__init__", _wrap(one.__init__, fill))


def _fill_default(name: str, value: Any, options: dict[str, Any]) -> None:
    options.setdefault(name, value)


def _fill_grid(options: dict[str, Any], *, color: str) -> None:
    given = options.get("background_line_style") or {}
    options["background_line_style"] = {"stroke_color": color, **given}


def _wrap(stock: Callable[..., None], fill: Callable[[dict[str, Any]], None]) -> Any:
    @functools.wraps(stock)
    def __init__(made: Any, *args: Any, **options: Any) -> None:  # noqa: N807 - manim's name
        fill(options)
        stock(made, *args, **options)

    return __init__


def _set_places(title: str, caption: str) -> Iterator[Undo]:
    """Texts at the upper edge are titles, those at the lower edge are captions."""
    from manim import DOWN, UP, MarkupText, Mobject, Text, Title
    from manim.mobject.text.tex_mobject import SingleStringMathTex

    sides = {(*UP,): title, (*DOWN,): caption}
    texts = (Text, MarkupText, SingleStringMathTex, Title)
    stock = Mobject.to_edge

    @functools.wraps(stock)
    def to_edge(mobject: Any, edge: Any = (-1.0, 0.0, 0.0), *args: Any, **options: Any) -> Any:
        placed = stock(mobject, edge, *args, **options)
        _, _, side = sides.get(tuple(edge), "").partition(" ")
        if side and isinstance(mobject, texts):
            direction = (1.0 if side == "right" else -1.0, 0.0, 0.0)
            stock(mobject, direction, buff=_EDGE_BUFF)
        return placed

    if " " in title + caption:
        yield _set(Mobject, "to_edge", to_edge)


# --- a class of the kernel ------------------------------------------------------------


def _set_literals(scene_class: type[Any], literals: Mapping[str, str]) -> Iterator[Undo]:
    """Replace the colours that the functions of a class write as numbers."""
    if not literals:
        return
    for base in scene_class.__mro__:
        if base.__module__ != scene_class.__module__:
            continue
        for function in vars(base).values():
            if isinstance(function, FunctionType):
                yield _set(function, "__code__", _recolor_code(function.__code__, literals))


def _recolor_code(code: CodeType, literals: Mapping[str, str]) -> CodeType:
    return code.replace(
        co_consts=tuple(_recolor_constant(constant, literals) for constant in code.co_consts)
    )


def _recolor_constant(constant: Any, literals: Mapping[str, str]) -> Any:
    if isinstance(constant, CodeType):
        return _recolor_code(constant, literals)
    if isinstance(constant, tuple):
        return tuple(_recolor_constant(one, literals) for one in constant)
    return literals.get(constant, constant) if isinstance(constant, str) else constant
