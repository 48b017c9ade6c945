"""A cache of texts: a text that was set before is copied, not laid out, parsed and traced again.

Tables, labels and counters set the same few words again and again, at some milliseconds a word:
Pango writes an SVG, which is parsed twice and traced. The second time, the result is cached; from
the third time on, it is copied. A text that is never repeated costs nothing more.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from types import NoneType
from typing import Any

from shaperotator_magic.rendering.stand_ins.installed import replace

_PLAIN = frozenset({str, int, float, bool, NoneType})
_MOST_KNOWN = 300  # texts


def install() -> None:
    """Install this cache in manim's text classes."""
    replace("text", _build_init)


def keep_every_text() -> None:
    """Keep texts from the first time on, in a process that runs a scene again and again."""
    replace("text", functools.partial(_build_init, keeps_first=True))


def _build_init(stock: Callable[..., None], *, keeps_first: bool = False) -> Callable[..., None]:
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
        known[key] = text_object.copy() if keeps_first or key in known else None

    return __init__


def _describe(text: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Return the cache key of a text, None where an argument is no plain value."""
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
    """Give a mobject the attributes of a copy, but not the mark of a copy."""
    copied = kept.copy()
    for member in _find_parts(copied):
        member.__dict__.pop("original_id", None)
    text_object.__dict__.update(copied.__dict__)


def _find_parts(copied: Any) -> Iterator[Any]:
    yield from copied.get_family()
    yield from copied.chars.get_family()
    yield from copied.id_to_vgroup_dict.values()
