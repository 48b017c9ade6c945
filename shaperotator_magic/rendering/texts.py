"""A text that was set before is copied, not set, written, read and traced again.

Tables, labels and counters set the same few words again and again, at some milliseconds a word:
Pango writes an SVG, which is parsed twice and traced. The second time the result is put aside, and
copied from the third time on; a text that is never repeated costs nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import NoneType
from typing import Any

from shaperotator_magic.rendering.stock_types import replace

_PLAIN = frozenset({str, int, float, bool, NoneType})
_MOST_KNOWN = 300  # texts


def install() -> None:
    """Make manim's texts this way."""
    from manim import Text

    replace(Text, "__init__", _build_init)


def _build_init(stock: Callable[..., None]) -> Callable[..., None]:
    from manim import Mobject, Text

    watch = Mobject.__init__
    known: dict[Any, Any] = {}

    def __init__(text_object: Any, text: str, *args: Any, **options: Any) -> None:  # noqa: N807 - manim's name
        # Who watches what is made, as a rehearsal does, is to see every letter.
        is_usual = type(text_object) is Text and not text_object.__dict__
        is_watched = Mobject.__init__ is not watch
        key = _describe(text, args, options) if is_usual and not is_watched else None
        kept = known.get(key)
        if kept is not None:
            _become(text_object, kept)
            return
        stock(text_object, text, *args, **options)
        if key is None:
            return
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[key] = text_object.copy() if key in known else None

    return __init__


def _describe(text: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Return all that a text is made from, None where it is not of plain values."""
    from manim import SVGMobject, VGroup, VMobject, config
    from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath
    from manim.utils.color import ManimColor

    if "use_svg_cache" in options:  # manim keeps these itself
        return None
    values = []
    for name, value in (("text", text), *enumerate(args), *options.items()):
        if type(value) is ManimColor:
            values.append((name, ManimColor, value._internal_value.tobytes()))
        elif type(value) in _PLAIN:
            values.append((name, type(value), value))
        else:
            return None
    makers = (SVGMobject, VGroup, VMobject, VMobjectFromSVGPath)  # their defaults may be changed
    size = (config.pixel_width, config.pixel_height, config.renderer)
    return (*values, *[maker.__init__ for maker in makers], *size)


def _become(text_object: Any, kept: Any) -> None:
    """Give an object all that a copy has, but not the mark of a copy."""
    copied = kept.copy()
    for member in _find_parts(copied):
        member.__dict__.pop("original_id", None)
    text_object.__dict__.update(copied.__dict__)


def _find_parts(copied: Any) -> Iterator[Any]:
    yield from copied.get_family()
    yield from copied.chars.get_family()
    yield from copied.id_to_vgroup_dict.values()
